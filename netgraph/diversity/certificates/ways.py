"""The ways along cables, links and routes, down to the spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.certificates.value import Way
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.names import Names
    from netgraph.diversity.certificates.value import Step
    from netgraph.topology.chains import Chains
    from netgraph.topology.csr import Csr


class Steps:
    """Steps along links, cables and spans, each made once: many routes pass the same ones."""

    def __init__(self, audit: Audit, names: Names) -> None:
        links, cables, spans = audit.network.links, audit.network.cables, audit.network.spans
        ends = {
            "links": (links.a_place, links.b_place),
            "cables": (cables.a, cables.b),
            "spans": (spans.a, spans.b),
        }
        self._names = names
        self._ends = {block: tuple(end.tolist() for end in both) for block, both in ends.items()}
        self._known: dict[tuple[str, int, bool], Step] = {}

    def along(self, block: str, passed: Iterable[tuple[int, bool]]) -> tuple[Step, ...]:
        """Give the steps along rows of a block, each passed forwards or backwards."""
        return tuple(self._step(block, row, is_turned) for row, is_turned in passed)

    def _step(self, block: str, row: int, is_turned: bool) -> Step:  # noqa: FBT001 - which way
        key = (block, row, is_turned)
        if key not in self._known:
            a, b = (self._names.place(end[row]) for end in self._ends[block])
            name = self._names.of(block, row)
            self._known[key] = (name, b, a) if is_turned else (name, a, b)
        return self._known[key]

    def walk(
        self, layer: str, items: Iterable[int], node: Sequence[int], place: int
    ) -> tuple[list[tuple[int, bool]], int]:
        """Items of a searched route, whether each is passed backwards, and where it ends.

        Parameters
        ----------
        node
            Node of each place in the layer.
        place
            Where the route starts.
        """
        a, b = self._ends[layer]
        passed = []
        for item in items:
            is_turned = node[a[item]] != node[place]
            passed.append((item, is_turned))
            place = a[item] if is_turned else b[item]
        return passed, place


def route_steps(audit: Audit, steps: Steps, route: int) -> tuple[Step, ...]:
    """Links of a recorded route from A to B."""
    routes = audit.network.circuits.routes
    low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
    turned = routes.is_reversed[low:high].tolist()
    return steps.along("links", zip(routes.links.row(route).tolist(), turned, strict=True))


def write_ways(audit: Audit, names: Names, steps: Steps) -> Iterator[Way]:
    """Write the way of every cable and link; O(length of all)."""
    elements = audit.network.elements
    for block, table, ends in (
        ("cables", elements.of_cable, (audit.network.cables.a, audit.network.cables.b)),
        ("links", elements.of_link, (audit.network.links.a_place, audit.network.links.b_place)),
    ):
        for row in range(len(table)):
            found = table.row(row)
            groups = np.unique(gather(audit.risks.of_element, found)[0]) + len(elements)
            legs = _cable_legs if block == "cables" else _link_legs
            yield Way(
                of=names.of(block, row),
                start=names.place(ends[0][row]),
                end=names.place(ends[1][row]),
                legs=legs(audit, steps, row),
                elements=names.elements(found.tolist()),
                risk_groups=names.elements(groups.tolist()),
            )


def _cable_legs(audit: Audit, steps: Steps, cable: int) -> tuple[tuple[Step, ...], ...]:
    cables = audit.network.cables
    leg = steps.along("spans", travelled(cables.spans, cables.walk, cable))
    return (leg,) if leg or cables.has_unknown_span[cable] else ()


def _link_legs(audit: Audit, steps: Steps, link: int) -> tuple[tuple[Step, ...], ...]:
    links = audit.network.links
    return tuple(
        (
            *steps.along("cables", travelled(links.leg_cables, links.cable_walk, leg)),
            *steps.along("links", travelled(links.leg_carriers, links.carrier_walk, leg)),
        )
        for leg in links.legs.row(link).tolist()
    )


def travelled(table: Csr, walk: Chains, row: int) -> Iterator[tuple[int, bool]]:
    """Pieces of a row in the direction of travel, and whether each is passed backwards."""
    steps = range(table.indptr[row], table.indptr[row + 1])
    for k in steps[::-1] if walk.is_backwards[row] else steps:
        yield int(table.indices[k]), bool(walk.is_reversed[k])
