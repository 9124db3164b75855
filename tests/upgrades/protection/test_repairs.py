"""What a plan turns out to lack is repaired: pairs of routes, large rings, and entrances."""

from __future__ import annotations

import dataclasses

import pytest

from netgraph.diversity.rules import load_rules
from netgraph.topology.places import OFFICE, SITE
from netgraph.upgrades.protection import PlantPrices, plan_protection
from netgraph.upgrades.protection.ring_size import divide_ring
from tests.builders import PlantBuilder
from tests.upgrades.protection.on_paper import audit_after, levels_of_sites
from tests.upgrades.protection.test_plan import PRICES, one_way_in, plan_for


def label_gap() -> PlantBuilder:
    """Three ways; floods {1,2}, {2,3}, {1,3} strike two of them each: no single cut, and no pair.

    A --- M1 --- K      W holds floods 1, 2
    A --- M2 --- K      V holds floods 2, 3
    A --- M3 --- K      U holds floods 3, 1
          M4 --- K      corridors: A-M4 700 m, A-K 3 km
    """
    plan = PlantBuilder().office("K").site("A")
    for name, stop in (("W", "M1"), ("V", "M2"), ("U", "M3")):
        plan.way(name, f"A {stop} K")
    plan.structure("M4").span("E4", "M4", "K")
    plan.risk("F1", "spans:W-1", "spans:U-1").risk("F2", "spans:W-2", "spans:V-1")
    plan.risk("F3", "spans:V-2", "spans:U-2").circuit("X", "A", "K", ["W"])
    plan.add("corridors", id="C1", from_id="A", to_id="M4", medium="duct", length_m=700.0)
    return plan.add("corridors", id="C2", from_id="A", to_id="K", medium="duct", length_m=3000.0)


def test_a_site_that_survives_any_one_risk_still_gets_two_routes_apart():
    builder = label_gap()

    plan = plan_for(builder)

    (proposal,) = plan.proposals
    assert [span.corridor_id for span in proposal.work.spans] == ["C1"]
    assert plan.protected == ("A",)
    assert plan.is_proven  # nothing near A may be shared, so that the repair is a bound as well
    assert plan.cost_yuan == plan.lower_bound_yuan == 0.7 * 86_000 + 0.5 * 16_000
    assert levels_of_sites(audit_after(builder.network(), plan), ["A"]) == {"A": "diverse"}


def test_a_gap_that_no_candidate_closes_is_named():
    builder = label_gap()
    builder.rows["corridors"] = [
        {"id": "C3", "from_id": "M1", "to_id": "M4", "medium": "duct", "length_m": 9.0}
    ]
    for number in ("1", "2", "3"):  # the corridor does not help: every flood is at the first spans
        builder.risk(f"G{number}", "spans:W-1", f"spans:{'WVU'[int(number) - 1]}-1")

    plan = plan_for(builder)

    (left,) = plan.unprotected
    assert (left.site_id, left.reason) in {("A", "no_disjoint_pair"), ("A", "no_candidate_avoids")}
    assert plan.protected == ()


def _ring(stations: int) -> tuple[list[int], object]:
    """Two offices with sites between them, and a pole after each."""
    builder = PlantBuilder().office("K").office("L")
    for number in range(stations):
        builder.site(f"S{number}").structure(f"P{number}", "pole")
    places = builder.network().places
    order = ["K", *(f"{mark}{n}" for n in range(stations) for mark in ("S", "P")), "L"]
    return [places.index.find(name) for name in order], places


@pytest.mark.parametrize("stations", [0, 6, 7, 10, 11, 20, 21, 45])
def test_every_ring_obeys_the_limit_and_every_station_stands_on_one(stations):
    ring, places = _ring(stations)
    rules = load_rules()

    found = divide_ring(ring, places, rules)

    sizes = [sum(places.kind[place] in {OFFICE, SITE} for place in one) for one in found.rings]
    assert max(sizes) == found.largest <= rules.ring_fail_nodes
    assert not found.is_oversize
    sites = [p for one in found.rings for p in one if places.kind[p] == SITE]
    assert sorted(sites) == sorted(p for p in ring if places.kind[p] == SITE)
    assert all(one[0] == ring[0] and one[-1] == ring[-1] for one in found.rings)
    fewest = max(1, -(-stations // (rules.ring_fail_nodes - 2)))
    assert len(found.rings) == fewest
    assert bool(found.notes) == (stations + 2 > rules.ring_warn_nodes)


def test_a_limit_that_leaves_no_room_is_said_and_the_sites_are_not_called_protected():
    tight = dataclasses.replace(load_rules(), ring_fail_nodes=1)

    ring, places = _ring(3)
    assert divide_ring(ring, places, tight).is_oversize

    audit = one_way_in().audit(tight)
    place = audit.network.places.index.find("A")
    plan = plan_protection(audit.network, audit, [place], PRICES)
    assert [(u.site_id, u.reason) for u in plan.unprotected] == [("A", "ring_too_large")]
    assert plan.protected == ()


def one_door(door_m: float) -> PlantBuilder:
    """Both ways of A go through entrance E; a manhole of the second stands 90 m from the site.

    A --door-- E --- M1 --- K
                `--- M2 --- K
    """
    plan = PlantBuilder().office("K").site("A", lon=112.5, lat=38.0)
    plan.structure("E", "entrance", lon=112.5007, lat=38.0)
    plan.structure("M1", lon=112.501, lat=38.001).structure("M2", lon=112.5004, lat=38.0008)
    plan.way("W", "A E M1 K").change("spans", "W-1", length_m=door_m)
    plan.span("V1", "E", "M2").span("V2", "M2", "K").circuit("X", "A", "K", ["W"])
    return plan.add("corridors", id="C", from_id="M1", to_id="M2", medium="duct", length_m=50.0)


def test_a_second_entrance_is_built_where_everything_meets_in_the_first():
    prices = dataclasses.replace(PRICES, entrance_yuan=20_000.0)
    builder = one_door(60.0)

    plan = plan_for(builder, prices=prices)

    (proposal,) = plan.proposals
    (entrance,) = proposal.work.entrances
    assert entrance.place_id == "A"
    first, second = proposal.work.spans
    assert (first.from_id, first.to_id, second.from_id) == ("A", entrance.id, entrance.id)
    assert second.to_id in {"M1", "M2"}
    metres = first.length_m + second.length_m
    assert plan.cost_yuan == pytest.approx(20_000 + 86.0 * metres + 16.0 * 500, rel=1e-6)
    assert proposal.needs_survey
    assert plan.protected == ("A",)


def test_an_entrance_within_the_tolerance_is_let_be():
    prices = dataclasses.replace(PRICES, entrance_yuan=20_000.0)

    plan = plan_for(one_door(40.0), prices=prices)

    assert plan.protected == ("A",)
    assert all(not proposal.work.entrances for proposal in plan.proposals)


def test_without_a_price_for_entrances_none_is_chosen_and_they_are_named():
    plan = plan_for(one_door(60.0), prices=PlantPrices({"duct": 1.0}, {"duct": 1.0}))

    assert all(not proposal.work.spans for proposal in plan.proposals)
    assert [u.reason for u in plan.unprotected] == ["no_candidate_avoids"]
    assert all(name.startswith("entrance-A~") for name in plan.unpriced)
    assert plan.unpriced


def test_a_second_entrance_into_the_centre_serves_all_its_sites():
    """J stands before the centre; 100 m from the centre the plant of L passes by.

    A --- J --- K       B --- J;  A --- L, B --- L: ways that pass K without an entrance
    """
    plan = PlantBuilder().office("K", lon=112.5, lat=38.0).site("A").site("B")
    plan.structure("J", lon=112.5008, lat=38.0).structure("L", lon=112.5, lat=38.001)
    plan.way("V", "A J K").way("W", "B J2 J K")
    plan.span("a", "A", "L").span("b", "B", "L").span("j", "L", "J")
    plan.circuit("X", "A", "K", ["V"]).circuit("Y", "B", "K", ["W"])
    plan.add("corridors", id="C", from_id="A", to_id="J2", medium="duct", length_m=50.0)
    prices = dataclasses.replace(PRICES, entrance_yuan=20_000.0)

    found = plan_for(plan, ("A", "B"), prices=prices)

    assert found.protected == ("A", "B")
    (proposal,) = found.proposals
    assert proposal.sites == ("A", "B")
    assert [entrance.place_id for entrance in proposal.work.entrances] == ["K"]
