"""Sources with edges of their own in one network, against one pass for each of these networks."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import networks

from netgraph.diversity.search.disjoint_pairs import distance_bounds, find_disjoint_pairs
from netgraph.diversity.search.graph import build_graph, joined_rows, route_nodes, rows_of
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.risks import cutting_risks, shared_risks


def _asked(network, seed, share):
    """Every node as a source; some edges are open to single ones only, some to nobody."""
    rng, graph = random.Random(seed), network.graph()
    is_sink = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_sink[list(network.sinks)] = True
    is_open = np.array([rng.random() >= share for _ in range(graph.n_edges)], dtype=np.bool_)
    sources = np.arange(graph.n_nodes, dtype=np.int32)
    closed = np.flatnonzero(~is_open).tolist()
    own = [
        np.array(sorted(rng.sample(closed, rng.randint(0, len(closed)))), dtype=np.int64)
        for _ in sources
    ]
    bound_m = distance_bounds(graph, is_sink, sources)
    return OwnEdges(graph, is_sink, is_open, sources, rows_of(own), bound_m)


def _open_to(asked, i):
    """The network of one source alone."""
    is_open = asked.is_open.copy()
    is_open[asked.own[i]] = True
    return asked.graph.without(edges=np.flatnonzero(~is_open))


@settings(deadline=None, max_examples=60)
@given(networks(), st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.5]))
def test_several_sets_of_sinks_at_once_are_answered_like_each_alone(network, seed, share):
    first = _asked(network, seed, share)
    graph, index = first.graph, network.risk_index()
    is_sink = np.zeros(graph.n_nodes, dtype=np.bool_)
    is_sink[random.Random(seed).sample(range(graph.n_nodes), 1 + seed % 2)] = True
    second = replace(first, is_sink=is_sink, bound_m=distance_bounds(graph, is_sink, first.sources))
    each = [first, second]
    both = replace(
        first,
        is_sink=np.stack([one.is_sink for one in each]),
        bound_m=np.stack([one.bound_m for one in each]),
        sources=np.tile(first.sources, 2),
        own=joined_rows([first.own, first.own]),
        target=np.repeat(np.arange(2, dtype=np.int32), len(first.sources)),
    )

    near = find_own_pairs(both)

    candidates = shared_risks(graph, index, both.sources, near.routes)
    cuts = find_own_cuts(both, index, candidates)
    for t, one in enumerate(each):
        rows = np.arange(len(one.sources)) + t * len(one.sources)
        alone, mine = find_own_pairs(one), near.take(rows)
        assert mine.is_connected.tolist() == alone.is_connected.tolist()
        assert mine.points.values.tolist() == alone.points.values.tolist()
        assert mine.routes.indptr.tolist() == alone.routes.indptr.tolist()
        assert mine.routes.values.tolist() == alone.routes.values.tolist()
        found = find_own_cuts(one, index, candidates.take(rows))
        assert cuts.take(rows).values.tolist() == found.values.tolist()


@settings(deadline=None, max_examples=200)
@given(networks(), st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.5, 0.8]))
def test_each_source_has_the_pair_and_the_single_points_of_its_own_network(network, seed, share):
    asked = _asked(network, seed, share)

    near = find_own_pairs(asked)

    for i, source in enumerate(asked.sources.tolist()):
        graph = _open_to(asked, i)
        pairs = find_disjoint_pairs(graph, network.sinks)
        assert near.is_connected[i] == pairs.points.is_connected[source]
        assert near.points[i].tolist() == pairs.points.chain(source).tolist()
        ways = near.routes[2 * i], near.routes[2 * i + 1]
        if asked.is_sink[source] or not near.is_connected[i]:
            assert not len(ways[0])
            assert not len(ways[1])
            continue
        assert graph.is_edge_enabled[np.concatenate(ways)].all()
        assert sum(graph.length_m[way].sum() for way in ways) == pairs.total_m[source]
        passed = [route_nodes(graph, source, way).tolist() for way in ways]
        assert all(asked.is_sink[nodes[-1]] and len({*nodes}) == len(nodes) for nodes in passed)
        met = set(passed[0][1:-1]) & set(passed[1][1:-1])
        met |= {graph.n_nodes + e for e in {*ways[0].tolist()} & {*ways[1].tolist()}}
        assert met == set(near.points[i].tolist())


@settings(deadline=None, max_examples=200)
@given(networks(), st.integers(0, 10**6), st.sampled_from([0.0, 0.3, 0.6]))
def test_each_source_is_cut_off_by_what_cuts_it_off_in_its_own_network(network, seed, share):
    asked, risks = _asked(network, seed, share), network.risk_index()
    near = find_own_pairs(asked)
    candidates = shared_risks(asked.graph, risks, asked.sources, near.routes)

    found = find_own_cuts(asked, risks, candidates)

    for i, source in enumerate(asked.sources.tolist()):
        (every,) = cutting_risks(_open_to(asked, i), network.sinks, risks, [source])
        assert found[i].tolist() == every.tolist()


def test_an_edge_of_ones_own_spares_a_source_what_cuts_its_neighbour_off():
    """Both a and b hang on d; only b may use the edge to the sink.

    ::

        a --(0)-- d --(2)-- sink 0        a 1, b 2, d 3
                  |          |
        b --(1)---'          |
        '---------(3)--------'
    """
    graph = build_graph(4, [1, 2, 3, 2], [3, 3, 0, 0], [1.0, 1.0, 1.0, 5.0])
    is_sink, sources = np.array([True, False, False, False]), np.array([1, 2], dtype=np.int32)
    is_open = np.array([True, True, True, False])
    own = [np.empty(0, dtype=np.int64), np.array([3])]
    bound_m = distance_bounds(graph, is_sink, sources)

    near = find_own_pairs(OwnEdges(graph, is_sink, is_open, sources, rows_of(own), bound_m))

    assert near.points[0].tolist() == [4, 3, 6]
    assert near.points[1].tolist() == []
    assert [near.routes[k].tolist() for k in range(4)] == [[0, 2], [0, 2], [1, 2], [3]]
