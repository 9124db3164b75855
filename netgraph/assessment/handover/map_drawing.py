"""From an assessment to what a map draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.levels import Severity
from netgraph.errors import UsageError
from netgraph.inventory.hazard_groups import join_layers
from netgraph.messages import Message
from netgraph.report.maps.draw import draw_map
from netgraph.report.maps.drawings import (
    Areas,
    Hazards,
    Lines,
    MapDrawing,
    Places,
    Points,
    Sheet,
    Sites,
)
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.hazards import Cause
    from netgraph.report.labels import Language
    from netgraph.topology import LayeredNetwork

#: Hazards worth a mark on a map of a whole province, and how many of the worst get one.
_MARKED = (Severity.RED, Severity.ORANGE, Severity.YELLOW)
_MOST_MARKS = 40
#: Margin around the sites of a city: of their extent, and at least (degrees, or metres in a plane).
_FRAME_SHARE, _FRAME_LEAST = 0.08, 0.01


def draw_assessment(results: Results, ax: Axes | None = None, *, lang: str, city: str = "") -> Axes:
    """Draw plant, offices, sites by tier and grade, and the places of the worst hazards."""
    drawing = city_drawing(results, lang, city) if city else assessment_drawing(results, lang)
    return draw_map(drawing, ax)


def assessment_drawing(results: Results, lang: str) -> MapDrawing:
    """Gather what the map of an assessment shows."""
    return MapDrawing(
        sheet=map_sheet(results, lang),
        plant=plant_lines(results.network),
        offices=office_points(results.network),
        sites=_sites(results.standings, results),
        hazards=_hazards(results.causes_found),
        places=town_names(results),
        areas=_areas(results),
    )


def city_drawing(results: Results, lang: str, city: str) -> MapDrawing:
    """Gather what the map of one city shows: its sites, and all else that lies between them.

    Raises
    ------
    UsageError
        If no site with coordinates stands in the city.
    """
    places, frame = results.network.places, city_frames(results).get(city)
    if frame is None:
        message = Message(
            "There is no site with coordinates in the city {0!r}; the cities are {1}.",
            city,
            ", ".join(city_frames(results)),
        )
        raise UsageError(message)
    whole = assessment_drawing(results, lang)
    box, sheet = shapely.box(*frame), whole.sheet
    plant = whole.plant
    is_near = shapely.intersects(plant.geometries, box)
    standings = [s for s in results.standings if s.city == city]
    in_city = {s.place for s in standings if np.isfinite(places.lon[s.place])}
    causes = [c for c in results.causes_found if shapely.contains_xy(box, c.lon, c.lat)]
    return replace(
        whole,
        sheet=replace(sheet, title=f"{sheet.title} · {city}" if sheet.title else city),
        plant=Lines(
            shapely.clip_by_rect(plant.geometries[is_near], *frame),
            [word for word, near in zip(plant.words, is_near, strict=True) if near],
        ),
        offices=_points_within(whole.offices, frame),
        sites=_sites([s for s in standings if s.place in in_city], results),
        hazards=_hazards(causes),
        places=_places_within(whole.places, frame),
    )


def city_frames(results: Results) -> dict[str, tuple[float, float, float, float]]:
    """West, south, east and north of the sites of every city, with a margin; by name."""
    places = results.network.places
    rows: dict[str, list[int]] = {}
    for standing in results.standings:
        if standing.city and np.isfinite(places.lon[standing.place]):
            rows.setdefault(standing.city, []).append(standing.place)
    frames = {}
    for city, at in sorted(rows.items()):
        x, y = places.lon[at], places.lat[at]
        pad = max(_FRAME_SHARE * max(np.ptp(x), np.ptp(y)), _FRAME_LEAST)
        frames[city] = (x.min() - pad, y.min() - pad, x.max() + pad, y.max() + pad)
    return frames


def _within(points: Points, frame: tuple[float, float, float, float]) -> list[int]:
    west, south, east, north = frame
    inside = (west <= points.x) & (points.x <= east) & (south <= points.y) & (points.y <= north)
    return np.flatnonzero(inside).tolist()


def _points_within(points: Points, frame: tuple[float, float, float, float]) -> Points:
    at = _within(points, frame)
    return Points(
        points.x[at], points.y[at], [points.words[i] for i in at], [points.names[i] for i in at]
    )


def _places_within(places: Places, frame: tuple[float, float, float, float]) -> Places:
    at = _within(places, frame)
    kept = _points_within(places, frame)
    return Places(kept.x, kept.y, kept.words, kept.names, ranks=[places.ranks[i] for i in at])


def map_sheet(results: Results, lang: str) -> Sheet:
    """Give what stands around a map of an assessment."""
    inventory = results.network.inventory
    table = inventory.table("inventory")
    name, notes = (str(table[c][0]) if len(table) else "" for c in ("name", "notes"))
    language: Language = "zh" if lang == "zh" else "en"
    return Sheet(
        title=name, snapshot_date=inventory.snapshot_date, crs=inventory.crs, attribution=notes,
        lang=language,
    )  # fmt: skip


def plant_lines(network: LayeredNetwork) -> Lines:
    """Spans in service; one without geometry is drawn straight."""
    spans, places = network.spans, network.places
    alive = np.flatnonzero(spans.is_in_service & (spans.a >= 0) & (spans.b >= 0))
    geometries = spans.geometry[alive].copy()
    bare = np.flatnonzero(shapely.is_missing(geometries))
    rows = alive[bare]
    ends = np.stack([
        np.stack([places.lon[spans.a[rows]], places.lat[spans.a[rows]]], axis=1),
        np.stack([places.lon[spans.b[rows]], places.lat[spans.b[rows]]], axis=1),
    ], axis=1)  # fmt: skip
    known = np.isfinite(ends).all(axis=(1, 2))
    geometries[bare[known]] = shapely.linestrings(ends[known])
    return Lines(geometries, [medium or "unknown" for medium in spans.medium[alive]])


def office_points(network: LayeredNetwork) -> Points:
    """Offices in service, by role."""
    places = network.places
    rows = np.flatnonzero((places.kind == OFFICE) & places.is_in_service & np.isfinite(places.lon))
    return Points(
        x=places.lon[rows], y=places.lat[rows],
        words=[str(role) for role in places.role[rows]],
        names=[places.label(int(p)) for p in rows],
    )  # fmt: skip


def _sites(standings: Sequence[SiteStanding], results: Results) -> Sites:
    places = results.network.places
    # The worst are drawn last, on top of the others.
    standings = [s for s in reversed(standings) if np.isfinite(places.lon[s.place])]
    rows = [s.place for s in standings]
    return Sites(
        x=places.lon[rows], y=places.lat[rows],
        words=[s.tier for s in standings],
        names=[s.name for s in standings],
        grades=[s.score.grade if s.score else "" for s in standings],
    )  # fmt: skip


def _areas(results: Results) -> Areas:
    """Hazard areas that were laid over the inventory."""
    _, kinds, _, shapes = join_layers(results.network.inventory, results.areas)
    return Areas(shapes, kinds.tolist())


def _hazards(found: Sequence[Cause]) -> Hazards:
    """Mark all places, or where they are many, the worst of those that hurt several sites."""
    causes = [c for c in found if c.severity in _MARKED]
    totals = Counter(c.severity.value for c in causes)
    causes = [c for c in causes if np.isfinite(c.lon)]
    if len(causes) > _MOST_MARKS:  # one site's own fault shows in its grade
        causes = [c for c in causes if c.sites > 1]
    causes = sorted(causes, key=lambda c: (-c.sites, c.cause_id))[:_MOST_MARKS]
    return Hazards(
        x=np.array([c.lon for c in causes]),
        y=np.array([c.lat for c in causes]),
        words=[c.severity.value for c in causes],
        names=["" for _ in causes],
        weights=np.array([float(c.sites) for c in causes]),
        geometries=np.full(len(causes), None, dtype=object),
        totals=totals,
    )


def town_names(results: Results) -> Places:
    """Name each city and county at its offices, the highest office first."""
    network = results.network
    places, table = network.places, network.inventory.table("offices")
    ranks = {"core": 1, "aggregation": 2, "access": 3}
    best: dict[str, tuple[int, int]] = {}
    for place in np.flatnonzero((places.kind == OFFICE) & np.isfinite(places.lon)):
        row = int(places.rows[place])
        rank = ranks.get(str(places.role[place]), 4)
        name = table["city"][row] if rank <= 2 else table["county"][row]
        if name and (name not in best or (rank, int(place)) < best[name]):
            best[name] = (rank, int(place))
    rows: NDArray[np.int64] = np.array([place for _, place in best.values()], dtype=np.int64)
    return Places(
        x=places.lon[rows], y=places.lat[rows], words=["place"] * len(rows),
        names=list(best), ranks=[rank for rank, _ in best.values()],
    )  # fmt: skip
