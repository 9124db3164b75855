"""What the items of one site look at: its circuits, routes, equipment, offices and cables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.sections import SECTION_BIT
from netgraph.scoring.results import Fact, three_valued
from netgraph.topology.csr import csr_of_pairs, gather
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netgraph.diversity.audit import Audit, Verdict
    from netgraph.inventory import Table
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True)
class Ledger:
    """The records table, by subject and item; the worse of contradicting records stands."""

    passed: Mapping[tuple[str, str], str]

    def find(self, item: str, subjects: Iterable[str]) -> tuple[str, str] | None:
        """Nearest record of an item: (subject, passed), or None."""
        for subject in subjects:
            value = self.passed.get((subject, item))
            if subject and value:
                return subject, value
        return None


def build_ledger(table: Table) -> Ledger:
    """Index the records; true and not applicable yield to a contradicting false."""
    weight = {"false": 2, "true": 1, "not_applicable": 0}
    passed: dict[tuple[str, str], str] = {}
    for subject, item, value in zip(
        table["subject_id"], table["item_id"], table["passed"], strict=True
    ):
        if value in weight and weight[value] >= weight.get(passed.get((subject, item), ""), -1):
            passed[subject, item] = value
    return Ledger(passed)


class FactBase:
    """Everything that the items read, indexed once for all sites."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.network: LayeredNetwork = audit.network
        self.inventory = audit.network.inventory
        self.ledger = build_ledger(self.inventory.table("records"))
        self.snapshot = self.inventory.snapshot_date
        circuits, places = self.network.circuits, self.network.places
        known = circuits.a >= 0
        self.circuits_of_place = csr_of_pairs(
            circuits.a[known], np.flatnonzero(known), len(places)
        )
        self.equipment_at = _group(self.network.equipment.location, len(places))
        self.cables_at = _cables_at(self.network)
        self.is_cpe = self.inventory.table("equipment")["kind"] == "cpe"
        self.is_customer_owned = self.inventory.table("equipment")["owner"] == "customer"

    def column(self, table: str, name: str) -> object:
        """One column of the inventory."""
        return self.inventory.table(table)[name]

    def of_site(self, place: int) -> SiteFacts:
        """Facts of one site."""
        return SiteFacts(self, place)


def _group(owner: Ints, n_rows: int) -> Csr:
    known = np.flatnonzero(owner >= 0)
    return csr_of_pairs(owner[known], known, n_rows)


def _cables_at(network: LayeredNetwork) -> Csr:
    """Home to the cables in service that end there."""
    cables, home = network.cables, network.places.padded_home
    number = np.arange(len(cables))
    homes = np.concatenate([home[cables.a], home[cables.b]])
    alive = np.concatenate([cables.is_in_service, cables.is_in_service]) & (homes >= 0)
    n_homes = int(home.max(initial=-1)) + 1
    return csr_of_pairs(homes[alive], np.concatenate([number, number])[alive], n_homes)


@dataclass(frozen=True, eq=False)
class SiteFacts:
    """Facts of one site; each is computed when first asked for.

    Equipment, links, cables and offices are given as positions in their tables (offices: places).
    """

    base: FactBase
    place: int

    @property
    def network(self) -> LayeredNetwork:
        """The layered network."""
        return self.base.network

    @cached_property
    def row(self) -> int:
        """Row of the site in its table."""
        return int(self.network.places.rows[self.place])

    @cached_property
    def site_id(self) -> str:
        """Id of the site."""
        return str(self.network.places.ids[self.place])

    @cached_property
    def circuits(self) -> list[int]:
        """Circuits in service whose A end the site is."""
        return [int(c) for c in self.base.circuits_of_place.row(self.place)]

    @cached_property
    def circuit_rows(self) -> list[str]:
        """The circuits as evidence."""
        return [f"circuits:{self.network.circuits.ids[c]}" for c in self.circuits]

    @cached_property
    def groups(self) -> list[Verdict]:
        """Verdicts of the site's groups."""
        audit = self.base.audit
        units = dict.fromkeys(int(audit.units.group_of_circuit[c]) for c in self.circuits)
        return [audit.verdicts[u] for u in units]

    @cached_property
    def routes(self) -> Ints:
        """All routes of all circuits."""
        rows = [self.network.circuits.routes_of(c) for c in self.circuits]
        return np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)

    @cached_property
    def routes_are_known(self) -> bool:
        """Every route is recorded, in service, and joins A and B."""
        known = self.network.circuits.routes.is_known[self.routes]
        return bool(len(known)) and bool(known.all())

    @cached_property
    def unknown_routes(self) -> list[str]:
        """Circuits with a route that is not known, as evidence."""
        routes, circuits = self.network.circuits.routes, self.network.circuits
        bad = self.routes[~routes.is_known[self.routes]]
        return [f"circuits:{circuits.ids[routes.circuit[r]]}" for r in bad]

    @cached_property
    def links(self) -> Ints:
        """Links of all routes."""
        values, _ = gather(self.network.circuits.routes.links, self.routes)
        return np.unique(values)

    @cached_property
    def devices(self) -> Ints:
        """Network elements on all routes."""
        links = self.network.links
        found = np.concatenate([links.a_equipment[self.links], links.b_equipment[self.links]])
        return np.unique(found[found >= 0])

    @cached_property
    def cpe(self) -> Ints:
        """Operator's equipment at the site; the customer's own is out of scope."""
        here = self.base.equipment_at.row(self.place)
        here = here[self.base.is_cpe[here] & self.network.equipment.is_in_service[here]]
        return here[~self.base.is_customer_owned[here]]

    @cached_property
    def customer_cpe(self) -> list[str]:
        """The customer's own CPE, as evidence."""
        here = self.base.equipment_at.row(self.place)
        own = here[self.base.is_cpe[here] & self.base.is_customer_owned[here]]
        return [f"equipment:{self.network.equipment.ids[d]}" for d in own]

    @cached_property
    def transport(self) -> Ints:
        """Network elements on the routes that are not CPE."""
        return self.devices[~self.base.is_cpe[self.devices]]

    @cached_property
    def all_devices(self) -> Ints:
        """Every network element that the operator answers for: the CPE and all on the routes."""
        both = np.union1d(self.cpe, self.devices)
        return both[~(self.base.is_cpe[both] & self.base.is_customer_owned[both])]

    @cached_property
    def links_without_devices(self) -> list[str]:
        """Links on the routes that name no network element at an office end, as evidence."""
        links, kind = self.network.links, self.network.places.kind
        bare = []
        for device, place in (
            (links.a_equipment, links.a_place), (links.b_equipment, links.b_place)
        ):  # fmt: skip
            where = place[self.links]
            lacks = (device[self.links] < 0) & (where >= 0)
            lacks &= kind[np.maximum(where, 0)] == OFFICE
            bare += [f"links:{links.ids[i]}" for i in self.links[lacks]]
        return bare

    @cached_property
    def offices(self) -> Ints:
        """Offices that the links of the routes end at, the centre included."""
        links, kind = self.network.links, self.network.places.kind
        ends = np.concatenate([links.a_place[self.links], links.b_place[self.links]])
        ends = np.unique(ends[ends >= 0])
        return ends[kind[ends] == OFFICE]

    @cached_property
    def access_offices(self) -> Ints:
        """First office of each route."""
        routes, kind = self.network.circuits.routes, self.network.places.kind
        first = []
        for route in self.routes:
            stops = routes.exit_[routes.links.indptr[route] : routes.links.indptr[route + 1]]
            offices = stops[(stops >= 0) & (kind[np.maximum(stops, 0)] == OFFICE)]
            first += offices[:1].tolist()
        return np.unique(np.array(first, dtype=np.int64))

    def links_in(self, section: Section) -> Ints:
        """Links of all routes that lie in a section."""
        routes, audit = self.network.circuits.routes, self.base.audit
        rows = [
            np.arange(routes.links.indptr[r], routes.links.indptr[r + 1]) for r in self.routes
        ]
        entries = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        hit = entries[audit.entry_section[entries] == SECTION_BIT[section]]
        return np.unique(routes.links.indices[hit])

    def cables_of(self, links: Ints) -> Ints:
        """Cables of several links, both legs."""
        table = self.network.links
        legs, _ = gather(table.legs, links)
        cables, _ = gather(table.leg_cables, legs)
        return np.unique(cables)

    def sites_on(self, links: Ints) -> list[int]:
        """Sites other than this one and its centres that links touch."""
        elements, places = self.network.elements, self.network.places
        values, _ = gather(elements.of_link, links)
        start = elements.offset["places"]
        inside = values[(values >= start) & (values < start + len(places))] - start
        circuits = self.network.circuits
        ends = {self.place} | {int(x) for c in self.circuits for x in (circuits.b[c], circuits.b2[c])}
        return sorted({int(p) for p in inside[places.kind[inside] == SITE]} - ends)

    def device_facts(self, devices: Ints, column: str, item: str) -> list[Fact]:
        """One fact a device: its column, else its record."""
        values = self.base.inventory.table("equipment")[column]
        ids = self.network.equipment.ids
        return [
            self.fact(three_valued(float(values[d])), "equipment", str(ids[d]), item)
            for d in devices
        ]

    def fact(self, value: bool | None, table: str, row_id: str, item: str) -> Fact:  # noqa: FBT001 - the value itself
        """Complete an empty column by a record of the very element; the worse stands."""
        record = self.base.ledger.passed.get((row_id, item))
        if record in {"true", "false"}:
            recorded = record == "true"
            value = recorded if value is None else value and recorded
        return Fact(value, f"{table}:{row_id}")
