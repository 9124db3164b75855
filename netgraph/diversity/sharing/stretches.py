"""Cut the working routes of many units into the stretches that they share: one compiled loop.

The routes of a province are some fifteen million pieces long; they are walked one unit after the
other and never held all at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.sharing.sums import sum_pairwise
from netgraph.diversity.sharing.walked import (
    BY_CABLE,
    BY_LINK,
    BY_TRENCH,
    END_MEMBER,
    END_PIECE,
    FIRST_MEMBER,
    FIRST_PIECE,
    FROM_PLACE,
    KIND,
    LENGTH_M,
    N_COLUMNS,
    NOT_SHARED,
    SECTION,
    SHARED_M,
    START_M,
    TO_PLACE,
    TOTAL_M,
    UNIT,
    UNPROTECTED_M,
    Things,
    WalkedUnits,
    Ways,
)
from netgraph.diversity.verdict_kinds import RISK_GROUP, SUSPECT
from netgraph.topology.elements import BUILDING, DEVICE, LOCATION, POINT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]


class _Walk(NamedTuple):
    """Room for the working route of one unit.

    Lengths of all its pieces, and of those that are not protected; and the pieces of the stretch
    that is being walked.
    """

    length_m: Floats
    bare_m: Floats
    span: Ints
    entry: Ints
    exit_: Ints


class _Stretch(NamedTuple):
    """Where a stretch begins, and the link or cable that it lies on."""

    kind: int
    thing: int
    section: int
    first_piece: int
    start_m: float


class _Marks(NamedTuple):
    """The last unit (plus one) that shares a class, or in which something else is so.

    A class or a span of it is shared; a span is, by suspicion; the shared stretches pass a piece
    (a span, and after them a cable or link of which no spans are known), or run through a place; an
    office of a building is shared.
    """

    shared: Ints
    touched: Ints
    suspect: Ints
    piece: Ints
    place: Ints
    building: Ints


class _Found(NamedTuple):
    """What was found so far; `size` counts the records, the members, what is open, and steps.

    Open is what a unit shares beside its stretches: unit and element. There is one row of `unit_m`
    for each unit, and one of `step_m` for each link on its routes.
    """

    record: Ints
    metres: Floats
    member: Ints
    open: Ints
    size: Ints
    unit_m: Floats
    step_m: Floats


@inner
def _mark_shared(unit: int, units: WalkedUnits, things: Things, marks: _Marks) -> int:
    """Mark what the unit shares; of a suspicion its two spans. Count what may be open of it."""
    n_open, mark = 0, unit + 1
    for k in range(units.shared_ptr[unit], units.shared_ptr[unit + 1]):
        item = units.shared[k]
        n_open += things.open_ptr[item + 1] - things.open_ptr[item]
        marks.shared[item] = marks.touched[item] = mark
        group = item - things.n_classes
        if group >= 0 and things.kind[things.n_elements + group] == SUSPECT:
            for m in range(things.member_ptr[group], things.member_ptr[group + 1]):
                span = things.member[m] - things.first_span
                marks.suspect[span] = marks.touched[things.span[span]] = mark
    return n_open


@inner
def _is_touched(link: int, mark: int, things: Things, marks: _Marks) -> bool:
    """Whether something of a link may be on a shared stretch."""
    for k in range(things.touched_ptr[link], things.touched_ptr[link + 1]):
        if marks.touched[things.touched[k]] == mark:
            return True
    return False


@inner
def _kind_of(at: int, mark: int, ways: Ways, things: Things, marks: _Marks) -> int:
    """Find the strongest kind of sharing of a piece whose link is not shared."""
    cable, span, trench = ways.cable[at], ways.span[at], ways.trench[at]
    if cable >= 0 and marks.shared[things.cable[cable]] == mark:
        return BY_CABLE
    if span >= 0 and (
        marks.shared[ways.class_[at]] == mark
        or marks.suspect[span] == mark
        or (trench >= 0 and marks.shared[trench] == mark)
    ):
        return BY_TRENCH
    return NOT_SHARED


@inner
def _piece_of(at: int, ways: Ways, things: Things) -> int:
    """Tell pieces apart: a span, else the cable, else the link of which no more is known."""
    if ways.span[at] >= 0:
        return ways.span[at]
    if ways.cable[at] >= 0:
        return len(things.span) + ways.cable[at]
    return len(things.span) + len(things.cable) + ways.link[at]


@inner
def _pieces_of(unit: int, units: WalkedUnits, ways: Ways) -> int:
    n = 0
    for k in range(units.ptr[unit], units.ptr[unit + 1]):
        for e in range(ways.route_ptr[units.route[k]], ways.route_ptr[units.route[k] + 1]):
            n += ways.piece_ptr[ways.row[e] + 1] - ways.piece_ptr[ways.row[e]]
    return n


@inner
def _pass_by(
    row: int, n: int, at: float, a_home: int, ways: Ways, length_m: Floats
) -> float:  # fmt: skip
    """Add the lengths of a link's pieces from place n on; those in the A building lead nowhere."""
    low, high = ways.piece_ptr[row], ways.piece_ptr[row + 1]
    is_home = a_home >= 0 and ways.is_indoors[row]
    for q in range(low, high):
        known = ways.metres[q]
        length_m[n + q - low] = known
        if not (is_home and ways.inside[q] == a_home):
            at += known
    return at


@inner
def _walk_unit(  # noqa: PLR0915 - compiled: one pass over millions of pieces
    unit: int, units: WalkedUnits, ways: Ways, things: Things, marks: _Marks, walk: _Walk,
    found: _Found,
) -> None:  # fmt: skip
    """Walk the routes of all segments from A, and add a stretch wherever one ends.

    See :func:`netgraph.diversity.audit.positions.locate_all` for where.
    """
    mark, a_home = unit + 1, units.a_home[unit]
    n, n_bare, n_open, shift, shared_m = 0, 0, 0, 0.0, 0.0
    kind, thing, begun = NOT_SHARED, -1, (0, 0, 0.0)
    for k in range(units.ptr[unit], units.ptr[unit + 1]):
        at, route, first = 0.0, units.route[k], n
        for e in range(ways.route_ptr[route], ways.route_ptr[route + 1]):
            row = ways.row[e]
            start_m = at
            found.step_m[found.size[3], 0], found.step_m[found.size[3], 1] = at, shift
            found.size[3] += 1
            at = _pass_by(row, n, at, a_home, ways, walk.length_m)
            is_by_link = marks.shared[things.link[row // 2]] == mark
            if not (is_by_link or _is_touched(row // 2, mark, things, marks)):
                if kind != NOT_SHARED:
                    stretch = _Stretch(kind, thing, begun[0], begun[1], begun[2])
                    _add_stretch(unit, stretch, n_open, walk, things, found)
                kind = NOT_SHARED
                n += ways.piece_ptr[row + 1] - ways.piece_ptr[row]
                continue
            for q in range(ways.piece_ptr[row], ways.piece_ptr[row + 1]):
                span, known = ways.span[q], ways.metres[q]
                start, stop = ways.start[q], ways.stop[q]
                outside = 0.0 if a_home >= 0 and ways.inside[q] == a_home else known
                start_m += outside
                here, on = BY_LINK, row // 2
                if not is_by_link:
                    here, on = _kind_of(q, mark, ways, things, marks), ways.cable[q]
                    bare = ways.link[q]
                    if bare >= 0 and marks.shared[things.link[bare]] == mark:
                        here, on = BY_LINK, bare
                is_cut = here != kind or (start >= 0 and things.is_building[start])
                is_cut |= here < BY_TRENCH and on != thing
                if is_cut and kind != NOT_SHARED:
                    stretch = _Stretch(kind, thing, begun[0], begun[1], begun[2])
                    _add_stretch(unit, stretch, n_open, walk, things, found)
                if here != NOT_SHARED:
                    if is_cut:
                        n_open, begun = 0, (ways.section[e], n, (start_m - outside) + shift)
                    walk.span[n_open], walk.entry[n_open], walk.exit_[n_open] = span, start, stop
                    n_open += 1
                    marks.place[start + 1] = marks.place[stop + 1] = mark
                    piece = _piece_of(q, ways, things)
                    if marks.piece[piece] != mark:  # what is passed twice counts once
                        shared_m += known
                    marks.piece[piece] = mark
                kind, thing = here, on
                n += 1
        if not units.is_protected[k]:
            for i in range(first, n):
                walk.bare_m[n_bare] = walk.length_m[i]
                n_bare += 1
        shift += at
    if kind != NOT_SHARED:
        stretch = _Stretch(kind, thing, begun[0], begun[1], begun[2])
        _add_stretch(unit, stretch, n_open, walk, things, found)
    found.unit_m[unit, TOTAL_M] = sum_pairwise(walk.length_m, np.int64(0), n)
    found.unit_m[unit, UNPROTECTED_M] = sum_pairwise(walk.bare_m, np.int64(0), n_bare)
    found.unit_m[unit, SHARED_M] = shared_m


@inner
def _ends(n: int, walk: _Walk, things: Things) -> tuple[int, int]:
    """First and last lasting point on a stretch of n pieces; its very ends if it has no two."""
    known, lasting = (-1, -1), (-1, -1)
    n_lasting = 0
    for i in range(-1, n):
        place = walk.entry[0] if i < 0 else walk.exit_[i]
        if place < 0:
            continue
        known = (place if known[0] < 0 else known[0], place)
        if things.is_lasting[place]:
            lasting = (place if n_lasting == 0 else lasting[0], place)
            n_lasting += 1
    return lasting if n_lasting >= 2 else known


@inner
def _add_stretch(
    unit: int, stretch: _Stretch, n_pieces: int, walk: _Walk, things: Things, found: _Found
) -> None:
    n, m, low = found.size[0], found.size[1], stretch.first_piece
    start, stop = _ends(n_pieces, walk, things)
    found.record[n, UNIT], found.record[n, KIND] = unit, stretch.kind
    found.record[n, FROM_PLACE], found.record[n, TO_PLACE] = start, stop
    found.record[n, SECTION], found.record[n, FIRST_MEMBER] = stretch.section, m
    found.metres[n, LENGTH_M] = sum_pairwise(walk.length_m, low, low + n_pieces)
    found.metres[n, START_M] = stretch.start_m
    if stretch.kind == BY_TRENCH:
        for i in range(n_pieces):
            found.member[m] = walk.span[i]
            m += 1
    else:  # one link or cable: it is cut where that changes
        found.member[m] = stretch.thing
        m += 1
    found.record[n, END_MEMBER] = m
    found.record[n, FIRST_PIECE], found.record[n, END_PIECE] = low, low + n_pieces
    found.size[0], found.size[1] = n + 1, m


@inner
def _add_open(unit: int, units: WalkedUnits, things: Things, marks: _Marks, found: _Found) -> None:
    """Note what is shared but not where a stretch runs, nor a building of a shared office."""
    first_place, first_device, first_building = things.first
    low, high = units.shared_ptr[unit], units.shared_ptr[unit + 1]
    for k in range(low, high):
        for m in range(things.open_ptr[units.shared[k]], things.open_ptr[units.shared[k] + 1]):
            element = things.open_member[m]
            if things.kind[element] == LOCATION:
                marks.building[things.building[element - first_place] + 1] = unit + 1
    for k in range(low, high):
        for m in range(things.open_ptr[units.shared[k]], things.open_ptr[units.shared[k] + 1]):
            element = things.open_member[m]
            kind, place = things.kind[element], -2
            if kind in (POINT, LOCATION):
                place = element - first_place
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
        np.empty((room, 2), np.int64), found.size, found.unit_m, found.step_m,
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
) -> tuple[Ints, Floats, Ints, Floats, Floats, Ints]:
    """Cut one unit after the other; the arrays are those of `cutting.Stretches`."""
    n_units = len(units.ptr) - 1
    n_items = len(things.open_ptr) - 1
    marks = _Marks(
        np.zeros(n_items, np.int32),
        np.zeros(n_items, np.int32),
        np.zeros(len(things.span), np.int32),
        np.zeros(len(things.span) + len(things.cable) + len(things.link), np.int32),
        np.zeros(len(things.building) + 1, np.int32),
        np.zeros(len(things.kind) + 1, np.int32),
    )
    n_steps = 0
    for k in range(units.ptr[0], units.ptr[n_units]):
        n_steps += ways.route_ptr[units.route[k] + 1] - ways.route_ptr[units.route[k]]
    found = _Found(
        np.empty((64, N_COLUMNS), np.int64), np.empty((64, 2)), np.empty(64, np.int64),
        np.empty((64, 2), np.int64), np.zeros(4, np.int64), np.zeros((n_units, 3)),
        np.empty((n_steps, 2)),
    )  # fmt: skip
    most = 0
    for unit in range(n_units):
        most = max(most, _pieces_of(unit, units, ways))
    walk = _Walk(
        np.empty(most), np.empty(most), np.empty(most, np.int64), np.empty(most, np.int64),
        np.empty(most, np.int64),
    )  # fmt: skip
    for unit in range(n_units):
        n_open = _mark_shared(unit, units, things, marks)
        found = _with_room(found, _pieces_of(unit, units, ways) + n_open)
        _walk_unit(unit, units, ways, things, marks, walk, found)
        _add_open(unit, units, things, marks, found)
    n_records, n_members, n_open = found.size[0], found.size[1], found.size[2]
    return (
        found.record[:n_records], found.metres[:n_records], found.member[:n_members], found.unit_m,
        found.step_m, found.open[:n_open],
    )  # fmt: skip
