"""A finding: something in the input that is wrong but can be worked around."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.messages import Message

ERROR = "error"
WARNING = "warning"
INFO = "info"
SEVERITIES = (ERROR, WARNING, INFO)


@dataclass(frozen=True, order=True)
class Finding:
    """One defect of one row, with its cure.

    Two findings are equal when they say the same about the same row, wherever the row was read
    from: the message never names a file, a format or a row number, so that an inventory gives the
    same findings as a folder, a workbook or a GeoPackage.

    Parameters
    ----------
    rule
        Stable code, such as ``ND902``; see :func:`netgraph.inventory.rules.load_rules`.
    severity
        ``error``, ``warning`` or ``info``.
    table
        Table of the row.
    row_id
        Id of the row; the key columns joined by ``/`` in a table without ids; empty when the
        finding is about the whole table.
    message
        One sentence: what is wrong, with the column and the value, in English;
        :func:`netgraph.messages.say_message` says it in Chinese.
    hint
        What to do.
    place
        Where a person finds the row (``spans.csv row 17``); for the console only.
    """

    rule: str
    severity: str
    table: str
    row_id: str
    message: Message
    hint: Message
    place: str = field(default="", compare=False)


def sort_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by rule, table and row, each once; faster than comparing whole findings."""
    key = attrgetter("rule", "severity", "table", "row_id", "message", "hint")
    return tuple(sorted(set(findings), key=key))
