"""The layered network: from tables to arrays and to NetworkX."""

from __future__ import annotations

from netgraph.topology.network import LayeredNetwork, build_network

__all__ = ["LayeredNetwork", "build_network"]
