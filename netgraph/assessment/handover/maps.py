"""Write the maps of an assessment, and with a plan that of its works."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netgraph.assessment.handover.map_drawing import assessment_drawing, city_drawing, city_frames
from netgraph.assessment.works.drawing import plan_drawing
from netgraph.report.maps.draw import write_map
from netgraph.report.maps.plan_map import write_plan_map

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.assessment.results import Results
    from netgraph.report.plan.model import PlannedWorks


_NO_FILE_NAME, _MOST_LETTERS = re.compile(r"[^\w-]+"), 40


def write_maps(results: Results, folder: Path, works: PlannedWorks | None = None) -> None:
    """Write sites.png into a folder that exists; with the works of a plan before_after.png too."""
    lang = results.options.lang
    write_map(assessment_drawing(results, lang), folder / "sites.png")
    if works is not None:
        write_plan_map(plan_drawing(results, works, lang), folder / "before_after.png")


def write_city_maps(results: Results, folder: Path) -> None:
    """Write a map of the sites of every city into a new folder, named by number and city."""
    folder.mkdir()
    for number, city in enumerate(city_frames(results), start=1):
        drawing = city_drawing(results, results.options.lang, city)
        name = _NO_FILE_NAME.sub("_", city)[:_MOST_LETTERS]
        write_map(drawing, folder / f"{number:02d}-{name}.png")
