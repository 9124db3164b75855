"""Write a comparison: tables, charts, the counts and the record of the run."""

from __future__ import annotations

import math
from dataclasses import astuple
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from netgraph.messages import default_language
from netgraph.report.charts.changes import UnitShift, draw_changes
from netgraph.report.charts.frame import write_chart
from netgraph.report.charts.series import UnitSeries, draw_series
from netgraph.report.output import RUN_FILE, output_folder, refuse_other_job
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from netgraph.assessment.comparison.find import Comparison
    from netgraph.assessment.comparison.read import Run
    from netgraph.assessment.comparison.rows import UnitChange
    from netgraph.report.labels import Language

    Drawing = Callable[[Figure], Axes]

_MOST_CUSTOMERS = 30  # drawn, the whole among them
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_KEY = "compared"  # of run.json: tells a comparison from the outputs of other jobs


def write_comparison(
    comparison: Comparison, out: str | Path, *, lang: Language | None = None, charts: bool = True
) -> Path:
    """Write OUT/tables, OUT/charts, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    lang
        Of the charts; that of the locale when omitted.
    charts
        Draw the charts: cities, customers and items before and after, and the series where there
        are three runs or more.

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
            ("city_changes", comparison.cities),
            ("item_changes", comparison.items),
            ("series", comparison.series),
        ):
            write_table(tables, name, [astuple(row) for row in rows])
        names = comparison.new.customers
        write_table(tables, "customer_changes", [
            (row.unit, names.get(row.unit, ""), *astuple(row)[1:]) for row in comparison.customers
        ])  # fmt: skip
        if charts:
            (folder / "charts").mkdir()
            for name, draw in _charts(comparison, lang or default_language()):
                write_chart(draw(Figure()), folder / "charts" / f"{name}.png")
        write_json(folder / "summary.json", comparison.summary())
        write_json(folder / RUN_FILE, {
            "netgraph": version("netgraph-diversity"),
            _KEY: [
                {"path": str(run.folder), "run_sha256": run.sha256,
                 "snapshot_date": run.snapshot_date.isoformat() if run.snapshot_date else None}
                for run in comparison.runs
            ],
        })  # fmt: skip
    return Path(out)


def _charts(comparison: Comparison, lang: Language) -> Iterator[tuple[str, Drawing]]:
    """Yield the charts that there is something to draw for, by name."""
    names = comparison.new.customers
    whole = _shifts([comparison.whole])
    cities = [*_shifts(comparison.cities), *whole]
    yield "changes", lambda ax: draw_changes(cities, ax, lang=lang)
    if len(comparison.customers) > 1:
        customers = [*_shifts(comparison.customers, names)[: _MOST_CUSTOMERS - 1], *whole]
        yield (
            "changes_customers",
            lambda ax: draw_changes(customers, ax, lang=lang, what="changes_customers"),
        )
    if items := [
        UnitShift(_wording(comparison, row.item_id, lang), row.before_ratio, row.after_ratio)
        for row in comparison.items
        if row.before_ratio is not None and row.after_ratio is not None
    ]:
        yield "changes_items", lambda ax: draw_changes(items, ax, lang=lang, what="changes_items")
    if comparison.earlier:
        dates = [_date(run, number) for number, run in enumerate(comparison.runs, start=1)]
        by_city = _series(comparison, "city", {})
        yield "series", lambda ax: draw_series(by_city, dates, ax, lang=lang)
        if len(comparison.customers) > 1:
            by_customer = _series(comparison, "customer", names)
            yield "series_customers", lambda ax: draw_series(by_customer, dates, ax, lang=lang)


def _shifts(units: Sequence[UnitChange], names: Mapping[str, str] = _NO_NAMES) -> list[UnitShift]:
    """Give units that have a score in both runs."""
    return [
        UnitShift(
            names.get(row.unit) or row.unit, row.before_ratio, row.after_ratio, row.groups_lost
        )
        for row in units
        if row.before_ratio is not None and row.after_ratio is not None
    ]


def _wording(comparison: Comparison, item: str, lang: Language) -> str:
    words = comparison.new.wording.get(item)
    return f"{item} {words.get(lang, '')}".strip() if isinstance(words, dict) else item


def _date(run: Run, number: int) -> str:
    return run.snapshot_date.isoformat() if run.snapshot_date else f"{number}"


def _series(comparison: Comparison, kind: str, names: Mapping[str, str]) -> list[UnitSeries]:
    """Give the whole and the units of a kind, run by run."""
    found: dict[str, list[float]] = {}
    for point in comparison.series:
        if point.kind in {kind, "whole"} and point.ratio is not None:
            name = names.get(point.unit) or point.unit
            ratios = found.setdefault(name, [math.nan] * len(comparison.runs))
            ratios[point.run - 1] = point.ratio
    return [UnitSeries(name, ratios) for name, ratios in found.items()]
