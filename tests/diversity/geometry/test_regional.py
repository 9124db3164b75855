"""Sets of lines that one disk hits, compared with published lists and with random disks."""

from __future__ import annotations

import re

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString

from netgraph.diversity.geometry import regional_risk_groups
from netgraph.errors import UsageError

COUNTS = {
    "16_optic_pan_eu": (16, 14, 13),
    "22_optic_eu": (22, 28, 31),
    "24_us_wide": (24, 23, 24),
    "28_optic_eu": (28, 28, 32),
    "39_optic_north_american": (39, 33, 34),
    "79_optic_nfsnet": (79, 76, 88),
}


def read_lgf(path):
    """Lines and groups of a LEMON graph: straight links between planar nodes."""
    text = path.read_text(encoding="utf-8")
    nodes, rest = text.split("@edges")
    edges, groups = rest.split("@srlgs")
    places = {
        label: (float(x), float(y))
        for label, x, y in re.findall(r"^(\d+)\s+\(([-\d.]+),([-\d.]+)\)", nodes, re.MULTILINE)
    }
    rows = sorted((int(k), a, b) for a, b, k in re.findall(r"(\d+)\s+(\d+)\s+(\d+)\s*\n", edges))
    lines = [LineString([places[a], places[b]]) for _, a, b in rows]
    published = {frozenset(map(int, row.split())) for row in groups.splitlines() if row.strip()}
    return [number for number, _, _ in rows], lines, published


@pytest.mark.parametrize("network", COUNTS)
@pytest.mark.parametrize("radius", [50, 100, 200])
def test_the_groups_are_the_published_ones(srlg_regional, network, radius):
    """github.com/jtapolcai/regional-srlg: Tapolcai, Ronyai, Vass, Gyimothi, INFOCOM 2017."""
    labels, lines, published = read_lgf(srlg_regional / f"r{radius}_{network}.lgf")
    found = regional_risk_groups(lines, radius, planar=True)
    groups = {frozenset(labels[line] for line in group) for group in found.groups()}
    assert groups == published
    assert len(found) == COUNTS[network][(50, 100, 200).index(radius)]


def groups_of(lines, radius_m, **how):
    return regional_risk_groups(lines, radius_m, planar=True, **how).groups()


def test_a_disk_that_touches_hits():
    r"""Two parallel lines two radii apart, and a third a hair farther.

    ──────── 0
       ( )      one disk between them touches both
    ──────── 1
       ( )      a hair too far
    ──────── 2
    """
    lines = [LineString([(0, y), (100, y)]) for y in (0.0, 20.0, 40.001)]
    assert groups_of(lines, 10.0) == ((0, 1), (2,))
    assert groups_of(lines, 10.001) == ((0, 1), (1, 2))


def test_three_lines_can_be_hit_pairwise_but_not_at_once():
    corners = [(0.0, 0.0), (10.0, 0.0), (5.0, 8.66)]
    lines = [LineString([corner, corner]) for corner in corners]
    assert groups_of(lines, 5.5) == ((0, 1), (0, 2), (1, 2))
    assert groups_of(lines, 5.9) == ((0, 1, 2),)


def test_a_line_around_another_is_hit_with_it_only_from_the_space_between():
    """A ring of radius 15 around a point, radius 10: no border of the one crosses the other's."""
    angles = np.linspace(0, 2 * np.pi, 73)
    ring = LineString(np.column_stack((15 * np.cos(angles), 15 * np.sin(angles))))
    point = LineString([(0, 0), (0, 0)])
    assert groups_of([ring, point], 10.0) == ((0, 1),)
    assert groups_of([ring, point], 7.4) == ((0,), (1,))


def test_lines_that_are_not_drawn_are_in_no_group():
    lines = [None, LineString([(0, 0), (5, 0)])]
    assert groups_of(lines, 3.0) == ((1,),)
    assert groups_of([None], 3.0) == ()
    assert len(regional_risk_groups([], 3.0)) == 0


@pytest.mark.parametrize("radius_m", [0.0, -5.0, float("inf"), float("nan")])
def test_a_disk_needs_a_radius(radius_m):
    with pytest.raises(UsageError, match="radius"):
        regional_risk_groups([LineString([(0, 0), (5, 0)])], radius_m)


CORNERS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(CORNERS, min_size=1, max_size=6),
    st.sampled_from([1.0, 1.5, 2.4142, 3.7, 6.5]),
    st.integers(0, 2**31),
)
def test_every_disk_hits_part_of_a_group_and_every_group_is_hit_by_its_disk(drawn, radius, seed):
    lines = [LineString(corners) for corners in drawn]
    found = regional_risk_groups(lines, radius, planar=True)
    groups = [frozenset(group) for group in found.groups()]
    for group, (x, y) in zip(groups, found.centre, strict=True):
        distances = shapely.distance(shapely.Point(x, y), lines)
        assert frozenset(np.flatnonzero(distances <= radius + 1e-6).tolist()) == group
    assert not any(a < b for a in groups for b in groups)
    places = np.random.default_rng(seed).uniform(-8, 20, (400, 2))
    near = shapely.distance(shapely.points(places)[:, None], np.array(lines)[None, :]) <= radius
    for hit in {frozenset(np.flatnonzero(row).tolist()) for row in near}:
        assert any(hit <= group for group in groups) or not hit


def test_groups_on_the_earth_are_those_of_a_plane_around_them(near_metres):
    rng = np.random.default_rng(5)
    starts = rng.uniform((112.0, 37.0), (112.2, 37.2), (40, 2))
    lines = [LineString([start, start + rng.normal(0, 0.02, 2)]) for start in starts]
    to_metres = near_metres(shapely.Point(112.1, 37.1))
    flat = [to_metres(line) for line in lines]
    found = regional_risk_groups(lines, 1500.0)
    assert found.groups() == groups_of(flat, 1500.0)
    lon, lat = found.centre.T
    assert (lon > 111.9).all()
    assert (lat < 37.3).all()


def test_the_groups_of_a_real_network_are_each_hit_by_their_disk(ofds_lines, near_metres):
    """Kenya: disks of 5 km over the spans of one operator."""
    spans = ofds_lines("Kenya/NOFBI/*spans*")
    found = regional_risk_groups(spans, 5000.0)
    assert len(found) == len(set(found.groups())) > 50
    for group, (lon, lat) in list(zip(found.groups(), found.centre, strict=True))[::10]:
        centre = shapely.Point(lon, lat)
        to_metres = near_metres(centre)
        for span in group:
            near = spans[span].intersection(centre.buffer(0.1))
            assert to_metres(near).distance(shapely.Point(0, 0)) <= 5000.0 + 10.0
