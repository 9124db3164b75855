"""Which areas a span that is not drawn may cross: never fewer than its length allows."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from netgraph.inventory.hazard_reach import Reach, find_reachable

REACH = Reach(length_margin=1.0, undrawn_detour=3.0)
GEOD = pyproj.Geod(ellps="WGS84")


def reached(area, ends, length_m=math.nan, reach=REACH):
    found = find_reachable(
        np.array([area, None], dtype=object)[:1], np.array([ends], dtype=float),
        np.array([length_m]), reach,
    )  # fmt: skip
    return len(found[0]) > 0


def spot(lon, lat):
    return Point(lon, lat).buffer(1e-7)


@given(
    lat=st.floats(-70, 70), away_m=st.floats(0, 60_000), azimuth=st.floats(0, 360),
    aside_m=st.floats(0, 80_000), to=st.floats(0, 360), slack=st.floats(1.0, 3.0),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_whatever_a_length_reaches_is_found_and_what_lies_far_beyond_is_not(
    lat, away_m, azimuth, aside_m, to, slack
):
    """Geodesic distances to the two ends are the oracle."""
    end = GEOD.fwd(112.0, lat, azimuth, away_m)[:2]
    there = GEOD.fwd(112.0, lat, to, aside_m)[:2]
    way_m = aside_m + GEOD.inv(*there, *end)[2]
    length_m = max(away_m, 1.0) * slack
    found = reached(spot(*there), [(112.0, lat), end], length_m)
    if way_m <= length_m:
        assert found
    elif way_m > length_m * 1.06 + 10:
        assert not found


def test_with_one_end_known_the_length_reaches_to_all_sides():
    ends = [(112.0, 37.0), (math.nan, math.nan)]
    assert reached(spot(112.0, 37.05), ends, 6_000.0)
    assert not reached(spot(112.0, 37.05), ends, 5_000.0)
    assert reached(spot(112.0, 37.05), ends[::-1], 6_000.0)


def test_without_a_length_a_multiple_of_the_straight_line_counts():
    ends = [(112.0, 37.0), (112.01, 37.0)]  # 890 m apart
    assert reached(spot(112.005, 37.01), ends)  # 1,200 m to either end
    assert not reached(spot(112.005, 37.02), ends)


@pytest.mark.parametrize(
    ("ends", "length_m"),
    [
        ([(math.nan, math.nan)] * 2, 10.0),
        ([(112.0, 37.0), (math.nan, math.nan)], math.nan),
        ([(179.9, 0.0), (-179.9, 0.0)], math.nan),
    ],
)
def test_what_nothing_bounds_may_be_anywhere(ends, length_m):
    assert reached(spot(-70.0, -30.0), ends, length_m)


def test_a_margin_and_a_length_below_the_straight_line():
    ends = [(112.0, 37.0), (112.01, 37.0)]
    assert reached(spot(112.005, 37.0), ends, 100.0), "the line between the ends always counts"
    aside = spot(112.005, 37.0015)  # 890 m need some 950 m to pass there
    assert not reached(aside, ends, 900.0)
    assert reached(aside, ends, 900.0, Reach(1.1, 3.0))
