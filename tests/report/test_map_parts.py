from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox
from pyproj import Geod
from scipy.spatial.distance import pdist

from netgraph.report.maps.drawings import Places, Points, Sheet
from netgraph.report.maps.furniture import draw_scale_bar, emptiest_corners
from netgraph.report.maps.names import draw_names, symbol_boxes
from netgraph.report.maps.parts import Extent, draw_frame, find_extent, nan_path
from netgraph.report.maps.spread import spread

NOWHERE = np.empty((0, 2))


def axes(extent):
    ax = Figure(figsize=(6, 6)).add_axes((0.1, 0.1, 0.8, 0.8))
    draw_frame(ax, Sheet(crs="" if extent.is_planar else "EPSG:4326"), extent)
    return ax


def bar_length(ax):
    bars = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    return bars[0].get_x(), sum(bar.get_width() for bar in bars)


def test_lines_become_one_path_with_gaps():
    r"""Two lines, one of two parts, and a missing one.

    ::

        a--b   c--d  e--f
    """
    geometries = np.array(
        [
            shapely.LineString([(0, 0), (1, 0)]),
            None,
            shapely.MultiLineString([[(2, 0), (3, 0)], [(4, 0), (5, 0)]]),
        ],
        dtype=object,
    )
    x, y = nan_path(geometries)
    np.testing.assert_array_equal(x, [0, 1, np.nan, 2, 3, np.nan, 4, 5])
    assert len(y) == 8


def test_the_extent_leaves_far_points_out_and_counts_them():
    x = np.append(np.linspace(110, 112, 200), 0.0)
    y = np.append(np.linspace(35, 40, 200), 0.0)
    extent, outside = find_extent(x, y, is_planar=False)
    assert outside == 1
    assert 109 < extent.west < 110.1
    assert 112 < extent.east < 113


def test_one_point_gets_a_neighbourhood():
    extent, outside = find_extent(np.array([112.5]), np.array([37.9]), is_planar=False)
    assert outside == 0
    assert extent.west < 112.5 < extent.east
    assert extent.south < 37.9 < extent.north


@given(
    st.floats(-170, 170), st.floats(-70, 70), st.floats(0.01, 5), st.floats(0.01, 5),
    st.floats(0.3, 3),
)  # fmt: skip
def test_widening_keeps_what_was_shown_and_gets_the_shape(x, y, width, height, shape):
    before = Extent(x, y, x + width, y + height, is_planar=False)
    after = before.widened(shape)
    slack = 1e-9
    assert after.west <= before.west + slack
    assert after.east >= before.east - slack
    assert after.south <= before.south + slack
    assert after.north >= before.north - slack
    assert after.shape == pytest.approx(shape, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.floats(-60, 60), st.floats(0.02, 8))
def test_the_scale_bar_is_as_long_as_it_says(latitude, size):
    extent = Extent(100, latitude, 100 + size, latitude + size, is_planar=False)
    ax = axes(extent)
    metres = draw_scale_bar(ax, extent, Sheet(), "lower left")
    start, degrees = bar_length(ax)
    middle = latitude + size / 2
    _, _, geodesic = Geod(ellps="WGS84").inv(start, middle, start + degrees, middle)
    assert geodesic == pytest.approx(metres, rel=2e-3)  # a parallel is longer than a geodesic
    assert f"{metres:.0f}".strip("0") in {"1", "2", "5"}


def test_the_scale_bar_of_a_plane_is_in_its_metres():
    extent = Extent(0, 0, 3000, 3000, is_planar=True)
    ax = axes(extent)
    assert draw_scale_bar(ax, extent, Sheet(crs="", lang="en"), "lower right") == 500
    assert bar_length(ax)[1] == pytest.approx(500)
    assert [text.get_text() for text in ax.texts] == ["0", "250", "500 m"]


@pytest.mark.parametrize(
    ("x", "y", "corner"),
    [
        ((9, 1, 1), (9, 9, 1), "lower right"),
        ((9, 9, 1), (1, 9, 1), "upper left"),
        ((9, 1, 1), (1, 9, 1), "upper right"),
        ((9, 1, 9), (1, 9, 9), "lower left"),
    ],
)
def test_the_emptiest_corner_is_the_one_without_points(x, y, corner):
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    separate = np.array(x, float), np.array(y, float)
    gaps = [np.insert(values, (1, 2), np.nan) for values in separate]
    assert emptiest_corners(ax, *gaps, (0.2, 0.2))[0] == corner


def test_a_line_through_a_corner_counts_without_a_vertex_there():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    crossing = np.array([5.0, 11.0]), np.array([-1.0, 5.0])
    assert emptiest_corners(ax, *crossing, (0.3, 0.3))[-1] == "lower right"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 10)), min_size=1, max_size=60))
def test_names_never_overlap_nor_leave_the_frame(spots):
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    x, y = np.array(spots).T
    ranks = [1 + i % 2 for i in range(len(x))]
    places = Places(x, y, (), [f"place {i}" for i in range(len(x))], ranks)
    count = draw_names(ax, places, NOWHERE)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert len(boxes) == count
    assert count >= 1 or len(x) == 0
    frame = ax.get_window_extent().padded(1)
    for box in boxes:
        assert frame.x0 <= box.x0 <= box.x1 <= frame.x1
        assert frame.y0 <= box.y0 <= box.y1 <= frame.y1
    for one, other in combinations(boxes, 2):
        assert not one.shrunk(0.98, 0.9).overlaps(other.shrunk(0.98, 0.9))


def test_the_higher_rank_gets_the_room():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    spot = np.full(12, 5.0)
    places = Places(spot, spot, (), [f"{i:02d}" * 6 for i in range(12)], [2] * 11 + [1])
    draw_names(ax, places, NOWHERE)
    shown = [text.get_text() for text in ax.texts]
    assert "11" * 6 in shown
    assert len(shown) < 12


def test_a_name_avoids_symbols():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    right = np.column_stack((np.linspace(5.2, 6.5, 8), np.full(8, 5.0)))
    places = Places(np.array([5.0]), np.array([5.0]), (), ["Taiyuan"], [1])
    draw_names(ax, places, right)
    (text,) = ax.texts
    assert text.get_window_extent().x1 < ax.transData.transform((5, 5))[0] + 1


def test_a_lesser_name_is_left_out_where_it_would_cover_a_symbol_on_every_side():
    around = np.array([(x, y) for x in np.arange(2, 8, 0.2) for y in np.arange(3, 7, 0.2)])
    for rank, is_written in ((1, True), (3, False)):
        ax = axes(Extent(0, 0, 10, 10, is_planar=True))
        draw_names(ax, Places(np.array([5.0]), np.array([5.0]), (), ["X"], [rank]), around)
        assert bool(ax.texts) is is_written


def test_no_name_covers_the_letter_of_a_route():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    letter = Points(np.array([5.6]), np.array([5.0]))
    (disc,) = symbol_boxes(ax, letter, 12.0)
    draw_names(ax, Places(np.array([5.0]), np.array([5.0]), (), ["Taiyuan"], [1]), NOWHERE, [disc])
    (text,) = ax.texts
    assert not Bbox.from_extents(*disc).overlaps(text.get_window_extent())


def test_the_name_of_a_city_stands_clear_of_a_large_symbol_on_it():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    (symbol,) = symbol_boxes(ax, Points(np.array([5.0]), np.array([5.0])), np.array([24.0]))
    for rank, names in ((1, ["Taiyuan"]), (3, [])):
        place = Places(np.array([5.0]), np.array([5.0]), (), ["Taiyuan"], [rank])
        draw_names(ax, place, NOWHERE, avoided=[symbol])
        assert [text.get_text() for text in ax.texts] == names
        for text in ax.texts:
            assert not Bbox.from_extents(*symbol).overlaps(text.get_window_extent())
            text.remove()


def test_the_name_of_a_city_is_written_even_where_large_symbols_leave_no_room():
    ax = axes(Extent(0, 0, 10, 10, is_planar=True))
    everywhere = np.array(ax.get_window_extent().extents)
    place = Places(np.array([5.0]), np.array([5.0]), (), ["Taiyuan"], [1])
    assert draw_names(ax, place, NOWHERE, avoided=[everywhere]) == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=60))
def test_symbols_are_spread_without_touching(spots):
    wanted = np.array(spots, dtype=float)
    taken = np.array([[20.0, 20.0]])
    placed = spread(wanted, taken, 5.0)
    assert pdist(np.concatenate((taken, placed))).min() >= 5 - 1e-4
    alone = np.hypot(*(wanted[0] - taken[0])) >= 5
    assert (placed[0] == wanted[0]).all() == alone


def test_too_many_symbols_at_one_spot_stay_there():
    placed = spread(np.zeros((200, 2)), NOWHERE, 1.0)
    assert np.hypot(*placed.T).max() <= 6 + 1e-9
    assert (placed[127:] == 0).all()


def test_a_symbol_without_a_place_gets_none():
    placed = spread(np.array([[np.nan, np.nan], [1.0, 1.0]]), NOWHERE, 1.0)
    assert np.isnan(placed[0]).all()
    assert (placed[1] == 1).all()


def test_degrees_have_their_letter_and_equal_decimals():
    ax = axes(Extent(-0.5, -0.5, 0.5, 0.5, is_planar=False))
    numbers = ax.xaxis.get_major_formatter().format_ticks([-0.25, 0.0, 0.5])
    assert numbers == ["0.25°W", "0.00°", "0.50°E"]
