"""The map of a sheet: the routes of its worst unit, what they share, and where the risks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.assessment.tracing.lanes import LaneBuilder
from netgraph.assessment.tracing.panels import marker_of, numbered_runs
from netgraph.report import labels
from netgraph.report.maps.drawings import Lines, Points, Sheet, SiteDrawing
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.assessment.tracing.case import Case
    from netgraph.assessment.tracing.lanes import Piece
    from netgraph.report.labels import Language
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.places import Places

_PARTS = {"shared": "shared", "tolerated": "tolerated", "missing": "undecidable"}
_ROLES = ("working", "protect")
_MOST_MARKS = 12
_MOST_PLANT = 4000
_MARGIN = 0.15  # of the routes' extent: how far around them plant is drawn


def trace_drawing(case: Case) -> SiteDrawing:
    """Gather the map of the worst unit of a subject."""
    network, places = case.network, case.network.places
    unit = case.units[0]
    pieces = list(_pieces(case, unit))
    lines, words = [], []
    for piece, word in pieces:
        line = _line(network, piece)
        if line is not None:
            lines.append(line)
            words.append(word)
    geometries = np.array([*lines, None], dtype=object)[:-1]
    circuits = case.audit.verdicts[unit].circuits
    homes = {p for c in circuits for p in (_b(case, c))} - {-1}
    if "spans" in case.shown:  # whose single points are marked
        homes |= set(case.shown["spans"].asked[0])
    ends = {case.place, *homes}
    offices = {
        place
        for piece, _ in pieces
        for place in (piece.entry, piece.exit)
        if place >= 0 and places.kind[place] == OFFICE
    }
    lang: Language = "zh" if case.lang == "zh" else "en"
    return SiteDrawing(
        sheet=_sheet(case, lang),
        routes=Lines(geometries, words),
        a_end=_points(places, [case.place], "a_end"),
        b_ends=_points(places, sorted(homes), "b_end"),
        offices=_points(places, sorted(offices - ends)),
        marks=_marks(case, unit),
        plant=_plant(network, geometries),
    )


def _b(case: Case, circuit: int) -> tuple[int, int]:
    circuits = case.network.circuits
    return int(circuits.b[circuit]), int(circuits.b2[circuit])


def _sheet(case: Case, lang: Language) -> Sheet:
    inventory = case.network.inventory
    table = inventory.table("inventory")
    verdict = case.audit.verdicts[case.units[0]]
    ends = case.network.places.label(case.place) if case.place >= 0 else ""
    level = labels.label("level", verdict.level.value, lang)
    return Sheet(
        title=" ".join(dict.fromkeys((case.subject.id, ends))),
        subtitle=level,
        snapshot_date=inventory.snapshot_date,
        crs=inventory.crs,
        attribution=str(table["notes"][0]) if len(table) else "",
        lang=lang,
    )


def _pieces(case: Case, unit: int) -> Iterator[tuple[Piece, str]]:
    """Yield the pieces of all routes of a unit, each way once, with the word that draws them."""
    network, verdict = case.network, case.audit.verdicts[unit]
    routes = network.circuits.routes
    builder = LaneBuilder(case.audit, marker_of(case.audit, verdict, verdict.circuits))
    seen = set()
    for circuit in case.in_order(verdict.circuits):
        for route in network.circuits.routes_of(circuit).tolist():
            way = tuple(routes.links.row(route).tolist())
            if way in seen:
                continue
            seen.add(way)
            for piece in builder.walk(route, (-1, -1), 0.0).pieces:
                is_bare = piece.span < 0 and not network.links.is_wireless[piece.link]
                mark = "missing" if is_bare and not piece.mark.mark else piece.mark.mark
                yield piece, _PARTS.get(mark, _ROLES[int(routes.role[route])])


def _line(network: LayeredNetwork, piece: Piece) -> shapely.LineString | None:
    """Draw a piece as it is recorded, or straight; None where an end is nowhere."""
    if piece.span >= 0 and network.spans.geometry[piece.span] is not None:
        return network.spans.geometry[piece.span]  # type: ignore[no-any-return]
    if piece.entry < 0 or piece.exit < 0:
        return None
    places = network.places
    ends = [(places.lon[p], places.lat[p]) for p in (piece.entry, piece.exit)]
    return shapely.LineString(ends) if np.isfinite(ends).all() else None


def _points(places: Places, rows: Iterable[int], word: str = "") -> Points:
    known = [p for p in rows if p >= 0 and np.isfinite(places.lon[p])]
    return Points(
        x=places.lon[known],
        y=places.lat[known],
        words=[word or str(places.role[p]) or "access" for p in known],
        names=[places.label(p) for p in known],
    )


def _marks(case: Case, unit: int) -> Points:
    """Mark the first common point, and the single points that today's plant cannot avoid."""
    places, elements = case.network.places, case.network.elements
    runs = numbered_runs(case.located[unit])
    found: list[tuple[int, str]] = []
    if runs and runs[0].from_place >= 0:
        found.append((runs[0].from_place, "first_common"))
    asked = case.shown.get("spans")
    first = elements.offset["places"]
    single_points = asked.answers["spans"].unavoidable[:_MOST_MARKS] if asked else ()
    found += [
        (element - first, "unavoidable")
        for element in single_points
        if first <= element < first + len(places)
    ]
    found = [(place, word) for place, word in found if np.isfinite(places.lon[place])]
    rows = [place for place, _ in found]
    names = [places.label(place) for place in rows]
    return Points(places.lon[rows], places.lat[rows], [word for _, word in found], names)


def _plant(network: LayeredNetwork, routes: NDArray[np.object_]) -> Lines:
    """Gather the spans around the routes, drawn faint."""
    if len(routes) == 0:
        return Lines()
    west, south, east, north = shapely.total_bounds(routes)
    pad_x, pad_y = _MARGIN * (east - west), _MARGIN * (north - south)
    spans, places = network.spans, network.places
    known = np.flatnonzero((spans.a >= 0) & (spans.b >= 0) & spans.is_in_service)
    x, y = places.lon[spans.a[known]], places.lat[spans.a[known]]
    near = (west - pad_x <= x) & (x <= east + pad_x) & (south - pad_y <= y) & (y <= north + pad_y)
    rows = known[near][:_MOST_PLANT]
    lines = spans.geometry[rows].copy()
    bare = np.flatnonzero(shapely.is_missing(lines))
    ends = np.stack(
        [np.stack([places.lon[e[rows[bare]]], places.lat[e[rows[bare]]]], axis=1)
         for e in (spans.a, spans.b)],
        axis=1,
    )  # fmt: skip
    drawn = np.isfinite(ends).all(axis=(1, 2))
    lines[bare[drawn]] = shapely.linestrings(ends[drawn])
    return Lines(lines, ["plant"] * len(rows))
