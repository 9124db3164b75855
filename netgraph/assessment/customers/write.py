"""Write the sheets of customers: one PDF each."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.customers.drawing import customer_drawing
from netgraph.assessment.customers.narrow import find_customers, narrowed
from netgraph.assessment.customers.sheet import CustomerCase, customer_sheet
from netgraph.assessment.options import Options
from netgraph.assessment.run import assess
from netgraph.report.maps.draw import write_map
from netgraph.report.output import RUN_FILE, output_folder, refuse_other_job
from netgraph.report.pdf import write_report
from netgraph.report.tables import write_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.assessment.run import Progress
    from netgraph.assessment.value import Assessment
    from netgraph.inventory import Inventory

_KEY = "customers"  # of run.json: tells the sheets from the outputs of other jobs
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')
_MOST_LETTERS = 80


def assess_customers(
    inventory: Inventory,
    wanted: Iterable[str] = (),
    options: Options | None = None,
    *,
    progress: Progress | None = None,
) -> list[CustomerCase]:
    """Assess the sites of some customers, on everybody's plant.

    Parameters
    ----------
    inventory
        As read.
    wanted
        Ids or exact names of customers; all that have circuits when empty.
    options, progress
        As in :func:`netgraph.assessment.assess`.

    Returns
    -------
    list of CustomerCase
        One a customer. Verdicts and scores are those of an assessment of the whole inventory,
        at the price of their own circuits.

    Raises
    ------
    UsageError
        If a customer is unknown, ambiguous, or without circuits.
    """
    customers = find_customers(inventory, wanted)
    assessment = assess(narrowed(inventory, customers), options or Options(), progress=progress)
    return [CustomerCase(assessment, customer) for customer in customers]


def write_customers(
    cases: Iterable[CustomerCase], out: str | Path, *, progress: Progress | None = None
) -> list[Path]:
    """Write OUT/ID.pdf for each customer, and OUT/run.json.

    Returns
    -------
    list of Path
        The sheets.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds the output of another job; then nothing in it
        has changed.
    """
    out, cases = Path(out), list(cases)
    refuse_other_job(out, _KEY)
    names = _file_names([case.customer_id for case in cases])
    with output_folder(out) as folder:
        for done, (case, name) in enumerate(zip(cases, names, strict=True)):
            if progress:
                progress("write", done, len(cases))
            write_customer(case, folder / name)
        write_json(folder / RUN_FILE, _run_record(cases[0].assessment, cases, names))
    return [out / name for name in names]


def write_customer(case: CustomerCase, path: Path) -> None:
    """Write the sheet of one customer as PDF; the same case gives the same bytes."""
    drawing = customer_drawing(
        case.assessment, case.name, case.standings, case.verdicts, case.causes
    )
    with tempfile.TemporaryDirectory(prefix="netgraph-") as folder:
        picture = Path(folder) / "map.png"
        write_map(replace(drawing, sheet=replace(drawing.sheet, lang=case.lang)), picture)
        write_report(customer_sheet(case, picture), path)


def _file_names(customers: list[str]) -> list[str]:
    """File names that every system takes; ids that come to the same one are numbered."""
    names: list[str] = []
    for customer in customers:
        stem = _NO_FILE_NAME.sub("_", customer)[:_MOST_LETTERS].strip("._") or "customer"
        name, number = f"{stem}.pdf", 1
        while name.lower() in {other.lower() for other in names}:
            number += 1
            name = f"{stem}-{number}.pdf"
        names.append(name)
    return names


def _run_record(
    assessment: Assessment, cases: list[CustomerCase], names: list[str]
) -> dict[str, object]:
    inventory = assessment.network.inventory
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [{"path": s.path, "sha256": s.sha256} for s in inventory.sources],
        "snapshot_date": inventory.snapshot_date.isoformat() if inventory.snapshot_date else None,
        "options": assessment.options.as_record(),
        _KEY: {case.customer_id: name for case, name in zip(cases, names, strict=True)},
    }
