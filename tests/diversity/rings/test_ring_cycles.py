"""The one cycle of a ring system, against NetworkX."""

from __future__ import annotations

from types import SimpleNamespace

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.topology import rings

ENDS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6)


@st.composite
def maybe_rings(draw):
    """Links around a ring, each in either direction and in any order; or any links."""
    if draw(st.booleans()):
        return draw(ENDS)
    size = draw(st.integers(2, 6))
    around = [(node, (node + 1) % size) for node in range(size)]
    turned = [pair[:: draw(st.sampled_from([1, -1]))] for pair in around]
    return draw(st.permutations(turned))


@given(maybe_rings())
def test_the_cycle_is_the_one_that_networkx_walks(ends):
    a, b = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    links = SimpleNamespace(a_equipment=a, b_equipment=b, a_place=a, b_place=b)

    found = rings._cycle(links, list(range(len(ends))))

    graph = nx.MultiGraph()
    graph.add_edges_from((u, v, key) for key, (u, v) in enumerate(ends))
    is_ring = (
        len(ends) > 0
        and nx.is_connected(graph)
        and all(degree == 2 for _, degree in graph.degree())
        and not nx.number_of_selfloops(graph)
    )
    walked = nx.eulerian_circuit(graph, source=ends[0][0], keys=True) if is_ring else ()
    assert found == tuple((u, key) for u, _, key in walked)
