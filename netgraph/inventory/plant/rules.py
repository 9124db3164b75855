"""Rules for networks of nodes and spans: ND950 to ND979, each with a severity and a cure.

The defects are those that published fibre networks have been seen to contain. Codes are stable
and never reused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netgraph.inventory.findings import ERROR, INFO, WARNING, Finding
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True)
class PlantRule:
    """What a finding of one code means for the answer, and what to do.

    Attributes
    ----------
    severity
        ``error``: the row counts as missing; ``warning``: the answer may be wrong because of it;
        ``info``: worth knowing.
    hint
        What to do.
    """

    severity: str
    hint: Message


PLANT_RULES: Mapping[str, PlantRule] = {
    "ND950": PlantRule(ERROR, Message("Give the row an id that no other row of the table has.")),
    "ND951": PlantRule(
        ERROR, Message("Add the missing node, or correct the end to an existing node id.")
    ),
    "ND952": PlantRule(
        WARNING, Message("State the true end; if the line passes other nodes, split it there.")
    ),
    "ND953": PlantRule(WARNING, Message("Delete one of the two rows; it counted once.")),
    "ND954": PlantRule(INFO, Message("List each span once; its direction does not matter here.")),
    "ND955": PlantRule(
        WARNING,
        Message(
            "Record different trench ids, or draw both lines where they really run; "
            "until then they count as one route."
        ),
    ),
    "ND956": PlantRule(
        ERROR,
        Message(
            "Correct the end ids or redraw the line; the ids were believed and the line "
            "was not used."
        ),
    ),
    "ND957": PlantRule(
        INFO, Message("Nothing needs doing: the line was read the other way round.")
    ),
    "ND958": PlantRule(
        INFO, Message("Nothing needs doing if the status is right: only what is in service counts.")
    ),
    "ND959": PlantRule(
        WARNING, Message("Record the status; without it, everything was taken to be in service.")
    ),
    "ND960": PlantRule(WARNING, Message("Record the status; the row was taken to be in service.")),
    "ND961": PlantRule(
        ERROR,
        Message(
            "Use operational, proposed, planned, underConstruction, inactive or decommissioned."
        ),
    ),
    "ND962": PlantRule(WARNING, Message("Add the spans that end here, or delete the node.")),
    "ND963": PlantRule(WARNING, Message("Record the coordinates; lengths and maps need them.")),
    "ND964": PlantRule(
        INFO,
        Message("Record the coordinate reference system if the network is to appear on a map."),
    ),
    "ND965": PlantRule(
        ERROR,
        Message("Give longitude first, then latitude, in degrees; the coordinates were not used."),
    ),
    "ND966": PlantRule(
        INFO, Message("Name the node after its place; use its id when you choose a centre.")
    ),
    "ND967": PlantRule(INFO, Message("Use the id, not the name, when you choose a centre.")),
    "ND968": PlantRule(
        WARNING,
        Message("If both are one place, merge the nodes; otherwise correct the coordinates."),
    ),
    "ND969": PlantRule(
        ERROR, Message("Give one point for a node, one line for a span; the value was not used.")
    ),
    "ND970": PlantRule(WARNING, Message("Give the length in kilometres; it was read as metres.")),
    "ND971": PlantRule(
        WARNING, Message("Correct the length or redraw the line; the recorded length was not used.")
    ),
    "ND972": PlantRule(WARNING, Message("Correct the value; it was not used.")),
    "ND973": PlantRule(
        INFO, Message("Use the id with the network in front when you choose a centre.")
    ),
    "ND974": PlantRule(WARNING, Message("Add what is missing, or leave the network out.")),
    "ND975": PlantRule(
        WARNING,
        Message("Check the trench ids: two trenches are seldom drawn on exactly the same line."),
    ),
    "ND976": PlantRule(
        WARNING,
        Message("Record the length, or the coordinates of both ends; pair lengths need it."),
    ),
    "ND977": PlantRule(
        INFO, Message("Find out what stands there: it was taken as one point that can fail.")
    ),
    "ND978": PlantRule(
        WARNING, Message("Correct the status, or end the spans elsewhere; they were not used.")
    ),
    "ND979": PlantRule(ERROR, Message("Give the rows ids that differ from table to table.")),
}


def with_places(
    findings: Iterable[Finding], places: Mapping[tuple[str, str], str]
) -> Iterator[Finding]:
    """Add where a person finds the row, for findings that do not say it yet.

    Parameters
    ----------
    findings
        Findings.
    places
        Where each row is, by table and id.
    """
    for finding in findings:
        place = finding.place or places.get((finding.table, finding.row_id), "")
        yield replace(finding, place=place)


def plant_finding(rule: str, table: str, row_id: str, message: Message, place: str = "") -> Finding:
    """Make a finding with the severity and hint of its rule.

    Parameters
    ----------
    rule
        Code in :data:`PLANT_RULES`.
    table, row_id
        The row; an empty `row_id` means the whole table.
    message
        What is wrong, with column and value.
    place
        Where a person finds the row.
    """
    entry = PLANT_RULES[rule]
    return Finding(rule, entry.severity, table, row_id, message, entry.hint, place)
