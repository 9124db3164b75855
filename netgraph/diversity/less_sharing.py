"""Search one site's pair that shares the least, where the shortest node-disjoint pair shares more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netgraph.diversity.audit import Audit
    from netgraph.diversity.pair_judgement import PairJudgement
    from netgraph.diversity.search.graph import ArrayGraph
    from netgraph.diversity.search_layers import SearchLayer
    from netgraph.topology.csr import Ints


def search_less_sharing(audit, layer, graph, sinks, source, couple, judged, implied, deadline):
    return couple, judged, False
