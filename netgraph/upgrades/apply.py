"""Apply actions to an inventory: a new inventory with the changed, added and removed rows."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from netgraph.errors import UsageError
from netgraph.inventory import load_schema
from netgraph.inventory.model import Columns
from netgraph.inventory.schema import WORD_TYPES
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory import Inventory, Table
    from netgraph.inventory.coded import Coded
    from netgraph.upgrades.action import Action, Addition, Cell, Change, Increase, Removal

    _Part = TypeVar("_Part", Change, Increase, Addition, Removal)


def apply_actions(inventory: Inventory, actions: Iterable[Action]) -> Inventory:
    """Do works on paper: the inventory as it would be recorded afterwards.

    Rows are removed first, then changed, counted up and added, whatever the order of the actions.

    Parameters
    ----------
    actions
        Each once; an action that is required by another must be among them.

    Returns
    -------
    Inventory
        New tables where something changed; findings of reading and sources are kept.

    Raises
    ------
    UsageError
        If an action names a row or column that is not there, or lacks one that it requires.
    """
    chosen = tuple(actions)
    _check_requirements(chosen)
    tables = dict(inventory.tables)
    for name, removals in _by_table(r for a in chosen for r in a.removals).items():
        tables[name] = _without(tables[name], removals)
    for name, changes in _by_table(c for a in chosen for c in a.changes).items():
        tables[name] = _changed(tables[name], changes)
    for name, increases in _by_table(i for a in chosen for i in a.increases).items():
        tables[name] = _increased(tables[name], increases)
    for name, additions in _by_table(r for a in chosen for r in a.additions).items():
        tables[name] = _extended(tables[name], additions)
    return replace(inventory, tables=MappingProxyType(tables))


class CellReader:
    """Reads single cells of an inventory by row id; rows are indexed once a table."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._row_of: dict[str, dict[str, int]] = {}

    def find(self, table: str, row_id: str, column: str) -> object | None:
        """Typed value of a cell; None where it is missing, or there is no such row."""
        if table not in self._row_of:
            self._row_of[table] = _rows(self._inventory.table(table), ())
        row = self._row_of[table].get(row_id)
        if row is None:
            return None
        value = self._inventory.table(table)[column][row]
        is_missing = (
            np.isnat(value) if isinstance(value, np.datetime64)
            else value < 0 if isinstance(value, np.signedinteger)
            else value != value if isinstance(value, float)  # noqa: PLR0124 - only NaN differs
            else value in {"", None}
        )  # fmt: skip
        return None if is_missing else value

    def differs(self, table: str, row_id: str, column: str, value: Cell) -> bool:
        """Whether a cell holds something else than a value (or nothing)."""
        now = self.find(table, row_id, column)
        wanted = _typed(self._inventory.table(table), column, value)
        return now is None or bool(now != wanted)


def _check_requirements(actions: tuple[Action, ...]) -> None:
    there = {action.id for action in actions}
    for action in actions:
        lacking = [name for name in action.requires if name not in there]
        if lacking:
            message = Message(
                "action {0} needs {1} as well: apply them together", action.id, ", ".join(lacking)
            )
            raise UsageError(message)


def _by_table(parts: Iterable[_Part]) -> dict[str, list[_Part]]:
    result: dict[str, list[_Part]] = {}
    for part in parts:
        result.setdefault(part.table, []).append(part)
    return result


def _without(table: Table, removals: Sequence[Removal]) -> Table:
    keep = np.ones(len(table), dtype=bool)
    for column in {removal.column for removal in removals}:
        names = {removal.value for removal in removals if removal.column == column}
        keep &= ~np.fromiter((v in names for v in table[column]), dtype=bool, count=len(table))
    return table.select(keep)


def _rows(table: Table, wanted: Iterable[str]) -> dict[str, int]:
    """Positions of rows by id (or joined key), of those that are wanted."""
    spec = load_schema()[table.name]
    if spec.key == ("id",):
        names = table["id"].tolist()
    else:
        names = [table.row_id(row) for row in range(len(table))]
    row_of = {name: row for row, name in enumerate(names)}
    lacking = [name for name in wanted if name not in row_of]
    if lacking:
        message = Message("table {0} has no row {1!r} to change", table.name, lacking[0])
        raise UsageError(message)
    return row_of


def _changed(table: Table, changes: Sequence[Change]) -> Table:
    row_of = _rows(table, (change.row_id for change in changes))
    cells: dict[str, NDArray[Any]] = {}
    for change in changes:
        for column, value in change.values.items():
            values = cells.setdefault(column, _copy(table, column))
            values[row_of[change.row_id]] = _typed(table, column, value)
    return _with(table, cells)


def _increased(table: Table, increases: Sequence[Increase]) -> Table:
    """Count up; what is not recorded stays unknown."""
    row_of = _rows(table, (increase.row_id for increase in increases))
    cells: dict[str, NDArray[Any]] = {}
    for increase in increases:
        values = cells.setdefault(increase.column, _copy(table, increase.column))
        values[row_of[increase.row_id]] += increase.by
    return _with(table, cells)


def _extended(table: Table, additions: Sequence[Addition]) -> Table:
    """Add rows below the others; equal rows of several actions are one row."""
    rows: list[Mapping[str, Cell]] = []
    seen: set[tuple[tuple[str, str], ...]] = set()
    for addition in additions:
        key = tuple(sorted((name, repr(value)) for name, value in addition.values.items()))
        if key not in seen:
            seen.add(key)
            rows.append(addition.values)
    spec = load_schema()[table.name]
    cells: dict[str, NDArray[Any] | Coded] = {}
    for name, column in spec.columns.items():
        more = np.empty(len(rows), dtype=table[name].dtype)
        for i, row in enumerate(rows):
            more[i] = _typed(table, name, row.get(name, column.default or None))
        if column.type in WORD_TYPES:
            cells[name] = table.coded(name).extended(more.tolist())
        else:
            cells[name] = np.concatenate([table[name], more])
    last = int(table.lines.max(initial=1))
    lines = np.concatenate([table.lines, last + 1 + np.arange(len(rows))])
    named = {name for row in rows for name in row}
    required = {name for name, column in spec.columns.items() if column.required}
    positional = {"geometry", "lon", "lat"} - named
    recorded = table.recorded | named | (required - positional)
    return replace(table, columns=Columns(cells), lines=lines, recorded=frozenset(recorded))


def _copy(table: Table, column: str) -> NDArray[Any]:
    if column not in table.columns:
        message = Message("table {0} has no column {1!r}", table.name, column)
        raise UsageError(message)
    return table[column].copy()


def _with(table: Table, cells: Mapping[str, NDArray[Any]]) -> Table:
    recorded = table.recorded | frozenset(cells)
    return replace(table.with_columns(cells), recorded=recorded)


def _typed(table: Table, column: str, value: Cell) -> object:
    """Turn a value into what the typed column holds."""
    dtype = table[column].dtype
    kind = load_schema()[table.name].columns[column].type
    if kind == "bool":
        return -1 if value is None else int(bool(value))
    if dtype.kind == "f":
        return np.nan if value is None else value
    if dtype.kind == "M":
        return np.datetime64("NaT" if value is None else str(value)).astype(dtype)
    if kind == "geometry":
        return value
    return "" if value is None else str(value)
