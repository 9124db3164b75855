"""Directions of lines on a route, and which part of a route is near an end."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.geometry import Routes, draw_lines
from netgraph.diversity.geometry.routes import place_routes
from netgraph.errors import UsageError


def planar(*lines):
    return draw_lines([line and shapely.LineString(line) for line in lines], planar=True)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-9, 9), st.booleans()), min_size=2, max_size=9))
def test_directions_join_the_lines_whichever_way_they_are_drawn(steps):
    """A chain along x, each line maybe drawn backwards: o--o==o--o, every gap is 0."""
    corners = [(100 * place, height) for place, (height, _) in enumerate(steps)]
    drawn, turned = [], []
    for (_, is_turned), start, end in zip(steps[1:], corners, corners[1:], strict=False):
        drawn.append([end, start] if is_turned else [start, end])
        turned.append(is_turned)
    lines = planar(*drawn)
    placed = place_routes(Routes.from_lists([range(len(drawn))]), lines, 0.0)
    expected = turned if len(turned) > 1 else [False]
    assert placed.walks.is_reversed.tolist() == expected


def test_positions_near_an_end_that_is_not_drawn_are_not_near_it_for_sure():
    """A ..?.. o----o----o B: the first line is not drawn."""
    lines = planar(None, [(0, 0), (100, 0)], [(100, 0), (300, 0)])
    routes = Routes.from_lists([[0, 1, 2]])
    unknown = place_routes(routes, lines, 50.0)
    assert unknown.walks.zones.tolist() == [[-np.inf, -np.inf, 200.0, 250.0]]
    known = place_routes(routes, lines, 50.0, np.array([30.0, np.nan, np.nan]))
    assert known.walks.zones.tolist() == [[50.0, 100.0, 230.0, 280.0]]
    assert known.length_m.tolist() == [330.0]
    assert unknown.is_complete.tolist() == [False]


def test_no_zone_exempts_nothing():
    lines = planar([(0, 0), (100, 0)])
    zones = place_routes(Routes.from_lists([[0]]), lines, 0.0).walks.zones
    assert zones.tolist() == [[-np.inf, -np.inf, np.inf, np.inf]]


def test_an_empty_route_is_not_complete():
    placed = place_routes(Routes.from_lists([[], [0]]), planar([(0, 0), (9, 0)]), 5.0)
    assert placed.is_complete.tolist() == [False, True]


@pytest.mark.parametrize("wrong", [[0, 7], [-1]])
def test_a_route_over_an_unknown_line_is_refused(wrong):
    with pytest.raises(UsageError, match="outside"):
        place_routes(Routes.from_lists([wrong]), planar([(0, 0), (9, 0)]), 5.0)


def test_a_negative_zone_is_refused():
    with pytest.raises(UsageError, match="end_exempt_m"):
        place_routes(Routes.from_lists([[0]]), planar([(0, 0), (9, 0)]), -1.0)
