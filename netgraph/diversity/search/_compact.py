"""A network laid out for many searches around single nodes.

What a search looks at together stands together: a record of 32 bytes a node, one of 16 an arc, in
one dimension, so that finding a place takes a shift and no product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Adjacency, Floats, Ints
    from netgraph.diversity.search._walks import Ends

NODE = (
    8  # int32 columns of a node: the kernel's own but for its first arc and the one after its last
)
FIRST_ARC, END_ARC = 2, 3
NODE_M = 4  # columns of the same as float64
ARC = 4  # int32 columns of an arc: its head and its edge, then its length
HEAD, EDGE = 0, 1
ARC_M, REDUCED_M = 2, 1  # columns of the same as float64, and where the length is


@inner
def lay_arcs(rows: Adjacency, ends: Ends, bound_m: Floats, node: Ints, arc: Ints) -> None:
    """Lay out the arcs by tail that some route may take, and note in the nodes where they are.

    Their lengths are reduced: what an arc is longer than the way that it saves. Nothing leads into
    premises, nor to where the sinks are out of reach.
    """
    arc_m = arc.view(np.float64)
    count = 0
    for v in range(len(rows.is_sink)):
        node[NODE * v + FIRST_ARC] = count
        for k in range(rows.indptr[v], rows.indptr[v + 1]):
            w, e = rows.neighbour[k], rows.edge[k]
            carries = rows.is_transit[w] or rows.is_sink[w]
            if carries and max(bound_m[v], bound_m[w]) < np.inf:
                arc[ARC * count + HEAD], arc[ARC * count + EDGE] = w, e
                arc_m[ARC_M * count + REDUCED_M] = ends.length_m[e] - bound_m[v] + bound_m[w]
                count += 1
        node[NODE * v + END_ARC] = count
