"""What a cut or a planned work takes down, whom to call, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from netgraph.assessment.impact.routes import (
    PlannedRoutes,
    RegroomedRow,
    judge_routes,
    read_planned_routes,
    with_planned_routes,
)
from netgraph.assessment.impact.rows import CircuitRow, ContactRow, circuit_rows, contact_rows
from netgraph.diversity.audit.assumed import with_assumed_groups
from netgraph.diversity.impact.elements import FailedElement, resolve_elements
from netgraph.diversity.impact.find import find_outage
from netgraph.diversity.rules import load_rules
from netgraph.errors import UsageError
from netgraph.messages import Message, default_language, say_here
from netgraph.topology import build_network

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from _typeshed import DataclassInstance

    from netgraph.diversity.rules import Rules
    from netgraph.inventory import Inventory


@dataclass(frozen=True)
class ImpactSummary:
    """Counts of an impact; `undecidable` circuits may be down for lack of records.

    `circuits_cut_off` counts circuits that are down with every circuit that backs them up;
    `sites_cut_off` sites of which every circuit is down. Of the planned routes, `regroomed` counts
    the circuits and groups that were judged, `groups_broken` the groups that stop being diverse (or
    of which that cannot be decided any more) or that miss their requirement from then on.
    """

    elements: int
    circuits_down: int
    circuits_cut_off: int
    circuits_unprotected: int
    circuits_undecidable: int
    sites_cut_off: int
    customers_affected: int
    regroomed: int
    violations: int
    groups_broken: int


@dataclass(frozen=True, eq=False)
class Impact:
    """What fails together, and what that does; tables in contact order.

    Attributes
    ----------
    failed
        What fails, as it was named.
    circuit_rows
        Every circuit that is hit or may be.
    contact_rows
        Customers to call, first the one to call first.
    regroomed_rows
        What the planned routes do to each re-groomed circuit and group, violations first.
    summary
        Counts.
    """

    failed: tuple[FailedElement, ...]
    circuit_rows: tuple[CircuitRow, ...] = field(repr=False)
    contact_rows: tuple[ContactRow, ...] = field(repr=False)
    regroomed_rows: tuple[RegroomedRow, ...] = field(repr=False)
    summary: ImpactSummary

    @property
    def elements(self) -> pd.DataFrame:
        """What fails: table, id, name, and how many elements fail with it."""
        rows = [(e.table, e.id, e.name, len(e.elements)) for e in self.failed]
        return pd.DataFrame(rows, columns=["table", "id", "name", "elements"])

    @property
    def circuits(self) -> pd.DataFrame:
        """Every circuit that is down, unprotected or undecidable; columns of impact.csv."""
        return _frame(self.circuit_rows, CircuitRow)

    @property
    def down(self) -> pd.DataFrame:
        """Circuits that are down."""
        return self._with_status("down")

    @property
    def unprotected(self) -> pd.DataFrame:
        """Circuits that are up, but lost a route, a leg of a link, or what backs them up."""
        return self._with_status("unprotected")

    @property
    def undecidable(self) -> pd.DataFrame:
        """Circuits that may be down or unprotected: a record is missing."""
        return self._with_status("undecidable")

    @property
    def contacts(self) -> pd.DataFrame:
        """Customers in the order in which to call them; columns of contacts.csv."""
        return _frame(self.contact_rows, ContactRow)

    @property
    def regrooming(self) -> pd.DataFrame:
        """Re-groomed circuits and groups, before and after; columns of regrooming.csv."""
        return _frame(self.regroomed_rows, RegroomedRow)

    @property
    def violations(self) -> pd.DataFrame:
        """Those of them that get worse: what this work order would break."""
        table = self.regrooming
        return table[table["is_violation"].astype(bool)].reset_index(drop=True)

    @property
    def breaks_diversity(self) -> bool:
        """Whether a diverse group stops being so, or that cannot be decided any more."""
        return self.summary.groups_broken > 0

    def _with_status(self, status: str) -> pd.DataFrame:
        table = self.circuits
        return table[table["status"] == status].reset_index(drop=True)

    def _repr_html_(self) -> str:
        """Show counts, then the violations or the circuits, for notebooks."""
        names = ", ".join(f"{e.table}:{e.id}" for e in self.failed) or Message("nothing fails")
        s = self.summary
        told = Message(
            "{0}: {1} circuits down ({2} cut off), {3} unprotected, {4} undecidable; "
            "{5} violations",
            names, s.circuits_down, s.circuits_cut_off, s.circuits_unprotected,
            s.circuits_undecidable, s.violations,
        )  # fmt: skip
        shown = self.violations if s.violations else self.circuits
        return f"<p>{escape(say_here(told))}</p>" + shown.head(20).to_html(index=False, na_rep="")


def _frame(rows: Sequence[DataclassInstance], kind: type[DataclassInstance]) -> pd.DataFrame:
    columns = [one.name for one in fields(kind)]
    return pd.DataFrame([[getattr(row, name) for name in columns] for row in rows], columns=columns)


def find_impact(
    inventory: Inventory,
    elements: Iterable[str] = (),
    routes: PlannedRoutes | str | Path | None = None,
    *,
    rules: Rules | None = None,
    lang: str | None = None,
) -> Impact:
    """Find what is down when some things fail together, and what planned routes would break.

    Parameters
    ----------
    inventory
        As read.
    elements
        What fails, all at once: ``table:id`` of spans, trenches, cables, structures, buildings,
        rooms, offices, sites, equipment, links, systems or risk_groups.
    routes
        Planned routes, or the CSV file that lists them (see :func:`read_planned_routes`). They
        are judged first; the elements then fail in the network with these routes.
    rules
        Thresholds and required levels; the shipped ones when omitted.
    lang
        Language of reasons, "en" or "zh"; that of the locale when omitted.

    Returns
    -------
    Impact
        Exact on the records. A circuit of which a record is missing, or that something hits which
        may belong to a risk group, is never said to survive: it is `undecidable`. O(elements
        of all links), and two audits with `routes`.

    Raises
    ------
    UsageError
        An unknown element (with the nearest names), or neither elements nor routes.
    InputError
        The routes cannot be read, or name what is not recorded.
    """
    wanted = [elements] if isinstance(elements, str) else list(elements)
    if not wanted and routes is None:
        message = Message("Name at least one element that fails, or a file of planned routes.")
        raise UsageError(message)
    rules = rules or load_rules()
    network = build_network(inventory)
    regroomed: tuple[RegroomedRow, ...] = ()
    if routes is not None:
        plan = routes if isinstance(routes, PlannedRoutes) else read_planned_routes(routes)
        after = build_network(with_planned_routes(inventory, plan))
        regroomed = judge_routes(network, after, plan, rules, lang or default_language())
        network = after
    network = with_assumed_groups(network, rules)
    failed = resolve_elements(network, wanted)
    outage = find_outage(
        network,
        (number for one in failed for number in one.elements),
        (number for one in failed for number in one.possible),
    )
    circuits = circuit_rows(network, failed, outage) if failed else ()
    return Impact(
        failed=failed,
        circuit_rows=circuits,
        contact_rows=contact_rows(circuits),
        regroomed_rows=regroomed,
        summary=_summary(failed, circuits, regroomed),
    )


def _summary(
    failed: Sequence[FailedElement],
    circuits: Sequence[CircuitRow],
    regroomed: Sequence[RegroomedRow],
) -> ImpactSummary:
    down = [row for row in circuits if row.status == "down"]
    return ImpactSummary(
        elements=len(failed),
        circuits_down=len(down),
        circuits_cut_off=sum(row.is_cut_off is True for row in down),
        circuits_unprotected=sum(row.status == "unprotected" for row in circuits),
        circuits_undecidable=sum(row.status == "undecidable" for row in circuits),
        sites_cut_off=len({row.site_id for row in down if row.site_is_cut_off}),
        customers_affected=len({row.customer_id for row in down}),
        regroomed=len(regroomed),
        violations=sum(row.is_violation for row in regroomed),
        groups_broken=sum(row.breaks_diversity for row in regroomed),
    )
