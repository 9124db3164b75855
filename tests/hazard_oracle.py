"""Areas over small adversarial inventories, and what lies in them, told from the rows alone.

Only the tests of points and lines against polygons are a library's; the reach of a span that is
not drawn is the least sum of its distances to both ends over the rim of the area.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely

from netgraph.inventory.hazard_areas import HazardAreas
from netgraph.inventory.model import Source

if TYPE_CHECKING:
    from builders import PlantBuilder

    Areas = dict[str, shapely.Polygon]
    Member = tuple[str, str, str]  # group, table, id

_PLACES = ("offices", "sites", "structures")
_GEOD = pyproj.Geod(ellps="WGS84")
_RIM_STEP_DEG = 2e-4  # some 20 m
_SURE, _MAYBE = 0.98, 1.04  # an outline may be 2 % too large, never too small


def draw_areas(plan: PlantBuilder, seed: int) -> tuple[PlantBuilder, Areas]:
    """Draw most of the spans, lose a place now and then, and lay two areas over it all.

    No two spans are drawn side by side, nor between the same points: what is suspected of one
    trench stays what the rows alone tell.
    """
    draw, drawn = random.Random(seed), plan.copy()
    at = {row["id"]: row for table in _PLACES for row in drawn.rows[table]}
    lines: list[shapely.LineString] = []
    joined = set()
    for row in drawn.rows["spans"]:
        a, b = at[row["from_id"]], at[row["to_id"]]
        ends_of_row = frozenset((a["id"], b["id"]))
        is_first = ends_of_row not in joined
        joined.add(ends_of_row)
        if draw.randrange(100) < 85 and is_first:
            middle = (a["lon"] + b["lon"]) / 2, 37.8 + draw.uniform(-0.01, 0.01)
            ends = [(place["lon"], place["lat"]) for place in (a, b)]
            line = shapely.LineString([ends[0], middle, ends[1]])
            if not any(_run_together(line, other) for other in lines):
                lines.append(line)
                row["geometry"] = line.wkt
        elif draw.randrange(100) < 60:
            row["length_m"] = draw.choice([300.0, 3000.0, 9000.0])
    for row in drawn.rows["structures"]:
        if draw.randrange(100) < 4:
            row.update(lon=None, lat=None)
    areas = {}
    for name in ("A", "B"):
        x, y = draw.uniform(112.0, 112.11), 37.8 + draw.uniform(-0.01, 0.006)
        areas[name] = shapely.box(x, y, x + draw.uniform(0.002, 0.03), y + 0.006)
    return drawn, areas


def _run_together(line: shapely.LineString, other: shapely.LineString) -> bool:
    metres = [
        shapely.transform(each, lambda xy: xy * [88_000.0, 111_000.0]) for each in (line, other)
    ]
    return metres[0].intersection(metres[1].buffer(4.0)).length > 30.0


def as_layer(areas: Areas) -> HazardAreas:
    """The areas as the product reads them from a file."""
    shapes = np.array([*areas.values(), None], dtype=object)[:-1]
    kinds = ("hazard_area",) * len(areas)
    return HazardAreas(tuple(areas), ("",) * len(areas), kinds, shapes, (), Source("areas", ""))


def find_members(plan: PlantBuilder, areas: Areas, margin: float, detour: float) -> list[set]:
    """Members for certain; with those that may surely be; with all that may be by any reckoning."""
    known, sure, maybe = set(), set(), set()
    for name, area in areas.items():
        group, inside = f"hazard-{name}", set()
        for table in _PLACES:
            for row in plan.rows.get(table, ()):
                if row["lon"] is None:
                    sure.add((group, table, row["id"]))
                elif shapely.intersects_xy(area, row["lon"], row["lat"]):
                    known.add((group, table, row["id"]))
                    inside.add(row["id"])
        for row in plan.rows["spans"]:
            member = (group, "spans", row["id"])
            if row.get("geometry"):
                if shapely.intersects(shapely.from_wkt(row["geometry"]), area):
                    known.add(member)
            elif {row["from_id"], row["to_id"]} & inside:
                known.add(member)
            else:
                share = _reach(plan, row, area, margin, detour)
                sure |= {member} if share <= _SURE else set()
                maybe |= {member} if share <= _MAYBE else set()
    return [known, known | sure, known | sure | maybe]


def _reach(plan: PlantBuilder, row: dict, area: shapely.Polygon, margin: float, detour: float):
    """The shortest way between the ends by way of the area, of the longest that the span can be."""
    at = {r["id"]: (r["lon"], r["lat"]) for table in _PLACES for r in plan.rows.get(table, ())}
    ends = [at[row[end]] for end in ("from_id", "to_id") if at[row[end]][0] is not None]
    length_m = row.get("length_m") or None  # 0: not recorded
    if not ends or (len(ends) == 1 and length_m is None):
        return 0.0
    first, second = ends[0], ends[-1]
    straight_m = _GEOD.inv(*first, *second)[2]
    longest_m = straight_m * detour if length_m is None else length_m * margin
    longest_m = max(longest_m * (2 if len(ends) == 1 else 1), straight_m)
    if shapely.intersects(area, shapely.LineString([first, second])):
        return 0.0
    rim = shapely.get_coordinates(shapely.segmentize(area.exterior, _RIM_STEP_DEG))
    there = [_GEOD.inv(*np.broadcast_to(end, rim.shape).T, *rim.T)[2] for end in (first, second)]
    return float((there[0] + there[1]).min()) / max(longest_m, 1e-9)


def with_members(plan: PlantBuilder, members: set[Member]) -> dict:
    """The rows with a risk group for each area, of these members."""
    rows = dict(plan.rows)
    groups = sorted({group for group, _, _ in members})
    rows["risk_groups"] = [*rows.get("risk_groups", ()), *({"id": group} for group in groups)]
    rows["risk_members"] = [
        *rows.get("risk_members", ()),
        *({"risk_id": g, "table": t, "element_id": name} for g, t, name in sorted(members)),
    ]
    return rows
