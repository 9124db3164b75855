"""What each demand has to survive on the layered plant."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import csr_of_lists, csr_of_pairs, gather, stack, transpose, unique_rows
from netgraph.topology.elements import CABLE, DEVICE, LINK, ROOM
from netgraph.upgrades.protection.layered.web import Walker
from netgraph.upgrades.protection.tolerance import metres_around
from netgraph.upgrades.stopping import nobody, stop_if_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.protection.layered.plant import LayeredPlant

_REMEMBERED = 8  # routes a demand
_LEFT_OUT = (LINK, CABLE, DEVICE, ROOM)


@dataclass(frozen=True, eq=False)
class Survival:
    """What cuts each demand off today, and could be avoided.

    Attributes
    ----------
    elements
        Demand to elements (as the plant numbers them): each cuts it off, and something that can be
        laid or built avoids it. Elements tolerated near the site are left out.
    tolerated
        Demand to the elements left out so.
    unconnected
        Demands that no route of today joins to their centre, but new cable or plant would.
    """

    elements: Csr
    tolerated: Csr
    unconnected: tuple[int, ...]


def find_survival(plant: LayeredPlant, tell: Callable[[int, int], None] = nobody) -> Survival:
    """Find what each demand has to survive; O(elements on one route a demand x plant).

    Parameters
    ----------
    tell
        Called with the elements looked at and all of them.

    Raises
    ------
    StoppedError
        If somebody asks to stop.
    """
    web, walker = plant.web, Walker(plant.web)
    is_there, everything = ~plant.is_option, np.ones(len(plant.kind))
    there = is_there.astype(float)
    nothing = np.empty(0, dtype=np.int64)
    demands_at: dict[int, list[int]] = {}
    unconnected = []
    for demand in range(len(web.source)):
        stop_if_asked()
        route = walker.route(demand, there, nothing)
        if route is None:
            if walker.route(demand, everything, nothing) is not None:
                unconnected.append(demand)
            continue
        for element in _on_the_way(plant, demand, route).tolist():
            demands_at.setdefault(element, []).append(demand)
    edges_at = transpose(plant.elements, plant.n_elements)
    rows: list[list[int]] = [[] for _ in web.source]
    today, built = _Routes(walker, there), _Routes(walker, everything)
    # Most elements in a row take down the same of what is there.
    is_cut: dict[tuple[bytes, int], bool] = {}
    for done, (element, demands) in enumerate(sorted(demands_at.items())):
        tell(done, len(demands_at))
        stop_if_asked()
        out = edges_at.row(element)
        taken = out[is_there[out]]
        for demand in demands:
            key = taken.tobytes(), demand
            if key not in is_cut:
                is_cut[key] = not today.has_one(demand, taken)
            if is_cut[key] and built.has_one(demand, out):
                rows[demand].append(element)
    spans_at = transpose(_with_groups(plant), plant.n_elements)
    tolerated: list[list[int]] = []
    for demand, row in enumerate(rows):
        metres = metres_around(plant.model, demand) if row else {}
        let_be = {e for e in row if _is_tolerated(plant, spans_at, e, metres)}
        tolerated.append(sorted(let_be))
        rows[demand] = [e for e in row if e not in let_be]
    return Survival(csr_of_lists(rows), csr_of_lists(tolerated), tuple(unconnected))


class _Routes:
    """Tells whether a demand has a route while edges are out; one known before often answers."""

    def __init__(self, walker: Walker, is_on: NDArray[np.float64]) -> None:
        self._walker, self._is_on = walker, is_on
        self._known: dict[int, deque[frozenset[int]]] = {}

    def has_one(self, demand: int, out: Ints) -> bool:
        """Whether there is a route without some edges."""
        known, gone = self._known.setdefault(demand, deque(maxlen=_REMEMBERED)), out.tolist()
        if any(route.isdisjoint(gone) for route in known):
            return True
        route = self._walker.route(demand, self._is_on, out)
        if route is not None:
            known.appendleft(frozenset(route.tolist()))
        return route is not None


def _on_the_way(plant: LayeredPlant, demand: int, route: Ints) -> Ints:
    """Elements of a route, but for what stands in the buildings of the demand's own ends.

    Links, cables and devices are left out: whoever avoids what they run through, or stand in,
    avoids them, and beside what nothing avoids another cable would protect nobody.
    """
    model = plant.model
    found = np.unique(gather(plant.elements, route)[0])
    homes = model.audit.network.places.home[[model.site[demand], *model.b_ends[demand]]]
    home = np.full(plant.n_elements, -1, dtype=np.int64)
    of_element = model.audit.network.elements.home
    home[: len(of_element)] = of_element
    kind = np.append(model.audit.kind, np.full(plant.n_elements - len(model.audit.kind), -1))
    found = found[~np.isin(kind[found], _LEFT_OUT)]
    return found[(home[found] < 0) | ~np.isin(home[found], homes)]


def _with_groups(plant: LayeredPlant) -> Csr:
    """Span to the elements and risk groups that it fails with."""
    elements, risks = plant.model.audit.network.elements, plant.model.audit.risks
    groups, owners = gather(risks.of_element, elements.of_span.indices)
    more = csr_of_pairs(
        elements.of_span.owners[owners], groups + len(elements), len(elements.of_span)
    )
    return unique_rows(stack([elements.of_span, more]))


def _is_tolerated(
    plant: LayeredPlant, spans_at: Csr, element: int, metres: Mapping[int, float]
) -> bool:
    """Whether an element lies within the tolerance at the site, and is of a tolerable kind.

    A span may be tolerated only if it is passed from its near end to its far end within it.
    """
    model = plant.model
    network, limit = model.audit.network, model.audit.rules.entry_tolerance_m
    if element >= len(model.audit.kind) or not TOLERABLE[model.audit.kind[element]]:
        return False
    place = element - network.elements.offset["places"]
    if 0 <= place < len(network.places):
        return int(model.layer.node_of_place[place]) in metres
    spans, node = network.spans, np.append(model.layer.node_of_place, -1)
    for span in spans_at.row(element).tolist():
        near = min(metres.get(int(node[end[span]]), np.inf) for end in (spans.a, spans.b))
        length = float(spans.length_m[span]) if spans.is_measured[span] else np.inf
        if near + length > limit:
            return False
    return bool(spans_at.counts[element])
