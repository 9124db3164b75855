"""What two searched routes share, told in plain sets: walk both, compare what was touched."""

from __future__ import annotations

import math

from netgraph.diversity.levels import Level, worst
from netgraph.diversity.verdict_kinds import LEVEL_OF_KIND, TOLERABLE


def _steps(network, name, item, *, is_turned):
    """Spans of a cable (or the span itself) with the places before and after each."""
    if name == "spans":
        steps = [(item, int(network.spans.a[item]), int(network.spans.b[item]))]
    else:
        spans, walk = network.cables.spans, network.cables.walk
        rows = range(int(spans.indptr[item]), int(spans.indptr[item + 1]))
        steps = [(int(spans.indices[r]), int(walk.entry[r]), int(walk.exit_[r])) for r in rows]
        if walk.is_backwards[item]:
            steps = steps[::-1]
    return [(s, b, a) for s, a, b in steps[::-1]] if is_turned else steps


def _walked(audit, layer, place, items):
    """Elements of a route with the metres after which each was touched, and the last node."""
    network, elements = audit.network, audit.network.elements
    table = network.cables if layer.name == "cables" else network.spans
    node, first = int(layer.node_of_place[place]), elements.offset["places"]
    home = network.places.home
    touched, metres, is_inside = [], 0.0, True
    for item in items:
        is_turned = layer.node_of_place[table.a[item]] != node
        node = int(layer.node_of_place[table.a[item] if is_turned else table.b[item]])
        for span, before, after in _steps(network, layer.name, item, is_turned=is_turned):
            is_inside = is_inside and home[before] == home[after] >= 0
            touched.append((first + before, metres))
            if not is_inside:
                known = network.spans.is_measured[span]
                metres += float(network.spans.length_m[span]) if known else math.inf
            touched.append((first + after, metres))
            row = elements.of_span.row(span).tolist()
            touched += [(x, metres) for x in row if not first <= x < first + len(home)]
    seen = {x for x, _ in touched}
    for item in items if layer.name == "cables" else ():
        touched.append((elements.offset["cables"] + item, math.inf))
        for end in {int(table.a[item]), int(table.b[item])} - {x - first for x in seen}:
            touched.append((first + end, math.inf))
            building = int(network.places.building[end])
            touched += [(elements.offset["buildings"] + building, math.inf)] * (building >= 0)
    return touched, node


def _at_place(audit, place):
    """Elements of a place: itself and its building."""
    offset, building = audit.network.elements.offset, int(audit.network.places.building[place])
    return [offset["places"] + place, *([offset["buildings"] + building] if building >= 0 else [])]


def _reached(audit, touched, own):
    """The furthest metres of each element and risk group outside one's own buildings."""
    far = {}
    for x, metres in touched:
        if audit.network.elements.home[x] in own:
            continue
        groups = audit.risks.of_element.row(x) + len(audit.network.elements)
        for y in (x, *groups.tolist()):
            far[y] = max(far.get(y, 0.0), metres)
    return far


def judge_walks(audit, layer, place, routes, b_ends=()):
    """What all routes share and must not, what the tolerance forgives, and the level.

    Routes to two different B ends go on to the end itself, where they stop beside it.
    """
    walks = [_walked(audit, layer, place, items) for items in routes]
    ends = {node for _, node in walks}
    if len(ends) > 1:
        for end in b_ends:
            for touched, node in walks:
                if int(layer.node_of_place[end]) == node:
                    touched += [(x, math.inf) for x in _at_place(audit, end)]
    own = {int(layer.home[layer.node_of_place[place]])}
    own |= {int(layer.home[node]) for node in ends if len(ends) == 1}
    reached = [_reached(audit, touched, own - {-1}) for touched, _ in walks]
    limit = audit.rules.entry_tolerance_m
    shared = sorted(set.intersection(*map(set, reached)))
    tolerated = [
        x for x in shared if TOLERABLE[audit.kind[x]] and max(far[x] for far in reached) <= limit
    ]
    counted = [x for x in shared if x not in tolerated]
    level = worst(LEVEL_OF_KIND[audit.kind[x]] for x in counted) or Level.DIVERSE
    return tuple(counted), tuple(tolerated), level.value
