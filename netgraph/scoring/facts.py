"""What the items look at: circuits, routes, equipment, offices and cables of many sites at once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.fact_base import FactBase, areas
from netgraph.scoring.groups import GroupColumns, group_columns
from netgraph.scoring.ledger import NO_RECORD
from netgraph.scoring.ragged import is_among, kept, rows_of
from netgraph.scoring.results import Facts
from netgraph.topology.csr import Csr, csr_of_pairs, stack, unique_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.inventory import Table
    from netgraph.scoring.ledger import Subjects
    from netgraph.scoring.results import Flags, Values
    from netgraph.topology.csr import Ints


class SiteFacts:
    """Facts of several sites; each is gathered when first asked for.

    The ragged tables hold, for each site, positions in the tables of their things (offices and
    sites: place numbers).

    Attributes
    ----------
    places, rows, ids
        The sites by place number, by row of their table, and their ids; shape (n,).
    """

    def __init__(self, base: FactBase, places: Ints) -> None:
        self.base = base
        self.network = base.network
        self.places = places
        self.rows: Ints = base.network.places.rows[places]
        self.ids: Subjects = base.network.places.ids[places]

    def __len__(self) -> int:
        """Count the sites."""
        return len(self.places)

    def _own(self, table: Csr) -> Csr:
        return rows_of(table, self.places)

    def numbers(self, table: str, rows: Ints) -> Ints:
        """Numbers of the rows of a table, as evidence."""
        return self.base.names.numbers(table, rows)

    def circuit_numbers(self, circuits: Ints) -> Ints:
        """Numbers of circuits, as evidence."""
        return self.numbers("circuits", self.network.circuits.rows[circuits])

    def office_numbers(self, places: Ints) -> Ints:
        """Numbers of offices, as evidence."""
        return self.numbers("offices", self.network.places.rows[places])

    def device_facts(
        self, devices: Csr, item: str, judge: Callable[[Table, Ints], Values]
    ) -> Facts:
        """Give one fact a device: what its columns say, else its record."""
        values, numbers = self.base.judged("equipment", item, devices.indices, judge)
        return Facts(devices.owners, values, numbers)

    @cached_property
    def circuits(self) -> Csr:
        """Circuits in service whose A end the site is."""
        return self._own(self.base.scope.circuits)

    @cached_property
    def groups(self) -> Csr:
        """Units that judge these circuits, each once, in the order of the circuits."""
        unit = self.base.audit.units.group_of_circuit[self.circuits.indices]
        pair = self.circuits.owners * len(self.base.audit.units) + unit
        _, first = np.unique(pair, return_index=True)
        first.sort()
        return csr_of_pairs(self.circuits.owners[first], unit[first], len(self))

    @cached_property
    def group_columns(self) -> GroupColumns:
        """Verdicts of the groups, one an entry of `groups`."""
        return group_columns(self.base.audit, self.groups.indices)

    @cached_property
    def group_numbers(self) -> Ints:
        """First circuit of each entry of `groups`, as evidence."""
        members = self.base.audit.units.circuits
        return self.circuit_numbers(members.indices[members.indptr[self.groups.indices]])

    @cached_property
    def routes(self) -> Csr:
        """All routes of all circuits."""
        return self._own(self.base.scope.routes)

    @cached_property
    def routes_are_known(self) -> Flags:
        """Every route is recorded, in service, and joins A and B; shape (n,)."""
        known = self.routes.counts > 0
        is_known = self.network.circuits.routes.is_known[self.routes.indices]
        known[self.routes.owners[~is_known]] = False
        return known

    @cached_property
    def plant_is_known(self) -> Flags:
        """No cable or span of the links of the routes is missing; shape (n,)."""
        known = np.ones(len(self), dtype=bool)
        is_complete = self.network.evidence.is_complete[self.links.indices]
        known[self.links.owners[~is_complete]] = False
        return known

    @cached_property
    def unknown_routes(self) -> Facts:
        """Circuits with a route that is not known, each an unknown fact."""
        routes = self.network.circuits.routes
        bad = ~routes.is_known[self.routes.indices]
        circuits = routes.circuit[self.routes.indices[bad]]
        return Facts.alike(self.routes.owners[bad], self.circuit_numbers(circuits))

    @cached_property
    def links(self) -> Csr:
        """Links of all routes."""
        return self._own(self.base.scope.links)

    @cached_property
    def _cpe_of_anybody(self) -> Csr:
        here = self._own(self.base.equipment_at)
        alive = self.network.equipment.is_in_service[here.indices]
        return kept(here, alive & self.base.is_cpe[here.indices])

    @cached_property
    def cpe(self) -> Csr:
        """Operator's equipment at the site; the customer's own is out of scope."""
        here = self._cpe_of_anybody
        return kept(here, ~self.base.is_customer_owned[here.indices])

    @cached_property
    def customer_cpe(self) -> Csr:
        """The customer's own CPE."""
        here = self._cpe_of_anybody
        return kept(here, self.base.is_customer_owned[here.indices])

    @cached_property
    def transport(self) -> Csr:
        """Network elements on the routes, carriers included, that are not CPE."""
        devices = self._own(self.base.scope.devices)
        return kept(devices, ~self.base.is_cpe[devices.indices])

    @cached_property
    def switching(self) -> Csr:
        """Elements that the operator answers for: the CPE, and those that the routes name.

        What carries a link is left out: the protection above switches around it.
        """
        return self._with_cpe(self.base.scope.named_devices)

    @cached_property
    def all_devices(self) -> Csr:
        """Every element that the operator answers for: the CPE and all on the routes."""
        return self._with_cpe(self.base.scope.devices)

    def _with_cpe(self, devices: Csr) -> Csr:
        found = unique_rows(stack((self.cpe, self._own(devices))))
        own = self.base.is_cpe[found.indices] & self.base.is_customer_owned[found.indices]
        return kept(found, ~own)

    @cached_property
    def open_ends(self) -> tuple[Facts, ...]:
        """What keeps an item about network elements open, each as an unknown fact.

        Routes that are not known, and links that name no element at an end; at the site itself
        the CPE stands in.
        """
        links, table = self.network.links, self._own(self.base.scope.links_and_carriers)
        found = [self.unknown_routes]
        for device, place in (
            (links.a_equipment, links.a_place), (links.b_equipment, links.b_place)
        ):  # fmt: skip
            end = place[table.indices]
            bare = (device[table.indices] < 0) & (end >= 0) & (end != self.places[table.owners])
            numbers = self.numbers("links", table.indices[bare])
            found.append(Facts.alike(table.owners[bare], numbers))
        return tuple(found)

    @cached_property
    def open_cpe(self) -> Facts:
        """An unknown fact if neither the operator's nor the customer's CPE is recorded."""
        bare = np.flatnonzero(self._cpe_of_anybody.counts == 0)
        return Facts.alike(bare, self.numbers("sites", self.rows[bare]))

    @cached_property
    def offices(self) -> Csr:
        """Offices on the routes, the centre included."""
        return self._own(self.base.scope.offices)

    @cached_property
    def access_offices(self) -> Csr:
        """First office of each route."""
        return self._own(self.base.scope.access_offices)

    @cached_property
    def access_links(self) -> Csr:
        """Links of all routes in the access section at A, and the lower links that carry them."""
        return self._own(self.base.scope.access_links)

    @cached_property
    def access_cables(self) -> Csr:
        """Cables of the access links, both legs."""
        return self._own(self.base.scope.access_cables)

    @cached_property
    def sites_on_access(self) -> Csr:
        """Sites other than this one and its centres that the access links touch."""
        circuits, table = self.network.circuits, self.circuits
        found, width = self._own(self.base.scope.access_sites), len(self.network.places) + 1
        number = np.arange(len(self))
        own = np.concatenate([
            number * width + self.places,
            *(table.owners * width + end[table.indices] for end in (circuits.b, circuits.b2)),
        ])  # fmt: skip
        own.sort()
        return kept(found, ~is_among(found.owners * width + found.indices, own))

    @cached_property
    def scopes(self) -> tuple[Subjects, ...]:
        """Subjects whose records speak for the site, the nearest first."""
        return (self.ids, *areas(self.base.inventory.table("sites"), self.rows))

    def stated(self, item: str, sites: Ints) -> tuple[Values, Ints]:
        """Nearest record of an item for some sites: what it says, and its number as evidence.

        Where there is none, the number is that of the record that would be the nearest.
        """
        scopes = [subjects[sites] for subjects in self.scopes]
        records, whose = self.base.ledger.nearest(item, scopes)
        named = np.where(records != NO_RECORD, whose, scopes[0]).tolist()
        return records, self.base.names.words(f"records:{subject}/{item}" for subject in named)
