"""Where shared elements lie: their sections, and how far they reach from either end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.levels import Section

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


ACCESS_B = SECTION_BIT[Section.ACCESS_B]


class UnitArrays(NamedTuple):
    """Units, flat: unit to circuits, circuit to segments, segment to routes, unit to own homes."""

    c_ptr: Ints
    c_idx: Ints
    s_ptr: Ints
    s_idx: Ints
    r_ptr: Ints
    r_idx: Ints
    own_ptr: Ints
    own_idx: Ints
    is_judged: NDArray[np.bool_]


class RouteArrays(NamedTuple):
    """Route to links (`ptr`, `link`), with ``2 * link + is_reversed`` and the section of each.

    `start` and `end` are the places where each route begins and ends, -1 where that is not known.
    """

    ptr: Ints
    link: Ints
    row: Ints
    section: Ints
    start: Ints
    end: Ints


class ContentArrays(NamedTuple):
    """What links are made of.

    Attributes
    ----------
    e_ptr, e_idx
        Link to classes of elements that alone take it down
        (:mod:`netgraph.diversity.sharing.classes`).
    risk_ptr, risk_idx
        Class to its `n_risks` risk groups; a group is numbered after the classes.
    home
        Building of each class, -1 outside.
    """

    e_ptr: Ints
    e_idx: Ints
    risk_ptr: Ints
    risk_idx: Ints
    n_risks: int
    home: Ints


class PieceArrays(NamedTuple):
    """What can be measured along links.

    Attributes
    ----------
    ptr, idx
        ``2 * link + is_reversed`` to piece codes along the first leg, and `n_rows` rows further
        along the second (of a link whose carriers have two legs, their second ones as well).
    is_opaque
        Links along which nothing can be measured.
    is_cut, is_cut_at_end
        Something is not recorded just before a piece, or at the end of a row, whatever its
        neighbours join; shapes (entries of `idx`,) and (rows,).
    a, b, length_m, is_measured
        Ends and lengths of the pieces, of which the first are the spans.
    home
        Building of each place, -1 outside.
    span, place
        Class of each span and of each place.
    trench
        Class of each span's trench, -1 without one; shape (spans,).
    """

    ptr: Ints
    idx: Ints
    n_rows: int
    is_opaque: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]
    is_cut_at_end: NDArray[np.bool_]
    a: Ints
    b: Ints
    length_m: NDArray[np.float64]
    is_measured: NDArray[np.bool_]
    home: Ints
    span: Ints
    place: Ints
    trench: Ints


@dataclass(frozen=True)
class WalkArrays:
    """What the loops walk over, flat.

    Attributes
    ----------
    near_m
        How far from either end distances matter; elements within it are classes of their own.
    """

    routes: RouteArrays
    content: ContentArrays
    pieces: PieceArrays
    near_m: float


class Found(NamedTuple):
    """What every unit shares (`indptr`, `item`), and where that lies.

    `far_m` has shape (2, entries): from A, and from B.
    """

    indptr: Ints
    item: Ints
    sections: NDArray[np.int8]
    far_m: NDArray[np.float64]


class _OnRoute(NamedTuple):
    """Of every item that the unit shares, on the route that is being walked."""

    slot: NDArray[np.int32]  # by item: place among what the unit shares, -1 for what is not shared
    sections: Ints
    reach_m: NDArray[np.float64]
    near_m: float
    is_any_near: NDArray[np.bool_]  # one flag
    has_risk: NDArray[np.bool_]  # by class


@inner
def risky(content: ContentArrays) -> NDArray[np.bool_]:
    """Tell which classes belong to risk groups."""
    n_classes = len(content.risk_ptr) - 1
    has_risk = np.empty(n_classes, np.bool_)
    for e in range(n_classes):
        has_risk[e] = content.risk_ptr[e] < content.risk_ptr[e + 1]
    return has_risk


@inner
def is_own_end(class_: int, unit: int, own_ptr: Ints, own_idx: Ints, home: Ints) -> bool:
    """Whether a class stands in a building that is an end of the unit."""
    if home[class_] < 0:
        return False
    for k in range(own_ptr[unit], own_ptr[unit + 1]):  # noqa: SIM110 - compiled as it stands
        if own_idx[k] == home[class_]:
            return True
    return False


@inner
def _meet(p: int, q: int, home: Ints) -> bool:
    return p >= 0 and q >= 0 and bool(p == q or (home[p] >= 0 and home[p] == home[q]))


@inner
def _reach(slot: int, metres: float, on: _OnRoute) -> None:
    if slot >= 0:
        on.reach_m[slot] = max(on.reach_m[slot], metres)
        if metres <= on.near_m:
            on.is_any_near[0] = True


@inner
def _pass_span(
    span: int, after: float, pieces: PieceArrays, content: ContentArrays, on: _OnRoute
) -> None:
    """Note how far a span, its trench and its risk groups reach."""
    class_ = pieces.span[span]
    _reach(on.slot[class_], after, on)
    if pieces.trench[span] >= 0:
        _reach(on.slot[pieces.trench[span]], after, on)
    first_group = len(content.risk_ptr) - 1
    for k in range(content.risk_ptr[class_], content.risk_ptr[class_ + 1]):
        _reach(on.slot[first_group + content.risk_idx[k]], after, on)


@inner
def _along(
    row: int, at: float, here: int, pieces: PieceArrays, content: ContentArrays, on: _OnRoute
) -> tuple[float, int]:
    """Walk one leg from `here`, `at` metres from the end; a gap makes every distance infinite.

    Past `near_m` there is nothing left to learn unless something near may reach out to there.
    """
    for k in range(pieces.ptr[row], pieces.ptr[row + 1]):
        if at > on.near_m and not on.is_any_near[0]:
            return at, here
        piece = pieces.idx[k] // 2
        a, b = pieces.a[piece], pieces.b[piece]
        if pieces.idx[k] % 2 == 1:
            a, b = b, a
        if pieces.is_cut[k] or not _meet(here, a, pieces.home):
            at = np.inf
        if a >= 0:
            _reach(on.slot[pieces.place[a]], at, on)
        if at > 0.0 or not _meet(a, b, pieces.home) or pieces.home[a] < 0:
            at = at + pieces.length_m[piece] if pieces.is_measured[piece] else np.inf
        if b >= 0:
            _reach(on.slot[pieces.place[b]], at, on)
        if piece < len(pieces.trench):
            _pass_span(piece, at, pieces, content, on)
        here = b
    return at, -1 if pieces.is_cut_at_end[row] else here


@inner
def _is_on_link(item: int, link: int, content: ContentArrays) -> bool:
    """Whether a class takes a link down; binary search in the link's sorted row."""
    low, high = content.e_ptr[link], content.e_ptr[link + 1]
    while low < high:
        middle = (low + high) // 2
        if content.e_idx[middle] < item:
            low = middle + 1
        else:
            high = middle
    return bool(low < content.e_ptr[link + 1] and content.e_idx[low] == item)


@inner
def _settle_near(
    entries: tuple[int, int], items: tuple[int, int], found: Found, routes: RouteArrays,
    pieces: PieceArrays, content: ContentArrays, on: _OnRoute,
) -> bool:  # fmt: skip
    """Send away what lies near but is met again on later links of the route.

    Without walking them; False where only a walk finds it: a risk group is near, or a later link
    has two legs.
    """
    for k in range(entries[0], entries[1]):
        other = routes.row[k] + pieces.n_rows
        if pieces.ptr[other] < pieces.ptr[other + 1]:
            return False
    for s in range(items[0], items[1]):
        if on.reach_m[s - items[0]] < 0 or on.reach_m[s - items[0]] > on.near_m:
            continue
        if found.item[s] >= len(content.risk_ptr) - 1:
            return False
        for k in range(entries[0], entries[1]):
            if _is_on_link(found.item[s], routes.link[k], content):
                on.reach_m[s - items[0]] = np.inf
                break
    return True


@inner
def _measure_route(  # noqa: PLR0913, PLR0917 - compiled; tuples would hide what is walked
    route: int, side: int, at: float, items: tuple[int, int], found: Found, routes: RouteArrays,
    pieces: PieceArrays, content: ContentArrays, on: _OnRoute,
) -> None:  # fmt: skip
    """Walk one route from A (`side` 0) or from B (1), along all legs of its links.

    Past `near_m` no distance matters: what is near is then looked up on the links that remain.
    """
    here = routes.end[route] if side else routes.start[route]
    low, high = routes.ptr[route], routes.ptr[route + 1]
    on.is_any_near[0] = False
    is_open = True
    for i in range(high - low):
        k = high - 1 - i if side else low + i
        if is_open and at > on.near_m:
            rest = (low, k + 1) if side else (k, high)
            if not on.is_any_near[0] or _settle_near(
                rest, items, found, routes, pieces, content, on
            ):
                return
            is_open = False
        if pieces.is_opaque[routes.link[k]]:
            at = np.inf
        start, start_m = here, at
        row = routes.row[k] ^ side
        at, here = _along(row, start_m, start, pieces, content, on)
        if pieces.ptr[row + pieces.n_rows] < pieces.ptr[row + pieces.n_rows + 1]:
            after, _ = _along(row + pieces.n_rows, start_m, start, pieces, content, on)
            # What is near on the second leg alone may lie far along the first.
            again, _ = _along(row, start_m, start, pieces, content, on)
            at = max(after, again)


@inner
def _note_sections(
    route: int, unit: int, units: UnitArrays, routes: RouteArrays, content: ContentArrays,
    on: _OnRoute, is_group_shared: bool,  # noqa: FBT001 - compiled
) -> None:  # fmt: skip
    """Note in which sections the route touches what the unit shares."""
    first_group = len(content.risk_ptr) - 1
    for lk in range(routes.ptr[route], routes.ptr[route + 1]):
        link, bit = routes.link[lk], 1 << routes.section[lk]
        for ek in range(content.e_ptr[link], content.e_ptr[link + 1]):
            e = content.e_idx[ek]
            if on.slot[e] >= 0:
                on.sections[on.slot[e]] |= bit
            if not (is_group_shared and on.has_risk[e]) or is_own_end(
                e, unit, units.own_ptr, units.own_idx, content.home
            ):
                continue
            for k in range(content.risk_ptr[e], content.risk_ptr[e + 1]):
                slot = on.slot[first_group + content.risk_idx[k]]
                if slot >= 0:
                    on.sections[slot] |= bit


def measure(units: UnitArrays, walk: WalkArrays, found: Found) -> None:
    """Fill in the sections and distances of what was found; O(classes on the units' routes).

    A distance over `near_m` may come out as infinite, and says nothing of a class of several.
    """
    _measure(units, walk.routes, walk.content, walk.pieces, found, walk.near_m)


@entry
def _measure(
    units: UnitArrays, routes: RouteArrays, content: ContentArrays, pieces: PieceArrays,
    found: Found, near_m: float,
) -> None:  # fmt: skip
    most = 0  # shared items of a unit
    for unit in range(len(units.c_ptr) - 1):
        most = max(most, found.indptr[unit + 1] - found.indptr[unit])
    on = _OnRoute(
        np.full(len(content.risk_ptr) - 1 + content.n_risks, -1, np.int32),
        np.zeros(most, np.int64),
        np.full(most, -1.0),
        near_m,
        np.zeros(1, np.bool_),
        risky(content),
    )
    every = np.empty(most, np.int64)
    for unit in range(len(units.c_ptr) - 1):
        low, high = found.indptr[unit], found.indptr[unit + 1]
        if low == high:
            continue
        is_group_shared = False
        for s in range(low, high):
            on.slot[found.item[s]] = s - low
            every[s - low] = -1
            is_group_shared = is_group_shared or found.item[s] >= len(on.has_risk)
        for ck in range(units.c_ptr[unit], units.c_ptr[unit + 1]):
            first, last = units.s_ptr[units.c_idx[ck]], units.s_ptr[units.c_idx[ck] + 1] - 1
            for sk in range(first, last + 1):
                for rk in range(units.r_ptr[units.s_idx[sk]], units.r_ptr[units.s_idx[sk] + 1]):
                    route = units.r_idx[rk]
                    _note_sections(route, unit, units, routes, content, on, is_group_shared)
                    # Distances from B serve circuits between two sites only.
                    last_entry = routes.ptr[route + 1] - 1
                    has_b = last_entry >= routes.ptr[route] and (
                        routes.section[last_entry] == ACCESS_B
                    )
                    for side in range(2):
                        if side == 1 and not has_b:
                            for s in range(low, high):
                                found.far_m[1, s] = np.inf
                            continue
                        at = 0.0 if sk == (last if side else first) else np.inf
                        _measure_route(
                            route, side, at, (low, high), found, routes, pieces, content, on
                        )
                        # What touches the route elsewhere than on its pieces is not measured.
                        for s in range(low, high):
                            if on.sections[s - low]:
                                far = on.reach_m[s - low] if on.reach_m[s - low] >= 0 else np.inf
                                found.far_m[side, s] = max(found.far_m[side, s], far)
                            on.reach_m[s - low] = -1.0
                    for s in range(low, high):
                        if on.sections[s - low]:
                            found.sections[s] |= on.sections[s - low]
                            every[s - low] &= on.sections[s - low]
                        on.sections[s - low] = 0
        for s in range(low, high):
            on.slot[found.item[s]] = -1
            if every[s - low] > 0:
                found.sections[s] = every[s - low]
