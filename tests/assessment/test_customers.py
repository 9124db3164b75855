"""One printable sheet a customer: nobody else's circuits change it, and it fits two pages."""

from __future__ import annotations

import re

import pytest
from handed_over import hostile_assessment

import netgraph as ng
from netgraph.assessment.customers.actions import ACTIONS, action_for
from netgraph.assessment.customers.drawing import customer_drawing
from netgraph.assessment.customers.narrow import find_customers, narrowed
from netgraph.assessment.customers.sheet import CustomerCase
from netgraph.assessment.customers.write import assess_customers, write_customer, write_customers
from netgraph.datasets import example_columns
from netgraph.diversity.levels import PASSING
from netgraph.errors import OutputError, UsageError
from netgraph.inventory import from_columns
from netgraph.report import labels
from netgraph.report.contract import table_specs


@pytest.fixture(scope="module")
def twin():
    return from_columns(example_columns("twin_ring"))


@pytest.fixture(scope="module")
def province():
    """A small province with several customers, invented."""
    return from_columns(example_columns("province", seed=3, scale=0.02))


@pytest.fixture(scope="module")
def whole(province):
    return ng.assess(province)


def pages(path):
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))


def test_without_the_circuits_of_others_a_customers_verdicts_and_scores_stay(province, whole):
    names = table_specs()["sites"].names
    rank = names.index("rank")

    def by_site(assessment):
        return {row[0]: row[:rank] for row in assessment.rows("sites")}

    expected = by_site(whole)
    hazards = {h.hazard_id: (h.severity, h.run.kind) for h in whole.hazards_found}
    customers = sorted(set(whole.sites["customer_id"]))[:4]
    for customer in customers:
        case = assess_customers(province, [customer])[0]
        mine = by_site(case.assessment)
        assert case.standings
        for standing in case.standings:
            assert mine[standing.site_id] == expected[standing.site_id]
        for hazard in case.assessment.hazards_found:
            assert hazards[hazard.hazard_id] == (hazard.severity, hazard.run.kind)


def test_a_customer_is_found_by_id_or_exact_name(twin):
    table = twin.table("customers")
    customer, name = str(table["id"][0]), str(table["name"][0])

    assert find_customers(twin, [customer, name]) == (customer,)
    assert set(find_customers(twin, [])) == set(twin.table("circuits")["customer_id"])
    with pytest.raises(UsageError, match=f"nearest are: .*{customer}"):
        find_customers(twin, [f"{customer}x"])


def test_every_table_but_those_of_circuits_stays_whole(twin):
    customer = str(twin.table("circuits")["customer_id"][0])
    less = narrowed(twin, [customer])

    assert 0 < len(less.table("circuits")) < len(twin.table("circuits"))
    for name, table in twin.tables.items():
        if name not in {"circuits", "circuit_links", "faults"}:
            assert less.table(name) is table


def test_the_map_draws_what_both_routes_share_once_and_as_shared(twin):
    """S2 of twin_ring: two spans in one trench, H1 to H3, under both routes."""
    (case,) = assess_customers(twin, ["BANK"])
    drawn = customer_drawing(
        case.assessment, case.name, case.standings, case.verdicts, case.causes
    ).routes

    assert {"shared", "working", "protect"} == set(drawn.words)
    lines = [line.wkt for line in drawn.geometries]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_fits_two_pages_and_is_always_alike(twin, lang, tmp_path):
    cases = assess_customers(twin, options=ng.assessment.Options(lang=lang))
    paths = write_customers(cases, tmp_path / "out")
    write_customer(cases[0], tmp_path / "again.pdf")

    assert {path.stem for path in paths} == {case.customer_id for case in cases}
    assert all(1 <= pages(path) <= 2 for path in paths)
    assert paths[0].read_bytes() == (tmp_path / "again.pdf").read_bytes()


@pytest.mark.filterwarnings("ignore:.*empty boxes")  # once a set of characters
def test_hostile_names_are_set_as_text_on_two_pages(tmp_path):
    assessment = hostile_assessment()
    customer = assessment.network.circuits.customer[0]
    write_customer(CustomerCase(assessment, customer), tmp_path / "x.pdf")

    assert pages(tmp_path / "x.pdf") <= 2


def test_what_to_do_follows_from_what_todays_plant_could_give(whole):
    seen = set()
    for standing in whole.standings:
        action = action_for(whole, standing)
        seen.add(action)
        possible = whole.achievable.by_place.get(standing.place)
        if action in {"repatch", "new_cable"}:
            level = possible.on_cables if action == "repatch" else possible.on_spans
            assert level in PASSING
            assert standing.meets_requirement is not True
        elif action == "new_plant":
            assert not {possible.on_cables, possible.on_spans} & {"unproven", "undecidable"}
    assert len(seen) >= 4
    assert seen <= set(ACTIONS) == set(labels.identifiers("action"))


def test_sheets_never_take_the_place_of_another_jobs_output(twin, tmp_path):
    ng.write_assessment(
        ng.assess(twin), tmp_path / "out", maps=False, html=False,
        handover=ng.assessment.Handover.none(),
    )  # fmt: skip
    before = (tmp_path / "out" / "run.json").read_bytes()
    with pytest.raises(OutputError, match="another job"):
        write_customers(assess_customers(twin), tmp_path / "out")

    assert (tmp_path / "out" / "run.json").read_bytes() == before
