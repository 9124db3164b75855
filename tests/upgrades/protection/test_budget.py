"""Plans within a budget against every subset of the options."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.upgrades.protection.budget import solve_budget
from netgraph.upgrades.protection.duties import find_duties
from tests.upgrades.protection.small_problems import small_problems


@settings(max_examples=50, deadline=None)
@given(small_problems(), st.integers(0, 20), st.lists(st.integers(0, 5), min_size=3, max_size=3))
def test_a_budget_buys_what_trying_all_subsets_buys(small, budget_yuan, weights):
    problem = small.problem()
    weight = [float(w) for w in weights[: len(small.demands)]]
    demands = np.arange(len(small.demands))
    duties = find_duties(problem).duties
    found = solve_budget(duties, problem.cost_yuan, demands, np.array(weight), float(budget_yuan))
    assert found.weight == pytest.approx(small.best_weight(weight, budget_yuan))
    assert found.weight_bound == pytest.approx(found.weight, abs=1e-5)
    assert found.plan.cost_yuan <= budget_yuan + 1e-6
    plan = frozenset(found.plan.chosen.tolist())
    for d, r in small.needed():
        assert not found.is_protected[d] or small.survives(plan, d, r)
