"""The lanes of a sheet: every route of a unit cut into places, stretches of cable and gaps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.tracing.marks import NOTHING, Mark, Marker
from netgraph.diversity.levels import Section
from netgraph.report.trace.sheet import Cell, Lane, Named
from netgraph.topology.paths import walk_route
from netgraph.topology.places import OFFICE, SITE, STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.places import Places

_SECTIONS = tuple(Section)


@dataclass(frozen=True)
class Piece:
    """One piece of a way: a span, or a cable or link of which no more is known.

    `span` and `cable` are -1 where there is none; `entry` and `exit` are places.
    """

    link: int
    cable: int
    span: int
    entry: int
    exit: int
    start_m: float
    end_m: float
    is_measured: bool
    mark: Mark = NOTHING


@dataclass(frozen=True)
class Way:
    """One route, piece by piece, with its marks and where its cells begin.

    Attributes
    ----------
    start, goal
        Places where the route has to begin and end.
    offset_m
        Metres from A at which it begins.
    cuts
        Positions of the pieces that begin a cell.
    problem
        Why the route is not known from end to end, "" if it is.
    """

    route: int
    start: int
    goal: int
    offset_m: float
    pieces: tuple[Piece, ...]
    cuts: frozenset[int]
    problem: str = ""

    @property
    def end_m(self) -> float:
        """Metres from A at its end."""
        return self.pieces[-1].end_m if self.pieces else self.offset_m


def named_place(places: Places, place: int) -> Named:
    """Name a place by its kind (site, role of the office, kind of the structure), id and name."""
    if place < 0:
        return Named("unknown", "?")
    kinds = {
        OFFICE: str(places.role[place]) or "office",
        SITE: "site",
        STRUCTURE: str(places.structure_kind[place]) or "structure",
    }
    return Named(kinds[int(places.kind[place])], str(places.ids[place]), str(places.names[place]))


@dataclass(frozen=True)
class LaneBuilder:
    """Builds the lanes of one unit."""

    audit: Audit
    marker: Marker

    def walk(self, route: int, ends: tuple[int, int], offset_m: float) -> Way:
        """Walk a route from a place towards another; its metres begin at the offset."""
        network = self.audit.network
        circuit = network.circuits.routes.circuit[route]
        home = int(np.append(network.places.home, -1)[network.circuits.a[circuit]])
        walk = walk_route(network, self.audit.paths, route, home)
        columns = (
            walk.link, walk.cable, walk.span, walk.entry, walk.exit_,
            walk.start_m + offset_m, walk.end_m + offset_m, walk.is_measured,
        )  # fmt: skip
        rows = zip(*(column.tolist() for column in columns), strict=True)
        pieces = tuple(
            Piece(*row, mark=self.marker.of_piece(row[0], row[1], row[2]))  # type: ignore[misc]
            for row in rows
        )
        problem = network.circuits.routes.problem.get(route, "")
        return Way(route, *ends, offset_m, pieces, frozenset(self._cuts(pieces)), problem)

    def lane(self, way: Way, routes: Sequence[tuple[str, str]], *, is_derived: bool) -> Lane:
        """Cut a way into the cells of a lane that stands for some routes (circuit, role)."""
        cells = [*self._place(way, 0, way.start), *self._inner_cells(way)]
        arrives = self._joins(way.pieces[-1].exit if way.pieces else way.start, way.goal)
        has_gap = any(cell.kind == "gap" for cell in cells)
        if not arrives or (way.problem and not has_gap):
            cells.append(self._gap(way, len(way.pieces), way.problem))
        cells += self._place(way, len(way.pieces), way.goal)
        measured = all(piece.is_measured for piece in way.pieces)
        return Lane(tuple(routes), tuple(cells), way.end_m, measured, way.problem, is_derived)

    # Cutting ------------------------------------------------------------------------------------

    def _cuts(self, pieces: tuple[Piece, ...]) -> Iterator[int]:
        yield 0
        for i in range(1, len(pieces)):
            before, piece = pieces[i - 1], pieces[i]
            if (
                (before.link, before.cable) != (piece.link, piece.cable)
                or (before.span < 0) != (piece.span < 0)
                or before.mark.cut_key != piece.mark.cut_key
                or before.exit != piece.entry
                or self._is_building(piece.entry)
                or self._stands_alone(before, piece)
            ):
                yield i

    def _is_building(self, place: int) -> bool:
        return place >= 0 and int(self.audit.network.places.kind[place]) != STRUCTURE

    def _stands_alone(self, before: Piece, piece: Piece) -> bool:
        """Whether the point between two pieces is shared, and not as the end of a stretch."""
        mark = self.marker.of_place(piece.entry)
        if mark.share == "office" and (
            self._joins(before.entry, piece.entry) or self._joins(piece.exit, piece.entry)
        ):
            return False  # the building has a cell of its own
        return bool(mark.mark) and mark.mark not in {before.mark.mark, piece.mark.mark}

    def _joins(self, first: int, second: int) -> bool:
        home = self.audit.network.places.home
        if first < 0 or second < 0:
            return False
        return first == second or bool(home[first] >= 0 and home[first] == home[second])

    # Cells --------------------------------------------------------------------------------------

    def _inner_cells(self, way: Way) -> Iterator[Cell]:
        """Yield the cells between the two ends."""
        said: set[str] = set()
        for low, high in _stretches(way):
            before = way.pieces[low - 1].exit if low else way.start
            if not self._joins(before, way.pieces[low].entry):
                yield self._gap(way, low, way.problem)
            if low:
                yield from self._between(way, low)
            cell = self._stretch(way, low, high)
            said.add(cell.record)
            yield cell
            link = way.pieces[low].link
            if high == len(way.pieces) or way.pieces[high].link != link:
                yield from self._end_of_link(way, high - 1, said)
                said = set()

    def _between(self, way: Way, i: int) -> Iterator[Cell]:
        """Yield the place between two cells, if it is worth one."""
        before, piece = way.pieces[i - 1], way.pieces[i]
        place = piece.entry
        if not self._is_building(place) and self._is_building(before.exit):
            place = before.exit
        if (
            self._is_building(place)
            or before.cable != piece.cable
            or before.link != piece.link
            or self._stands_alone(before, piece)
        ):
            yield from self._place(way, i, place)

    def _place(self, way: Way, i: int, place: int) -> Iterator[Cell]:
        """Yield a place before piece i, with the devices of the links that meet there."""
        places = self.audit.network.places
        devices = self._devices(way, i)
        mark = self.marker.of_stop(place, devices)
        ids = self.audit.network.equipment.ids
        at = way.pieces[i - 1] if i else None
        name = named_place(places, place)
        record = ""
        if place >= 0 and f"building of office {places.ids[place]}" in self.marker.missing:
            record = f"building of office {places.ids[place]}"
        yield Cell(
            "place",
            name,
            name,
            mark=mark.mark or ("missing" if record else ""),
            share=mark.share,
            keys=mark.keys | ({self.marker.number_of_place(place)} if place >= 0 else frozenset()),
            from_m=at.end_m if at else way.offset_m,
            to_m=at.end_m if at else way.offset_m,
            is_measured=at.is_measured if at else True,
            names=mark.names or tuple(str(ids[device]) for device in devices),
            record=record,
        )

    def _devices(self, way: Way, i: int) -> tuple[int, ...]:
        """Equipment at which the link before piece i ends and the one after it begins."""
        links = self.audit.network.links
        found: dict[int, None] = {}
        before = way.pieces[i - 1] if i else None
        after = way.pieces[i] if i < len(way.pieces) else None
        if before and after and before.link == after.link:
            return ()
        for piece, is_exit in ((before, True), (after, False)):
            if piece is not None:
                ends = (links.a_equipment[piece.link], links.b_equipment[piece.link])
                found[int(ends[is_exit != self._is_reversed(way, piece.link)])] = None
        return tuple(device for device in found if device >= 0)

    def _entry(self, way: Way, link: int) -> int:
        """Find the entry of a link in the table of routes."""
        routes = self.audit.network.circuits.routes
        within = int(np.flatnonzero(routes.links.row(way.route) == link)[0])
        return int(routes.links.indptr[way.route]) + within

    def _is_reversed(self, way: Way, link: int) -> bool:
        return bool(self.audit.network.circuits.routes.is_reversed[self._entry(way, link)])

    def _stretch(self, way: Way, low: int, high: int) -> Cell:
        """Make the cell of the pieces low to high: a run of spans, or a gap in the records."""
        network = self.audit.network
        first, last = way.pieces[low], way.pieces[high - 1]
        record = self._record(first)
        mark = first.mark
        spans = [piece.span for piece in way.pieces[low:high] if piece.span >= 0]
        media = network.spans.medium[spans] if spans else network.links.medium[[first.link]]
        carriers = network.links.carriers.row(first.link)
        points = (self.marker.of_place(piece.entry).keys for piece in way.pieces[low + 1 : high])
        return Cell(
            "run" if spans or not record else "gap",
            named_place(network.places, first.entry),
            named_place(network.places, last.exit),
            mark=mark.mark or ("missing" if record else ""),
            share=mark.share,
            keys=frozenset().union(*(piece.mark.keys for piece in way.pieces[low:high]), *points),
            from_m=first.start_m,
            to_m=last.end_m,
            at_a_m=self._at_a_m(way.pieces[low:high]),
            is_measured=last.is_measured,
            section=_SECTIONS[self.audit.entry_section[self._entry(way, first.link)]].value,
            links=(str(network.links.ids[first.link]),),
            carriers=tuple(network.links.ids[carriers].tolist()),
            cables=(str(network.cables.ids[first.cable]),) if first.cable >= 0 else (),
            spans=len(spans),
            media=tuple(dict.fromkeys(str(medium) for medium in media if medium)),
            via=tuple(network.places.label(p.entry) for p in way.pieces[low + 1 : high]),
            names=tuple(dict.fromkeys(n for p in way.pieces[low:high] for n in p.mark.names)),
            record=record,
        )

    def _at_a_m(self, pieces: Sequence[Piece]) -> float:
        """Add up the spans at the beginning that lie in the building of A."""
        inside = [piece.span for piece in pieces if piece.span >= 0 and piece.end_m == 0]
        return float(np.nansum(self.audit.network.spans.length_m[inside]))

    def _record(self, piece: Piece) -> str:
        """Say which record is missing at a piece, "" if none is."""
        cables, evidence = self.audit.network.cables, self.audit.network.evidence
        if piece.cable >= 0 and not cables.is_complete[piece.cable]:
            what = "contiguous cable_spans" if piece.span >= 0 else "cable_spans"
            return f"{what} of cable {cables.ids[piece.cable]}"
        if piece.cable < 0:
            return "; ".join(evidence.missing.get(piece.link, ()))
        return ""

    def _end_of_link(self, way: Way, i: int, said: set[str]) -> Iterator[Cell]:
        """Yield the second leg of a link, and what else is missing of it, after its last cell."""
        link = way.pieces[i].link
        yield from self._second_leg(way, i)
        known = {reason for record in said for reason in record.split("; ")}
        evidence = self.audit.network.evidence
        reasons = list(evidence.missing.get(link, ()))
        if link in evidence.stale:
            reasons.append(f"a route in service: {evidence.stale[link]} is not")
        for reason in reasons:
            if reason not in known:
                yield self._gap(way, i + 1, reason)

    def _second_leg(self, way: Way, i: int) -> Iterator[Cell]:
        network, paths = self.audit.network, self.audit.paths
        at = way.pieces[i]
        codes = paths.other_leg.row(2 * at.link + self._is_reversed(way, at.link)).tolist()
        if not codes:
            return
        leg = int(network.links.legs.row(at.link)[1])
        cable_of = {
            int(span): int(cable)
            for cable in network.links.leg_cables.row(leg)
            for span in network.cables.spans.row(int(cable))
        }
        pieces: list[Piece] = []
        for code in codes:
            piece, turned = code // 2, code % 2
            ends = (int(paths.a[piece]), int(paths.b[piece]))
            span = piece if piece < paths.n_spans else -1
            cable = cable_of.get(span, -1)
            if paths.n_spans <= piece < paths.n_spans + paths.n_cables:
                cable = piece - paths.n_spans
            length = float(np.nan_to_num(paths.length_m[piece]))
            start = pieces[-1].end_m if pieces else 0.0
            mark = self.marker.of_piece(at.link, cable, span)
            pieces.append(Piece(
                at.link, cable, span, ends[turned], ends[1 - turned], start, start + length,
                bool(paths.is_measured[piece]), mark,
            ))  # fmt: skip
        leg_way = replace(way, pieces=tuple(pieces), cuts=frozenset(self._cuts(tuple(pieces))))
        for low, high in _stretches(leg_way):
            yield replace(self._stretch(leg_way, low, high), leg=2)

    def _gap(self, way: Way, i: int, record: str) -> Cell:
        """Make a gap before piece i."""
        places = self.audit.network.places
        before = way.pieces[i - 1] if i else None
        after = way.pieces[i].entry if i < len(way.pieces) else way.goal
        at = before.end_m if before else way.offset_m
        return Cell(
            "gap",
            named_place(places, before.exit if before else way.start),
            named_place(places, after),
            mark="missing",
            from_m=at,
            to_m=at,
            is_measured=before.is_measured if before else True,
            record=record,
        )


def _stretches(way: Way) -> list[tuple[int, int]]:
    """First and last (exclusive) piece of every cell of a way."""
    starts = sorted(way.cuts) if way.pieces else []
    return list(zip(starts, [*starts[1:], len(way.pieces)][: len(starts)], strict=True))


def cut_alike(ways: Sequence[Way]) -> list[Way]:
    """Cut what lanes share at the same points, so that their cells can stand side by side."""
    borders = {
        frozenset((way.pieces[i - 1].mark.keys, way.pieces[i].mark.keys))
        for way in ways
        for i in way.cuts
        if i and way.pieces[i - 1].mark.keys and way.pieces[i].mark.keys
    }
    result = []
    for way in ways:
        more = {
            i
            for i in range(1, len(way.pieces))
            if way.pieces[i - 1].mark.keys != way.pieces[i].mark.keys
            and frozenset((way.pieces[i - 1].mark.keys, way.pieces[i].mark.keys)) in borders
        }
        result.append(replace(way, cuts=way.cuts | more))
    return result
