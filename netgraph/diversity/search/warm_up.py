"""Have the searches compiled before a time limit runs."""

from __future__ import annotations

import functools

import numpy as np

from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.disjoint_pairs import distance_bounds, find_pairs_near
from netgraph.diversity.search.graph import build_graph, rows_of
from netgraph.diversity.search.least_sharing import SharingWeights, find_least_sharing_pair
from netgraph.diversity.search.near import OwnEdges, find_own_cuts, find_own_pairs
from netgraph.diversity.search.pairs_apart import Beginnings, find_pairs_apart, join_risks
from netgraph.diversity.search.risks import build_risks, may_cut
from netgraph.diversity.search.single_points import find_single_points


@functools.cache
def warm_up() -> None:
    r"""Search a network of five nodes; a second or less, but for the first time after installing.

    Three routes from 0 to 4 over 1, 2 and 3; each two of them share a risk::

            1
          /   \
        0 - 2 - 4
          \   /
            3
    """
    graph = build_graph(5, [0, 0, 0, 1, 2, 3], [1, 2, 3, 4, 4, 4], np.arange(1.0, 7.0))
    risks = build_risks(graph, 3, ([0, 0, 1, 1, 2, 2], [0, 1, 1, 2, 0, 2]))
    weights = SharingWeights(risk_class=np.ones(3), edge=np.ones(6), node=np.ones(5))
    points = find_single_points(graph, [4])
    find_pairs_near(points, [0])
    one = np.array([0], dtype=np.int32)
    bound_m = distance_bounds(graph, points.is_sink, one)
    asked = OwnEdges(graph, points.is_sink, np.ones(6, dtype=bool), one, rows_of([()]), bound_m)
    pairs = find_own_pairs(asked)
    shared = may_cut(graph, risks, one, pairs.routes)
    cutting = find_own_cuts(asked, risks, shared)
    find_pairs_apart(asked, join_risks(risks), Beginnings(pairs.routes, pairs.points, cutting))
    search_all(graph, [4], risks, [0], weights=weights)
    find_least_sharing_pair(graph, 0, [4], risks, weights=weights)
