"""Two offices in one building that every way passes: by which door a route comes is its choice."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import permutations

import pytest
from builders import PlantBuilder, named

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.certificates import as_plain, certify
from netgraph.verify.run import Certificates


def building(names="pqrstu", **more):
    """Two offices in building H, each with two ducts from S and on to K or one; P feeds O1 only.

    ::

        S ==p,q== O1 ==s,t== K
        S ---r--- O2 ---u--- K      O1, O2 in H
    """
    plan = PlantBuilder().office("K").office("Z").site("S")
    plan.office("O1", building_id="H").office("O2", building_id="H")
    p, q, r, s, t, u = names
    for span, a, b in (
        (p, "S", "O1"), (q, "S", "O1"), (r, "S", "O2"),
        (s, "O1", "K"), (t, "O1", "K"), (u, "O2", "K"),
    ):  # fmt: skip
        length_m = more.get({r: "r", u: "u"}.get(span, ""), 1000.0)
        plan.span(span, a, b, length_m=length_m, trench_id=f"T-{span}")
        plan.cable(f"c{span}", a, b, span)
    plan.link("l", "S", "K", [f"c{p}", f"c{s}"]).circuit("x", "S", "K", "l", protection="none")
    return plan.risk("P", "offices:O1", "offices:Z", kind="power_feed")


def answers_of(plan):
    audit = plan.audit()
    found = find_achievable(audit, seconds=0)
    return audit, found, {name: answer for name, ((answer,),) in (
        (name, tuple(of_site.values())) for name, of_site in found.answers.items()
    )}  # fmt: skip


def held(plan, audit, lines):
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))
    return checker


@pytest.mark.parametrize("names", [*permutations("pqr")][::2])
def test_of_equally_long_ways_the_routes_take_two_doors_whatever_the_ids(names):
    plan = building((*names, *(name.upper() for name in names)))
    audit, found, answers = answers_of(plan)
    for answer in answers.values():
        assert named(audit, answer.shared) == {("building", "H")}
        assert (answer.level, answer.is_disjoint_otherwise) == ("same_office", True)
        assert named(audit, answer.unavoidable) == {("building", "H")}
        assert (answer.total_m, answer.is_shortest) == (4000.0, True)
    lines = [as_plain(line) for line in certify(audit, found)]
    assert held(plan, audit, lines).refused == []


def test_a_longer_way_to_another_door_shares_less():
    audit, _, answers = answers_of(building(r=1300.0))
    for answer in answers.values():
        assert named(audit, answer.shared) == {("building", "H")}
        assert (answer.level, answer.total_m) == ("same_office", 4300.0)


@pytest.mark.parametrize("names", [*permutations("pqr")][::3])
def test_three_routes_take_another_door_where_all_would_share_the_office(names):
    """Every two ducts from S share a zone: the group of three circuits needs all of them."""
    p, q, r = names
    plan = building((*names, *(name.upper() for name in names)), u=1300.0)
    plan.change("circuits", "x", group_id="G")
    for name in "yz":
        plan.circuit(name, "S", "K", "l", protection="none", group_id="G")
    for one, other in ((p, q), (q, r), (p, r)):
        plan.risk(f"zone {one}{other}", f"spans:{one}", f"spans:{other}")
    audit, found, answers = answers_of(plan)
    for answer in answers.values():
        assert len(answer.routes) == 3
        assert named(audit, answer.shared) == {("building", "H")}
        assert (answer.level, answer.is_disjoint_otherwise) == ("same_office", True)
    lines = [as_plain(line) for line in certify(audit, found)]
    assert held(plan, audit, lines).refused == []


def test_three_routes_are_searched_where_two_share_a_risk_group_behind_a_door():
    """Every two of the offices stand in one zone, and no zone holds all three of them.

    ::

          +--- P ---+
        S +--- Q ---+ K      P, Q, R in H; zones PQ, QR, PR
          +--- R ---+
    """
    plan = PlantBuilder().site("S").office("K")
    for door in "PQR":
        plan.office(door, building_id="H")
        for end, other in (("S", door), (door, "K")):
            plan.span(end + other, end, other, length_m=1000.0, trench_id=f"T-{end}{other}")
            plan.cable(f"c{end}{other}", end, other, end + other)
    for zone in ("PQ", "QR", "PR"):
        plan.risk(zone, *(f"offices:{door}" for door in zone))
    plan.link("l", "S", "K", ["cSP", "cPK"])
    for name in "xyz":
        plan.circuit(name, "S", "K", "l", protection="none", group_id="G")
    audit, found, answers = answers_of(plan)
    for answer in answers.values():
        assert len(answer.routes) == len(answer.routes_to) == 3
        assert named(audit, answer.shared) == {("building", "H")}
        assert (answer.level, answer.is_disjoint_otherwise) == ("same_office", True)
    lines = [as_plain(line) for line in certify(audit, found)]
    assert held(plan, audit, lines).refused == []


def test_where_all_ways_touch_the_office_it_is_unavoidable_with_its_risk_group():
    """The way to O2 ends there: whoever goes on to K has come by O1, or leaves by it."""
    plan = building()
    plan.rows["spans"].pop()
    plan.rows["cables"].pop()
    plan.rows["cable_spans"].pop()
    audit, found, answers = answers_of(plan)
    for answer in answers.values():
        assert (answer.level, answer.is_disjoint_otherwise) == ("same_risk_group", True)
        assert {("risk", "P"), ("building", "H")} <= named(audit, answer.shared)
    lines = [as_plain(line) for line in certify(audit, found)]
    assert held(plan, audit, lines).refused == []


def test_the_checker_refuses_that_a_pair_shares_nothing_else_if_another_door_is_open():
    plan = building()
    audit, found, _ = answers_of(plan)
    lines = [as_plain(line) for line in certify(audit, found)]
    line = next(line for line in lines if line.get("question") == "spans" and "claim" in line)
    by_one_door = {
        **line, "verdict": "same_risk_group",
        "routes": [{"passed": ["p", "s"]}, {"passed": ["q", "t"]}],
        "claim": {
            **line["claim"], "level": "same_risk_group",
            "shared": ["buildings:H", "offices:O1", "risk_groups:P"],
        },
    }  # fmt: skip
    parting = [one for one in lines if one["kind"] in {"way", "separating_risk"}]

    (reason,) = held(plan, audit, [*parting, by_one_door]).refused
    assert "does not part S from ('K',)" in reason
    by_one_door["claim"]["disjoint_otherwise"] = False
    assert held(plan, audit, [*parting, by_one_door]).refused == []
