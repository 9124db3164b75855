"""The ways along cables, links and routes, down to the spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.certificates.value import Way
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.names import Names
    from netgraph.diversity.certificates.value import Step
    from netgraph.topology.chains import Chains
    from netgraph.topology.csr import Csr, Ints


def route_steps(audit: Audit, names: Names, route: int) -> tuple[Step, ...]:
    """Links of a recorded route from A to B."""
    routes, links = audit.network.circuits.routes, audit.network.links
    table = routes.links
    return tuple(
        _step(names, "links", int(table.indices[k]), links.a_place, links.b_place,
              is_turned=bool(routes.is_reversed[k]))
        for k in range(table.indptr[route], table.indptr[route + 1])
    )  # fmt: skip


def walk_items(
    audit: Audit, layer: str, items: Iterable[int], node: Ints, place: int
) -> tuple[list[tuple[int, bool]], int]:
    """Cables or spans of a searched route, whether each is passed backwards, and where it ends.

    Parameters
    ----------
    node
        Node of each place in the layer.
    place
        Where the route starts.
    """
    table = audit.network.cables if layer == "cables" else audit.network.spans
    passed = []
    for item in items:
        is_turned = bool(node[table.a[item]] != node[place])
        passed.append((item, is_turned))
        place = int(table.a[item] if is_turned else table.b[item])
    return passed, place


def item_steps(
    audit: Audit, names: Names, layer: str, passed: Iterable[tuple[int, bool]]
) -> tuple[Step, ...]:
    """Give the steps along the cables or spans of a searched route."""
    table = audit.network.cables if layer == "cables" else audit.network.spans
    return tuple(
        _step(names, layer, item, table.a, table.b, is_turned=is_turned)
        for item, is_turned in passed
    )


def write_ways(audit: Audit, names: Names) -> Iterator[Way]:
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
                legs=legs(audit, names, row),
                elements=names.elements(found),
                risk_groups=names.elements(groups),
            )


def _cable_legs(audit: Audit, names: Names, cable: int) -> tuple[tuple[Step, ...], ...]:
    spans, cables = audit.network.spans, audit.network.cables
    steps = tuple(
        _step(names, "spans", span, spans.a, spans.b, is_turned=is_turned)
        for span, is_turned in travelled(cables.spans, cables.walk, cable)
    )
    return (steps,) if steps or cables.has_unknown_span[cable] else ()


def _link_legs(audit: Audit, names: Names, link: int) -> tuple[tuple[Step, ...], ...]:
    links, cables = audit.network.links, audit.network.cables
    below = (
        ("cables", links.leg_cables, links.cable_walk, cables.a, cables.b),
        ("links", links.leg_carriers, links.carrier_walk, links.a_place, links.b_place),
    )
    return tuple(
        tuple(
            _step(names, block, row, a, b, is_turned=is_turned)
            for block, table, walk, a, b in below
            for row, is_turned in travelled(table, walk, leg)
        )
        for leg in links.legs.row(link).tolist()
    )


def travelled(table: Csr, walk: Chains, row: int) -> Iterator[tuple[int, bool]]:
    """Pieces of a row in the direction of travel, and whether each is passed backwards."""
    steps = range(table.indptr[row], table.indptr[row + 1])
    for k in steps[::-1] if walk.is_backwards[row] else steps:
        yield int(table.indices[k]), bool(walk.is_reversed[k])


def _step(names: Names, block: str, row: int, a: Ints, b: Ints, *, is_turned: bool) -> Step:
    ends = names.place(a[row]), names.place(b[row])
    return names.of(block, row), *(ends[::-1] if is_turned else ends)
