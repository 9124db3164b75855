"""The rule codes of the findings of reading and checking, and the one way to make a finding."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, SupportsIndex

from netgraph.inventory.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.inventory.model import Table
    from netgraph.messages import Message


@dataclass(frozen=True)
class Rule:
    """A kind of defect: its stable code, its severity and its name."""

    code: str
    severity: str
    title: str


@functools.cache
def load_rules() -> Mapping[str, Rule]:
    """Load the rules of reading and checking, by code, in the order of the codes."""
    source = resources.files("netgraph.inventory") / "schema" / "rules.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return MappingProxyType(
        {row["rule"]: Rule(row["rule"], row["severity"], row["title"]) for row in rows}
    )


def make_finding(
    rule: str, table: Table, row: SupportsIndex | None, message: Message, hint: Message
) -> Finding:
    """Make the finding of one row.

    Parameters
    ----------
    rule
        Code; the severity follows from it.
    table
        Table of the row.
    row
        Position of the row; None for the table as a whole.
    message, hint
        What is wrong and what to do.

    Returns
    -------
    Finding
        With the id and the place of the row.
    """
    return Finding(
        rule=rule,
        severity=load_rules()[rule].severity,
        table=table.name,
        row_id="" if row is None else table.row_id(row),
        message=message,
        hint=hint,
        place=table.place if row is None else table.where(row),
    )
