"""What the sweep leaves, as steps from node to node towards the root, laid out to be walked fast.

The slots are numbered as a depth-first walk of the tree meets them, and all that is known of one
stands side by side: walking towards the root is walking memory backwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search._suurballe import NONE, Arcs, Labels, Tree

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Ints

# Columns of the steps: the slot reached by the tree and the edge to it; the same for the labelled
# arc outside the tree; the key of that arc's edge; the slot whose labelling made it count.
UP, EDGE, TURN_TO, TURN_EDGE, TURN_KEY, THROUGH = range(6)
_WIDTH = 8


class Steps(NamedTuple):
    """Steps out of the slots; slot 0 is the root.

    The key of an edge is the slot out of which the tree uses it, else the number of slots and that
    of the edge: within one piece, one key for both directions.
    """

    slot: Ints  # by node, in the piece where it is answered; NONE where nothing was labelled
    step: Ints  # shape (slots, 8)
    length_m: Floats  # shape (slots, 2): of the edge of the tree, of the labelled arc


def lay_steps(
    arcs: Arcs, arc_edge: Ints, tree: Tree, swept: tuple[Labels, Ints], position: Ints, width: int
) -> Steps:
    """Lay the steps out in the order of the sweep.

    Position p is vertex p, or 2p (in) and 2p + 1 (out): the first then stands for both, for the
    step between the two is the only way into the second.
    """
    labels, order = swept
    vertex = order[order % width == 0]
    n_slots = len(vertex)
    slot = np.full(len(tree.parent_arc) // width + 1, NONE, dtype=np.int32)
    slot[vertex // width] = np.arange(n_slots, dtype=np.int32)
    step = np.full((n_slots, _WIDTH), NONE, dtype=np.int32)
    length_m = np.zeros((n_slots, 2))
    for column, arc in enumerate((tree.parent_arc[vertex], labels.last_arc[vertex])):
        rows = np.flatnonzero(arc != NONE)
        step[rows, 2 * column] = slot[arcs.tail[arc[rows]] // width]
        step[rows, 2 * column + 1] = arc_edge[arc[rows]]
        length_m[rows, column] = arcs.length_m[arc[rows]]
    turning = np.flatnonzero(step[:, TURN_EDGE] != NONE)
    far, edge = step[turning, TURN_TO], step[turning, TURN_EDGE]
    step[turning, TURN_KEY] = np.where(step[far, EDGE] == edge, far, n_slots + edge)
    step[turning, THROUGH] = slot[labels.through[vertex[turning]] // width]
    return Steps(np.where(position == NONE, np.int32(NONE), slot[position]), step, length_m)
