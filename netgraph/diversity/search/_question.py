"""From a source to the question that is searched on the core, and back to routes.

What a source cannot avoid it shares anyway: both routes follow its leading cutting edges to the
first node where they can part, the *branching point*, and the search begins there. Sources behind
the same branching point with the same risks to keep apart put the same question.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.search._core import SINK, build_core

if TYPE_CHECKING:
    from netgraph.diversity.search._core import Core
    from netgraph.diversity.search._types import Flags, Floats, Ints, Longs
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.diversity.search.single_points import SinglePoints


@dataclass(frozen=True, eq=False)
class Question:
    """What is searched on the core for one source.

    Attributes
    ----------
    lead
        Edges that both routes take first.
    start
        Core node of the branching point, the sink if the routes never part.
    weight
        What it costs to share each item: core edges, core nodes, core classes.
    key
        Equal for equal questions.
    """

    lead: Ints
    start: int
    weight: Floats
    key: tuple[int, bytes]

    def answered(self) -> Question:
        """Return what is still needed of a question that was answered: not the weights."""
        return replace(self, weight=np.empty(0))

    @property
    def is_free(self) -> Flags:
        """Whether both routes may use the item at no cost, by item."""
        return self.weight == 0.0


@dataclass(frozen=True, eq=False)
class QuestionBook:
    """The core for many sources and what sharing costs on it; from :func:`open_book`."""

    core: Core
    points: SinglePoints
    frees_unavoidable: bool
    _element_weight: Floats  # of core edges and core nodes, risks apart
    _own_element: Longs  # which element each entry of core.own_classes belongs to
    _class_row: Longs  # which core class each entry of core.classes belongs to

    def ask(
        self, source: int, class_weight: Floats, element_weight: Floats | None = None
    ) -> Question:
        """Return the question of one connected source.

        Parameters
        ----------
        source
            The node, one of those for which the book was opened.
        class_weight
            What sharing each risk class costs this source, 0 where it is exempt or unavoidable.
        element_weight
            From :meth:`weigh` where sharing edges and nodes costs this source something else.
        """
        core, points = self.core, self.points
        node, lead = self._begin(source)
        start = SINK if node < 0 else int(core.local_of[node])
        n, n_elements = points.graph.n_nodes, core.n_edges + core.n_nodes
        weight = np.empty(n_elements + len(core.classes))
        weight[:n_elements] = self._element_weight if element_weight is None else element_weight
        if start != SINK and self.frees_unavoidable:
            chain = points.chain(node)
            edges = core.local_edge_of[chain[chain >= n] - n]
            nodes = core.local_of[chain[chain < n]]
            weight[edges[edges >= 0]] = 0.0
            weight[core.n_edges + nodes[nodes >= 0]] = 0.0
        own, classes = core.own_classes.values, core.classes.values
        weight[:n_elements] += _sums(self._own_element, class_weight[own], n_elements)
        weight[n_elements:] = _sums(self._class_row, class_weight[classes], len(core.classes))
        digest = blake2b(
            weight.tobytes(), digest_size=16
        ).digest()  # the weights of thousands fill memory
        return Question(lead, start, weight, (start, digest))

    def weigh(self, edge_weight: Floats, node_weight: Floats) -> Floats:
        """Return what sharing each core edge and core node costs, risks apart."""
        return _element_weights(self.core, edge_weight, node_weight)

    def full_pair(
        self, question: Question, routes: tuple[Ints, Ints] | None
    ) -> tuple[Ints, Ints] | None:
        """Return two routes on the core as edges of the network."""
        if routes is None:
            return None
        return self.full_route(question, routes[0]), self.full_route(question, routes[1])

    def full_route(self, question: Question, route: Ints) -> Ints:
        """Return a route on the core as edges of the network, the lead before it."""
        return np.concatenate((question.lead, self.core.route(question.start, route)))

    def _begin(self, source: int) -> tuple[int, Ints]:
        if self.frees_unavoidable:
            return branching_point(self.points, source)
        return source, np.empty(0, dtype=np.int32)


def open_book(
    points: SinglePoints,
    risks: RiskIndex,
    sources: Ints,
    edge_weight: Floats,
    node_weight: Floats,
    *,
    frees_unavoidable: bool = True,
) -> QuestionBook:
    """Reduce the network for the questions of some connected sources.

    Parameters
    ----------
    points
        The single points of the network; they cost nothing to share.
    risks
        The risks.
    sources
        Nodes.
    edge_weight, node_weight
        What sharing each edge, and each node on the way, costs beyond its risks.
    frees_unavoidable
        Let routes share single points at no cost.
    """
    starts = set(sources.tolist())
    if frees_unavoidable:
        starts = {branching_point(points, source)[0] for source in starts}
    nodes = np.array(sorted(start for start in starts if start >= 0), dtype=np.int32)
    core = build_core(points.graph, points.is_sink, risks, nodes)
    weight = _element_weights(core, edge_weight, node_weight)
    owners = (core.own_classes.owners, core.classes.owners)
    return QuestionBook(core, points, frees_unavoidable, weight, *owners)


def branching_point(points: SinglePoints, source: int) -> tuple[int, Ints]:
    """Return where routes from a source can first part, and the edges that lead there.

    A sink comes back as itself if the source is one, else as -1.
    """
    n = points.graph.n_nodes
    lead = []
    node = source
    while node >= 0 and points.next_point[node] >= n:
        edge = int(points.next_point[node])
        lead.append(edge - n)
        node = int(points.next_point[edge])
    return node, np.array(lead, dtype=np.int32)


def _element_weights(core: Core, edge_weight: Floats, node_weight: Floats) -> Floats:
    owner, inside = core.chains.owners, np.flatnonzero(core.inner_nodes >= 0)
    weight = np.zeros(core.n_edges + core.n_nodes)
    weight[: core.n_edges] = _sums(
        np.concatenate((owner, owner[inside])),
        np.concatenate((edge_weight[core.chains.values], node_weight[core.inner_nodes[inside]])),
        core.n_edges,
    )
    weight[core.n_edges + 1 :] = node_weight[core.node_of[1:]]
    return weight


def _sums(owner: Longs, weight: Floats, n: int) -> Floats:
    """Add up the weights of each of n owners, in the order in which they stand."""
    return np.bincount(owner, weight, minlength=n).astype(np.float64, copy=False)
