"""Columns of the table of sites that hang on the searches, against the answers one by one."""

from __future__ import annotations

import pytest
from best_pair_oracle import draw_small

import netgraph as ng
from netgraph.datasets import example_columns
from netgraph.diversity.achievable.figures import pair_figures
from netgraph.diversity.achievable.find import Achievable, find_achievable
from netgraph.diversity.achievable.layer_answers import TOLD
from netgraph.report.contract import table_specs

_OF_SEARCHES = {
    "achievable_on_cables": lambda both: both.cables.level,
    "achievable_on_spans": lambda both: both.spans.level,
    "disjoint_otherwise": lambda both: both.spans.is_disjoint_otherwise,
    "single_points": lambda both: routed(both.spans, len(both.spans.unavoidable)),
    "pair_on_cables_m": lambda both: routed(both.cables, both.cables.total_m),
    "shortest_on_cables": lambda both: routed(both.cables, both.cables.is_shortest),
    "pair_on_spans_m": lambda both: routed(both.spans, both.spans.total_m),
    "shortest_on_spans": lambda both: routed(both.spans, both.spans.is_shortest),
}


def routed(answer, figure):
    return figure if answer.is_connected else None


def test_the_table_tells_the_answer_of_each_site():
    found = ng.assess(ng.from_columns(example_columns("twin_ring")))
    names, places = table_specs()["sites"].names, found.network.places.index
    for row in found.rows("sites"):
        told = dict(zip(names, row, strict=True))
        both = found.achievable.by_place.get(places.find(told["site_id"]))
        for name, figure in _OF_SEARCHES.items():
            assert told[name] == (None if both is None else figure(both)), name


@pytest.mark.parametrize("seed", range(12))
def test_figures_are_those_of_the_answers_and_of_the_worst_where_there_are_several(seed):
    audit = draw_small(seed).audit()
    found = find_achievable(audit, seconds=0)
    places = list(range(len(audit.network.places)))
    for layer, figures in zip(("cables", "spans"), pair_figures(found, places), strict=True):
        for place in places:
            both = found.by_place.get(place)
            if both is None:
                assert figures.told[place] == -1
                continue
            answer = getattr(both, layer)
            assert TOLD[figures.told[place]] == answer.level
            assert (None, False, True)[figures.is_otherwise[place] + 1] is (
                answer.is_disjoint_otherwise
            )
            route = (
                (len(answer.unavoidable), answer.is_shortest, answer.total_m)
                if answer.is_connected
                else (-1, -1, pytest.approx(float("nan"), nan_ok=True))
            )
            row = (figures.single_points, figures.is_shortest, figures.total_m)
            assert tuple(column[place] for column in row) == route


def test_without_a_search_there_are_no_figures():
    for figures in pair_figures(Achievable.of_nothing(), [3, 4]):
        assert figures.told.tolist() == figures.single_points.tolist() == [-1, -1]
