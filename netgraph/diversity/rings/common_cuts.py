"""False rings by what cuts them: one cable, span or trench with all rings that it alone cuts."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.topology.elements import CABLE, SPAN, TRENCH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from netgraph.diversity.rings.false_rings import FalseRing
    from netgraph.topology import LayeredNetwork


@dataclass(frozen=True)
class CommonCut:
    """One element, and the false rings that it cuts.

    Attributes
    ----------
    element
        Cable, span or trench.
    rings
        The false rings that are told here, each under one element only; all of them are cut by
        this one.
    also
        Other elements that alone cut every one of these rings; ascending.
    length_m
        Metres that the ring with most of them has in common.
    """

    element: int
    rings: tuple[FalseRing, ...]
    also: tuple[int, ...]
    length_m: float

    @property
    def nodes(self) -> tuple[int, ...]:
        """Nodes of the layer that it cuts off, ascending."""
        if len(self.rings) == 1:
            return self.rings[0].nodes
        return tuple(sorted({node for ring in self.rings for node in ring.nodes}))


def gather_cuts(network: LayeredNetwork, rings: Iterable[FalseRing]) -> tuple[CommonCut, ...]:
    """Gather false rings by the element that cuts most of them.

    A ring that a cable cuts is told under a cable, for that is the worst; the others under a
    trench before a span. The element that cuts most rings comes first and takes them all, then the
    one that cuts most of the rest. Every ring is told once; O(rings x elements that cut them).
    """
    preference = {CABLE: 0, TRENCH: 1, SPAN: 2}
    kind = network.elements.kind.tolist()
    by_cable: list[FalseRing] = []
    by_trench: list[FalseRing] = []
    for ring in rings:
        has_cable = CABLE in map(kind.__getitem__, ring.elements)
        (by_cable if has_cable else by_trench).append(ring)
    return tuple(
        _cut(element, [told[i] for i in cut])
        for told, kinds in ((by_cable, {CABLE}), (by_trench, {TRENCH, SPAN}))
        for element, cut in _choose(
            [[e for e in ring.elements if kind[e] in kinds] for ring in told],
            lambda element: preference[kind[element]],
        )
    )


def _choose(
    cutting: Sequence[Sequence[int]], preference: Callable[[int], int]
) -> Iterator[tuple[int, list[int]]]:
    """Give elements with the rings (by position) that each takes, most first."""
    rings_of: dict[int, list[int]] = defaultdict(list)
    for ring, elements in enumerate(cutting):
        for element in elements:
            rings_of[element].append(ring)
    queue = [(-len(rings), preference(e), e) for e, rings in rings_of.items()]
    heapq.heapify(queue)
    told: set[int] = set()
    while queue:
        count, rank, element = heapq.heappop(queue)
        left = [ring for ring in rings_of[element] if ring not in told]
        if len(left) < -count:  # others took some of them
            if left:
                heapq.heappush(queue, (-len(left), rank, element))
            continue
        told.update(left)
        yield element, left


def _cut(element: int, rings: Sequence[FalseRing]) -> CommonCut:
    common: Iterable[int] = rings[0].elements  # ascending
    metres = rings[0].length_m
    if len(rings) > 1:  # most cut one ring
        common = sorted(set(common).intersection(*(ring.elements for ring in rings)))
        metres = max(ring.length_m for ring in rings)
    return CommonCut(element, tuple(rings), tuple([e for e in common if e != element]), metres)
