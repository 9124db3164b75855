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


class Walks:
    """The walks of one place over one layer, each walked once."""

    def __init__(self, audit, layer, place):
        self._audit, self._layer, self._place = audit, layer, place
        self._walked, self._reached = {}, {}

    def judge(self, routes, b_ends=()):
        """What all routes share and must not, what the tolerance forgives, and the level.

        Routes to two different B ends go on to the end itself, where they stop beside it.
        """
        audit, layer = self._audit, self._layer
        routes = [tuple(items) for items in routes]
        ends = {self._walk(items)[1] for items in routes}
        own = {int(layer.home[layer.node_of_place[self._place]])}
        own |= {int(layer.home[node]) for node in ends if len(ends) == 1}
        beyond = tuple(b_ends) if len(ends) > 1 else ()
        reached = [self._reach(items, beyond, frozenset(own - {-1})) for items in routes]
        limit = audit.rules.entry_tolerance_m
        shared = sorted(set.intersection(*map(set, reached)))
        tolerated = [
            x
            for x in shared
            if TOLERABLE[audit.kind[x]] and max(far[x] for far in reached) <= limit
        ]
        counted = [x for x in shared if x not in tolerated]
        level = worst(LEVEL_OF_KIND[audit.kind[x]] for x in counted) or Level.DIVERSE
        return tuple(counted), tuple(tolerated), level.value

    def _walk(self, items):
        if items not in self._walked:
            self._walked[items] = _walked(self._audit, self._layer, self._place, items)
        return self._walked[items]

    def _reach(self, items, b_ends, own):
        about = items, b_ends, own
        if about not in self._reached:
            touched, node = self._walk(items)
            further = [
                (x, math.inf)
                for end in b_ends
                if int(self._layer.node_of_place[end]) == node
                for x in _at_place(self._audit, end)
            ]
            self._reached[about] = _reached(self._audit, [*touched, *further], own)
        return self._reached[about]
