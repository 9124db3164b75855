"""Records that a link lacks to be followed, named as the tables know them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.certificates.names import Names
    from netgraph.topology import LayeredNetwork


class Gaps:
    """Gaps of the links of a network, each found once."""

    def __init__(self, network: LayeredNetwork, names: Names) -> None:
        self._network, self._names = network, names
        self._known: dict[int, frozenset[str]] = {}

    def of_link(self, link: int) -> frozenset[str]:
        """Name what a link, or what carries it, lacks, and what on it is not in service."""
        if link not in self._known:
            self._known[link] = frozenset(self._find(link))
        return self._known[link]

    def _find(self, link: int) -> Iterator[str]:
        network, elements = self._network, self._network.elements
        links, cables, id_ = network.links, network.cables, str(network.links.ids[link])
        yield from self._not_in_service(self._at_link(link))
        if link in self._circular:
            yield f"link_links:{id_}"
            return
        legs = links.legs.row(link)
        has_none = len(legs) == 0 and not links.is_wireless[link]
        if has_none or not links.leg_is_complete[legs].all():
            yield f"link_cables:{id_}"
        for leg in legs.tolist():
            for cable in links.leg_cables.row(leg).tolist():
                if not cables.is_complete[cable]:
                    yield f"cable_spans:{cables.ids[cable]}"
                yield from self._not_in_service(elements.of_cable.row(cable).tolist())
            for carrier in links.leg_carriers.row(leg).tolist():
                yield from self.of_link(carrier)

    def _at_link(self, link: int) -> list[int]:
        """Numbers of a link and of the devices and places at its ends."""
        links, offset = self._network.links, self._network.elements.offset
        places = [int(end[link]) for end in (links.a_place, links.b_place)]
        devices = [int(end[link]) for end in (links.a_equipment, links.b_equipment)]
        return [
            offset["links"] + link,
            *(offset["places"] + place for place in places if place >= 0),
            *(offset["equipment"] + device for device in devices if device >= 0),
        ]

    def _not_in_service(self, elements: list[int]) -> Iterator[str]:
        if self._dead:
            yield from ("status:" + self._names.element(e) for e in elements if e in self._dead)

    @cached_property
    def _dead(self) -> frozenset[int]:
        """Elements that are not in service."""
        network, offset = self._network, self._network.elements.offset
        alive = {
            "links": network.links.is_in_service,
            "cables": network.cables.is_in_service,
            "spans": network.spans.is_in_service,
            "places": network.places.is_in_service,
            "equipment": network.equipment.is_in_service,
        }
        rows = ((offset[block], np.flatnonzero(~flags)) for block, flags in alive.items())
        return frozenset(first + row for first, dead in rows for row in dead.tolist())

    @cached_property
    def _circular(self) -> frozenset[int]:
        """Links that carry themselves."""
        below = self._network.links.carriers
        import networkx as nx

        graph = nx.DiGraph(zip(below.owners.tolist(), below.indices.tolist(), strict=True))
        rings = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
        return frozenset().union(*rings, nx.nodes_with_selfloops(graph))
