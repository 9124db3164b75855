"""Kernel: what lies within the entry tolerance of a node of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.achievable._judging import (
    BUILDING,
    ELEMENT,
    GROUP,
    GROUP_END,
    NODE_A,
    NODE_B,
    STEP,
    STEP_END,
)
from netgraph.diversity.compiled import entry, inner

if TYPE_CHECKING:
    from netgraph.diversity.achievable._judging import Flags, Floats, Ints, Longs, Steps, Things


class Plant(NamedTuple):
    """A layer as a walk from a site reads it."""

    steps: Steps
    things: Things
    element_of: Ints  # the element of each number in steps and things
    is_tolerable: Flags  # by element
    edge_ptr: Longs  # elements of each edge besides its ends
    edge_element: Longs
    node_ptr: Longs  # elements of what stands at each node
    node_element: Longs
    arc_ptr: Longs  # edges at each node, and the nodes at their other ends
    arc_edge: Ints
    arc_node: Ints
    is_transit: Flags
    is_short: Flags  # by edge: a span of it is shorter than the tolerance
    local_edge_of: Ints  # the reduced edge of each edge, -1 for none


class Desk(NamedTuple):
    """Working space: what carries another turn's number counts as untouched."""

    turn: Longs  # one number, counted up by every question
    reach: Ints  # by element: the turn in which an edge's elements were measured
    reach_m: Floats
    listed: Ints  # by element: the turn in which it was found near
    dropped: Ints  # by element: the turn in which it was found further away
    met: Ints  # by node
    metres: Floats
    came_by: Ints
    inside: Ints  # by edge: the turn in which it was found to be wholly near


class Views(NamedTuple):
    """Nodes to look around, with what is open to each alone and its single points."""

    node: Ints
    own_ptr: Longs
    own: Ints  # reduced edges that are not enabled
    chain_ptr: Longs
    chain: Ints  # node v as v, edge e as n + e


class Around(NamedTuple):
    """What is near each of some nodes, in compressed rows."""

    element_ptr: Longs
    element: Ints
    node_ptr: Longs
    node: Ints  # the node itself first
    metres: Floats  # how far they are
    came_by: Ints  # and by which edge, -1 for the node itself
    edge_ptr: Longs
    edge: Ints  # wholly near


@entry
def look_around(plant: Plant, desk: Desk, is_enabled: Flags, views: Views) -> Around:
    """Look around nodes over the enabled reduced edges, and those that are open to each alone.

    What the single points of a node touch far off is left out.
    """
    k = len(views.node)
    element_ptr, node_ptr = np.zeros(k + 1, dtype=np.int64), np.zeros(k + 1, dtype=np.int64)
    edge_ptr, metres = np.zeros(k + 1, dtype=np.int64), np.empty(1024)
    element, edge = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    node, came_by = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    for i in range(k):
        for j in range(views.own_ptr[i], views.own_ptr[i + 1]):
            is_enabled[views.own[j]] = True
        elements, nodes, edges = _around(
            plant, desk, is_enabled, np.int64(views.node[i]),
            views.chain[views.chain_ptr[i] : views.chain_ptr[i + 1]],
        )  # fmt: skip
        for j in range(views.own_ptr[i], views.own_ptr[i + 1]):
            is_enabled[views.own[j]] = False
        element, element_ptr[i + 1] = _append(element, element_ptr[i], elements)
        edge, edge_ptr[i + 1] = _append(edge, edge_ptr[i], edges)
        node, node_ptr[i + 1] = _append(node, node_ptr[i], nodes)
        while len(metres) < len(node):
            metres = np.concatenate((metres, np.empty_like(metres)))
            came_by = np.concatenate((came_by, np.empty_like(came_by)))
        for j in range(len(nodes)):
            metres[node_ptr[i] + j] = desk.metres[nodes[j]]
            came_by[node_ptr[i] + j] = desk.came_by[nodes[j]]
    return Around(
        element_ptr, element[: element_ptr[k]].copy(),
        node_ptr, node[: node_ptr[k]].copy(),
        metres[: node_ptr[k]].copy(), came_by[: node_ptr[k]].copy(),
        edge_ptr, edge[: edge_ptr[k]].copy(),
    )  # fmt: skip


@inner
def _append(numbers: Ints, size: int, more: Longs) -> tuple[Ints, int]:
    while size + len(more) > len(numbers):
        numbers = np.concatenate((numbers, np.empty_like(numbers)))
    for j in range(len(more)):
        numbers[size + j] = more[j]
    return numbers, size + len(more)


@inner
def _around(
    plant: Plant, desk: Desk, is_enabled: Flags, source: int, chain: Ints
) -> tuple[Longs, Longs, Longs]:
    """Look around a node breadth first, a node again for every shorter way to it."""
    desk.turn[0] += 1
    turn = desk.turn[0]
    elements, edges = np.empty(64, dtype=np.int64), np.empty(16, dtype=np.int64)
    queue = np.empty(64, dtype=np.int64)
    nodes = np.empty(16, dtype=np.int64)
    desk.met[source], desk.metres[source], desk.came_by[source] = turn, 0.0, -1
    nodes[0] = queue[0] = source
    n_elements, n_edges, n_nodes, n_queued, at = 0, 0, 1, 1, 0
    if not _may_begin(plant, is_enabled, source):
        n_queued = 0
    while at < n_queued:
        node = queue[at]
        at += 1
        for k in range(plant.arc_ptr[node], plant.arc_ptr[node + 1]):
            e, other = np.int64(plant.arc_edge[k]), np.int64(plant.arc_node[k])
            if not _is_open(plant, is_enabled, e):
                continue
            at_m = desk.metres[node]
            end_m = at_m + _measure(plant, desk, e, node)
            first, last = plant.edge_ptr[e], plant.edge_ptr[e + 1]
            elements = _with_room(elements, n_elements + last - first)
            for j in range(first, last):
                if _reach_m(plant, desk, e, j) + at_m <= plant.things.tolerance_m:
                    n_elements = _add(desk, elements, n_elements, plant.edge_element[j], turn)
            if end_m > plant.things.tolerance_m:
                continue
            if desk.inside[e] != turn:
                desk.inside[e] = turn
                edges = _with_room(edges, n_edges + 1)
                edges[n_edges] = e
                n_edges += 1
            if desk.met[other] == turn and end_m >= desk.metres[other]:
                continue
            if desk.met[other] != turn:
                nodes = _with_room(nodes, n_nodes + 1)
                nodes[n_nodes] = other
                n_nodes += 1
            desk.met[other], desk.metres[other], desk.came_by[other] = turn, end_m, e
            first, last = plant.node_ptr[other], plant.node_ptr[other + 1]
            elements = _with_room(elements, n_elements + last - first)
            for j in range(first, last):
                n_elements = _add(desk, elements, n_elements, plant.node_element[j], turn)
            if plant.is_transit[other]:
                queue = _with_room(queue, n_queued + 1)
                queue[n_queued] = other
                n_queued += 1
    n_elements = _keep_near(plant, desk, elements, n_elements, chain)
    return elements[:n_elements], nodes[:n_nodes], edges[:n_edges]


@entry
def reach_of(plant: Plant, desk: Desk, edges: Longs, nodes: Longs) -> Floats:
    """Return how far from one of its ends each element of each edge reaches along it."""
    size = 0
    for k in range(len(edges)):
        size += plant.edge_ptr[edges[k] + 1] - plant.edge_ptr[edges[k]]
    result, size = np.empty(size), 0
    for k in range(len(edges)):
        e = edges[k]
        _measure(plant, desk, e, nodes[k])
        for j in range(plant.edge_ptr[e], plant.edge_ptr[e + 1]):
            result[size] = _reach_m(plant, desk, e, j)
            size += 1
    return result


@inner
def _may_begin(plant: Plant, is_enabled: Flags, source: int) -> bool:
    for k in range(plant.arc_ptr[source], plant.arc_ptr[source + 1]):
        e = np.int64(plant.arc_edge[k])
        if plant.is_short[e] and _is_open(plant, is_enabled, e):
            return True
    return False


@inner
def _is_open(plant: Plant, is_enabled: Flags, e: int) -> bool:
    local = plant.local_edge_of[e]
    return bool(local >= 0 and is_enabled[local])


@inner
def _with_room(numbers: Longs, size: int) -> Longs:
    while size > len(numbers):
        numbers = np.concatenate((numbers, np.empty_like(numbers)))
    return numbers


@inner
def _add(desk: Desk, elements: Longs, size: int, x: int, turn: int) -> int:
    """Put an element on the list once."""
    if desk.listed[x] == turn:
        return size
    desk.listed[x] = turn
    elements[size] = x
    return size + 1


@inner
def _keep_near(plant: Plant, desk: Desk, elements: Longs, size: int, chain: Ints) -> int:
    """Keep what may be tolerated, less what the single points touch beyond the tolerance."""
    turn, kept = desk.turn[0], 0
    _drop_far(plant, desk, chain, turn)
    for j in range(size):
        x = elements[j]
        if desk.dropped[x] != turn and plant.is_tolerable[x]:
            elements[kept] = x
            kept += 1
    return kept


@inner
def _drop_far(plant: Plant, desk: Desk, chain: Ints, turn: int) -> None:
    """Drop what the single points touch beyond the tolerance: no route leaves that."""
    n = len(plant.is_transit)
    for point in chain:
        if point < n:
            if desk.met[point] != turn:
                for j in range(plant.node_ptr[point], plant.node_ptr[point + 1]):
                    desk.dropped[plant.node_element[j]] = turn
            continue
        e = np.int64(point - n)
        for j in range(plant.edge_ptr[e], plant.edge_ptr[e + 1]):
            x = plant.edge_element[j]
            if desk.dropped[x] != turn:
                desk.dropped[x] = -turn
        for side in range(2):
            node = np.int64(plant.steps.edge[e, NODE_A + side * (NODE_B - NODE_A)])
            if desk.met[node] != turn:
                continue
            _measure(plant, desk, e, node)
            for j in range(plant.edge_ptr[e], plant.edge_ptr[e + 1]):
                x = plant.edge_element[j]
                reach_m = desk.metres[node] + _reach_m(plant, desk, e, j)
                if reach_m <= plant.things.tolerance_m and desk.dropped[x] == -turn:
                    desk.dropped[x] = 0
        for j in range(plant.edge_ptr[e], plant.edge_ptr[e + 1]):
            x = plant.edge_element[j]
            if desk.dropped[x] == -turn:
                desk.dropped[x] = turn


@inner
def _reach_m(plant: Plant, desk: Desk, e: int, j: int) -> float:
    """How far the edge measured last has an element, infinite where that is not known."""
    if plant.steps.cable[e] < 0:  # a span: all that is on it may be anywhere
        return float(plant.things.span_m[plant.steps.span[plant.steps.edge[e, STEP]]])
    x = plant.edge_element[j]
    return float(desk.reach_m[x]) if desk.reach[x] == desk.reach[-1] else np.inf


@inner
def _measure(plant: Plant, desk: Desk, e: int, node: int) -> float:
    """Walk along an edge from one end; return how far the other end is.

    A place is as far as the span that ends there, not as the one that goes on from it; a thing that
    is met again as far as the last time.
    """
    steps, things = plant.steps, plant.things
    first, last = steps.edge[e, STEP], steps.edge[e, STEP_END]
    if steps.cable[e] < 0:
        return float(things.span_m[steps.span[first]])
    desk.reach[-1] += 1
    metres = 0.0
    is_turned = steps.edge[e, NODE_A] != node
    for m in range(first, last):
        s = first + last - 1 - m if is_turned else m
        span = steps.span[s]
        a, b = np.int64(steps.entry[s]), np.int64(steps.exit_[s])
        if is_turned:
            a, b = b, a
        _meet(plant, desk, np.int64(things.place[a, ELEMENT]), metres)
        home = things.place[a, BUILDING]
        if home < 0 or home != things.place[b, BUILDING]:
            metres += things.span_m[span]
        _meet(plant, desk, np.int64(things.place[b, ELEMENT]), metres)
        for q in range(things.span_ptr[span], things.span_ptr[span + 1]):
            _meet(plant, desk, np.int64(things.span_element[q]), metres)
    return metres if last > first else np.inf


@inner
def _meet(plant: Plant, desk: Desk, number: int, metres: float) -> None:
    """Meet an element and its risk groups."""
    if number < 0:  # a place that is not known
        return
    _note(desk, np.int64(plant.element_of[number]), metres)
    things = plant.things
    for q in range(things.element[number, GROUP], things.element[number, GROUP_END]):
        _note(desk, np.int64(plant.element_of[things.group[q]]), metres)


@inner
def _note(desk: Desk, x: int, metres: float) -> None:
    turn = desk.reach[-1]
    if desk.reach[x] != turn or metres > desk.reach_m[x]:
        desk.reach_m[x] = metres
    desk.reach[x] = turn
