"""Cells of a newer inventory: whether the row is there and in service, and says what it must."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory import load_schema
from netgraph.works.model import Cause, Check, Proof

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from netgraph.inventory import Inventory
    from netgraph.works.model import Demand

_IN_SERVICE = "in_service"


class CellJudge:
    """Judges demands on cells; the rows of a table are indexed once."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._rows: dict[str, Mapping[str, tuple[int, ...]]] = {}

    def find_fault(self, table: str, row_id: str) -> tuple[Cause, str] | None:
        """Why a row cannot be looked at: it is not there, or not in service; None where it can."""
        rows = self._rows_of(table).get(row_id, ())
        if not rows:
            return Cause.NO_SUCH_ROW, f"{table}:{row_id}"
        if "status" in load_schema()[table].columns:
            status = [str(self._inventory.table(table)["status"][row]) for row in rows]
            wrong = [each for each in status if each != _IN_SERVICE]
            if wrong:
                return Cause.NOT_IN_SERVICE, wrong[0]
        return None

    def judge(self, demand: Demand) -> Check:
        """Judge one demand; rows that stand twice must all say what is wanted."""
        schema = load_schema()
        if demand.table not in schema or demand.column not in schema[demand.table].columns:
            return Check(demand, Proof.MISSING, Cause.NO_SUCH_ROW, f"{demand.row}.{demand.column}")
        fault = self.find_fault(demand.table, demand.row_id)
        if fault is not None:
            return Check(demand, Proof.MISSING, *fault)
        values = self._inventory.table(demand.table)[demand.column]
        checks = [
            self._compare(demand, values[row])
            for row in self._rows_of(demand.table)[demand.row_id]
        ]  # fmt: skip
        order = (Proof.FAILED, Proof.MISSING, Proof.PASSED)
        return min(checks, key=lambda check: order.index(check.proof))

    def _compare(self, demand: Demand, value: object) -> Check:
        found = _text(value)
        if not found:
            return Check(demand, Proof.MISSING, Cause.EMPTY)
        day = self._inventory.snapshot_date
        if isinstance(value, np.datetime64) and _is_after(value, day):
            return Check(demand, Proof.MISSING, Cause.IN_THE_FUTURE, found)
        if _holds(demand, value, found):
            return Check(demand, Proof.PASSED, None, found)
        return Check(demand, Proof.FAILED, Cause.DIFFERS, found)

    def _rows_of(self, table: str) -> Mapping[str, tuple[int, ...]]:
        if table not in self._rows:
            rows = self._inventory.table(table)
            found: dict[str, tuple[int, ...]] = {}
            for row in range(len(rows)):
                name = rows.row_id(row)
                found[name] = (*found.get(name, ()), row)
            self._rows[table] = found
        return self._rows[table]


def _is_after(value: np.datetime64, day: date | None) -> bool:
    return day is not None and bool(value.astype("datetime64[D]") > np.datetime64(day))


def _text(value: object) -> str:
    """Write a typed value as the tables do; "" where it is missing."""
    if isinstance(value, np.datetime64):
        return "" if np.isnat(value) else str(value.astype("datetime64[D]"))
    if isinstance(value, np.signedinteger):  # true, false, not recorded
        return {1: "true", 0: "false"}.get(int(value), "")
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:g}"
    return "" if value is None else str(value)


def _holds(demand: Demand, value: object, found: str) -> bool:
    if demand.test == "is":
        return found == demand.expected
    if demand.test == "other_than":
        return found != demand.expected
    if demand.test == "at_least" and isinstance(value, float):
        return value >= float(demand.expected)
    if demand.test == "not_before" and isinstance(value, np.datetime64):
        return bool(value.astype("datetime64[D]") >= np.datetime64(demand.expected))
    return False
