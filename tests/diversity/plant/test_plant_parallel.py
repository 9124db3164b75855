"""Parallel spans count as two routes only if they are shown to be apart."""

from __future__ import annotations

import pytest
from shapely import LineString, from_wkt

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.parallel import are_lines_apart

STRAIGHT = "LINESTRING (0 0, 1000 0)"
NORTH = "LINESTRING (0 0, 100 60, 900 60, 1000 0)"
SOUTH = "LINESTRING (1000 0, 900 -60, 100 -60, 0 0)"
BESIDE = "LINESTRING (0 0, 100 15, 900 15, 1000 0)"
SPUR = "LINESTRING (0 0, 500 0, 500 80, 500 0, 1000 0)"


@pytest.fixture
def pair(plant):
    """Two spans between A and B, with the given columns.

    ::

        A ==== B       1,000 m apart, in a plane
    """

    def build(first, second, *others):
        spans = [
            (name, "A", "B", {"trench_id": ""} | more)
            for name, more in zip("pqrs", (first, second, *others), strict=False)
        ]
        return assess_plant(plant({"A": (0, 0), "B": (1000, 0)}, spans), ["B"])

    return build


@pytest.mark.parametrize(
    ("first", "second", "routes"),
    [
        ({}, {}, 1),
        ({"trench_id": "T1"}, {}, 1),
        ({"trench_id": "T1"}, {"trench_id": "T1"}, 1),
        ({"trench_id": "T1"}, {"trench_id": "T2"}, 2),
        ({"geometry": NORTH}, {"geometry": SOUTH}, 2),
        ({"geometry": STRAIGHT}, {"geometry": NORTH}, 2),
        ({"geometry": STRAIGHT}, {}, 1),
        ({"geometry": STRAIGHT}, {"geometry": BESIDE}, 1),
        ({"geometry": STRAIGHT}, {"geometry": SPUR}, 1),
        ({"geometry": STRAIGHT}, {"geometry": STRAIGHT}, 1),
        ({"geometry": NORTH, "trench_id": "T1"}, {"geometry": SOUTH}, 2),
        ({"geometry": NORTH, "trench_id": "T1"}, {"geometry": SOUTH, "trench_id": "T1"}, 1),
        ({"geometry": STRAIGHT, "trench_id": "T1"}, {"geometry": STRAIGHT, "trench_id": "T2"}, 2),
        # drawn from A to somewhere else: the line contradicts the ids and proves nothing
        ({"geometry": STRAIGHT}, {"geometry": "LINESTRING (0 0, 700 700)"}, 1),
    ],
)
def test_two_rows_are_two_routes_only_with_evidence(pair, first, second, routes):
    result = pair(first, second)

    assert result.routes_link_disjoint.tolist() == [routes, 2]
    assert result.single_points.tolist() == [2 - routes, 0]


def test_merged_spans_keep_both_ids_and_are_named(pair):
    result = pair({"length_m": 1200.0}, {"length_m": 1100.0})

    (point,) = result.single_points_of("A")
    assert (point.kind, point.ids) == ("span", ("q", "p"))
    assert result.shortest_m[0] == 1100.0
    assert [f.row_id for f in result.findings if f.rule == "ND955"] == ["q"]


def test_what_is_not_shown_apart_is_one_route_even_if_two_of_three_are_apart(pair):
    """P and R are apart, but Q, undrawn, may lie in the trench of either."""
    result = pair({"geometry": NORTH}, {}, {"geometry": SOUTH})

    assert result.routes_link_disjoint[0] == 1
    assert len(result.graph.span_rows) == 1


def test_two_trenches_stay_two_beside_a_duplicate(pair):
    result = pair({"trench_id": "T1"}, {"trench_id": "T2"}, {"trench_id": "T2"})

    assert result.graph.span_rows == ((0,), (1, 2))
    assert result.routes_link_disjoint[0] == 2


@pytest.mark.parametrize(("separation_m", "routes"), [(59.0, 2), (61.0, 1)])
def test_the_separation_can_be_chosen(plant, separation_m, routes):
    spans = [
        ("p", "A", "B", {"trench_id": "", "geometry": STRAIGHT}),
        ("q", "A", "B", {"trench_id": "", "geometry": NORTH}),
    ]
    network = plant({"A": (0, 0), "B": (1000, 0)}, spans)

    result = assess_plant(network, ["B"], separation_m=separation_m)

    assert result.routes_link_disjoint[0] == routes


def test_distance_near_the_ends_shows_nothing():
    """Entrances 30 m apart at both ends of one duct: within 50 m of the ends nothing counts."""
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(0, 30), (30, 0), (970, 0), (1000, 30)])

    assert not are_lines_apart(first, second, planar=True)
    assert are_lines_apart(first, second, planar=True, run_m=5.0, separation_m=10.0)


def test_lines_that_never_leave_the_surroundings_of_their_ends_are_not_shown_apart():
    first = LineString([(0, 0), (45, 20), (90, 0)])
    second = LineString([(0, 0), (45, -20), (90, 0)])

    assert not are_lines_apart(first, second, planar=True)


@pytest.mark.parametrize("latitude", [0.0, 38.0, 65.0])
def test_a_long_line_drawn_with_few_points_is_not_apart_from_itself_drawn_with_many(latitude):
    few = LineString([(112.0, latitude), (113.0, latitude)])
    many = LineString([(112.0 + step / 100, latitude) for step in range(101)])

    assert not are_lines_apart(few, many)


def test_degrees_are_measured_in_metres():
    first = from_wkt("LINESTRING (112.5 38, 112.52 38)")
    apart = from_wkt("LINESTRING (112.5 38, 112.505 38.00025, 112.515 38.00025, 112.52 38)")  # 28 m
    close = from_wkt("LINESTRING (112.5 38, 112.505 38.00015, 112.515 38.00015, 112.52 38)")  # 17 m

    assert are_lines_apart(first, apart)
    assert not are_lines_apart(first, close)
