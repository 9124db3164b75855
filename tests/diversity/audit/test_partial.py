"""Inventories that lack tables, rows or known ids run through, and nothing in them is diverse."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from random_plants import draw_plant

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.positions import locate_shared
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.causes import gather_causes
from netgraph.diversity.hazards import find_hazards
from netgraph.diversity.levels import PASSING, Level
from netgraph.scoring import load_scorecard, score_sites, tiers_of_places

TABLES = (
    "offices", "rooms", "sites", "structures", "spans", "cables", "cable_spans", "systems",
    "equipment", "links", "link_cables", "link_links", "circuits", "circuit_links", "risk_groups",
    "risk_members", "records",
)  # fmt: skip


def everything(plan):
    """Run all that follows the reading; return the audit and the scores."""
    audit = plan.audit()
    located = [locate_shared(audit, verdict) for verdict in audit.verdicts]
    tiers = tiers_of_places(audit, load_scorecard())
    gather_causes(audit, find_hazards(audit, zip(audit.verdicts, located, strict=True), tiers))
    for verdict, found in zip(audit.verdicts, located, strict=True):
        reason_for(audit, verdict, found, "en")
    find_achievable(audit, seconds=0.2)
    scores = score_sites(audit, load_scorecard())
    audit.network.to_networkx()
    return audit, scores


@pytest.fixture(scope="module")
def crowded():
    """A random plant with a ring, rooms, records and a risk group: some row in every table."""
    plan = draw_plant(2)
    plan.add("systems", id="R", kind="ring").record("S1", "CE2", "true")
    return plan


@pytest.mark.parametrize("lost", TABLES)
def test_without_any_one_table_the_rest_is_judged(crowded, lost):
    plan = crowded.copy()
    plan.rows[lost] = []
    audit, _ = everything(plan)
    needed = {"offices", "sites", "structures", "spans", "cables", "cable_spans", "links",
              "link_cables", "circuit_links", "equipment"}  # fmt: skip
    if lost in needed - {"equipment"}:
        assert not any(v.level in PASSING for v in audit.verdicts)


@pytest.mark.parametrize("kept", ["sites", "offices", "spans", "links", "circuits", "records"])
def test_one_table_alone_is_an_inventory_too(crowded, kept):
    plan = PlantBuilder()
    plan.rows[kept] = crowded.rows[kept]
    audit, scores = everything(plan)
    assert not any(v.level in PASSING for v in audit.verdicts)
    assert not any(score.grade == "excellent" for score in scores.by_place.values())


def test_an_empty_inventory_has_no_verdicts():
    audit, scores = everything(PlantBuilder())
    assert audit.verdicts == ()
    assert not scores.by_place


@pytest.mark.parametrize(
    "column",
    [
        "from_id",
        "to_id",
        "span_id",
        "cable_id",
        "link_id",
        "a_id",
        "b_id",
        "location_id",
        "carrier_id",
    ],
)
@pytest.mark.parametrize("value", ["nobody-knows", ""])
def test_ids_that_nobody_knows_prove_nothing(crowded, column, value):
    plan = crowded.copy()
    for rows in plan.rows.values():
        for row in rows:
            if column in row:
                row[column] = value
    audit, _ = everything(plan)
    if column != "carrier_id":
        assert not any(v.level in PASSING for v in audit.verdicts)


def test_every_order_lost_or_everything_first_is_still_read(crowded):
    for seq in (None, 1):
        plan = crowded.copy()
        for rows in plan.rows.values():
            for row in rows:
                if "seq" in row:
                    row["seq"] = seq
        everything(plan)


def test_a_circuit_from_office_to_office_is_judged():
    plan = PlantBuilder().office("A").office("K").way("W", "A w1 K").way("P", "A p1 K")
    plan.site("S").circuit("X", "A", "K", "W", "P")
    audit, scores = everything(plan)
    assert audit.of_circuit(0).level is Level.DIVERSE
    assert not scores.by_place  # an office is no site


def test_a_site_in_the_building_of_its_centre_needs_no_plant():
    plan = PlantBuilder().office("K", building_id="H").site("A", building_id="H")
    plan.span("s", "A", "K").cable("C", "A", "K", "s").link("L", "A", "K", "C")
    everything(plan.circuit("X", "A", "K", "L"))


def test_one_id_for_a_site_and_an_office_is_guessed_for_neither():
    """Id A names site and office: what both routes meet there may be the office."""
    plan = PlantBuilder().office("K").office("A").site("A").way("W", "A w1 K").way("P", "A p1 K")
    audit, _ = everything(plan.circuit("X", "A", "K", "W", "P"))
    assert audit.of_circuit(0).level not in PASSING


def test_one_id_for_a_device_and_an_office_is_guessed_for_neither(lozenge):
    lozenge.office("O").device("K", "O")
    audit, _ = everything(lozenge)
    assert audit.of_circuit(0).level not in PASSING


def test_geometry_that_no_span_of_a_route_has_is_no_survey(lozenge):
    assert everything(lozenge)[0].of_circuit(0).confidence == "by_records"


def test_a_span_from_a_point_to_itself_adds_nothing(lozenge):
    lozenge.span("loop", "w1", "w1").rows["cable_spans"][1]["seq"] = 3
    lozenge.rows["cable_spans"][2]["seq"] = 4
    lozenge.add("cable_spans", cable_id="W", seq=2, span_id="loop")
    assert everything(lozenge)[0].of_circuit(0).level is Level.DIVERSE
