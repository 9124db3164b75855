"""Hold the tables of a run to its accepted certificates, and to the raw rows, cell by cell.

What only a search can tell (that no pair is shorter, or shares less) is held to what its
certificate states.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netgraph.messages import Message
from netgraph.verify.checker import LEVELS
from netgraph.verify.circuits import find_demands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netgraph.verify.rows import Row
    from netgraph.verify.ways import Certificate, Ways

    About = tuple[str, ...]
    Cells = dict[str, object]
    Table = Sequence[Mapping[str, str]]

LAYERS = ("cables", "spans")
_PASSING = ("diverse", "separated")
#: Levels at which a second route gives nothing: the ledger may well call that single.
_AS_GOOD_AS_SINGLE = ("single_route", "same_link", "same_cable")


class Proven:
    """What accepted certificates prove, by what they judge: question, subject, site, asked ends.

    Attributes
    ----------
    levels, claims
        The verdict; what its certificate states besides, and how much the routes share.
    columns
        Circuit to what else the table must say of it.
    parting
        Risks that part the site of a search from its ends.
    """

    def __init__(self) -> None:
        self.levels: dict[About, str] = {}
        self.claims: dict[About, Certificate] = {}
        self.columns: dict[str, Cells] = {}
        self.parting: dict[About, set[str]] = defaultdict(set)

    def level(self, judged: Iterable[About]) -> str:
        """Worst level of what is judged together; empty as long as one lacks its certificate."""
        levels = (self.levels.get(each, "") for each in judged)
        return min(levels, key=["", *LEVELS].index, default="")


def asked(
    ends: Iterable[str], apart: Iterable[str], routes_to: Iterable[Iterable[str]] = ()
) -> About:
    """Name what a search was asked for: its ends, those that not all routes may reach; how many."""
    slots = [*map("|".join, routes_to)]
    return (*ends, *(("apart", *apart) if apart else ()), *(("routes", *slots) if slots else ()))


def find_contradictions(
    ways: Ways, proven: Proven, tables: Mapping[str, Table], tiers: Sequence[str]
) -> Iterator[Message]:
    """Name the cells of the circuits and sites that say something else than what is proven.

    Parameters
    ----------
    tiers
        Of the scorecard, the highest first.
    """
    for name, table in tables.items():
        rows = {row["id"]: row for row in ways.rows.tables[name] if row["status"] == "in_service"}
        ids = [row.get(f"{name[:-1]}_id") or "" for row in table]
        for id_ in sorted({*ids} ^ rows.keys()):
            yield Message("{0}.csv, row {1}: the table or the inventory lacks it.", name, id_)
        for id_, stated in zip(ids, table, strict=True):
            if (row := rows.get(id_)) is None:
                continue
            is_circuit = name == "circuits"
            cells = _circuit(ways, proven, row) if is_circuit else _site(ways, proven, row, tiers)
            for column, value in cells.items():
                known = [*map(_text, value if isinstance(value, list) else [value])]
                if stated.get(column) not in known:
                    yield Message(
                        "{0}.csv, row {1}, column {2}: the tables say {3!r}, proven is {4!r}.",
                        name, id_, column, stated.get(column), known[0],
                    )  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _judged(circuit: Row, ways: Ways) -> About:
    """Name what tells the level of a circuit with all that back it up."""
    group, site = f"groups:{circuit['group_id']}", circuit["a_id"]
    is_group = circuit["group_id"] and len(ways.rows.units[group, site]) > 1
    return "recorded", group if is_group else f"circuits:{circuit['id']}", site


def _circuit(ways: Ways, proven: Proven, circuit: Row) -> Cells:
    """Give what the table must say of a circuit."""
    site, group = circuit["a_id"], circuit["group_id"]
    return {
        "site_id": site if site in ways.rows.place else "", "b_id": circuit["b_id"],
        "customer_id": circuit["customer_id"], "tier": circuit["tier"], "group_id": group,
        "group_assumed": circuit["id"] in ways.rows.assumed if group else None,
        "recorded_level": proven.level([("recorded", f"circuits:{circuit['id']}", site)]),
        "group_level": proven.level([_judged(circuit, ways)]),
        **proven.columns.get(circuit["id"], {}),
    }  # fmt: skip


def _site(ways: Ways, proven: Proven, site: Row, tiers: Sequence[str]) -> Cells:
    """Give what the table must say of a site."""
    id_, circuits = site["id"], ways.rows.units["", site["id"]]
    judged = sorted({_judged(circuit, ways) for circuit in circuits})
    level, recorded = proven.level(judged), [proven.claims.get(each) for each in judged]
    of_circuits = [tier for tier in tiers if any(c["tier"] == tier for c in circuits)]
    tier = next(iter([*of_circuits, *({site["tier"]} & set(tiers))]), "")
    required = ways.rules["required"].get(tier, "")
    met = [
        _meets(proven.level([each]), claim, required)
        for each, claim in zip(judged, recorded, strict=True)
    ]
    is_claimed = site["claimed_route"] and level not in {"", "undecidable"}
    wanted = _AS_GOOD_AS_SINGLE if site["claimed_route"] == "single" else _PASSING
    cells: Cells = {
        "customer_id": site["customer_id"], "circuits": len(circuits), "tier": tier,
        "recorded_level": level, "required_level": required,
        "level_complete": all(c["complete"] for c in recorded if c) if circuits else None,
        "meets_requirement": False if False in met else None if None in met or not met else True,
        "claimed_route": site["claimed_route"],
        "claim_agrees": level in wanted if is_claimed else None,
        "group_assumed": any(circuit["id"] in ways.rows.assumed for circuit in circuits),
    }  # fmt: skip
    for name in LAYERS:
        about = [(name, f"sites:{id_}", id_, *asked(*each)) for each in find_demands(ways, id_)]
        cells["achievable_on_" + name] = proven.level(about)
        most = min((_badness(proven, each) for each in about), default=())
        worst = [each for each in about if _badness(proven, each) == most]
        claims = [proven.claims.get(each, {}) for each in worst] or [{}]  # several: any of them
        cells["shortest_on_" + name] = [claim.get("shortest") for claim in claims]
        if name == "spans":
            cells["disjoint_otherwise"] = [claim.get("disjoint_otherwise") for claim in claims]
            cells["single_points"] = [
                len(proven.parting[each]) if each in proven.claims else None for each in worst
            ] or None
    return cells


def _meets(level: str, claim: Certificate | None, required: str) -> bool | None:
    """Whether a level is at least as good as the one required; None as long as that is open."""
    if not required or claim is None or level == "undecidable":
        return None
    order = [*LEVELS]
    is_enough = order.index(level) >= order.index(required)
    return None if is_enough and not claim["complete"] and level not in _PASSING else is_enough


def _badness(proven: Proven, about: About) -> tuple[float, ...]:
    """Order answers to several demands of a site: the worst first, then what shares most."""
    level, claim = proven.levels.get(about, ""), proven.claims.get(about, {})
    return ["", *LEVELS].index(level), -len(proven.parting[about]), -claim.get("shares", 0)
