"""What units share beside stretches: points, risk groups, offices and devices on their routes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.levels import Section
from netgraph.diversity.sharing.runs import SharedRun
from netgraph.diversity.verdict_kinds import RISK_GROUP, SUSPECT
from netgraph.topology.csr import Csr, gather, gather_positions
from netgraph.topology.elements import BUILDING, DEVICE, LOCATION, POINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.sharing.stretches import WalkedUnits
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_SECTIONS = tuple(Section)
_BLOCK = 64  # units whose routes are laid out at a time


def find_points(
    audit: Audit, verdicts: Sequence[Verdict], units: WalkedUnits, wanted: Ints
) -> Iterator[tuple[int, list[SharedRun]]]:
    """Find shared points, risk groups, offices and devices that no shared stretch accounts for.

    Parameters
    ----------
    audit, verdicts, units
        The units, and their working routes and shared sets in the same order.
    wanted
        Positions of the units to look at.

    Yields
    ------
    tuple of int and list of SharedRun
        Position, and what was found; O(pieces of the working route, and for every shared risk
        group as many again).
    """
    finder = _Finder(audit)
    for low in range(0, len(wanted), _BLOCK):
        block = wanted[low : low + _BLOCK]
        for i, way in zip(block.tolist(), _ways(audit, units, block), strict=True):
            shared = units.shared[units.shared_ptr[i] : units.shared_ptr[i + 1]]
            yield i, finder.find(verdicts[i].unit, shared, way)


class _Way(NamedTuple):
    """A working route, piece by piece from A.

    Attributes
    ----------
    element
        Elements of the span, cable, link and trench of each piece, one past the last item for
        none; shape (4, pieces).
    entry, exit_, section
        Places and section of each piece.
    length_m, outside_m
        Its length, 0 where not known; the same less what lies in the A building.
    ends
        Where the route of each segment begins in these arrays, and the last one ends.
    """

    element: Ints
    entry: Ints
    exit_: Ints
    section: Ints
    length_m: Floats
    outside_m: Floats
    ends: tuple[int, ...]

    def distances_m(self) -> tuple[Floats, Floats]:
        """Distance from A at which each piece begins and ends."""
        starts, ends, shift = [], [], 0.0
        for low, high in pairwise(self.ends):
            end = np.cumsum(self.outside_m[low:high])
            starts.append((end - self.outside_m[low:high]) + shift)
            ends.append(end + shift)
            shift += float(end[-1]) if high > low else 0.0
        return np.concatenate(starts), np.concatenate(ends)


def _ways(audit: Audit, units: WalkedUnits, block: Ints) -> Iterator[_Way]:
    """Lay out the working routes of some units side by side; yield them one by one."""
    paths, elements = audit.paths, audit.network.elements
    table, home = audit.network.circuits.routes, audit.network.places.padded_home
    route, of_unit = gather(Csr(units.ptr, units.route), block)
    entries, of_route = gather_positions(table.links, route)
    link = table.links.indices[entries]
    position, of_entry = gather_positions(paths.of_link, 2 * link + table.is_reversed[entries])
    piece, turned = np.divmod(paths.of_link.indices[position], 2)
    start = np.where(turned, paths.b[piece], paths.a[piece])
    stop = np.where(turned, paths.a[piece], paths.b[piece])
    length_m = np.nan_to_num(paths.length_m[piece])
    a_home = units.a_home[block][of_unit[of_route[of_entry]]]
    indoors = (a_home >= 0) & (home[start] == a_home) & (home[stop] == a_home)
    span = np.where(piece < paths.n_spans, piece, -1)
    element = np.array([
        _numbered(span, elements.offset["spans"], len(audit.kind)),
        _numbered(paths.cable[position], elements.offset["cables"], len(audit.kind)),
        link[of_entry] + elements.offset["links"],
        _numbered(
            np.append(audit.network.spans.trench, -1)[span], elements.offset["trenches"],
            len(audit.kind),
        ),
    ])  # fmt: skip
    section, outside_m = audit.entry_section[entries][of_entry], np.where(indoors, 0.0, length_m)
    route_ptr = np.searchsorted(of_route[of_entry], np.arange(len(route) + 1)).tolist()
    unit_ptr = np.searchsorted(of_unit, np.arange(len(block) + 1)).tolist()
    for first, last in pairwise(unit_ptr):
        ends = route_ptr[first : last + 1]
        at = slice(ends[0], ends[-1])
        yield _Way(
            element[:, at], start[at], stop[at], section[at], length_m[at], outside_m[at],
            tuple(end - ends[0] for end in ends),
        )  # fmt: skip


def _numbered(values: Ints, first: int, none: int) -> Ints:
    return np.where(values >= 0, values + first, none)


class _Marked(NamedTuple):
    """A way on which the stretches that a unit shares are marked.

    Attributes
    ----------
    is_shared
        Pieces that are on such a stretch.
    start_m, end_m
        Distances from A.
    own
        Buildings that are the unit's own ends.
    """

    way: _Way
    is_shared: Flags
    start_m: Floats
    end_m: Floats
    own: frozenset[int]


class _Finder:
    """Looks at one unit after the other, on marks that are taken back after each."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        n_items, offset = len(audit.kind), audit.network.elements.offset
        self._first_place, self._n_elements = offset["places"], len(audit.network.elements)
        self._is_looked_at = np.isin(audit.kind, (POINT, LOCATION, DEVICE, BUILDING, RISK_GROUP))
        self._is_suspect = audit.kind == SUSPECT
        # One more for what is none.
        self._shared = np.zeros(n_items + 1, dtype=bool)
        self._member = np.zeros(n_items + 1, dtype=bool)
        self._covered = np.zeros(len(audit.network.places) + 1, dtype=bool)

    def find(self, unit: int, shared: Ints, way: _Way) -> list[SharedRun]:
        """Find what one unit shares beside stretches."""
        suspected = [self._members(e) for e in shared[self._is_suspect[shared]].tolist()]
        marked = np.concatenate([shared, *suspected])
        self._shared[marked] = True
        is_shared = np.logical_or.reduce(self._shared[way.element], axis=0)
        passed = np.concatenate([way.entry[is_shared], way.exit_[is_shared]])
        self._covered[passed] = True
        own = frozenset(self._audit.units.exempt.row(unit).tolist())
        on = _Marked(way, is_shared, *way.distances_m(), own)
        chosen = shared[self._is_looked_at[shared]]
        kinds = self._audit.kind[chosen]
        found = [
            *self._points(chosen[kinds == POINT].tolist(), on),
            *self._risk_groups(chosen[kinds == RISK_GROUP].tolist(), on),
            *self._indoors(chosen[(kinds != POINT) & (kinds != RISK_GROUP)].tolist(), on),
        ]
        self._shared[marked] = False
        self._covered[passed] = False
        return found

    def _members(self, element: int) -> Ints:
        return self._audit.risk_members.row(element - self._n_elements)

    def _points(self, points: list[int], on: _Marked) -> Iterator[SharedRun]:
        for element in points:
            place = element - self._first_place
            if not self._covered[place]:
                yield _at_point(on, "structure", self._name(element), place)

    def _name(self, element: int) -> str:
        return str(self._audit.network.elements.ids[element])

    def _risk_groups(self, groups: list[int], on: _Marked) -> Iterator[SharedRun]:
        """Shared recorded groups, at every member on the route that nothing above accounts for."""
        for element in groups:
            members, name = (
                self._members(element),
                str(self._audit.risks.ids[element - self._n_elements]),
            )
            self._member[members] = True
            is_member = self._member[on.way.element[:3]].any(axis=0)
            places = self._member_places(members, on)
            self._member[members] = False
            pieces = np.flatnonzero(is_member & ~on.is_shared)
            near = {*on.way.entry[pieces].tolist(), *on.way.exit_[pieces].tolist()}
            for stretch in np.split(pieces, np.flatnonzero(np.diff(pieces) > 1) + 1):
                if len(stretch):
                    yield self._risk_stretch(on, name, stretch)
            for place in places:
                if not self._is_listed(place) and place not in near:
                    yield _at_point(on, "risk_group", name, place)
            if not (is_member.any() or places):  # nothing that has a place on the route
                yield SharedRun("risk_group", -1, -1, (name,), 0.0, 0.0, "")

    def _is_listed(self, place: int) -> bool:
        """Whether a place is shared itself, or on a shared stretch."""
        return bool(self._covered[place] or self._shared[self._first_place + place])

    def _member_places(self, members: Ints, on: _Marked) -> list[int]:
        """Places on the route that are members, or house a network element or room that is one.

        The unit's own ends are left out.
        """
        network, offset, way = self._audit.network, self._audit.network.elements.offset, on.way
        stops = np.concatenate([way.entry[:1], way.exit_])
        stops = stops[stops >= 0]
        found = stops[self._member[stops + offset["places"]]].tolist()
        if (members >= offset["equipment"]).any():  # network elements, rooms, buildings
            links = np.unique(way.element[2]) - offset["links"]
            for ends in (network.links.a_equipment[links], network.links.b_equipment[links]):
                devices = ends[ends >= 0]
                rooms = network.equipment.room[devices]
                inside = self._member[devices + offset["equipment"]]
                inside |= (rooms >= 0) & self._member[rooms + offset["rooms"]]
                found += network.equipment.location[devices[inside]].tolist()
        return [p for p in dict.fromkeys(found) if int(network.places.home[p]) not in on.own]

    def _risk_stretch(self, on: _Marked, name: str, pieces: Ints) -> SharedRun:
        way = on.way
        stops = np.concatenate([way.entry[pieces[:1]], way.exit_[pieces]])
        first, last = self._lasting(stops[stops >= 0])
        return SharedRun(
            kind="risk_group",
            from_place=first,
            to_place=last,
            elements=(name,),
            length_m=float(way.length_m[pieces].sum()),
            distance_from_a_m=float(on.start_m[pieces[0]]),
            section=_SECTIONS[way.section[pieces[0]]].value,
        )

    def _lasting(self, known: Ints) -> tuple[int, int]:
        """First and last lasting point on a stretch; its very ends where it has no two."""
        lasting = known[self._audit.network.places.is_lasting[known]]
        chosen = lasting if len(lasting) >= 2 else known
        return (int(chosen[0]), int(chosen[-1])) if len(chosen) else (-1, -1)

    def _indoors(self, indoors: list[int], on: _Marked) -> Iterator[SharedRun]:
        """Shared offices, buildings and devices that no shared stretch already ends at."""
        network, elements = self._audit.network, self._audit.network.elements
        kinds = self._audit.kind[indoors].tolist()
        housed = {
            int(network.places.building[element - self._first_place])
            for element, kind in zip(indoors, kinds, strict=True)
            if kind == LOCATION
        }
        for element, element_kind in zip(indoors, kinds, strict=True):
            kind, place = "office", elements.position("places", element)
            if element_kind == DEVICE:
                device = elements.position("equipment", element)
                kind, place = "equipment", int(network.equipment.location[device])
            elif element_kind == BUILDING:
                building = elements.position("buildings", element)
                if building in housed:
                    continue
                place = self._entered_at(on.way, building)
            if not self._covered[place]:
                yield _at_point(on, kind, self._name(element), place)

    def _entered_at(self, way: _Way, building: int) -> int:
        """First place of a building on the route."""
        stops = np.concatenate([way.entry[:1], way.exit_])
        stops = stops[stops >= 0]
        inside = stops[self._audit.network.places.building[stops] == building]
        return int(inside[0]) if len(inside) else -1


def _at_point(on: _Marked, kind: str, name: str, place: int) -> SharedRun:
    """Give a point where the route first comes to it."""
    way = on.way
    pieces = np.flatnonzero((way.entry == place) | (way.exit_ == place))
    if len(pieces) == 0:
        return SharedRun(kind, place, place, (name,), 0.0, 0.0, "")
    piece = pieces[0]
    at_m = on.start_m if way.entry[piece] == place else on.end_m
    section = _SECTIONS[way.section[piece]].value
    return SharedRun(kind, place, place, (name,), 0.0, float(at_m[piece]), section)
