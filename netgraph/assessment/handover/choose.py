"""Write what the planner hands over: workbook, GeoPackage, charts, printable report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.handover.carried import carried_resources
from netgraph.assessment.handover.charts import write_charts
from netgraph.assessment.handover.geopackage import geopackage_layers
from netgraph.assessment.handover.map_drawing import assessment_drawing
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.pdf import report_of
from netgraph.assessment.handover.wanted import timed
from netgraph.assessment.handover.workbook import workbook_of
from netgraph.report.geopackage import write_layers
from netgraph.report.maps.draw import write_map
from netgraph.report.pdf import write_report
from netgraph.report.workbook import write_book

if TYPE_CHECKING:
    from netgraph.assessment.handover.wanted import Handover
    from netgraph.assessment.value import Assessment


def write_handover(
    assessment: Assessment, folder: Path, wanted: Handover, seconds: dict[str, float]
) -> None:
    """Write the files that are wanted, and note how long each took.

    Parameters
    ----------
    folder
        Of the output; maps/sites.png in it is used for the report if it is there.
    seconds
        Gets one entry a file.
    """
    carried = None
    if wanted.workbook or wanted.geopackage:
        with timed(seconds, "carried"):
            carried = carried_resources(assessment, Naming(assessment))
    if wanted.workbook:
        with timed(seconds, "workbook"):
            write_book(workbook_of(assessment, carried=carried), folder / "assessment.xlsx")
    if wanted.geopackage:
        with timed(seconds, "geopackage"):
            date = assessment.network.inventory.snapshot_date
            layers = geopackage_layers(assessment, carried)
            write_layers(layers, folder / "assessment.gpkg", date)
    if wanted.charts:
        with timed(seconds, "charts"):
            (folder / "charts").mkdir()
            write_charts(assessment, folder / "charts")
    if wanted.pdf:
        with timed(seconds, "pdf"):
            _write_pdf(assessment, folder)


def _write_pdf(assessment: Assessment, folder: Path) -> None:
    """Set the report with the pictures of the output; those that are missing are drawn for it."""
    with tempfile.TemporaryDirectory(prefix="netgraph-") as name:
        charts, site_map = folder / "charts", folder / "maps" / "sites.png"
        if not charts.is_dir():
            charts = Path(name)
            write_charts(assessment, charts)
        if not site_map.is_file():
            site_map = Path(name) / "sites.png"
            write_map(assessment_drawing(assessment, assessment.options.lang), site_map)
        pictures = {path.stem: path for path in sorted(charts.glob("*.png"))}
        report = report_of(assessment, {**pictures, "sites": site_map})
        write_report(report, folder / "report.pdf")
