"""Drawn lines: metres, spans that nothing shows to lie in two trenches, routes that lie apart."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from netgraph.verify.rows import Row

    Rules = Mapping[str, float]

_ARC = 16  # segments of a quarter circle: distances to within a thousandth of themselves
_MEETS_M = 0.01
_CROSSING = 1.1 * 2 / math.sin(math.radians(30))  # longest run of a crossing, in separations


def place_lines(spans: Sequence[dict[str, Any]], crs: str) -> dict[str, float]:
    """Give the metres of each span, infinite if not known; draw its line in a plane of metres.

    Without a reference system (`crs`) it is drawn in one.
    """
    lines = np.array([row["geometry"] for row in spans], dtype=object)
    west, south, east, north = np.nan_to_num(shapely.total_bounds(lines))
    plane = f"+proj=aeqd +lon_0={(west + east) / 2} +lat_0={(south + north) / 2}"
    to_plane = pyproj.Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    moved = shapely.transform(
        shapely.force_2d(lines), lambda points: np.column_stack(to_plane.transform(*points.T))
    )
    ellipsoid, metres = pyproj.Geod(ellps="WGS84"), {}
    for row, line, drawn in zip(spans, lines, moved, strict=True):
        length = math.inf
        if line:
            length = ellipsoid.geometry_length(line) if crs else line.length
        metres[f"spans:{row['id']}"] = row["length_m"] if math.isfinite(row["length_m"]) else length
        row["geometry"] = drawn if crs else line
    return metres


def straight_m(a: Row, b: Row, crs: str) -> float:
    """Metres of the straight line between two places."""
    ends = [place[name] for place in (a, b) for name in ("lon", "lat")]
    if not crs:
        return math.dist(ends[:2], ends[2:])
    return float(pyproj.Geod(ellps="WGS84").inv(*ends)[2])


def find_suspicions(
    spans: Sequence[Row], rules: Rules, is_indoors: Callable[[str], str], places: Collection[str]
) -> defaultdict[str, set[str]]:
    """Name the suspicions (``suspected:id~id``) that each span (``spans:id``) is part of.

    Spans between the same two points count as one trench unless both trenches are recorded or
    both lines are drawn apart; so do spans drawn together for long, unless one trench says so.
    """
    found, bundles = defaultdict(set), defaultdict(list)
    for row in spans:
        ends = row["from_id"], row["to_id"]
        are_known = ends[0] in places and ends[1] in places
        if are_known and ends[0] != ends[1] and not is_indoors("spans:" + row["id"]):
            bundles[frozenset(ends)].append(row)
    parallel = [pair for bundle in bundles.values() for pair in combinations(bundle, 2)]
    one = [(p, q) for p, q in parallel if not (p["trench_id"] and q["trench_id"])]
    one = [(p, q) for p, q in one if not _are_apart(p["geometry"], q["geometry"], rules)]
    for p, q in (*one, *_together(spans, rules)):
        for row in (p, q):
            found["spans:" + row["id"]].add("suspected:" + "~".join(sorted((p["id"], q["id"]))))
    return found


def _are_apart(one: BaseGeometry | None, two: BaseGeometry | None, rules: Rules) -> bool:
    """Whether each line has a place far from all of the other and from all ends."""
    if one is None or two is None:
        return False
    ends = shapely.union_all([one.boundary, two.boundary]).buffer(rules["entry_tolerance_m"], _ARC)
    near = [line.buffer(rules["separation_m"], _ARC).union(ends) for line in (two, one)]
    return not (one.difference(near[0]).is_empty or two.difference(near[1]).is_empty)


def _together(spans: Sequence[Row], rules: Rules) -> Iterator[tuple[Row, Row]]:
    lines = np.array([row["geometry"] for row in spans], dtype=object)
    near, limit = rules["trench_m"], rules["trench_run_m"]
    i, j = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=near)
    i, j = i[i != j], j[i != j]
    beside = shapely.intersection(lines[i], shapely.buffer(lines[j], near, quad_segs=_ARC))
    for k in np.flatnonzero(shapely.length(beside) > limit):
        p, q, runs = spans[i[k]], spans[j[k]], shapely.get_parts(shapely.line_merge(beside[k]))
        is_one = p["trench_id"] and p["trench_id"] == q["trench_id"]
        if not is_one and max(shapely.length(runs)) > limit:
            yield p, q


def are_separated(
    first: Sequence[BaseGeometry], second: Sequence[BaseGeometry], rules: Rules
) -> bool:
    """Whether two routes, by their spans' lines, nowhere run side by side for long.

    Within twice the tolerance of their ends they may, and where they cross, as far as the flattest
    crossing needs. Every separated pair passes.
    """
    one, two = shapely.union_all(first), shapely.union_all(second)
    near, end = rules["separation_m"], 2 * rules["entry_tolerance_m"]
    ends = [shapely.boundary(shapely.line_merge(route)) for route in (one, two)]
    ends_m = shapely.buffer(shapely.intersection(ends[0], shapely.buffer(ends[1], end)), end)
    beside = shapely.intersection(one, shapely.buffer(two, near, quad_segs=_ARC))
    runs = shapely.get_parts(shapely.line_merge(shapely.difference(beside, ends_m)))
    return all(
        run.length <= (_CROSSING * near if run.distance(two) < _MEETS_M else rules["run_m"])
        for run in runs
    )
