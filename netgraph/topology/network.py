"""The layered network: plant, cables, transport and circuits, tied together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import UsageError
from netgraph.messages import Message, say_here
from netgraph.topology.elements import Elements, build_elements
from netgraph.topology.evidence import LinkEvidence, weigh_links
from netgraph.topology.places import PLACE_TABLES, Places, build_places
from netgraph.topology.plant import Cables, Spans, build_cables, build_spans
from netgraph.topology.rings import RingSystems, find_rings
from netgraph.topology.routes import Circuits, build_circuits
from netgraph.topology.transport import Equipment, Links, build_equipment, build_links

if TYPE_CHECKING:
    import networkx as nx

    from netgraph.inventory import Inventory

LAYERS = ("spans", "cables", "links")


@dataclass(frozen=True)
class LayeredNetwork:
    """Everything that a verdict is computed from, in arrays; ids appear only at the edges.

    A circuit runs over links, a link over cables (or lower links), a cable over spans; the layers
    stay factorised, because a table of every span of every circuit is a hundred times larger.
    """

    inventory: Inventory
    places: Places
    spans: Spans
    cables: Cables
    equipment: Equipment
    links: Links
    rings: RingSystems
    evidence: LinkEvidence
    elements: Elements
    circuits: Circuits

    def to_networkx(self, layer: str | None = None) -> nx.MultiGraph:
        """Give the network as a NetworkX multigraph.

        Parameters
        ----------
        layer
            "spans", "cables" or "links"; all three when omitted.

        Returns
        -------
        networkx.MultiGraph
            Nodes are place ids with ``kind``, ``name``, ``lon``, ``lat``; edges are keyed by
            their own id (parallel spans stay apart) with ``layer``, ``length_m`` and, for spans,
            ``trench_id`` and ``medium``. Edges with an unknown end are left out.

        Raises
        ------
        UsageError
            If the layer is none of the three.
        """
        if layer is not None and layer not in LAYERS:
            message = Message(
                "There is no layer {0!r}; the layers are {1}.", layer, ", ".join(LAYERS)
            )
            raise UsageError(message)
        import networkx as nx

        graph = nx.MultiGraph(crs=self.inventory.crs)
        self._add_places(graph)
        for name in LAYERS if layer is None else (layer,):
            getattr(self, f"_add_{name}")(graph)
        return graph

    def _add_places(self, graph: nx.MultiGraph) -> None:
        places = self.places
        for i, place in enumerate(places.ids):
            graph.add_node(
                place,
                kind=PLACE_TABLES[places.kind[i]][:-1],
                name=places.names[i],
                lon=float(places.lon[i]),
                lat=float(places.lat[i]),
            )

    def _add_spans(self, graph: nx.MultiGraph) -> None:
        spans, ids = self.spans, self.places.ids
        trenches = np.append(spans.trench_ids, "")
        for i in np.flatnonzero((spans.a >= 0) & (spans.b >= 0) & spans.is_in_service):
            graph.add_edge(
                ids[spans.a[i]], ids[spans.b[i]], key=spans.ids[i], layer="spans",
                length_m=float(spans.length_m[i]), medium=spans.medium[i],
                trench_id=trenches[spans.trench[i]],
            )  # fmt: skip

    def _add_cables(self, graph: nx.MultiGraph) -> None:
        cables, ids = self.cables, self.places.ids
        for i in np.flatnonzero((cables.a >= 0) & (cables.b >= 0) & cables.is_in_service):
            graph.add_edge(
                ids[cables.a[i]], ids[cables.b[i]], key=cables.ids[i], layer="cables",
                length_m=float(cables.length_m[i]), spare_cores=float(cables.spare_cores[i]),
                spans=tuple(self.spans.ids[cables.spans.row(int(i))]),
            )  # fmt: skip

    def _add_links(self, graph: nx.MultiGraph) -> None:
        links, ids = self.links, self.places.ids
        for i in np.flatnonzero((links.a_place >= 0) & (links.b_place >= 0) & links.is_in_service):
            cables = [self.cables.ids[c] for leg in links.legs.row(int(i))
                      for c in links.leg_cables.row(int(leg))]  # fmt: skip
            graph.add_edge(
                ids[links.a_place[i]], ids[links.b_place[i]], key=links.ids[i], layer="links",
                section=links.section[i], protection=links.protection[i], cables=tuple(cables),
            )  # fmt: skip

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{say_here(name)}</td><td>{len(value)}</td></tr>"
            for name, value in (
                (Message("places"), self.places), (Message("spans"), self.spans),
                (Message("cables"), self.cables), (Message("equipment"), self.equipment),
                (Message("links"), self.links), (Message("circuits"), self.circuits),
            )
        )  # fmt: skip
        heads = "".join(
            f"<th>{say_here(head)}</th>" for head in (Message("layer"), Message("rows"))
        )
        return f"<table><thead><tr>{heads}</tr></thead>{rows}</table>"


def build_network(inventory: Inventory) -> LayeredNetwork:
    """Build the layered network of an inventory.

    Parameters
    ----------
    inventory
        As read; rows that refer to nothing are kept as missing evidence.

    Returns
    -------
    LayeredNetwork
        Cost is linear in the rows of the inventory.
    """
    places = build_places(inventory)
    spans = build_spans(inventory, places)
    cables = build_cables(inventory, places, spans)
    equipment = build_equipment(inventory, places)
    links = build_links(inventory, places, equipment, cables)
    rings = find_rings(inventory, equipment, links)
    evidence = weigh_links(places, spans, cables, equipment, links)
    return LayeredNetwork(
        inventory=inventory,
        places=places,
        spans=spans,
        cables=cables,
        equipment=equipment,
        links=links,
        rings=rings,
        evidence=evidence,
        elements=build_elements(inventory, places, spans, cables, equipment, links),
        circuits=build_circuits(inventory, places, links, rings, evidence),
    )
