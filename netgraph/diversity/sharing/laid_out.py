"""Working routes of some units, laid out side by side piece by piece."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.walked import END_PIECE, FIRST_PIECE, UNIT
from netgraph.topology.csr import Csr, gather, gather_positions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.sharing.cutting import Stretches
    from netgraph.diversity.sharing.walked import WalkedUnits
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_MOST_PIECES = 1 << 17  # laid out at a time, unless one unit has more


@dataclass(frozen=True, eq=False)
class LaidOut:
    """Ways of some units (rows), piece by piece from A.

    Attributes
    ----------
    unit, judged
        Position of each row's unit, ascending, and its number in the audit.
    ptr
        Row to pieces.
    route_ptr, route_row
        Segment's route to pieces, and the row of each route.
    element
        Elements of the span, cable and link of each piece, one past the last item for none; shape
        (3, pieces).
    entry, exit_, section, length_m, outside_m
        Of each piece: places, section, length (0 where not known), and the same less what lies in
        the A building.
    is_shared
        Pieces that are on a shared stretch of link, cable or trench.
    """

    unit: Ints
    judged: Ints
    ptr: Ints
    route_ptr: Ints
    route_row: Ints
    element: Ints
    entry: Ints
    exit_: Ints
    section: Ints
    length_m: Floats
    outside_m: Floats
    is_shared: Flags
    first_link: int

    def place_of(self, unit: int) -> int:
        """Row of a unit."""
        return int(np.searchsorted(self.unit, unit))

    def pieces(self, row: int) -> slice:
        """Pieces of one row."""
        return slice(int(self.ptr[row]), int(self.ptr[row + 1]))

    def pieces_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Pieces of some rows, and for each the position of its row."""
        return gather_positions(Csr(self.ptr, self.section), rows)

    def stops(self, row: int) -> Ints:
        """Known places along one row."""
        at = self.pieces(row)
        stops = np.concatenate([self.entry[at][:1], self.exit_[at]])
        return stops[stops >= 0]

    def stops_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Known places along some rows, and for each its row; in order within a row."""
        piece, owner = self.pieces_of(rows)
        some = rows[self.ptr[rows] < self.ptr[rows + 1]]
        row = np.concatenate([some, rows[owner]])
        stop = np.concatenate([self.entry[self.ptr[some]], self.exit_[piece]])
        return row[stop >= 0], stop[stop >= 0]

    def links_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Links along some rows, ascending and each once, and for each its row."""
        piece, owner = self.pieces_of(rows)
        link = self.element[2, piece] - self.first_link
        width = int(link.max(initial=0)) + 1
        at, link = np.divmod(np.unique(owner * width + link), width)
        return rows[at], link

    @cached_property
    def distances_m(self) -> tuple[Floats, Floats]:
        """Distance from A at which each piece begins and ends."""
        end, shift = np.empty(len(self.entry)), np.zeros(len(self.entry))
        row, so_far = -1, 0.0
        ptr = self.route_ptr.tolist()
        for of_route, low, high in zip(self.route_row.tolist(), ptr, ptr[1:], strict=False):
            so_far = so_far if of_route == row else 0.0
            row = of_route
            if low < high:
                np.cumsum(self.outside_m[low:high], out=end[low:high])
                shift[low:high] = so_far
                so_far += float(end[high - 1])
        return (end - self.outside_m) + shift, end + shift


def blocks_of(audit: Audit, units: WalkedUnits, wanted: Ints) -> Iterator[tuple[int, int]]:
    """First and end of some of the wanted units at a time: what is laid beside pieces is large."""
    route, owner = gather(Csr(units.ptr, units.route), wanted)
    table = audit.network.circuits.routes
    entry, of_route = gather_positions(table.links, route)
    n_pieces = audit.paths.of_link.counts[2 * table.links.indices[entry]]
    size = np.bincount(owner[of_route], weights=n_pieces, minlength=len(wanted))
    ends, low = np.cumsum(size), 0
    while low < len(wanted):
        room = (ends[low - 1] if low else 0) + _MOST_PIECES
        high = max(low + 1, int(np.searchsorted(ends, room, side="right")))
        yield low, high
        low = high


def lay_out(
    audit: Audit, judged: Ints, units: WalkedUnits, found: Stretches, block: Ints
) -> LaidOut:
    """Lay out the working routes of some units, ascending."""
    paths, offset = audit.paths, audit.network.elements.offset
    table, home = audit.network.circuits.routes, audit.network.places.padded_home
    route, of_unit = gather(Csr(units.ptr, units.route), block)
    entries, of_route = gather_positions(table.links, route)
    link = table.links.indices[entries]
    position, of_entry = gather_positions(paths.of_link, 2 * link + table.is_reversed[entries])
    piece, turned = np.divmod(paths.of_link.indices[position], 2)
    start = np.where(turned, paths.b[piece], paths.a[piece])
    stop = np.where(turned, paths.a[piece], paths.b[piece])
    length_m = np.nan_to_num(paths.length_m[piece])
    route_of_piece = of_route[of_entry]
    a_home = units.a_home[block][of_unit[route_of_piece]]
    indoors = (a_home >= 0) & (home[start] == a_home) & (home[stop] == a_home)
    span, none = np.where(piece < paths.n_spans, piece, -1), len(audit.kind)
    route_ptr = np.searchsorted(route_of_piece, np.arange(len(route) + 1))
    ptr = route_ptr[np.searchsorted(of_unit, np.arange(len(block) + 1))]
    return LaidOut(
        unit=block,
        judged=judged[block],
        ptr=ptr,
        route_ptr=route_ptr,
        route_row=of_unit,
        element=np.array([
            _numbered(span, offset["spans"], none),
            _numbered(paths.cable[position], offset["cables"], none),
            link[of_entry] + offset["links"],
        ]),
        entry=start,
        exit_=stop,
        section=audit.entry_section[entries][of_entry],
        length_m=length_m,
        outside_m=np.where(indoors, 0.0, length_m),
        is_shared=_shared_pieces(found, block, ptr),
        first_link=offset["links"],
    )  # fmt: skip


def _shared_pieces(found: Stretches, block: Ints, ptr: Ints) -> Flags:
    """Pieces of the ways on which a stretch lies."""
    low, high = np.searchsorted(found.record[:, UNIT], [block[0], block[-1] + 1])
    record = found.record[low:high]
    row = np.minimum(np.searchsorted(block, record[:, UNIT]), len(block) - 1)
    is_here = block[row] == record[:, UNIT]
    first, record = ptr[row[is_here]], record[is_here]
    n = int(ptr[-1]) + 1
    change = np.bincount(first + record[:, FIRST_PIECE], minlength=n)
    change -= np.bincount(first + record[:, END_PIECE], minlength=n)
    return np.cumsum(change[:-1]) > 0


def _numbered(values: Ints, first: int, none: int) -> Ints:
    return np.where(values >= 0, values + first, none)
