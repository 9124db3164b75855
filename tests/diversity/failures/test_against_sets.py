"""Single and double failures against plain sets, on random inventories."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from random_plants import draw_plant

from netgraph.diversity.failures import (
    build_catalogue,
    find_double_failures,
    find_single_failures,
)
from netgraph.diversity.failures.owners import NO_TIER
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.rules import load_rules

from .failure_oracle import DOWN, UNPROTECTED, Oracle


def simulate(plan, **options):
    return find_single_failures(build_catalogue(plan.network(), load_rules(), **options))


def counts_of(oracle, risk):
    """What the oracle counts for one risk, in the order of `ours`."""
    states = oracle.fail(risk, buildings=risk.startswith("buildings:"))
    down = {name for name, (state, _) in states.items() if state == DOWN}
    tiers = [TIER_RANK.get(oracle.circuits[name].row.get("tier"), NO_TIER) for name in down]
    return (
        len(down),
        sum(state == UNPROTECTED for state, _ in states.values()),
        sum(maybe and state != DOWN for state, maybe in states.values()),
        len(oracle.sites_down(down)),
        len(oracle.customers_down(down)),
        min(tiers, default=None),
    )


def ours(singles, risk):
    number = singles.class_of_risk[risk]
    undecidable = int(singles.circuits_undecidable[risk])
    if number < 0:
        return 0, 0, undecidable, 0, 0, None
    rank = int(singles.tier_rank[number])
    return (
        int(singles.circuits_down[number]),
        int(singles.circuits_unprotected[number]),
        undecidable,
        int(singles.sites_down[number]),
        int(singles.customers_down[number]),
        rank if rank <= NO_TIER else None,
    )


@pytest.mark.parametrize("seed", range(40))
def test_every_single_failure_is_what_plain_sets_give(seed):
    plan = draw_plant(seed)
    oracle, singles = Oracle(plan.rows), simulate(plan)
    ids = singles.catalogue.ids.tolist()
    assert set(oracle.risks) <= set(ids)
    for number, name in enumerate(ids):
        if name in oracle.risks:
            assert ours(singles, number) == counts_of(oracle, name), name
        else:  # a risk group without members that exist
            assert singles.class_of_risk[number] < 0


@pytest.mark.parametrize("seed", range(30))
def test_every_double_failure_is_what_plain_sets_give(seed):
    plan = draw_plant(seed)
    oracle, singles = Oracle(plan.rows), simulate(plan)
    pairs = find_double_failures(singles, threshold=1)
    listed = {
        (int(first), int(second)): i
        for i, (first, second) in enumerate(zip(pairs.first, pairs.second, strict=True))
    }
    ids = singles.catalogue.ids.tolist()
    risk_of_class = dict(zip(singles.class_of_risk.tolist(), ids, strict=True))
    risk_of_class.pop(-1, None)
    alone = {number: oracle.down(name) for number, name in risk_of_class.items()}
    for g, h in combinations(sorted(risk_of_class), 2):
        down = oracle.down(risk_of_class[g], risk_of_class[h])
        extra = down - alone[g] - alone[h]
        found = listed.pop((g, h), None)
        if found is None:
            assert not extra, (risk_of_class[g], risk_of_class[h])
            continue
        assert (
            pairs.extra_circuits_down[found], pairs.circuits_down[found],
            pairs.sites_down[found], pairs.customers_down[found],
        ) == (
            len(extra), len(down), len(oracle.sites_down(down)), len(oracle.customers_down(down)),
        )  # fmt: skip
    assert not listed


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_a_threshold_lists_every_pair_that_reaches_it(seed):
    singles = simulate(draw_plant(seed))
    everything = find_double_failures(singles, threshold=1)
    few = find_double_failures(singles, listed=20)
    assert few.pairs_in_all == everything.pairs_in_all == len(everything)
    reach = everything.extra_circuits_down >= few.threshold
    assert sorted(zip(few.first, few.second, strict=True)) == sorted(
        zip(everything.first[reach], everything.second[reach], strict=True)
    )
    largest = (
        everything.extra_circuits_down == everything.extra_circuits_down.max(initial=0)
    ).sum()
    assert len(few) <= max(20, largest)


@pytest.mark.parametrize("seed", range(0, 40, 5))
def test_risks_of_one_class_take_down_the_same_circuits_and_others_do_not(seed):
    plan = draw_plant(seed)
    oracle, singles = Oracle(plan.rows), simulate(plan)
    effects = {}
    for number, name in enumerate(singles.catalogue.ids.tolist()):
        if name in oracle.risks and singles.class_of_risk[number] >= 0:
            failed = oracle.risks[name]
            hit = tuple(
                oracle.is_route_down(route, failed)
                for circuit in oracle.circuits.values()
                for segment in circuit.segments
                for route in segment
            )
            effects.setdefault(int(singles.class_of_risk[number]), set()).add(hit)
    assert all(len(found) == 1 for found in effects.values())


def test_the_worst_of_a_customer_takes_down_most_of_its_circuits():
    singles = simulate(draw_plant(6))
    owners = singles.owners
    classes = np.unique(singles.class_of_risk[singles.class_of_risk >= 0])
    risk = {c: int(np.flatnonzero(singles.class_of_risk == c)[0]) for c in classes.tolist()}
    for customer in range(len(owners.customer_ids)):
        mine = set(owners.of_customer.row(customer).tolist())
        hit = {c: len(mine & set(singles.find_down(r).tolist())) for c, r in risk.items()}
        worst = int(singles.worst_of_customer[customer])
        assert singles.most_of_customer[customer] == max(hit.values())
        assert hit[worst] == max(hit.values())
        assert singles.order[worst] == min(
            singles.order[c] for c, count in hit.items() if count == max(hit.values())
        )
