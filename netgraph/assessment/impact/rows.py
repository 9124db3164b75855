"""Rows of an impact: circuits and customers, in the order in which to call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.impact.routes import tier_of
from netgraph.diversity.audit.missing import what_is_missing
from netgraph.diversity.audit.units import build_units
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.impact.find import find_outage
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.units import JudgedUnits
    from netgraph.diversity.impact.elements import FailedElement
    from netgraph.diversity.impact.find import Outage
    from netgraph.topology import LayeredNetwork

STATUSES = ("down", "unprotected", "undecidable")
_IMPORTANCE_RANK = {"province": 0, "city": 1, "county": 2, "branch": 3}
_LAST = 4
_ROLES = ("working", "protect")
_MOST_MISSING = 3


@dataclass(frozen=True)
class CircuitRow:
    """One circuit that is hit, or may be; columns of impact.csv.

    Attributes
    ----------
    rank
        1 is the first to call about.
    status
        ``down``: every route of a segment is hit. ``unprotected``: up, but something that would
        have carried it is lost. ``undecidable``: a record is missing.
    lost
        For an unprotected circuit the first that applies of ``route``, ``backup`` (a circuit that
        backs it up is down), ``leg`` (of a link with two legs).
    may_be
        For an undecidable circuit the worst that it may be: down or unprotected.
    is_cut_off, site_is_cut_off
        Every circuit that backs it up is down too; every circuit of the site is. None where a
        missing record decides.
    backed_up_by
        Circuits of its group that are surely up, joined by ``;``.
    routes_hit
        ``working``, ``protect`` or both joined by ``;``.
    hit_by
        The named elements that hit it, joined by ``;``.
    missing
        Records that would settle an undecidable circuit.
    """

    rank: int
    circuit_id: str
    status: str
    lost: str
    may_be: str
    is_cut_off: bool | None
    site_is_cut_off: bool | None
    customer_id: str
    customer: str
    site_id: str
    site: str
    tier: str
    importance: str
    service: str
    repair_limit_h: float | None
    group_id: str
    backed_up_by: str
    routes_hit: str
    hit_by: str
    missing: str


@dataclass(frozen=True)
class ContactRow:
    """One customer to call; columns of contacts.csv, in the order of the rows of circuits."""

    rank: int
    customer_id: str
    customer: str
    worst_tier: str
    circuits_down: int
    circuits_cut_off: int
    circuits_unprotected: int
    circuits_undecidable: int
    sites_cut_off: int
    shortest_repair_limit_h: float | None


def circuit_rows(
    network: LayeredNetwork, failed: Sequence[FailedElement], outage: Outage
) -> tuple[CircuitRow, ...]:
    """List the circuits that are hit or may be, in the order in which to call.

    Down before unprotected before undecidable; then tier, importance of the site, how many
    circuits of the customer are hit, ids.
    """
    facts = _Facts(network, failed, outage)
    rows = [row for c in range(len(network.circuits)) if (row := facts.row(c)) is not None]
    hit: dict[str, int] = {}
    for row in rows:
        if row.status != "undecidable":
            hit[row.customer_id] = hit.get(row.customer_id, 0) + 1
    rows.sort(key=lambda row: (
        STATUSES.index(row.status), TIER_RANK.get(row.tier, _LAST),
        _IMPORTANCE_RANK.get(row.importance, _LAST), -hit.get(row.customer_id, 0),
        row.customer_id, row.circuit_id,
    ))  # fmt: skip
    return tuple(replace(row, rank=rank) for rank, row in enumerate(rows, start=1))


class _Facts:
    """What the rows are made of."""

    def __init__(
        self, network: LayeredNetwork, failed: Sequence[FailedElement], outage: Outage
    ) -> None:
        self._network, self._outage = network, outage
        self._units: JudgedUnits = build_units(network)
        single = [(f"{one.table}:{one.id}", find_outage(network, one.elements)) for one in failed]
        self._hit_by = [(name, one.is_hit | one.has_lost_leg) for name, one in single]
        self._of_site: dict[int, list[int]] = {}
        for circuit, place in enumerate(network.circuits.a.tolist()):
            self._of_site.setdefault(place, []).append(circuit)
        customers = network.inventory.table("customers")
        self._customers = dict(zip(customers["id"], customers["name"], strict=True))

    def row(self, circuit: int) -> CircuitRow | None:
        """Row of one circuit; None if it is surely up with all that carries it."""
        group = self._units.circuits.row(int(self._units.group_of_circuit[circuit]))
        status, lost, may_be = self._status(circuit, group)
        if not status:
            return None
        circuits, places = self._network.circuits, self._network.places
        table, row = self._network.inventory.table("circuits"), circuits.rows[circuit]
        place = int(circuits.a[circuit])
        limit = float(table["repair_limit_h"][row])
        customer = str(circuits.customer[circuit])
        is_up = ~(self._outage.is_down | self._outage.may_drop)
        return CircuitRow(
            rank=0,
            circuit_id=str(circuits.ids[circuit]),
            status=status,
            lost=lost,
            may_be=may_be,
            is_cut_off=self._all_down(group),
            site_is_cut_off=self._all_down(np.array(self._of_site[place])) if place >= 0 else None,
            customer_id=customer,
            customer=str(self._customers.get(customer, "")),
            site_id=str(places.ids[place]) if place >= 0 else "",
            site=str(places.names[place]) if place >= 0 else "",
            tier=tier_of(self._network, [circuit]),
            importance=self._importance(place),
            service=str(table["service"][row]),
            repair_limit_h=limit if np.isfinite(limit) else None,
            group_id=str(circuits.group[circuit]),
            backed_up_by=";".join(
                sorted(str(circuits.ids[c]) for c in group if c != circuit and is_up[c])
            ),
            routes_hit=self._routes_hit(circuit),
            hit_by=";".join(name for name, flags in self._hit_by if flags[circuit]),
            missing=self._missing(circuit, group) if status == "undecidable" else "",
        )

    def _status(self, circuit: int, group: NDArray[np.int64]) -> tuple[str, str, str]:
        """Status, what an unprotected circuit lost, and what an undecidable one may be."""
        out = self._outage
        others = group[group != circuit]
        lost = ""
        if out.is_hit[circuit]:
            lost = "route"
        elif out.is_down[others].any():
            lost = "backup"
        elif out.has_lost_leg[circuit]:
            lost = "leg"
        if out.is_down[circuit]:
            return "down", "", ""
        if out.may_drop[circuit]:
            return "undecidable", lost, "down"
        if lost:
            return "unprotected", lost, ""
        if out.may_be_hit[circuit] or out.may_drop[others].any():
            return "undecidable", "", "unprotected"
        return "", "", ""

    def _all_down(self, circuits: NDArray[np.int64]) -> bool | None:
        down = self._outage.is_down[circuits]
        if down.all():
            return True
        return None if (down | self._outage.may_drop[circuits]).all() else False

    def _importance(self, place: int) -> str:
        places = self._network.places
        if place < 0 or places.kind[place] != SITE:
            return ""
        return str(self._network.inventory.table("sites")["importance"][places.rows[place]])

    def _routes_hit(self, circuit: int) -> str:
        routes = self._network.circuits.routes
        rows = self._network.circuits.routes_of(circuit)
        roles = {int(routes.role[r]) for r in rows if self._outage.route_is_hit[r]}
        return ";".join(_ROLES[role] for role in sorted(roles))

    def _missing(self, circuit: int, group: NDArray[np.int64]) -> str:
        """Name the records that the circuit lacks, then those of the circuits that back it up."""
        found: dict[str, None] = {}
        for one in (circuit, *group.tolist()):
            for route in self._network.circuits.routes_of(one).tolist():
                found |= dict.fromkeys(self._missing_of(route))
        return "; ".join(list(found)[:_MOST_MISSING])

    def _missing_of(self, route: int) -> Iterator[str]:
        routes, evidence = self._network.circuits.routes, self._network.evidence
        of_link, is_possible = self._network.elements.of_link, self._outage.is_possible
        if route in routes.problem:
            yield routes.problem[route]
        for link in routes.links.row(route).tolist():
            yield from evidence.missing.get(link, ())
            passed = of_link.row(link)
            for element in passed[is_possible[passed]].tolist():
                yield what_is_missing(self._network, element)
            for name in self._network.places.ids[evidence.unhoused.row(link)]:
                yield f"building of office {name}"


def contact_rows(rows: Sequence[CircuitRow]) -> tuple[ContactRow, ...]:
    """Sum the circuits up by customer, in the order in which their first circuit comes."""
    by_customer: dict[str, list[CircuitRow]] = {}
    for row in rows:
        by_customer.setdefault(row.customer_id, []).append(row)
    return tuple(
        _contact(rank, members) for rank, members in enumerate(by_customer.values(), start=1)
    )


def _contact(rank: int, members: Sequence[CircuitRow]) -> ContactRow:
    def count(status: str) -> int:
        return sum(row.status == status for row in members)

    down = [row for row in members if row.status == "down"]
    limits = [row.repair_limit_h for row in down if row.repair_limit_h is not None]
    return ContactRow(
        rank=rank,
        customer_id=members[0].customer_id,
        customer=members[0].customer,
        worst_tier=min((row.tier for row in members), key=lambda t: TIER_RANK.get(t, _LAST)),
        circuits_down=len(down),
        circuits_cut_off=sum(row.is_cut_off is True for row in down),
        circuits_unprotected=count("unprotected"),
        circuits_undecidable=count("undecidable"),
        sites_cut_off=len({row.site_id for row in down if row.site_is_cut_off}),
        shortest_repair_limit_h=min(limits, default=None),
    )
