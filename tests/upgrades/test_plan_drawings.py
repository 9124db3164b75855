"""Maps and charts of a plan of works."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from netgraph.assessment.planning.write import PlanFiles
from netgraph.assessment.works.drawing import plan_drawing
from netgraph.report import labels
from netgraph.report.charts.frontier import draw_frontier
from netgraph.report.maps.plan_map import draw_before_after, draw_plan
from netgraph.report.palette import GREEN
from netgraph.report.plan.model import FrontierPoint

BARE = PlanFiles(workbook=False, geopackage=False, maps=False)


@pytest.fixture(scope="module")
def plan(workshop_plan):
    """Without a budget; some works are proposed and not chosen."""
    return workshop_plan


def _lines_in(ax, name):
    return [line for line in ax.get_lines() if line.get_label() == f"_{name}"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_and_after_show_each_site_at_one_spot_and_the_works_on_the_right(plan, lang):
    before, after = draw_before_after(plan_drawing(plan.before, plan.works, lang), figure=Figure())

    spots = [
        np.sort(np.concatenate([line.get_xydata() for line in _lines_in(ax, "sites")]), axis=0)
        for ax in (before, after)
    ]
    assert spots[0] == pytest.approx(spots[1])
    assert before.get_xlim() == after.get_xlim()
    green = [
        [line for line in _lines_in(ax, "duct") if to_hex(line.get_color()) == GREEN.lower()]
        for ax in (before, after)
    ]
    assert not green[0]
    ((dug,),) = green[1:]
    assert dug.is_dashed()
    counts = plan.summary.grades_before, plan.summary.grades_after
    for ax, grades in zip((before, after), counts, strict=True):
        title = ax.get_title(loc="left")
        for grade, count in grades.items():
            assert f"{labels.label('grade', grade, lang)} {count}" in title
    legends = [*before.artists, *after.artists]  # beside the upper right panel
    texts = [text.get_text() for legend in legends for text in legend.get_texts()]
    assert any("0.9" in text for text in texts)  # km: 800 m of corridor, 115 m of lead-in


def test_the_map_of_a_plan_for_some_sites_shows_where_they_are(plan):
    drawing = plan_drawing(plan.before, replace(plan.works, sites=plan.works.sites[:1]), "en")
    (x,) = drawing.after.x

    before, _ = draw_before_after(drawing, figure=Figure())

    (west, east), lines = before.get_xlim(), drawing.works.geometries
    bounds = shapely.total_bounds(lines)
    assert min(bounds[0], x) - west < 0.1 * (east - west)
    assert "Poor 1" in before.get_title(loc="left")


def test_the_plan_draws_on_axes_that_are_given(plan):
    ax = Figure().add_subplot()
    pair = Figure().subplots(1, 2)

    assert draw_plan(plan_drawing(plan.before, plan.works, "en"), ax) is ax
    assert plan.plot_before_after(tuple(pair)) == tuple(pair)
    assert plan.plot_frontier(pair[0]) is pair[0]
    assert plan.plot(Figure().add_subplot(), lang="en") is not None


def test_the_frontier_marks_the_plan_and_leaves_hollow_what_is_not_proven(plan):
    summary, proven_ = plan.works.summary, True
    proven = FrontierPoint(1e4, 1e4, 50.0, 50.0, proven_, 1, 1e4, 40.0, {})
    open_ = FrontierPoint(2e5, 2e5, 300.0, 320.0, not proven_, 9, 2e5, 290.0, {})
    works = replace(plan.works, frontier=(proven, open_), greedy=((5e3, 20.0), (1e4, 40.0)))

    ax = draw_frontier(works, Figure(), lang="en")

    by_label = {line.get_label(): line for line in ax.get_lines()}
    star = by_label[labels.text("frontier_plan", "en", cost=f"{summary.cost_yuan / 1e4:,.1f}")]
    assert star.get_xydata().tolist() == [[summary.cost_yuan / 1e4, summary.benefit]]
    full, hollow = (
        by_label[labels.text(n, "en")] for n in ("frontier_proven", "frontier_unproven")
    )
    assert full.get_xydata().tolist() == [[1.0, 50.0]]
    assert hollow.get_xydata().tolist() == [[20.0, 300.0]]
    assert to_hex(hollow.get_markerfacecolor()) != to_hex(full.get_markerfacecolor())
    assert [20.0, 320.0] in [line.get_xydata()[-1].tolist() for line in ax.get_lines()]
    greedy = by_label[labels.text("frontier_greedy", "en")].get_xydata()
    assert greedy.tolist() == [[0.5, 20.0], [1.0, 40.0], [20.0, 290.0]]
    assert by_label[labels.text("frontier_greedy", "en")].get_drawstyle() == "steps-post"
    assert "+25.0%" in {text.get_text() for text in ax.texts}
