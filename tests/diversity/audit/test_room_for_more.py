"""What a route that is not all known may meet: nothing that it may is taken to be apart."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from open_routes import LOSSES, beyond_the_tolerance, ends_apart, office_in_between

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.levels import Level, Section
from netgraph.diversity.rules import load_rules
from netgraph.scoring import load_scorecard, score_sites

_LINE = ("LN1", "LN3", "LN4", "UP3")


def results(plan, site="S"):
    """Results of the items about the line."""
    network = plan.network()
    scores = score_sites(audit_routes(network, load_rules()), load_scorecard()).by_place
    items = scores[network.places.index.find(site)].items
    return {item: items[item].result.value for item in _LINE}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_record_of_one_route_leaves_open_what_it_may_share_and_gives_no_marks(loss):
    plan, circuit, lose, items = loss()
    before = plan.verdict(circuit)
    assert not before.plant_diverse
    assert {results(plan)[item] for item in items} == {"fail"}

    lose(plan)

    verdict = plan.verdict(circuit)
    assert verdict.level is Level.UNDECIDABLE
    assert verdict.plant_diverse is None
    assert verdict.physical_diverse is None
    assert set(verdict.section_plant.values()) == {None}
    assert set(verdict.section_levels.values()) == {Level.UNDECIDABLE}
    assert set(results(plan).values()) == {"unknown"}


def test_what_nothing_shares_near_or_far_is_still_diverse_beside_a_route_that_is_not_known():
    """Without the manhole that two routes pass near the site, the third decides nothing."""
    plan, circuit, lose, _ = beyond_the_tolerance()
    plan.span("e2", "S", "b", length_m=30.0)
    plan.rows["cable_spans"] = [row for row in plan.rows["cable_spans"] if row["cable_id"] != "p"]
    for seq, span in enumerate(("e2", "p2")):
        plan.add("cable_spans", cable_id="p", seq=seq, span_id=span)
    lose(plan)

    assert plan.verdict(circuit).level is Level.DIVERSE
    assert results(plan)["LN1"] == "pass"


def test_an_end_that_is_not_known_decides_nothing_where_the_others_end_apart_anyway():
    plan = ends_apart()
    (pair,) = (v for v in plan.audit().verdicts if len(v.circuits) > 1)
    assert (pair.level, pair.physical_diverse) == (Level.DIVERSE, True)

    plan.change("circuits", "X", b2_id=None)
    for table in ("links", "cables"):
        plan.change(table, "p", to_id="J")
    plan.change("spans", "p-2", to_id="J")
    (pair,) = (v for v in plan.audit().verdicts if len(v.circuits) > 1)
    assert (pair.level, pair.physical_diverse) == (Level.UNDECIDABLE, None)


@pytest.mark.parametrize("lose", [
    lambda plan: plan.rows["link_cables"].pop(),
    lambda plan: plan.change("offices", "O", building_id=None).change("links", "q", to_id="lost"),
])  # fmt: skip
def test_a_section_in_which_an_office_may_be_shared_is_not_called_diverse(lose):
    plan = office_in_between()
    assert plan.verdict().section_levels == {Section.ACCESS_A: Level.SAME_OFFICE}

    lose(plan)

    verdict = plan.verdict()
    assert verdict.level in {Level.SAME_OFFICE, Level.UNDECIDABLE}
    assert verdict.section_levels == {Section.ACCESS_A: verdict.level}
    assert verdict.section_plant == {Section.ACCESS_A: True}


def test_a_section_rests_on_radio_only_where_a_route_of_its_own_is_wireless():
    """Beyond O and P the routes of X share cable c, but no link, and none is wireless::

        S ~~ r ~~ O -- m == c == K
        S -- b -- P -- m

    Y of site T has a radio link between its offices: that is nothing to X.
    """
    plan = PlantBuilder().office("K").office("O").office("P").site("S").site("T")
    plan.structure("m", "cabinet").way("p", "S b P")
    plan.link("r", "S", "O", medium="radio")
    for name, a, b in (("c", "m", "K"), ("o", "O", "m"), ("q", "P", "m")):
        plan.span(name, a, b).cable(name, a, b, name)
    plan.link("w2", "O", "K", "o c").link("p2", "P", "K", "q c")
    plan.circuit("X", "S", "K", "r w2", "p p2", protection="path")
    alone = plan.verdict("X")
    plan.way("t", "T d O").way("v", "P f K").way("u", "T e K").link("r2", "O", "P", medium="radio")
    plan.circuit("Y", "T", "K", "t r2 v", "u", protection="path")

    verdict = plan.verdict("X")

    assert verdict.section_logical[Section.INTRA] is True
    assert verdict.section_plant[Section.INTRA] is False
    assert verdict.wireless_sections == alone.wireless_sections == {Section.ACCESS_A}
