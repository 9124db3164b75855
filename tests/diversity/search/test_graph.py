"""Arrays: what is left out of the adjacency, exact sums, and calls that are wrong."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.diversity.search.graph import (
    as_nodes,
    build_graph,
    exact_lengths,
    route_nodes,
    rows_of,
    sink_mask,
)
from netgraph.errors import UsageError
from netgraph.topology.csr import stable_order


def test_each_row_of_the_adjacency_is_sorted_by_edge_and_leaves_out_self_loops():
    graph = build_graph(3, [0, 1, 1, 2], [1, 1, 0, 1], [1.0, 1.0, 2.0, 3.0])

    assert graph.edge[graph.indptr[1] : graph.indptr[2]].tolist() == [0, 2, 3]
    assert graph.neighbour[graph.indptr[1] : graph.indptr[2]].tolist() == [0, 0, 2]


def test_what_is_taken_out_of_use_keeps_its_number():
    graph = build_graph(4, [0, 1, 2, 3], [1, 2, 3, 0], [1.0] * 4)

    left = graph.without(nodes=[3], edges=[0])

    assert left.edge.tolist() == [1, 1]
    assert (left.n_nodes, left.n_edges) == (4, 4)
    assert graph.edge.size == 8


@given(st.lists(st.floats(0.0, 1e7), min_size=1, max_size=60), st.randoms())
def test_rounded_lengths_add_up_to_the_same_in_any_order(lengths, draw):
    exact = exact_lengths(np.array(lengths)).tolist()
    shuffled = exact[:]
    draw.shuffle(shuffled)

    assert sum(exact) == sum(shuffled)
    assert np.abs(np.array(exact) - lengths).max() <= sum(lengths) * 2.0**-50


def test_the_nodes_of_a_route_follow_its_edges():
    graph = build_graph(4, [2, 1, 1], [1, 3, 3], [1.0, 1.0, 1.0])

    assert route_nodes(graph, 2, np.array([0, 2], dtype=np.int32)).tolist() == [2, 1, 3]


def test_a_sink_that_is_out_of_use_is_no_sink():
    graph = build_graph(2, [0], [1], [1.0]).without(nodes=[1])

    assert sink_mask(graph, [0, 1]).tolist() == [True, False]


def test_rows_keep_their_order_and_may_be_empty():
    rows = rows_of([[3, 1], [], [2]])

    assert [rows[i].tolist() for i in range(len(rows))] == [[3, 1], [], [2]]


@pytest.mark.parametrize(
    ("ends", "lengths", "said"),
    [
        (([0], [2]), [1.0], "outside 0..1"),
        (([0], [1]), [-1.0], "not negative"),
        (([0], [1]), [np.nan], "finite"),
        (([0, 1], [1]), [1.0], "one shape"),
    ],
)
def test_a_graph_that_cannot_be_is_refused(ends, lengths, said):
    with pytest.raises(UsageError, match=said):
        build_graph(2, *ends, lengths)


def test_a_mask_of_the_wrong_size_and_an_unknown_node_are_refused():
    with pytest.raises(UsageError, match="does not fit 2 elements"):
        build_graph(2, [0], [1], [1.0], is_transit=[True])
    with pytest.raises(UsageError, match="node 7 is not in a graph of 2 nodes"):
        as_nodes(build_graph(2, [0], [1], [1.0]), [0, 7])


@given(st.lists(st.integers(-1, 6), max_size=40), st.sampled_from([np.int32, np.int64]))
def test_equal_numbers_keep_their_order(numbers, kind):
    numbers = np.array(numbers, dtype=kind)
    order = stable_order(numbers)
    assert order.tolist() == np.argsort(numbers, kind="stable").tolist()
