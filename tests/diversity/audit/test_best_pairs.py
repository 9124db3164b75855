"""The pair that is called the best, against every two routes of small random networks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from best_pair_oracle import Oracle, draw_small
from builders import PlantBuilder

from netgraph.diversity.achievable.find import UNPROVEN, find_achievable
from netgraph.diversity.rules import load_rules


def compared(seed, rules=None, *, has_groups=False):
    """Every answer of a random network with its cost and the least cost of any two routes."""
    plan = draw_small(seed, has_groups=has_groups)
    audit = plan.audit(rules)
    found = find_achievable(audit, seconds=0)
    for name, answers in found.answers.items():
        for place, demands in answers.items():
            for answer in demands:
                layer, ends = found.layers[name], answer.b_ends
                oracle = Oracle(plan, audit, layer, place, ends, is_apart=answer.is_apart)
                best = oracle.best()
                if best is not None:
                    assert answer.is_connected
                    yield answer, oracle.cost_of(answer), best


@pytest.mark.parametrize("seed", range(60))
def test_no_two_routes_share_less_or_are_as_good_and_shorter(seed):
    for answer, cost, best in compared(seed):
        if answer.level != UNPROVEN:
            assert cost[0] == best[0]
        if answer.is_shortest:
            assert cost == best


def test_hardly_any_answer_stays_open_where_the_tolerance_forgives_much():
    found = [answer.level == UNPROVEN for seed in range(60) for answer, _, _ in compared(seed)]
    assert len(found) > 200
    assert sum(found) < len(found) / 10


@pytest.mark.parametrize("seed", range(60, 100))
def test_without_a_tolerance_every_answer_is_the_best_and_says_so(seed):
    for answer, cost, best in compared(seed, replace(load_rules(), entry_tolerance_m=0.0)):
        assert cost == best
        assert answer.is_shortest
        assert answer.level != UNPROVEN


@pytest.mark.parametrize("seed", range(40))
def test_a_group_with_two_centres_gets_the_best_route_to_each(seed):
    rules = replace(load_rules(), entry_tolerance_m=0.0)
    for answer, cost, best in compared(seed, rules, has_groups=True):
        assert answer.is_apart
        assert cost == best
        assert answer.is_shortest


def _two_homes(**second):
    """S with a duct to each of two centres, and one between them.

    ::

        S --p-- K          x1 to K, x2 to J; both of one group
        S --q-- J --r-- K
    """
    plan = PlantBuilder().office("K").office("J", **second).site("S")
    for name, a, b in (("p", "S", "K"), ("q", "S", "J"), ("r", "J", "K")):
        plan.span(name, a, b, length_m=1000.0)
        plan.cable(f"c{name}", a, b, name)
    return plan.link("lp", "S", "K", ["cp"]).link("lq", "S", "J", ["cq"])


def _only_answer(plan, rules=None):
    audit = plan.audit(rules or load_rules())
    found = find_achievable(audit, seconds=0)
    (answer,) = found.answers["spans"][audit.network.places.ids.tolist().index("S")]
    spans = audit.network.spans.ids
    return answer, sorted([str(spans[i]) for i in route] for route in answer.routes)


def test_the_circuits_of_a_group_go_each_to_its_own_centre():
    plan = _two_homes().circuit("x1", "S", "K", "lp", group_id="G")
    plan.circuit("x2", "S", "J", "lq", group_id="G")
    answer, routes = _only_answer(plan)
    assert answer.is_apart
    assert (answer.level, routes) == ("diverse", [["p"], ["q"]])


def test_a_centre_that_the_other_route_must_pass_is_shared():
    """The duct from S to K is gone: both routes pass J, and one of them ends there."""
    plan = _two_homes().circuit("x1", "S", "K", "lp", group_id="G")
    plan.circuit("x2", "S", "J", "lq", group_id="G")
    plan.change("spans", "p", status="retired")
    answer, routes = _only_answer(plan)
    assert (answer.level, routes) == ("same_trench", [["q"], ["q", "r"]])


def test_two_centres_in_one_building_are_one_end():
    plan = _two_homes(building_id="B-K").circuit("x1", "S", "K", "lp", group_id="G")
    plan.circuit("x2", "S", "J", "lq", group_id="G")
    audit = plan.audit()
    found = find_achievable(audit, seconds=0)
    answers = found.answers["spans"][audit.network.places.ids.tolist().index("S")]
    assert [answer.is_apart for answer in answers] == [False, False]
    assert {answer.level for answer in answers} == {"diverse"}


def test_two_centres_can_be_required_of_a_circuit_that_has_them():
    """Without the rule both routes end at K, which is nearer by the short duct s."""
    plan = _two_homes().circuit("x1", "S", "K", "lp", b2_id="J")
    plan.structure("m").span("s", "S", "m", length_m=10.0).span("t", "m", "K", length_m=10.0)
    answer, routes = _only_answer(plan)
    assert (answer.level, routes) == ("diverse", [["p"], ["s", "t"]])
    answer, routes = _only_answer(plan, replace(load_rules(), require_two_centres=True))
    assert (answer.level, routes) == ("diverse", [["q"], ["s", "t"]])
