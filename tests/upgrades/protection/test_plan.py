"""Plans on small inventories: candidates, proposals, what stays, and the audit of what is built."""

from __future__ import annotations

import numpy as np
import pytest

from netgraph.datasets import example_columns
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.levels import PASSING
from netgraph.diversity.rules import load_rules
from netgraph.errors import UsageError
from netgraph.inventory import from_columns
from netgraph.topology import build_network
from netgraph.upgrades.protection import PlantPrices, plan_protection
from tests.builders import PlantBuilder
from tests.upgrades.protection.on_paper import audit_after, levels_of_sites

PRICES = PlantPrices({"duct": 70_000.0, "pole_line": 30_000.0},
                     {"duct": 16_000.0, "pole_line": 15_000.0})  # fmt: skip


def one_way_in() -> PlantBuilder:
    """Site A hangs on M1; M2 is on another way to the centre K, 500 m without a cable.

    A --- M1 --- K        corridors: A-M2 500 m of duct, A-K 5 km
          M2 ---'
    """
    plan = PlantBuilder().office("K").site("A").structure("M1").structure("M2")
    plan.way("W", "A M1 K").span("E1", "M2", "K").circuit("X", "A", "K", ["W"])
    plan.add("corridors", id="C1", from_id="A", to_id="M2", medium="duct", length_m=500.0)
    return plan.add("corridors", id="C2", from_id="A", to_id="K", medium="duct", length_m=5000.0)


def plan_for(builder: PlantBuilder, sites=("A",), **options):
    """Plan for some sites of a builder."""
    audit = builder.audit()
    places = [audit.network.places.index.find(site) for site in sites]
    prices = options.pop("prices", PRICES)
    return plan_protection(audit.network, audit, places, prices, **options)


def test_the_cheapest_corridor_is_built_and_costs_plant_and_cable():
    plan = plan_for(one_way_in())
    (proposal,) = plan.proposals
    assert [span.corridor_id for span in proposal.work.spans] == ["C1"]
    assert plan.cost_yuan == plan.lower_bound_yuan == 0.5 * 86_000 + 0.5 * 16_000
    assert plan.is_proven
    assert proposal.work.ring == ("K", "A", "M2", "K")
    assert proposal.new_m == {"duct": 500.0}
    assert not proposal.needs_survey
    assert plan.protected == ("A",)


def test_the_recorded_route_stays_beside_the_new_one():
    (proposal,) = plan_for(one_way_in()).proposals
    (routes,) = proposal.work.routes
    assert routes.first == ("W-1", "W-2")
    assert routes.second == ("new-C1", "E1")


def test_what_is_built_reads_diverse():
    builder = one_way_in()
    audit = audit_after(builder.network(), plan_for(builder))
    assert levels_of_sites(audit, ["A"]) == {"A": "diverse"}


def test_a_corridor_with_a_recorded_cost_needs_no_price():
    builder = one_way_in().change("corridors", "C2", cost=100.0, length_m=500.0)
    plan = plan_for(builder)
    assert plan.proposals[0].work.spans[0].corridor_id == "C2"
    assert plan.cost_yuan == 100.0 + 0.5 * 16_000


def test_a_corridor_without_a_price_is_never_chosen_but_named():
    plan = plan_for(one_way_in().change("corridors", "C1", medium="tunnel"))
    assert plan.unpriced == ("C1",)
    assert plan.proposals[0].work.spans[0].corridor_id == "C2"


def test_a_corridor_to_an_unknown_point_is_left_out_with_a_finding():
    plan = plan_for(one_way_in().change("corridors", "C1", to_id="M9"))
    (finding,) = plan.findings
    assert (finding.table, finding.row_id) == ("corridors", "C1")
    assert "M9" in finding.message
    assert plan.proposals[0].work.spans[0].corridor_id == "C2"


def test_a_site_that_no_candidate_can_protect_is_named_with_what_cuts_it_off():
    builder = one_way_in()
    builder.rows["corridors"] = [
        {"id": "C3", "from_id": "M1", "to_id": "M2", "medium": "duct", "length_m": 100.0}
    ]
    plan = plan_for(builder)
    (left,) = plan.unprotected
    assert (left.site_id, left.reason) == ("A", "no_candidate_avoids")
    assert set(left.against) == {"W-1", "M1"}
    # Its span beyond M1 is protected all the same.
    assert plan.proposals[0].work.spans[0].corridor_id == "C3"


def test_a_corridor_in_the_trench_of_the_only_way_in_protects_nothing():
    """Corridor A-M1 runs between the same two points as the span of today."""
    builder = one_way_in()
    builder.rows["corridors"] = [
        {"id": "C3", "from_id": "A", "to_id": "M1", "medium": "duct", "length_m": 500.0}
    ]
    plan = plan_for(builder)
    assert plan.proposals == ()
    assert plan.cost_yuan == 0.0


def test_a_site_without_circuits_or_route_is_named():
    builder = one_way_in().site("B").site("C").circuit("Y", "C", "K")
    reasons = {u.site_id: u.reason for u in plan_for(builder, ("A", "B", "C")).unprotected}
    assert reasons == {"B": "no_circuit", "C": "no_route_in_plant"}


def test_a_shared_entrance_within_the_tolerance_is_let_be():
    """The entrance E of site A is 20 m off and on every way; beyond it, M1 has a way around.

    A -20 m- E --- M1 --- K       corridor: E-M2
                   M2 ---'
    """
    builder = PlantBuilder().office("K").site("A").structure("E", "entrance")
    builder.structure("M1").structure("M2").way("W", "A E M1 K").span("E1", "M2", "K")
    builder.change("spans", "W-1", length_m=20.0).circuit("X", "A", "K", ["W"])
    builder.add("corridors", id="C", from_id="E", to_id="M2", medium="duct", length_m=300.0)
    plan = plan_for(builder)
    assert plan.protected == ("A",)
    assert plan.unprotected == ()
    audit = audit_after(builder.network(), plan)
    assert levels_of_sites(audit, ["A"]) == {"A": "diverse"}


def two_sites() -> PlantBuilder:
    """Sites A and B, each on a way of its own; no site carries the other's route.

    A --- M1 --- K --- M1b --- M2 --- B       corridors: A-M2 and B-M1 400 m, A-B 100 m
    """
    builder = PlantBuilder().office("K").site("A").site("B")
    builder.way("V", "A M1 K").way("W", "B M2 M1b K").circuit("X", "A", "K", ["V"])
    builder.circuit("Y", "B", "K", ["W"])
    builder.add("corridors", id="C1", from_id="A", to_id="B", medium="duct", length_m=100.0)
    builder.add("corridors", id="C2", from_id="A", to_id="M2", medium="duct", length_m=400.0)
    return builder.add("corridors", id="C3", from_id="B", to_id="M1", medium="duct",
                       length_m=400.0)  # fmt: skip


def test_a_budget_protects_the_heavier_site():
    builder = two_sites()
    index = builder.network().places.index
    plan = plan_for(builder, ("A", "B"), budget_yuan=0.4 * 86_000 + 0.5 * 16_000 + 1,
                    weights={index.find("A"): 1.0, index.find("B"): 3.0})  # fmt: skip
    assert plan.protected == ("B",)
    assert plan.weight == plan.weight_bound == pytest.approx(3.0, abs=1e-5)
    assert [(u.site_id, u.reason) for u in plan.unprotected] == [("A", "over_budget")]


@pytest.mark.parametrize("budget_yuan", [0.0, 10.0])
def test_a_budget_below_every_build_buys_nothing(budget_yuan):
    plan = plan_for(two_sites(), ("A", "B"), budget_yuan=budget_yuan)
    assert plan.proposals == ()
    assert {u.reason for u in plan.unprotected} == {"over_budget"}


def test_existing_plant_may_be_left_out_of_the_cost():
    plan = plan_for(one_way_in(), price_existing=False)
    assert plan.cost_yuan == plan.lower_bound_yuan == 0.5 * 86_000


def test_a_long_new_cable_in_old_ducts_is_no_bargain():
    """Corridor C1 is 100 m long but leads to 8 km of empty duct; C2 is 1 km straight to K."""
    builder = one_way_in().change("corridors", "C1", length_m=100.0)
    builder.change("corridors", "C2", length_m=1000.0).change("spans", "E1", length_m=8000.0)

    (charged,) = plan_for(builder).proposals
    (free,) = plan_for(builder, price_existing=False).proposals

    assert [span.corridor_id for span in charged.work.spans] == ["C2"]
    assert [span.corridor_id for span in free.work.spans] == ["C1"]
    assert charged.cost_yuan == 86_000


def test_generated_builds_are_marked_and_need_a_survey():
    builder = one_way_in()
    del builder.rows["corridors"]
    plan = plan_for(builder, max_corridor_m=20_000.0)
    assert plan.proposals
    assert all(proposal.needs_survey for proposal in plan.proposals)
    assert all(span.is_generated for p in plan.proposals for span in p.work.spans)


def in_the_country(gap_degrees: float) -> PlantBuilder:
    """Site A hangs on M1 alone; M2, on another way to K, stands kilometres off. No corridors.

    A --- M1 --- K
                 |
          M2 ----'
    """
    plan = PlantBuilder().office("K").site("A").structure("M1").structure("M2")
    plan.change("sites", "A", lon=112.0, lat=37.0).change("structures", "M1", lon=112.0, lat=37.001)
    plan.change("offices", "K", lon=112.0, lat=37.2)
    plan.change("structures", "M2", lon=112.0 + gap_degrees, lat=37.0)
    plan.way("W", "A M1 K").span("E1", "M2", "K")
    return plan.circuit("X", "A", "K", ["W"])


def test_a_longer_way_is_generated_around_what_nothing_else_avoids():
    plan = plan_for(in_the_country(0.03))  # 2.7 km: far more than neighbours are joined over
    (proposal,) = plan.proposals
    (span,) = proposal.work.spans
    assert {span.from_id, span.to_id} == {"A", "M2"}
    assert span.is_generated
    assert proposal.needs_survey
    assert plan.protected == ("A",)


def test_a_way_that_is_too_long_is_not_generated():
    plan = plan_for(in_the_country(0.09))  # 8 km
    (lost,) = plan.unprotected
    assert lost.reason == "no_candidate_avoids"
    assert "M1" in lost.against


def test_recorded_corridors_are_the_only_candidates():
    builder = in_the_country(0.03)
    builder.add("corridors", id="C9", from_id="M1", to_id="K", medium="duct", length_m=500.0)
    assert plan_for(builder).unprotected[0].reason == "no_candidate_avoids"


def test_a_price_below_zero_is_refused():
    with pytest.raises(UsageError, match="duct"):
        PlantPrices({"duct": -1.0}, {})


def test_every_site_of_the_bank_that_the_plan_protects_reads_diverse_when_it_is_built():
    network = build_network(from_columns(example_columns("bank")))
    audit = audit_routes(network, load_rules())
    single = {int(network.circuits.a[c]) for v in audit.verdicts if v.is_single for c in v.circuits}
    plan = plan_protection(network, audit, sorted(single), PRICES, seconds=10.0)
    # To have two routes apart costs a little more than to survive any one failure.
    assert 0.6 * plan.cost_yuan <= plan.lower_bound_yuan <= plan.cost_yuan
    served = [r.site_id for p in plan.proposals for r in p.work.routes]
    whole = sorted(set(served) & set(plan.protected))
    assert len(whole) >= 5
    after = levels_of_sites(audit_after(network, plan), whole)
    assert set(after.values()) <= {level.value for level in PASSING}
    assert not np.isin([u.site_id for u in plan.unprotected], plan.protected).any()
