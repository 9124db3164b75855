"""Have the searches compiled before a time limit runs."""

from __future__ import annotations

import functools

import numpy as np

from netgraph.diversity.search.batch import search_all
from netgraph.diversity.search.disjoint_pairs import find_pairs_near
from netgraph.diversity.search.graph import build_graph
from netgraph.diversity.search.least_sharing import SharingWeights, find_least_sharing_pair
from netgraph.diversity.search.risks import build_risks
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
    find_pairs_near(find_single_points(graph, [4]), [0])
    search_all(graph, [4], risks, [0], weights=weights)
    find_least_sharing_pair(graph, 0, [4], risks, weights=weights)
