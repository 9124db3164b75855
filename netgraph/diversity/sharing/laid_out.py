"""Working routes of some units side by side, link by link; their pieces are looked up, not held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.sharing.walked import END_PIECE, FIRST_PIECE, UNIT
from netgraph.topology.csr import Csr, gather, gather_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.sharing.cutting import Stretches
    from netgraph.diversity.sharing.walked import WalkedUnits, Ways
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]


class Meetings(NamedTuple):
    """First piece at which a row meets a place (-1 if it does not), and whether a shared one is."""

    piece: Ints
    is_covered: Flags


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Ways of some units (rows) from A: steps, one for each link, and the pieces of these.

    Pieces are numbered through all rows: millions, of which few are asked for.

    Attributes
    ----------
    ways, n_places
        What is laid out, and how many places there are.
    unit, a_home
        Position of each row's unit, ascending, and the home of its A.
    routes, steps
        Row to routes, and route to steps (positions); shape (rows + 1,) and (routes + 1,).
    row_of_step, way, section
        Of each step: its row, ``2 * link + is_reversed``, and its section.
    begin_m
        Of each step: where it begins on its route, outside the A building, and where that begins.
    first
        First piece of each step, and the end of the last one's; shape (steps + 1,).
    shared_first, shared_end
        Pieces at which shared stretches of link, cable or trench begin and end, ascending.
    """

    ways: Ways
    n_places: int
    unit: Ints
    a_home: Ints
    routes: Ints
    steps: Ints
    row_of_step: Ints
    way: Ints
    section: Ints
    begin_m: Floats
    first: Ints
    shared_first: Ints
    shared_end: Ints

    def step_of(self, piece: Ints) -> Ints:
        """Step of each of some pieces."""
        return np.searchsorted(self.first, piece, side="right") - 1

    def at(self, piece: Ints) -> Ints:
        """Where to look some pieces up in the columns of `ways`."""
        step = self.step_of(piece)
        return self.ways.piece_ptr[self.way[step]] + (piece - self.first[step])

    def row_of(self, piece: Ints) -> Ints:
        """Row of each of some pieces."""
        return self.row_of_step[self.step_of(piece)]

    def is_shared(self, piece: Ints) -> Flags:
        """Which of some pieces are on a shared stretch."""
        stretch = np.searchsorted(self.shared_first, piece, side="right")
        return piece < np.append(0, self.shared_end)[stretch]

    def where(self, mark: Flags) -> Ints:
        """Pieces that are marked in the columns of `ways`, ascending."""
        marked, ptr = np.flatnonzero(mark), self.ways.piece_ptr
        table = Csr(np.searchsorted(marked, ptr), marked)
        position, step = gather(table, self.way)
        return self.first[step] + (position - ptr[self.way[step]])

    def stops_where(self, is_asked: Flags) -> tuple[Ints, Ints]:
        """Rows, and the asked for places at which pieces begin (or go on behind a gap) or end.

        In the order of the pieces; a place between two pieces is there twice. `is_asked` has one
        value more than there are places, for what is not known.
        """
        ends = (self.ways.start, self.ways.stop)
        begun, ended = (self.where(is_asked[end]) for end in ends)
        order = np.argsort(np.concatenate([2 * begun, 2 * ended + 1]))
        place = np.concatenate(
            [end[self.at(p)] for end, p in zip(ends, (begun, ended), strict=True)]
        )
        return self.row_of(np.concatenate([begun, ended])[order]), place[order]

    def meet(self, row: Ints, place: Ints) -> Meetings:
        """Find where rows first come to a place."""
        is_asked = np.zeros(self.n_places + 1, dtype=bool)
        is_asked[place] = True
        is_asked[-1] = False
        pieces, keys = [], []
        for ends in (self.ways.start, self.ways.stop):
            piece = self.where(is_asked[ends])
            pieces.append(piece)
            keys.append(self.row_of(piece) * self.n_places + ends[self.at(piece)])
        piece, key = np.concatenate([*pieces, [-1]]), np.concatenate([*keys, [-1]])
        order = np.lexsort((piece, key))
        asked = np.where(place >= 0, row * self.n_places + place, -1)
        found = order[np.minimum(np.searchsorted(key[order], asked), len(order) - 1)]
        return Meetings(
            np.where(key[found] == asked, piece[found], -1),
            is_among(asked, key[self.is_shared(piece) & (key >= 0)]),
        )

    def distances_m(self, piece: Ints) -> tuple[Floats, Floats]:
        """Distances from A at which some pieces begin and end, outside the A building.

        O(pieces of their steps); added up one after the other, as in the kernel.
        """
        step, at = self.step_of(piece), self.at(piece)
        first = self.ways.piece_ptr[self.way[step]]
        a_home = self.a_home[self.row_of_step[step]]
        begin_m, shift_m = self.begin_m[step].T
        end_m = begin_m.copy()
        for k in range(int((at - first).max(initial=-1)) + 1):
            some = np.flatnonzero(first + k <= at)
            end_m[some] += self._outside_m(first[some] + k, a_home[some])
        return (end_m - self._outside_m(at, a_home)) + shift_m, end_m + shift_m

    def _outside_m(self, at: Ints, a_home: Ints) -> Floats:
        """Lengths of pieces, 0 for those inside the A building."""
        is_inside = (a_home >= 0) & (self.ways.inside[at] == a_home)
        return np.where(is_inside, 0.0, self.ways.metres[at])


def is_among(values: Ints, others: Ints) -> Flags:
    """Whether each value (no less than -1) is among others; quicker on so many than `np.isin`."""
    ordered = np.append(np.sort(others), -2)
    return ordered[np.searchsorted(ordered[:-1], values)] == values


def lay_out(
    units: WalkedUnits, ways: Ways, found: Stretches, wanted: Ints, n_places: int
) -> LaidOut:
    """Lay out the working routes of some units, ascending; O(links on them)."""
    counts = np.diff(ways.route_ptr)[units.route]
    steps_of_all = Csr(np.append(0, np.cumsum(counts)), units.route)
    position, of_unit = gather_positions(Csr(units.ptr, units.route), wanted)
    step, of_route = gather_positions(steps_of_all, position)
    begin = ways.route_ptr[units.route[position]] - steps_of_all.indptr[position]
    entry, row_of_step = step + begin[of_route], of_unit[of_route]
    way = ways.row[entry]
    first = np.append(0, np.cumsum(ways.piece_ptr[way + 1] - ways.piece_ptr[way]))
    row = np.full(len(units.a_home), -1)
    row[wanted] = np.arange(len(wanted))
    row = row[found.record[:, UNIT]]
    stretches = found.record[row >= 0]
    steps = np.searchsorted(of_route, np.arange(len(position) + 1))
    routes = np.searchsorted(of_unit, np.arange(len(wanted) + 1))
    begin = first[steps[routes[row[row >= 0]]]]
    return LaidOut(
        ways=ways,
        n_places=n_places,
        unit=wanted,
        a_home=units.a_home[wanted],
        routes=routes,
        steps=steps,
        row_of_step=row_of_step,
        way=way,
        section=ways.section[entry],
        begin_m=found.step_m[step],
        first=first,
        shared_first=begin + stretches[:, FIRST_PIECE],
        shared_end=begin + stretches[:, END_PIECE],
    )
