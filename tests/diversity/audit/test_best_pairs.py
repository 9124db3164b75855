"""The pair that is called the best, against every two routes of small random networks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from best_pair_oracle import Oracle, draw_small

from netgraph.diversity.achievable.find import UNPROVEN, find_achievable
from netgraph.diversity.rules import load_rules


def compared(seed, rules=None):
    """Every answer of a random network with its cost and the least cost of any two routes."""
    plan = draw_small(seed)
    audit = plan.audit(rules)
    found = find_achievable(audit, seconds=0)
    for name, answers in found.answers.items():
        for place, demands in answers.items():
            for answer in demands:
                oracle = Oracle(plan, audit, found.layers[name], place, answer.b_ends)
                best = oracle.best()
                if best is not None:
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
