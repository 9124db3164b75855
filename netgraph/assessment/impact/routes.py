"""A planned re-grooming: read it, put it in place of today's routes, and judge it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.positions import locate_shared
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.certificates.names import Names
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import PASSING, RANK
from netgraph.errors import InputError
from netgraph.inventory.csv_folder import read_csv_table
from netgraph.inventory.parse import parse_inventory
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.rules import Rules
    from netgraph.inventory import Inventory
    from netgraph.inventory.model import Source, Table
    from netgraph.topology import LayeredNetwork

_TABLE = "circuit_links"


@dataclass(frozen=True, eq=False)
class PlannedRoutes:
    """Routes that circuits are to get.

    Attributes
    ----------
    rows
        Rows like those of circuit_links. The rows of a circuit replace all that it has: a
        circuit with working rows only loses its protect route.
    sources
        The file.
    """

    rows: Table = field(repr=False)
    sources: tuple[Source, ...]

    @property
    def circuit_ids(self) -> tuple[str, ...]:
        """Circuits that are to be re-groomed, sorted."""
        return tuple(sorted({str(name) for name in self.rows["circuit_id"] if name}))


@dataclass(frozen=True)
class RegroomedRow:
    """What a re-grooming does to one circuit or group; columns of regrooming.csv.

    Attributes
    ----------
    scope
        ``group`` (circuits that back each other up, or one circuit without such), or ``circuit``
        (one circuit of a group, by itself).
    unit_id
        Group or circuit id.
    circuit_ids, customer_id, site_id, tier
        Its circuits joined by ``;``, and whose they are.
    level_before, level_after
        Levels of the audit.
    required_level, meets_before, meets_after
        What the tier asks for; None where that is nothing or the level is undecidable.
    is_violation
        The level got worse, or the requirement is no longer met.
    stops_being_diverse
        It was diverse (or separated) and is not any more, or that cannot be decided any more.
    newly_shared
        Elements that all routes share now and did not before, ``table:id`` joined by ``;``.
    reason
        One sentence on the level after.
    """

    scope: str
    unit_id: str
    circuit_ids: str
    customer_id: str
    site_id: str
    tier: str
    level_before: str
    level_after: str
    required_level: str
    meets_before: bool | None
    meets_after: bool | None
    is_violation: bool
    stops_being_diverse: bool
    newly_shared: str
    reason: str

    @property
    def breaks_diversity(self) -> bool:
        """Whether it is a whole group that is not diverse any more, or misses its requirement."""
        misses = self.meets_before is True and self.meets_after is not True
        return self.scope == "group" and (self.stops_being_diverse or misses)


def read_planned_routes(path: str | Path, *, encoding: str | None = None) -> PlannedRoutes:
    """Read a work order: a CSV file with the columns of circuit_links.

    Parameters
    ----------
    path
        Columns circuit_id, role, segment (optional), seq, link_id.
    encoding
        Of the file; found out when not given.

    Returns
    -------
    PlannedRoutes

    Raises
    ------
    InputError
        If it cannot be read, or a cell is missing or wrong; all problems at once.
    """
    raw = read_csv_table(Path(path), _TABLE, encoding=encoding)
    inventory = parse_inventory(raw)
    rows = inventory.table(_TABLE)
    problems = [
        Message("{0}: {1}. {2}", f.place or Path(path).name, f.message, f.hint)
        for f in inventory.findings
        if f.table == _TABLE and f.severity != "info"
    ]
    if len(rows) == 0:
        problems.append(
            Message("{0}: there is no row below the headings. List the new routes.", path)
        )
    if problems:
        raise InputError(list(dict.fromkeys(problems)))
    return PlannedRoutes(rows, inventory.sources)


def with_planned_routes(inventory: Inventory, planned: PlannedRoutes) -> Inventory:
    """Give an inventory the planned routes in place of today's.

    Raises
    ------
    InputError
        If the plan names a circuit or link that is not recorded or not in service.
    """
    problems = [*_unknown(inventory, planned, "circuits"), *_unknown(inventory, planned, "links")]
    if problems:
        raise InputError(problems)
    today, new = inventory.table(_TABLE), planned.rows
    kept = ~np.isin(today["circuit_id"].astype(str), planned.circuit_ids)
    columns = {
        name: np.concatenate([column[kept], new[name]]) for name, column in today.columns.items()
    }
    table = replace(
        today,
        columns=MappingProxyType(columns),
        lines=np.concatenate([today.lines[kept], new.lines]),
        recorded=today.recorded | new.recorded,
    )
    return replace(inventory, tables=MappingProxyType({**inventory.tables, _TABLE: table}))


def _unknown(inventory: Inventory, planned: PlannedRoutes, table: str) -> Iterator[str]:
    """Say which rows name something that is not recorded, or not in service."""
    column, things = f"{table[:-1]}_id", inventory.table(table)
    status = dict(zip(things["id"], things["status"], strict=True))
    for row, name in enumerate(planned.rows[column]):
        where = Message("{0}: {1} {2!r}", planned.rows.where(row), column, name)
        if name not in status:
            yield Message(
                "{0} is not in the table {1}. Correct the id, or record it first.", where, table
            )
        elif status[name] != "in_service":
            yield Message(
                "{0} is {1}, not in service. Choose another, or correct status.",
                where,
                status[name],
            )


def judge_routes(
    before: LayeredNetwork, after: LayeredNetwork, planned: PlannedRoutes, rules: Rules, lang: str
) -> tuple[RegroomedRow, ...]:
    """Compare what the re-groomed circuits and their groups are worth before and after.

    Exact on the records, as the audit is; O(both audits). Violations first, worst first.
    """
    old, new = audit_routes(before, rules), audit_routes(after, rules)
    changed = before.circuits.index.positions(np.array(planned.circuit_ids, dtype=object))
    groups = sorted({int(old.units.group_of_circuit[c]) for c in changed if c >= 0})
    alone = sorted({int(c) for c in changed if c >= 0} - set(groups))
    names = (Names(old), Names(new))
    rows = [_row(old, new, names, unit, "group", lang) for unit in groups]
    rows += [_row(old, new, names, unit, "circuit", lang) for unit in alone]
    ranks = {level.value: rank for level, rank in RANK.items()}
    return tuple(
        sorted(
            rows,
            key=lambda r: (
                not r.breaks_diversity, not r.is_violation, r.scope != "group",
                TIER_RANK.get(r.tier, 4), ranks[r.level_after], r.unit_id,
            ),
        )
    )  # fmt: skip


def _row(
    old: Audit, new: Audit, names: tuple[Names, Names], unit: int, scope: str, lang: str
) -> RegroomedRow:
    before, after = old.verdicts[unit], new.verdicts[unit]
    circuits, places = new.network.circuits, new.network.places
    members = list(after.circuits)
    site = int(circuits.a[members[0]])
    tier = tier_of(new.network, members)
    required = new.rules.required.get(tier)
    met = (old.rules.meet([before], tier), new.rules.meet([after], tier))
    shared = set(names[1].elements(after.shared)) - set(names[0].elements(before.shared))
    is_worse = RANK[after.level] < RANK[before.level]
    return RegroomedRow(
        scope=scope,
        unit_id=str(circuits.ids[unit]) if scope == "circuit" else str(after.name),
        circuit_ids=";".join(sorted(map(str, circuits.ids[members]))),
        customer_id=str(circuits.customer[members[0]]),
        site_id=str(places.ids[site]) if site >= 0 else "",
        tier=tier,
        level_before=before.level.value,
        level_after=after.level.value,
        required_level=required.value if required else "",
        meets_before=met[0],
        meets_after=met[1],
        is_violation=is_worse or (met[0] is True and met[1] is not True),
        stops_being_diverse=before.level in PASSING and after.level not in PASSING,
        newly_shared=";".join(sorted(shared)),
        reason=reason_for(new, after, locate_shared(new, after), lang),
    )


def tier_of(network: LayeredNetwork, circuits: list[int]) -> str:
    """Highest tier of some circuits; that of their site where none of them has one."""
    own = [tier for tier in network.circuits.tier[circuits] if tier]
    if not own:
        sites = network.inventory.table("sites")
        places = [int(p) for p in network.circuits.a[circuits] if p >= 0]
        rows = [int(network.places.rows[p]) for p in places if network.places.kind[p] == 1]
        own = [tier for tier in sites["tier"][rows] if tier]
    return min(own, key=lambda tier: TIER_RANK.get(tier, len(TIER_RANK)), default="")
