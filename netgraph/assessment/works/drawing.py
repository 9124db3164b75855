"""From an assessment and the works of a plan to what the maps of the plan draw."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.handover.map_drawing import assessment_drawing
from netgraph.report import labels
from netgraph.report.maps.drawings import Lines, Sites
from netgraph.report.maps.plan_map import PlanDrawing

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks


def plan_drawing(results: Results, works: PlannedWorks, lang: str) -> PlanDrawing:
    """Gather what the maps of a plan show: the chosen works, its sites before and after.

    Parameters
    ----------
    results
        The assessment without the works.
    """
    base, places = assessment_drawing(results, lang), results.network.places
    sites = [site for site in works.sites if places.index.find(site.site_id) is not None]
    at = places.index.positions(np.array([site.site_id for site in sites], dtype=object))
    before = Sites(
        x=places.lon[at], y=places.lat[at], words=[site.tier for site in sites],
        names=[str(name) for name in places.names[at]],
        grades=[site.before.grade or "" for site in sites],
    )  # fmt: skip
    parts = [part for work in works.chosen for part in work.parts]
    metres: dict[str, float] = defaultdict(float)
    for part in parts:
        metres[part.part] += part.length_m
    drawn = [part for part in parts if part.geometry is not None]
    geometries = np.full(len(drawn), None, dtype=object)
    geometries[:] = [part.geometry for part in drawn]
    language: Language = "zh" if lang == "zh" else "en"
    subtitle = labels.text(
        "plan_subtitle", language, name=base.sheet.title, chosen=works.summary.chosen,
        cost=f"{works.summary.cost_yuan / 10_000:,.1f}",
        level=labels.label("price_level", works.summary.price_level, language),
    )  # fmt: skip
    return PlanDrawing(
        sheet=replace(base.sheet, title="", subtitle=subtitle),
        plant=base.plant,
        works=Lines(geometries, [part.part for part in drawn]),
        work_m=dict(metres),
        offices=base.offices,
        before=before,
        after=replace(before, grades=[site.after.grade or "" for site in sites]),
        places=base.places,
    )
