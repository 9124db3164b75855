"""Which elements take a whole group of circuits down: the set that all of its routes share.

The one hot loop of the audit. It never builds the table of every element of every circuit (tens
of millions of rows for a province): it stamps elements while it walks unit, circuit, segment,
route and link, and keeps only what every route of a unit touches. Where along the routes that
lies is measured afterwards, for what was found only (:mod:`netgraph.diversity.sharing.places`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.sharing.alike import first_alike
from netgraph.diversity.sharing.places import (
    ContentArrays,
    Found,
    RouteArrays,
    UnitArrays,
    WalkArrays,
    is_own_end,
    measure,
    risky,
)
from netgraph.diversity.threads import in_threads, shares
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


_LEAST = 64  # units worth a thread
_MANY = 1000  # units worth a look at all routes for what is alike


@dataclass(frozen=True)
class Units:
    """What is judged: a circuit, or a group of circuits that back each other up.

    Attributes
    ----------
    circuits
        Unit to circuits.
    segments, segment_routes
        Circuit to segments, segment to routes; a segment without routes is unbounded: nothing is
        known of it, and its circuit cannot narrow the set.
    exempt
        Unit to the homes (buildings) that are its own ends.
    is_judged
        Units to look at; the others get an empty set.
    section_ends
        Buildings at the ends of each unit's sections, which tell units apart that are else alike;
        shape (units, sections, 2).
    """

    circuits: Csr
    segments: Csr
    segment_routes: Csr
    exempt: Csr
    is_judged: NDArray[np.bool_]
    section_ends: Ints


@dataclass(frozen=True)
class SharedSets:
    """What every unit shares; arrays of shape (entries,).

    Attributes
    ----------
    row_of_unit
        Shape (units,): units that are alike have one row; the last row is empty, and that of the
        units that are not judged.
    example
        A unit of each row but the last.
    indptr
        Shape (rows + 1,).
    item
        Class of elements; a risk group is ``n_classes + group``.
    sections
        Bit mask of the sections that it is held against: those in which every route touches it,
        else (one route meets it in another section than the next) all in which some route does.
    from_a_m, from_b_m
        Greatest distance from A (from B), along any of the unit's routes, to the far end of the
        element; infinite unless every length up to there is recorded or drawn, and where it is of
        no account.
    is_own_end
        It stands in a building that is an end of every route of the unit.
    """

    row_of_unit: Ints
    example: Ints
    indptr: Ints
    item: Ints
    sections: NDArray[np.int8]
    from_a_m: NDArray[np.float64]
    from_b_m: NDArray[np.float64]
    is_own_end: NDArray[np.bool_]

    def row(self, unit: int) -> slice:
        """Entries of one unit."""
        row = self.row_of_unit[unit]
        return slice(int(self.indptr[row]), int(self.indptr[row + 1]))


def find_shared(units: Units, arrays: WalkArrays) -> SharedSets:
    """Find the elements whose single failure takes down every circuit of a unit.

    Exact on the records. An element counts for a circuit if it is on all routes of one of the
    circuit's segments, and for a unit if it counts for all of its circuits. A risk group is on a
    route if an element outside the unit's own ends belongs to it.

    Parameters
    ----------
    units, arrays
        See there. Units that are alike are worked out once, and on all cores.

    Returns
    -------
    SharedSets
        Cost O(sum over units of the classes on their routes), twice.
    """
    judged = np.flatnonzero(units.is_judged)
    first = judged if len(judged) < _MANY else first_alike(units, arrays.routes)[judged]
    # The first of those that are judged: which circuits are may differ among units that are alike.
    chosen, like = _numbered(first, judged)
    parts = shares(len(chosen), _LEAST)
    found = in_threads(lambda part: _find(units, chosen[part], arrays), parts)
    order = np.concatenate(parts)
    counts = np.concatenate([np.diff(part.indptr) for part in found])
    row = np.full(len(units.circuits), len(chosen), dtype=np.int64)
    row[judged] = np.argsort(order)[like]
    return SharedSets(
        row,
        chosen[order],
        np.concatenate([[0], np.cumsum(counts), [counts.sum()]]),
        *(
            np.concatenate([getattr(part, name) for part in found])
            for name in ("item", "sections", "from_a_m", "from_b_m", "is_own_end")
        ),
    )


class _Part(NamedTuple):
    """Shared sets of some units, row by row."""

    indptr: Ints
    item: Ints
    sections: NDArray[np.int8]
    from_a_m: NDArray[np.float64]
    from_b_m: NDArray[np.float64]
    is_own_end: NDArray[np.bool_]


def _numbered(first: Ints, judged: Ints) -> tuple[Ints, Ints]:
    """Return one unit of each kind, and for each judged unit the number of its kind."""
    _, at, like = np.unique(first, return_index=True, return_inverse=True)
    return judged[at], like


def _find(units: Units, chosen: Ints, arrays: WalkArrays) -> _Part:
    """Find the sets of some of the units, by themselves."""
    circuits, own = _rows_of(units.circuits, chosen), _rows_of(units.exempt, chosen)
    flat = UnitArrays(
        circuits.indptr, circuits.indices,
        units.segments.indptr, units.segments.indices,
        units.segment_routes.indptr, units.segment_routes.indices,
        own.indptr, own.indices,
        np.ones(len(chosen), dtype=bool),
    )  # fmt: skip
    item, is_own, indptr = _shared(flat, arrays.routes, arrays.content)
    sections, far_m = np.zeros(len(item), dtype=np.int8), np.zeros((2, len(item)))
    measure(flat, arrays, Found(indptr, item, sections, far_m))
    return _Part(indptr, item, sections, far_m[0], far_m[1], is_own)


def _rows_of(table: Csr, rows: Ints) -> Csr:
    values, _ = gather(table, rows)
    return Csr(np.concatenate([[0], np.cumsum(table.counts[rows])]), values)


class _Items(NamedTuple):
    """By item: the last route, and the last circuit, in an unbroken row of those that have it.

    Routes and circuits are numbered as they are walked, those of one segment and of one unit in a
    row: an item is on all of them so far if its stamp is the number before.
    """

    route: NDArray[np.int32]
    circuit: NDArray[np.int32]
    has_risk: NDArray[np.bool_]  # by class


class _At(NamedTuple):
    """Running numbers of what is being walked, and which of how many it is."""

    route: int
    circuit: int
    unit: int
    position: int
    size: int
    circuit_position: int
    circuits: int


@inner
def _touch(item: int, at: _At, items: _Items) -> bool:
    """Stamp one item on one route; True when it is now known to be shared by the unit."""
    before = items.route[item]
    if before == at.route or (at.position > 0 and before != at.route - 1):
        return False
    items.route[item] = at.route
    if at.position != at.size - 1:
        return False
    before = items.circuit[item]
    if before == at.circuit or (at.circuit_position > 0 and before != at.circuit - 1):
        return False
    items.circuit[item] = at.circuit
    return at.circuit_position == at.circuits - 1


@inner
def _is_unbounded(circuit: int, units: UnitArrays) -> bool:
    for k in range(units.s_ptr[circuit], units.s_ptr[circuit + 1]):
        segment = units.s_idx[k]
        if units.r_ptr[segment] == units.r_ptr[segment + 1]:
            return True
    return False


@inner
def _bounded(unit: int, units: UnitArrays) -> int:
    """Count the circuits of a unit that narrow its set."""
    count = 0
    if units.is_judged[unit]:
        for k in range(units.c_ptr[unit], units.c_ptr[unit + 1]):
            if not _is_unbounded(units.c_idx[k], units):
                count += 1
    return count


class _Out(NamedTuple):
    """What was found so far."""

    item: Ints
    own: NDArray[np.bool_]
    size: Ints  # one number: entries of the two


@inner
def _walk_route(
    route: int, at: _At, items: _Items, units: UnitArrays, routes: RouteArrays,
    content: ContentArrays, out: _Out,
) -> None:  # fmt: skip
    """Touch everything on one route; append what turns out to be shared."""
    n_classes = len(content.risk_ptr) - 1
    for lk in range(routes.ptr[route], routes.ptr[route + 1]):
        link = routes.link[lk]
        for ek in range(content.e_ptr[link], content.e_ptr[link + 1]):
            e = content.e_idx[ek]
            if _touch(e, at, items):
                own = is_own_end(e, at.unit, units.own_ptr, units.own_idx, content.home)
                out.item[out.size[0]], out.own[out.size[0]] = e, own
                out.size[0] += 1
            if not items.has_risk[e] or is_own_end(
                e, at.unit, units.own_ptr, units.own_idx, content.home
            ):
                continue
            for j in range(content.risk_ptr[e], content.risk_ptr[e + 1]):
                item = n_classes + content.risk_idx[j]
                if _touch(item, at, items):
                    out.item[out.size[0]], out.own[out.size[0]] = item, False
                    out.size[0] += 1


@inner
def _with_room(out: _Out, more: int) -> _Out:
    """Make room for more entries, at least twice what there was."""
    size = out.size[0]
    if size + more <= len(out.item):
        return out
    room = max(size + more, 2 * len(out.item))
    larger = _Out(np.empty(room, np.int64), np.empty(room, np.bool_), out.size)
    for i in range(size):
        larger.item[i], larger.own[i] = out.item[i], out.own[i]
    return larger


@entry
def _shared(
    units: UnitArrays, routes: RouteArrays, content: ContentArrays
) -> tuple[Ints, NDArray[np.bool_], Ints]:
    n_items = len(content.risk_ptr) - 1 + content.n_risks
    items = _Items(np.zeros(n_items, np.int32), np.zeros(n_items, np.int32), risky(content))
    n_units = len(units.c_ptr) - 1
    indptr = np.zeros(n_units + 1, np.int64)
    out = _Out(np.empty(n_items, np.int64), np.empty(n_items, np.bool_), np.zeros(1, np.int64))
    n_routes, n_circuits = 0, 0
    for unit in range(n_units):
        bounded = _bounded(unit, units)
        if bounded:
            out = _with_room(out, n_items)
        circuit_position = -1
        for ck in range(units.c_ptr[unit], units.c_ptr[unit + 1]):
            circuit = units.c_idx[ck]
            if bounded == 0 or _is_unbounded(circuit, units):
                continue
            circuit_position += 1
            n_circuits += 1
            for sk in range(units.s_ptr[circuit], units.s_ptr[circuit + 1]):
                low, high = units.r_ptr[units.s_idx[sk]], units.r_ptr[units.s_idx[sk] + 1]
                for rk in range(low, high):
                    n_routes += 1
                    at = _At(
                        n_routes, n_circuits, unit, rk - low, high - low, circuit_position, bounded
                    )
                    _walk_route(units.r_idx[rk], at, items, units, routes, content, out)
        indptr[unit + 1] = out.size[0]
    return out.item[: out.size[0]], out.own[: out.size[0]], indptr
