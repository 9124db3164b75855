"""A network of which some edges are open, or closed, to single sources only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netgraph.diversity.compiled import inner
from netgraph.diversity.search._types import Adjacency

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs
    from netgraph.diversity.search._walks import Ends


class Network(NamedTuple):
    """A network in which some edges are open to everybody, others to single sources."""

    rows: Adjacency  # every edge that is open to anybody
    ends: Ends
    next_point: Ints  # single points if all of its edges are open
    bound_m: Floats  # consistent lower bounds on the distance to the sink
    is_open: Flags  # working copy


class Targets(NamedTuple):
    """What of a network hangs on the sinks, for several sets of sinks: a row each."""

    is_sink: Flags
    next_point: Ints
    bound_m: Floats


class Sources(NamedTuple):
    """Nodes with the edges that are open to each alone, and those that are closed to it alone."""

    node: Ints
    target: Ints  # the sinks that each asks for; those of one set stand together
    own_ptr: Longs
    own: Ints
    closed_ptr: Longs
    closed: Ints


@inner
def end_of_target(sources: Sources, i: int) -> int:
    """Return the first source after another that asks for other sinks."""
    end = i + 1
    while end < len(sources.node) and sources.target[end] == sources.target[i]:
        end += 1
    return end


@inner
def towards(net: Network, targets: Targets, t: int) -> Network:
    """Return the network towards one of the sets of sinks."""
    rows = net.rows
    return Network(
        Adjacency(rows.indptr, rows.neighbour, rows.edge, rows.is_transit, targets.is_sink[t]),
        net.ends,
        targets.next_point[t],
        targets.bound_m[t],
        net.is_open,
    )


@inner
def enter(is_open: Flags, sources: Sources, i: int) -> None:
    """Open and close the edges of one source."""
    for j in range(sources.own_ptr[i], sources.own_ptr[i + 1]):
        is_open[sources.own[j]] = True
    for j in range(sources.closed_ptr[i], sources.closed_ptr[i + 1]):
        is_open[sources.closed[j]] = False


@inner
def leave(is_open: Flags, sources: Sources, i: int) -> None:
    """Put the edges of one source back as they are for everybody."""
    for j in range(sources.own_ptr[i], sources.own_ptr[i + 1]):
        is_open[sources.own[j]] = False
    for j in range(sources.closed_ptr[i], sources.closed_ptr[i + 1]):
        is_open[sources.closed[j]] = True
