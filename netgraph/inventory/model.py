"""The inventory as a value: typed columns, findings and where it all came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any, SupportsIndex

from netgraph.errors import UsageError
from netgraph.inventory.coded import Coded
from netgraph.inventory.findings import SEVERITIES, Finding
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message, say_here

#: What `risk_members.membership` says of an element that may belong to a group, or may not.
POSSIBLE = "possible"
#: Ids of the risk groups that hazard areas become begin so.
HAZARD_PREFIX = "hazard-"

if TYPE_CHECKING:
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray


class Columns(Mapping[str, "NDArray[Any]"]):
    """Columns by name; columns of words are kept as numbers, and spelled out when asked for.

    Parameters
    ----------
    columns
        By name, each of shape (n,).
    """

    def __init__(self, columns: Mapping[str, NDArray[Any] | Coded]) -> None:
        self._columns = columns
        self._spelled: dict[str, NDArray[Any]] = {}
        self._coded: dict[str, Coded] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        """One column, of shape (n,)."""
        column = self._columns[name]
        if not isinstance(column, Coded):
            return column
        if name not in self._spelled:
            self._spelled[name] = column.cells()
        return self._spelled[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._columns)

    def __len__(self) -> int:
        """Count the columns."""
        return len(self._columns)

    def kept(self, name: str) -> NDArray[Any] | Coded:
        """Give one column as it is kept."""
        return self._columns[name]

    def coded(self, name: str) -> Coded:
        """Give one column of words as numbers."""
        column = self._columns[name]
        if isinstance(column, Coded):
            return column
        if name not in self._coded:
            self._coded[name] = Coded.of_words(column)
        return self._coded[name]


@dataclass(frozen=True, eq=False)
class Table:
    """One table, column by column.

    Parameters
    ----------
    name
        Name of the table in the schema.
    columns
        EVERY column of the schema, each of shape (n,). Ids, references, texts and enums are
        object arrays of str with ``""`` for missing; ``float`` and ``int`` are float64 with NaN;
        ``bool`` is int8 with 1, 0 and -1 (unknown); dates are datetime64[D], points in time
        datetime64[m], both with NaT; geometries are object arrays of shapely lines or None.
        Point geometries, while read x and y of shape (n, 2), are folded into ``lon`` and ``lat``.
    lines
        Number of each row as a person sees it in the source, shape (n,).
    recorded
        Columns that the source has; empty when the table itself is absent.
    place
        What `lines` counts in: ``spans.csv``, ``sheet spans``, ``layer spans``.
    """

    name: str
    columns: Mapping[str, NDArray[Any]]
    lines: NDArray[np.int64]
    recorded: frozenset[str]
    place: str = ""

    def __post_init__(self) -> None:
        """Let plain columns be asked for as numbers, too."""
        if not isinstance(self.columns, Columns):
            object.__setattr__(self, "columns", Columns(self.columns))

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.lines)

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column, of shape (n,)."""
        return self.columns[column]

    def coded(self, column: str) -> Coded:
        """One column of words as numbers, of shape (n,); all ids that were read share them."""
        return self._columns.coded(column)

    def select(self, rows: NDArray[Any]) -> Table:
        """Make a table of some of the rows: positions, or marks of shape (n,)."""
        kept = ((name, self._columns.kept(name)) for name in self.columns)
        columns = {
            name: column.take(rows) if isinstance(column, Coded) else column[rows]
            for name, column in kept
        }
        return replace(self, columns=Columns(columns), lines=self.lines[rows])

    def with_columns(self, columns: Mapping[str, NDArray[Any] | Coded]) -> Table:
        """Make a table with other columns in place of some."""
        kept = {name: self._columns.kept(name) for name in self.columns}
        return replace(self, columns=Columns({**kept, **columns}))

    @property
    def _columns(self) -> Columns:
        return self.columns if isinstance(self.columns, Columns) else Columns(self.columns)

    @property
    def is_recorded(self) -> bool:
        """Whether the source has the table at all, be it without rows."""
        return bool(self.recorded)

    def row_id(self, row: SupportsIndex) -> str:
        """Name one row, given its position: its id, or its key columns joined by ``/``."""
        return "/".join(_key_text(self.columns[name][row]) for name in load_schema()[self.name].key)

    def where(self, row: SupportsIndex) -> str:
        """Say where a person finds one row, given its position."""
        return Message("{0} row {1}", self.place, self.lines[row])


def _key_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return "" if value != value else f"{value:.15g}"  # noqa: PLR0124 - only NaN differs from itself


@dataclass(frozen=True)
class Source:
    """One file that was read.

    Parameters
    ----------
    path
        As the user gave it.
    sha256
        Hexadecimal digest of its bytes.
    encoding
        Encoding of a text file.
    """

    path: str
    sha256: str
    encoding: str = ""


@dataclass(frozen=True, eq=False)
class Inventory:
    """The tables of a network, checked as far as reading goes.

    Parameters
    ----------
    tables
        EVERY table of the schema by name, maybe with no rows.
    findings
        What reading found, sorted.
    sources
        Files that were read; empty for tables made in memory.
    crs
        ``EPSG:4326``, or empty for plane coordinates without a reference system.
    snapshot_date
        Date to which the records refer.
    """

    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    crs: str
    snapshot_date: date | None

    def table(self, name: str) -> Table:
        """One table by name.

        Raises
        ------
        UsageError
            If the schema has no such table.
        """
        if name not in self.tables:
            message = Message(
                "there is no table {0!r}; the tables are {1}", name, ", ".join(self.tables)
            )
            raise UsageError(message)
        return self.tables[name]

    def __repr__(self) -> str:
        """Show the size in one line."""
        rows = ", ".join(
            f"{len(table)} {name}" for name, table in self.tables.items() if len(table)
        )
        return f"<Inventory: {rows or 'no rows'}; {len(self.findings)} findings>"

    def _repr_html_(self) -> str:
        """Rows per table and findings per severity, for notebooks."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td style='text-align:right'>{len(table):,}</td></tr>"
            for name, table in self.tables.items()
            if table.is_recorded
        )
        counts = Counter(finding.severity for finding in self.findings)
        found = Message("{0} error, {1} warning, {2} info", *(counts[each] for each in SEVERITIES))
        day = self.snapshot_date.isoformat() if self.snapshot_date else Message("no snapshot date")
        caption = say_here(Message("Inventory ({0}); findings of reading: {1}", day, found))
        heads = "".join(
            f"<th>{say_here(head)}</th>" for head in (Message("table"), Message("rows"))
        )
        return (
            f"<table><caption>{caption}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        )
