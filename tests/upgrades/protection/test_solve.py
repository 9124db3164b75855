"""The integer program against every subset of the options, on problems small enough for that."""

from __future__ import annotations

import math
import signal

import numpy as np
import pytest
from hypothesis import given, settings

from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.solve import solve
from netgraph.upgrades.stopping import heeding_interrupts
from tests.upgrades.protection.small_problems import SmallProblem, small_problems

TO_ZERO = frozenset({0})
NOTHING = frozenset()


def plan_of(small: SmallProblem):
    """Solve a small problem."""
    problem = small.problem()
    return solve(find_duties(problem).duties, problem.cost_yuan)


def tree(free, options, sources, n_nodes, risks=()) -> SmallProblem:
    """A problem with node 0 as the centre in which every node and edge is a risk."""
    demands = tuple((s, TO_ZERO, NOTHING) for s in sources)
    return SmallProblem(n_nodes, free, options, demands, risks).with_single_risks()


@settings(max_examples=120, deadline=None)
@given(small_problems())
def test_the_program_finds_what_trying_all_subsets_finds(small):
    solution = plan_of(small)
    assert solution.is_proven
    assert solution.cost_yuan == pytest.approx(small.optimum_yuan(), abs=1e-6)
    assert small.is_feasible(frozenset(solution.chosen.tolist()))


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_without_time_the_plan_is_feasible_and_the_bound_holds(small):
    problem = small.problem()
    solution = solve(find_duties(problem).duties, problem.cost_yuan, seconds=0.0)
    optimum = small.optimum_yuan()
    assert small.is_feasible(frozenset(solution.chosen.tolist()))
    assert solution.lower_bound_yuan <= optimum + 1e-6 <= solution.cost_yuan + 2e-6


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_what_cannot_be_avoided_is_what_no_subset_avoids(small):
    duties = find_duties(small.problem())
    unavoidable = {(d, r) for d, row in duties.unavoidable.items() for r in row}
    every = frozenset(range(len(small.edges)))
    for d in range(len(small.demands)):
        is_connected = small.survives(frozenset(), d, None)
        assert is_connected == (d not in duties.unconnected)
        for r in range(len(small.risks)):
            if is_connected:
                assert ((d, r) in unavoidable) == (not small.survives(every, d, r))


def test_a_bow_tie_needs_a_way_around_its_knot():
    r"""Two-edge-connected, yet node 2 cuts 3 and 4 off: an option must pass it.

        0---1          options: 3-1 for 5, 3-2 for 1
         \ /
          2            the cheap one ends at the knot
         / \
        3---4
    """
    free = ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 2))
    solution = plan_of(tree(free, ((3, 1, 5.0), (3, 2, 1.0)), (4,), 5))
    assert solution.chosen.tolist() == [6]
    assert solution.cost_yuan == 5.0


def test_two_trees_on_one_node_do_not_protect_each_other():
    """Both hang on node 2; joining them (4-6 for 1) leaves both behind node 2.

    0 === 1 === 2 (ring with 0)      2---3---4      2---5---6
    options: 4-6 for 1, 4-1 for 7, 6-1 for 8
    """
    free = ((0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (2, 5), (5, 6))
    options = ((4, 6, 1.0), (4, 1, 7.0), (6, 1, 8.0))
    solution = plan_of(tree(free, options, (4, 6), 7))
    assert solution.cost_yuan == 8.0
    assert set(solution.chosen.tolist()) == {7, 8}


def test_a_second_way_to_the_same_core_node_is_no_protection():
    """Node 1 of the core stays a single point with option 2-1; only 2-3 leaves it.

    0 --- 1 --- 2 (site)      0 --- 3 --- 1 closes the core
    """
    free = ((0, 1), (0, 3), (3, 1), (1, 2))
    solution = plan_of(tree(free, ((2, 1, 1.0), (2, 3, 6.0)), (2,), 4))
    assert solution.chosen.tolist() == [5]


def test_an_option_that_crosses_the_risk_it_should_survive_does_not_count():
    """A flood zone holds span 0 and option 2-0 for 1; 2-3-0 for 4 + 4 stays dry.

    0 --- 1 --- 2 (site)
    """
    options = ((2, 0, 1.0), (2, 3, 4.0), (3, 0, 4.0))
    flood = (frozenset({0, 2}), NOTHING)
    solution = plan_of(tree(((0, 1), (1, 2)), options, (2,), 4, risks=(flood,)))
    assert solution.cost_yuan == 8.0
    assert set(solution.chosen.tolist()) == {3, 4}


def test_a_risk_that_holds_two_edges_of_the_tree_is_survived_as_one():
    """A bridge carries spans 1-2 and 3-4: joining 2 and 4 does not survive it.

    0 --- 1 ==bridge== 2 (site)
    0 --- 3 ==bridge== 4 (site)      options: 2-4 for 3, 2-0 for 5, 4-0 for 5
    """
    free = ((0, 1), (1, 2), (0, 3), (3, 4))
    options = ((2, 4, 3.0), (2, 0, 5.0), (4, 0, 5.0))
    bridge = (frozenset({1, 3}), NOTHING)
    assert plan_of(tree(free, options, (2, 4), 5)).cost_yuan == 3.0
    # With the bridge: one goes to the centre, the other follows over it.
    assert plan_of(tree(free, options, (2, 4), 5, risks=(bridge,))).cost_yuan == 8.0


def test_jumping_out_of_the_subtree_is_not_needed_to_pass_its_root():
    """Joining the children (1) and one of them to the root (10) passes node 1: 11, not 20.

    0 --- 1 --- 2 (site)      options: 2-3 for 1, 2-0 for 10, 3-0 for 10
           `--- 3 (site)
    """
    free = ((0, 1), (1, 2), (1, 3))
    options = ((2, 3, 1.0), (2, 0, 10.0), (3, 0, 10.0))
    assert plan_of(tree(free, options, (2, 3), 4)).cost_yuan == 11.0


def test_a_request_to_stop_keeps_the_best_plan():
    free = ((0, 1), (1, 2), (1, 3))
    options = ((2, 3, 1.0), (2, 0, 10.0), (3, 0, 10.0))
    problem = tree(free, options, (2, 3), 4).problem()

    def interrupt(step, _cost, _bound):
        if step == "first plan":
            signal.raise_signal(signal.SIGINT)

    duties = find_duties(problem).duties
    with heeding_interrupts():
        solution = solve(duties, problem.cost_yuan, progress=interrupt)
    assert math.isfinite(solution.cost_yuan)
    assert not solution.is_proven
    assert solution.lower_bound_yuan == 0.0
    assert np.isin([3, 4], solution.chosen).any()
