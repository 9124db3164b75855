"""Read back what `netgraph assess` wrote, and tell whether two of them can be compared."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.report.output import RUN_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    #: One row of a written table, every cell as text.
    Cells = Mapping[str, str]

#: What is read, the key first: an output of an older version may lack columns that came later.
_COLUMNS = {
    "sites": (
        "site_id", "customer_id", "name", "city", "county", "tier", "recorded_level",
        "required_level", "score", "ratio", "grade",
    ),
    "circuits": (
        "circuit_id", "customer_id", "site_id", "tier", "group_id", "group_level", "reason",
    ),
    "hazards": (
        "hazard_id", "site_id", "group_id", "severity", "kind", "from_structure", "to_structure",
        "elements", "shared_length_m",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One assessment, as its folder says.

    Attributes
    ----------
    folder, sha256
        Where it stands, and the digest of its run.json.
    snapshot_date
        Of its inventory; None where none was recorded.
    full_marks, points, rules
        What its scores and levels rest on.
    sites, circuits, hazards
        Rows by id.
    items
        Item to whether each site that it applies to passes it; empty where the run has no such
        table.
    customers
        Names of the customers by id.
    wording
        Wording of the items in Chinese and English; empty in the output of an older version.
    """

    folder: Path
    sha256: str
    snapshot_date: date | None
    full_marks: Mapping[str, object]
    points: Mapping[str, object]
    rules: Mapping[str, object]
    sites: Mapping[str, Cells] = field(repr=False)
    circuits: Mapping[str, Cells] = field(repr=False)
    hazards: Mapping[str, Cells] = field(repr=False)
    items: Mapping[str, Sequence[bool]] = field(default_factory=dict, repr=False)
    customers: Mapping[str, str] = field(default_factory=dict, repr=False)
    wording: Mapping[str, object] = field(default_factory=dict, repr=False)


def read_run(folder: str | Path) -> Run:
    """Read the output folder of an assessment.

    Raises
    ------
    InputError
        If it is not one: no run.json of an assessment, or a table or column is missing.
    """
    folder = Path(folder)
    record, digest = _record(folder)
    tables = {name: _table(folder, name) for name in _COLUMNS}
    snapshot = record.get("snapshot_date")
    card, options = _part(record, "scorecard"), _part(record, "options")
    return Run(
        folder=folder,
        sha256=digest,
        snapshot_date=date.fromisoformat(snapshot) if isinstance(snapshot, str) else None,
        full_marks=_part(card, "full_marks"),
        points=_part(card, "points"),
        rules=_part(options, "rules"),
        items=_items(folder),
        customers={row["customer_id"]: row["name"] for row in _rows_of(folder, "customers")},
        wording=_part(card, "wording"),
        **tables,
    )


def _items(folder: Path) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {}
    for row in _rows_of(folder, "items"):
        if row["result"] != "not_applicable":
            found.setdefault(row["item_id"], []).append(row["result"] == "pass")
    return found


def _rows_of(folder: Path, name: str) -> Iterator[Cells]:
    """Read a table that a comparison can do without."""
    path = folder / "tables" / f"{name}.csv"
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from csv.DictReader(file)


def _record(folder: Path) -> tuple[dict[str, object], str]:
    """Read run.json; only an assessment has a scorecard and lists tables/sites.csv."""
    path = folder / RUN_FILE
    try:
        content = path.read_bytes()
        record = json.loads(content)
    except (OSError, ValueError) as error:
        message = Message(
            "{0} is no output of netgraph assess: {1} cannot be read ({2}).", folder, path, error
        )
        raise InputError([message]) from error
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, list) or "tables/sites.csv" not in files or "scorecard" not in record:
        message = Message(
            "{0} is no output of netgraph assess: its {1} names no scorecard, or no "
            "tables/sites.csv. Give the folder that assess wrote with -o.",
            folder,
            RUN_FILE,
        )
        raise InputError([message])
    return record, hashlib.sha256(content).hexdigest()


def _part(record: Mapping[str, object], name: str) -> Mapping[str, object]:
    part = record.get(name)
    return part if isinstance(part, dict) else {}


def _table(folder: Path, name: str) -> dict[str, Cells]:
    path = folder / "tables" / f"{name}.csv"
    key = _COLUMNS[name][0]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(_COLUMNS[name]) - set(reader.fieldnames or ())
            rows: dict[str, Cells] = {row[key]: row for row in reader} if not missing else {}
    except (OSError, ValueError, csv.Error) as error:
        message = Message("{0} cannot be read ({1}): assess the inventory again.", path, error)
        raise InputError([message]) from error
    if missing:
        message = Message(
            "{0} lacks the columns {1}: it was written by another version, or "
            "changed; assess the inventory again.",
            path,
            ", ".join(sorted(missing)),
        )
        raise InputError([message])
    return rows


def check_comparable(old: Run, new: Run) -> None:
    """Raise an InputError that says why two runs cannot be compared, if they cannot."""
    problems = []
    if old.snapshot_date and new.snapshot_date and old.snapshot_date > new.snapshot_date:
        problems.append(
            Message(
                "{0} is of {1} and {2} of {3}: the older one comes first; exchange them.",
                old.folder,
                old.snapshot_date,
                new.folder,
                new.snapshot_date,
            )
        )
    rules = old.rules.keys() & new.rules.keys()  # an older version may not have known them all
    for what, cure, a, b, names in (
        ("full marks", "--scorecard", old.full_marks, new.full_marks, None),
        ("points", "--scorecard", old.points, new.points, None),
        ("rules", "--rules", old.rules, new.rules, rules),
    ):
        compared = {*a, *b} if names is None else names
        differing = sorted(name for name in compared if a.get(name) != b.get(name))
        if differing:
            problems.append(
                Message(
                    "The two runs have different {0} ({1}): a difference in their results"
                    " would say nothing. Assess both inventories with the same {2}.",
                    what,
                    ", ".join(differing),
                    cure,
                )
            )
    if not old.sites.keys() & new.sites.keys():
        problems.append(
            Message(
                "{0} and {1} have no site in common: they are not of one network, or the "
                "ids have changed.",
                old.folder,
                new.folder,
            )
        )
    if problems:
        raise InputError(problems)
