"""Figures that can be worked out on paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from builders import PlantBuilder

from netgraph.diversity.availability import find_availability, load_rates
from netgraph.diversity.availability.structure import AUTOMATIC, BY_HAND, NO_ROUTE

HOURS = 8760.0


def down(*per_year, repair_h=4.0):
    """Share of time that a series of components is down."""
    return 1 - np.prod([1 / (1 + rate * repair_h / HOURS) for rate in per_year])


def faults_a_year(plan, rates):
    return 12 * find_availability(plan.audit(), rates).units.faults_month[0]


def test_a_single_route_is_the_series_of_its_spans(lozenge, only, outage):
    lozenge.change("circuits", "X", protection="none")
    lozenge.rows["circuit_links"] = lozenge.rows["circuit_links"][:1]
    rates = only(km=2.0)

    assert outage(lozenge, rates) == pytest.approx(down(1, 1, 1))
    assert faults_a_year(lozenge, rates) == pytest.approx(3 * (1 - down(1, 1, 1)))


def test_two_routes_without_common_parts_are_down_when_both_are(lozenge, only, outage):
    w = down(1, 1, 1)

    assert outage(lozenge, only(km=2.0)) == pytest.approx(w * w)
    # The failure of one while the other is down.
    assert faults_a_year(lozenge, only(km=2.0)) == pytest.approx(2 * 3 * (1 - w) * w)


def test_a_common_trench_stands_in_series_and_counts_once(lozenge, only, outage):
    lozenge.change("spans", "W-2", trench_id="T").change("spans", "P-2", trench_id="T")
    rest = down(1, 1)

    assert outage(lozenge, only(km=2.0)) == pytest.approx(1 - (1 - down(1)) * (1 - rest**2))


def test_a_trench_is_as_long_as_its_longest_span(lozenge, only, outage):
    lozenge.change("spans", "W-2", trench_id="T")
    lozenge.change("spans", "P-2", trench_id="T", length_m=1000.0)
    rest = down(1, 1)

    assert outage(lozenge, only(km=2.0)) == pytest.approx(1 - (1 - down(2)) * (1 - rest**2))


def test_cables_in_one_duct_add_nothing_of_their_own(lozenge, only, outage):
    """The protect cable runs through the working route's duct W-2."""
    for row in lozenge.rows["cable_spans"]:
        if row["span_id"] == "P-2":
            row["span_id"] = "W-2"
    lozenge.change("spans", "P-1", to_id="w1", trench_id="T1")
    lozenge.change("spans", "P-3", from_id="w2", trench_id="T3")
    lozenge.change("spans", "W-1", trench_id="T-1").change("spans", "W-3", trench_id="T-3")
    rest = down(1, 1)

    assert outage(lozenge, only(km=2.0)) == pytest.approx(1 - (1 - down(1)) * (1 - rest**2))


def test_spans_that_nothing_shows_to_lie_apart_fail_together(lozenge, only, outage):
    """W-2 and P-2 run between the same two manholes; the shorter of the two is shared."""
    lozenge.change("spans", "P-1", to_id="w1", trench_id="T1")
    lozenge.change("spans", "P-3", from_id="w2", trench_id="T3")
    lozenge.change("spans", "W-1", trench_id="T-1").change("spans", "W-3", trench_id="T-3")
    lozenge.change("spans", "P-2", from_id="w1", to_id="w2", length_m=300.0)
    shared, w_rest, p_rest = down(0.6), down(1, 0.4, 1), down(1, 1)

    assert outage(lozenge, only(km=2.0)) == pytest.approx(1 - (1 - shared) * (1 - w_rest * p_rest))


def test_manholes_devices_and_buildings_have_rates_of_their_own(lozenge, only, outage):
    lozenge.change("circuits", "X", protection="none")
    lozenge.rows["circuit_links"] = lozenge.rows["circuit_links"][:1]

    assert outage(lozenge, only(structure=0.5)) == pytest.approx(down(0.5, 0.5))  # w1 w2
    assert outage(lozenge, only(building=0.5)) == pytest.approx(down(0.5))  # K
    assert outage(lozenge, only(site=0.5)) == pytest.approx(down(0.5))  # A
    # No network element is recorded at the ends of the link: one at each is assumed.
    assert outage(lozenge, only(device=0.5)) == pytest.approx(down(0.5, 0.5))


def test_a_device_in_hot_standby_has_a_rate_of_its_own(lozenge, only, outage):
    lozenge.device("N", "A", hot_standby=True, protection_switching=True)
    lozenge.device("M", "K", protection_switching=True)
    for link in ("W", "P"):
        lozenge.change("links", link, from_id="N", to_id="M")

    assert outage(lozenge, only(device=0.5, device_hot_standby=0.1)) == pytest.approx(
        down(0.5, 0.1)
    )


def test_a_risk_group_counts_once_however_many_members_are_met(lozenge, only, outage):
    lozenge.risk("flood", "spans:W-1", "spans:W-2", "spans:P-3")

    assert outage(lozenge, only(risk=0.5)) == pytest.approx(down(0.5))


def test_a_hazard_area_fails_at_the_rate_of_its_kind_and_without_one_is_not_counted(
    lozenge, only, outage
):
    """Ids that begin with hazard- are those of areas; other groups of the kind are no areas."""
    lozenge.risk("hazard-Q100", "spans:W-1", "spans:P-3", kind="flood")
    quiet, floods = only(risk=0.5), replace(only(risk=0.5), per_hazard_year={"flood": 0.2})

    assert outage(lozenge, quiet) == 0.0
    assert outage(lozenge, floods) == pytest.approx(down(0.2))
    assert outage(lozenge, replace(floods, per_hazard_year={"seismic": 0.2})) == 0.0


def test_what_may_lie_in_an_area_that_fails_leaves_the_figure_empty(lozenge, only):
    lozenge.risk("hazard-Q100", "spans:W-1", kind="flood")
    lozenge.add(
        "risk_members", risk_id="hazard-Q100", table="spans", element_id="P-3",
        membership="possible",
    )  # fmt: skip
    audit = lozenge.audit()
    floods = replace(only(), per_hazard_year={"flood": 0.2})

    assert find_availability(audit, only()).units.minutes_year.tolist() == [0.0]
    found = find_availability(audit, floods).units
    assert np.isnan(found.minutes_year[0])
    assert "risk group" in found.missing[0][0]


def test_switching_by_hand_adds_the_first_hour_of_each_fault(lozenge, only, outage):
    for link in ("W", "P"):
        lozenge.change("links", link, protection=None)
    w = down(1, 1, 1)
    x = 1 * 1 / HOURS  # one failure a year for one hour
    first = 1 - (1 - x / (1 + 4 / HOURS)) ** 3

    assert outage(lozenge, only(km=2.0)) == pytest.approx(first + (w - first) * w, rel=1e-9)


def test_switching_by_hand_never_takes_longer_than_the_repair(lozenge, only, outage):
    for link in ("W", "P"):
        lozenge.change("links", link, protection=None)

    assert outage(lozenge, only(km=2.0, manual_switch_h=9.0)) == pytest.approx(down(1, 1, 1))


def test_a_fault_of_the_working_route_is_a_fault_when_somebody_has_to_switch(lozenge, only):
    lozenge.change("links", "W", protection=None)
    w = down(1, 1, 1)

    assert faults_a_year(lozenge, only(km=2.0)) == pytest.approx(3.0, rel=4 * w)


def test_segments_stand_in_series(staged, only, outage):
    pair = down(1, 1) ** 2

    assert outage(staged, only(km=2.0)) == pytest.approx(1 - (1 - pair) * (1 - down(1, 1)))


def test_what_both_segments_meet_in_counts_once(staged, only, outage):
    # The office J: its own device (assumed), and A's and K's.
    assert outage(staged, only(device=0.5)) == pytest.approx(down(0.5, 0.5, 0.5))
    assert outage(staged, only(building=0.5)) == pytest.approx(down(0.5, 0.5))


def test_a_group_is_down_when_all_of_its_circuits_are(lozenge, only):
    """X takes one way, Y the other, neither is protected by itself."""
    lozenge.rows["circuit_links"] = []
    lozenge.change("circuits", "X", protection="none", group_id="G").route("X", "working", "W")
    lozenge.circuit("Y", "A", "K", "P", protection="none", group_id="G")
    found = find_availability(lozenge.audit(), only(km=2.0))
    w = down(1, 1, 1)

    assert found.units.minutes_year[:3] / 525_600 == pytest.approx([w, w, w * w])
    assert found.sites.minutes_year / 525_600 == pytest.approx([w * w])


def test_a_site_is_down_when_one_of_its_groups_is(lozenge, only):
    lozenge.rows["circuit_links"] = []
    lozenge.change("circuits", "X", protection="none").route("X", "working", "W")
    lozenge.circuit("Y", "A", "K", "P", protection="none")
    lozenge.circuit("Z", "A", "K", "P", protection="none")
    found = find_availability(lozenge.audit(), only(km=2.0))
    w = down(1, 1, 1)

    assert found.sites.minutes_year / 525_600 == pytest.approx([1 - (1 - w) ** 2])
    assert not found.sites.is_bound.any()


def test_two_legs_of_a_link_back_each_other_up_if_the_link_says_so(only, outage):
    r"""Circuit X over one link with two cables.

          w
         / \
        A   K
         \ /
          p
    """
    plan = PlantBuilder().office("K").site("A").structure("w").structure("p")
    for way in "wp":
        plan.span(f"{way}1", "A", way).span(f"{way}2", way, "K")
        plan.cable(way, "A", "K", f"{way}1 {way}2")
    plan.link("L", "A", "K", "w", protect="p", protection="msp_1p1")
    plan.circuit("X", "A", "K", "L", protection="none")
    leg = down(1, 1)

    assert outage(plan, only(km=2.0)) == pytest.approx(leg**2)
    plan.change("links", "L", protection=None)
    assert outage(plan, only(km=2.0)) == pytest.approx(leg)


def test_a_wireless_hop_has_the_rate_of_its_medium(lozenge, only, outage):
    lozenge.link("R", "A", "K", medium="radio", protection="sncp")
    lozenge.rows["circuit_links"][-1]["link_id"] = "R"

    assert outage(lozenge, only(km=2.0, radio=0.5)) == pytest.approx(down(1, 1, 1) * down(0.5))


def test_repair_takes_what_the_tier_and_the_section_say_unless_the_circuit_knows(
    lozenge, only, outage
):
    lozenge.rows["circuit_links"] = lozenge.rows["circuit_links"][:1]
    lozenge.change("circuits", "X", protection="none", tier="silver")
    rates = only(km=2.0)
    hours = dict.fromkeys(rates.repair_h["silver"], 4.0)
    rates = replace(rates, repair_h={**rates.repair_h, "silver": {**hours, "access": 8.0}})

    assert outage(lozenge, rates) == pytest.approx(down(1, 1, 1, repair_h=8))
    lozenge.change("links", "W", section="uplink")
    assert outage(lozenge, rates) == pytest.approx(down(1, 1, 1, repair_h=4))
    lozenge.change("circuits", "X", repair_limit_h=12.0)
    assert outage(lozenge, rates) == pytest.approx(down(1, 1, 1, repair_h=12))


def test_the_backbone_has_its_own_rate(lozenge, only, outage):
    rates = only(km=2.0)
    rates = replace(rates, backbone_per_km_year=dict.fromkeys(rates.backbone_per_km_year, 1.0))
    for link in ("W", "P"):
        lozenge.change("links", link, section="intra_province")
    w = down(0.5, 0.5, 0.5)

    assert outage(lozenge, rates) == pytest.approx(w * w)


def test_a_straight_line_is_stretched_or_has_no_figure(lozenge, only):
    rates = only(km=2.0)
    lozenge.change("spans", "W-1", length_m=None)
    audit = lozenge.audit()
    found = find_availability(audit, rates)
    metres = audit.network.spans.length_m[0] * rates.straight_line_factor
    w, p = down(2 * metres / 1000, 1, 1), down(1, 1, 1)

    assert found.units.minutes_year[0] / 525_600 == pytest.approx(w * p)
    assert found.units.is_length_assumed.all()
    strict = find_availability(audit, replace(rates, straight_line_factor=0.0))
    assert np.isnan(strict.units.minutes_year[0])
    assert "length_m" in strict.units.missing[0][0]


def test_rates_of_zero_give_no_outage_and_no_fault(lozenge, only):
    found = find_availability(lozenge.audit(), only())

    assert found.units.minutes_year.tolist() == [0.0]
    assert found.units.faults_month.tolist() == [0.0]
    assert found.units.meets_target(0)


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("cable_spans", {"cable_id": "W", "span_id": "W-1"}),
        ("link_cables", {"link_id": "P"}),
        ("circuit_links", {"role": "working"}),
    ],
)
def test_a_missing_record_leaves_the_figure_empty_and_is_named(lozenge, table, cells):
    lozenge.rows[table] = [
        row for row in lozenge.rows[table] if any(row[name] != cells[name] for name in cells)
    ]
    found = find_availability(lozenge.audit(), load_rates())

    for rows in (found.units, found.sites):
        assert np.isnan(rows.minutes_year[0])
        assert np.isnan(rows.faults_month[0])
        assert rows.missing[0]
        assert rows.meets_target(0) is None


def switching(plan):
    return find_availability(plan.audit(), load_rates()).switching[0]


def test_switching_counts_only_where_it_is_recorded(lozenge):
    assert switching(lozenge) == AUTOMATIC
    lozenge.change("links", "P", protection=None)
    assert switching(lozenge) == BY_HAND
    for end in ("A", "K"):
        lozenge.device(f"N-{end}", end, protection_switching=True)
    for link in ("W", "P"):
        lozenge.change("links", link, from_id="N-A", to_id="N-K")
    assert switching(lozenge) == AUTOMATIC
    lozenge.change("equipment", "N-A", protection_switching=None)
    assert switching(lozenge) == BY_HAND


def test_an_element_that_does_not_switch_is_believed_against_everything_else(lozenge):
    lozenge.change("circuits", "X", protection="path")
    assert switching(lozenge) == AUTOMATIC
    lozenge.device("N-A", "A", protection_switching=False).change("links", "W", from_id="N-A")
    assert switching(lozenge) == BY_HAND


def test_a_circuit_recorded_as_unprotected_does_not_switch_by_itself(lozenge):
    lozenge.change("circuits", "X", protection="none")
    assert switching(lozenge) == BY_HAND


def test_a_single_route_has_nothing_to_switch(lozenge):
    lozenge.rows["circuit_links"] = lozenge.rows["circuit_links"][:1]
    lozenge.change("circuits", "X", protection="none")
    assert switching(lozenge) == NO_ROUTE
