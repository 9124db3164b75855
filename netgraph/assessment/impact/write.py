"""Write an impact: whom to call, what fails, what planned routes would break."""

from __future__ import annotations

import time
from dataclasses import asdict, astuple, fields
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.impact.rows import CircuitRow
from netgraph.report.output import output_folder
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from netgraph.assessment.impact.find import Impact
    from netgraph.inventory import Inventory

CIRCUIT_COLUMNS = tuple(field.name for field in fields(CircuitRow))


def write_impact(impact: Impact, out: str | Path, *, inventory: Inventory | None = None) -> Path:
    """Write OUT/tables/impact.csv, contacts.csv, regrooming.csv, OUT/summary.json and run.json.

    Parameters
    ----------
    impact
        What was found.
    out
        Folder: new, empty, or an earlier output.
    inventory
        Its files are named in run.json.

    Raises
    ------
    OutputError
        If the folder cannot be written; then nothing in it has changed.
    """
    start = time.perf_counter()
    with output_folder(Path(out)) as folder:
        tables = folder / "tables"
        tables.mkdir()
        write_table(tables, "impact", map(astuple, impact.circuit_rows))
        write_table(tables, "contacts", map(astuple, impact.contact_rows))
        write_table(tables, "regrooming", map(astuple, impact.regroomed_rows))
        write_json(folder / "summary.json", asdict(impact.summary))
        record = {
            "netgraph": version("netgraph-diversity"),
            "inputs": [
                {"path": s.path, "sha256": s.sha256}
                for s in (inventory.sources if inventory else ())
            ],
            "options": {"elements": [f"{one.table}:{one.id}" for one in impact.failed]},
            "seconds": {"write": round(time.perf_counter() - start, 3)},
        }
        write_json(folder / "run.json", record)
    return Path(out)


def impact_record(impact: Impact) -> dict[str, object]:
    """Give everything as plain values, for JSON."""
    return {
        "elements": [{"table": one.table, "id": one.id, "name": one.name} for one in impact.failed],
        "summary": asdict(impact.summary),
        "contacts": [asdict(row) for row in impact.contact_rows],
        "circuits": [asdict(row) for row in impact.circuit_rows],
        "regrooming": [asdict(row) for row in impact.regroomed_rows],
    }
