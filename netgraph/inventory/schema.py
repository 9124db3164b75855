"""The tables of an inventory, as data.

``schema/tables.csv`` and ``schema/columns.csv`` are the single source of table and column names,
types, units, defaults, allowed values and references: the readers, the checks, the writers, the
template workbook and the documentation all use what :func:`load_schema` returns.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

ColumnType = Literal[
    "id", "ref", "text", "enum", "float", "int", "bool", "date", "datetime", "geometry"
]
#: Types of the columns that hold words, missing ones empty.
WORD_TYPES = frozenset({"id", "ref", "text", "enum"})
GEOMETRY = "geometry"
POINT_COLUMNS = ("lon", "lat")


@dataclass(frozen=True)
class ColumnSpec:
    """One column.

    Parameters
    ----------
    table, name
        Where it stands.
    type
        ``id`` and ``ref`` are strings that are compared exactly; a ``ref`` without references is a
        label that only has to be equal (a trench, a building).
    unit
        Unit of a number; empty for counts and text.
    required
        A table without this column cannot be read.
    default
        What an empty cell means; empty: the value is missing.
    allowed
        Values of an ``enum``; for a number one bound, such as ``>0``.
    references
        Tables of which one must have the id.
    description, description_zh
        One sentence, in English and in Chinese.
    """

    table: str
    name: str
    type: ColumnType
    unit: str
    required: bool
    default: str
    allowed: tuple[str, ...]
    references: tuple[str, ...]
    description: str
    description_zh: str


@dataclass(frozen=True)
class TableSpec:
    """One table.

    Parameters
    ----------
    name
        Name of the file, sheet or layer.
    key
        Columns that tell rows apart; empty for the one row of ``inventory``.
    columns
        By name, in the order in which they are written.
    is_thing
        The rows are things with a status and an owner.
    description, needed_for
        One sentence each; in Chinese in `description_zh`, `needed_for_zh`.
    """

    name: str
    key: tuple[str, ...]
    columns: Mapping[str, ColumnSpec]
    is_thing: bool
    description: str
    needed_for: str
    description_zh: str
    needed_for_zh: str

    @property
    def has_id(self) -> bool:
        """Whether the rows have an identifier of their own."""
        return self.key == ("id",)

    @property
    def has_points(self) -> bool:
        """Whether the rows are points with ``lon`` and ``lat``."""
        return "lon" in self.columns

    @property
    def has_lines(self) -> bool:
        """Whether the rows may have a line geometry."""
        return GEOMETRY in self.columns and not self.has_points


Schema = MappingProxyType[str, TableSpec]


@functools.cache
def load_schema() -> Schema:
    """Load the tables, by name, in the order in which they are written.

    Returns
    -------
    mapping of str to TableSpec
        Read-only; the same object at every call.
    """
    columns: dict[str, dict[str, ColumnSpec]] = {}
    for row in _read_rows("columns.csv"):
        spec = _column_of(row)
        columns.setdefault(spec.table, {})[spec.name] = spec
    tables = {
        row["table"]: TableSpec(
            name=row["table"],
            key=_split(row["key"]),
            columns=MappingProxyType(columns[row["table"]]),
            is_thing=row["thing"] == "true",
            description=row["description"],
            needed_for=row["needed_for"],
            description_zh=row["description_zh"],
            needed_for_zh=row["needed_for_zh"],
        )
        for row in _read_rows("tables.csv")
    }
    return MappingProxyType(tables)


@functools.cache
def load_aliases() -> Mapping[str, tuple[str, ...]]:
    """Load other spellings of allowed values: alias to the values that it may stand for."""
    aliases: dict[str, tuple[str, ...]] = {}
    for row in _read_rows("aliases.csv"):
        aliases[row["alias"]] = (*aliases.get(row["alias"], ()), row["value"])
    return MappingProxyType(aliases)


def _read_rows(name: str) -> list[dict[str, str]]:
    source = resources.files("netgraph.inventory").joinpath("schema", name)
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def _column_of(row: dict[str, str]) -> ColumnSpec:
    for known in get_args(ColumnType):
        if known == row["type"]:
            return ColumnSpec(
                table=row["table"],
                name=row["column"],
                type=known,
                unit=row["unit"],
                required=row["required"] == "true",
                default=row["default"],
                allowed=_split(row["allowed"]),
                references=_split(row["references"]),
                description=row["description"],
                description_zh=row["description_zh"],
            )
    message = f"schema: {row['table']}.{row['column']} has the unknown type {row['type']!r}"
    raise ValueError(message)


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)
