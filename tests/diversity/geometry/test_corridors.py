"""Corridors that two networks share."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely import LineString

from netgraph.diversity.geometry import shared_corridors
from netgraph.errors import UsageError


def test_each_metre_is_shared_once_whoever_else_is_there():
    r"""Two of the other network's lines beside one of ours, overlapping for 100 m.

    ours    o──────────────────────────o  1 km
    other 0    ────────────               100..500, 3 m beside
    other 1            ───────────        400..700, 4 m beside
    """
    ours = [LineString([(0, 0), (1000, 0)])]
    others = [LineString([(100, 3), (500, 3)]), LineString([(400, -4), (700, -4)])]
    found = shared_corridors(ours, others, 5.0, planar=True)
    assert found.length_m.tolist() == [1000.0]
    assert found.shared_m[0] == pytest.approx(600.0 + 4.0 + 3.0)
    assert found.others_of(0) == (0, 1)
    (stretch,) = found.stretches_of(0)
    assert shapely.get_coordinates(stretch)[[0, -1], 0] == pytest.approx([96.0, 703.0])
    assert (found.total_m, found.total_shared_m) == (1000.0, found.shared_m[0])


def test_a_crossing_counts_with_its_metres():
    ours = [LineString([(0, 0), (1000, 0)])]
    found = shared_corridors(ours, [LineString([(500, -9), (500, 9)])], 5.0, planar=True)
    assert found.shared_m.tolist() == pytest.approx([10.0])


def test_stretches_in_two_places_are_two():
    ours = [LineString([(0, 0), (1000, 0)])]
    others = [LineString([(100, 1), (200, 1), (200, 500), (700, 500), (700, 1), (750, 1)])]
    found = shared_corridors(ours, others, 2.0, planar=True)
    assert len(found.stretches_of(0)) == 2
    assert found.shared_m[0] == pytest.approx(150.0 + 4 * math.sqrt(3))
    assert found.others_of(0) == (0,)


def test_what_is_not_drawn_has_no_figures():
    found = shared_corridors([None, LineString([(0, 0), (9, 0)])], [None], 5.0, planar=True)
    assert np.isnan(found.shared_m[0])
    assert found.shared_m[1] == 0.0
    assert found.others_of(0) == found.stretches_of(0) == ()
    assert found.total_m == 9.0


@pytest.mark.parametrize("within_m", [0.0, -1.0, math.inf, math.nan])
def test_the_distance_must_be_positive(within_m):
    with pytest.raises(UsageError, match="metres above 0"):
        shared_corridors([], [], within_m)


def metres_near(line, others, within_m, near_metres):
    """Shared metres after shapely: stretches of some kilometres, each in a plane of its own."""
    corners = shapely.get_coordinates(shapely.segmentize(line, 0.005))
    tree, total_m = shapely.STRtree(others), 0.0
    for first in range(0, len(corners) - 1, 10):
        stretch = LineString(corners[first : first + 11])
        box = stretch.envelope.buffer(0.004)
        near = [others[other].intersection(box) for other in tree.query(box)]
        to_metres = near_metres(stretch.centroid)
        there = shapely.union_all([to_metres(line).buffer(within_m, 64) for line in near])
        total_m += to_metres(stretch).intersection(there).length
    return total_m


@pytest.mark.parametrize(
    ("mine", "theirs"), [("BCS", "JTL"), ("JTL", "Liquid_Intelligent_Technologies")]
)
def test_kenyas_operators_share_what_shapely_finds(ofds_lines, near_metres, mine, theirs):
    """To some centimetres a line, on lines of up to 700 km."""
    ours, others = ofds_lines(f"Kenya/{mine}/*spans*"), ofds_lines(f"Kenya/{theirs}/*spans*")
    found = shared_corridors(ours, others, 250.0)
    assert found.total_shared_m > 100_000.0
    for line in range(len(ours)):
        expected_m = metres_near(ours[line], others, 250.0, near_metres)
        assert found.shared_m[line] == pytest.approx(expected_m, abs=0.2)


def test_kenyas_operators_name_each_other(ofds_lines):
    ours, others = ofds_lines("Kenya/BCS/*spans*"), ofds_lines("Kenya/NOFBI/*spans*")
    there = shared_corridors(ours, others, 50.0)
    back = shared_corridors(others, ours, 50.0)
    pairs = {(i, j) for i in range(len(ours)) for j in there.others_of(i)}
    assert pairs == {(i, j) for j in range(len(others)) for i in back.others_of(j)}
    assert len(pairs) > 10
