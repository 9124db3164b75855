"""The generated province: sizes, seeds, and routes that hold together."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from netgraph import inventory
from netgraph.datasets import example_columns
from netgraph.datasets.province import plane
from netgraph.datasets.province.walks import Net, Walks, join, single, stack
from netgraph.errors import UsageError


@pytest.fixture(scope="module")
def columns():
    return example_columns("province", seed=3, scale=0.02)


@pytest.fixture(scope="module")
def small(columns, tables_of):
    return tables_of(columns)


@pytest.fixture(scope="module")
def full():
    return example_columns("province")


def test_the_whole_province_has_the_stated_size(full):
    counts = {name: len(next(iter(columns.values()))) for name, columns in full.items()}
    assert (counts["customers"], counts["sites"], counts["circuits"]) == (531, 7700, 15413)
    assert counts["structures"] == pytest.approx(100_000, rel=0.03)
    assert counts["spans"] == pytest.approx(126_000, rel=0.03)
    assert counts["cables"] == pytest.approx(12_000, rel=0.03)
    assert counts["offices"] == 2640
    assert Counter(full["spans"]["medium"])["bridge"] == pytest.approx(1000, rel=0.1)


def test_a_working_route_is_as_long_as_stated(full):
    tables = full
    spans = Counter(tables["cable_spans"]["cable_id"])
    cable = dict(
        zip(tables["link_cables"]["link_id"], tables["link_cables"]["cable_id"], strict=True)
    )
    cables, lengths, protected = Counter(), Counter(), set()
    links = tables["circuit_links"]
    for circuit, role, link in zip(
        links["circuit_id"], links["role"], links["link_id"], strict=True
    ):
        if role == "working":
            cables[circuit] += 1
            lengths[circuit] += spans[cable[link]]
        else:
            protected.add(circuit)
    assert 7 <= np.median(list(cables.values())) <= 9
    assert 200 <= np.median(list(lengths.values())) <= 900
    assert len(protected) / 15413 == pytest.approx(0.64, abs=0.02)


def test_equal_seeds_give_equal_tables_and_others_do_not(columns):
    assert example_columns("province", seed=3, scale=0.02) == columns
    assert example_columns("province", seed=4, scale=0.02) != columns


def test_it_says_that_it_is_invented(columns):
    assert "INVENTED" in columns["inventory"]["notes"][0]


def test_the_reader_finds_nothing_wrong_with_it(columns):
    assert inventory.from_columns(columns).findings == ()


def test_every_cable_with_spans_is_a_walk_over_them(small):
    for name, spans in small.spans_of.items():
        row = small.cable[name]
        end = small.walk(
            row["from_id"], spans, lambda s: (small.span[s]["from_id"], small.span[s]["to_id"])
        )
        assert end == row["to_id"]


def test_every_route_runs_from_its_site_to_a_b_end(small):
    circuits = {row["id"]: row for row in small["circuits"]}
    for (circuit, role), links in small.routes.items():
        row = circuits[circuit]
        sides = {
            link: tuple(small.location(small.link[link][side]) for side in ("from_id", "to_id"))
            for link in links
        }
        end = small.walk(row["a_id"], links, sides.__getitem__)
        homes = {row["b_id"]} if role == "working" else {row["b_id"], row["b2_id"]}
        assert end in homes


def test_two_circuits_of_a_site_are_grouped_and_no_others(small):
    of_site = Counter(row["a_id"] for row in small["circuits"])
    for row in small["circuits"]:
        assert bool(row["group_id"]) is (of_site[row["a_id"]] == 2)


def test_a_scale_too_small_is_a_usage_error():
    with pytest.raises(UsageError, match="scale"):
        example_columns("province", scale=0)


def test_rows_of_walks_join_stack_and_turn_round():
    first = Walks(np.array([1, 2, 3]), np.array([0, 2, 3]))
    second = single(np.array([7, 8]))
    joined = join(first, second)
    assert joined.values.tolist() == [1, 2, 7, 3, 8]
    assert joined.reversed().values.tolist() == [7, 2, 1, 8, 3]
    stacked = stack(first, second)
    assert stacked.take(np.array([3, 0])).values.tolist() == [8, 1, 2]
    assert stacked.places.tolist() == [0, 1, 0, 0, 0]


def test_ways_lead_to_the_nearest_root():
    """0 - 1 - 2 - 3 - 4 with roots 0 and 4; the edge 2 - 3 is long."""
    net = Net(5, np.array([[0, 1], [1, 2], [2, 3], [3, 4]]), np.array([1.0, 1.0, 9.0, 1.0]))
    forest = net.forest(np.array([0, 4]))
    assert forest.root.tolist() == [0, 0, 0, 4, 4]
    ways = forest.ways(np.array([2, 0, 3]))
    assert ways.values.tolist() == [1, 0, 3]
    assert ways.counts.tolist() == [2, 0, 1]
    assert net.tree(4).ways(np.array([1])).values.tolist() == [1, 2, 3]


@given(st.integers(2, 40), st.integers(0, 10_000))
def test_the_way_through_a_tree_is_as_long_as_a_search_says(n, seed):
    """Compare with one search from every node."""
    rng = np.random.default_rng(seed)
    parent = [int(rng.integers(child)) for child in range(1, n)]
    km = rng.uniform(0.1, 5.0, n - 1)
    tree = csr_matrix((km, (parent, np.arange(1, n))), shape=(n, n))
    pairs = np.argwhere(np.ones((n, n)))
    expected = dijkstra(tree, directed=False)[pairs[:, 0], pairs[:, 1]]
    np.testing.assert_allclose(plane._tree_km(tree, pairs), expected, atol=1e-9)


def test_a_detour_avoids_what_it_can():
    """0 - 1 - 3 and 0 - 2 - 3, and a chain 3 - 4 that nothing avoids."""
    net = Net(5, np.array([[0, 1], [1, 3], [0, 2], [2, 3], [3, 4]]), np.array([1.0, 1, 2, 2, 1]))
    first = net.tree(4).ways(np.array([0]))
    assert first.values.tolist() == [0, 1, 4]
    assert net.detour(first.values, 0, 4, 8.0).tolist() == [2, 3, 4]
    assert net.detour(first.values, 4, 4, 8.0).tolist() == []
