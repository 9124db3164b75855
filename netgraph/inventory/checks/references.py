"""Ids that name nothing, ids that name two things, and tables that are not there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.coded import find_first, joined
from netgraph.inventory.distinct import first_alike
from netgraph.inventory.rules import make_finding
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from numpy.typing import NDArray

    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Table
    from netgraph.inventory.schema import ColumnSpec

# One name space: a span, a link or a circuit may end at any of these.
_END_TABLES = ("offices", "sites", "structures", "equipment")
_SUBJECT_TABLES = ("sites", "equipment", "rooms", "offices", "customers")
_AREA_COLUMNS = ("city", "county")
_NEEDED = (("circuits", "circuit_links"), ("links", "link_cables"), ("cables", "cable_spans"))
_COUNT = Message("Until then the record counts as missing.")
_ADD = Message("Add the row or correct the id. {0}", _COUNT)


def check_references(lookup: Lookup, tables: Collection[str] = ()) -> list[Finding]:
    """Find references to rows that do not exist (dangling ends included), in some tables or all."""
    findings = []
    for name, spec in load_schema().items():
        if tables and name not in tables:
            continue
        table = lookup.table(name)
        for column in spec.columns.values():
            if column.references and len(table):
                findings += _check_column(lookup, table, column)
    return findings


def _check_column(lookup: Lookup, table: Table, column: ColumnSpec) -> list[Finding]:
    given = np.flatnonzero(~table.coded(column.name).equals(""))
    wanted = ", ".join(column.references)
    if len(given) == 0:
        return []
    if not any(lookup.table(name).is_recorded for name in column.references):
        message = Message("{0} cannot be checked, for there is no table {1}", column.name, wanted)
        hint = Message("Add the table {0}, if it is known.", wanted)
        return [make_finding("ND921", table, None, message, hint)]
    unknown = given[~_names_something(lookup, table, column)[given]]
    if len(unknown) == 0:
        return []
    near = _similar_ids(lookup, column.references)
    ids = table[column.name]
    return [
        make_finding(
            "ND920",
            table,
            row,
            Message("{0} {1!r} is not in {2}", column.name, ids[row], wanted),
            _hint(ids[row], near),
        )
        for row in unknown
    ]


def _names_something(lookup: Lookup, table: Table, column: ColumnSpec) -> NDArray[np.bool_]:
    if len(column.references) > 1:
        return lookup.is_known(column.references, table.coded(column.name))
    return lookup.references(table.name, column.name, column.references[0]) >= 0


def _hint(identifier: str, near: dict[str, str]) -> Message:
    meant = near.get(_skeleton(identifier))
    return Message("Is {0!r} meant? {1}", meant, _COUNT) if meant else _ADD


def _similar_ids(lookup: Lookup, names: Iterable[str]) -> dict[str, str]:
    """Index ids by what is left of them without case, separators and leading zeros."""
    return {_skeleton(text): text for name in names for text in lookup.table(name)["id"]}


def _skeleton(identifier: str) -> str:
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", re.sub(r"[\s_.-]", "", identifier)).casefold()


def check_risk_members(lookup: Lookup) -> list[Finding]:
    """Find members of risk groups that their table does not have."""
    table = lookup.table("risk_members")
    elements = table.coded("element_id")
    findings = []
    for name in dict.fromkeys(table["table"]):
        if not name:
            continue
        rows = np.flatnonzero((table["table"] == name) & ~elements.equals(""))
        ids = elements.take(rows)
        for row in rows[~lookup.is_known((name,), ids)]:
            message = Message("element_id {0!r} is not in {1}", table["element_id"][row], name)
            hint = _ADD
            findings.append(make_finding("ND920", table, row, message, hint))
    return findings


def check_record_subjects(lookup: Lookup) -> list[Finding]:
    """Find inspection records about nobody."""
    table = lookup.table("records")
    coded, subjects = table.coded("subject_id"), table["subject_id"]
    areas = joined([
        lookup.table(name).coded(area) for name in ("offices", "sites") for area in _AREA_COLUMNS
    ])  # fmt: skip
    known = lookup.is_known(_SUBJECT_TABLES, coded) | (find_first(coded, areas) >= 0)
    hint = Message("Correct the subject. {0}", _COUNT)
    return [
        make_finding(
            "ND920",
            table,
            row,
            Message(
                "subject_id {0!r} is no site, device, room, office, customer, city or county",
                subjects[row],
            ),
            hint,
        )
        for row in np.flatnonzero(~known & (subjects != ""))
    ]


def check_ambiguous_ids(lookup: Lookup) -> list[Finding]:
    """Find ids that name an end in more than one table."""
    findings = []
    for place, name in enumerate(_END_TABLES[1:], start=1):
        table = lookup.table(name)
        others, ids = _END_TABLES[:place], table.coded("id")
        for row in np.flatnonzero(lookup.is_known(others, ids)):
            here = ids.take(np.array([row]))
            first = next(other for other in others if lookup.is_known((other,), here).all())
            message = Message("the id {0!r} is also in {1}", table["id"][row], first)
            hint = Message("Give one of the two another id: an end cannot tell them apart.")
            findings.append(make_finding("ND922", table, row, message, hint))
    return findings


def check_needed_tables(lookup: Lookup) -> list[Finding]:
    """Find tables whose absence leaves everything undecided."""
    findings = []
    for having, needed in _NEEDED:
        carried = needed == "link_cables" and lookup.table("link_links").is_recorded
        if len(lookup.table(having)) and not lookup.table(needed).is_recorded and not carried:
            message = Message("there are {0}, but there is no table {1}", having, needed)
            hint = Message("Add the table: without it every physical verdict stays undecidable.")
            findings.append(make_finding("ND946", lookup.table(needed), None, message, hint))
    return findings


def check_orders(lookup: Lookup) -> list[Finding]:
    """Find two rows that claim the same place in an order."""
    findings = []
    for name, spec in load_schema().items():
        table = lookup.table(name)
        if "seq" not in spec.columns or len(table) == 0:
            continue
        for row in np.flatnonzero(_repeats(table, spec.key)):
            message = Message("the place seq {0:g} is taken by another row", table["seq"][row])
            hint = Message("Number the rows in their order from one end to the other.")
            findings.append(make_finding("ND944", table, row, message, hint))
    return findings


def _repeats(table: Table, key: tuple[str, ...]) -> NDArray[np.bool_]:
    first = first_alike(*(
        table["seq"] if column == "seq" else table.coded(column).codes for column in key
    ))  # fmt: skip
    repeats: NDArray[np.bool_] = (first != np.arange(len(table))) & ~np.isnan(table["seq"])
    return repeats
