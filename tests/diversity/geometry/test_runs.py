"""Separation profiles: drawn examples, comparison with shapely, and laws."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import LineString
from shapely.affinity import rotate, translate
from shapely.ops import substring

from netgraph.diversity.geometry import (
    Routes,
    draw_lines,
    separation_profile,
    separation_profiles,
)
from netgraph.errors import UsageError

WITHIN_M = [2.0, 5.0, 20.0, 50.0, 250.0]


def profile_of(first, second, within_m=WITHIN_M, end_exempt_m=0.0):
    return separation_profile(
        first, second, within_m=within_m, end_exempt_m=end_exempt_m, planar=True
    )


def stretches(runs, within_m):
    return [(run.start_m, run.end_m) for run in runs if run.within_m == within_m]


# --- drawn examples ---------------------------------------------------------------------------


def test_two_ducts_in_one_road_are_one_run_less_the_ends():
    r"""Three metres apart along the same road.

    A ──────────────────────────── B   first, 1 km
      ╲________________________╱       second, 3 m beside it from 40 m on
    """
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(0, 0), (40, -3), (960, -3), (1000, 0)])
    profile = profile_of(first, second, end_exempt_m=50.0)
    assert stretches(profile.runs, 2.0) == []
    assert stretches(profile.runs, 5.0) == [(50.0, 950.0)]
    assert profile.runs[0].least_m == pytest.approx(3.0)
    assert profile.least_m == pytest.approx(3.0)
    assert profile.crossings == ()
    assert profile.longest_run_m(20.0) == pytest.approx(900.0)


def test_a_crossing_is_counted_apart_and_has_no_metres():
    r"""One street crosses the other.

            |
    A ──────┼────── B
            |
    """
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(500, -600), (500, 600)])
    profile = profile_of(first, second)
    assert profile.runs == ()
    assert stretches(profile.crossings, 20.0) == [(480.0, 520.0)]
    assert len(profile.crossings) == len(WITHIN_M)
    assert profile.parallel_m(20.0) == 0.0
    assert profile.least_m == 0.0
    assert profile.least_at_m == pytest.approx(500.0)


@pytest.mark.parametrize(
    ("degrees", "is_crossing"), [(90, True), (45, True), (31, True), (29, False)]
)
def test_lines_that_meet_below_30_degrees_run_together(degrees, is_crossing):
    first = LineString([(-2000, 0), (2000, 0)])
    second = rotate(first, degrees, origin=(0, 0))
    profile = profile_of(first, second, within_m=[20.0])
    found = profile.crossings if is_crossing else profile.runs
    (length_m,) = [run.length_m for run in found]
    assert length_m == pytest.approx(2 * 20.0 / math.sin(math.radians(degrees)))
    assert len(profile.crossings) + len(profile.runs) == 1


def test_a_crossing_that_turns_and_follows_is_a_run():
    r"""The second crosses, then stays 5 m beside the first for 200 m.

              ____________
    A ───────/──────────── B
            /
    """
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(400, -400), (405, 5), (605, 5), (605, 400)])
    profile = profile_of(first, second, within_m=[20.0])
    assert profile.crossings == ()
    assert profile.parallel_m(20.0) == pytest.approx(240.0, abs=1.0)


def test_a_bend_that_comes_close_without_meeting_is_no_crossing():
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(400, 400), (500, 1), (600, 400)])
    profile = profile_of(first, second, within_m=[5.0])
    assert profile.crossings == ()
    assert len(profile.runs) == 1
    assert profile.runs[0].least_m == pytest.approx(1.0)


def test_routes_that_touch_in_a_manhole_and_part_again_cross_there():
    r"""Both turn by 90 degrees in one manhole.

        |  first comes from the west, leaves north
    ────o────   second comes from the east, leaves south
        |
    """
    first = LineString([(-500, 0), (0, 0), (0, 500)])
    second = LineString([(500, 0), (0, 0), (0, -500)])
    profile = profile_of(first, second, within_m=[20.0])
    assert stretches(profile.crossings, 20.0) == [(480.0, 520.0)]


def test_a_shared_span_is_never_a_crossing():
    r"""Ten metres in common between two manholes; the run within 250 m would be short enough."""
    first = [LineString([(-500, 0), (0, 0)]), LineString([(0, 0), (10, 0)])]
    first.append(LineString([(10, 0), (510, 0)]))
    second = [LineString([(0, -500), (0, 0)]), first[1], LineString([(10, 0), (10, 500)])]
    profile = profile_of(first, second)
    assert profile.crossings == ()
    assert stretches(profile.runs, 2.0)[0] == pytest.approx((498.0, 512.0))
    assert profile.least_m == 0.0


def test_a_run_in_two_pieces_is_not_their_hull():
    r"""Between the pieces the second route is 400 m away; the hull would claim 700 m.

    A ───────────────────────────────── B
        ____              _________
      _/    \            /         \_     5 m beside, twice
             \__________/
    """
    first = LineString([(0, 0), (1000, 0)])
    near_twice = [(100, 400), (100, 5), (200, 5), (200, 400), (600, 400), (600, 5), (800, 5)]
    second = LineString([(0, 400), *near_twice, (800, 400), (1000, 400)])
    profile = profile_of(first, second, within_m=[5.0])
    assert stretches(profile.runs, 5.0) == [
        pytest.approx((100.0, 200.0)),
        pytest.approx((600.0, 800.0)),
    ]
    assert profile.parallel_m(5.0) == pytest.approx(300.0)
    assert profile.longest_run_m(5.0) == pytest.approx(200.0)


def test_coming_back_past_the_own_building_is_not_exempt():
    r"""The second leaves A to the north, comes back and passes A's building 4 m away.

      ┌──────┐
      │      │
    A o──────┼───── B     first: straight on
      └──────┘ passes below A first, 1.6 km along its way
    """
    first = LineString([(0, 0), (2000, 0)])
    second = LineString(
        [(0, 0), (0, 500), (-300, 500), (-300, -4), (100, -4), (100, -500), (2000, -500), (2000, 0)]
    )
    profile = profile_of(first, second, within_m=[5.0], end_exempt_m=50.0)
    assert stretches(profile.runs, 5.0) == [pytest.approx((0.0, 103.0))]
    assert profile.least_m == pytest.approx(4.0)


def test_within_the_exempt_ends_the_routes_may_share_a_lead_in():
    r"""A shared lead-in of 45 m, then the ways part at right angles."""
    lead_in = LineString([(0, 0), (45, 0)])
    first = [lead_in, LineString([(45, 0), (45, 900)])]
    second = [lead_in, LineString([(45, 0), (45, -900), (200, -900), (200, 900), (45, 900)])]
    assert profile_of(first, second, within_m=[5.0], end_exempt_m=50.0).runs == ()
    (run,) = profile_of(first, second, within_m=[5.0]).runs[:1]
    assert (run.start_m, run.end_m) == pytest.approx((0.0, 50.0))


def test_the_direction_of_the_second_route_does_not_matter():
    first = LineString([(0, 0), (1000, 0)])
    second = LineString([(0, 0), (40, -3), (500, -3), (600, -300), (1000, 0)])
    there = profile_of(first, second, end_exempt_m=60.0)
    back = profile_of(first, second.reverse(), end_exempt_m=60.0)
    assert there.runs == back.runs
    assert there.least_m == back.least_m


def test_a_route_that_uses_one_span_twice_is_measured_along_both_uses():
    spur = LineString([(0, 0), (100, 0)])
    first = [spur, spur, LineString([(0, 0), (0, 800)])]
    second = LineString([(0, 4), (100, 4), (900, 4)])
    profile = profile_of(first, second, within_m=[5.0])
    assert profile.first_m == 1000.0
    assert profile.parallel_m(5.0) == pytest.approx(200.0 + 9.0, abs=0.5)


# --- what is not drawn ------------------------------------------------------------------------


def test_a_route_without_geometry_is_undecidable_never_separate():
    profile = profile_of(None, LineString([(0, 0), (10, 0)]))
    assert not profile.is_complete
    assert profile.runs == ()
    assert math.isnan(profile.least_m)


def test_what_is_drawn_still_counts_where_a_span_is_missing():
    first = [LineString([(0, 0), (500, 0)]), None]
    second = LineString([(0, 3), (1000, 3)])
    profile = profile_of(first, second, within_m=[5.0])
    assert not profile.is_complete
    assert profile.parallel_m(5.0) == pytest.approx(500.0)


def test_recorded_lengths_stand_in_for_the_positions_of_missing_spans():
    lines = draw_lines(
        [None, LineString([(0, 0), (500, 0)]), LineString([(0, 3), (500, 3)])], planar=True
    )
    profiles = separation_profiles(
        lines,
        Routes.from_lists([[0, 1]]),
        Routes.from_lists([[2]]),
        within_m=[5.0],
        end_exempt_m=0.0,
        recorded_m=np.array([70.0, 0.0, 0.0]),
    )
    (run,) = profiles.profile(0).runs
    assert (run.start_m, run.end_m) == (70.0, 570.0)
    assert profiles.is_complete.tolist() == [False]


def test_routes_shorter_than_their_end_zones_leave_nothing_to_measure():
    line = LineString([(0, 0), (60, 0)])
    profile = profile_of(line, line, end_exempt_m=100.0)
    assert math.isnan(profile.least_m)
    assert profile.runs == ()
    assert profile.is_complete


def test_spans_of_no_length_are_places():
    profile = profile_of([LineString([(5, 5), (5, 5)])], LineString([(0, 0), (10, 0)]))
    assert profile.least_m == 5.0
    assert profile.first_m == 0.0


@pytest.mark.parametrize("within_m", [[], [0.0], [5.0, -1.0], [math.inf]])
def test_distances_must_be_positive(within_m):
    line = LineString([(0, 0), (10, 0)])
    with pytest.raises(UsageError, match="within_m"):
        profile_of(line, line, within_m=within_m)


def test_only_distances_that_were_asked_for_can_be_read_back():
    lines = draw_lines([LineString([(0, 0), (10, 0)])], planar=True)
    routes = Routes.from_lists([[0]])
    profiles = separation_profiles(lines, routes, routes, within_m=[5.0], end_exempt_m=0.0)
    assert profiles.longest_run_m(5.0).tolist() == [10.0]
    with pytest.raises(UsageError, match="only within 5 m"):
        profiles.longest_run_m(6.0)


def test_routes_must_be_paired():
    lines = draw_lines([LineString([(0, 0), (10, 0)])], planar=True)
    with pytest.raises(UsageError, match="paired"):
        separation_profiles(lines, Routes.from_lists([[0]]), Routes.from_lists([[0], [0]]))


# --- comparison with shapely ------------------------------------------------------------------


def zone_parts(line, zone_m):
    """(part, rank at A, rank at B) of a line cut at the zones: 2 = near, 1 = neighbourhood."""
    total_m = line.length
    if zone_m == 0.0:
        return [(line, 0, 0)]
    limits = [zone_m, 2 * zone_m, total_m - 2 * zone_m, total_m - zone_m]
    cuts = sorted({0.0, total_m, *(min(max(limit, 0.0), total_m) for limit in limits)})
    parts = []
    for low, high in pairwise(cuts):
        middle = (low + high) / 2
        rank_a = (middle <= limits[0]) + (middle <= limits[1])
        rank_b = (middle >= limits[2]) + (middle >= limits[3])
        parts.append((substring(line, low, high), rank_a, rank_b))
    return parts


def pairs_that_count(first, second, zone_m):
    """Each part of the first with all of the second that it is to be compared with."""
    for part, rank_a, rank_b in zone_parts(first, zone_m):
        others = [
            other
            for other, other_a, other_b in zone_parts(second, zone_m)
            if rank_a + other_a < 3 and rank_b + other_b < 3
        ]
        if others:
            yield part, shapely.union_all(others)


def shapely_bounds(first, second, zone_m, within_m, segments=64):
    """Metres within a distance: with circles that are too small, and with ones too large."""
    wide_m = within_m / math.cos(math.pi / (4 * segments)) * (1 + 1e-12)
    totals = [0.0, 0.0]
    for part, other in pairs_that_count(first, second, zone_m):
        corners = list(pairwise(part.coords))
        for place, radius_m in enumerate((within_m, wide_m)):
            near = other.buffer(radius_m, quad_segs=segments)
            # piece by piece, for a line that doubles back counts twice
            totals[place] += sum(LineString(ends).intersection(near).length for ends in corners)
    return totals


def oriented_like(second, first):
    def gap(a, b):
        return math.dist(a.coords[0], b.coords[0]) + math.dist(a.coords[-1], b.coords[-1])

    return second.reverse() if gap(second.reverse(), first) < gap(second, first) else second


def assert_agrees_with_shapely(first, second, zone_m, within_m):
    profile = profile_of(first, second, within_m=within_m, end_exempt_m=zone_m)
    second = oriented_like(second, first)
    assert profile.first_m == pytest.approx(first.length)
    for distance_m in within_m:
        found_m = sum(
            run.length_m for run in profile.runs + profile.crossings if run.within_m == distance_m
        )
        low_m, high_m = shapely_bounds(first, second, zone_m, distance_m)
        assert low_m - 0.01 <= found_m <= high_m + 0.01
    least_m = min(
        (part.distance(other) for part, other in pairs_that_count(first, second, zone_m)),
        default=math.nan,
    )
    assert profile.least_m == pytest.approx(least_m, abs=1e-6, nan_ok=True)


def random_route(rng, start, steps):
    headings = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.5, steps))
    lengths_m = rng.uniform(1, 120, steps)
    moves = np.column_stack((np.cos(headings) * lengths_m, np.sin(headings) * lengths_m))
    return np.vstack(([start], start + np.cumsum(moves, axis=0)))


@pytest.mark.parametrize("seed", range(60))
def test_metres_and_least_distances_agree_with_shapely_on_random_routes(seed):
    """Random walks, some with a stretch in common; zones from none to longer than the route."""
    rng = np.random.default_rng(seed)
    first = random_route(rng, np.zeros(2), rng.integers(1, 40))
    second = random_route(rng, rng.normal(0, 20, 2) * (seed % 2), rng.integers(1, 40))
    if seed % 3 == 0:
        joins = rng.integers(0, len(first))
        second = np.vstack((second, first[joins:]))
    zone_m = float(rng.choice([0.0, 50.0, 120.0, 400.0]))
    assert_agrees_with_shapely(LineString(first), LineString(second), zone_m, WITHIN_M)


CORNERS = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=7)
ODD_M = [2.2360312, 7.3123456]  # no multiple of a distance between corners


@settings(max_examples=80, deadline=None)
@given(CORNERS, CORNERS, st.sampled_from([0.0, 5.0, 17.0]))
def test_metres_agree_with_shapely_where_lines_touch_overlap_and_double_back(a, b, zone_m):
    first, second = LineString(a), LineString(b)
    assume(first.length > 0 and second.length > 0)
    reverse, straight = oriented_like(second, first), second
    gap = math.dist(b[0], a[0]) + math.dist(b[-1], a[-1])
    assume(reverse is straight or gap != math.dist(b[-1], a[0]) + math.dist(b[0], a[-1]))
    assert_agrees_with_shapely(first, second, zone_m, ODD_M)


# --- laws -------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(CORNERS, CORNERS, st.sampled_from([0.0, 6.0]))
def test_the_least_distance_is_the_same_from_both_sides(a, b, zone_m):
    first, second = LineString(a), LineString(b)
    there = profile_of(first, second, end_exempt_m=zone_m)
    back = profile_of(second, first, end_exempt_m=zone_m)
    assert there.least_m == pytest.approx(back.least_m, abs=1e-9, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(CORNERS, CORNERS, st.floats(0, 360), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_moving_and_turning_the_drawing_changes_nothing(a, b, degrees, x, y):
    first, second = LineString(a), LineString(b)

    def moved(line):
        return translate(rotate(line, degrees, origin=(0, 0)), x, y)

    here = profile_of(first, second, within_m=ODD_M)
    there = profile_of(moved(first), moved(second), within_m=ODD_M)
    assert there.least_m == pytest.approx(here.least_m, abs=1e-6)
    for distance_m in ODD_M:
        metres = [
            sum(run.length_m for run in each.runs + each.crossings if run.within_m == distance_m)
            for each in (here, there)
        ]
        assert metres[1] == pytest.approx(metres[0], abs=0.01)


@settings(max_examples=60, deadline=None)
@given(CORNERS, CORNERS, st.sampled_from([0.0, 6.0]))
def test_a_greater_distance_never_has_fewer_metres(a, b, zone_m):
    levels = [1.0, 2.0, 3.5, 8.0, 30.0]
    profile = profile_of(LineString(a), LineString(b), within_m=levels, end_exempt_m=zone_m)
    metres = [
        sum(run.length_m for run in profile.runs + profile.crossings if run.within_m == level)
        for level in levels
    ]
    assert all(low <= high + 0.002 for low, high in pairwise(metres))


def test_a_batch_gives_what_each_pair_gives_alone():
    rng = np.random.default_rng(7)
    spans = [LineString(random_route(rng, rng.uniform(0, 600, 2), 4)) for _ in range(60)]
    lines = draw_lines(spans, planar=True)
    firsts = [rng.integers(0, 60, rng.integers(1, 9)).tolist() for _ in range(40)]
    seconds = [rng.integers(0, 60, rng.integers(1, 9)).tolist() for _ in range(40)]
    batch = separation_profiles(
        lines, Routes.from_lists(firsts), Routes.from_lists(seconds), end_exempt_m=90.0
    )
    for pair, (first, second) in enumerate(zip(firsts, seconds, strict=True)):
        alone = separation_profile(
            [spans[line] for line in first],
            [spans[line] for line in second],
            end_exempt_m=90.0,
            planar=True,
        )
        found = batch.profile(pair)
        assert len(found.runs) == len(alone.runs)
        for run, expected in zip(found.runs, alone.runs, strict=True):
            assert run.start_m == pytest.approx(expected.start_m, abs=1e-6)
            assert run.end_m == pytest.approx(expected.end_m, abs=1e-6)
            assert run.least_m == pytest.approx(expected.least_m, abs=1e-6)
        assert found.least_m == pytest.approx(alone.least_m, abs=1e-6)
    for distance_m in WITHIN_M:
        longest_m = [batch.profile(pair).longest_run_m(distance_m) for pair in range(len(batch))]
        total_m = [batch.profile(pair).parallel_m(distance_m) for pair in range(len(batch))]
        assert batch.longest_run_m(distance_m).tolist() == pytest.approx(longest_m)
        assert batch.parallel_m(distance_m).tolist() == pytest.approx(total_m)


def test_far_routes_have_their_exact_least_distance():
    rng = np.random.default_rng(3)
    first = LineString(random_route(rng, np.zeros(2), 300))
    second = translate(LineString(random_route(rng, np.zeros(2), 300)), 40_000, 0)
    profile = profile_of(first, second, within_m=[5.0])
    assert profile.least_m == pytest.approx(first.distance(second))
    place = first.interpolate(profile.least_at_m)
    assert place.distance(second) == pytest.approx(profile.least_m)


# --- real geometry ----------------------------------------------------------------------------


def test_real_lines_agree_with_shapely_to_centimetres(ofds_lines, near_metres):
    """Kenya: stretches of 8 km of one operator beside another, in planes of their own."""
    mine = draw_lines(ofds_lines("Kenya/JTL/*spans*"))
    theirs = ofds_lines("Kenya/NOFBI/*spans*")
    tree = shapely.STRtree(theirs)
    compared = 0
    for line in range(len(mine)):
        for start_m in np.arange(0.0, mine.line_length_m[line] - 8000.0, 40_000.0):
            stretch = mine.cut(line, start_m, start_m + 8000.0)
            near = tree.query(stretch.buffer(0.001), predicate="intersects")
            if len(near) == 0:
                continue
            to_metres = near_metres(stretch.centroid)
            nearby = stretch.centroid.buffer(0.2)
            first = to_metres(stretch)
            second = to_metres(
                shapely.intersection(
                    shapely.MultiLineString([theirs[span] for span in near]), nearby
                )
            )
            profile = separation_profile(
                stretch, [theirs[span] for span in near], within_m=WITHIN_M, end_exempt_m=0.0
            )
            compared += 1
            assert profile.least_m == pytest.approx(first.distance(second), abs=0.02)
            for distance_m in WITHIN_M:
                found_m = sum(
                    run.length_m
                    for run in profile.runs + profile.crossings
                    if run.within_m == distance_m
                )
                low_m = first.intersection(second.buffer(distance_m - 0.01, quad_segs=64)).length
                high_m = first.intersection(second.buffer(distance_m + 0.03, quad_segs=64)).length
                assert low_m - 0.02 <= found_m <= high_m + 0.02
    assert compared >= 10
