"""What units share beside stretches: points, risk groups, offices and devices on their routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.sharing.laid_out import LaidOut, is_among, lay_out
from netgraph.diversity.sharing.runs import KIND_CODE
from netgraph.diversity.sharing.sums import sums_of_ranges
from netgraph.diversity.verdict_kinds import RISK_GROUP
from netgraph.topology.csr import Csr, csr_of_pairs, csr_of_unique_pairs, gather
from netgraph.topology.elements import BUILDING, DEVICE, POINT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.sharing.cutting import Stretches
    from netgraph.diversity.sharing.walked import WalkedUnits, Ways
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

_STRUCTURE, _GROUP = KIND_CODE["structure"], KIND_CODE["risk_group"]
_DEVICE, _OFFICE = KIND_CODE["equipment"], KIND_CODE["office"]


class PointRuns(NamedTuple):
    """Runs that are no stretch of a link, cable or trench; columns as in `RunTable`.

    Each is of one element: `rank` 0 for a structure, 1 for a risk group, 2 for what is indoors.
    """

    unit: Ints
    kind: Ints
    from_place: Ints
    to_place: Ints
    section: Ints
    length_m: Floats
    start_m: Floats
    element: Ints
    rank: Ints

    def taken(self, at: Ints) -> PointRuns:
        """Give some of them, in some order."""
        return PointRuns._make(column[at] for column in self)


def find_points(
    audit: Audit, judged: Ints, units: WalkedUnits, ways: Ways, found: Stretches
) -> PointRuns:
    """Find shared points, risk groups, offices and devices that no shared stretch accounts for.

    Parameters
    ----------
    audit, judged, units, ways, found
        Numbers of the units, their working routes and shared sets, and what was cut out of them;
        what is `open` there is looked at.

    Returns
    -------
    PointRuns
        By unit; within one structures, risk groups, then the others, by number. Cost O(links on the
        working routes concerned, and the pieces up there that meet something shared).
    """
    wanted, row = np.unique(found.open[:, 0], return_inverse=True)
    laid = lay_out(units, ways, found, wanted, len(audit.network.places))
    finder = _Finder(audit, judged[wanted], units, laid)
    element = found.open[:, 1]
    is_group = audit.kind[element] == RISK_GROUP
    parts = [
        finder.points_and_indoors(row[~is_group], element[~is_group]),
        *finder.risk_groups(row[is_group], element[is_group]),
    ]
    runs = PointRuns(*map(np.concatenate, zip(*parts, strict=True)))
    return runs.taken(np.lexsort((runs.element, runs.rank, runs.unit)))


class _Pairs(NamedTuple):
    """Rows with a group that each shares, by group and row."""

    row: Ints
    group: Ints
    n_rows: int

    @property
    def keys(self) -> Ints:
        """Numbers of the pairs, ascending."""
        return self.group * self.n_rows + self.row

    def number(self, row: Ints, group: Ints) -> Ints:
        """Position of each of some pairs, -1 for one that is not asked for."""
        keys, asked = self.keys, group * self.n_rows + row
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where(keys[at] == asked, at, -1)


class _Met(NamedTuple):
    """Pairs, and a piece or place of each that belongs to its group."""

    pair: Ints
    what: Ints

    def where(self, keep: Flags) -> _Met:
        """Give some of them."""
        return _Met(self.pair[keep], self.what[keep])


class _Finder:
    """Looks at units whose working routes are laid out side by side."""

    def __init__(self, audit: Audit, judged: Ints, units: WalkedUnits, laid: LaidOut) -> None:
        self._audit, self._judged, self._units, self._laid = audit, judged, units, laid
        self._offset, self._n_elements = audit.network.elements.offset, len(audit.network.elements)

    def points_and_indoors(self, row: Ints, element: Ints) -> PointRuns:
        """Shared points, offices, buildings and devices that no shared stretch touches."""
        network, kind = self._audit.network, self._audit.kind[element]
        is_device, is_building = kind == DEVICE, kind == BUILDING
        place = element - self._offset["places"]
        device = element[is_device] - self._offset["equipment"]
        place[is_device] = network.equipment.location[device]
        building = element[is_building] - self._offset["buildings"]
        place[is_building] = self._entered_at(row[is_building], building)
        code = np.select([kind == POINT, is_device], [_STRUCTURE, _DEVICE], _OFFICE)
        meetings = self._laid.meet(row, place)
        keep = ~(is_building & meetings.is_covered)
        runs = self._at_points(row, code, place, element, meetings.piece)
        return runs.taken(np.flatnonzero(keep))

    def _entered_at(self, row: Ints, building: Ints) -> Ints:
        """First place of a building on each route, -1 if it is not on it."""
        of_place = np.append(self._audit.network.places.building, -1)
        is_asked = np.isin(of_place, building)
        is_asked[-1] = False
        on, stop = self._laid.stops_where(is_asked)
        keys, first = np.unique(
            np.append(-1, on * len(of_place) + of_place[stop]), return_index=True
        )
        asked = row * len(of_place) + building
        at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where(keys[at] == asked, np.append(-1, stop)[first[at]], -1)

    def _at_points(
        self, row: Ints, kind: Ints, place: Ints, element: Ints, piece: Ints
    ) -> PointRuns:
        """Give points where routes first come to them: a piece, -1 behind a gap."""
        laid, is_met = self._laid, piece >= 0
        met = piece[is_met]
        section, at_m = np.full(len(row), -1), np.full(len(row), np.inf)
        start_m, end_m = laid.distances_m(met)
        section[is_met] = laid.section[laid.step_of(met)]
        is_start = laid.ways.start[laid.at(met)] == place[is_met]
        at_m[is_met] = np.where(is_start, start_m, end_m)
        rank = np.select([kind == _STRUCTURE, kind == _GROUP], [0, 1], 2)
        return PointRuns(
            laid.unit[row], kind, place, place, section, np.zeros(len(row)), at_m, element, rank
        )

    def risk_groups(self, row: Ints, element: Ints) -> tuple[PointRuns, PointRuns]:
        """Shared recorded groups, at every member on the route that nothing above accounts for."""
        order = np.lexsort((row, element))
        pairs = _Pairs(row[order], element[order], len(self._laid.unit))
        groups = np.unique(element)
        member, owner = gather(self._audit.risk_members, groups - self._n_elements)
        groups_of = csr_of_pairs(member, groups[owner], self._n_elements)
        pieces, places = self._pieces(pairs, groups_of), self._places(pairs, groups_of)
        is_met = np.zeros(len(pairs.row), dtype=bool)
        is_met[pieces.pair] = is_met[places.pair] = True
        bare = pieces.where(~self._laid.is_shared(pieces.what))
        places = places.where(~self._is_passed(places, bare) & ~self._is_shared(pairs, places))
        meetings = self._laid.meet(pairs.row[places.pair], places.what)
        piece, places = meetings.piece[~meetings.is_covered], places.where(~meetings.is_covered)
        nowhere = np.flatnonzero(~is_met)  # nothing that has a place on the route
        pair = np.concatenate([places.pair, nowhere])
        unknown = np.full(len(nowhere), -1)
        return self._at_points(
            pairs.row[pair],
            np.full(len(pair), _GROUP),
            np.concatenate([places.what, unknown]),
            pairs.group[pair],
            np.concatenate([piece, unknown]),
        ), self._stretches(pairs, bare)

    def _pieces(self, pairs: _Pairs, groups_of: Csr) -> _Met:
        """Pieces that belong to a group of their row, ascending within each pair."""
        laid, ways, is_member = self._laid, self._laid.ways, groups_of.counts > 0
        first_span, first_cable = self._offset["spans"], self._offset["cables"]
        n_links = len(self._audit.network.links)
        mark = np.repeat(np.repeat(is_member[:n_links], 2), np.diff(ways.piece_ptr))
        for column, block, end in (
            (ways.span, first_span, "trenches"), (ways.cable, first_cable, "spans"),
        ):  # fmt: skip
            mark |= np.append(is_member[block : self._offset[end]], False)[column]
        piece = laid.where(mark)
        step, at = laid.step_of(piece), laid.at(piece)
        found = []
        for number, block in (
            (ways.span[at], first_span), (ways.cable[at], first_cable), (laid.way[step] // 2, 0),
        ):  # fmt: skip
            some = np.flatnonzero(number >= 0)
            group, owner = gather(groups_of, number[some].astype(np.int64) + block)
            here = some[owner]
            pair = pairs.number(laid.row_of_step[step[here]], group)
            found.append((pair[pair >= 0], piece[here[pair >= 0]]))
        pair, piece = map(np.concatenate, zip(*found, strict=True))
        table = csr_of_unique_pairs(pair, piece, len(pairs.row))
        return _Met(table.owners, table.indices)

    def _places(self, pairs: _Pairs, groups_of: Csr) -> _Met:
        """Places on the ways that are members, or house a network element or room that is one.

        Each once for a pair, in order; the unit's own ends are left out.
        """
        network, offset, laid = self._audit.network, self._offset, self._laid
        is_asked = np.zeros(laid.n_places + 1, dtype=bool)
        is_asked[:-1] = groups_of.counts[offset["places"] : offset["equipment"]] > 0
        row, stop = laid.stops_where(is_asked)
        of_stop, owner = gather(groups_of, stop + offset["places"])
        found = [_Met(pairs.number(row[owner], of_stop), stop[owner])]
        # By row, each link once.
        width = len(network.links)
        on, link = np.divmod(np.unique(laid.row_of_step * width + laid.way // 2), width)
        for ends in (network.links.a_equipment[link], network.links.b_equipment[link]):
            device = ends[ends >= 0]
            room, at = network.equipment.room[device], on[ends >= 0]
            itself, of_itself = gather(groups_of, device + offset["equipment"])
            housed = np.flatnonzero(room >= 0)
            of_room, owner = gather(groups_of, room[housed] + offset["rooms"])
            of_device = np.concatenate([of_itself, housed[owner]])
            pair = pairs.number(at[of_device], np.concatenate([itself, of_room]))
            order = np.argsort(of_device, kind="stable")
            location = network.equipment.location[device[of_device[order]]]
            found.append(_Met(pair[order], location))
        pair, place = map(np.concatenate, zip(*found, strict=True))
        first = np.unique(pair * (laid.n_places + 1) + place, return_index=True)[1]
        keep = np.sort(first[pair[first] >= 0])
        keep = keep[np.argsort(pair[keep], kind="stable")]
        met = _Met(pair[keep], place[keep])
        home = network.places.padded_home[met.what]
        return met.where(~_is_in(self._audit.units.exempt, self._judged[pairs.row[met.pair]], home))

    @property
    def _classes(self) -> Ints:
        """Class of each place."""
        return self._audit.classes.of_element[self._offset["places"] : self._offset["equipment"]]

    def _is_shared(self, pairs: _Pairs, places: _Met) -> Flags:
        """Which places are shared themselves."""
        shared = Csr(self._units.shared_ptr, self._units.shared)
        class_ = np.append(self._classes, -1)[places.what]
        return _is_in(shared, self._laid.unit[pairs.row[places.pair]], class_)

    def _is_passed(self, places: _Met, bare: _Met) -> Flags:
        """Which places are at an end of a piece that is listed for the same group."""
        width, at = self._laid.n_places, self._laid.at(bare.what)
        ends = [
            bare.pair * width + end[at] for end in (self._laid.ways.start, self._laid.ways.stop)
        ]
        return is_among(places.pair * width + places.what, np.concatenate(ends))

    def _stretches(self, pairs: _Pairs, bare: _Met) -> PointRuns:
        """Pieces that meet groups, cut where they do not follow each other."""
        laid, (pair, piece) = self._laid, bare
        row = pairs.row[pair]
        is_cut = (np.diff(piece) != 1) | (np.diff(pair) != 0)
        first = np.append(True, is_cut)[: len(piece)]
        low = np.flatnonzero(first)
        high = np.append(low[1:], len(piece))
        at = laid.at(piece)
        start, stop = self._lasting(at, low, high)
        chosen = piece[low]
        return PointRuns(
            laid.unit[row[low]],
            np.full(len(low), _GROUP),
            start,
            stop,
            laid.section[laid.step_of(chosen)],
            sums_of_ranges(laid.ways.metres[at], low, high),
            laid.distances_m(chosen)[0],
            pairs.group[pair[low]],
            np.ones(len(low), dtype=np.int64),
        )

    def _lasting(self, at: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """First and last lasting point on stretches; the very ends of those that have no two.

        Where their pieces are to be looked up is given, and the first and end of each in that.
        """
        ways = self._laid.ways
        # Every stretch begins with one stop more than it has pieces.
        stop = np.insert(ways.stop[at], low, ways.start[at[low]])
        owner = np.repeat(np.arange(len(low)), high - low + 1)
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


def _is_in(table: Csr, rows: Ints, values: Ints) -> Flags:
    """Whether each value is in its row of a table."""
    held, owner = gather(table, rows)
    found = np.zeros(len(rows), dtype=bool)
    found[owner[held == values[owner]]] = True
    return found
