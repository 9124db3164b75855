"""Two straight pieces, compared with shapely and with sampled points."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.compiled import entry
from netgraph.diversity.geometry import kernels


@entry
def close_interval(a, b, radius):
    return kernels.close_interval(a, b, radius)


@entry
def closest_fraction(a, b):
    return kernels.closest_fraction(a, b)


@entry
def piece_distance_squared(a, b):
    return kernels.piece_distance_squared(a, b)


WHOLE = st.integers(-8, 8).map(float)
PIECES = st.tuples(WHOLE, WHOLE, WHOLE, WHOLE)


def line(piece):
    return shapely.LineString([piece[:2], piece[2:]])


@settings(max_examples=300, deadline=None)
@given(PIECES, PIECES)
def test_the_distance_is_shapelys_and_is_taken_on_at_the_closest_place(a, b):
    distance = math.sqrt(piece_distance_squared(a, b))
    assert distance == pytest.approx(line(a).distance(line(b)), abs=1e-12)
    along = closest_fraction(a, b)
    place = shapely.Point(a[0] + along * (a[2] - a[0]), a[1] + along * (a[3] - a[1]))
    assert 0.0 <= along <= 1.0
    assert place.distance(line(b)) == pytest.approx(distance, abs=1e-9)


@settings(max_examples=300, deadline=None)
@given(PIECES, PIECES, st.sampled_from([0.5, 1.0, math.sqrt(2), 2.9, 5.0]))
def test_a_place_lies_in_the_interval_just_if_it_is_close(a, b, radius):
    low, high = close_interval(a, b, radius)
    fractions = np.linspace(0.0, 1.0, 201)
    x, y = a[0] + fractions * (a[2] - a[0]), a[1] + fractions * (a[3] - a[1])
    distances = shapely.distance(shapely.points(x, y), line(b))
    inside = (fractions >= low - 1e-9) & (fractions <= high + 1e-9)
    assert not (inside & (distances > radius + 1e-6)).any()
    assert not (~inside & (distances < radius - 1e-6)).any()
