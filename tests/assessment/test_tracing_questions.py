"""The sheet of a circuit answers what this circuit asks, that of a site says for which ends."""

from __future__ import annotations

import io

import pytest
from builders import PlantBuilder
from rich.console import Console

import netgraph as ng
from netgraph.report.trace.console import print_trace
from netgraph.report.trace.map import small_map


@pytest.fixture
def plan():
    """Circuits of one site to two centres, two of which back each other up, one to nowhere known::

    K -- a -- S -- c -- J      toK: S to K, both ways are apart
    K -- b -- S                toJ: S to J, all ways pass c
                               g1, g2: a group, S to K and S to J
                               lost: S to `gone`, which no table has
    """
    plan = PlantBuilder().office("K").office("J").site("S")
    for point in "abc":
        plan.structure(point)
    for start, end in ("Sa", "aK", "Sb", "bK", "Sc", "cJ"):
        plan.span(start + end, start, end)
    plan.circuit("toK", "S", "K").circuit("toJ", "S", "J").circuit("lost", "S", "gone")
    return plan.circuit("g1", "S", "K", group_id="G").circuit("g2", "S", "J", group_id="G")


def said(sheet):
    """Return what a sheet says in a terminal, without the lanes."""
    text = io.StringIO()
    print_trace(sheet, Console(file=text, width=100))
    return text.getvalue()[text.getvalue().index("Unavoidable") :]


def on_spans(sheet):
    return sheet.alternatives[-1]


@pytest.mark.parametrize(
    ("circuit", "ends", "level", "unavoidable"),
    [
        ("toK", ["K"], "diverse", set()),
        ("toJ", ["J"], "same_trench", {"Sc", "c", "cJ"}),
        ("g1", ["J", "K"], "diverse", set()),
        ("lost", [], "undecidable", set()),
    ],
)
def test_a_circuit_is_answered_for_its_own_ends(plan, circuit, ends, level, unavoidable):
    sheet = ng.trace(plan.inventory(), circuit, lang="en")
    for answer in sheet.alternatives:
        assert sorted(end.id for end in answer.ends) == ends
    answer = on_spans(sheet)
    assert (answer.level, {point.what.id for point in answer.unavoidable}) == (level, unavoidable)
    assert answer.is_connected == bool(ends)
    assert not sheet.other_answers
    words = " / ".join(ends) if ends else "an unknown B end"
    searched = [note for note in sheet.certificates if note.question != "recorded"]
    assert searched
    assert all(sorted(note.ends) == ends for note in searched)
    assert f"sites:S to {words} ·" in said(sheet)


def test_a_circuit_of_a_group_is_answered_for_the_group_and_says_so(plan):
    words = said(ng.trace(plan.inventory(), "g1", lang="en"))
    assert "asked for by group G together (g1, g2)" in words
    assert "By a new cable (existing spans), to K / J: diverse" in words


def test_each_circuit_of_a_group_is_answered_for_itself_where_the_end_of_one_is_not_known(plan):
    plan.change("circuits", "g2", b_id="gone")
    for circuit, ends in (("g1", ["K"]), ("g2", [])):
        answer = on_spans(ng.trace(plan.inventory(), circuit, lang="en"))
        assert [end.id for end in answer.ends] == ends
        assert answer.level == ("diverse" if ends else "undecidable")


def test_a_site_shows_its_worst_answer_with_its_ends_and_names_the_others(plan):
    for circuit in ("lost", "g1", "g2"):
        plan.rows["circuits"] = [row for row in plan.rows["circuits"] if row["id"] != circuit]
    sheet = ng.trace(plan.inventory(), "S", lang="en")
    assert [end.id for answer in sheet.alternatives for end in answer.ends] == ["J", "J"]
    words = said(sheet)
    assert "By a new cable (existing spans), to J: same trench" in words
    assert "to K (toK): on cables undecidable · on spans diverse" in words
    assert "no way to J without any one of: " in words
    assert "sites:S to K" not in words


def test_every_question_of_a_site_is_told_once(plan):
    sheet = ng.trace(plan.inventory(), "S", lang="en")
    shown = [{end.id for end in answer.ends} for answer in sheet.alternatives]
    others = {tuple(sorted(end.id for end in other.ends)) for other in sheet.other_answers}
    assert len(sheet.other_answers) == len(others)
    assert others | {tuple(sorted(shown[-1]))} == {(), ("J",), ("K",), ("J", "K")}


def test_a_pair_is_set_beside_the_routes_of_those_who_ask_for_it(plan):
    plan.way("W", "S a2 K").way("P", "S b2 K").change("circuits", "toK", protection="path")
    plan.route("toK", "working", "W").route("toK", "protect", "P")
    sheets = [ng.trace(plan.inventory(), name, lang="en") for name in ("toK", "S")]
    assert [on_spans(sheet).today for sheet in sheets] == ["diverse", "undecidable"]
    assert "diverse · no better than today" in said(sheets[0])


def test_the_map_of_a_site_shows_the_centre_to_which_it_marks_what_cannot_be_avoided(plan):
    drawing = ng.trace(plan.inventory(), "S").drawing
    assert list(drawing.marks.words) == ["unavoidable"]
    assert "J" in drawing.b_ends.names


def test_the_map_marks_what_the_circuit_cannot_avoid(plan):
    marks = {name: ng.trace(plan.inventory(), name).drawing.marks for name in ("toK", "toJ")}
    assert "unavoidable" not in marks["toK"].words
    assert list(marks["toJ"].words) == ["unavoidable"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_and_the_picture_say_for_which_ends(plan, tmp_path, lang):
    sheet = ng.trace(plan.inventory(), "S", lang=lang)
    page = sheet.to_html(small_map(sheet.drawing))
    assert {"en": "What else this site", "zh": "本网点其他电路所求"}[lang] in page
    assert {"en": "toK): on cables", "zh": "toK）：倒换纤芯"}[lang] in page
    assert (ng.write_trace(sheet, tmp_path / "sheet") / "trace.png").stat().st_size
