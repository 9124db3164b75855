"""Whether single risk classes cut single sources off: searched from both ends in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.search._open_edges import end_of_target, enter, leave, towards

if TYPE_CHECKING:
    from netgraph.diversity.search._open_edges import Network, Sources, Targets
    from netgraph.diversity.search._types import Flags, Ints, Longs


class Classes(NamedTuple):
    """Risk classes to try for each source, and the elements of every class."""

    ptr: Longs
    class_: Ints
    edge_ptr: Longs
    edge: Ints
    node_ptr: Longs
    node: Ints


class _Space(NamedTuple):
    """Working space; what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up for every question
    edge: Longs  # the turn in which the edge failed
    node: Longs  # by node: the turn in which it failed, was met from the source, from the sinks
    queue: Ints  # from the source and from the sinks, shape (2, n)
    sinks: Ints
    n_sinks: Longs  # one number


_FAILED, _MET = 0, 1  # and _MET + 1 from the sinks


@entry
def cuts_near(net: Network, targets: Targets, sources: Sources, classes: Classes) -> Flags:
    """Return, for each class of each source, whether it alone cuts the source off.

    Costs the edges around the smaller side of the two, of those that the class leaves apart.
    """
    n = len(net.rows.is_sink)
    space = _Space(
        np.zeros(1, dtype=np.int64),
        np.zeros(len(net.is_open), dtype=np.int64),
        np.zeros((n, 3), dtype=np.int64),
        np.empty((2, n + 1), dtype=np.int32),
        np.empty(n, dtype=np.int32),
        np.zeros(1, dtype=np.int64),
    )
    is_cut = np.zeros(len(classes.class_), dtype=np.bool_)
    first = np.int64(0)
    while first < len(sources.node):
        end = end_of_target(sources, first)
        here = towards(net, targets, np.int64(sources.target[first]))
        _try_towards(here, space, sources, classes, is_cut, (first, end))
        first = end
    return is_cut


@inner
def _try_towards(
    net: Network, space: _Space, sources: Sources, classes: Classes, is_cut: Flags,
    stretch: tuple[int, int],
) -> None:  # fmt: skip
    """Try the classes of sources that ask for the same sinks."""
    space.n_sinks[0] = 0
    for v in range(len(net.rows.is_sink)):
        if net.rows.is_sink[v]:
            space.sinks[space.n_sinks[0]] = v
            space.n_sinks[0] += 1
    for i in range(stretch[0], stretch[1]):
        enter(net.is_open, sources, i)
        for k in range(classes.ptr[i], classes.ptr[i + 1]):
            _fail(classes, space, np.int64(classes.class_[k]))
            is_cut[k] = _is_cut_off(net, space, np.int64(sources.node[i]))
        leave(net.is_open, sources, i)


@inner
def _fail(classes: Classes, space: _Space, risk: int) -> None:
    """Take the elements of a class out, under a new number."""
    space.turn[0] += 1
    for k in range(classes.edge_ptr[risk], classes.edge_ptr[risk + 1]):
        space.edge[classes.edge[k]] = space.turn[0]
    for k in range(classes.node_ptr[risk], classes.node_ptr[risk + 1]):
        space.node[classes.node[k], _FAILED] = space.turn[0]


@inner
def _is_cut_off(net: Network, space: _Space, source: int) -> bool:
    """Search from the source and from the sinks in turn; whether one side ends before they meet."""
    turn, size, at = space.turn[0], np.zeros(2, dtype=np.int64), np.zeros(2, dtype=np.int64)
    space.queue[0, 0], size[0] = source, 1
    space.node[source, _MET] = turn
    for j in range(space.n_sinks[0]):
        space.queue[1, j] = space.sinks[j]
        space.node[space.sinks[j], _MET + 1] = turn
    size[1] = space.n_sinks[0]
    while at[0] < size[0] and at[1] < size[1]:
        for side in range(2):
            v = np.int64(space.queue[side, at[side]])
            at[side] += 1
            for k in range(net.rows.indptr[v], net.rows.indptr[v + 1]):
                w, e = np.int64(net.rows.neighbour[k]), net.rows.edge[k]
                if not net.is_open[e] or space.edge[e] == turn:
                    continue
                if space.node[w, _MET + 1 - side] == turn:
                    return False
                carries = net.rows.is_transit[w] and space.node[w, _FAILED] != turn
                if carries and not net.rows.is_sink[w] and space.node[w, _MET + side] != turn:
                    space.node[w, _MET + side] = turn
                    space.queue[side, size[side]] = w
                    size[side] += 1
            if at[side] >= size[side]:
                break
    return True
