"""What could be achieved, against every two routes told in plain sets from the rows alone."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from achievable_oracle import PlantOfSite
from adversarial_plants import draw_adversary
from builders import PlantBuilder, named
from hazard_oracle import as_layer, draw_areas, find_members, with_members
from relabelling import relabelled

from netgraph.diversity.achievable.find import UNPROVEN, find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.certificates import as_plain, certify
from netgraph.diversity.rules import load_rules
from netgraph.inventory.hazard_groups import with_hazard_areas
from netgraph.topology import build_network
from netgraph.verify.run import Certificates

OPEN = {UNPROVEN, "undecidable"}


def answers(plan, audit=None):
    """Every answer with its layer, its site and its ends by id."""
    audit = audit or plan.audit()
    ids = [str(id_) for id_ in audit.network.places.ids]
    for name, of_site in find_achievable(audit, seconds=0).answers.items():
        for place, found in of_site.items():
            for answer in found:
                ends = [[ids[end] for end in some] for some in (answer.b_ends, answer.parted)]
                yield name, ids[place], ends, answer


@pytest.mark.parametrize(
    ("seed", "is_apart"),
    [*((seed, False) for seed in range(24)), *((seed, True) for seed in range(24, 36))],
)
def test_no_answer_is_better_or_worse_than_the_best_of_all_pairs(seed, is_apart):
    """With `is_apart` the rules require two centres of who has them."""
    plan = draw_adversary(seed)
    audit = plan.audit(replace(load_rules(), require_two_centres=is_apart))
    for name, site, (ends, parted), answer in answers(plan, audit):
        pairs = PlantOfSite(plan.rows, name, site).pairs(ends, parted)
        if pairs is None:
            continue
        is_diverse = any(not shared for shared in pairs)
        about = name, site, ends, parted, answer.level
        assert (answer.level != "diverse") or is_diverse, about
        assert (answer.level in {*OPEN, "diverse"}) or not is_diverse, about
        assert answer.is_connected == bool(pairs) or answer.level == UNPROVEN, about
        assert set(answer.unavoidable) <= {*answer.shared, *answer.possible}, about
        if answer.is_connected and answer.is_shortest and answer.level not in OPEN:
            assert named(audit, answer.shared) in pairs, about


@pytest.mark.parametrize("seed", [2, 5, 7, 11, 13, 16, 19, 23, 26, 31])
def test_areas_part_no_routes_that_may_both_lie_in_them(seed):
    """Diverse needs a pair that shares no area, even if all lies in it that may for the records."""
    rules = load_rules()
    plan, areas = draw_areas(draw_adversary(seed), seed)
    inventory = with_hazard_areas(plan.inventory(), (as_layer(areas),), rules.reach)
    audit = audit_routes(build_network(inventory), rules)
    members = find_members(plan, areas, rules.reach.length_margin, rules.reach.undrawn_detour)
    rows = [with_members(plan, some) for some in members]
    for name, site, (ends, parted), answer in answers(plan, audit):
        tried = [PlantOfSite(each, name, site).pairs(ends, parted) for each in rows]
        if None in tried:
            continue
        at_least, likely, at_most = (any(not shared for shared in pairs) for pairs in tried)
        about = name, site, ends, parted, answer.level
        assert (answer.level != "diverse") or likely, about
        assert (answer.level in {*OPEN, "diverse"}) or not (at_most or at_least), about


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_every_answer_has_a_certificate_that_the_checker_accepts(seed):
    plan = draw_adversary(seed)
    audit = plan.audit()
    lines = [as_plain(c) for c in certify(audit, find_achievable(audit, seconds=0))]
    checker = Certificates(plan.inventory(), asdict(audit.rules))
    for number, line in enumerate(lines, start=1):
        checker.take(number, json.dumps(line))

    assert checker.refused == []
    for name, site, (ends, parted), answer in answers(plan, audit):
        asked = (*sorted(ends), *(("apart", *sorted(parted)) if parted else ()))
        assert checker.proven.levels[name, f"sites:{site}", site, *asked] == answer.level


def ways(*spans, **places):
    """Spans "name a b" of 1000 m, offices K and J, site S, other ends manholes; a cable on each."""
    plan = PlantBuilder().office("K").office("J", **places.get("J", {})).site("S").site("T")
    for name, a, b in map(str.split, spans):
        for end in (a, b):
            if not any(plan.has(table, end) for table in ("offices", "sites", "structures")):
                plan.structure(end, "cabinet", **places.get(end, {}))
        plan.span(name, a, b, length_m=1000.0, trench_id=f"T-{name}").cable(f"c{name}", a, b, name)
    return plan


def circuits(plan, *homes, group="G"):
    """Circuits of S, each with the centres named, in one group, on the first cables."""
    for n, ends in enumerate(homes):
        plan.link(f"l{n}", "S", ends[0], [plan.rows["cables"][n]["id"]])
        second = ends[1] if len(ends) > 1 else None
        plan.circuit(f"x{n}", "S", ends[0], f"l{n}", b2_id=second, group_id=group)
    return plan


def of_s(plan):
    """Answers of S on spans: levels with the ends that only one route may reach."""
    return [
        (answer.level, parted)
        for name, site, (_, parted), answer in answers(plan)
        if (name, site) == ("spans", "S")
    ]


def test_a_group_with_a_dual_homed_circuit_is_asked_for_as_one():
    """One duct to K, one to J: x0 ends at K, x1 at either. Circuit by circuit, x0 has one way."""
    plan = circuits(ways("p S K", "q S J"), ["K"], ["K", "J"])
    assert of_s(plan) == [("diverse", ["J"])]


def test_both_routes_may_end_at_the_centre_of_all_but_not_at_that_of_one():
    """Two ducts to J, and one that goes on to K; x0 ends at K only."""
    plan = circuits(ways("p S J", "q S J", "r J K"), ["K"], ["K", "J"])
    assert of_s(plan) == [("same_office", ["J"])]
    plan = circuits(ways("p S K", "q S K", "r J K"), ["K"], ["K", "J"])
    assert of_s(plan) == [("diverse", ["J"])]


def test_a_group_that_ends_in_premises_is_decided():
    """x0 ends at K, x1 at the customer's head site T."""
    plan = circuits(ways("p S K", "q S T"), ["K"], ["T"])
    assert of_s(plan) == [("diverse", ["K", "T"])]


def test_no_route_runs_through_premises_to_the_other_centre():
    """K is reached through T only, where no route of S may pass: the records show no two routes."""
    plan = circuits(ways("p S T", "q S T", "r T K"), ["K"], ["T"])
    assert of_s(plan) == [("undecidable", ["K", "T"])]


def test_what_stands_at_a_centre_counts_for_a_route_that_ends_beside_it():
    """One route ends at K, by m; the other at b in J's building. The flood takes m and J.

    ::

        S --p-- m --q-- K
        S --r-- b (in the building of J)
    """
    plan = ways("p S m", "q m K", "r S b", b={"building_id": "B-J"})
    plan = circuits(plan, ["K"], ["J"]).risk("flood", "structures:m", "offices:J")
    assert of_s(plan) == [("same_risk_group", ["K", "J"])]


def test_a_risk_group_of_one_centre_does_not_count_for_two_routes_to_it():
    """A flood takes both centres: a route to each shares it, two routes to K do not."""
    plan = circuits(ways("p S K", "q S K", "r S J"), ["K", "J"], group=None)
    plan.risk("flood", "offices:K", "offices:J")
    assert of_s(plan) == [("diverse", [])]


def test_full_bores_of_a_site_into_other_premises_stay_its_own():
    """The only duct from S to T is full with the circuits of both sites."""
    plan = ways("p S T", "q T K").change("spans", "p", bores_total=1, bores_used=1)
    plan.link("l", "S", "T", ["cp"]).circuit("x", "S", "T", "l").circuit("y", "T", "S", "l")
    assert of_s(plan) == [("same_trench", [])]


def test_a_full_cable_of_ones_own_whose_spans_are_not_recorded_leaves_the_answer_open():
    """Its cores are free to S, which is on it; where it lies, nobody knows. T is not on it."""
    plan = ways("p S K", "q T S", "r T K").change("spans", "q", status="retired")
    plan.cable("d", "S", "K", [], cores_used=24).cable("e", "T", "K", [], cores_used=24)
    plan.link("l", "S", "K", ["d"]).circuit("x", "S", "K", "l", protection="none")
    plan.link("m", "T", "K", ["cr"]).circuit("y", "T", "K", "m", protection="none")
    found = {site: answer.level for name, site, _, answer in answers(plan) if name == "cables"}
    assert found == {"S": "undecidable", "T": "same_cable"}


def outcomes(plan, rename=str):
    """Which demands are diverse, and which have a route at all; open ones left out."""
    return {
        (name, rename(site), *(tuple(sorted(map(rename, some))) for some in ends)): (
            answer.level == "diverse", answer.is_connected,
        )
        for name, site, ends, answer in answers(plan)
        if answer.level not in OPEN
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_another_duct_takes_no_diversity_away(seed):
    plan = draw_adversary(seed)
    before = outcomes(plan)
    plan.structure("new").span("n1", "S", "new", length_m=900.0, trench_id="N1")
    plan.span("n2", "new", "K", length_m=900.0, trench_id="N2")
    after = outcomes(plan)
    for about, (is_diverse, _) in before.items():
        assert not is_diverse or after.get(about, (True, True))[0], about


@pytest.mark.parametrize("seed", range(8))
def test_ids_and_the_order_of_rows_do_not_matter(seed):
    plan = draw_adversary(seed)
    other, names = relabelled(plan, seed)
    assert outcomes(other, names.__getitem__) == outcomes(plan)


@pytest.mark.parametrize("tolerance_m", [0.0, 50.0])
@pytest.mark.parametrize("seed", range(6))
def test_the_way_there_is_the_way_back(seed, tolerance_m):
    """S asks for T and T for S; where the tolerance is not nothing, over spans too long for it."""
    plan = draw_adversary(seed)
    for row in plan.rows["spans"] if tolerance_m else ():
        row["length_m"] = 300.0
    plan.rows["circuits"], plan.rows["circuit_links"] = [], []
    plan.circuit("there", "S", "T").circuit("back", "T", "S")
    audit = plan.audit(replace(load_rules(), entry_tolerance_m=tolerance_m))
    found = {
        (name, site): (answer.level, answer.is_connected, len(answer.unavoidable))
        for name, site, _, answer in answers(plan, audit)
    }
    for name in ("cables", "spans"):
        assert found[name, "S"] == found[name, "T"]


def unavoidable(plan):
    audit = plan.audit()
    (answer,) = (a for n, site, _, a in answers(plan, audit) if (n, site) == ("spans", "S"))
    assert answer.is_disjoint_otherwise
    return answer.level, named(audit, answer.unavoidable)


def test_the_flood_zone_of_a_tolerated_manhole_is_an_unavoidable_risk():
    """Both routes leave through m, 10 m from S: it may be shared, the zone that it lies in not.

    ::

        S --p-- m --q-- K
                m --r-- K
    """
    plan = circuits(ways("p S m", "q m K", "r m K"), ["K"], group=None)
    plan.change("spans", "p", length_m=10.0)
    assert unavoidable(plan) == ("diverse", set())
    flooded = plan.copy().risk("flood", "structures:m", "spans:q")
    assert unavoidable(flooded) == ("same_risk_group", {("risk", "flood")})
    housed = plan.copy().change("structures", "m", building_id="H")
    assert unavoidable(housed) == ("same_office", {("building", "H")})


def test_what_both_routes_pass_in_a_building_is_named_not_what_they_do_not_meet():
    """All ways lead through E's building; the office D in it, with its power feed, is on none."""
    plan = ways("p S E", "q S E", "r E K", "s E K", E={"building_id": "H"})
    plan = circuits(plan.office("D", building_id="H"), ["K"], group=None)
    plan.risk("power", "offices:D", "spans:r")
    assert unavoidable(plan) == ("same_structure", {("structure", "E")})


def test_a_second_span_between_the_same_points_is_a_second_way_if_its_trench_is_another():
    plan = circuits(ways("p S K"), ["K"], group=None)
    assert of_s(plan) == [("same_trench", [])]
    apart = plan.copy().span("q", "S", "K", length_m=1000.0, trench_id="T-q")
    assert of_s(apart) == [("diverse", [])]
    unknown = plan.copy().span("q", "S", "K", length_m=1000.0)
    assert of_s(unknown) == [("same_trench", [])]
    same = plan.copy().span("q", "S", "K", length_m=1000.0, trench_id="T-p")
    assert of_s(same) == [("same_trench", [])]
