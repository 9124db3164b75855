"""What a sheet lists as unavoidable: on both layers, once, and in order from the site."""

from __future__ import annotations

import io

import pytest
from builders import PlantBuilder
from random_plants import draw_plant
from rich.console import Console

import netgraph as ng
from netgraph.report.trace.console import print_trace
from netgraph.report.trace.unavoidable import unavoidable_lines, unavoidable_parts


def parts(sheet):
    """Return each list by its heading."""
    return {part.heading: list(part.points) or part.word for part in unavoidable_parts(sheet)}


@pytest.fixture
def shared_trunk():
    """Two cables of one way to the centre K, which has another way from a on::

    S --Sa-- a --ab-- b --bK-- K      cables W and P: Sa ab bK
             +---ac-- c --cK---+      no cable
    """
    plan = PlantBuilder().office("K").site("S")
    for point in "abc":
        plan.structure(point)
    for start, end in ("Sa", "ab", "bK", "ac", "cK"):
        plan.span(start + end, start, end)
    for name in ("W", "P"):
        plan.cable(name, "S", "K", "Sa ab bK").link(name, "S", "K", name)
    return plan.circuit("C", "S", "K", "W", "P", protection="path")


def test_what_no_route_avoids_is_listed_on_both_layers_and_what_is_so_on_both_once(shared_trunk):
    sheet = ng.trace(shared_trunk.inventory(), "C", lang="en")
    assert parts(sheet) == {
        "By re-patching and by a new cable alike": ["span Sa (0 m)", "manhole a (500 m)"],
        "By re-patching (cables), besides": [
            "span ab (500 m)", "manhole b (1,000 m)", "span bK (1,000 m)",
        ],
    }  # fmt: skip


def test_each_layer_says_that_there_is_nothing_where_there_is_nothing(shared_trunk):
    shared_trunk.span("Sc", "S", "c")
    sheet = ng.trace(shared_trunk.inventory(), "C", lang="en")
    cables, spans = parts(sheet).values()
    assert cables[0] == "span Sa (0 m)"
    assert spans == "none"


def test_no_sheet_shares_on_a_layer_of_which_it_says_that_nothing_is_unavoidable(twin_ring):
    for site in [row["site_id"] for row in twin_ring.tables["sites"]]:
        sheet = ng.trace(twin_ring.assessment, site, lang="en")
        for answer in sheet.alternatives:
            if answer.shared and answer.disjoint_otherwise:
                assert answer.unavoidable
        told = [point for part in unavoidable_parts(sheet) for point in part.points]
        every = [p for answer in sheet.alternatives for p in answer.unavoidable]
        named = {p.what.id for p in every if not p.within}
        assert len(told) >= len(named)
        assert all(any(name in point for point in told) for name in named)


def test_a_search_that_found_nothing_in_time_is_not_told_as_records_without_a_route(shared_trunk):
    sheet = ng.trace(shared_trunk.inventory(), "C", lang="en")
    cables, spans = sheet.alternatives
    open_ = {"level": "unproven", "is_connected": False, "unavoidable": ()}
    unproven = type(spans)(**{**vars(spans), **open_})
    sheet = type(sheet)(**{**vars(sheet), "alternatives": (cables, unproven)})
    assert "the search reached its limit" in list(parts(sheet).values())[1]


def test_what_lies_in_a_common_cable_is_told_with_the_cable_or_for_both_layers(shared_trunk):
    links = [row for row in shared_trunk.rows["link_cables"] if row["link_id"] == "P"]
    links[0]["cable_id"] = "W"
    shared_trunk.change("cables", "P", status="retired")
    sheet = ng.trace(shared_trunk.inventory(), "C", lang="en")
    assert parts(sheet) == {
        "By re-patching and by a new cable alike": ["span Sa (0 m)", "manhole a (500 m)"],
        "By re-patching (cables), besides": ["cable W (0 m)"],
    }


@pytest.fixture
def two_in_one_flood():
    """Two spans in one flood zone, then one manhole, then two spans apart::

    S ==R== c ===== K      R: a risk group of both spans from S
    """
    plan = PlantBuilder().office("K").site("S").structure("c")
    plan.span("p1", "S", "c").span("p2", "S", "c").span("p3", "c", "K", trench_id="T3")
    plan.span("p4", "c", "K", trench_id="T4")
    return plan.risk("R", "spans:p1", "spans:p2").circuit("C", "S", "K")


def test_unavoidable_risks_stand_in_the_order_in_which_a_route_meets_them(two_in_one_flood):
    answer = ng.trace(two_in_one_flood.inventory(), "C").alternatives[-1]
    met = [(point.what.id, point.at_m) for point in answer.unavoidable]
    assert "c" in {shared.id for shared in answer.shared}
    assert [at for _, at in met] == sorted(at for _, at in met)
    assert met[0] == ("R", 0.0)
    assert ("c", 500.0) in met


def test_behind_a_span_whose_length_nothing_tells_no_metres_are_told(two_in_one_flood):
    for span in ("p1", "p2"):
        two_in_one_flood.change("spans", span, length_m=None)
    two_in_one_flood.change("structures", "c", lon=None, lat=None)
    answer = ng.trace(two_in_one_flood.inventory(), "C").alternatives[-1]
    met = [(point.what.id, point.at_m) for point in answer.unavoidable]
    assert met[0] == ("R", 0.0)
    assert ("c", None) in met


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_terminal_page_and_picture_list_the_same(shared_trunk, lang):
    sheet = ng.trace(shared_trunk.inventory(), "C", lang=lang)
    text = io.StringIO()
    print_trace(sheet, Console(file=text, width=100))
    page, picture = sheet.to_html(), " ".join(unavoidable_lines(sheet, 6))
    for part in unavoidable_parts(sheet):
        for words in (part.heading, *part.points):
            assert words in text.getvalue()
            assert words in page
            assert words in picture


@pytest.mark.parametrize("seed", range(5, 8))
def test_metres_never_fall_along_a_list_whatever_the_plant(seed):
    """Drawn plants; in one a building stood last with the metres of its cable's begin."""
    inventory = draw_plant(seed).inventory()
    for circuit in inventory.table("circuits")["id"][:4]:
        for answer in ng.trace(inventory, f"circuits:{circuit}").alternatives:
            metres = [point.at_m for point in answer.unavoidable if point.at_m is not None]
            assert metres == sorted(metres)
