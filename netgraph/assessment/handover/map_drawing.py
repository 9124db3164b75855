"""From an assessment to what a map draws."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.levels import Severity
from netgraph.report.maps.draw import draw_map
from netgraph.report.maps.drawings import Hazards, Lines, MapDrawing, Places, Points, Sheet, Sites
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.assessment.results import Results
    from netgraph.report.labels import Language
    from netgraph.topology import LayeredNetwork

#: Hazards worth a mark on a map of a whole province, and how many of the worst get one.
_MARKED = (Severity.RED, Severity.ORANGE, Severity.YELLOW)
_MOST_MARKS = 40


def draw_assessment(results: Results, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """Draw plant, offices, sites by tier and grade, and the places of the worst hazards."""
    return draw_map(assessment_drawing(results, lang), ax)


def assessment_drawing(results: Results, lang: str) -> MapDrawing:
    """Gather what the map of an assessment shows."""
    return MapDrawing(
        sheet=map_sheet(results, lang),
        plant=plant_lines(results.network),
        offices=office_points(results.network),
        sites=_sites(results),
        hazards=_hazards(results),
        places=town_names(results),
    )


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


def _sites(results: Results) -> Sites:
    places = results.network.places
    # The worst are drawn last, on top of the others.
    standings = [s for s in reversed(results.standings) if np.isfinite(places.lon[s.place])]
    rows = [s.place for s in standings]
    return Sites(
        x=places.lon[rows], y=places.lat[rows],
        words=[s.tier for s in standings],
        names=[s.name for s in standings],
        grades=[s.score.grade if s.score else "" for s in standings],
    )  # fmt: skip


def _hazards(results: Results) -> Hazards:
    """Mark all places, or where they are many, the worst of those that hurt several sites."""
    causes = [c for c in results.causes_found if c.severity in _MARKED]
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
