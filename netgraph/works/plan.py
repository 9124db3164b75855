"""Read what `netgraph upgrades` wrote: the chosen works, and what each is held to."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.works.model import Demand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CURE = Message("Write the plan again with netgraph upgrades INVENTORY -o PLAN_DIR.")
_MOST = 12
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "upgrades": (
        "project_id", "priority", "chosen", "kind", "sites", "from_id", "to_id", "ring",
        "cost_yuan", "price_level",
    ),
    "equipment_works": (
        "project_id", "priority", "chosen", "kind", "sites", "table", "element_id", "quantities",
        "cost_yuan", "price_level",
    ),
    "upgrade_sites": ("site_id", "city"),
    "acceptance": (
        "project_id", "number", "aspect", "site_id", "item_id", "table", "row_id", "column",
        "test", "expected", "through",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class PlannedWork:
    """One chosen work as the plan has it."""

    id: str
    kind: str
    subject: str
    sites: tuple[str, ...]
    cities: tuple[str, ...]
    quantities: str
    cost_yuan: float | None
    price_level: str
    priority: int
    demands: tuple[Demand, ...]


@dataclass(frozen=True)
class Measure:
    """By what a plan was judged, so that its works are held to the same.

    Attributes
    ----------
    rules
        Thresholds, as run.json has them.
    scorecard
        Fingerprint of the scorecard.
    hazards, hazard_kind
        Layers of hazard areas that were laid over the inventory, and their column of kinds.
    """

    rules: Mapping[str, Any]
    scorecard: str
    hazards: tuple[str, ...]
    hazard_kind: str


@dataclass(frozen=True)
class Plan:
    """A plan as it was written.

    Attributes
    ----------
    inventory
        Name of the inventory, "" where it has none.
    snapshot_date
        Date of the records that the works rest on.
    sha256
        Of run.json and the tables.
    sites
        City of every planned site.
    """

    folder: str
    inventory: str
    snapshot_date: date
    sha256: str
    measure: Measure
    sites: Mapping[str, str]
    works: tuple[PlannedWork, ...]


def read_plan(folder: str | Path) -> Plan:
    """Read the output folder of a plan of works.

    Raises
    ------
    InputError
        If it is no such folder, a table or column is missing, a value cannot be read, or the
        inventory had no snapshot date; all problems at once.
    """
    folder = Path(folder)
    try:
        raw = (folder / "run.json").read_bytes()
        run = json.loads(raw)
        measure = Measure(
            dict(run["options"]["assessment"]["rules"]), str(run["scorecard_sha256"]),
            tuple(map(str, run["options"]["assessment"]["hazards"])),
            str(run["options"]["assessment"]["hazard_kind"]),
        )  # fmt: skip
        name, day = str(run["inventory"]), run["snapshot_date"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        problem = Message(
            "{0} does not hold a plan of works ({1}). {2}", folder, _told(error), _CURE
        )
        raise InputError([problem]) from error
    digest = hashlib.sha256(raw)
    tables, problems = _read_tables(folder, digest)
    if not day:
        problems.append(
            Message(
                "{0}: the inventory of this plan had no snapshot date, so no inventory "
                "can be newer than it. Fill inventory.snapshot_date and plan again.",
                folder,
            )
        )
    reader = _Reader(tables)
    works = tuple(reader.works()) if not problems else ()
    problems += reader.problems
    if problems:
        more = (
            [Message("... and {0} more.", len(problems) - _MOST)] if len(problems) > _MOST else []
        )
        raise InputError([*problems[:_MOST], *more])
    return Plan(
        folder=str(folder), inventory=name, snapshot_date=date.fromisoformat(str(day)),
        sha256=digest.hexdigest(), measure=measure, sites=reader.cities, works=works,
    )  # fmt: skip


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}"
    return (
        Message("run.json lacks {0}", error)
        if isinstance(error, KeyError)
        else Message("run.json: {0}", error)
    )


def _read_tables(
    folder: Path, digest: hashlib._Hash
) -> tuple[dict[str, list[dict[str, str]]], list[str]]:
    tables: dict[str, list[dict[str, str]]] = {}
    problems: list[str] = []
    for name, columns in _COLUMNS.items():
        path = folder / "tables" / f"{name}.csv"
        try:
            raw = path.read_bytes()
            rows = csv.DictReader(StringIO(raw.decode("utf-8-sig"), newline=""))
            lacking = [column for column in columns if column not in (rows.fieldnames or ())]
            tables[name] = list(rows)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            problems.append(Message("{0}: cannot be read ({1}). {2}", path, error, _CURE))
            continue
        digest.update(raw)
        if lacking:
            problems.append(
                Message("{0}: the columns {1} are missing. {2}", path, ", ".join(lacking), _CURE)
            )
    return tables, problems


class _Reader:
    """Turns rows into works; what is wrong is gathered."""

    def __init__(self, tables: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
        self.problems: list[str] = []
        self._tables = tables
        sites = tables.get("upgrade_sites", ())
        self.cities = {row.get("site_id") or "": row.get("city") or "" for row in sites}

    def works(self) -> Iterator[PlannedWork]:
        demands: dict[str, list[Demand]] = {}
        for row in self._tables["acceptance"]:
            told = {name: row[name] or "" for name in _COLUMNS["acceptance"]}
            demands.setdefault(told.pop("project_id"), []).append(Demand(**told))
        seen: set[str] = set()
        for table in ("equipment_works", "upgrades"):
            for line, row in enumerate(self._tables[table], start=2):
                if row["chosen"] != "true":
                    continue
                where = f"{table}.csv row {line}"
                name = row["project_id"]
                if not name or name in seen:
                    self.problems.append(
                        Message("{0}: project_id {1!r} is empty or stands twice.", where, name)
                    )
                    continue
                seen.add(name)
                yield self._work(row, where, tuple(demands.get(name, ())))

    def _work(self, row: Mapping[str, str], where: str, demands: tuple[Demand, ...]) -> PlannedWork:
        sites = _parts(row["sites"])
        return PlannedWork(
            id=row["project_id"],
            kind=row["kind"],
            subject=_subject(row),
            sites=sites,
            cities=tuple(dict.fromkeys(c for s in sites if (c := self.cities.get(s, "")))),
            quantities=row.get("quantities") or "",
            cost_yuan=self._number(row, "cost_yuan", where),
            price_level=row["price_level"],
            priority=int(self._number(row, "priority", where) or 0),
            demands=demands,
        )

    def _number(self, row: Mapping[str, str], column: str, where: str) -> float | None:
        try:
            return float(row[column]) if row[column] else None
        except ValueError:
            self.problems.append(
                Message("{0}: {1} is {2!r}, expected a number.", where, column, row[column])
            )
            return None


def _subject(row: Mapping[str, str]) -> str:
    """Name what is worked on: a row, a ring, or the ends of a route."""
    if "element_id" in row:
        return f"{row['table']}:{row['element_id']}"
    return " - ".join(_parts(row["ring"])) or f"{row['from_id']} - {row['to_id']}"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)
