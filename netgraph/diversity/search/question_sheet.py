"""The least-sharing pairs of many sources with the same sinks, within a time limit.

Sources behind the same branching point that put the same question are searched once. Every question
gets a short try before any is searched far; then each gets an equal share of the time that is left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netgraph.diversity.search._question import open_book
from netgraph.diversity.search.least_sharing import answer_least_sharing
from netgraph.diversity.search.risk_pairs import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.diversity.search._least_sharing import LeastSharing
    from netgraph.diversity.search._question import Question
    from netgraph.diversity.search._types import Ints
    from netgraph.diversity.search.least_sharing import SharingWeights
    from netgraph.diversity.search.limits import Limits
    from netgraph.diversity.search.risks import RiskIndex
    from netgraph.diversity.search.single_points import SinglePoints

_FIRST_TRY = 30  # nodes of each tree before any question is searched further


@dataclass(frozen=True, eq=False)
class Found:
    """What is known of the least-sharing pair of one source.

    Attributes
    ----------
    key
        The name under which the source asked.
    routes
        Edges of the two routes from the source, the shorter first.
    is_proven
        Whether no pair shares less.
    is_shortest
        Whether, besides, no pair that shares as little is shorter.
    weight, lower_bound
        Weight of what the routes share, and what every pair shares at least.
    n_nodes
        Nodes of all search trees.
    """

    key: int
    routes: tuple[Ints, Ints]
    is_proven: bool
    is_shortest: bool
    weight: float
    lower_bound: float
    n_nodes: int


@dataclass(eq=False)
class _Asked:
    """One question, who asks it (each with its own lead to where routes can part), its answer."""

    question: Question
    askers: list[tuple[int, Question]] = field(default_factory=list)
    answer: LeastSharing | None = None

    def take(self, answer: LeastSharing, *, is_final: bool) -> None:
        """Keep an answer; the weights go once nothing better can come."""
        self.answer = answer
        if is_final:
            self.question = self.question.answered()


class QuestionSheet:
    """The questions of some connected sources of one network with the same sinks.

    Parameters
    ----------
    points
        The single points of the network; sharing them costs nothing.
    risks
        The risks.
    sources
        All nodes that will ask.
    weights
        What sharing costs a source that says nothing else.
    takes_shortest
        Whether to look for the shortest of the pairs that share least, or for any of them.
    """

    def __init__(
        self, points: SinglePoints, risks: RiskIndex, sources: Ints, weights: SharingWeights, *,
        takes_shortest: bool = True,
    ) -> None:  # fmt: skip
        self._takes_shortest = takes_shortest
        self._book = open_book(points, risks, sources, weights.edge, weights.node)
        self._weights = weights
        self._asked: dict[tuple[int, bytes], _Asked] = {}
        self._last: _Asked | None = None

    def ask(
        self, key: int, source: int, left_out: Ints, weights: SharingWeights | None = None
    ) -> None:
        """Put the question of one source.

        Parameters
        ----------
        key
            A name for it.
        left_out
            Risk classes that cost nothing.
        weights
            What sharing costs this source, where it is not what it costs the others.
        """
        question = self._question(source, left_out, weights)
        self._last = self._asked.setdefault(question.key, _Asked(question))
        self._last.askers.append((key, question.answered()))

    def search_alone(
        self, key: int, source: int, left_out: Ints, weights: SharingWeights, limits: Limits
    ) -> Found:
        """Put a question apart from the others, and search it within limits."""
        question = self._question(source, left_out, weights)
        one = _Asked(question, [(key, question)])
        one.take(self._answer(one, limits), is_final=True)
        return next(self._told(one))

    def _question(self, source: int, left_out: Ints, weights: SharingWeights | None) -> Question:
        known = self._weights if weights is None else weights
        class_weight = known.risk_class.copy()
        class_weight[left_out] = 0.0
        elements = None if weights is None else self._book.weigh(weights.edge, weights.node)
        return self._book.ask(source, class_weight, elements)

    def try_last(self, limits: Limits) -> None:
        """Search the last question as far as that takes small trees only."""
        limits = limits.at_most(_FIRST_TRY)
        if self._last is not None and self._last.answer is None and not limits.is_over():
            found = self._answer(self._last, limits, takes_program=False)
            self._last.take(found, is_final=self._is_final(found))

    def search(self, limits: Limits) -> None:
        """Search what is left of all questions within limits, each with an equal share of the time.

        Exact as far as proven; exponential in the worst case.
        """
        asked = self._asked.values()
        left = [one for one in asked if one.answer is None or not self._is_final(one.answer)]
        for k, one in enumerate(left):
            if limits.is_over():
                return
            share = limits.share(len(left) - k)
            found = self._answer(one, share)
            if one.answer is None or not (one.answer.is_proven and not found.is_proven):
                one.take(found, is_final=self._is_final(found))

    def _is_final(self, answer: LeastSharing) -> bool:
        return answer.is_shortest if self._takes_shortest else answer.is_proven

    def _answer(self, one: _Asked, limits: Limits, *, takes_program: bool = True) -> LeastSharing:
        return answer_least_sharing(
            self._book.core, one.question, limits,
            takes_program=takes_program, takes_shortest=self._takes_shortest,
        )  # fmt: skip

    def found(self) -> Iterator[Found]:
        """Yield what is known of each source whose question was searched at all."""
        for one in self._asked.values():
            yield from self._told(one)

    def _told(self, one: _Asked) -> Iterator[Found]:
        answer, graph = one.answer, self._book.points.graph
        if answer is None:
            return
        for key, question in one.askers:
            routes = in_order(graph, self._book.full_pair(question, answer.routes))
            yield Found(
                key,
                routes,
                answer.is_proven,
                answer.is_shortest,
                answer.weight,
                answer.lower_bound,
                answer.n_nodes,
            )
