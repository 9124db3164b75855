"""Risk classes that hold the same elements of a network, as one.

A network that was reduced tells many classes no longer apart: all that lies along one chain. What
is done for every question's core is done for these lumps, a third of the classes or fewer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search.equal_sets import group_equal
from netgraph.diversity.search.graph import Rows, compressed_rows, expand

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Ints


class Lumps(NamedTuple):
    """Lumps of classes, numbered by their first class.

    `of_class` has the lump of each class (-1 if that has no elements), the others the lumps of each
    edge and node, ascending.
    """

    of_class: Ints
    of_edge: Rows
    of_node: Rows

    def classes(self, group: Ints, n_groups: int) -> Rows:
        """Return the classes of some groups of lumps, ascending; -1: the lump is in no group."""
        of_class = np.append(group, np.int32(-1))[self.of_class]
        classes = np.flatnonzero(of_class >= 0).astype(np.int32)
        indptr, position = compressed_rows(of_class[classes], n_groups)
        return Rows(indptr, classes[position])


def find_lumps(edges: Rows, nodes: Rows, n_edges: int, n_nodes: int) -> Lumps:
    """Find the lumps of classes that hold some of the edges and nodes; O(p log p) for p of these.

    Parameters
    ----------
    edges, nodes
        Those of each class, ascending.
    n_edges, n_nodes
        How many there are.
    """
    indptr, position = compressed_rows(np.concatenate((edges.owners, nodes.owners)), len(edges))
    element = np.concatenate((edges.values, nodes.values + np.int32(n_edges)))[position]
    of_class, first = group_equal(indptr, element)
    at, lump = expand(indptr, first)
    by_element, position = compressed_rows(element[at], n_edges + n_nodes)
    both = Rows(by_element, lump.astype(np.int32)[position])
    return Lumps(of_class, both.some(0, n_edges), both.some(n_edges, n_edges + n_nodes))
