"""The output contract: every table that netgraph writes, its columns, kinds and allowed words.

The contract itself is data: `contract.csv`, one row a column. Other tools read these tables, so a
column is never renamed or dropped; new ones are added at the end.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT_TABLES = ("cities", "counties", "customers")
_UNIT_COLUMNS = "units"  # the columns that the three tables above have in common


@dataclass(frozen=True)
class Column:
    """One column of an output table.

    `kind` is id, text, enum, bool, count, number, metres, degrees, ratio or modelled (a number of
    two significant digits). `key` is "yes" (part
    of the unique key), "sort" (rows are sorted by it, duplicates are fine) or empty. `allowed` is
    the group of :mod:`netgraph.report.labels` that an enum takes its words from.
    """

    name: str
    kind: str
    key: str
    allowed: str
    description: str

    def words(self) -> frozenset[str]:
        """Return the words that an enum may take; empty for every other kind."""
        return frozenset(labels.identifiers(self.allowed)) if self.allowed else frozenset()


@dataclass(frozen=True)
class TableSpec:
    """An output table: its columns in order, and how its rows are sorted."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order: the heading of the file."""
        return tuple(column.name for column in self.columns)

    @property
    def sort_positions(self) -> tuple[int, ...]:
        """Positions of the columns that rows are sorted by, as plain strings."""
        return tuple(i for i, column in enumerate(self.columns) if column.key)

    @property
    def is_unique(self) -> bool:
        """Whether two rows may not have the same key."""
        return any(column.key == "yes" for column in self.columns)


@functools.cache
def table_specs() -> Mapping[str, TableSpec]:
    """Read the contract: table name -> its specification, in the order of the file."""
    text = resources.files("netgraph.report").joinpath("contract.csv").read_text("utf-8")
    columns: dict[str, list[Column]] = {}
    for row in csv.DictReader(text.splitlines()):
        columns.setdefault(row.pop("table"), []).append(Column(row.pop("column"), **row))
    shared = columns.pop(_UNIT_COLUMNS)
    for name in UNIT_TABLES:
        columns[name] += shared
    return {name: TableSpec(name, tuple(own)) for name, own in columns.items()}
