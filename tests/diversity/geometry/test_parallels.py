"""Spans drawn together, and spans shown to be apart."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString
from shapely.affinity import rotate

from netgraph.diversity.geometry import (
    are_shown_apart,
    draw_lines,
    find_parallel_spans,
    is_shown_apart,
)
from netgraph.errors import UsageError


def pairs_of(spans, **how):
    found = find_parallel_spans(spans, planar=True, **how)
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


def test_two_spans_side_by_side_are_found_with_the_longer_run():
    r"""One metre apart for 100 m of the longer one.

    o──────────────────o  0
        o────────o        1
    """
    spans = [LineString([(0, 0), (300, 0)]), LineString([(100, 1), (200, 1)])]
    found = find_parallel_spans(spans, planar=True)
    assert (found.first.tolist(), found.second.tolist()) == ([0], [1])
    assert found.run_m[0] == pytest.approx(100 + 2 * math.sqrt(3))
    assert (found.run_span[0], found.least_m[0]) == (0, pytest.approx(1.0))
    assert (found.start_m[0], found.end_m[0]) == pytest.approx(
        (100 - math.sqrt(3), 200 + math.sqrt(3))
    )


def test_spans_that_follow_each_other_are_no_pair():
    r"""o────o────o────o in one straight line, each span sharing its ends with the next."""
    spans = [LineString([(100 * i, 0), (100 * i + 100, 0)]) for i in range(5)]
    assert pairs_of(spans) == []
    assert pairs_of(spans, min_run_m=0.0) == []


def test_spans_that_meet_at_a_corner_are_no_pair_even_for_short_runs():
    corner = [LineString([(0, 0), (100, 0)]), LineString([(100, 0), (100, 100)])]
    assert pairs_of(corner, min_run_m=0.0) == []


def test_a_span_that_folds_back_along_its_neighbour_is_a_pair():
    r"""Out and back in one trench.

    o────────────────o
      ╲______________/   1 m beside
    """
    spans = [LineString([(0, 0), (100, 0)]), LineString([(100, 0), (99, 1), (20, 1), (20, 90)])]
    assert pairs_of(spans) == [(0, 1)]


def test_a_run_in_two_pieces_is_not_added_up():
    """Twice 40 m close, 60 m apart in between: no contiguous run over 50 m."""
    straight = LineString([(0, 0), (140, 0)])
    bent = LineString([(0, 1), (38, 1), (38, 60), (102, 60), (102, 1), (140, 1)])
    assert pairs_of([straight, bent]) == []
    assert pairs_of([straight, bent], min_run_m=30.0) == [(0, 1)]


def test_spans_that_are_not_drawn_are_never_parallel():
    assert pairs_of([None, LineString([(0, 0), (99, 0)]), None]) == []
    assert len(find_parallel_spans([])) == 0


@pytest.mark.parametrize("wrong", [{"within_m": 0.0}, {"min_run_m": -1.0}])
def test_distances_must_make_sense(wrong):
    with pytest.raises(UsageError, match="within_m"):
        find_parallel_spans([], **wrong)


def contiguous_runs(span, other, within_m):
    """Lengths of the contiguous parts of a span near another one, after shapely."""
    near = shapely.line_merge(span.intersection(other.buffer(within_m, quad_segs=256)))
    return [part.length for part in shapely.get_parts(near)]


@pytest.mark.parametrize("seed", range(5))
def test_the_pairs_are_shapelys(seed):
    """Bundles of nearly parallel spans and strays; only clear cases are compared."""
    rng = np.random.default_rng(seed)
    spans = []
    for _ in range(60):
        heading, offset = rng.choice([0.0, 0.3, 2.0]), rng.uniform(-30, 30)
        base = LineString([(x, offset + rng.normal(0, 1.0)) for x in range(0, 160, 20)])
        spans.append(rotate(base, heading, origin=(0, 0), use_radians=True))
    found = find_parallel_spans(spans, within_m=2.0, min_run_m=50.0, planar=True)
    runs_m = dict(
        zip(zip(found.first.tolist(), found.second.tolist(), strict=True), found.run_m, strict=True)
    )
    for i in range(60):
        for j in range(i + 1, 60):
            if spans[i].distance(spans[j]) > 2.0:
                assert (i, j) not in runs_m
                continue
            longest_m = max(
                contiguous_runs(spans[i], spans[j], 2.0) + contiguous_runs(spans[j], spans[i], 2.0)
            )
            if longest_m > 50.01:
                assert runs_m[i, j] == pytest.approx(longest_m, abs=0.05)
            elif longest_m < 49.99:
                assert (i, j) not in runs_m


def test_real_networks_have_parallel_spans_that_shapely_confirms(ofds_lines, near_metres):
    """South Africa: spans drawn along each other within 2 m."""
    spans = ofds_lines("South_Africa/BroadbandInfraco/*spans*")
    found = find_parallel_spans(spans)
    lines = draw_lines(spans)
    assert len(found) > 0
    for pair in range(min(len(found), 12)):
        mine = int(found.run_span[pair])
        other = int(found.first[pair] + found.second[pair] - mine)
        end_m = min(found.end_m[pair], found.start_m[pair] + 5000.0)
        run = lines.cut(mine, found.start_m[pair], end_m)
        to_metres = near_metres(run.centroid)
        nearby = spans[other].intersection(run.buffer(0.01).envelope)
        assert to_metres(run).within(to_metres(nearby).buffer(2.01))


# --- shown apart ------------------------------------------------------------------------------


def apart(a, b, **how):
    return is_shown_apart(a, b, planar=True, **how)


STRAIGHT = LineString([(0, 0), (1000, 0)])


def test_two_ways_around_a_block_are_apart():
    r"""
      ┌──────────┐
    o─┴──────────┴─o    20 m and 21 m away
    """
    near = LineString([(0, 0), (200, 20), (800, 20), (1000, 0)])
    far = LineString([(0, 0), (200, 21), (800, 21), (1000, 0)])
    assert not apart(STRAIGHT, near)
    assert apart(STRAIGHT, far)
    assert apart(far, STRAIGHT)


def test_a_detour_that_comes_back_at_once_still_shares_all_of_the_other_way():
    r"""A spur of 300 m and back: the straight span has no place away from the bent one.

            |
    o───────┴───────o
    """
    spur = LineString([(0, 0), (500, 0), (500, 300), (500, 0), (1000, 0)])
    assert not apart(STRAIGHT, spur)


def test_what_is_apart_only_near_the_ends_is_not_shown():
    coil = LineString([(0, 0), (0, 45), (20, 45), (20, 0), (1000, 0)])
    assert not apart(STRAIGHT, coil)
    short = LineString([(0, 0), (40, 0)])
    assert not apart(short, LineString([(0, 0), (20, 45), (40, 0)]))
    assert apart(short, LineString([(0, 0), (20, 45), (40, 0)]), end_exempt_m=10.0) is False
    assert apart(short, LineString([(0, 0), (20, 90), (40, 0)]), separation_m=5.0) is False


def test_nothing_is_shown_without_geometry_and_by_a_copy():
    assert not apart(None, STRAIGHT)
    assert not apart(STRAIGHT, None)
    assert not apart(STRAIGHT, STRAIGHT)
    assert not apart(STRAIGHT, STRAIGHT.reverse())


CORNERS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=5)


@settings(max_examples=80, deadline=None)
@given(CORNERS, CORNERS, st.sampled_from([1.2345, 3.3333]), st.sampled_from([0.0, 2.7182]))
def test_spans_are_apart_as_shapely_finds_them(a, b, separation_m, end_exempt_m):
    first = LineString([(0, 0), *a, (30, 30)])
    second = LineString([(0, 0), *b, (30, 30)])
    lines = draw_lines([first, second], planar=True)
    pair = np.array([0]), np.array([1])
    found = are_shown_apart(lines, *pair, separation_m=separation_m, end_exempt_m=end_exempt_m)
    left_m = []
    for mine, other in ((first, second), (second, first)):
        near = other.buffer(separation_m, quad_segs=256)
        if end_exempt_m:
            near = near.union(shapely.MultiPoint([(0, 0), (30, 30)]).buffer(end_exempt_m, 256))
        left_m.append(mine.difference(near).length)
    if min(left_m) > 0.05:
        assert found.tolist() == [True]
    if min(left_m) < 0.0005:
        assert found.tolist() == [False]


@pytest.mark.parametrize("wrong", [{"separation_m": 0.0}, {"end_exempt_m": -1.0}])
def test_separations_must_make_sense(wrong):
    with pytest.raises(UsageError, match="separation_m"):
        apart(STRAIGHT, STRAIGHT, **wrong)
