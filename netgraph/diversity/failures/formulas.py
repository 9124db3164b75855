"""When is a circuit down: formulas over atoms, one for each distinct circuit.

A circuit is down if one of its segments is, a segment if every route of it is, a route if one of
its links is, and a link if something that alone takes it down fails (``elements.of_link``), or if
something on each of its legs does. What can fail together with the same effect on a route is an
atom: the body of a route (all that alone takes one of its links down), and each leg of a link
that has two. A formula is a list of terms; the circuit is down if every atom of some term is hit.

Where a record is missing an atom may hold more than is known: such atoms are open. A circuit that
would be down if its open atoms were hit is never said to survive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.kernels import N_EVIDENCE, Rows, Terms, UnitForms
from netgraph.diversity.failures.parts import (
    gather_parts,
    lacking_evidence,
    links_of_routes,
    second_ways,
)
from netgraph.topology.csr import Csr, csr_of_lists

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.diversity.failures.parts import PartTerm
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: Route by local numbers: the bit of its body, and the bits of each further way to take it down.
_RouteShape = tuple[int, tuple[tuple[int, ...], ...]]
_Shape = tuple[tuple[_RouteShape, ...], ...]
#: Number of the atom of a route's body, and the route's further ways to go down.
_DraftRoute = tuple[int, "tuple[PartTerm, ...]"]


@dataclass(frozen=True)
class Formulas:
    """Formulas of the circuits.

    Attributes
    ----------
    parts
        Part to elements: first every link (what alone takes it down), then every leg.
    atoms
        Atom to parts.
    unit_of_circuit
        Distinct circuit ("unit") of each circuit; shape (circuits,).
    forms
        Atoms and terms of the units.
    """

    parts: Csr
    atoms: Csr
    unit_of_circuit: Ints
    forms: UnitForms


def build_formulas(network: LayeredNetwork) -> Formulas:
    """Find the distinct circuits and write down what takes each down; O(links on all routes)."""
    ways = second_ways(network)
    atoms = _Atoms()
    body, further = _draft_routes(network, ways, atoms)
    plain = _PlainUnits(network, body, further)
    general = _GeneralUnits(atoms)
    unit_of_circuit = plain.unit_of_circuit
    first = len(plain.working)
    circuits = network.circuits
    for circuit in np.flatnonzero(unit_of_circuit < 0).tolist():
        segments = tuple(
            tuple((int(body[r]), further.get(int(r), ())) for r in circuits.segment_routes.row(s))
            for s in circuits.segments.row(circuit).tolist()
        )
        unit_of_circuit[circuit] = first + general.number(segments)
    forms = _joined(plain, general, np.array(atoms.lacks, dtype=np.int64))
    return Formulas(gather_parts(network, ways), atoms.table(), unit_of_circuit, forms)


class _Atoms:
    """Atoms while they are collected, each once."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self.lacks: list[int] = []

    def number(self, parts: bytes, lacks: int) -> int:
        """Give the number of the atom of some parts that lack some evidence (bits)."""
        key = parts + bytes((lacks,))
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.lacks)
            self.lacks.append(lacks)
        return number

    def table(self) -> Csr:
        """Atom to parts."""
        content = b"".join(key[:-1] for key in self._numbers)
        sizes = [len(key) // 8 for key in self._numbers]
        indptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Csr(indptr, np.frombuffer(content, dtype=np.int64))


def _draft_routes(
    network: LayeredNetwork, ways: dict[int, tuple[PartTerm, ...]], atoms: _Atoms
) -> tuple[Ints, dict[int, tuple[PartTerm, ...]]]:
    """Give the atom of each route's body, and the further ways of the routes that have some."""
    kept = links_of_routes(network)
    content, bounds = kept.indices.tobytes(), (8 * kept.indptr).tolist()
    lacks = lacking_evidence(network)
    body = np.array(
        [atoms.number(content[bounds[i] : bounds[i + 1]], lacks[i]) for i in range(len(kept))],
        dtype=np.int64,
    )
    further: dict[int, tuple[PartTerm, ...]] = {}
    has_ways = np.zeros(len(network.links), dtype=bool)
    has_ways[[link for link, terms in ways.items() if terms]] = True
    for route in np.unique(kept.owners[has_ways[kept.indices]]).tolist():
        further[route] = tuple(term for link in kept.row(route).tolist() for term in ways[link])
    return body, further


class _PlainUnits:
    """Distinct circuits of one segment whose routes have bodies alone: nearly all of them.

    `working` and `protect` are atoms, `protect` -1 where there is none of its own;
    `unit_of_circuit` is -1 for the other circuits.
    """

    def __init__(
        self, network: LayeredNetwork, body: Ints, further: dict[int, tuple[PartTerm, ...]]
    ) -> None:
        circuits = network.circuits
        table = circuits.segment_routes
        rows = np.flatnonzero(circuits.segments.counts == 1)
        segment = circuits.segments.indices[circuits.segments.indptr[rows]]
        first, count = table.indptr[segment], table.counts[segment]
        rows, first, count = (x[(count == 1) | (count == 2)] for x in (rows, first, count))
        odd = np.zeros(len(circuits.routes), dtype=bool)
        odd[list(further)] = True
        both = np.stack([table.indices[first], table.indices[first + count - 1]])
        is_plain = ~odd[both].any(axis=0)
        rows, (working, protect) = rows[is_plain], body[both[:, is_plain]]
        width = int(body.max(initial=0)) + 1
        keys, numbers = np.unique(working * width + protect, return_inverse=True)
        self.working, other = keys // width, keys % width
        self.protect = np.where(other == self.working, -1, other)
        self.unit_of_circuit = np.full(len(circuits), -1, dtype=np.int64)
        self.unit_of_circuit[rows] = numbers

    def atoms(self) -> Csr:
        """List the atoms of each unit, working first."""
        both = np.column_stack([self.working, self.protect])
        counts = (both >= 0).sum(axis=1)
        return Csr(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), both[both >= 0])

    def terms(self) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
        """Sizes and masks of the terms that take units down, and of those that hit a route."""
        has_two = self.protect >= 0
        masks = np.column_stack([np.ones(len(has_two), dtype=np.int64), np.where(has_two, 2, 0)])
        down = np.ones(len(has_two), dtype=np.int64), np.where(has_two, 3, 1)
        return down, (1 + has_two.astype(np.int64), masks[masks > 0])


class _GeneralUnits:
    """Distinct circuits of several segments, or over links with two legs."""

    def __init__(self, atoms: _Atoms) -> None:
        self._atoms = atoms
        self._numbers: dict[tuple[tuple[_DraftRoute, ...], ...], int] = {}
        self.atoms: list[list[int]] = []
        self.terms: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def number(self, segments: tuple[tuple[_DraftRoute, ...], ...]) -> int:
        """Give the number of the unit of some segments of routes."""
        if segments not in self._numbers:
            self._numbers[segments] = len(self.atoms)
            bits: dict[int, int] = {}
            shape = tuple(
                tuple(self._route_shape(atom, ways, bits) for atom, ways in routes)
                for routes in segments
            )
            self.atoms.append(list(bits))
            self.terms.append(_terms(shape))
        return self._numbers[segments]

    def _route_shape(
        self, atom: int, ways: Iterable[PartTerm], bits: dict[int, int]
    ) -> _RouteShape:
        body = bits.setdefault(atom, len(bits))
        legs = tuple(
            tuple(
                bits.setdefault(self._atoms.number(np.int64(part).tobytes(), 0), len(bits))
                for part in sorted(way)
            )
            for way in ways
        )
        return body, legs


def _joined(plain: _PlainUnits, general: _GeneralUnits, lacks: Ints) -> UnitForms:
    """Lay the formulas out for the kernels."""
    n_words = max([1, *((len(atoms) + 63) // 64 for atoms in general.atoms)])
    first, second = plain.atoms(), csr_of_lists(general.atoms)
    atoms = Csr(
        np.concatenate([first.indptr, second.indptr[1:] + first.indptr[-1]]),
        np.concatenate([first.indices, second.indices]),
    )
    down, hit = (
        _laid_out(sizes, masks, [terms[which] for terms in general.terms], n_words)
        for which, (sizes, masks) in enumerate(plain.terms())
    )
    is_open = np.zeros((N_EVIDENCE, len(atoms), n_words), dtype=np.uint64)
    bit = np.arange(len(atoms.indices)) - atoms.indptr[:-1][atoms.owners]
    for evidence in range(N_EVIDENCE):
        some = np.flatnonzero(lacks[atoms.indices] & (1 << evidence))
        mask = np.left_shift(np.uint64(1), (bit[some] % 64).astype(np.uint64))
        np.bitwise_or.at(is_open[evidence], (atoms.owners[some], bit[some] // 64), mask)
    return UnitForms(Rows(atoms.indptr, atoms.indices), down, hit, is_open)


def _laid_out(sizes: Ints, masks: Ints, more: list[tuple[int, ...]], n_words: int) -> Terms:
    counts = np.concatenate([sizes, [len(row) for row in more]])
    low = (1 << 64) - 1
    wide = [[(mask >> (64 * w)) & low for w in range(n_words)] for row in more for mask in row]
    words = np.zeros((len(masks) + len(wide), n_words), dtype=np.uint64)
    words[: len(masks), 0] = masks
    words[len(masks) :] = np.array(wide, dtype=np.uint64).reshape(len(wide), n_words)
    return Terms(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), words)


@cache
def _terms(shape: _Shape) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Masks that take a circuit of some shape down, and those that hit a route of it."""
    down: set[int] = set()
    hit: set[int] = set()
    for routes in shape:
        ways = [[1 << body, *(_mask(legs) for legs in further)] for body, further in routes]
        hit.update(mask for way in ways for mask in way)
        for chosen in product(*ways):
            union = 0
            for mask in chosen:
                union |= mask
            down.add(union)
    return _least(down), _least(hit)


def _mask(bits: Iterable[int]) -> int:
    mask = 0
    for bit in bits:
        mask |= 1 << bit
    return mask


def _least(masks: set[int]) -> tuple[int, ...]:
    """Masks that hold no other one."""
    kept: list[int] = []
    for mask in sorted(masks, key=lambda m: (m.bit_count(), m)):
        if not any(small & mask == small for small in kept):
            kept.append(mask)
    return tuple(kept)
