"""Names of places, routes and cables for the lists that people read."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.paths import walk_pieces
from netgraph.topology.places import OFFICE
from netgraph.topology.routes import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.results import Results

_MOST_STOPS = 10  # places named of one route
MOST_NAMED = 30  # ids named in one cell


class Naming:
    """Looks up names in the network of some results.

    Parameters
    ----------
    results
        The results; nothing is computed until it is asked for.
    """

    def __init__(self, results: Results) -> None:
        self._results = results
        self._network = results.network
        self._routes: dict[int, str] = {}
        self._routes_of: dict[tuple[int, ...], tuple[str, str]] = {}
        self.is_zh = results.options.lang == "zh"

    @cached_property
    def customers(self) -> dict[str, str]:
        """Name of each customer by id; the id where no name is recorded."""
        table = self._network.inventory.table("customers")
        pairs = zip(table["id"].tolist(), table["name"].tolist(), strict=True)
        return {customer: name or customer for customer, name in pairs}

    def customer(self, customer_id: str) -> str:
        """Name of a customer."""
        return self.customers.get(customer_id, customer_id)

    def place(self, place: int) -> str:
        """Name of a place with its id in brackets, or the id alone; "" if it is not known."""
        if place < 0:
            return ""
        name, place_id = self._network.places.names[place], str(self._network.places.ids[place])
        return f"{name} ({place_id})" if name and name != place_id else place_id

    def ends(self, first: int, last: int) -> str:
        """From where to where, or the one place."""
        names = [self.place(p) for p in dict.fromkeys((first, last)) if p >= 0]
        return " – ".join(names)

    def position(self, lon: float, lat: float) -> str:
        """Longitude and latitude as maps take them; "" if they are not known."""
        return f"{lon:.6f}, {lat:.6f}" if np.isfinite(lon) and np.isfinite(lat) else ""

    def listed(self, words: Iterable[str], most: int = MOST_NAMED) -> str:
        """Join ids for one cell; of a long list the first ones and how many more."""
        found = list(words)
        gap = "；" if self.is_zh else "; "
        text = gap.join(found[:most])
        return text if len(found) <= most else f"{text}{gap}… (+{len(found) - most})"

    def routes(self, circuits: Sequence[int]) -> tuple[str, str]:
        """Name the working and the protect routes of circuits that back each other up.

        The other circuits of a group are its first one's protection.
        """
        group = tuple(circuits)
        if group not in self._routes_of:  # a group with several hazards is named for each of them
            self._routes_of[group] = self._working_and_protect(group)
        return self._routes_of[group]

    def _working_and_protect(self, circuits: tuple[int, ...]) -> tuple[str, str]:
        routes = self._network.circuits.routes
        found: list[list[str]] = [[], []]
        for i, circuit in enumerate(circuits):
            for route in self._network.circuits.routes_of(circuit).tolist():
                role = int(i > 0 or routes.role[route] != WORKING)
                found[role].append(self.route(route))
        gap = "；" if self.is_zh else "; "
        working, protect = (gap.join(dict.fromkeys(filter(None, texts))) for texts in found)
        return working, protect

    def route(self, route: int) -> str:
        """Name the places between the links of a route; "" where it is not known."""
        if route not in self._routes:
            self._routes[route] = self._stops(route)
        return self._routes[route]

    def _stops(self, route: int) -> str:
        routes, places = self._network.circuits.routes, self._network.places
        low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
        stops = np.column_stack((routes.entry[low:high], routes.exit_[low:high])).ravel()
        names = [places.label(p) for p in dict.fromkeys(stops[stops >= 0].tolist())]
        if len(names) > _MOST_STOPS:
            half = _MOST_STOPS // 2
            names = [*names[:half], "…", *names[-half:]]
        return " → ".join(names)

    def offices(self, circuit: int) -> tuple[str, str]:
        """First office from A on the working route, and the B end."""
        network = self._network
        route = int(network.circuits.routes_of(circuit)[0])
        links = network.circuits.routes
        stops = links.exit_[links.links.indptr[route] : links.links.indptr[route + 1]]
        offices = [p for p in stops.tolist() if p >= 0 and network.places.kind[p] == OFFICE]
        first = self.place(offices[0]) if offices else ""
        return first, self.place(int(network.circuits.b[circuit]))

    def cables_and_first_point(self, circuit: int) -> tuple[list[str], int]:
        """Cables of the working route from A, and the first point outside the A building."""
        network, audit = self._network, self._results.audit
        route = int(network.circuits.routes_of(circuit)[0])
        a = int(network.circuits.a[circuit])
        home = int(network.places.padded_home[a])
        cable, exit_ = walk_pieces(network, audit.paths, route)
        cables = dict.fromkeys(cable[cable >= 0].tolist())
        stops = exit_[(exit_ >= 0) & (exit_ != a)]
        if home >= 0:
            stops = stops[network.places.padded_home[stops] != home]
        return [str(network.cables.ids[c]) for c in cables], int(stops[0]) if len(stops) else -1
