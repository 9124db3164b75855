"""Which nodes a span joins, whether its line agrees, and whether it carries routes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.plant.model import IN_SERVICE
from netgraph.units import line_lengths_m, segment_lengths_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.plant.model import PlantNodes, PlantSpans

    Floats = NDArray[np.float64]
    Rows = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Objects = NDArray[np.object_]

# A line that ends farther from its stated node than this is taken to be the line of something
# else. [derived: published national networks are drawn to a few hundred metres, and the false
# ones among them are off by tens of kilometres.]
MIN_END_GAP_M = 100.0
MAX_END_GAP_RATIO = 0.05
_DECIMALS = 7  # of coordinates when lines are compared: about a centimetre in degrees


@dataclass(frozen=True, eq=False)
class LineEnds:
    """How drawn lines meet the nodes that the ids name; arrays of shape (spans,).

    Attributes
    ----------
    drawn_m
        Length of the line; NaN without one.
    gap_m
        Larger distance between a drawn end and its node, the line turned round if that fits
        better; NaN without a line or without coordinates of both nodes.
    is_reversed
        The line fits better turned round.
    is_sound
        The line is there and does not contradict the ids.
    """

    drawn_m: Floats
    gap_m: Floats
    is_reversed: Flags
    is_sound: Flags


def rows_of_ids(ids: Objects, wanted: Objects) -> Rows:
    """Rows that have the wanted ids, -1 where none has; shape of `wanted`."""
    index = {identifier: row for row, identifier in enumerate(ids)}
    return np.array([index.get(identifier, -1) for identifier in wanted], dtype=np.int64)


def straight_lengths_m(
    nodes: PlantNodes, from_nodes: Rows, to_nodes: Rows, *, planar: bool
) -> Floats:
    """Straight lines between the end nodes, shape (spans,); NaN where an end is not known."""
    metres = np.full(len(from_nodes), np.nan)
    known = np.flatnonzero((from_nodes >= 0) & (to_nodes >= 0))
    a, b = from_nodes[known], to_nodes[known]
    metres[known] = segment_lengths_m(
        nodes.lon[a], nodes.lat[a], nodes.lon[b], nodes.lat[b], planar=planar
    )
    return metres


def compare_ends(
    nodes: PlantNodes, from_nodes: Rows, to_nodes: Rows, geometry: Objects, *, planar: bool
) -> LineEnds:
    """Compare drawn lines with the nodes that the ids name.

    Parameters
    ----------
    nodes
        The nodes.
    from_nodes, to_nodes
        Rows of the nodes, -1 if unknown; shape (spans,).
    geometry
        Shapely lines or None, shape (spans,).
    planar
        Coordinates are metres.
    """
    drawn = line_lengths_m(geometry, planar=planar)
    present = np.flatnonzero(~shapely.is_missing(geometry))
    forward, backward = np.full(len(geometry), np.nan), np.full(len(geometry), np.nan)
    if len(present):
        starts = shapely.get_coordinates(shapely.get_point(geometry[present], 0))
        ends = shapely.get_coordinates(shapely.get_point(geometry[present], -1))
        from_rows, to_rows = from_nodes[present], to_nodes[present]
        forward[present] = np.fmax(
            _distances_m(nodes, from_rows, starts, planar=planar),
            _distances_m(nodes, to_rows, ends, planar=planar),
        )
        backward[present] = np.fmax(
            _distances_m(nodes, from_rows, ends, planar=planar),
            _distances_m(nodes, to_rows, starts, planar=planar),
        )
    gap = np.fmin(forward, backward)
    allowed = np.fmax(MIN_END_GAP_M, MAX_END_GAP_RATIO * drawn)
    is_sound = np.isfinite(drawn) & ~(gap > allowed)
    return LineEnds(drawn, gap, backward < forward, is_sound)


def _distances_m(nodes: PlantNodes, rows: Rows, points: Floats, *, planar: bool) -> Floats:
    known = np.where(rows >= 0, rows, 0)
    if len(nodes) == 0:
        return np.full(len(rows), np.nan)
    metres = segment_lengths_m(
        nodes.lon[known], nodes.lat[known], points[:, 0], points[:, 1], planar=planar
    )
    metres[rows < 0] = np.nan
    return metres


def judge_use(nodes: PlantNodes, spans: PlantSpans, stated: Objects) -> PlantSpans:
    """Decide which spans carry routes.

    Parameters
    ----------
    nodes
        The nodes.
    spans
        The spans, with `used`, `unused_reasons` and `duplicate_of` still to be filled.
    stated
        Statuses of the spans as stated, shape (spans,).

    Returns
    -------
    PlantSpans
        With those three filled: a span is used if it is in service, joins two different known
        nodes in service, and does not repeat an earlier span.
    """
    reasons = _reasons(nodes, spans, stated)
    duplicate_of = _find_duplicates(spans, reasons == "")
    for row in np.flatnonzero(duplicate_of >= 0):
        reasons[row] = f"repeats span {spans.ids[duplicate_of[row]]}"
    return replace(spans, used=reasons == "", unused_reasons=reasons, duplicate_of=duplicate_of)


def _reasons(nodes: PlantNodes, spans: PlantSpans, stated: Objects) -> Objects:
    """Why each span alone carries no route; empty where it does. Later reasons outrank."""
    reasons = np.full(len(spans), "", dtype=object)
    if len(nodes):
        for end in (spans.from_nodes, spans.to_nodes):
            for row in np.flatnonzero((end >= 0) & (nodes.statuses[end] != IN_SERVICE)):
                reasons[row] = f"its end {nodes.ids[end[row]]} is not in service"
    reasons[spans.self_loops] = "ends where it starts"
    reasons[spans.dangling] = "an end is no known node"
    for row in np.flatnonzero(spans.statuses != IN_SERVICE):
        reasons[row] = f"status {stated[row] or spans.statuses[row]}"
    return reasons


def _find_duplicates(spans: PlantSpans, candidates: Flags) -> Rows:
    """First candidate row with the same two ends and the identical line, -1 if there is none.

    Spans with two different recorded trenches are no duplicates, however they are drawn.
    """
    duplicate_of = np.full(len(spans), -1, dtype=np.int64)
    rows = np.flatnonzero(candidates & ~shapely.is_missing(spans.geometry))
    rounded = shapely.transform(
        spans.geometry[rows], lambda points: np.round(points, _DECIMALS) + 0.0
    )
    texts = shapely.to_wkb(shapely.normalize(rounded))
    first: dict[tuple[int, int, bytes], list[int]] = {}
    for row, text in zip(rows.tolist(), texts, strict=True):
        low, high = sorted((int(spans.from_nodes[row]), int(spans.to_nodes[row])))
        same_line = first.setdefault((low, high, text), [])
        trench = spans.trench_ids[row]
        match = [
            other
            for other in same_line
            if not (trench and spans.trench_ids[other] and trench != spans.trench_ids[other])
        ]
        if match:
            duplicate_of[row] = match[0]
        else:
            same_line.append(row)
    return duplicate_of


def line_texts(lines: Objects) -> Objects:
    """Text of each line that is equal for identical lines, whichever way they are drawn."""
    rounded = shapely.transform(lines, lambda points: np.round(points, _DECIMALS) + 0.0)
    return np.asarray(shapely.to_wkb(shapely.normalize(rounded)), dtype=object)
