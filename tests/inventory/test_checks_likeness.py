"""One thing recorded as two, and plant that hangs on nothing."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.inventory import check_inventory


def rules(plan):
    """Codes and rows of what is found about names, islands and points."""
    found = check_inventory(plan.inventory())
    return [(f.rule, f.row_id) for f in found if "ND947" <= f.rule <= "ND949"]


@pytest.mark.parametrize("name", ["鼓楼", "鼓楼 机房", "鼓楼局", "\uff27鼓楼"])
def test_offices_of_nearly_one_name_are_told(name):
    plan = PlantBuilder().office("K").office("J")
    plan.change("offices", "K", name="鼓楼机房").change("offices", "J", name=name)
    assert rules(plan) == ([("ND947", "J")] if "\uff27" not in name else [])


def test_width_and_case_of_a_name_do_not_matter_but_its_city_does():
    plan = PlantBuilder().office("K").office("J").change("offices", "K", name="Gate a1")
    plan.change("offices", "J", name="GATE \uff21\uff11")
    assert rules(plan) == [("ND947", "J")]
    plan.change("offices", "K", city="Here").change("offices", "J", city="There")
    assert rules(plan) == []


def test_spans_that_reach_no_office_are_told_once():
    """K --p-- a, and b --q-- c --r-- d apart; a building joins d to K in the end."""
    plan = PlantBuilder().office("K")
    for m in "abcd":
        plan.structure(m)
    plan.span("p", "K", "a").span("q", "b", "c").span("r", "c", "d")
    assert rules(plan) == [("ND948", "q")]
    plan.change("structures", "d", building_id="B-K")
    assert rules(plan) == []


def test_two_points_of_a_kind_in_one_place_are_told_unless_a_span_joins_them():
    plan = PlantBuilder().office("K")
    for m, kind in (("a", "manhole"), ("b", "manhole"), ("c", "splice")):
        plan.structure(m, kind, lon=112.0, lat=37.8)
    plan.structure("d", "manhole", lon=112.00005, lat=37.8)  # 4 m to the east
    assert rules(plan) == [("ND949", "b")]
    plan.change("structures", "b", lon=112.00001)
    assert rules(plan) == [("ND949", "b")]
    plan.span("p", "K", "a").span("q", "b", "a")
    assert rules(plan) == []


def test_a_length_of_nothing_counts_as_not_recorded_and_is_told():
    """The schema wants more than 0: the drawn or straight line serves, and forgives nothing."""
    plan = PlantBuilder().office("K").site("S").span("p", "S", "K", length_m=0.0)
    assert "ND902" in {f.rule for f in plan.inventory().findings}
    spans = plan.network().spans
    assert spans.length_m[0] > 0
    assert not spans.is_measured[0]
