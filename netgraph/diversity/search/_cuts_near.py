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
    edge: Ints  # the turn in which the edge failed
    node: Ints  # _NODE columns a node: the turn in which it failed, was met from either side
    queue: Ints  # to be looked at from the source (last first) and from the sinks, shape (2, n + 1)
    sinks: Ints
    n_sinks: Longs  # one number


_NODE, _FAILED, _MET, _MET_BEHIND = 4, 0, 1, 2
_FOUND = -1


@entry
def cuts_near(net: Network, targets: Targets, sources: Sources, classes: Classes) -> Flags:
    """Return, for each class of each source, whether it alone cuts the source off.

    Costs the edges around the smaller side of the two, of those that the class leaves apart.
    """
    n = len(net.rows.is_sink)
    space = _Space(
        np.zeros(1, dtype=np.int64),
        np.zeros(len(net.is_open), dtype=np.int32),
        np.zeros(_NODE * n, dtype=np.int32),
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
    turn = np.int32(space.turn[0])
    for k in range(classes.edge_ptr[risk], classes.edge_ptr[risk + 1]):
        space.edge[classes.edge[k]] = turn
    for k in range(classes.node_ptr[risk], classes.node_ptr[risk + 1]):
        space.node[_NODE * np.int64(classes.node[k]) + _FAILED] = turn


@inner
def _is_cut_off(net: Network, space: _Space, source: int) -> bool:
    """Search from the source and from the sinks in turn; whether one side ends before they meet.

    From the source straight towards the sinks first, as few classes cut; from them all around.
    """
    turn, node, queue = np.int32(space.turn[0]), space.node, space.queue
    queue[0, 0] = source
    node[_NODE * source + _MET] = turn
    for j in range(space.n_sinks[0]):
        queue[1, j] = space.sinks[j]
        node[_NODE * np.int64(space.sinks[j]) + _MET_BEHIND] = turn
    top, at, end = np.int64(1), np.int64(0), space.n_sinks[0]
    while top > 0 and at < end:
        v, first = np.int64(queue[0, top - 1]), top - 1
        top = _spread(net, space, v, (_MET, _MET_BEHIND), (0, first))
        if top == _FOUND:
            return False
        for k in range(first, top - 1):  # the nearest to the sinks is the next
            if net.bound_m[queue[0, k]] < net.bound_m[queue[0, top - 1]]:
                queue[0, k], queue[0, top - 1] = queue[0, top - 1], queue[0, k]
        end = _spread(net, space, np.int64(queue[1, at]), (_MET_BEHIND, _MET), (1, end))
        if end == _FOUND:
            return False
        at += 1
    return True


@inner
def _spread(
    net: Network, space: _Space, v: int, met: tuple[int, int], line: tuple[int, int]
) -> int:
    """Put the neighbours of a node behind what is to be looked at; return where that ends now."""
    turn, node = np.int32(space.turn[0]), space.node
    side, end = line
    for k in range(net.rows.indptr[v], net.rows.indptr[v + 1]):
        w, e = np.int64(net.rows.neighbour[k]), net.rows.edge[k]
        if not net.is_open[e] or space.edge[e] == turn:
            continue
        if node[_NODE * w + met[1]] == turn:
            return _FOUND
        carries = net.rows.is_transit[w] and node[_NODE * w + _FAILED] != turn
        if carries and not net.rows.is_sink[w] and node[_NODE * w + met[0]] != turn:
            node[_NODE * w + met[0]] = turn
            space.queue[side, end] = w
            end += 1
    return end
