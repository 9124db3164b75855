"""Write a failure simulation: tables, summary and the record of the run, whole or not at all."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.simulation.drawing import risk_drawing
from netgraph.report.maps.risk_map import write_risk_map
from netgraph.report.output import output_folder
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from netgraph.assessment.simulation.value import Simulation

_TABLES = ("risks", "risk_members", "worst_by_customer", "findings")


def write_simulation(simulation: Simulation, out: str | Path, *, maps: bool = True) -> Path:
    """Write OUT/tables, OUT/maps/risks.png, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    out
        Folder; an earlier output in it is replaced as a whole, files of the user's own stay.
    maps
        Draw the map of the worst failures.

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
    seconds = dict(simulation.seconds)
    with output_folder(Path(out)) as folder:
        start = time.perf_counter()
        tables = folder / "tables"
        tables.mkdir()
        for table in (*_TABLES, *(("pairs",) if simulation.doubles else ())):
            write_table(tables, table, simulation.rows(table))
        seconds["tables"] = round(time.perf_counter() - start, 3)
        if maps:
            start = time.perf_counter()
            drawing = risk_drawing(simulation, simulation.options.lang)
            (folder / "maps").mkdir()
            write_risk_map(drawing, folder / "maps" / "risks.png")
            seconds["maps"] = round(time.perf_counter() - start, 3)
        write_json(folder / "summary.json", simulation.summary.as_json())
        write_json(folder / "run.json", _run_record(simulation, seconds))
    return Path(out)


def _run_record(simulation: Simulation, seconds: dict[str, float]) -> dict[str, object]:
    inventory = simulation.catalogue.network.inventory
    sources = [*inventory.sources, *(layer.source for layer in simulation.areas)]
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [
            {"path": s.path, "sha256": s.sha256, **({"encoding": s.encoding} if s.encoding else {})}
            for s in sources
        ],
        "snapshot_date": inventory.snapshot_date.isoformat() if inventory.snapshot_date else None,
        "options": simulation.options.as_record(),
        "counts": {name: len(table) for name, table in inventory.tables.items() if len(table)},
        "seconds": seconds,
    }
