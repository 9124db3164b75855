"""Write what the planner hands over: workbook, GeoPackage, charts, printable report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from netgraph.assessment.handover.carried import carried_resources
from netgraph.assessment.handover.charts import write_charts
from netgraph.assessment.handover.geopackage import geopackage_layers
from netgraph.assessment.handover.maps import write_maps
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.pdf import report_of
from netgraph.assessment.handover.wanted import timed
from netgraph.assessment.handover.workbook import workbook_of
from netgraph.assessment.handover.workbook_lists import language
from netgraph.report.charts.frame import write_chart
from netgraph.report.charts.frontier import draw_frontier
from netgraph.report.geopackage import write_layers
from netgraph.report.pdf import write_report
from netgraph.report.workbook import write_book

if TYPE_CHECKING:
    from netgraph.assessment.handover.wanted import Handover
    from netgraph.assessment.value import Assessment
    from netgraph.report.plan.model import PlannedWorks


def write_handover(
    assessment: Assessment, folder: Path, wanted: Handover, seconds: dict[str, float]
) -> None:
    """Write the files that are wanted, and note how long each took.

    Parameters
    ----------
    folder
        Of the output; what maps/ in it holds is used for the report.
    seconds
        Gets one entry a file.
    """
    carried, works = None, wanted.works
    if wanted.workbook or wanted.geopackage:
        with timed(seconds, "carried"):
            carried = carried_resources(assessment, Naming(assessment))
    if wanted.workbook:
        with timed(seconds, "workbook"):
            write_book(workbook_of(assessment, works, carried), folder / "assessment.xlsx")
    if wanted.geopackage:
        with timed(seconds, "geopackage"):
            date = assessment.network.inventory.snapshot_date
            layers = geopackage_layers(assessment, carried, works)
            write_layers(layers, folder / "assessment.gpkg", date)
    if wanted.charts:
        with timed(seconds, "charts"):
            (folder / "charts").mkdir()
            _write_charts(assessment, folder / "charts", works)
    if wanted.pdf:
        with timed(seconds, "pdf"):
            _write_pdf(assessment, folder, works)


def _write_charts(assessment: Assessment, folder: Path, works: PlannedWorks | None) -> None:
    write_charts(assessment, folder)
    if works is not None and works.frontier:
        chart = draw_frontier(works, Figure(), lang=language(assessment))
        write_chart(chart, folder / "frontier.png")


def _write_pdf(assessment: Assessment, folder: Path, works: PlannedWorks | None) -> None:
    """Set the report with the pictures of the output; those that are missing are drawn for it."""
    with tempfile.TemporaryDirectory(prefix="netgraph-") as name:
        charts, maps = folder / "charts", folder / "maps"
        if not charts.is_dir():
            charts = Path(name)
            _write_charts(assessment, charts, works)
        if not maps.is_dir():
            maps = Path(name)
            write_maps(assessment, maps, works)
        pictures = {path.stem: path for f in (charts, maps) for path in sorted(f.glob("*.png"))}
        report = report_of(assessment, pictures, works)
        write_report(report, folder / "report.pdf")
