"""Compiled search for the places where a disk hits a largest set of lines.

A piece is a row of :class:`~netgraph.diversity.geometry.blocks.Blocks`; its stadium has the radius
of the disk times the piece's scale. Places are worked out relative to a piece's start, so that
nothing is lost to the size of the coordinates.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.geometry.blocks import SCALE
from netgraph.diversity.geometry.closeness import piece_of
from netgraph.diversity.geometry.kernels import (
    piece_distance_squared,
    point_distance_squared,
)

if TYPE_CHECKING:
    from netgraph.diversity.geometry.blocks import NearBlocks
    from netgraph.diversity.geometry.kernels import Piece
    from netgraph.diversity.geometry.projection import Booleans, Floats, Integers

MOST_PLACES = 36  # of the borders of two stadia: 4 x 2 by circles, 8 x 2 by both, 4 by lines, spare


class Field(NamedTuple):
    """Pieces, the line of each, their near pieces, the radius and the tolerance."""

    pieces: Floats
    line: Integers
    near: NearBlocks
    radius_m: float
    tolerance: float


class Sets(NamedTuple):
    """Distinct sets of lines found so far, with a hash table over them.

    Set k is ``members[start[k]:start[k + 1]]``, ascending; a disk around ``centre[k]`` hits it.
    `slots` holds numbers of sets by hash, -1 = free.
    """

    known: int
    start: Integers
    members: Integers
    centre: Floats
    slots: Integers


@entry
def collect_disk_sets(field: Field, lines: int) -> Sets:
    """Find the sets of lines hit from every place on the border of a line's stadia.

    Parameters
    ----------
    field
        The near pieces of each piece reach at least as far as two radii.
    lines
        Number of lines.

    Returns
    -------
    Sets
        Distinct, not yet only the largest. O(pairs of near pieces x near pieces).
    """
    sets = Sets(
        0,
        np.zeros(64, dtype=np.int64),
        np.empty(256, dtype=np.int64),
        np.empty((64, 2)),
        np.full(128, -1, dtype=np.int64),
    )
    stamp, hit = np.full(lines, -1, dtype=np.int64), np.empty(lines, dtype=np.int64)
    places, tick = np.empty((MOST_PLACES, 2)), 0
    for i in range(len(field.pieces)):
        for slot in range(field.near.start[i], field.near.start[i + 1]):
            j = field.near.other[slot]
            if j < i:
                continue
            count = _own_places(field, i, places) if i == j else _places(field, i, j, places)
            for at in range(count):
                tick += 1
                size = _hit_lines(field, (i, j), (places[at, 0], places[at, 1]), stamp, tick, hit)
                if size > 0:
                    sets = _add_set(sets, hit, size, places[at, 0], places[at, 1])
    return sets


@inner
def _own_places(field: Field, i: int, places: Floats) -> int:
    """List the four places where the straight and the round parts of a piece's border join."""
    x, y, to_x, to_y = piece_of(field.pieces, i, 1.0)
    radius = field.radius_m * field.pieces[i, SCALE]
    normal_x, normal_y = _normal(x, y, to_x, to_y)
    count = 0
    for end_x, end_y in ((x, y), (to_x, to_y)):
        for side in (-radius, radius):
            places[count, 0], places[count, 1] = end_x + side * normal_x, end_y + side * normal_y
            count += 1
    return count


@inner
def _normal(x: float, y: float, to_x: float, to_y: float) -> tuple[float, float]:
    """Give the unit vector across a piece; upwards for a point."""
    length = math.hypot(to_x - x, to_y - y)
    if length == 0.0:
        return 0.0, 1.0
    return (y - to_y) / length, (to_x - x) / length


@inner
def _places(field: Field, i: int, j: int, places: Floats) -> int:
    """List the places where the borders of two stadia cross or touch."""
    origin_x, origin_y = field.pieces[i, 0], field.pieces[i, 1]
    x, y, to_x, to_y = piece_of(field.pieces, i, 1.0)
    a = (0.0, 0.0, to_x - x, to_y - y)
    x, y, to_x, to_y = piece_of(field.pieces, j, 1.0)
    b = (x - origin_x, y - origin_y, to_x - origin_x, to_y - origin_y)
    radius_a = field.radius_m * field.pieces[i, SCALE]
    radius_b = field.radius_m * field.pieces[j, SCALE]
    reach = radius_a + radius_b + field.tolerance
    if piece_distance_squared(a, b) > reach * reach:
        return 0
    count = 0
    for end_a in range(2):
        for end_b in range(2):
            circle_a = (a[2 * end_a], a[2 * end_a + 1], radius_a)
            circle_b = (b[2 * end_b], b[2 * end_b + 1], radius_b)
            count = _circles(circle_a, circle_b, field.tolerance, places, count)
    for side in range(2):
        border_a, border_b = _border(a, radius_a, side), _border(b, radius_b, side)
        for end in range(2):
            circle_b = (b[2 * end], b[2 * end + 1], radius_b)
            count = _circle_line(circle_b, border_a, field.tolerance, places, count)
            circle_a = (a[2 * end], a[2 * end + 1], radius_a)
            count = _circle_line(circle_a, border_b, field.tolerance, places, count)
            count = _lines(border_a, _border(b, radius_b, end), places, count)
    kept = 0
    for at in range(count):
        place_x, place_y = places[at, 0], places[at, 1]
        off_a = math.sqrt(point_distance_squared(place_x, place_y, a)) - radius_a
        off_b = math.sqrt(point_distance_squared(place_x, place_y, b)) - radius_b
        if abs(off_a) <= field.tolerance and abs(off_b) <= field.tolerance:
            places[kept, 0], places[kept, 1] = place_x + origin_x, place_y + origin_y
            kept += 1
    return kept


@inner
def _border(piece: Piece, radius: float, side: int) -> Piece:
    """One of the two straight parts of a stadium's border."""
    normal_x, normal_y = _normal(piece[0], piece[1], piece[2], piece[3])
    off = radius if side else -radius
    x, y = off * normal_x, off * normal_y
    return piece[0] + x, piece[1] + y, piece[2] + x, piece[3] + y


@inner
def _circles(
    a: tuple[float, float, float],
    b: tuple[float, float, float],
    tolerance: float,
    places: Floats,
    count: int,
) -> int:
    """Add the places where two circles cross or touch."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    apart = math.hypot(dx, dy)
    if apart == 0.0 or apart > a[2] + b[2] + tolerance:
        return count
    along = (apart * apart + a[2] * a[2] - b[2] * b[2]) / (2.0 * apart)
    along = min(a[2], max(-a[2], along))
    across = math.sqrt(max(0.0, a[2] * a[2] - along * along))
    x, y = a[0] + along * dx / apart, a[1] + along * dy / apart
    for side in (-across, across):
        places[count, 0], places[count, 1] = x - side * dy / apart, y + side * dx / apart
        count += 1
    return count


@inner
def _circle_line(
    circle: tuple[float, float, float],
    line: Piece,
    tolerance: float,
    places: Floats,
    count: int,
) -> int:
    """Add the places where a circle crosses or touches the line through a piece."""
    dx, dy = line[2] - line[0], line[3] - line[1]
    length = math.hypot(dx, dy)
    if length == 0.0:
        return count
    dx, dy = dx / length, dy / length
    x, y = line[0] - circle[0], line[1] - circle[1]
    off = x * dy - y * dx
    if abs(off) > circle[2] + tolerance:
        return count
    middle = -(x * dx + y * dy)
    reach = math.sqrt(max(0.0, circle[2] * circle[2] - off * off))
    for along in (middle - reach, middle + reach):
        places[count, 0], places[count, 1] = line[0] + along * dx, line[1] + along * dy
        count += 1
    return count


@inner
def _lines(a: Piece, b: Piece, places: Floats, count: int) -> int:
    """Add the place where the lines through two pieces cross."""
    ax, ay, bx, by = a[2] - a[0], a[3] - a[1], b[2] - b[0], b[3] - b[1]
    turn = ax * by - ay * bx
    if turn == 0.0:
        return count
    along = ((b[0] - a[0]) * by - (b[1] - a[1]) * bx) / turn
    places[count, 0], places[count, 1] = a[0] + along * ax, a[1] + along * ay
    return count + 1


@inner
def _hit_lines(
    field: Field,
    pair: tuple[int, int],
    place: tuple[float, float],
    stamp: Integers,
    tick: int,
    hit: Integers,
) -> int:
    """Collect the lines hit from a place, ascending; 0 if it is no border of the pair's lines."""
    i, j = pair
    line_i, line_j, size = field.line[i], field.line[j], 0
    x, y = place
    for slot in range(field.near.start[i], field.near.start[i + 1]):
        piece = field.near.other[slot]
        line = field.line[piece]
        radius = field.radius_m * field.pieces[piece, SCALE]
        squared = point_distance_squared(x, y, piece_of(field.pieces, piece, 1.0))
        if squared > (radius + field.tolerance) ** 2:
            continue
        if line in (line_i, line_j) and squared < (radius - field.tolerance) ** 2:
            return 0
        if stamp[line] == tick:
            continue
        stamp[line] = tick
        at = size
        while at > 0 and hit[at - 1] > line:
            hit[at] = hit[at - 1]
            at -= 1
        hit[at] = line
        size += 1
    return size


@inner
def _add_set(sets: Sets, hit: Integers, size: int, x: float, y: float) -> Sets:
    """Add a set unless it is there already."""
    slot = _slot(sets, hit, size)
    if sets.slots[slot] >= 0:
        return sets
    count, start, members, centre, slots = sets
    end = start[count] + size
    if end > len(members):
        members = _longer(members, 2 * end)
    if count + 2 > len(start):
        start = _longer(start, 2 * count + 4)
        wider = np.empty((2 * count + 4, 2))
        for row in range(count):
            wider[row, 0], wider[row, 1] = centre[row, 0], centre[row, 1]
        centre = wider
    for at in range(size):
        members[start[count] + at] = hit[at]
    start[count + 1], slots[slot] = end, count
    centre[count, 0], centre[count, 1] = x, y
    sets = Sets(count + 1, start, members, centre, slots)
    if 2 * sets.known > len(slots):
        sets = _rehash(sets)
    return sets


@inner
def _longer(array: Integers, size: int) -> Integers:
    longer = np.empty(size, dtype=np.int64)
    for at in range(len(array)):
        longer[at] = array[at]
    return longer


@inner
def _slot(sets: Sets, hit: Integers, size: int) -> int:
    """Find the slot of a set, or the free one where it belongs (open addressing)."""
    value = 1469598103934665603  # Fowler, Noll and Vo's hash, one step a member, modulo 2**64
    for at in range(size):
        value = (value ^ hit[at]) * 1099511628211
    mask = len(sets.slots) - 1
    slot = (value ^ (value >> 32)) & mask
    while sets.slots[slot] >= 0 and not _is_set(sets, sets.slots[slot], hit, size):
        slot = (slot + 1) & mask
    return slot


@inner
def _is_set(sets: Sets, number: int, hit: Integers, size: int) -> bool:
    first = sets.start[number]
    if sets.start[number + 1] - first != size:
        return False
    at = 0
    while at < size and sets.members[first + at] == hit[at]:
        at += 1
    return at == size


@inner
def _rehash(sets: Sets) -> Sets:
    """Spread the same sets over twice the slots."""
    slots = np.full(2 * len(sets.slots), -1, dtype=np.int64)
    wider = Sets(sets.known, sets.start, sets.members, sets.centre, slots)
    for number in range(sets.known):
        first, end = sets.start[number], sets.start[number + 1]
        slots[_slot(wider, sets.members[first:end], end - first)] = number
    return wider


@entry
def keep_largest(start: Integers, members: Integers, order: Integers, lines: int) -> Booleans:
    """Mark the sets that no other contains.

    Parameters
    ----------
    start, members
        Distinct sets of lines, each ascending (CSR).
    order
        The sets from the largest to the smallest.
    lines
        Number of lines.

    Returns
    -------
    ndarray of shape (sets,)
        Each set is compared with the larger ones that hold its rarest line.
    """
    is_kept = np.zeros(len(order), dtype=np.bool_)
    newest, holders = np.full(lines, -1, dtype=np.int64), np.zeros(lines, dtype=np.int64)
    before, node_set = (
        np.empty(len(members), dtype=np.int64),
        np.empty(len(members), dtype=np.int64),
    )
    nodes = 0
    for number in order:
        first, end = start[number], start[number + 1]
        rarest = members[first]
        for at in range(first, end):
            if holders[members[at]] < holders[rarest]:
                rarest = members[at]
        node = newest[rarest]
        while node >= 0 and not _contains(start, members, node_set[node], first, end):
            node = before[node]
        if node >= 0:
            continue
        is_kept[number] = True
        for at in range(first, end):
            before[nodes], node_set[nodes] = newest[members[at]], number
            newest[members[at]] = nodes
            holders[members[at]] += 1
            nodes += 1
    return is_kept


@inner
def _contains(start: Integers, members: Integers, number: int, first: int, end: int) -> bool:
    """Whether a set holds all of ``members[first:end]``; both ascending."""
    at = start[number]
    for wanted in range(first, end):
        while at < start[number + 1] and members[at] < members[wanted]:
            at += 1
        if at == start[number + 1] or members[at] != members[wanted]:
            return False
    return True
