"""Array types of the kernels: one element type for each purpose keeps one compiled version each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]  # numbers of nodes, edges, arcs and risks
Longs = NDArray[np.int64]  # positions in compressed rows
Floats = NDArray[np.float64]  # metres and weights
Flags = NDArray[np.bool_]


class Adjacency(NamedTuple):
    """What a kernel needs of a graph and its sink."""

    indptr: Longs
    neighbour: Ints
    edge: Ints
    is_transit: Flags
    is_sink: Flags


class Members(NamedTuple):
    """The risk classes of each edge and of each node, in compressed rows, ascending."""

    edge_ptr: Longs
    edge_class: Ints
    node_ptr: Longs
    node_class: Ints
