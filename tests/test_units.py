"""Lengths on the earth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.units import segment_lengths_at_most_m, segment_lengths_m

LON = st.floats(-180, 180)
LAT = st.floats(-90, 90)
NEAR = st.floats(-1, 1)


@given(LON, LAT, LON, LAT)
def test_no_segment_is_longer_than_its_bound(lon_a, lat_a, lon_b, lat_b):
    ends = [np.array([degrees]) for degrees in (lon_a, lat_a, lon_b, lat_b)]

    assert segment_lengths_at_most_m(*ends)[0] >= segment_lengths_m(*ends)[0] - 1e-6


@given(st.floats(20, 50), NEAR, NEAR)
def test_within_a_province_the_bound_is_close(lat, east, north):
    ends = [np.array([degrees]) for degrees in (112.0, lat, 112.0 + east, lat + north)]

    bound = segment_lengths_at_most_m(*ends)[0]

    assert bound == pytest.approx(segment_lengths_m(*ends)[0], rel=0.02, abs=0.01)
