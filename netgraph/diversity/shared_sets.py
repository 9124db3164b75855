"""Which elements take a whole group of circuits down: the set that all of its routes share.

The one hot loop of the audit. It never builds the table of every element of every circuit (tens
of millions of rows for a province): it stamps elements while it walks unit, circuit, segment,
route and link, and keeps only what every route of a unit touches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints


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
    """

    circuits: Csr
    segments: Csr
    segment_routes: Csr
    exempt: Csr
    is_judged: NDArray[np.bool_]


@dataclass(frozen=True)
class WalkArrays:
    """What the loop walks over.

    Attributes
    ----------
    route_links
        Route to links; `route_rows` the same entries as ``2 * link + is_reversed``.
    link_elements
        Link to elements that alone take it down.
    risks
        Element to risk groups; a group is numbered after the elements.
    home
        Building of each element, -1 outside.
    pieces
        ``2 * link + is_reversed`` to piece codes; piece ends, lengths and span elements below.
    """

    route_links: Csr
    route_rows: Ints
    entry_section: NDArray[np.int64]
    link_elements: Csr
    risks: Csr
    n_risks: int
    home: Ints
    pieces: Csr
    piece_a: Ints
    piece_b: Ints
    piece_m: NDArray[np.float64]
    piece_is_measured: NDArray[np.bool_]
    n_spans: int
    span_element: int
    span_trench_element: Ints
    place_element: int
    place_home: Ints


@dataclass(frozen=True)
class SharedSets:
    """Shared elements of every unit; arrays of shape (entries,).

    Attributes
    ----------
    indptr
        Shape (units + 1,).
    element
        Element number; a risk group is ``n_elements + group``.
    sections
        Bit mask of the sections that it is held against: those in which every route touches it,
        else (one route meets it in another section than the next) all in which some route does.
    far_m
        Greatest distance from A, along any of the unit's routes, to the far end of the element;
        infinite unless every length up to there is recorded or drawn.
    is_own_end
        The element stands in a building that is an end of every route of the unit.
    """

    indptr: Ints
    element: Ints
    sections: Ints
    far_m: NDArray[np.float64]
    is_own_end: NDArray[np.bool_]

    def row(self, unit: int) -> slice:
        """Entries of one unit."""
        return slice(int(self.indptr[unit]), int(self.indptr[unit + 1]))


def find_shared(units: Units, arrays: WalkArrays) -> SharedSets:
    """Find the elements whose single failure takes down every circuit of a unit.

    Exact on the records. An element counts for a circuit if it is on all routes of one of the
    circuit's segments, and for a unit if it counts for all of its circuits. A risk group is on a
    route if an element outside the unit's own ends belongs to it.

    Parameters
    ----------
    units, arrays
        See there.

    Returns
    -------
    SharedSets
        Cost O(sum over units of the elements on their routes), twice.
    """
    element, sections, far, own, indptr = _shared(
        units.circuits.indptr, units.circuits.indices,
        units.segments.indptr, units.segments.indices,
        units.segment_routes.indptr, units.segment_routes.indices,
        units.exempt.indptr, units.exempt.indices, units.is_judged,
        arrays.route_links.indptr, arrays.route_links.indices, arrays.route_rows,
        arrays.entry_section, arrays.link_elements.indptr, arrays.link_elements.indices,
        arrays.risks.indptr, arrays.risks.indices, arrays.n_risks, arrays.home,
        arrays.pieces.indptr, arrays.pieces.indices, arrays.piece_a, arrays.piece_b,
        arrays.piece_m, arrays.piece_is_measured, arrays.n_spans, arrays.span_element,
        arrays.span_trench_element, arrays.place_element, arrays.place_home,
    )  # fmt: skip
    return SharedSets(indptr, element, sections, far, own)


@njit(cache=True)
def _is_in(value, indices, low, high):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    for k in range(low, high):  # noqa: SIM110 - numba compiles the loop, not the generator
        if indices[k] == value:
            return True
    return False


@njit(cache=True)
def _touch(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913 - compiled
    item, stamp, position, size, circuit_position, circuits,  # noqa: ANN001
    last_route, seg_of, seg_n, cir_of, unit_of, unit_n,  # noqa: ANN001
):  # fmt: skip
    """Count one item on one route; True when it is now known to be shared by the unit.

    `stamp` holds the running numbers of route, segment, circuit and unit; `position` and `size`
    say which route of how many in the segment, `circuit_position` which circuit of `circuits`.
    """
    route, segment, circuit, unit = stamp
    if last_route[item] == route:
        return False
    last_route[item] = route
    if position == 0:
        seg_of[item] = segment
        seg_n[item] = 1
    elif seg_of[item] == segment and seg_n[item] == position:
        seg_n[item] = position + 1
    if position != size - 1 or seg_of[item] != segment or seg_n[item] != size:
        return False
    if cir_of[item] == circuit:
        return False
    cir_of[item] = circuit
    if circuit_position == 0:
        unit_of[item] = unit
        unit_n[item] = 1
    elif unit_of[item] == unit and unit_n[item] == circuit_position:
        unit_n[item] = circuit_position + 1
    return circuit_position == circuits - 1 and unit_of[item] == unit and unit_n[item] == circuits


@njit(cache=True)
def _is_unbounded(circuit, s_ptr, s_idx, r_ptr):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    for k in range(s_ptr[circuit], s_ptr[circuit + 1]):
        if r_ptr[s_idx[k]] == r_ptr[s_idx[k] + 1]:
            return True
    return False


@njit(cache=True)
def _shared(  # type: ignore[no-untyped-def]  # noqa: ANN202, C901, PLR0912, PLR0913, PLR0915 - compiled: one loop
    c_ptr, c_idx, s_ptr, s_idx, r_ptr, r_idx, x_ptr, x_idx, is_judged,  # noqa: ANN001
    l_ptr, l_idx, l_rows, l_section, e_ptr, e_idx, k_ptr, k_idx, n_risks, home,  # noqa: ANN001
    p_ptr, p_idx, piece_a, piece_b, piece_m, piece_ok, n_spans, span0, trench_of, place0, p_home,  # noqa: ANN001
):  # fmt: skip
    n_elements = len(k_ptr) - 1
    n_items = n_elements + n_risks
    last_route = np.zeros(n_items, np.int64)
    seg_of = np.zeros(n_items, np.int64)
    seg_n = np.zeros(n_items, np.int64)
    cir_of = np.zeros(n_items, np.int64)
    unit_of = np.zeros(n_items, np.int64)
    unit_n = np.zeros(n_items, np.int64)
    slot = np.full(n_items, -1, np.int64)
    n_units = len(c_ptr) - 1
    indptr = np.zeros(n_units + 1, np.int64)
    out = np.empty(1024, np.int64)
    mask = np.zeros(1024, np.int64)
    both = np.zeros(1024, np.int64)
    current = np.zeros(1024, np.int64)
    seen_on = np.zeros(1024, np.int64)
    far = np.zeros(1024, np.float64)
    own = np.zeros(1024, np.bool_)
    n_out = 0
    route_stamp, seg_stamp, cir_stamp = 0, 0, 0
    for u in range(n_units):
        first_out = n_out
        bounded = 0
        if is_judged[u]:
            for k in range(c_ptr[u], c_ptr[u + 1]):
                if not _is_unbounded(c_idx[k], s_ptr, s_idx, r_ptr):
                    bounded += 1
        circuit_position = -1
        for ck in range(c_ptr[u], c_ptr[u + 1]):
            if bounded == 0 or _is_unbounded(c_idx[ck], s_ptr, s_idx, r_ptr):
                continue
            circuit_position += 1
            cir_stamp += 1
            for sk in range(s_ptr[c_idx[ck]], s_ptr[c_idx[ck] + 1]):
                segment = s_idx[sk]
                seg_stamp += 1
                size = r_ptr[segment + 1] - r_ptr[segment]
                for position in range(size):
                    route = r_idx[r_ptr[segment] + position]
                    route_stamp += 1
                    stamp = (route_stamp, seg_stamp, cir_stamp, u + 1)
                    for lk in range(l_ptr[route], l_ptr[route + 1]):
                        link = l_idx[lk]
                        for ek in range(e_ptr[link], e_ptr[link + 1]):
                            e = e_idx[ek]
                            if last_route[e] == route_stamp:
                                continue
                            is_own = home[e] >= 0 and _is_in(home[e], x_idx, x_ptr[u], x_ptr[u + 1])
                            n_more = 0 if is_own else k_ptr[e + 1] - k_ptr[e]
                            for j in range(-1, n_more):
                                item = e if j < 0 else n_elements + k_idx[k_ptr[e] + j]
                                if _touch(
                                    item, stamp, position, size, circuit_position, bounded,
                                    last_route, seg_of, seg_n, cir_of, unit_of, unit_n,
                                ):  # fmt: skip
                                    if n_out == len(out):
                                        out = np.append(out, np.empty(n_out, np.int64))
                                        mask = np.append(mask, np.zeros(n_out, np.int64))
                                        both = np.append(both, np.zeros(n_out, np.int64))
                                        current = np.append(current, np.zeros(n_out, np.int64))
                                        seen_on = np.append(seen_on, np.zeros(n_out, np.int64))
                                        far = np.append(far, np.zeros(n_out, np.float64))
                                        own = np.append(own, np.zeros(n_out, np.bool_))
                                    out[n_out] = item
                                    mask[n_out], both[n_out] = 0, -1
                                    current[n_out], seen_on[n_out] = -1, -1
                                    far[n_out] = -1.0
                                    own[n_out] = j < 0 and is_own
                                    slot[item] = n_out
                                    n_out += 1
        # Second pass, for what was found only: in which sections, and how far from A.
        for ck in range(c_ptr[u], c_ptr[u + 1]) if n_out > first_out else range(0):
            for sk in range(s_ptr[c_idx[ck]], s_ptr[c_idx[ck] + 1]):
                segment = s_idx[sk]
                is_first_segment = sk == s_ptr[c_idx[ck]]
                for rk in range(r_ptr[segment], r_ptr[segment + 1]):
                    route = r_idx[rk]
                    at = 0.0 if is_first_segment else np.inf
                    for lk in range(l_ptr[route], l_ptr[route + 1]):
                        link = l_idx[lk]
                        bit = 1 << l_section[lk]
                        for ek in range(e_ptr[link], e_ptr[link + 1]):
                            e = e_idx[ek]
                            for j in range(-1, k_ptr[e + 1] - k_ptr[e]):
                                s = slot[e] if j < 0 else slot[n_elements + k_idx[k_ptr[e] + j]]
                                if s < 0:
                                    continue
                                mask[s] |= bit
                                if seen_on[s] != route:
                                    both[s] &= current[s]
                                    seen_on[s], current[s] = route, 0
                                current[s] |= bit
                        row = l_rows[lk]
                        for pk in range(p_ptr[row], p_ptr[row + 1]):
                            piece = p_idx[pk] // 2
                            turned = p_idx[pk] % 2 == 1
                            a = piece_b[piece] if turned else piece_a[piece]
                            b = piece_a[piece] if turned else piece_b[piece]
                            indoors = (
                                a >= 0 and b >= 0 and p_home[a] >= 0 and p_home[a] == p_home[b]
                                and at == 0.0
                            )  # fmt: skip
                            after = at
                            if not indoors:
                                after = at + piece_m[piece] if piece_ok[piece] else np.inf
                            if a >= 0 and slot[place0 + a] >= 0:
                                s = slot[place0 + a]
                                far[s] = max(far[s], at)
                            if b >= 0 and slot[place0 + b] >= 0:
                                s = slot[place0 + b]
                                far[s] = max(far[s], after)
                            if piece < n_spans:
                                e = span0 + piece
                                if slot[e] >= 0:
                                    far[slot[e]] = max(far[slot[e]], after)
                                t = trench_of[piece]
                                if t >= 0 and slot[t] >= 0:
                                    far[slot[t]] = max(far[slot[t]], after)
                                for j in range(k_ptr[e], k_ptr[e + 1]):
                                    s = slot[n_elements + k_idx[j]]
                                    if s >= 0:
                                        far[s] = max(far[s], after)
                            at = after
        for s in range(first_out, n_out):
            slot[out[s]] = -1
            both[s] &= current[s]
            if both[s] > 0:
                mask[s] = both[s]
            if far[s] < 0:
                far[s] = np.inf
        indptr[u + 1] = n_out
    return out[:n_out], mask[:n_out], far[:n_out], own[:n_out], indptr
