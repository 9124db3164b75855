"""Sections of a route, and levels section by section."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.levels import Level, Section


@pytest.fixture
def ladder():
    """Both routes of X through an access and an aggregation office of their own to the centre.

    A --W1-- O1 --W2-- G1 --W3-- K        O: access, G: aggregation, K: core
    A --P1-- O2 --P2-- G2 --P3-- K
    """
    plan = PlantBuilder().office("K").site("A")
    for n in "12":
        plan.office(f"O{n}", "access").office(f"G{n}", "aggregation")
    for name, n in (("W", "1"), ("P", "2")):
        plan.way(f"{name}1", f"A {name}a O{n}").way(f"{name}2", f"O{n} {name}b G{n}")
        plan.way(f"{name}3", f"G{n} {name}c K")
    return plan.circuit("X", "A", "K", "W1 W2 W3", "P1 P2 P3")


def steps_of(plan, route=0):
    """Places at which each link of one route is entered and left."""
    network = plan.network()
    routes, ids = network.circuits.routes, network.places.ids
    rows = slice(routes.links.indptr[route], routes.links.indptr[route + 1])
    ends = zip(ids[routes.entry[rows]], ids[routes.exit_[rows]], strict=True)
    return dict(zip(network.links.ids[routes.links.indices[rows]], ends, strict=True))


def sections(plan, route=0):
    """Section of each link on one route."""
    audit = plan.audit()
    routes = audit.network.circuits.routes
    rows = slice(routes.links.indptr[route], routes.links.indptr[route + 1])
    names = {bit: section for section, bit in SECTION_BIT.items()}
    links = audit.network.links.ids[routes.links.indices[rows]]
    found = [names[bit] for bit in audit.entry_section[rows].tolist()]
    return dict(zip(links.tolist(), found, strict=True))


def test_access_ends_at_the_first_office_and_the_uplink_at_the_first_upper_one(ladder):
    assert sections(ladder) == {
        "W1": Section.ACCESS_A,
        "W2": Section.UPLINK,
        "W3": Section.INTRA,
    }


def test_from_the_other_end_of_the_rows_the_sections_are_the_same(ladder):
    rows = ladder.rows["circuit_links"]
    for row, seq in zip(rows[:3], (3, 2, 1), strict=True):
        row["seq"] = seq
    assert sections(ladder)["W1"] is Section.ACCESS_A
    assert sections(ladder)["W3"] is Section.INTRA


def test_an_access_office_that_is_an_upper_one_has_no_uplink():
    plan = PlantBuilder().office("K").office("G", "aggregation").site("A")
    plan.way("W1", "A a G").way("W2", "G b K").circuit("X", "A", "K", "W1 W2")
    assert list(sections(plan).values()) == [Section.ACCESS_A, Section.INTRA]


def test_between_two_sites_the_far_end_has_sections_of_its_own():
    """A head site B hangs on access office O2.

    A --1-- O1 --2-- G1 --3-- G2 --4-- O2 --5-- B
    """
    plan = PlantBuilder().site("A").site("B")
    plan.office("O1", "access").office("O2", "access")
    plan.office("G1", "aggregation").office("G2", "aggregation")
    stops = ["A", "O1", "G1", "G2", "O2", "B"]
    for n in range(5):
        plan.way(str(n + 1), f"{stops[n]} m{n} {stops[n + 1]}")
    plan.circuit("X", "A", "B", "1 2 3 4 5")
    assert list(sections(plan).values()) == [
        Section.ACCESS_A, Section.UPLINK, Section.INTRA, Section.UPLINK, Section.ACCESS_B,
    ]  # fmt: skip


def test_a_recorded_section_stands(ladder):
    ladder.change("links", "W3", section="inter_province")
    ladder.change("links", "W2", section="access")
    assert list(sections(ladder).values()) == [
        Section.ACCESS_A,
        Section.ACCESS_A,
        Section.INTER,
    ]


@pytest.fixture
def crossing():
    """The working route comes to building B at O, crosses it on link W2, and leaves it at H::

               [ building B             ]
        A -W1--- O   P ==W2== G   H --W3--- K      O, P, H: access; G: aggregation; K: core
        A -------------- V --------------- K

    Neither end of W2 says which of them comes first: O is neither P nor G, and H is neither.
    """
    plan = PlantBuilder().office("K").site("A")
    for name in "OPH":
        plan.office(name, "access", building_id="B")
    plan.office("G", "aggregation", building_id="B")
    plan.way("W1", "A a O").way("W2", "P in G", length_m=20.0).way("W3", "H b K").way("V", "A c K")
    return plan.circuit("X", "A", "K", "W1 W2 W3", "V")


@pytest.mark.parametrize("ends", [("P", "G"), ("G", "P")])
def test_a_link_within_a_building_climbs_whichever_end_its_record_names_first(crossing, ends):
    crossing.change("links", "W2", from_id=ends[0], to_id=ends[1])
    assert list(sections(crossing).values()) == [Section.ACCESS_A, Section.UPLINK, Section.INTRA]


@pytest.mark.parametrize("begins_at", ["P", "G"])
def test_a_link_within_a_building_is_left_where_the_next_one_begins(crossing, begins_at):
    crossing.change("links", "W3", from_id=begins_at)
    turned = crossing.copy().change("links", "W2", from_id="G", to_id="P")
    found = [steps_of(plan)["W2"][1] for plan in (crossing, turned)]
    assert found == [begins_at, begins_at]


@pytest.mark.parametrize("ends", [("T", "O"), ("O", "T")])
def test_a_link_behind_a_gap_is_passed_towards_the_end_of_its_route(ends):
    """Site T and office O stand in building B; of the protect route only its last link is known::

    A ---- W ---- O
    A -- (lost) -- [T ==P== O]
    """
    plan = PlantBuilder().office("O", "access", building_id="B").site("A")
    plan.site("T", building_id="B").way("W", "A a O").way("P", "T in O")
    plan.circuit("X", "A", "O", "W", "lost P").change("links", "P", from_id=ends[0], to_id=ends[1])
    assert steps_of(plan, 1) == {"P": ("T", "O")}
    assert sections(plan, 1) == {"P": Section.ACCESS_A}


def test_levels_are_given_section_by_section(ladder):
    ladder.change("spans", "W2-1", trench_id="T").change("spans", "P2-1", trench_id="T")
    verdict = ladder.verdict()
    assert verdict.level is Level.SAME_TRENCH
    assert verdict.section_levels == {
        Section.ACCESS_A: Level.DIVERSE,
        Section.UPLINK: Level.SAME_TRENCH,
        Section.INTRA: Level.DIVERSE,
    }


def test_a_missing_record_leaves_every_section_open(ladder):
    """The lost cable of the uplink may run beside any section of the other route."""
    ladder.rows["cable_spans"] = [r for r in ladder.rows["cable_spans"] if r["cable_id"] != "P2"]
    verdict = ladder.verdict()
    assert set(verdict.section_plant.values()) == {None}
    assert set(verdict.section_levels.values()) == {Level.UNDECIDABLE}


def test_a_section_is_not_diverse_once_the_record_of_what_it_shares_is_lost(ladder):
    """The working route's access and the protect route's backbone run in one trench."""
    ladder.change("spans", "W1-1", trench_id="T").change("spans", "P3-1", trench_id="T")
    assert ladder.verdict().section_plant[Section.INTRA] is False
    ladder.rows["cable_spans"] = [r for r in ladder.rows["cable_spans"] if r["cable_id"] != "W1"]
    assert ladder.verdict().section_plant[Section.INTRA] is None


@pytest.fixture
def shared_high_up(ladder):
    """The ladder; the uplink W2 and the backbone P3 of the other route run in one trench T."""
    return ladder.change("spans", "W2-1", trench_id="T").change("spans", "P3-1", trench_id="T")


def test_no_section_is_diverse_without_the_role_on_which_they_rest(shared_high_up):
    """Were G2 an access office, T would lie in both uplinks, and the backbones lie apart."""
    assert shared_high_up.verdict().section_plant == {
        Section.ACCESS_A: True, Section.UPLINK: False, Section.INTRA: False,
    }  # fmt: skip
    verdict = shared_high_up.change("offices", "G2", role=None).verdict()
    assert verdict.section_plant == {
        Section.ACCESS_A: None, Section.UPLINK: False, Section.INTRA: None,
    }  # fmt: skip
    assert verdict.section_levels[Section.INTRA] is Level.UNDECIDABLE
    assert set(verdict.section_logical.values()) == {None}
    assert verdict.roleless == ("role of office G2",)


@pytest.mark.parametrize("office", ["O1", "G1", "O2", "G2", "K"])
def test_what_no_role_decides_stays_without_it(shared_high_up, office):
    """The whole does not rest on sections, nor these on the office at which the routes end."""
    known = shared_high_up.verdict()
    found = shared_high_up.change("offices", office, role=None).verdict()
    assert (found.level, found.is_complete, found.plant_diverse, found.missing) == (
        known.level, known.is_complete, known.plant_diverse, known.missing,
    )  # fmt: skip
    assert found.roleless == (() if office == "K" else (f"role of office {office}",))
    if office == "K":
        assert found == known


def test_a_link_whose_section_is_recorded_needs_no_role(shared_high_up):
    shared_high_up.change("links", "P3", section="intra_province")
    known = shared_high_up.verdict()
    assert shared_high_up.change("offices", "G2", role=None).verdict() == known


def test_towards_a_site_the_sections_rest_on_roles_as_well():
    """Routes of X lead from site A over office G, of which no role is known, to site B.

    A --W1-- G --W2-- O --W3-- B        O: access
    A ----------- P ----------- B
    """
    plan = PlantBuilder().site("A").site("B").office("G", None).office("O", "access")
    plan.way("W1", "A a G").way("W2", "G b O").way("W3", "O c B").way("P", "A d B")
    plan.circuit("X", "A", "B", "W1 W2 W3", "P")
    assert plan.verdict().level is Level.DIVERSE
    assert plan.verdict().roleless == ()  # the uplink from B reaches down to G, whatever G is
    assert sections(plan)["W2"] is Section.UPLINK
    plan.change("offices", "O", role="core")
    assert plan.verdict().roleless == ("role of office G",)


def test_without_a_second_route_every_section_is_single(ladder):
    ladder.circuit("Y", "A", "K", "W1 W2 W3", protection="none")
    verdict = ladder.verdict("Y")
    assert set(verdict.section_levels.values()) == {Level.SINGLE_ROUTE}
    assert set(verdict.section_plant.values()) == {False}


def test_what_the_routes_meet_in_different_sections_is_held_against_all_of_them(ladder):
    ladder.change("spans", "W1-1", trench_id="T").change("spans", "P3-1", trench_id="T")
    verdict = ladder.verdict()
    assert verdict.section_plant == {
        Section.ACCESS_A: False,
        Section.UPLINK: True,
        Section.INTRA: False,
    }


def test_a_risk_group_of_the_site_is_not_held_against_its_access(ladder):
    """Group g holds the site itself, which is exempt, and one span of each route farther up."""
    ladder.risk("g", "sites:A", "spans:W3-1", "spans:P2-1")
    verdict = ladder.verdict()
    assert verdict.level is Level.SAME_RISK_GROUP
    assert verdict.section_plant == {
        Section.ACCESS_A: True,
        Section.UPLINK: False,
        Section.INTRA: False,
    }


@pytest.fixture
def funnel():
    """Both routes run into one aggregation office G and leave it by two ways.

    A --W1-- O1 --W2--\\     /--W3-- K
                        [G D]         D: the device at which all four links end
    A --P1-- O2 --P2--/     \\--P3-- K
    """
    plan = PlantBuilder().office("K").office("G", "aggregation").site("A")
    plan.office("O1", "access").office("O2", "access").device("D", "G", hot_standby=False)
    plan.structure("v", "vault", building_id="B-G")
    for name, n in (("W", "1"), ("P", "2")):
        plan.way(f"{name}1", f"A {name}a O{n}").way(f"{name}2", f"O{n} {name}b v G")
        plan.way(f"{name}3", f"G v {name}c K")
        plan.change("links", f"{name}2", to_id="D").change("links", f"{name}3", from_id="D")
        plan.change("spans", f"{name}2-3", trench_id="in").change(
            "spans", f"{name}3-1", trench_id="in"
        )
    return plan.circuit("X", "A", "K", "W1 W2 W3", "P1 P2 P3")


def test_the_building_at_the_end_of_a_section_is_exempt_in_the_section_only(funnel):
    """D, G and its vault count for the circuit, not for the uplink nor for the backbone."""
    verdict = funnel.verdict()
    assert verdict.level is Level.SAME_TRENCH  # the duct inside the building of G
    assert verdict.physical_diverse is False
    assert verdict.logical_diverse is False
    assert set(verdict.section_plant.values()) == {True}
    assert set(verdict.section_logical.values()) == {True}
    assert set(verdict.section_levels.values()) == {Level.DIVERSE}


def test_the_duct_in_front_of_that_building_is_not_exempt(funnel):
    funnel.change("spans", "W2-2", trench_id="T").change("spans", "P2-2", trench_id="T")
    verdict = funnel.verdict()
    assert verdict.section_plant[Section.UPLINK] is False
    assert verdict.section_plant[Section.INTRA] is True


def test_an_office_at_the_end_on_one_route_only_is_not_exempt():
    """O1 ends the access of the working route; the protect route runs through it farther up.

    A --W1-- O1 --W2-- K
    A --P1-- O2 --P2-- O1 --P3-- K
    """
    plan = PlantBuilder().office("K").office("O1", "access").office("O2", "access").site("A")
    plan.way("W1", "A a O1").way("W2", "O1 b K")
    plan.way("P1", "A c O2").way("P2", "O2 d O1").way("P3", "O1 e K")
    verdict = plan.circuit("X", "A", "K", "W1 W2", "P1 P2 P3").verdict()
    assert verdict.section_levels[Section.UPLINK] is Level.SAME_OFFICE
