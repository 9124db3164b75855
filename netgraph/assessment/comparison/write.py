"""Write a comparison: tables, a chart, the counts and the record of the run."""

from __future__ import annotations

from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from netgraph.report.charts.changes import UnitShift, draw_changes
from netgraph.report.charts.frame import write_chart
from netgraph.report.output import RUN_FILE, output_folder, refuse_other_job
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from netgraph.assessment.comparison.find import Comparison
    from netgraph.report.labels import Language

_KEY = "compared"  # of run.json: tells a comparison from the outputs of other jobs


def write_comparison(
    comparison: Comparison, out: str | Path, *, lang: Language = "en", charts: bool = True
) -> Path:
    """Write OUT/tables, OUT/charts/changes.png, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    lang
        Of the chart.
    charts
        Draw the chart.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds the output of another job; then nothing in it
        has changed.
    """
    refuse_other_job(Path(out), _KEY)
    with output_folder(Path(out)) as folder:
        tables = folder / "tables"
        tables.mkdir()
        for name, rows in (
            ("group_changes", comparison.groups),
            ("site_changes", comparison.sites),
            ("hazard_changes", comparison.hazards),
            ("city_changes", comparison.units[:-1]),
        ):
            write_table(tables, name, [astuple(row) for row in rows])
        if charts:
            (folder / "charts").mkdir()
            drawn = draw_changes(unit_shifts(comparison), Figure(), lang=lang)
            write_chart(drawn, folder / "charts" / "changes.png")
        write_json(folder / "summary.json", comparison.summary())
        write_json(folder / RUN_FILE, {
            "netgraph": version("netgraph-diversity"),
            _KEY: [
                {"path": str(run.folder), "run_sha256": run.sha256,
                 "snapshot_date": run.snapshot_date.isoformat() if run.snapshot_date else None}
                for run in (comparison.old, comparison.new)
            ],
        })  # fmt: skip
    return Path(out)


def unit_shifts(comparison: Comparison) -> list[UnitShift]:
    """Give what the chart draws: the cities that have a score in both runs, then the whole."""
    return [
        UnitShift(row.city, row.before_ratio, row.after_ratio, row.groups_lost)
        for row in comparison.units
        if row.before_ratio is not None and row.after_ratio is not None
    ]
