"""What groups of circuits could have where the entry tolerance forgives some of what they share."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from achievable_oracle import PlantOfSite
from builders import PlantBuilder, named
from joint_oracle import JointOracle, draw_close_group

from netgraph.diversity.achievable.demands import find_joint_demands
from netgraph.diversity.achievable.find import UNPROVEN, find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.rules import load_rules
from netgraph.verify.run import Certificates

OPEN = {UNPROVEN, "undecidable"}


def answers_of_groups(plan, rules):
    """Every answer to a group's demand with its layer and the demand; the checker accepts all."""
    audit = plan.audit(rules)
    found = find_achievable(audit, seconds=0)
    checker = Certificates(plan.inventory(), asdict(rules))
    for number, line in enumerate(certify(audit, found), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.refused == []
    for name, of_site in found.answers.items():
        for demand in find_joint_demands(audit, set(of_site)):
            answers = {
                answer.routes_to: answer for answer in of_site[demand.site]
                if (answer.b_ends, answer.parted) == (demand.b_ends, demand.parted)
            }  # fmt: skip
            answer = answers.get(demand.routes_to) or answers[()]
            yield audit, found.layers[name], demand, answer


def compared(seeds, tolerance_m):
    """Answers to groups with the cost of their routes and the least cost of any choice."""
    for seed in seeds:
        plan = draw_close_group(seed)
        rules = replace(
            load_rules(), entry_tolerance_m=tolerance_m, require_two_centres=seed % 7 == 0
        )
        for audit, layer, demand, answer in answers_of_groups(plan, rules):
            oracle = JointOracle(
                plan, audit, layer, demand.site, demand.b_ends, is_apart=bool(demand.parted)
            )
            best = oracle.best_of(demand.routes_to, demand.parted)
            if best is not None and answer.is_connected:
                about = seed, layer.name, answer.level, best
                yield about, answer, oracle.cost(*oracle.routes_of(answer.routes)), best


@pytest.mark.parametrize(("first", "tolerance_m"), [(0, 50.0), (10, 50.0), (20, 20.0), (30, 0.0)])
def test_no_choice_of_routes_shares_less_than_is_called_the_least(first, tolerance_m):
    n_compared = n_joint = n_open = 0
    for about, answer, cost, best in compared(range(first, first + 10), tolerance_m):
        assert (*answer.shared, *answer.possible) == cost[2], about
        if answer.is_disjoint_otherwise is not None:
            assert cost[0] == best[0], about
        if answer.level not in OPEN:
            assert (answer.level == "diverse") == (best[0] == 0), about
        n_compared += 1
        n_joint += bool(answer.routes_to)
        n_open += answer.level == UNPROVEN
    assert n_compared >= 10
    assert n_joint >= 1
    assert n_open == 0


def test_plain_sets_tell_the_same_of_groups_near_their_site():
    """Over the raw rows, no line of the product used."""
    n_compared = 0
    for seed in range(40, 50):
        plan, rules = draw_close_group(seed), load_rules()
        for audit, layer, demand, answer in answers_of_groups(plan, rules):
            ids = audit.network.places.ids
            oracle = PlantOfSite(plan.rows, layer.name, "S")
            ends, parted = ([str(ids[x]) for x in some] for some in (demand.b_ends, demand.parted))
            routes_to = [[str(ids[x]) for x in to] for to in demand.routes_to]
            every = oracle.joint(ends, parted, routes_to)
            if every is None or not answer.is_connected or answer.level in OPEN:
                continue
            about = seed, layer.name, answer.level
            assert (answer.level == "diverse") == any(not shared for shared in every), about
            if answer.routes_to:
                assert named(audit, answer.shared) in every, about
            n_compared += 1
    assert n_compared > 5


def test_three_routes_that_overlap_two_by_two_all_come_straight_to_a_manhole():
    """Sharing p and m is tolerated; beyond m two of them share a zone, and all three share none.

    ::

        S --p-- m (10 m)         m --- a --- K    zone ab: a, b
        S ----- n ----- m        m --- b --- K    zone bc: b, c
        400 m: m is beyond       m --- c --- K    zone ac: a, c
    """
    plan = PlantBuilder().office("K").site("S").structure("m", "cabinet")
    plan.span("p", "S", "m", length_m=10.0)
    plan.cable("p", "S", "m", "p")
    plan.way("q", "S n m", 200.0)
    for name in "abc":
        plan.way(name, f"m {name} K")
    for zone in ("ab", "bc", "ac"):
        plan.risk(zone, *(f"structures:{point}" for point in zone))
    plan.link("lp", "S", "m", ["p"])
    for name in "abc":
        plan.circuit(f"x{name}", "S", "K", ["lp", name], group_id="G", protection="none")
    told = {
        layer.name: (answer.level, len(answer.routes))
        for _, layer, _, answer in answers_of_groups(plan, load_rules())
    }
    assert told["spans"] == ("diverse", 3)
    assert told["cables"][0] == "same_structure"  # a cable is never tolerated: they go round
