"""What units share beside stretches: points, risk groups, offices and devices on their routes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.sharing.laid_out import LaidOut, blocks_of, lay_out
from netgraph.diversity.sharing.runs import KIND_CODE
from netgraph.diversity.sharing.sums import sums_of_ranges
from netgraph.diversity.verdict_kinds import RISK_GROUP
from netgraph.topology.csr import gather
from netgraph.topology.elements import BUILDING, DEVICE, POINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.sharing.cutting import Stretches
    from netgraph.diversity.sharing.walked import WalkedUnits
    from netgraph.topology.csr import Ints

_STRUCTURE, _GROUP = KIND_CODE["structure"], KIND_CODE["risk_group"]
_DEVICE, _OFFICE = KIND_CODE["equipment"], KIND_CODE["office"]


class PointRun(NamedTuple):
    """One run that is no stretch of a link, cable or trench; columns as in `RunTable`."""

    unit: int
    kind: int
    from_place: int
    to_place: int
    section: int
    length_m: float
    start_m: float
    element: int


def find_points(audit: Audit, judged: Ints, units: WalkedUnits, found: Stretches) -> list[PointRun]:
    """Find shared points, risk groups, offices and devices that no shared stretch accounts for.

    Parameters
    ----------
    audit, judged, units, found
        Numbers of the units, their working routes and shared sets, and what was cut out of them;
        what is `open` there is looked at.

    Returns
    -------
    list of PointRun
        By unit; within one structures, risk groups, then the others, by number. Cost O(pieces of
        the working routes concerned, and for every shared risk group as many again).
    """
    runs: list[PointRun] = []
    wanted, first = np.unique(found.open[:, 0], return_index=True)
    ends = np.append(first[1:], len(found.open))
    for low, high in blocks_of(audit, units, wanted):
        ways = lay_out(audit, judged, units, found, wanted[low:high])
        finder = _Finder(audit, units, ways)
        several = [
            *finder.points_and_indoors(found.open[first[low] : ends[high - 1]]),
            *finder.risk_groups(found.open[first[low] : ends[high - 1]]),
        ]
        several.sort(key=_order)
        runs += [run for _, _, run in several]
    return runs


class _NearGroups(NamedTuple):
    """Pieces, and stops, that belong to a shared group, and the rows of both."""

    piece: Ints
    row: Ints
    stop: Ints
    stop_row: Ints


#: Order of a run (structures, groups, indoors), number of its element, and the run.
_Ranked = tuple[int, int, PointRun]


def _order(ranked: _Ranked) -> tuple[int, int, int]:
    rank, element, run = ranked
    return run.unit, rank, element


class _Finder:
    """Looks at a block of units whose working routes are laid out side by side."""

    def __init__(self, audit: Audit, units: WalkedUnits, ways: LaidOut) -> None:
        self._audit, self._units, self._ways = audit, units, ways
        offset = audit.network.elements.offset
        self._offset, self._n_elements = offset, len(audit.network.elements)
        # One more for what is none.
        self._member = np.zeros(len(audit.kind) + 1, dtype=bool)

    def points_and_indoors(self, open_: Ints) -> Iterator[_Ranked]:
        """Shared points, offices, buildings and devices that no shared stretch touches."""
        kind = self._audit.kind[open_[:, 1]]
        network, chosen = self._audit.network, open_[kind != RISK_GROUP]
        for unit, element in chosen.tolist():
            i, kind_of = self._ways.place_of(unit), self._audit.kind[element]
            code, place = _OFFICE, element - self._offset["places"]
            if kind_of == POINT:
                code = _STRUCTURE
            elif kind_of == DEVICE:
                code = _DEVICE
                place = int(network.equipment.location[element - self._offset["equipment"]])
            elif kind_of == BUILDING:
                place = self._entered_at(i, element - self._offset["buildings"])
                if self._is_covered(i, place):
                    continue
            rank = 0 if kind_of == POINT else 2
            yield rank, element, self._at_point(i, code, place, element)

    def _entered_at(self, i: int, building: int) -> int:
        """First place of a building on the route."""
        stops = self._ways.stops(i)
        inside = stops[self._audit.network.places.building[stops] == building]
        return int(inside[0]) if len(inside) else -1

    def _is_covered(self, i: int, place: int) -> bool:
        """Whether a place is on a shared stretch of the unit."""
        at, ways = self._ways.pieces(i), self._ways
        passed = (ways.entry[at] == place) | (ways.exit_[at] == place)
        return bool((passed & ways.is_shared[at]).any())

    def _at_point(self, i: int, kind: int, place: int, element: int) -> PointRun:
        """Give a point where the route first comes to it."""
        at, ways = self._ways.pieces(i), self._ways
        unit = int(ways.unit[i])
        pieces = np.flatnonzero((ways.entry[at] == place) | (ways.exit_[at] == place))
        if len(pieces) == 0:
            return PointRun(unit, kind, place, place, -1, 0.0, 0.0, element)
        piece = int(pieces[0]) + at.start
        start_m, end_m = ways.distances_m
        at_m = float((start_m if ways.entry[piece] == place else end_m)[piece])
        return PointRun(unit, kind, place, place, int(ways.section[piece]), 0.0, at_m, element)

    def risk_groups(self, open_: Ints) -> Iterator[_Ranked]:
        """Shared recorded groups, at every member on the route that nothing above accounts for."""
        chosen = open_[self._audit.kind[open_[:, 1]] == RISK_GROUP]
        chosen = chosen[np.argsort(chosen[:, 1], kind="stable")]
        groups, first = np.unique(chosen[:, 1], return_index=True)
        near = self._near_groups(groups)
        bare: list[tuple[Ints, Ints, Ints]] = []
        for group, (low, high) in zip(
            groups.tolist(), pairwise([*first.tolist(), len(chosen)]), strict=True
        ):
            rows = np.searchsorted(self._ways.unit, chosen[low:high, 0])
            piece, row, places = self._of_group(group, rows, near)
            bare.append((np.full(len(piece), group), piece, row))
            for run in places:
                yield 1, group, run
        if bare:
            for run in self._stretches(*map(np.concatenate, zip(*bare, strict=True))):
                yield 1, run.element, run

    def _near_groups(self, groups: Ints) -> _NearGroups:
        """Find the pieces and stops of all ways that belong to one of some groups: they are few."""
        ways, is_member = self._ways, np.zeros(len(self._member), dtype=bool)
        is_member[gather(self._audit.risk_members, groups - self._n_elements)[0]] = True
        on = [is_member[elements] for elements in ways.element]
        piece = np.flatnonzero(on[0] | on[1] | on[2])
        row = np.searchsorted(ways.ptr, piece, side="right") - 1
        stop_row, stop = ways.stops_of(np.arange(len(ways.unit)))
        is_near = is_member[stop + self._offset["places"]]
        return _NearGroups(piece, row, stop[is_near], stop_row[is_near])

    def _of_group(
        self, group: int, rows: Ints, near: _NearGroups
    ) -> tuple[Ints, Ints, list[PointRun]]:
        """Where the ways of some rows (ascending) meet a group: pieces with their rows, points."""
        ways = self._ways
        members = self._audit.risk_members.row(group - self._n_elements)
        is_asked = np.zeros(len(ways.unit), dtype=bool)
        is_asked[rows] = True
        self._member[members] = True
        met = is_asked[near.row] & self._member[ways.element[:, near.piece]].any(axis=0)
        is_stop = is_asked[near.stop_row] & self._member[near.stop + self._offset["places"]]
        places = self._member_places(members, rows, near.stop_row[is_stop], near.stop[is_stop])
        self._member[members] = False
        piece, owner = near.piece[met], np.searchsorted(rows, near.row[met])
        bare = np.flatnonzero(~ways.is_shared[piece])
        ends = np.searchsorted(owner[bare], np.arange(len(rows) + 1))
        is_met = np.zeros(len(rows), dtype=bool)
        is_met[owner] = True
        runs: list[PointRun] = []
        for k, i in enumerate(rows.tolist()):
            found = places.get(i, ())
            if found:
                own = piece[bare[ends[k] : ends[k + 1]]]
                passed = {*ways.entry[own].tolist(), *ways.exit_[own].tolist()}
                runs += [
                    self._at_point(i, _GROUP, place, group)
                    for place in found
                    if place not in passed and not self._is_listed(i, place)
                ]
            elif not is_met[k]:  # nothing that has a place on the route
                runs.append(PointRun(int(ways.unit[i]), _GROUP, -1, -1, -1, 0.0, 0.0, group))
        return piece[bare], rows[owner[bare]], runs

    def _is_listed(self, i: int, place: int) -> bool:
        """Whether a place is shared itself, or on a shared stretch."""
        unit, units = self._ways.unit[i], self._units
        shared = units.shared[units.shared_ptr[unit] : units.shared_ptr[unit + 1]]
        class_ = self._audit.classes.of_element[self._offset["places"] + place]
        return bool((shared == class_).any()) or self._is_covered(i, place)

    def _member_places(
        self, members: Ints, rows: Ints, stop_row: Ints, stop: Ints
    ) -> dict[int, list[int]]:
        """Places on the ways that are members, or house a network element or room that is one.

        By row; the unit's own ends are left out, and rows without any. The stops that are members
        are given.
        """
        network, offset = self._audit.network, self._offset
        found = [(stop_row, stop)]
        if (members >= offset["equipment"]).any():  # network elements, rooms, buildings
            owner, link = self._ways.links_of(rows)
            for ends in (network.links.a_equipment[link], network.links.b_equipment[link]):
                row, device = owner[ends >= 0], ends[ends >= 0]
                room = network.equipment.room[device]
                inside = self._member[device + offset["equipment"]]
                inside |= (room >= 0) & self._member[room + offset["rooms"]]
                found.append((row[inside], network.equipment.location[device[inside]]))
        by_row: dict[int, list[int]] = {}
        for row, place in dict.fromkeys(
            pair for part in found for pair in zip(*(x.tolist() for x in part), strict=True)
        ):
            own = self._audit.units.exempt.row(int(self._ways.judged[row]))
            if int(network.places.home[place]) not in own.tolist():
                by_row.setdefault(row, []).append(place)
        return by_row

    def _stretches(self, group: Ints, piece: Ints, row: Ints) -> Iterator[PointRun]:
        """Pieces of the ways that meet groups, cut where they do not follow each other."""
        if len(piece) == 0:
            return
        ways = self._ways
        is_cut = (np.diff(piece) != 1) | (np.diff(row) != 0) | (np.diff(group) != 0)
        first = np.append(0, np.flatnonzero(is_cut) + 1)
        low, high = piece[first], piece[np.append(first[1:], len(piece)) - 1] + 1
        start, stop = self._lasting(low, high)
        columns = (
            ways.unit[row[first]], start, stop, ways.section[low],
            sums_of_ranges(ways.length_m, low, high), ways.distances_m[0][low], group[first],
        )  # fmt: skip
        for unit, *others in zip(*(column.tolist() for column in columns), strict=True):
            yield PointRun(unit, _GROUP, *others)

    def _lasting(self, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """First and last lasting point on stretches; the very ends of those that have no two."""
        every, ways = np.arange(len(low)), self._ways
        sizes = high - low + 1
        owner = np.repeat(every, sizes)
        place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        piece = np.repeat(low, sizes) + np.maximum(place - 1, 0)
        stop = np.where(place == 0, ways.entry[piece], ways.exit_[piece])
        is_known = stop >= 0
        lasting = is_known & self._audit.network.places.is_lasting[stop]
        has_two = np.bincount(owner[lasting], minlength=len(low)) >= 2
        chosen = np.flatnonzero(np.where(has_two[owner], lasting, is_known))
        ends = np.searchsorted(owner[chosen], np.arange(len(low) + 1))
        padded = np.append(stop[chosen], -1)
        is_none = ends[1:] == ends[:-1]
        return (
            np.where(is_none, -1, padded[ends[:-1]]),
            np.where(is_none, -1, padded[ends[1:] - 1]),
        )
