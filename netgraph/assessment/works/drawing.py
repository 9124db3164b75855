"""From an assessment and the works of a plan to what the maps of the plan draw."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.handover.map_drawing import assessment_drawing
from netgraph.report import labels
from netgraph.report.maps.drawings import Lines
from netgraph.report.maps.plan_map import PlanDrawing

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks


def plan_drawing(results: Results, works: PlannedWorks, lang: str) -> PlanDrawing:
    """Gather what the maps of a plan show: the chosen works, all sites before and after.

    Parameters
    ----------
    results
        The assessment without the works.
    """
    base = assessment_drawing(results, lang)
    standings = [s for s in reversed(results.standings) if np.isfinite(_lon(results, s.place))]
    after = {site.site_id: site.after.grade or "" for site in works.sites}
    grades = [
        after.get(standing.site_id, was)
        for standing, was in zip(standings, base.sites.grades, strict=True)
    ]
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
        cost=f"{works.summary.cost_yuan / 10_000:,.1f}", level=works.summary.price_level,
    )  # fmt: skip
    return PlanDrawing(
        sheet=replace(base.sheet, title="", subtitle=subtitle),
        plant=base.plant,
        works=Lines(geometries, [part.part for part in drawn]),
        work_m=dict(metres),
        offices=base.offices,
        before=base.sites,
        after=replace(base.sites, grades=grades),
        places=base.places,
    )


def _lon(results: Results, place: int) -> float:
    return float(results.network.places.lon[place])
