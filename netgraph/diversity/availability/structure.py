"""Formulas of the circuits: which routes are in parallel, and who switches between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.components import two_leg_links
from netgraph.diversity.availability.formulas import ATOM, MOST_ATOMS, Formula, Shapes, atom_of
from netgraph.diversity.levels import Section
from netgraph.diversity.sharing.alike import equal_columns, equal_rows
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.components import Components
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: How a circuit gets from its working to its protect route.
NO_ROUTE, BY_HAND, AUTOMATIC = range(3)
SWITCHING_NAMES = ("none", "manual", "automatic")


class Atoms:
    """Atoms and their entries: a way, and the section in which it is met.

    Parameters
    ----------
    rows
        Route to entries (way times the number of sections, plus section).
    """

    def __init__(self, rows: Csr) -> None:
        first, number = np.unique(equal_rows(rows), return_inverse=True)
        entries, owner = gather(rows, first)
        #: Atom of each route that consists of nothing but its entries.
        self.of_route: Ints = number
        self._table = Csr(np.searchsorted(owner, np.arange(len(first) + 1)), entries)
        self._more: list[bytes] = []

    @cached_property
    def _atom(self) -> dict[bytes, int]:
        return {self._table.row(i).tobytes(): i for i in range(len(self._table))}

    def add(self, entries: bytes) -> Formula:
        """Give the atom of these entries (see :func:`_code`); equal entries give one atom."""
        atom = self._atom.setdefault(entries, len(self._atom))
        if atom == len(self._table) + len(self._more):
            self._more.append(entries)
        return atom_of(atom)

    def joined(self, atoms: Iterable[Formula]) -> Formula:
        """Give the atom of everything on some atoms."""
        return self.add(b"".join(self._entries(atom.atoms[0]) for atom in atoms))

    def _entries(self, atom: int) -> bytes:
        n = len(self._table)
        return self._table.row(atom).tobytes() if atom < n else self._more[atom - n]

    def table(self) -> tuple[Csr, Ints]:
        """Atom to ways, and the section of each entry."""
        more = [np.frombuffer(entries, dtype=np.int64) for entries in self._more]
        codes = np.concatenate([self._table.indices, *more])
        sizes = np.array([len(entries) for entries in more], dtype=np.int64)
        indptr = np.concatenate([self._table.indptr, len(self._table.indices) + np.cumsum(sizes)])
        return Csr(indptr, codes // len(Section)), codes % len(Section)


def _code(ways: Ints, sections: Ints) -> bytes:
    return (ways * len(Section) + sections).astype(np.int64).tobytes()


@dataclass(frozen=True, eq=False)
class Structure:
    """Formulas of the circuits.

    Attributes
    ----------
    shapes
        The shapes of the formulas.
    formulas
        The distinct formulas.
    circuits
        Position in `formulas` of each circuit's; shape (circuits,).
    is_simplified
        A circuit with so many parts that some second legs or segments were not counted as such:
        its figure is a bound; shape (circuits,).
    switching
        NO_ROUTE, BY_HAND or AUTOMATIC (every switching point is recorded as switching by itself);
        shape (circuits,).
    atoms
        Atom to ways, and the section of each entry.
    """

    shapes: Shapes
    formulas: list[Formula]
    circuits: Ints
    is_simplified: NDArray[np.bool_]
    switching: NDArray[np.int8]
    atoms: tuple[Csr, Ints]


def build_structure(audit: Audit, components: Components) -> Structure:
    """Write down every circuit's formula; O(links on the routes).

    Most circuits have one or two plain routes: these are told apart by columns.
    """
    circuits = audit.network.circuits
    switched = segments_that_switch(audit.network)
    builder = _Builder(audit, components, switched)
    first, second = builder.plain_routes()
    is_plain = first >= 0
    is_switched = switched[builder.first_segment] & (second >= 0)
    columns = [column[is_plain] for column in (first, second, is_switched.astype(np.int64))]
    heads, number = np.unique(equal_columns(*columns), return_inverse=True)
    formulas = builder.plain_formulas(*(column[heads] for column in columns))
    of_circuit = np.empty(len(circuits), dtype=np.int64)
    of_circuit[is_plain] = number
    is_simplified = np.zeros(len(circuits), dtype=bool)
    position: dict[Formula, int] = {}
    others = np.flatnonzero(~is_plain).tolist()
    if others:
        position = {formula: i for i, formula in enumerate(formulas)}
    for circuit in others:
        formula, is_simplified[circuit] = builder.circuit(circuit)
        of_circuit[circuit] = position.setdefault(formula, len(position))
    return Structure(
        shapes=builder.shapes,
        formulas=list(position) if others else formulas,
        circuits=of_circuit,
        is_simplified=is_simplified,
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
        circuits, routes = network.circuits, network.circuits.routes
        codes = (routes.links.indices * len(Section) + audit.entry_section).astype(np.int64)
        self.atoms, self.shapes = Atoms(Csr(routes.links.indptr, codes)), Shapes()
        self._circuits = circuits
        self._switched = switched
        self._links, self._sections = routes.links, audit.entry_section
        self._codes = codes
        self._legs = components.legs
        self._two = two_leg_links(network.links)
        self._has_scheme = ~np.isin(network.links.protection.astype(str), ["", "none"])
        has_two = np.array([bool(row) for row in self._two], dtype=bool)
        self._has_two = np.zeros(len(routes), dtype=bool)
        self._has_two[routes.links.owners[has_two[routes.links.indices]]] = True

    def plain_routes(self) -> tuple[Ints, Ints]:
        """Atoms of the one or two routes of circuits that consist of nothing else.

        Returns
        -------
        first, second
            Shape (circuits,): -1 for circuits that consist of more, and for no second route, or one
            that is the same as the first.
        """
        table, n = self._circuits.segment_routes, len(self._circuits)
        is_odd = np.zeros(len(table), dtype=bool)
        is_odd[table.owners[self._has_two[table.indices]]] = True
        is_odd |= (table.counts == 0) | (table.counts > 2)
        segment = self.first_segment
        found = np.full((2, n), -1, dtype=np.int64)
        plain = np.flatnonzero((self._circuits.segments.counts == 1) & ~is_odd[segment])
        at = table.indptr[segment[plain]]
        has_second = table.counts[segment[plain]] > 1
        found[0, plain] = self.atoms.of_route[table.indices[at]]
        found[1, plain[has_second]] = self.atoms.of_route[table.indices[at[has_second] + 1]]
        found[1, found[1] == found[0]] = -1
        return found[0], found[1]

    @cached_property
    def first_segment(self) -> Ints:
        """First segment of each circuit."""
        table = self._circuits.segments
        return table.indices[np.minimum(table.indptr[:-1], len(table.indices) - 1)]

    def plain_formulas(self, first: Ints, second: Ints, is_switched: Ints) -> list[Formula]:
        """Give the formulas of one or two different atoms each."""
        two = atom_of(0), atom_of(1)
        shape = self.shapes.by_hand(*two).shape, self.shapes.any_of(two).shape
        return [
            Formula(shape[switches], (one, other)) if other >= 0 else atom_of(one)
            for one, other, switches in zip(
                first.tolist(), second.tolist(), is_switched.tolist(), strict=True
            )
        ]

    def circuit(self, circuit: int) -> tuple[Formula, bool]:
        """Give a circuit's formula, and whether it had to be simplified."""
        segments = self._circuits.segments.row(circuit).tolist()
        if len(segments) == 1 and not self._has_two[self._routes(segments[0])].any():
            return self._segment(segments[0], self._plain), False
        for route in (self._route, self._plain):
            formula = self._circuit(segments, route)
            if self.shapes.sizes[formula.shape] <= MOST_ATOMS:
                return formula, route == self._plain or self._drops_legs(segments)
        return self._working(segments), True

    def _routes(self, segment: int) -> list[int]:
        return self._circuits.segment_routes.row(segment).tolist()

    def _drops_legs(self, segments: list[int]) -> bool:
        """Whether a second leg of a working route that is switched by hand does not count."""
        return any(
            len(routes := self._routes(segment)) > 1
            and not self._switched[segment]
            and bool(self._has_two[routes[0]])
            for segment in segments
        )

    def _circuit(self, segments: list[int], route: Callable[[int], Formula]) -> Formula:
        if len(segments) == 1:
            return self._segment(segments[0], route)
        whole = [
            part
            for segment in segments
            for part in self.shapes.parts(self._segment(segment, route))
        ]
        lone = [part for part in whole if part.shape == ATOM]
        parts = [part for part in whole if part.shape != ATOM]
        return self.shapes.all_of([*([self.atoms.joined(lone)] if lone else []), *parts])

    def _segment(self, segment: int, route: Callable[[int], Formula]) -> Formula:
        rows = self._routes(segment)
        if len(rows) == 1:
            return route(rows[0])
        if self._switched[segment]:
            return self.shapes.any_of([route(row) for row in rows])
        other = self.shapes.any_of([route(row) for row in rows[1:]])
        return self.shapes.by_hand(self._plain(rows[0]), other)

    def _working(self, segments: list[int]) -> Formula:
        """Give the working routes alone: never better than what is there."""
        return self.atoms.joined(self._plain(self._routes(segment)[0]) for segment in segments)

    def _on_route(self, route: int) -> bytes:
        """Codes of a route's own entries."""
        return self._codes[self._links.indptr[route] : self._links.indptr[route + 1]].tobytes()

    def _pairs(self, route: int) -> Iterator[tuple[int, int]]:
        """Links with two legs on a route, and the section in which each is met."""
        at = slice(self._links.indptr[route], self._links.indptr[route + 1])
        for link, section in zip(
            self._links.indices[at].tolist(), self._sections[at].tolist(), strict=True
        ):
            for two in self._two[link]:
                yield two, section

    def _leg(self, link: int, leg: int, section: int) -> bytes:
        return _code(self._legs.row(link)[leg : leg + 1], np.array([section]))

    def _plain(self, route: int) -> Formula:
        """Give a route along the first leg of each link."""
        if not self._has_two[route]:
            return atom_of(int(self.atoms.of_route[route]))
        legs = [self._leg(two, 0, section) for two, section in self._pairs(route)]
        return self.atoms.add(b"".join([self._on_route(route), *legs]))

    def _route(self, route: int) -> Formula:
        """Give a route whose links with two legs switch between them, where that is recorded."""
        if not self._has_two[route]:
            return self._plain(route)
        lone = [self._on_route(route)]
        pairs: list[Formula] = []
        for two, section in self._pairs(route):
            legs = [self._leg(two, leg, section) for leg in range(2)]
            if self._has_scheme[two]:
                pairs.append(self.shapes.any_of([self.atoms.add(leg) for leg in legs]))
            else:
                lone.append(legs[0])
        return self.shapes.all_of([self.atoms.add(b"".join(lone)), *pairs])
