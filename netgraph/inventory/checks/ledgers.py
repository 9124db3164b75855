"""Dates, faults and inspection records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.rules import make_finding
from netgraph.messages import Message

if TYPE_CHECKING:
    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding

#: Fibre transport did not exist before; an earlier date is a placeholder such as 1900-01-01.
EARLIEST = np.datetime64("1985-01-01")
_DATES = (
    ("equipment", "installed"), ("records", "checked_on"), ("faults", "started"),
    ("faults", "restored"),
)  # fmt: skip
_LONG_OPEN = np.timedelta64(30, "D")


def check_dates(lookup: Lookup) -> list[Finding]:
    """Find dates after the snapshot, or before there was any such equipment."""
    snapshot = lookup.inventory.snapshot_date
    findings = []
    for name, column in _DATES:
        table = lookup.table(name)
        days = table[column].astype("datetime64[D]")
        wrong = [(days < EARLIEST, Message("before {0}", EARLIEST))]
        if snapshot is not None:
            wrong.append(
                (days > np.datetime64(snapshot), Message("after the snapshot of {0}", snapshot))
            )
        for rows, what in wrong:
            for row in np.flatnonzero(rows):
                message, hint = (
                    Message("{0} is {1}, {2}", column, days[row], what),
                    Message("Correct the date."),
                )
                findings.append(make_finding("ND936", table, row, message, hint))
    return findings


def check_faults(lookup: Lookup) -> list[Finding]:
    """Find faults that were over before they began, and those whose end may not be recorded."""
    faults = lookup.table("faults")
    findings = []
    for row in np.flatnonzero(faults["restored"] < faults["started"]):
        message = Message(
            "restored {0} is before started {1}", faults["restored"][row], faults["started"][row]
        )
        hint = Message("Correct one of the two times.")
        findings.append(make_finding("ND942", faults, row, message, hint))
    snapshot = lookup.inventory.snapshot_date
    if snapshot is not None:
        open_for = np.datetime64(snapshot) - faults["started"].astype("datetime64[D]")
        is_open = np.isnat(faults["restored"]) & (open_for > _LONG_OPEN)
        for row in np.flatnonzero(is_open):
            message = Message(
                "no end is recorded, and by the snapshot it has lasted for {0} days",
                open_for[row].astype(int),
            )
            hint = Message("Enter restored if it is over: until then it counts as down, and late.")
            findings.append(make_finding("ND992", faults, row, message, hint))
    return findings


def check_records(lookup: Lookup) -> list[Finding]:
    """Find subjects whose records say two things about one item; the worse result stands."""
    records = lookup.table("records")
    said: dict[tuple[str, str], dict[str, int]] = {}  # what of what, and the row that says it
    columns = (records[name].tolist() for name in ("subject_id", "item_id", "passed"))
    for row, (subject, item, passed) in enumerate(zip(*columns, strict=True)):
        if passed:
            said.setdefault((subject, item), {}).setdefault(passed, row)
    hint = Message("Keep the record that holds; the worst one counts.")
    return [
        make_finding(
            "ND943",
            records,
            min(results.values()),
            Message("passed is both {0} and {1}", *sorted(results)[:2]),
            hint,
        )
        for results in said.values()
        if len(results) > 1
    ]
