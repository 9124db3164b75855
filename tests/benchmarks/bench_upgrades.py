"""What ring protection costs: the integer program against what is done by hand, and NetworkX."""

from __future__ import annotations

import random
import time
from itertools import islice

import networkx as nx
import numpy as np

from netgraph.assessment.planning.run import UpgradeOptions, plan_upgrades
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns
from netgraph.scoring import load_scorecard, tiers_of_places
from netgraph.upgrades.greedy import pick_greedily
from netgraph.upgrades.portfolio import PortfolioProgram
from netgraph.upgrades.prices import load_prices
from netgraph.upgrades.protection import candidate_builds, plant_prices
from netgraph.upgrades.protection.drafting import build_model
from netgraph.upgrades.protection.duties import find_duties
from netgraph.upgrades.protection.heuristics import complete
from netgraph.upgrades.protection.solve import solve
from tests.benchmarks.table import Question, Timing, timed
from tests.upgrades.protection.small_problems import SmallProblem

_SITES = 300
_NODES, _CHORDS = 120, 600
_BUDGET_YUAN = 1_000_000.0


def questions(province):
    """Measure; the notes hold the costs, which are the point."""
    return [_protection(province), _tree(), _portfolio()]


def _protection(province):
    """The sites of the highest tiers on single routes; new cable in old ducts is paid for."""
    network, audit = province.network, province.audit
    tiers = tiers_of_places(audit, load_scorecard())
    single = {int(network.circuits.a[c]) for v in audit.verdicts if v.is_single for c in v.circuits}
    wanted = (place for place in sorted(single) if audit.rules.requires_diversity(tiers[place]))
    sites, prices = list(islice(wanted, _SITES)), plant_prices(load_prices())
    builds = candidate_builds(network, prices, sites)
    start = time.perf_counter()
    model = build_model(audit, province.spans, builds, sites, prices)
    duties, cost = find_duties(model.problem).duties, model.problem.cost_yuan
    found, preparing = [], time.perf_counter() - start
    seconds = timed(lambda: found.append(solve(duties, cost, seconds=300.0)))
    ours = found[0]
    nothing = np.zeros(len(cost), dtype=bool)
    shared, alone = nothing.copy(), nothing.copy()

    def by_hand() -> None:
        for demand in range(len(model.site)):
            mine = [duty for duty in duties if demand in duty.demands]
            shared[complete(mine, cost, shared)] = True
            alone[complete(mine, cost, nothing)] = True

    by_hand_seconds = timed(by_hand)
    state = "optimum" if ours.is_proven else f"within {ours.gap:.2%} of the optimum"
    n_options = len(np.unique(np.concatenate([duty.option for duty in duties])))
    note = (
        f"{ours.cost_yuan:,.0f} yuan, {state}; {len(duties):,} cuts and {n_options:,} options, "
        f"found in {preparing:.0f} s before"
    )
    return Question(
        f"ring protection of {len(sites)} single-route sites, new cable in old ducts charged",
        (
            Timing("netgraph", seconds, note),
            Timing("cheapest connection site by site, using what was built before",
                   by_hand_seconds / 2, _excess(cost[shared].sum(), ours.cost_yuan)),
            Timing("cheapest connection of each site by itself",
                   by_hand_seconds / 2, _excess(cost[alone].sum(), ours.cost_yuan)),
        ),
    )  # fmt: skip


def _tree() -> Question:
    """Every node of a random tree, spans only as risks: what NetworkX can answer as well."""
    drawn = random.Random(1)
    free = tuple((drawn.randrange(v), v) for v in range(1, _NODES))
    pairs = {tuple(sorted(drawn.sample(range(_NODES), 2))) for _ in range(_CHORDS)}
    options = tuple((u, v, float(drawn.randint(1, 100))) for u, v in sorted(pairs - set(free)))
    alone = tuple((frozenset({e}), frozenset()) for e in range(len(free)))
    demands = tuple((v, frozenset({0}), frozenset()) for v in range(1, _NODES))
    problem = SmallProblem(_NODES, free, options, demands, alone).problem()
    found = []

    def ours() -> None:
        found.append(solve(find_duties(problem).duties, problem.cost_yuan))

    graph = nx.Graph(free)
    weight = {(u, v): c for u, v, c in options}
    built = []

    def theirs() -> None:
        available = [(u, v, c) for u, v, c in options]
        built.append(list(nx.k_edge_augmentation(graph, 2, avail=available, weight="weight")))

    timings = (timed(ours), timed(theirs))
    cost = sum(weight.get((u, v), weight.get((v, u), 0.0)) for u, v in built[0])
    return Question(
        f"a second way for every node of a tree of {_NODES}, {len(options)} options, spans only",
        (
            Timing("netgraph", timings[0], f"cost {found[0].cost_yuan:,.0f}, optimum"),
            Timing("NetworkX k_edge_augmentation", timings[1],
                   _excess(cost, found[0].cost_yuan, unit="")),
        ),
    )  # fmt: skip


def _portfolio():
    """Works for the bank within a sum: the integer program against the list by value per cost."""
    options = UpgradeOptions(new_plant=False, re_homing=False, frontier_points=0)
    model = plan_upgrades(from_columns(example_columns("bank")), options).model
    program, chosen, picks = PortfolioProgram(model), [], []
    ours = timed(lambda: chosen.append(program.best_within(_BUDGET_YUAN)))
    greedy = timed(lambda: picks.extend(pick_greedily(model, _BUDGET_YUAN)))
    state = "optimum" if chosen[0].is_proven else f"within {chosen[0].gap:.2%} of the optimum"
    excess = picks[-1].benefit / chosen[0].benefit - 1
    return Question(
        f"works for {_BUDGET_YUAN:,.0f} yuan out of {len(model.costs):,} (bank)",
        (
            Timing("netgraph", ours, f"benefit {chosen[0].benefit:,.0f}, {state}"),
            Timing(
                "greedy list by value per cost", greedy,
                f"benefit {picks[-1].benefit:,.0f}, {excess:+.1%}",
            ),
        ),
    )  # fmt: skip


def _excess(cost: float, best: float, unit: str = " yuan") -> str:
    return f"{cost:,.0f}{unit}, {cost / best - 1:+.1%}"
