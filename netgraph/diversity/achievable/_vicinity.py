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
    reach: Longs  # by element: the turn in which an edge's elements were measured
    reach_m: Floats
    listed: Longs  # by element: the turn in which it was found near
    dropped: Longs  # by element: the turn in which it was found further away
    met: Longs  # by node
    metres: Floats
    came_by: Ints
    inside: Longs  # by edge: the turn in which it was found to be wholly near


class Around(NamedTuple):
    """What is near: elements; nodes, how far they are and by which edge; whole edges."""

    element: Longs
    node: Longs
    metres: Floats
    came_by: Ints  # -1 for the site itself
    edge: Longs


@entry
def look_around(plant: Plant, desk: Desk, is_enabled: Flags, source: int, chain: Ints) -> Around:
    """Look around a node over the enabled reduced edges, less what its single points touch far off.

    Breadth first, a node again for every shorter way to it.
    """
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
    metres, came_by = np.empty(n_nodes), np.empty(n_nodes, dtype=np.int32)
    for j in range(n_nodes):
        metres[j], came_by[j] = desk.metres[nodes[j]], desk.came_by[nodes[j]]
    return Around(
        elements[:n_elements].copy(), nodes[:n_nodes].copy(), metres, came_by,
        edges[:n_edges].copy(),
    )  # fmt: skip


@entry
def reach_of(plant: Plant, desk: Desk, e: int, node: int) -> Floats:
    """Return how far from one of its ends each element of an edge reaches along it."""
    _measure(plant, desk, e, node)
    first, last = plant.edge_ptr[e], plant.edge_ptr[e + 1]
    result = np.empty(last - first)
    for j in range(first, last):
        result[j - first] = _reach_m(plant, desk, e, j)
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
