"""Circuits that back each other up and end at different centres: one route to each, kept apart."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from workshop import PRICES

import netgraph as ng
from netgraph.upgrades.action import Kind

OPTIONS = ng.Options(search_seconds=0)


def two_centres(**second: object) -> PlantBuilder:
    """Circuits X to K and Y to L form group G; both run through M1 and N today.

    S --- M1 --- N --- K
     `--- M2 ----`--- L        the cable q runs over M2 straight to L, and has spare cores
    """
    plan = PlantBuilder().office("K").office("L").office("N", "access").site("S")
    plan.way("s", "S M1 N").way("k", "N MK K").way("l", "N ML L")
    for name, ends in (("q-1", ("S", "M2")), ("q-2", ("M2", "L"))):
        plan.structure("M2") if not plan.has("structures", "M2") else None
        plan.span(name, *ends)
    plan.cable("q", "S", "L", "q-1 q-2", **second)
    plan.circuit("X", "S", "K", "s k", group_id="G", protection="none")
    return plan.circuit("Y", "S", "L", "s l", group_id="G", protection="none")


def plan_for(builder: PlantBuilder, **more: object):
    options = {"prices": PRICES, "assessment": OPTIONS, "frontier_points": 0, **more}
    return ng.plan_upgrades(builder.inventory(), ng.UpgradeOptions(**options))


def test_one_circuit_moves_and_the_other_stays():
    plan = plan_for(two_centres())

    (work,) = [a for a in plan.proposed.actions if a.routed_sites]
    assert work.kind is Kind.RE_PATCH
    assert work.evidence == ("circuits:Y",)
    assert {row.value for row in work.removals} == {"Y"}
    assert plan.mismatches == ()
    (site,) = plan.sites.itertuples()
    assert (site.level_before, site.level_after) == ("same_link", "diverse")


def test_without_spare_cores_a_new_cable_is_laid():
    plan = plan_for(two_centres(cores_used=24))

    assert {a.kind for a in plan.proposed.actions if a.routed_sites} == {Kind.NEW_CABLE}
    assert list(plan.sites["level_after"]) == ["diverse"]


def test_new_plant_serves_both_circuits_where_today_has_no_second_way():
    """Without the way over M2 a corridor from S to L is built."""
    plan = two_centres()
    for table, column in (("spans", "id"), ("cable_spans", "span_id"), ("cables", "id")):
        plan.rows[table] = [row for row in plan.rows[table] if not row[column].startswith("q")]
    plan.add("corridors", id="R", from_id="S", to_id="L", medium="duct", length_m=700.0)

    found = plan_for(plan)

    assert Kind.NEW_PLANT in {a.kind for a in found.proposed.actions if a.routed_sites}
    assert found.mismatches == ()
    assert list(found.sites["level_after"]) == ["diverse"]


@pytest.mark.parametrize("spare", [4, 24])
def test_circuits_of_their_own_to_two_centres_get_two_routes_each(spare):
    """No group: each circuit needs two routes to its own centre, which one work draws up."""
    plan = two_centres(cores_used=spare)
    for row in plan.rows["circuits"]:
        del row["group_id"]
    plan.span("m", "M2", "K")
    plan.cable("r", "S", "K", ["q-1", "m"]) if spare == 4 else None

    found = plan_for(plan)

    works = [a for a in found.proposed.actions if a.routed_sites]
    assert {row for a in works for row in a.evidence} == {"circuits:X", "circuits:Y"}
    assert found.mismatches == ()
    assert set(found.sites["level_after"]) == {"diverse"}
