"""Parallel spans: two routes only if they are shown to be apart.

Two spans between the same two points may be two ducts of one trench. They count as two only if
both trench ids are recorded and differ, or if both lines are drawn and somewhere run more than
the separation apart, outside the ends. Everything else is one route, whatever the number of rows.

Only what keeps the answer on the safe side is taken from a drawing: *each* line must leave the
other one (a line that merely makes a detour still shares all of the other's way), a line that
contradicts its ends proves nothing, and one recorded trench outranks two lines.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.cluster.hierarchy import DisjointSet

from netgraph.diversity.geometry.projection import draw_lines
from netgraph.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from netgraph.diversity.geometry.projection import DrawnLines

    Rows = NDArray[np.int64]

SEPARATION_M = 20.0
RUN_M = 50.0
# The sides of a buffer's circles cut the corners; this widens it until it holds the true circle.
_QUARTER_SEGMENTS = 16
_BUFFER_WIDENING = 1.0 / np.cos(np.pi / (4 * _QUARTER_SEGMENTS))
_LEAST_APART_M = 1e-3


@dataclass(frozen=True, eq=False)
class SpanRecords:
    """What is recorded about spans, as far as it can show them apart; arrays of shape (spans,).

    Attributes
    ----------
    from_nodes, to_nodes
        End nodes.
    trench_ids
        Empty where missing.
    geometry
        Shapely lines; None where missing or not to be believed.
    used
        Spans that carry routes.
    is_planar
        Coordinates are metres.
    """

    from_nodes: Rows
    to_nodes: Rows
    trench_ids: NDArray[np.object_]
    geometry: NDArray[np.object_]
    used: NDArray[np.bool_]
    is_planar: bool = False


def merge_parallel_spans(
    records: SpanRecords, *, separation_m: float = SEPARATION_M, run_m: float = RUN_M
) -> Rows:
    """Merge parallel spans that are not shown to be apart, and number the routes.

    Exact for the rule above. "Not shown apart" need not be transitive (A beside B, B beside C, A
    and C apart); then all of them are one route.

    Parameters
    ----------
    records
        The spans.
    separation_m
        Lines closer than this everywhere are not apart.
    run_m
        Radius around the ends within which closeness and distance say nothing.

    Returns
    -------
    ndarray of int64, shape (spans,)
        Number of the route, counted from 0 in the order of the first span of each; -1 for spans
        that are not used. The cost is one comparison a pair of parallel spans.
    """
    edge_of_span = np.full(len(records.used), -1, dtype=np.int64)
    first_of_span = np.arange(len(records.used))
    for group in _parallel_groups(records):
        for same in _not_shown_apart(records, group, separation_m, run_m):
            first_of_span[sorted(same)] = min(same)
    rows = np.flatnonzero(records.used)
    _, edge_of_span[rows] = np.unique(first_of_span[rows], return_inverse=True)
    return edge_of_span


def _parallel_groups(records: SpanRecords) -> list[list[int]]:
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    low = np.minimum(records.from_nodes, records.to_nodes)
    high = np.maximum(records.from_nodes, records.to_nodes)
    for row in np.flatnonzero(records.used).tolist():
        groups[int(low[row]), int(high[row])].append(row)
    return [group for group in groups.values() if len(group) > 1]


def _not_shown_apart(
    records: SpanRecords, group: list[int], separation_m: float, run_m: float
) -> list[set[int]]:
    together = DisjointSet(group)
    for a, b in combinations(group, 2):
        if not _are_shown_apart(records, a, b, separation_m, run_m):
            together.merge(a, b)
    return [set(subset) for subset in together.subsets()]


def _are_shown_apart(
    records: SpanRecords, a: int, b: int, separation_m: float, run_m: float
) -> bool:
    if records.trench_ids[a] and records.trench_ids[b]:
        return bool(records.trench_ids[a] != records.trench_ids[b])
    line_a, line_b = records.geometry[a], records.geometry[b]
    if line_a is None or line_b is None:
        return False
    return are_lines_apart(
        line_a, line_b, planar=records.is_planar, separation_m=separation_m, run_m=run_m
    )


def are_lines_apart(
    line_a: BaseGeometry,
    line_b: BaseGeometry,
    *,
    planar: bool = False,
    separation_m: float = SEPARATION_M,
    run_m: float = RUN_M,
) -> bool:
    """Whether each of two lines somewhere runs apart from the other, away from their ends.

    Parameters
    ----------
    line_a, line_b
        Shapely lines in degrees, or in metres when `planar`.
    planar
        Coordinates are metres.
    separation_m
        How far apart.
    run_m
        Radius around all four ends that is left out.

    Returns
    -------
    bool
        Never true for lines within `separation_m`; up to 0.2 % beyond it may still be false.
    """
    try:
        drawn = draw_lines([line_a, line_b], planar=planar)
    except InputError:  # no plane holds both lines: nothing can be shown
        return False
    first, second = _plane_line(drawn, 0), _plane_line(drawn, 1)
    scale = float(drawn.scale.max(initial=1.0))
    ends = shapely.MultiPoint(shapely.get_coordinates([first.boundary, second.boundary]))
    near_ends = ends.buffer(run_m * scale)
    reach_m = separation_m * scale * _BUFFER_WIDENING
    return all(
        line.difference(near_ends)
        .difference(other.buffer(reach_m, quad_segs=_QUARTER_SEGMENTS))
        .length
        > _LEAST_APART_M
        for line, other in ((first, second), (second, first))
    )


def _plane_line(drawn: DrawnLines, line: int) -> shapely.LineString:
    pieces = drawn.ends[drawn.piece_start[line] : drawn.piece_start[line + 1]]
    return shapely.LineString(np.vstack([pieces[:1, :2], pieces[:, 2:]]))
