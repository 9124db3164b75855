"""Cut the working routes of many units into the stretches that they share: one compiled loop.

The routes of a province are some fifteen million pieces long; they are walked one unit after the
other and never held all at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.sharing.sums import sum_pairwise
from netgraph.diversity.verdict_kinds import RISK_GROUP, SUSPECT
from netgraph.topology.elements import BUILDING, DEVICE, LOCATION, POINT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

#: Kinds of shared stretch, strongest first; a piece gets the strongest that applies.
BY_LINK, BY_CABLE, BY_TRENCH, NOT_SHARED = range(4)
#: Columns of the records of stretches.
UNIT, KIND, FROM_PLACE, TO_PLACE, SECTION, FIRST_MEMBER, END_MEMBER, FIRST_PIECE, END_PIECE = range(
    9
)
N_COLUMNS = 9
#: Columns of the metres of stretches, and of units.
LENGTH_M, START_M = range(2)
TOTAL_M, UNPROTECTED_M, SHARED_M = range(3)


class WalkedUnits(NamedTuple):
    """Units: their working routes (`ptr`, `route`, `is_protected`), home of A, and shared set."""

    ptr: Ints
    route: Ints
    is_protected: NDArray[np.bool_]
    a_home: Ints
    shared_ptr: Ints
    shared: Ints


class Ways(NamedTuple):
    """Route to rows ``2 * link + is_reversed`` with the section of each, and row to pieces.

    `home` has a last -1 for the unknown place.
    """

    route_ptr: Ints
    row: Ints
    section: Ints
    piece_ptr: Ints
    piece: Ints
    cable: Ints
    a: Ints
    b: Ints
    length_m: Floats
    home: Ints


class Things(NamedTuple):
    """What elements and places are.

    `first` holds the first link, cable, span, trench, place, network element and building of the
    numbering; `trench`, `location` and `building` (of a place) are -1 where there is none.
    """

    first: tuple[int, int, int, int, int, int, int]
    kind: Ints
    n_elements: int
    n_spans: int
    trench: Ints
    location: Ints
    building: Ints
    member_ptr: Ints
    member: Ints
    is_building: NDArray[np.bool_]
    is_lasting: NDArray[np.bool_]


class _Walk(NamedTuple):
    """The working route of one unit, piece by piece from A."""

    link: Ints
    cable: Ints
    span: Ints
    section: Ints
    entry: Ints
    exit_: Ints
    kind: Ints
    length_m: Floats
    start_m: Floats
    is_protected: NDArray[np.bool_]
    is_cut: NDArray[np.bool_]


class _Marks(NamedTuple):
    """The last unit (plus one) that shares an element, or an office of a building.

    Or whose shared stretches pass a span, or run through a place.
    """

    element: Ints
    span: Ints
    place: Ints
    building: Ints


class _Found(NamedTuple):
    """What was found so far; `size` counts the records, the members and what is open.

    Open is what a unit shares beside its stretches: unit and element.
    """

    record: Ints
    metres: Floats
    member: Ints
    open: Ints
    size: Ints


@inner
def _mark_shared(unit: int, units: WalkedUnits, things: Things, marks: _Marks) -> None:
    """Mark what the unit shares; of a suspicion its two spans."""
    for k in range(units.shared_ptr[unit], units.shared_ptr[unit + 1]):
        element = units.shared[k]
        marks.element[element] = unit + 1
        if things.kind[element] == SUSPECT:
            group = element - things.n_elements
            for m in range(things.member_ptr[group], things.member_ptr[group + 1]):
                marks.element[things.member[m]] = unit + 1


@inner
def _set_kinds(unit: int, walk: _Walk, things: Things, marks: _Marks) -> None:
    """Find the strongest kind of sharing of each piece."""
    first_link, first_cable, first_span, first_trench = things.first[:4]
    shared, trenches, mark = marks.element, things.trench, unit + 1
    links, cables, spans, kinds = walk.link, walk.cable, walk.span, walk.kind
    for i in range(len(kinds)):
        cable, span = cables[i], spans[i]
        kinds[i] = NOT_SHARED
        if shared[first_link + links[i]] == mark:
            kinds[i] = BY_LINK
        elif cable >= 0 and shared[first_cable + cable] == mark:
            kinds[i] = BY_CABLE
        elif span >= 0:
            trench = trenches[span]
            if shared[first_span + span] == mark or (
                trench >= 0 and shared[first_trench + trench] == mark
            ):
                kinds[i] = BY_TRENCH


@inner
def _pieces_of(unit: int, units: WalkedUnits, ways: Ways) -> int:
    n = 0
    for k in range(units.ptr[unit], units.ptr[unit + 1]):
        for e in range(ways.route_ptr[units.route[k]], ways.route_ptr[units.route[k] + 1]):
            n += ways.piece_ptr[ways.row[e] + 1] - ways.piece_ptr[ways.row[e]]
    return n


@inner
def _new_walk(n: int) -> _Walk:
    return _Walk(
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64),
        np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64),
        np.empty(n, np.int64), np.empty(n), np.empty(n), np.empty(n, np.bool_),
        np.empty(n, np.bool_),
    )  # fmt: skip


@inner
def _fill(unit: int, units: WalkedUnits, ways: Ways, n_spans: int, walk: _Walk) -> None:
    """Walk the routes of all segments from A; pieces inside the A building add no metres."""
    a_home, i, shift = units.a_home[unit], 0, 0.0
    home, pieces, rows = ways.home, ways.piece, ways.row  # looked up once, not once a piece
    for k in range(units.ptr[unit], units.ptr[unit + 1]):
        route, at = units.route[k], 0.0
        for e in range(ways.route_ptr[route], ways.route_ptr[route + 1]):
            row, section = rows[e], ways.section[e]
            for q in range(ways.piece_ptr[row], ways.piece_ptr[row + 1]):
                piece = pieces[q] // 2
                start, stop = ways.a[piece], ways.b[piece]
                if pieces[q] % 2 == 1:
                    start, stop = stop, start
                length = ways.length_m[piece]
                known = 0.0 if np.isnan(length) else length
                indoors = a_home >= 0 and home[start] == a_home and home[stop] == a_home
                outside = 0.0 if indoors else known
                at += outside
                walk.link[i], walk.cable[i] = row // 2, ways.cable[q]
                walk.span[i] = piece if piece < n_spans else -1
                walk.section[i], walk.entry[i], walk.exit_[i] = section, start, stop
                walk.length_m[i], walk.start_m[i] = known, (at - outside) + shift
                walk.is_protected[i] = units.is_protected[k]
                i += 1
        shift += at


@inner
def _set_cuts(walk: _Walk, is_building: NDArray[np.bool_]) -> None:
    """Note where stretches begin: see :func:`netgraph.diversity.audit.positions.locate_all`."""
    kinds, links, cables, entries = walk.kind, walk.link, walk.cable, walk.entry
    for i in range(1, len(kinds)):
        kind = kinds[i]
        is_cut = kind != kinds[i - 1] or (entries[i] >= 0 and is_building[entries[i]])
        is_cut |= kind == BY_CABLE and cables[i] != cables[i - 1]
        is_cut |= kind == BY_LINK and links[i] != links[i - 1]
        walk.is_cut[i] = is_cut


@inner
def _ends(low: int, high: int, walk: _Walk, things: Things) -> tuple[int, int]:
    """First and last lasting point on a stretch; its very ends where it has no two."""
    known, lasting = (-1, -1), (-1, -1)
    n_lasting = 0
    for i in range(low - 1, high):
        place = walk.entry[low] if i < low else walk.exit_[i]
        if place < 0:
            continue
        known = (place if known[0] < 0 else known[0], place)
        if things.is_lasting[place]:
            lasting = (place if n_lasting == 0 else lasting[0], place)
            n_lasting += 1
    return lasting if n_lasting >= 2 else known


@inner
def _add_stretch(
    unit: int, low: int, high: int, walk: _Walk, things: Things, found: _Found
) -> None:
    n, m, kind = found.size[0], found.size[1], walk.kind[low]
    start, stop = _ends(low, high, walk, things)
    found.record[n, UNIT], found.record[n, KIND] = unit, kind
    found.record[n, FROM_PLACE], found.record[n, TO_PLACE] = start, stop
    found.record[n, SECTION], found.record[n, FIRST_MEMBER] = walk.section[low], m
    found.metres[n, LENGTH_M] = sum_pairwise(walk.length_m, low, high)
    found.metres[n, START_M] = walk.start_m[low]
    if kind == BY_TRENCH:
        for i in range(low, high):
            found.member[m] = walk.span[i]
            m += 1
    else:  # one link or cable: it is cut where that changes
        found.member[m] = walk.link[low] if kind == BY_LINK else walk.cable[low]
        m += 1
    found.record[n, END_MEMBER] = m
    found.record[n, FIRST_PIECE], found.record[n, END_PIECE] = low, high
    found.size[0], found.size[1] = n + 1, m


@inner
def _add_metres(unit: int, walk: _Walk, marks: _Marks, unit_m: Floats) -> None:
    """Sum the unit's metres, shared ones once a span; mark the places on its stretches."""
    bare = np.empty(len(walk.kind))
    n_bare, shared_m = 0, 0.0
    for i in range(len(walk.kind)):
        if not walk.is_protected[i]:
            bare[n_bare] = walk.length_m[i]
            n_bare += 1
        if walk.kind[i] == NOT_SHARED:
            continue
        marks.place[walk.entry[i] + 1] = marks.place[walk.exit_[i] + 1] = unit + 1
        span = walk.span[i]
        if span < 0 or marks.span[span] != unit + 1:
            shared_m += walk.length_m[i]
        if span >= 0:
            marks.span[span] = unit + 1
    unit_m[unit, TOTAL_M] = sum_pairwise(walk.length_m, np.int64(0), len(walk.kind))
    unit_m[unit, UNPROTECTED_M], unit_m[unit, SHARED_M] = (
        sum_pairwise(bare, np.int64(0), n_bare),
        shared_m,
    )


@inner
def _add_open(unit: int, units: WalkedUnits, things: Things, marks: _Marks, found: _Found) -> None:
    """Note what is shared but not where a stretch runs, nor a building of a shared office."""
    first_place, first_device, first_building = things.first[4:]
    for k in range(units.shared_ptr[unit], units.shared_ptr[unit + 1]):
        element = units.shared[k]
        kind = things.kind[element]
        place = -2
        if kind in (POINT, LOCATION):
            place = element - first_place
            if kind == LOCATION:
                marks.building[things.building[place] + 1] = unit + 1
        elif kind == DEVICE:
            place = things.location[element - first_device]
        is_open = kind == RISK_GROUP or (place > -2 and marks.place[place + 1] != unit + 1)
        if kind == BUILDING:
            is_open = marks.building[element - first_building + 1] != unit + 1
        if is_open:
            n = found.size[2]
            found.open[n, 0], found.open[n, 1] = unit, element
            found.size[2] = n + 1


@inner
def _with_room(found: _Found, more: int) -> _Found:
    """Make room for more of everything, at least twice what there was."""
    if max(found.size[0], found.size[1], found.size[2]) + more <= len(found.record):
        return found
    room = 2 * (len(found.record) + more)
    larger = _Found(
        np.empty((room, N_COLUMNS), np.int64), np.empty((room, 2)), np.empty(room, np.int64),
        np.empty((room, 2), np.int64), found.size,
    )  # fmt: skip
    for i in range(found.size[0]):
        for j in range(N_COLUMNS):
            larger.record[i, j] = found.record[i, j]
        for j in range(2):
            larger.metres[i, j] = found.metres[i, j]
    for i in range(found.size[1]):
        larger.member[i] = found.member[i]
    for i in range(found.size[2]):
        larger.open[i, 0], larger.open[i, 1] = found.open[i, 0], found.open[i, 1]
    return larger


@entry
def cut_in_turn(
    units: WalkedUnits, ways: Ways, things: Things
) -> tuple[Ints, Floats, Ints, Floats, Ints]:
    """Cut one unit after the other; the arrays are those of `cutting.Stretches`."""
    n_units = len(units.ptr) - 1
    marks = _Marks(
        np.zeros(len(things.kind), np.int64),
        np.zeros(things.n_spans, np.int64),
        np.zeros(len(ways.home) + 1, np.int64),
        np.zeros(len(things.kind) + 1, np.int64),
    )
    found = _Found(
        np.empty((64, N_COLUMNS), np.int64), np.empty((64, 2)), np.empty(64, np.int64),
        np.empty((64, 2), np.int64), np.zeros(3, np.int64),
    )  # fmt: skip
    unit_m = np.zeros((n_units, 3))
    for unit in range(n_units):
        n = _pieces_of(unit, units, ways)
        walk = _new_walk(n)
        _mark_shared(unit, units, things, marks)
        _fill(unit, units, ways, things.n_spans, walk)
        _set_kinds(unit, walk, things, marks)
        _set_cuts(walk, things.is_building)
        _add_metres(unit, walk, marks, unit_m)
        found = _with_room(found, n + units.shared_ptr[unit + 1] - units.shared_ptr[unit])
        _add_open(unit, units, things, marks, found)
        low = np.int64(0)  # numba compiles one more version for every number written out
        for i in range(1, n + 1):
            if i == n or walk.is_cut[i]:
                if walk.kind[low] != NOT_SHARED:
                    _add_stretch(unit, low, i, walk, things, found)
                low = np.int64(i)
    n_records, n_members, n_open = found.size[0], found.size[1], found.size[2]
    return (
        found.record[:n_records], found.metres[:n_records], found.member[:n_members], unit_m,
        found.open[:n_open],
    )  # fmt: skip
