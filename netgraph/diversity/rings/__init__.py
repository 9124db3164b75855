"""Rings by layer: who is on one, what hangs on them, which of them are rings on paper only."""

from __future__ import annotations

from netgraph.diversity.rings.chains import Chains
from netgraph.diversity.rings.common_cuts import CommonCut
from netgraph.diversity.rings.false_rings import FalseRing
from netgraph.diversity.rings.find import RingAudit, audit_rings
from netgraph.diversity.rings.layers import LAYERS, Layer
from netgraph.diversity.rings.ring_sets import Meeting, Ring

__all__ = [
    "LAYERS",
    "Chains",
    "CommonCut",
    "FalseRing",
    "Layer",
    "Meeting",
    "Ring",
    "RingAudit",
    "audit_rings",
]
