"""Formulas of the circuits: which routes are in parallel, and who switches between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.components import two_leg_links
from netgraph.diversity.availability.formulas import (
    MOST_ATOMS,
    Atom,
    ByHand,
    Joined,
    all_of,
    any_of,
    in_order,
)
from netgraph.diversity.levels import Section
from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.components import Components
    from netgraph.diversity.availability.formulas import Formula
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: How a circuit gets from its working to its protect route.
NO_ROUTE, BY_HAND, AUTOMATIC = range(3)
SWITCHING_NAMES = ("none", "manual", "automatic")


class Atoms:
    """Atoms and their entries: a way, and the section in which it is met."""

    def __init__(self) -> None:
        self._atom: dict[bytes, Atom] = {}

    def add(self, entries: bytes) -> Atom:
        """Give the atom of these entries (see :func:`_code`); equal entries give one atom."""
        atom = self._atom.get(entries)
        if atom is None:
            atom = self._atom[entries] = Atom(len(self._atom))
        return atom

    def joined(self, atoms: Iterable[Atom]) -> Atom:
        """Give the atom of everything on some atoms."""
        entries = list(self._atom)
        return self.add(b"".join(entries[atom.number] for atom in atoms))

    def table(self) -> tuple[Csr, Ints]:
        """Atom to ways, and the section of each entry."""
        counts = np.array([len(entries) // 8 for entries in self._atom], dtype=np.int64)
        codes = np.frombuffer(b"".join(self._atom), dtype=np.int64)
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Csr(indptr, codes // len(Section)), codes % len(Section)


def _code(ways: Ints, sections: Ints) -> bytes:
    return (ways * len(Section) + sections).astype(np.int64).tobytes()


@dataclass(frozen=True, eq=False)
class Structure:
    """Formulas of the circuits.

    Attributes
    ----------
    formulas
        The distinct formulas.
    circuits
        Position in `formulas` of each circuit's; shape (circuits,).
    is_simplified
        A circuit with so many parts that some second legs or segments were not counted as such:
        its figure is a bound.
    switching
        NO_ROUTE, BY_HAND or AUTOMATIC (every switching point is recorded as switching by itself);
        shape (circuits,).
    atoms
        Atom to ways, and the section of each entry.
    """

    formulas: tuple[Formula, ...]
    circuits: tuple[int, ...]
    is_simplified: tuple[bool, ...]
    switching: NDArray[np.int8]
    atoms: tuple[Csr, Ints]


def build_structure(audit: Audit, components: Components) -> Structure:
    """Write down every circuit's formula; O(links on the routes)."""
    switched = segments_that_switch(audit.network)
    builder = _Builder(audit, components, switched)
    found = [builder.circuit(circuit) for circuit in range(len(audit.network.circuits))]
    number: dict[Formula, int] = {}
    circuits = tuple(number.setdefault(formula, len(number)) for formula, _ in found)
    return Structure(
        formulas=tuple(number),
        circuits=circuits,
        is_simplified=tuple(is_simple for _, is_simple in found),
        switching=_switching(audit.network, switched),
        atoms=builder.atoms.table(),
    )


def _switching(network: LayeredNetwork, switched: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Say how each circuit gets to its second routes; by hand as soon as one segment is."""
    circuits = network.circuits
    has_two = circuits.segment_routes.counts > 1
    owner = circuits.segments.owners
    two, by_hand = (
        np.bincount(owner[mark[circuits.segments.indices]], minlength=len(circuits)) > 0
        for mark in (has_two, has_two & ~switched)
    )
    return np.where(by_hand, BY_HAND, np.where(two, AUTOMATIC, NO_ROUTE)).astype(np.int8)


def segments_that_switch(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Find the segments whose every switching point is recorded as switching by itself.

    The switching points are the network elements at the two ends of both routes. One that is
    recorded as not switching, or a circuit recorded as unprotected, ends it. One that is not
    recorded is made up for only by a protection scheme recorded on every link of both routes.

    Returns
    -------
    ndarray of shape (segments,)
    """
    circuits, routes, links = network.circuits, network.circuits.routes, network.links
    recorded = network.inventory.table("equipment")["protection_switching"]
    flags = np.append(recorded.astype(np.int64), -1)
    low, high = routes.links.indptr[:-1], routes.links.indptr[1:] - 1
    some = np.flatnonzero(routes.links.counts > 0)
    points = np.full((2, len(routes)), -1, dtype=np.int64)
    for k, (at, is_first) in enumerate(((low[some], True), (high[some], False))):
        link, turned = routes.links.indices[at], routes.is_reversed[at]
        near = np.where(turned == is_first, links.b_equipment[link], links.a_equipment[link])
        points[k, some] = near
    switches = flags[points]
    has_scheme = ~np.isin(links.protection.astype(str), ["", "none"])
    bare = np.zeros(len(routes), dtype=bool)
    bare[routes.links.owners[~has_scheme[routes.links.indices]]] = True
    bare[routes.links.counts == 0] = True
    unprotected = circuits.protection[routes.circuit] == "none"
    is_out = (switches == 0).any(axis=0) | ((switches < 0).any(axis=0) & bare) | unprotected
    table = circuits.segment_routes
    result = table.counts > 1
    result[table.owners[is_out[table.indices]]] = False
    return result


class _Builder:
    """Turns segments and routes into formulas."""

    def __init__(self, audit: Audit, components: Components, switched: NDArray[np.bool_]) -> None:
        network = audit.network
        routes = network.circuits.routes
        self.atoms = Atoms()
        self._segments = _as_lists(network.circuits.segments)
        self._routes = _as_lists(network.circuits.segment_routes)
        self._switched = switched.tolist()
        self._ptr = routes.links.indptr.tolist()
        self._links = routes.links.indices
        self._sections = audit.entry_section
        self._codes = _code(self._links, self._sections)
        self._legs = components.legs
        self._two = two_leg_links(network.links)
        self._has_scheme = ~np.isin(network.links.protection.astype(str), ["", "none"])
        has_two = np.array([bool(row) for row in self._two], dtype=bool)
        on_route = np.zeros(len(routes), dtype=bool)
        on_route[routes.links.owners[has_two[self._links]]] = True
        self._has_two = on_route.tolist()

    def circuit(self, circuit: int) -> tuple[Formula, bool]:
        """Give a circuit's formula, and whether it had to be simplified."""
        segments = self._segments[circuit]
        if len(segments) == 1 and not any(self._has_two[r] for r in self._routes[segments[0]]):
            return self._segment(segments[0], self._plain), False
        for route in (self._route, self._plain):
            formula = self._circuit(circuit, route)
            if in_order(formula).size <= MOST_ATOMS:
                return formula, route == self._plain or self._drops_legs(segments)
        return self._working(circuit), True

    def _drops_legs(self, segments: list[int]) -> bool:
        """Whether a second leg of a working route that is switched by hand does not count."""
        return any(
            len(self._routes[segment]) > 1
            and not self._switched[segment]
            and self._has_two[self._routes[segment][0]]
            for segment in segments
        )

    def _circuit(self, circuit: int, route: Callable[[int], Formula]) -> Formula:
        segments = self._segments[circuit]
        if len(segments) == 1:
            return self._segment(segments[0], route)
        lone: list[Atom] = []
        parts: list[Formula] = []
        for segment in segments:
            formula = self._segment(segment, route)
            whole: tuple[Formula, ...] = (formula,)
            if isinstance(formula, Joined) and formula.how == "all":
                whole = formula.parts
            lone += [part for part in whole if isinstance(part, Atom)]
            parts += [part for part in whole if not isinstance(part, Atom)]
        if lone:
            parts.insert(0, self.atoms.joined(lone))
        return all_of(parts)

    def _segment(self, segment: int, route: Callable[[int], Formula]) -> Formula:
        rows = self._routes[segment]
        if len(rows) == 1:
            return route(rows[0])
        if self._switched[segment]:
            return any_of([route(row) for row in rows])
        working, other = self._plain(rows[0]), any_of([route(row) for row in rows[1:]])
        return working if working == other else ByHand(working, other)

    def _working(self, circuit: int) -> Formula:
        """Give the working routes alone: never better than what is there."""
        rows = [self._routes[segment][0] for segment in self._segments[circuit]]
        return self.atoms.joined(self._plain(row) for row in rows)

    def _on_route(self, route: int) -> bytes:
        """Codes of a route's own entries."""
        return self._codes[8 * self._ptr[route] : 8 * self._ptr[route + 1]]

    def _pairs(self, route: int) -> Iterator[tuple[int, int]]:
        """Links with two legs on a route, and the section in which each is met."""
        at = slice(self._ptr[route], self._ptr[route + 1])
        for link, section in zip(
            self._links[at].tolist(), self._sections[at].tolist(), strict=True
        ):
            for two in self._two[link]:
                yield two, section

    def _leg(self, link: int, leg: int, section: int) -> bytes:
        return _code(self._legs.row(link)[leg : leg + 1], np.array([section]))

    def _plain(self, route: int) -> Atom:
        """Give a route along the first leg of each link."""
        if not self._has_two[route]:
            return self.atoms.add(self._on_route(route))
        legs = [self._leg(two, 0, section) for two, section in self._pairs(route)]
        return self.atoms.add(b"".join([self._on_route(route), *legs]))

    def _route(self, route: int) -> Formula:
        """Give a route whose links with two legs switch between them, where that is recorded."""
        if not self._has_two[route]:
            return self.atoms.add(self._on_route(route))
        lone = [self._on_route(route)]
        pairs: list[Formula] = []
        for two, section in self._pairs(route):
            legs = [self._leg(two, leg, section) for leg in range(2)]
            if self._has_scheme[two]:
                pairs.append(any_of([self.atoms.add(leg) for leg in legs]))
            else:
                lone.append(legs[0])
        return all_of([self.atoms.add(b"".join(lone)), *pairs])


def _as_lists(table: Csr) -> list[list[int]]:
    values, ptr = table.indices.tolist(), table.indptr.tolist()
    return [values[low:high] for low, high in pairwise(ptr)]
