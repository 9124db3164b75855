"""From the best pairs of a demand's parts to one answer a site and layer."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.layer_answers import (
    TOLD,
    UNPROVEN,
    AnswerColumns,
    LayerAnswer,
    LayerAnswers,
)
from netgraph.diversity.achievable.layer_search import own_edges
from netgraph.diversity.achievable.parts import cost_of, could_connect, is_cut_off
from netgraph.diversity.audit.missing import doubts_about
from netgraph.diversity.levels import PASSING, PROVEN_FAULTS, RANK, Level
from netgraph.diversity.search.graph import both_of, portions, route_nodes, rows_of
from netgraph.diversity.verdict_kinds import POSSIBLE
from netgraph.topology.csr import gather
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.best_pair import BestPair
    from netgraph.diversity.achievable.demands import Demand
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.achievable.parts import Part
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows
    from netgraph.topology.csr import Csr, Ints

    _Numbers = NDArray[np.int32]

# By rank of a level; what is unproven comes after all of them.
_IS_PASSING = np.array([level in PASSING for level in Level])
_IS_FAULT = np.array([*(level in PROVEN_FAULTS for level in Level), False])


def answer_all(
    audit: AuditBasis, layer: SearchLayer, demands: list[Demand], parts: Iterable[list[Part]]
) -> LayerAnswers:
    """Answer every demand of every site."""
    answers, answering = LayerAnswers(), Answering(audit, layer)
    for demand, of_demand in zip(demands, parts, strict=True):
        if len(of_demand) == 1:
            known = answering.answer_part(demand, of_demand[0])
            answers.add(of_demand[0].sites, known)
            for k, answer in answering.amended(demand, of_demand[0], known):
                answers.put(of_demand[0].sites[k], -1, answer)
            continue
        of_site: dict[int, list[tuple[Part, BestPair]]] = {site: [] for site in demand.sites}
        for part in of_demand:
            for k, site in enumerate(part.sites):
                of_site[site].append((part, part.pairs[k]))
        found = [answering.answer(demand, site, of_site[site]) for site in demand.sites]
        answers.add(demand.sites, found)
    return answers


class Answering:
    """Answers the demands on one layer."""

    def __init__(self, audit: AuditBasis, layer: SearchLayer) -> None:
        """Prepare to answer; what is needed of a layer is found once."""
        self._audit, self._layer = audit, layer
        self._unhoused = _unhoused_nodes(audit, layer)
        self._first_possible = int((audit.kind != POSSIBLE).sum())

    @cached_property
    def _item(self) -> _Numbers:
        """The cable or span of each edge."""
        return self._layer.item.astype(np.int32)

    @cached_property
    def _own(self) -> Csr:
        """Edges that only a place's own circuits may use."""
        return own_edges(self._audit, self._layer)

    @cached_property
    def _own_lacking(self) -> Csr:
        """Edges that a place's own circuits might use if the spans were recorded."""
        return own_edges(self._audit, self._layer, is_complete=False)

    @cached_property
    def _has_own_lacking(self) -> NDArray[np.bool_]:
        return self._own_lacking.counts > 0

    @cached_property
    def _falls_with(self) -> Ints:
        """What each element falls with: a place with its building, all else by itself."""
        network, elements = self._audit.network, self._audit.network.elements
        found, building = np.arange(len(self._audit.kind)), network.places.building
        housed = np.flatnonzero(building >= 0)
        found[elements.number("places", housed)] = elements.number("buildings", building[housed])
        return found

    def _once_a_building(self, single: Rows) -> Rows:
        """Name a building and what stands in it once, by what comes first: it falls together."""
        falls_with = self._falls_with[single.values]
        if (falls_with == single.values).all():
            return single
        _, first = np.unique(single.owners << 32 | falls_with, return_index=True)
        is_first = np.zeros(len(falls_with), dtype=bool)
        is_first[first] = True
        return single.where(is_first)

    def answer_part(self, demand: Demand, part: Part) -> AnswerColumns:
        """Answer a demand of which there is one part, as far as columns tell it."""
        pairs = part.pairs.columns
        judged, is_proven = pairs.judged, pairs.is_proven
        is_passing = _IS_PASSING[judged.rank]
        is_certain = part.pairs.have_certain_level(self._audit.kind)
        is_open = pairs.are_doubtful & ~is_passing
        asked = np.flatnonzero(is_passing & ~is_certain)
        is_open[asked] = self._pass_unhoused(part, asked)
        told = judged.rank.astype(np.int8)
        told[~is_certain & is_open | ~pairs.is_connected] = RANK[Level.UNDECIDABLE]
        told[~is_certain & ~is_proven] = TOLD.index(UNPROVEN)
        is_told = is_proven & pairs.is_connected
        shared, first = judged.shared, self._first_possible
        total_m = np.where(pairs.is_connected, self._total_m(part), np.nan)
        return AnswerColumns(
            demand.b_ends,
            demand.parted,
            told,
            self._once_a_building(pairs.unavoidable.where(pairs.unavoidable.values < first)),
            shared.where(shared.values < first),
            shared.where(shared.values >= first),
            judged.tolerated,
            total_m,
            pairs.is_shortest & np.isfinite(total_m),
            pairs.is_connected,
            np.where(is_told, ~judged.is_avoidable, -1).astype(np.int8),
            pairs.routes.told_as(self._item),
            pairs.searches,
        )

    def amended(
        self, demand: Demand, part: Part, known: AnswerColumns
    ) -> Iterator[tuple[int, LayerAnswer]]:
        """Give those answers that hang on more than the pair, by row."""
        is_asked = _IS_FAULT[known.told]
        if is_asked.any():
            is_asked &= self._has_own_lacking[list(part.sites)]
        if self._audit.network.elements.doubts:
            is_asked |= _IS_PASSING[part.pairs.columns.judged.rank]
        for k in np.flatnonzero(is_asked).tolist():
            yield k, self.answer(demand, part.sites[k], [(part, part.pairs[k])])

    def _total_m(self, part: Part) -> NDArray[np.float64]:
        """Add up the metres of both routes of each pair; NaN where some are not known."""
        routes, chain_m = part.pairs.columns.routes, part.search.reduced.graph.length_m
        length_m = self._layer.length_m
        if np.isnan(length_m).any() and len(routes.chains):  # they count as 0 in the graph
            is_unknown = np.isnan(length_m[routes.chains.values])
            chain_m = chain_m.copy()
            chain_m[routes.chains.owners[is_unknown]] = np.nan

        def of_some(first: int, end: int) -> NDArray[np.float64]:
            some = routes.some(2 * first, 2 * end)
            metres = np.bincount(some.owners >> 1, some.of_values(chain_m, length_m), end - first)
            return metres.astype(np.float64)  # whole numbers where there are no routes

        return np.concatenate([of_some(*some) for some in portions(len(routes) // 2)])

    def _pass_unhoused(self, part: Part, rows: Ints) -> NDArray[np.bool_]:
        """Whether routes run through offices that might house the other, other than their ends."""
        graph, node = self._layer.graph, self._layer.node_of_place
        routes, sites = part.pairs.columns.routes, node[np.array(part.sites, dtype=np.int64)[rows]]
        is_unhoused = np.zeros(graph.n_nodes, dtype=bool)
        is_unhoused[list(self._unhoused)] = True
        is_unhoused[node[list(part.b_ends)]] = False
        result = np.zeros(len(rows), dtype=bool)
        if not is_unhoused.any():
            return result
        for first, end in portions(len(rows)):
            some = routes.take(both_of(rows[first:end])).unfolded()
            row = some.owners >> 1
            own = sites[first:end][row]
            passed = [ends[some.values] for ends in (graph.edge_u, graph.edge_v)]
            is_met = np.any([is_unhoused[at] & (at != own) for at in passed], axis=0)
            result[first:end] = np.bincount(row[is_met], minlength=end - first) > 0
        return result

    def _cut(self, demand: Demand, site: int, elements: Iterable[int], *, hope: bool) -> set[int]:
        """Which elements alone cut a site off, maybe with all that records may be missing for."""
        layer = self._layer
        is_open = layer.is_usable | layer.is_doubtful if hope else layer.is_usable.copy()
        is_open[self._own.row(site)] = True
        if hope:
            is_open[self._own_lacking.row(site)] = True
        return {x for x in elements if is_cut_off(layer, is_open, site, demand, x)}

    def answer(
        self, demand: Demand, site: int, found: Sequence[tuple[Part, BestPair]]
    ) -> LayerAnswer:
        """Answer one demand of one site by the best pair (or more routes) of each part."""
        answers = [self._of_part(part, site, pair) for part, pair in found]
        best = answers[0] if len(found) == 1 else self._choose(demand, site, found, answers)
        if best.level in PROVEN_FAULTS and len(self._own_lacking.row(site)):
            stays = self._cut(demand, site, best.shared, hope=True)
            if stays < set(best.shared):
                best = replace(best, level=Level.UNDECIDABLE.value)
        told = replace(best, b_ends=demand.b_ends, parted=demand.parted)
        told = _told_apart(told, self._first_possible)
        single = rows_of([told.unavoidable])
        return replace(told, unavoidable=tuple(self._once_a_building(single)[0].tolist()))

    def _of_part(self, part: Part, site: int, pair: BestPair) -> LayerAnswer:
        node = self._layer.node_of_place
        ends = {int(node[site]), *node[list(part.b_ends)].tolist()}
        answer = _answer(self._audit, self._layer, part.b_ends, pair, self._unhoused - ends)
        is_passing = pair.judgement is not None and pair.judgement.level in PASSING
        if not is_passing or not self._audit.network.elements.doubts:
            return answer
        unsure = self._unsure(part, site, pair)
        if not unsure:
            return answer
        return replace(
            answer, level=Level.UNDECIDABLE.value, unsure=unsure, is_disjoint_otherwise=None
        )

    def _unsure(self, part: Part, site: int, pair: BestPair) -> tuple[int, ...]:
        """Find what is open about the risk groups of two routes, apart from their own ends."""
        layer, network = self._layer, self._audit.network
        node, elements = layer.node_of_place, network.elements
        ends = {int(route_nodes(layer.graph, int(node[site]), way)[-1]) for way in pair.routes}
        own = layer.home[[int(node[site]), *(ends if len(ends) == 1 else ())]]
        of_item = elements.of_cable if layer.name == "cables" else elements.of_span
        passed, _ = gather(of_item, layer.item[np.concatenate(pair.routes)])
        reached = [place for place in part.b_ends if int(node[place]) in ends]
        met = np.concatenate([passed, elements.number("places", np.array(reached))])
        return doubts_about(network, np.unique(met), own)

    def _choose(
        self, demand: Demand, site: int, found: Sequence[tuple[Part, BestPair]],
        answers: Sequence[LayerAnswer],
    ) -> LayerAnswer:  # fmt: skip
        """Take the best of the parts, and say no more of it than all of them prove."""
        costs = [cost_of(part.search, site, pair) for part, pair in found]
        order = sorted(range(len(found)), key=costs.__getitem__)
        passing = [k for k in order if answers[k].level in PASSING]
        first = (passing or order)[0]
        best = answers[first]
        if not best.is_connected:
            is_open = any(answer.level == UNPROVEN for answer in answers)
            return replace(best, level=UNPROVEN if is_open else best.level)
        # What is not connected has no pair; what is not proven might have a shorter one.
        rivals = [k for k in order if k != first and answers[k].is_connected]
        is_shortest = best.is_shortest and all(
            found[k][1].is_proven and (costs[k][0] > costs[first][0] or found[k][1].is_shortest)
            for k in rivals
        )
        level = best.level if passing else self._level(site, found, answers, first)
        cut = self._cut(demand, site, {*best.unavoidable, *best.shared}, hope=False)
        is_told = found[first][1].is_proven and not best.unsure
        return replace(
            best,
            level=level,
            is_shortest=is_shortest and level != UNPROVEN,
            unavoidable=tuple(x for x in best.unavoidable if x in cut),
            is_disjoint_otherwise=cut >= set(best.shared) if is_told else None,
        )

    def _level(
        self, site: int, found: Sequence[tuple[Part, BestPair]],
        answers: Sequence[LayerAnswer], first: int,
    ) -> str:  # fmt: skip
        """Level where no part passes: open as long as another part might be better."""
        levels = [answer.level for answer in answers if answer.is_connected]
        is_proven = all(pair.is_proven for _, pair in found)
        # The level of a part may be known before its best pair is.
        if UNPROVEN in levels or not (is_proven or len(set(levels)) == 1):
            return UNPROVEN
        is_doubtful = Level.UNDECIDABLE.value in levels or any(
            could_connect(part, site)
            for (part, _), answer in zip(found, answers, strict=True)
            if not answer.is_connected
        )
        return Level.UNDECIDABLE.value if is_doubtful else answers[first].level


def _unhoused_nodes(audit: AuditBasis, layer: SearchLayer) -> frozenset[int]:
    """Nodes of offices whose building is not recorded: it might house the other route, too."""
    places = audit.network.places
    open_ones = (places.kind == OFFICE) & (places.building < 0)
    return frozenset(layer.node_of_place[open_ones].tolist())


def _passes(layer: SearchLayer, routes: Iterable[NDArray[np.int32]], nodes: frozenset[int]) -> bool:
    """Whether one of the routes runs through one of the nodes."""
    graph = layer.graph
    return any(
        not nodes.isdisjoint(ends[route].tolist())
        for route in routes
        for ends in (graph.edge_u, graph.edge_v)
    )


def _answer(
    audit: AuditBasis,
    layer: SearchLayer,
    b_ends: tuple[int, ...],
    pair: BestPair,
    unhoused: frozenset[int],
) -> LayerAnswer:
    judged = pair.judgement
    if judged is None and not pair.is_proven:
        return LayerAnswer(UNPROVEN, b_ends)
    if judged is None:
        # A site in service has a route; if the records show none, they are incomplete.
        return LayerAnswer(Level.UNDECIDABLE.value, b_ends)
    level = judged.level.value
    is_passing = judged.level in PASSING
    if pair.has_certain_level(audit.kind):
        pass  # whatever a search would find, and whatever the missing records hold
    elif not pair.is_proven:
        level = UNPROVEN
    elif _passes(layer, pair.routes, unhoused) if is_passing else pair.is_doubtful:
        level = Level.UNDECIDABLE.value
    total_m = float(layer.length_m[np.concatenate(pair.routes)].sum())
    return LayerAnswer(
        level=level,
        b_ends=b_ends,
        unavoidable=pair.unavoidable,
        is_disjoint_otherwise=not judged.is_avoidable if pair.is_proven else None,
        shared=judged.shared,
        tolerated=judged.tolerated,
        ways=rows_of([layer.item[route] for route in pair.routes]),
        total_m=total_m,
        is_shortest=pair.is_shortest and math.isfinite(total_m),
        is_connected=True,
        search=pair.search,
    )


def _told_apart(answer: LayerAnswer, first_possible: int) -> LayerAnswer:
    """Tell what is shared from what may be; the groups that may be shared are numbered last."""
    if all(x < first_possible for x in (*answer.shared, *answer.unavoidable)):
        return answer
    return replace(
        answer,
        shared=tuple(x for x in answer.shared if x < first_possible),
        possible=tuple(x for x in answer.shared if x >= first_possible),
        unavoidable=tuple(x for x in answer.unavoidable if x < first_possible),
    )
