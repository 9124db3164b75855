"""The sheet of one site: two lanes from A to B, what they share, and what its numbers stand for."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.patches import Polygon

import netgraph as ng
from netgraph.diversity.certificates import Certificate, certify
from netgraph.report.trace.course import course_of
from netgraph.report.trace.lane_chart import draw_lanes
from netgraph.report.trace.layout import lay_out
from netgraph.report.trace.text import content


def sheets(run, every=1):
    """Yield the sheets of the sites of a run, or of some of them."""
    for row in run.tables["sites"][::every]:
        yield ng.trace(run.assessment, row["site_id"])


def lanes(panel):
    """Both lanes, or the only one."""
    return [panel.left, panel.right] if panel.right else [panel.left]


@pytest.fixture(scope="module", params=["twin_ring", "bank"])
def traced(request):
    """Return some sheets of each example."""
    run = request.getfixturevalue(request.param)
    return list(sheets(run, every=max(1, len(run.tables["sites"]) // 25)))


def test_a_lane_runs_on_from_a_to_its_end_without_gaps(traced):
    for sheet in traced:
        for unit in sheet.units:
            for lane in (lane for panel in unit.panels for lane in lanes(panel)):
                line = [cell for cell in lane.cells if cell.leg == 1]
                if lane.problem or lane.is_unknown:
                    continue
                assert line[0].from_m == 0
                assert line[-1].to_m == pytest.approx(lane.length_m, abs=1)
                for before, after in pairwise(line):
                    assert after.from_m == pytest.approx(before.to_m, abs=1)
                assert line[-1].start.id in {centre.id for centre in sheet.centres}


def test_a_common_cable_from_the_door_on_is_told_with_its_metres_inside_the_building(bank):
    (row,) = (
        row
        for row in bank.tables["hazards"]
        if (row["site_id"], row["kind"]) == ("S-0201", "cable")
    )
    cells = [
        cell
        for unit in ng.trace(bank.assessment, "S-0201").units
        for panel in unit.panels
        for lane in lanes(panel)
        for cell in lane.cells
        if cell.share == "cable"
    ]
    assert cells
    for cell in cells:
        assert cell.from_m == 0 < cell.at_a_m
        whole_m = cell.to_m + cell.at_a_m
        assert whole_m == pytest.approx(float(row["shared_length_m"]), abs=0.1)
        assert content(cell, "", "en").endswith(f"({whole_m:,.0f} m with the building at A)")


def test_the_lanes_show_what_the_unit_is_said_to_share(traced):
    for sheet in traced:
        for unit in sheet.units:
            cells = [c for panel in unit.panels for lane in lanes(panel) for c in lane.cells]
            shared = {cell.share for cell in cells if cell.mark == "shared"}
            if unit.level == "diverse":
                assert not shared
            if unit.level in {"same_cable", "same_trench", "same_structure", "same_risk_group"}:
                assert unit.level.removeprefix("same_") in shared


def test_a_number_stands_for_one_hazard_on_both_lanes(traced):
    """What is shared all along a cable or link has the number of its hazard, left and right."""
    n_compared = 0
    for sheet in traced:
        for unit in sheet.units:
            kind = {note.number: note.kind for note in unit.hazards if note.number}
            for panel in (panel for panel in unit.panels if panel.right):
                numbers = [
                    {(cell.share, name, cell.number) for cell in lane.cells if cell.number
                     for name in cell.names if cell.share in {"link", "cable"}}
                    for lane in lanes(panel)
                ]  # fmt: skip
                assert numbers[0] == numbers[1], (sheet.subject, unit.name)
                assert {kind[number] for _, _, number in numbers[0]} <= {"link", "cable"}
                n_compared += len(numbers[0])
    assert n_compared or sheet.inventory == "twin_ring"  # nobody shares a cable there


def test_each_site_of_the_twin_ring_shows_what_it_is_there_for(twin_ring):
    found = {sheet.subject: sheet for sheet in sheets(twin_ring)}

    def only(site):
        (unit,) = found[site].units
        return unit

    assert only("S1").level == "diverse"
    assert not only("S1").hazards
    trench = only("S2").hazards[0]
    assert (trench.kind, trench.names, trench.number) == ("trench", ("D-H1-H3",), 1)
    assert round(trench.length_m) == 898  # H1 to H3
    assert only("S3").hazards[0].names == ("X",)
    assert [panel.right for panel in only("S4").panels] == [None]
    assert any("C-S5-E1" in record for record in only("S5").missing)
    assert only("S6").hazards[0].names == ("RG-FLOOD",)
    best = {a.layer: a for a in found["S4"].alternatives}
    assert best["spans"].level == "diverse"  # the free duct by D1
    assert best["cables"].level != "diverse"
    # One way by D1 and J1, the other by E1 and J2: the recorded route has neither D1 nor J2.
    assert all(route.new_m > 0 for route in best["spans"].routes)


def test_a_circuit_is_traced_as_its_site_is(twin_ring):
    site, circuit = (ng.trace(twin_ring.assessment, name) for name in ("S2", "L3"))
    assert (circuit.table, circuit.site.id) == ("circuits", "S2")
    assert circuit.units[0].level == site.units[0].level
    assert circuit.units[0].panels == site.units[0].panels


def test_the_certificates_of_a_sheet_are_those_of_the_run(twin_ring):
    audit, achievable = twin_ring.assessment.audit, twin_ring.assessment.achievable
    of_run = [c for c in certify(audit, achievable) if isinstance(c, Certificate)]
    for sheet in sheets(twin_ring):
        mine = {
            (
                c.question,
                c.kind,
                c.subject,
                c.verdict,
                tuple(len(r.steps or r.passed) for r in c.routes),
            )
            for c in of_run
            if c.site == sheet.subject or sheet.subject in c.sites
        }
        told = [(c.question, c.kind, c.subject, c.verdict, c.steps) for c in sheet.certificates]
        assert set(told) <= mine
        # What is left out is a circuit by itself, where its group is judged.
        assert {question for question, *_ in mine - set(told)} <= {"recorded"}
        assert {question for question, *_ in told} == {"recorded", "cables", "spans"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_is_the_whole_sheet_on_one_page(twin_ring, tmp_path, lang):
    sheet = ng.trace(twin_ring.assessment, "S2", lang=lang)
    out = ng.write_trace(sheet, tmp_path / "sheet")
    pixels = imread(out / "trace.png")
    assert pixels.shape[0] / pixels.shape[1] == pytest.approx(2**0.5, abs=0.01)  # A4, upright
    assert (pixels[:, :, :3].min(axis=2) < 0.5).any(axis=1).mean() > 0.4  # written on, not blank
    heading = {"en": "Certificates", "zh": "证书"}[lang]
    assert heading in (out / "trace.html").read_text("utf-8")


@pytest.mark.parametrize(("site", "ties"), [("S1", 0), ("S2", 1), ("S4", 0)])
def test_lanes_are_joined_where_they_share(twin_ring, site, ties):
    panel = ng.trace(twin_ring.assessment, site).units[0].panels[0]
    ax = draw_lanes(panel, "en", Figure().subplots())
    joined = [patch for patch in ax.patches if isinstance(patch, Polygon) and patch.get_alpha()]
    assert len([p for p in joined if p.get_alpha() == 0.4]) == ties


def panels_of(traced):
    """Every panel of some sheets."""
    return [panel for sheet in traced for unit in sheet.units for panel in unit.panels]


def test_the_signs_of_hazards_stand_side_by_side(traced):
    for panel in panels_of(traced):
        ax = draw_lanes(panel, "en", Figure(figsize=(7, 1.3)).subplots())
        boxes = [t.get_window_extent() for t in ax.texts if t.get_text().startswith("✕")]
        boxes.sort(key=lambda box: (-box.y0, box.x0))
        for before, after in pairwise(boxes):
            assert not before.overlaps(after)


def test_a_drawn_lane_runs_from_edge_to_edge_cell_by_cell(traced):
    for panel in panels_of(traced):
        course = course_of(panel)
        for drawn in filter(None, (course.left, course.right)):
            assert drawn[0].begin == 0
            assert drawn[-1].end == pytest.approx(1)
            for before, after in pairwise(drawn):
                assert before.begin <= before.end <= after.begin + 1e-9


def test_what_is_shared_is_seen_however_short_it_is_and_stands_abreast(traced):
    n_short = 0
    for panel in panels_of(traced):
        course = course_of(panel)
        whole = max(lane.length_m for lane in lanes(panel))
        rows = [row for row in lay_out(panel) if row.is_joined]
        abreast = {(row.left.from_m, row.right.from_m) for row in rows}
        for one, two in course.ties():
            is_run = one.cell.kind == "run" and one.cell.mark == "shared"
            assert one.end - one.begin > 0.01 or not is_run
            n_short += is_run and one.cell.to_m - one.cell.from_m < 0.01 * whole
            if (one.cell.from_m, two.cell.from_m) in abreast and one.cell.kind == "run":
                assert (one.begin, one.end) == pytest.approx((two.begin, two.end))
    assert n_short or traced[0].inventory == "twin_ring"


def test_what_is_alone_on_one_route_does_not_stand_beside_what_is_shared(traced):
    for panel in panels_of(traced):
        for row in lay_out(panel):
            if row.is_joined:
                assert bool(row.left.mark) == bool(row.right.mark)


def test_a_shared_cell_says_where_the_other_route_has_it_whatever_is_folded_there(traced):
    for panel in panels_of(traced):
        told = {
            (row.left.from_m, row.left.to_m): row.left_again
            for row in lay_out(panel)
            if row.left and row.left_again
        }
        for row in lay_out(panel, 5):
            if row.left and (row.left.from_m, row.left.to_m) in told and row.left_again:
                assert row.left_again == told[row.left.from_m, row.left.to_m]


def test_the_page_shows_each_cell_once_over_the_rows_that_it_stands_beside(traced):
    for sheet in traced[:6]:
        page = sheet.to_html()
        for table in re.findall(r'<table class="lanes">.*?</table>', page):
            taken = Counter()
            for k, row in enumerate(re.findall(r"<tr>(.*?)</tr>", table)):
                cells = re.findall(r"<t[dh][^>]*>", row)
                spans = [int(n) for n in re.findall(r'rowspan="(\d+)"', "".join(cells))]
                wide = sum(int(n) - 1 for n in re.findall(r'colspan="(\d+)"', "".join(cells)))
                assert len(cells) + wide + taken[k] == 5
                for span in spans:
                    width = 3 if 'class="absent"' in row else 1
                    for below in range(k + 1, k + span):
                        taken[below] += width


def test_every_route_of_a_certificate_counts_its_steps(traced):
    for sheet in traced:
        for note in sheet.certificates:
            if note.kind == "pair":
                assert all(note.steps)
