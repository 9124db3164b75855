"""Raw cells to an inventory: names, types, mandatory values, unique ids, positions.

What makes the input unreadable is collected and raised once; everything else is a finding, and
the row goes on with the value missing.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.errors import InputError
from netgraph.inventory.coded import Vocabulary
from netgraph.inventory.columns import (
    canonical_name,
    empty_table,
    find_near_miss,
    parse_table,
    rename_hint,
)
from netgraph.inventory.findings import INFO, Finding, sort_findings
from netgraph.inventory.model import Inventory
from netgraph.inventory.raw import RawInventory, RawTable, object_array
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from netgraph.inventory.model import Table
    from netgraph.inventory.positions import Placement


def from_columns(tables: Mapping[str, Mapping[str, Sequence[object]]]) -> Inventory:
    """Make an inventory of columns in memory, exactly as if they had been read from a file.

    Parameters
    ----------
    tables
        Table name to column name to cells: str, float, int, bool, date or None; geometries as
        WKT or shapely objects.

    Returns
    -------
    Inventory
        With the findings of reading.

    Raises
    ------
    InputError
        If the tables cannot be read; it lists everything that is wrong.
    """
    raw, problems = [], []
    for name, columns in tables.items():
        cells = {column: _cells_of(entries) for column, entries in columns.items()}
        lengths = {len(column) for column in cells.values()}
        if len(lengths) > 1:
            problems.append(
                Message("{0}: the columns have {1} rows. Make them equal.", name, sorted(lengths))
            )
            continue
        lines = np.arange(1, max(lengths, default=0) + 1, dtype=np.int64)
        raw.append(RawTable(name=name, columns=cells, lines=lines, place=name))
    return parse_inventory(RawInventory(tuple(raw), problems=tuple(problems)))


def _cells_of(entries: Sequence[object]) -> NDArray[Any]:
    if isinstance(entries, np.ndarray) and entries.dtype.kind in "fiubM":
        return entries
    return object_array(entries)


def parse_inventory(raw: RawInventory) -> Inventory:
    """Parse what a reader hands over.

    Parameters
    ----------
    raw
        Tables, sources, findings and problems of reading.

    Returns
    -------
    Inventory
        Every table and column of the schema; findings sorted.

    Raises
    ------
    InputError
        Listing every problem: those of reading, mandatory columns that are missing, duplicate
        ids, unknown tiers, an unusable reference system.
    """
    known, unknown, problems = _match_tables(raw.tables)
    problems = [*raw.problems, *problems]
    findings = [*raw.findings, *unknown]
    tables, layer_crs, vocabulary = {}, {}, Vocabulary()
    for name, spec in load_schema().items():
        if name not in known:
            tables[name] = empty_table(spec, vocabulary)
            continue
        table = known[name].loaded()
        try:
            tables[name], found, wrong = parse_table(spec, table, vocabulary)
        except UnicodeDecodeError:
            tables[name], found = empty_table(spec, vocabulary), []
            wrong = [Message(
                "{0}: {1} holds bytes that are no text in UTF-8. Export it again.", name,
                table.place,
            )]  # fmt: skip
        layer_crs[name] = table.crs
        findings += found
        problems += wrong
    placement = _place(tables, layer_crs, problems)
    return Inventory(
        tables=MappingProxyType(placement.tables),
        findings=sort_findings((*findings, *placement.findings)),
        sources=raw.sources,
        crs=placement.crs,
        snapshot_date=_snapshot_date(placement.tables["inventory"]),
    )


def _place(
    tables: dict[str, Table], layer_crs: Mapping[str, str], problems: list[str]
) -> Placement:
    """Place points and lines; raise all problems at once, those of the positions included."""
    from netgraph.inventory.positions import place_points_and_lines  # loads PROJ: cells come first

    try:
        placement = place_points_and_lines(tables, layer_crs)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from error
    if problems:
        raise InputError(problems)
    return placement


def _match_tables(
    raw_tables: Iterable[RawTable],
) -> tuple[dict[str, RawTable], list[Finding], list[str]]:
    """Sort tables into those of the schema and others."""
    known: dict[str, RawTable] = {}
    others: list[RawTable] = []
    problems: list[str] = []
    for raw in raw_tables:
        name = canonical_name(raw.name)
        if name.startswith("_"):
            continue
        if name in known:
            problems.append(
                Message(
                    "{0}: the table stands twice, the second in {1}. Keep one.", name, raw.place
                )
            )
        elif name in load_schema():
            known[name] = raw
        else:
            others.append(raw)
    findings = [_unknown_table_finding(raw, set(load_schema()) - set(known)) for raw in others]
    return known, findings, problems


def _unknown_table_finding(raw: RawTable, absent: set[str]) -> Finding:
    near = find_near_miss(canonical_name(raw.name), sorted(absent))
    hint = rename_hint(near)
    message = Message("table {0!r} is not in the schema and was not read", raw.name)
    return Finding("ND900", INFO, raw.name, "", message, hint, raw.place)


def _snapshot_date(table: Table) -> date | None:
    dates = table["snapshot_date"]
    return None if len(dates) == 0 or np.isnat(dates[0]) else dates[0].astype(object)
