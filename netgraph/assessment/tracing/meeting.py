"""Where a searched route meets what it passes: the order from the site, and the metres."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.certificates.ways import travelled
from netgraph.diversity.search.graph import route_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

    #: An element, and the metres from the site; NaN behind a length that nothing tells.
    Met = tuple[int, float]


def in_order(
    audit: Audit, layer: SearchLayer, source: int, way: Ints, wanted: Iterable[int]
) -> list[tuple[int, float | None]]:
    """Order elements and risk groups as a route meets them, with the metres from the site.

    Parameters
    ----------
    source, way
        Node of the site, and the edges of the route.
    wanted
        Of the audit; what the route does not meet comes last, without metres.
    """
    wanted = list(dict.fromkeys(wanted))
    first: dict[int, float] = {}
    for element, at in _meet(audit, layer, source, way) if len(way) else ():
        first.setdefault(element, at)
    turn = {element: k for k, element in enumerate(first)}
    wanted.sort(key=lambda element: turn.get(element, len(turn)))
    metres = ((element, first.get(element, float("nan"))) for element in wanted)
    return [(element, at if isfinite(at) else None) for element, at in metres]


def _meet(audit: Audit, layer: SearchLayer, source: int, way: Ints) -> Iterator[Met]:
    """Yield what a route passes, each with the risk groups that it belongs to."""
    groups_of, n_elements = audit.risks.of_element, len(audit.network.elements)
    at = 0.0
    nodes = route_nodes(layer.graph, source, way.astype(np.int32)).tolist()
    for edge, start, end in zip(way.tolist(), nodes[:-1], nodes[1:], strict=True):
        item = int(layer.item[edge])
        far = at + float(getattr(audit.network, layer.name).length_m[item])
        # A cable is as long as it is recorded, whatever its spans are together.
        along = [(e, min(here, far)) for e, here in _along(audit, layer, item, start, at)]
        along += [(element, far) for element in layer.node_elements.row(end).tolist()]
        placed = {element for element, _ in along}
        of_edge = layer.elements.row(edge).tolist()  # what falls with it, somewhere on it
        somewhere = [(e, at) for e in of_edge if e not in placed and e < n_elements]
        for element, here in (*somewhere, *along):
            yield element, here
            if element < n_elements:
                for group in groups_of.row(element).tolist():
                    yield group + n_elements, here
        at = far


def _along(audit: Audit, layer: SearchLayer, item: int, start: int, at: float) -> Iterator[Met]:
    """Yield a cable or span that a route enters at a node, and what is in it, piece by piece."""
    network, offset = audit.network, audit.network.elements.offset
    table = getattr(network, layer.name)
    is_turned = int(layer.node_of_place[table.a[item]]) != start
    pieces = [(item, is_turned)]
    if layer.name == "cables":
        yield offset["cables"] + item, at
        pieces = list(travelled(network.cables.spans, network.cables.walk, item))
        if is_turned:
            pieces = [(span, not is_back) for span, is_back in reversed(pieces)]
    for span, is_back in pieces:
        far = int((network.spans.a if is_back else network.spans.b)[span])
        yield offset["spans"] + span, at
        if network.spans.trench[span] >= 0:
            yield offset["trenches"] + int(network.spans.trench[span]), at
        at += float(network.spans.length_m[span])
        if far >= 0 and int(layer.node_of_place[far]) != start:
            yield offset["places"] + far, at
            if (building := int(network.places.building[far])) >= 0:
                yield offset["buildings"] + building, at
