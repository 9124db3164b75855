"""The rings of all layers of a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.diversity.rings.chains import Chains, find_chains
from netgraph.diversity.rings.common_cuts import CommonCut, gather_cuts
from netgraph.diversity.rings.false_rings import FalseRing, find_false_rings
from netgraph.diversity.rings.layers import LAYERS, Layer, build_layer
from netgraph.diversity.rings.ring_sets import Meeting, Ring, find_meetings, find_ring_sets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.diversity.audit.run import Audit


@dataclass(frozen=True, eq=False)
class RingAudit:
    """What the layers are as rings.

    Attributes
    ----------
    layers, chains
        By name of the layer: spans, cables, links.
    rings, meetings, false_rings
        Of the links.
    cuts
        The false rings by the cable, span or trench that cuts them.
    """

    layers: Mapping[str, Layer]
    chains: Mapping[str, Chains]
    rings: tuple[Ring, ...]
    meetings: tuple[Meeting, ...]
    false_rings: tuple[FalseRing, ...]
    cuts: tuple[CommonCut, ...]


def audit_rings(audit: Audit) -> RingAudit:
    """Find what lies on rings, and what is wrong with the rings of the links.

    Exact on the records, near-linear in the spans, cables and links.

    Parameters
    ----------
    audit
        The network with its rules and suspected trenches: parallel spans that nothing shows to
        lie apart are one span.
    """
    layers = {name: build_layer(audit, name) for name in LAYERS}
    links = layers["links"]
    rings = find_ring_sets(audit.network, links)
    false_rings = find_false_rings(audit.network, links, audit.rules.entry_tolerance_m)
    return RingAudit(
        layers=layers,
        chains={name: find_chains(layer) for name, layer in layers.items()},
        rings=rings,
        meetings=find_meetings(links, rings),
        false_rings=false_rings,
        cuts=gather_cuts(audit.network, false_rings),
    )
