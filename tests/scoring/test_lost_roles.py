"""An office whose role is lost earns nothing: it may be any."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.scoring import load_scorecard, score_sites

ROLES = ("core", "aggregation", "access", "external")


@pytest.fixture
def plan():
    """The uplink W2 of one route and the backbone P3 of the other run in one trench T.

    ::

        A --W1-- O1 --W2-- G1 --W3-- K        O: access, G: aggregation, K: core
                      (T)
        A --P1-- O2 --P2-- G2 --P3-- K
                                (T)
    """
    plan = PlantBuilder().office("K").site("A")
    for n in "12":
        plan.office(f"O{n}", "access").office(f"G{n}", "aggregation", env_monitored=True)
    for name, n in (("W", "1"), ("P", "2")):
        plan.way(f"{name}1", f"A {name}a O{n}").way(f"{name}2", f"O{n} {name}b G{n}")
        plan.way(f"{name}3", f"G{n} {name}c K")
    plan.change("spans", "W2-1", trench_id="T").change("spans", "P3-1", trench_id="T")
    return plan.circuit("X", "A", "K", "W1 W2 W3", "P1 P2 P3", protection="path")


def results(plan):
    (score,) = score_sites(plan.audit(), load_scorecard()).by_place.values()
    return {name: found.result.value for name, found in score.items.items()}


def with_role(plan, office, role):
    return plan.copy().change("offices", office, role=role)


def test_an_item_that_fails_does_not_pass_once_a_role_is_lost(plan):
    assert results(plan)["LN3"] == "fail"
    assert results(with_role(plan, "G2", "access"))["LN3"] == "pass"
    found = results(with_role(plan, "G2", None))
    assert [found[item] for item in ("LN1", "LN3", "LN4", "UP3")] == ["unknown"] * 3 + ["fail"]


def test_a_backbone_that_nobody_may_know_of_is_asked_for(plan):
    """Less K and its links both routes end at G2; only G1 and the roles on the way tell a backbone.

    ::

        A --W1-- O1 --W2-- G1 --V-- G2
        A --P1-- O2 ------ P2 ----- G2
    """
    plan.way("V", "G1 v G2").circuit("Y", "A", "G2", "W1 W2 V", "P1 P2", protection="path")
    plan.rows["circuits"] = [row for row in plan.rows["circuits"] if row["id"] == "Y"]
    assert results(with_role(plan, "G1", "access"))["LN3"] == "not_applicable"
    assert results(with_role(plan, "G1", None))["LN3"] == "unknown"


def test_an_office_that_may_be_an_aggregation_office_is_to_be_monitored(plan):
    plan.change("offices", "G2", env_monitored=False)
    assert results(plan)["UP6"] == "fail"
    assert results(with_role(plan, "G2", None))["UP6"] == "unknown"


@pytest.mark.parametrize("office", ["O1", "G1", "O2", "G2", "K"])
def test_what_passes_without_a_role_passes_whatever_the_role(plan, office):
    found = results(with_role(plan, office, None))
    told = {name for name, result in found.items() if result in {"pass", "not_applicable"}}
    for role in ROLES:
        whole = results(with_role(plan, office, role))
        assert {name: whole[name] for name in told} == {name: found[name] for name in told}
