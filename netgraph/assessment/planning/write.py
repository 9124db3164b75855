"""Write a plan of works: tables, summary and the record of the run, whole or not at all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from netgraph.assessment.handover.geopackage import plant_layers
from netgraph.assessment.handover.wanted import timed
from netgraph.assessment.rows import table_rows
from netgraph.assessment.works.drawing import plan_drawing
from netgraph.assessment.works.layers import plan_layers
from netgraph.assessment.works.workbook import plan_book
from netgraph.report.charts.frame import write_chart
from netgraph.report.charts.frontier import draw_frontier
from netgraph.report.geopackage import write_layers
from netgraph.report.maps.plan_map import write_plan_map
from netgraph.report.output import output_folder
from netgraph.report.plan.model import PLAN_TABLES
from netgraph.report.tables import write_json, write_table
from netgraph.report.workbook import write_book

if TYPE_CHECKING:
    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.inventory import Inventory
    from netgraph.report.labels import Language

_TABLES = (*PLAN_TABLES, "acceptance")


@dataclass(frozen=True)
class PlanFiles:
    """Which files to write beside the tables; all of them unless told otherwise.

    `pdf` is the map once more, for print; without maps there is none.
    """

    workbook: bool = True
    geopackage: bool = True
    maps: bool = True
    pdf: bool = True


def write_upgrades(plan: UpgradePlan, out: str | Path, files: PlanFiles | None = None) -> Path:
    """Write OUT/tables, OUT/upgrades.xlsx, OUT/upgrades.gpkg, OUT/maps, OUT/charts and the record.

    Parameters
    ----------
    out
        Folder; an earlier output in it is replaced as a whole, files of the user's own stay.
    files
        Which of the workbook, the GeoPackage and the map with the chart to write; all when omitted.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something that is no output of netgraph; then
        nothing of it has changed.
    """
    seconds = dict(plan.seconds)
    with output_folder(Path(out)) as folder:
        start = time.perf_counter()
        tables = folder / "tables"
        tables.mkdir()
        for table in _TABLES:
            write_table(tables, table, plan.rows(table))
        write_table(tables, "findings", table_rows(plan.before, "findings"))
        seconds["tables"] = round(time.perf_counter() - start, 3)
        _write_files(plan, folder, files or PlanFiles(), seconds)
        write_json(folder / "summary.json", plan.summary.as_json())
        write_json(folder / "run.json", _run_record(plan, seconds))
    return Path(out)


def _write_files(
    plan: UpgradePlan, folder: Path, files: PlanFiles, seconds: dict[str, float]
) -> None:
    results, works = plan.before, plan.works
    lang: Language = "zh" if results.options.lang == "zh" else "en"
    if files.workbook:
        with timed(seconds, "workbook"):
            write_book(plan_book(results, works), folder / "upgrades.xlsx")
    if files.geopackage:
        with timed(seconds, "geopackage"):
            layers = [*plan_layers(results, works, lang), *plant_layers(results.network, lang)]
            date = results.network.inventory.snapshot_date
            write_layers(layers, folder / "upgrades.gpkg", date)
    if files.maps:
        with timed(seconds, "maps"):
            for name in ("maps", "charts"):
                (folder / name).mkdir()
            drawing = plan_drawing(results, works, lang)
            for suffix in ("png", "pdf") if files.pdf else ("png",):
                write_plan_map(drawing, folder / "maps" / f"before_after.{suffix}")
            write_chart(
                draw_frontier(works, Figure(), lang=lang), folder / "charts" / "frontier.png"
            )


def _name(inventory: Inventory) -> str:
    names = inventory.table("inventory")["name"]
    return str(names[0]) if len(names) else ""


def _run_record(plan: UpgradePlan, seconds: dict[str, float]) -> dict[str, object]:
    inventory = plan.before.network.inventory
    rings = plan.proposed.rings
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [
            {"path": s.path, "sha256": s.sha256, **({"encoding": s.encoding} if s.encoding else {})}
            for s in inventory.sources
        ],
        "inventory": _name(inventory),
        "snapshot_date": inventory.snapshot_date.isoformat() if inventory.snapshot_date else None,
        "options": plan.options.as_record(),
        "scorecard_sha256": plan.options.assessment.card.fingerprint,
        "counts": {name: len(table) for name, table in inventory.tables.items() if len(table)},
        "ring_protection": None if rings is None else {
            "proposals": len(rings.proposals),
            "cost_yuan": rings.cost_yuan,
            "lower_bound_yuan": rings.lower_bound_yuan,
            "is_proven": rings.is_proven,
            "protected": len(rings.protected),
            "unpriced": list(rings.unpriced),
        },
        "mismatches": list(plan.mismatches),
        "seconds": seconds,
    }  # fmt: skip
