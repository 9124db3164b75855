"""Lengths and distances from longitude and latitude, compared with geodesics."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from netgraph.diversity.geometry import draw_lines, separation_profile
from netgraph.diversity.geometry.projection import LocalPlane
from netgraph.errors import InputError, UsageError
from netgraph.units import line_lengths_m

GEOD = Geod(ellps="WGS84")


@settings(max_examples=40, deadline=None)
@example(lat=0.0, away=30.0, azimuth=0.0, metres=2.0)
@given(
    lat=st.floats(-70, 70),
    away=st.floats(0.01, 45),
    azimuth=st.floats(0, 360),
    metres=st.floats(1, 250),
)
def test_distances_below_250_m_are_right_to_a_hundredth_of_a_percent_far_from_the_meridian(
    lat, away, azimuth, metres
):
    """One short line far to the west pushes the central meridian `away` degrees off."""
    lon, lat_b, _ = GEOD.fwd(100.0, lat, azimuth, metres)
    west = shapely.LineString([(100 - 2 * away, lat), (100 - 2 * away + 1e-6, lat)])
    here = shapely.LineString([(100.0, lat), (100.0, lat)])
    there = shapely.LineString([(lon, lat_b), (lon, lat_b)])
    profile = separation_profile([west, here], [there], within_m=[300.0], end_exempt_m=0.0)
    assert profile.least_m == pytest.approx(metres, rel=1e-4, abs=2e-4)


@pytest.mark.parametrize("away", [0.5, 4.0, 4.6, 10.0, 30.0, 60.0])
def test_the_scale_is_that_of_the_projection_at_every_distance_from_the_meridian(away):
    """Against lengths of ten metres measured in the plane and along geodesics."""
    plane = LocalPlane(100.0 - away, 0.0)
    lat = np.linspace(-70.0, 70.0, 29)
    here = np.column_stack((np.full(len(lat), 100.0), lat))
    there = np.column_stack(GEOD.fwd(*here.T, np.zeros(len(lat)), np.full(len(lat), 10.0))[:2])
    stretched = np.hypot(*(plane.project(there) - plane.project(here)).T) / 10.0
    scale = plane.scale(plane.project(here)[:, 0], here)
    assert scale == pytest.approx(stretched, rel=5e-6)


@settings(max_examples=40, deadline=None)
@given(
    points=st.lists(
        st.tuples(st.floats(105, 125), st.floats(20, 50)), min_size=2, max_size=6, unique=True
    ),
)
def test_lengths_agree_with_geodesics(points):
    line = shapely.LineString(points)
    drawn = draw_lines([line])
    straight = line_lengths_m(np.array([shapely.segmentize(line, 0.01)], dtype=object))
    assert drawn.line_length_m[0] == pytest.approx(straight[0], rel=1e-6, abs=1e-6)


def test_a_line_over_the_date_line_is_short():
    line = shapely.LineString([(179.999, -17.0), (-179.999, -17.0)])
    drawn = draw_lines([line])
    assert drawn.line_length_m[0] == pytest.approx(212.9, abs=0.1)
    assert drawn.plane.lon_0 == pytest.approx(-180.0)


def test_planar_coordinates_pass_through():
    drawn = draw_lines([shapely.LineString([(0, 0), (3, 4)])], planar=True)
    assert drawn.line_length_m.tolist() == [5.0]
    assert drawn.ends.tolist() == [[0.0, 0.0, 3.0, 4.0]]
    assert drawn.plane.definition == ""


def test_long_lines_are_cut_and_their_ends_stay_what_they_were():
    line = shapely.LineString([(112.0, 37.0), (112.1, 37.05), (112.2, 37.0)])
    drawn = draw_lines([line], max_piece_m=500.0)
    assert drawn.length_m.max() <= 500.0 + 1e-6
    assert drawn.source[0, :2].tolist() == [112.0, 37.0]
    assert drawn.source[-1, 2:].tolist() == [112.2, 37.0]
    assert np.array_equal(drawn.ends[1:, :2], drawn.ends[:-1, 2:])


def test_what_is_not_drawn_has_no_pieces_and_no_length():
    drawn = draw_lines([None, shapely.LineString(), shapely.LineString([(0, 0), (1, 0)])])
    assert drawn.is_drawn.tolist() == [False, False, True]
    assert np.isnan(drawn.line_length_m[:2]).all()
    assert drawn.piece_start[:3].tolist() == [0, 0, 0]
    with pytest.raises(UsageError, match="not drawn"):
        drawn.point_at(0, 1.0)


def test_a_network_without_any_geometry_can_be_drawn():
    assert len(draw_lines([None, None])) == 2
    assert len(draw_lines([])) == 0


def test_parts_of_a_multi_line_follow_each_other_and_heights_are_left_out():
    parts = shapely.MultiLineString([[(0, 0, 9), (10, 0, 9)], [(10, 5, 9), (30, 5, 9)]])
    drawn = draw_lines([parts], planar=True)
    assert drawn.line_length_m.tolist() == [30.0]
    assert drawn.position_m.tolist() == [0.0, 10.0]


def test_points_and_parts_are_found_by_their_position():
    line = shapely.LineString([(112.0, 37.0), (112.01, 37.0), (112.01, 37.02)])
    drawn = draw_lines([line])
    half = drawn.line_length_m[0] / 2
    lon, lat = drawn.point_at(0, half)
    assert (lon, lat) == (pytest.approx(112.01), pytest.approx(37.006, abs=1e-3))
    part = drawn.cut(0, 500.0, 2500.0)
    length_m = line_lengths_m(np.array([part], dtype=object))[0]
    assert length_m == pytest.approx(2000.0, abs=1e-3)
    assert shapely.hausdorff_distance(drawn.cut(0, 0.0, 1e9), line) < 1e-9


@pytest.mark.parametrize(
    ("geometry", "match"),
    [
        (shapely.Point(1, 1), "no lines but Point"),
        (shapely.LineString([(0, 0), (500_000, 0)]), "no longitude and latitude"),
        (shapely.LineString([(0, 0), (0, 95)]), "no longitude and latitude"),
        (shapely.LineString([(0, 0), (float("inf"), 1)]), "not a number"),
        (shapely.LineString([(-170, 0), (-60, 0), (60, 0)]), "span"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_the_reason(geometry, match):
    with pytest.raises(InputError, match=match):
        draw_lines([geometry])


def test_a_piece_must_have_a_length():
    with pytest.raises(UsageError, match="max_piece_m"):
        draw_lines([], max_piece_m=0.0)
