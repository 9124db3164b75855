"""Write a plan of works: tables, summary and the record of the run, whole or not at all."""

from __future__ import annotations

import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.report.output import output_folder
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.inventory import Inventory

_TABLES = ("upgrades", "equipment_works", "frontier", "greedy", "upgrade_sites", "acceptance")


def write_upgrades(plan: UpgradePlan, out: str | Path) -> Path:
    """Write OUT/tables, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    out
        Folder; an earlier output in it is replaced as a whole, files of the user's own stay.

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
        seconds["tables"] = round(time.perf_counter() - start, 3)
        write_json(folder / "summary.json", plan.summary.as_json())
        write_json(folder / "run.json", _run_record(plan, seconds))
    return Path(out)


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
