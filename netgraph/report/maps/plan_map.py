"""Maps of a plan of works: what is built, and the grades of the sites before and after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely
from matplotlib.figure import Figure

from netgraph.report import labels
from netgraph.report.maps.drawings import Hazards, Lines, Places, Points, Sheet, Sites
from netgraph.report.maps.furniture import LegendSection
from netgraph.report.maps.layers import (
    draw_offices,
    draw_sites,
    draw_strokes,
    grade_legend,
    place_side_by_side,
)
from netgraph.report.maps.panels import name_panel, open_panels
from netgraph.report.maps.parts import all_coordinates, draw_lines
from netgraph.report.maps.sheet import open_page, save_pdf, save_png
from netgraph.report.maps.style import MEDIUM_STROKES, WORK_STROKES, Marker
from netgraph.report.palette import GREEN, PAPER
from netgraph.report.plan.model import NEW_PLANT
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.report.labels import Language
    from netgraph.report.maps.sheet import Page

#: Where new plant is too short to be seen as a line.
_PLACE = Marker("P", 8.0, GREEN, PAPER, 0.8, order=6.6)


@dataclass(frozen=True, eq=False)
class PlanDrawing:
    """A network, its sites before and after, and what is built.

    Parameters
    ----------
    works
        Lines by part: duct, pole_line, buried, other_plant, new_cable or re_patch.
    work_m
        Metres of each part.
    before, after
        The sites of the plan in the same order, with their grades; they and the works set the
        extent of the map.
    """

    sheet: Sheet = field(default_factory=Sheet)
    plant: Lines = field(default_factory=Lines)
    works: Lines = field(default_factory=Lines)
    work_m: Mapping[str, float] = field(default_factory=dict)
    offices: Points = field(default_factory=Points)
    before: Sites = field(default_factory=Sites)
    after: Sites = field(default_factory=Sites)
    places: Places = field(default_factory=Places)


def draw_plan(
    drawing: PlanDrawing, ax: Axes | None = None, *, figure: Figure | None = None
) -> Axes:
    """Draw the works of a plan, and the sites with the grades that they reach.

    Parameters
    ----------
    ax
        Axes to draw on. Without, a figure of the right shape is made.
    figure
        An empty figure to fill instead of one of pyplot; it is resized.

    Returns
    -------
    Axes
        New plant is thick, green and dashed; a cross marks where it is.
    """
    points = _extent_points(drawing)
    names = drawing.places.names
    with open_page(drawing.sheet, "plan_map_title", points, names, ax or figure) as page:
        after = _side_by_side(page, drawing)
        _draw_panel(page, drawing, after, with_works=True)
    return page.ax


def draw_before_after(
    drawing: PlanDrawing, axes: tuple[Axes, Axes] | None = None, *, figure: Figure | None = None
) -> tuple[Axes, Axes]:
    """Draw the sites by grade as they are, and beside them with the works done.

    Parameters
    ----------
    axes
        Two Axes: before, after. Without, a figure of the right shape is made.
    figure
        An empty figure to fill instead of one of pyplot; it is resized.

    Returns
    -------
    tuple of Axes
        A site stands at the same spot in both; the works are drawn on the second.
    """
    lang = drawing.sheet.lang
    points = _extent_points(drawing)
    sheet = replace(
        drawing.sheet, title=drawing.sheet.title or labels.text("before_after_title", lang)
    )
    with open_panels(sheet, points, drawing.places.names, axes or figure) as (first, second):
        after = _side_by_side(second, drawing)
        before = replace(drawing.before, x=after.x, y=after.y)
        _draw_panel(first, drawing, before, with_works=False)
        _draw_panel(second, drawing, after, with_works=True)
        second.sections[1] = grade_legend(_changes(before, after), second.families, lang)
        name_panel(first, _panel_title("before", before, lang))
        name_panel(second, _panel_title("after", after, lang))
    return first.ax, second.ax


def _extent_points(drawing: PlanDrawing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sites and works: a plan for one city is not drawn on a map of the province."""
    return all_coordinates((drawing.works,), (drawing.after,))


def _side_by_side(page: Page, drawing: PlanDrawing) -> Sites:
    placed, moved = place_side_by_side(page.ax, drawing.after, Hazards())
    if moved:
        page.notes.append(labels.text("moved", drawing.sheet.lang, count=moved))
    return placed


def _changes(before: Sites, after: Sites) -> dict[str, str]:
    """Sites of each grade before and after, in words."""
    was, now = Counter(before.grades), Counter(after.grades)
    return {grade: f"{was[grade]:,} → {now[grade]:,}" for grade in {*was, *now}}


def _panel_title(when: Literal["before", "after"], sites: Sites, lang: Language) -> str:
    counts = Counter(sites.grades)
    told = [
        f"{labels.label('grade', grade, lang)} {counts[grade]:,}"
        for grade in labels.identifiers("grade")
    ]
    gap = "：" if lang == "zh" else ": "
    return labels.text(f"works_{when}", lang) + gap + ("  " if lang == "zh" else ", ").join(told)


def _draw_panel(page: Page, drawing: PlanDrawing, sites: Sites, *, with_works: bool) -> None:
    ax, lang = page.ax, drawing.sheet.lang
    texts = {word: labels.label("medium", word, lang) for word in MEDIUM_STROKES}
    plant = draw_strokes(
        ax, drawing.plant, MEDIUM_STROKES, labels.text("legend_plant", lang), texts
    )
    works = _draw_works(ax, drawing) if with_works else LegendSection("", [], [])
    graded = draw_sites(ax, sites, page.families, lang)
    offices = draw_offices(ax, drawing.offices, lang)
    page.sections += [works, *graded, offices, plant]
    page.names.append((ax, drawing.places, (sites, drawing.offices)))


def _draw_works(ax: Axes, drawing: PlanDrawing) -> LegendSection:
    lang = drawing.sheet.lang
    drawn = draw_lines(ax, drawing.works, WORK_STROKES)
    handles = [WORK_STROKES[word].handle() for word in drawn]
    texts = [
        labels.text(
            "work_km", lang, part=labels.label("work_part", word, lang),
            km=f"{drawing.work_m.get(word, 0.0) / M_PER_KM:,.1f}",
        )
        for word in drawn
    ]  # fmt: skip
    is_new = np.array([word in NEW_PLANT for word in drawing.works.words], dtype=bool)
    lines = drawing.works.geometries[is_new]
    middles = shapely.get_coordinates(shapely.centroid(lines[~shapely.is_missing(lines)]))
    if len(middles):
        _PLACE.draw(ax, middles[:, 0], middles[:, 1], "new_plant")
        handles.append(_PLACE.handle())
        texts.append(labels.text("new_plant_here", lang, count=len(middles)))
    return LegendSection(labels.text("legend_works", lang), handles, texts)


def write_plan_map(drawing: PlanDrawing, path: Path) -> None:
    """Draw before and after on a figure of its own; write PNG, or PDF by the suffix."""
    ax, _ = draw_before_after(drawing, figure=Figure())
    (save_pdf if path.suffix.lower() == ".pdf" else save_png)(ax, path)
