"""What the items of one site look at: its circuits, routes, equipment, offices and cables."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory import Finding
from netgraph.messages import Message
from netgraph.scoring.results import Fact, three_valued
from netgraph.scoring.scope import build_scope
from netgraph.topology.csr import csr_of_pairs
from netgraph.topology.places import OFFICE, PLACE_TABLES, SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
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
        self.contradictions: dict[str, Finding] = {}
        self.snapshot = self.inventory.snapshot_date
        self.known_facts: dict[tuple[str, str], dict[int, Fact]] = {}
        self.known_offices: dict[tuple[str, int, frozenset[int]], list[Fact]] = {}
        self.scope = build_scope(audit)
        self.equipment_at = _group(self.network.equipment.location, len(self.network.places))
        self.cables_at = _cables_at(self.network)
        self.is_cpe = self.inventory.table("equipment")["kind"] == "cpe"
        self.is_customer_owned = self.inventory.table("equipment")["owner"] == "customer"
        rooms = self.inventory.table("equipment")["room_id"]
        self.has_lost_room = (rooms != "") & (self.network.equipment.room < 0)
        self.is_bare_end = _bare_ends(self.network)

    def of_site(self, place: int) -> SiteFacts:
        """Give the facts of one site."""
        return SiteFacts(self, place)

    def contradict(self, subject: str, item: str, record: str, computed: str) -> None:
        """Note that a record and the columns disagree; said once a subject and item."""
        name = f"{subject}/{item}"
        self.contradictions.setdefault(
            name,
            Finding(
                rule="ND990",
                severity="warning",
                table="records",
                row_id=name,
                message=Message("The record says {0}, the columns give {1}.", record, computed),
                hint=Message("Correct whichever is wrong; until then the worse result stands."),
            ),
        )


def _bare_ends(network: LayeredNetwork) -> tuple[tuple[NDArray[np.bool_], Ints], ...]:
    """Of the first and the second ends of the links: no network element is named; the place."""
    links = network.links
    return tuple(
        ((device < 0) & (place >= 0), place)
        for device, place in (
            (links.a_equipment, links.a_place),
            (links.b_equipment, links.b_place),
        )
    )


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
        return [int(c) for c in self.base.scope.circuits.row(self.place)]

    @cached_property
    def circuit_rows(self) -> list[str]:
        """The circuits as evidence."""
        return [f"circuits:{self.network.circuits.ids[c]}" for c in self.circuits]

    @cached_property
    def astray_rows(self) -> list[str]:
        """Circuits of the same customer whose A end is not in the inventory, as evidence."""
        circuits = self.network.circuits
        customer = self.network.inventory.table("sites")["customer_id"][self.row]
        astray = np.flatnonzero((circuits.a < 0) & (circuits.customer == customer))
        return [f"circuits:{circuits.ids[c]}" for c in astray.tolist()]

    @cached_property
    def groups(self) -> list[Verdict]:
        """Verdicts of the site's groups."""
        audit = self.base.audit
        units = dict.fromkeys(int(audit.units.group_of_circuit[c]) for c in self.circuits)
        return [audit.verdicts[u] for u in units]

    @cached_property
    def routes(self) -> Ints:
        """All routes of all circuits."""
        return self.base.scope.routes.row(self.place)

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
        return self.base.scope.links.row(self.place)

    @cached_property
    def links_and_carriers(self) -> Ints:
        """Links of all routes, and the lower links that carry them."""
        return self.base.scope.links_and_carriers.row(self.place)

    @cached_property
    def cpe(self) -> Ints:
        """Operator's equipment at the site; the customer's own is out of scope."""
        here = self.base.equipment_at.row(self.place)
        here = here[self.base.is_cpe[here] & self.network.equipment.is_in_service[here]]
        operators: Ints = here[~self.base.is_customer_owned[here]]
        return operators

    @cached_property
    def customer_cpe(self) -> list[str]:
        """The customer's own CPE, as evidence."""
        here = self.base.equipment_at.row(self.place)
        here = here[self.base.is_cpe[here] & self.network.equipment.is_in_service[here]]
        own = here[self.base.is_customer_owned[here]]
        return [f"equipment:{self.network.equipment.ids[d]}" for d in own]

    @cached_property
    def transport(self) -> Ints:
        """Network elements on the routes, carriers included, that are not CPE."""
        devices = self.base.scope.devices.row(self.place)
        found: Ints = devices[~self.base.is_cpe[devices]]
        return found

    @cached_property
    def switching(self) -> Ints:
        """Elements that the operator answers for: the CPE, and those that the routes name.

        What carries a link is left out: the protection above switches around it.
        """
        return self._without_customers(self._with_cpe(self.base.scope.named_devices))

    @cached_property
    def all_devices(self) -> Ints:
        """Every element that the operator answers for: the CPE and all on the routes."""
        return self._without_customers(self._with_cpe(self.base.scope.devices))

    def _with_cpe(self, devices: Csr) -> Ints:
        found = {*self.cpe.tolist(), *devices.row(self.place).tolist()}
        return np.array(sorted(found), dtype=np.int64)

    def _without_customers(self, devices: Ints) -> Ints:
        own = self.base.is_cpe[devices] & self.base.is_customer_owned[devices]
        others: Ints = devices[~own]
        return others

    @cached_property
    def open_ends(self) -> list[Fact]:
        """What keeps an item about network elements open, each as an unknown fact.

        Routes that are not known, and links that name no element at an end; at the site itself
        the CPE stands in.
        """
        links, ids = self.links_and_carriers, self.network.links.ids
        rows = list(self.unknown_routes)
        for is_bare, place in self.base.is_bare_end:
            bare = links[is_bare[links]]
            rows += [f"links:{ids[i]}" for i in bare[place[bare] != self.place].tolist()]
        return [Fact(None, row) for row in dict.fromkeys(rows)]

    @cached_property
    def open_cpe(self) -> list[Fact]:
        """An unknown fact if neither the operator's nor the customer's CPE is recorded."""
        is_open = len(self.cpe) == 0 and not self.customer_cpe
        return [Fact(None, f"sites:{self.site_id}")] if is_open else []

    @cached_property
    def offices(self) -> Ints:
        """Offices on the routes, the centre included."""
        return self.base.scope.offices.row(self.place)

    @cached_property
    def access_offices(self) -> Ints:
        """First office of each route."""
        return self.base.scope.access_offices.row(self.place)

    @cached_property
    def access_links(self) -> Ints:
        """Links of all routes in the access section at A, and the lower links that carry them."""
        return self.base.scope.access_links.row(self.place)

    @cached_property
    def access_cables(self) -> Ints:
        """Cables of the access links, both legs."""
        return self.base.scope.access_cables.row(self.place)

    @cached_property
    def sites_on_access(self) -> list[int]:
        """Sites other than this one and its centres that the access links touch."""
        circuits = self.network.circuits
        ends = {int(x) for c in self.circuits for x in (circuits.b[c], circuits.b2[c])}
        return sorted(
            set(self.base.scope.access_sites.row(self.place).tolist()) - ends - {self.place}
        )

    @cached_property
    def rooms(self) -> dict[int, frozenset[int]]:
        """Rooms of the routes' equipment by place, -1 for what names none."""
        equipment = self.network.equipment
        places, rooms = (
            of_all[self.transport].tolist() for of_all in (equipment.location, equipment.room)
        )
        found: dict[int, set[int]] = {place: set() for place in places}
        for place, room in zip(places, rooms, strict=True):
            found[place].add(room)
        return {place: frozenset(several) for place, several in found.items()}

    @cached_property
    def in_lost_rooms(self) -> Ints:
        """The routes' equipment that names a room which is not recorded."""
        lost: Ints = self.transport[self.base.has_lost_room[self.transport]]
        return lost

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Subjects whose records speak for the site, the nearest first."""
        return (self.site_id, *_area(self.base.inventory.table("sites"), self.row))

    def office_scopes(self, place: int) -> tuple[str, ...]:
        """Subjects whose records speak for an office, the nearest first."""
        table, row = self.base.inventory.table("offices"), int(self.network.places.rows[place])
        return (str(self.network.places.ids[place]), *_area(table, row))

    def device_facts(self, devices: Ints, column: str, item: str) -> list[Fact]:
        """Give one fact a device: its column, else its record."""
        values = self.base.inventory.table("equipment")[column]
        return self.facts(
            devices.tolist(), "equipment", item, lambda d: three_valued(float(values[d]))
        )

    def facts(
        self, rows: Sequence[int], table: str, item: str, judge: Callable[[int], bool | None]
    ) -> list[Fact]:
        """Give one fact a row of a table; an item judges a row once, whatever sites it serves."""
        known = self.base.known_facts.setdefault((table, item), {})
        try:
            return [known[row] for row in rows]
        except KeyError:
            for row in rows:
                if row not in known:
                    known[row] = self.fact(judge(row), table, row, item)
        return [known[row] for row in rows]

    def fact(self, value: bool | None, table: str, row: int, item: str) -> Fact:  # noqa: FBT001 - the value itself
        """Complete an empty column by a record; of a contradiction the worse stands.

        Parameters
        ----------
        value
            What the columns of the row say.
        table, row
            The row that is spoken of.
        """
        base = self.base
        name = str(base.inventory.table(table)["id"][row])
        record = base.ledger.passed.get((name, item))
        if value is not None:
            if record in {"true", "false"} and (record == "true") != value:
                base.contradict(name, item, record, "pass" if value else "fail")
                value = False
            return Fact(value, f"{table}:{name}")
        found = base.ledger.find(item, (name, *self._wider(table, row)))
        if found is None or found[1] == "not_applicable":
            return Fact(None, f"{table}:{name}")
        return Fact(found[1] == "true", f"records:{found[0]}/{item}")

    def _wider(self, table: str, row: int) -> tuple[str, ...]:
        """Subjects around a row, the nearest first."""
        columns = self.base.inventory.table(table)
        if table == "circuits":
            return self.scopes
        if table in {"offices", "sites"}:
            return _area(columns, row)
        equipment = self.network.equipment
        room = (str(columns["room_id"][row]),) if table == "equipment" else ()
        place = int((equipment.location if table == "equipment" else equipment.room_location)[row])
        if place < 0 or self.network.places.kind[place] not in {OFFICE, SITE}:
            return room
        where = self.base.inventory.table(PLACE_TABLES[self.network.places.kind[place]])
        around = _area(where, int(self.network.places.rows[place]))
        return (*room, str(self.network.places.ids[place]), *around)


def _area(table: Table, row: int) -> tuple[str, ...]:
    """Name the customer (of a site), county and city of a row."""
    names = (*(("customer_id",) if table.name == "sites" else ()), "county", "city")
    return tuple(str(table[name][row]) for name in names)
