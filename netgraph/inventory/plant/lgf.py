"""Topologies in the graph format of the LEMON library (.lgf), with lists of shared risks.

Sections begin with ``@``: ``@nodes`` (label, coords), ``@edges`` or ``@arcs`` (two labels of nodes,
then the columns of the heading) and, in published lists of regional failures, ``@srlgs``: one line
a group, the labels of its edges. Coordinates are planar, written ``(x,y)``.

Sources: Dezso, Juttner, Kovacs, "LEMON - an open source C++ graph template library", ENTCS 264(5),
2011; github.com/jtapolcai/regional-srlg for the section of groups.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netgraph.inventory.plant.model import PlantRiskGroup
from netgraph.inventory.plant.rows import NodeRow, PlantRows, SpanRow
from netgraph.inventory.plant.values import number_of
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Line = tuple[int, list[str]]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\([^)]*\)|[^\s#]\S*')
_POINT = re.compile(r"\(\s*(?P<x>[^,\s]+)\s*,\s*(?P<y>[^,\s]+)\s*\)")
_GROUPS = "srlgs"


def is_lgf(text: str) -> bool:
    """Whether a text looks like the format: its first section is one of the three that count."""
    first = re.search(r"^\s*@(\w+)", text, flags=re.MULTILINE)
    return first is not None and first[1] in ("nodes", "edges", "arcs", "attributes")


def rows_of_lgf(text: str) -> tuple[PlantRows, tuple[PlantRiskGroup, ...] | None]:
    """Rows of a file, and its groups; None where it has no section of groups.

    Problems (an edge without two ends, a group that names an unknown edge) are told with the line.
    """
    sections = _sections(text)
    rows = PlantRows(is_planar=True)
    if not sections.get("nodes"):
        rows.problems.append(Message("the section @nodes is missing or empty; add the nodes."))
        return rows, None
    heading, *lines = sections["nodes"]
    rows.nodes = [_node(heading[1], line) for line in lines]
    for name in ("edges", "arcs"):
        if sections.get(name):
            heading, *lines = sections[name]
            rows.spans += [_span(heading[1], line, rows.problems) for line in lines]
    if _GROUPS not in sections:
        return rows, None
    return rows, tuple(_groups(sections[_GROUPS], rows))


def _sections(text: str) -> dict[str, list[Line]]:
    """Tokens of every line that is not empty, by section, with the number of the line."""
    sections: dict[str, list[Line]] = {}
    current: list[Line] = []
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("@"):
            current = sections.setdefault(stripped[1:].split()[0] if stripped[1:] else "", [])
        elif stripped and not stripped.startswith("#"):
            tokens = [token.strip('"') for token in _TOKEN.findall(stripped)]
            current.append((number, tokens))
    return sections


def _node(heading: Sequence[str], line: Line) -> NodeRow:
    number, values = line
    cells = dict(zip(heading, values, strict=False))
    point = _POINT.fullmatch(cells.get("coords", ""))
    x, y = (number_of(point["x"]), number_of(point["y"])) if point else (float("nan"),) * 2
    label = cells.get("label", values[0])
    return NodeRow(id=label, name=cells.get("name", ""), x=x, y=y, place=f"line {number}")


def _span(heading: Sequence[str], line: Line, problems: list[str]) -> SpanRow:
    number, values = line
    ends, rest = values[:2], values[2:]
    if len(ends) < 2:
        problems.append(Message("line {0}: the edge names fewer than two nodes; add them.", number))
        ends = [*ends, "", ""][:2]
    cells = dict(zip(heading, rest, strict=False))
    identifier = cells.get("label", "-".join(ends))
    return SpanRow(id=identifier, from_id=ends[0], to_id=ends[1], place=f"line {number}")


def _groups(lines: Iterable[Line], rows: PlantRows) -> list[PlantRiskGroup]:
    position = {span.id: row for row, span in enumerate(rows.spans)}
    groups: list[PlantRiskGroup] = []
    for number, labels in lines:
        unknown = sorted(set(labels) - position.keys())
        if unknown:
            rows.problems.append(
                Message("line {0}: no edge has the label {1}.", number, ", ".join(unknown))
            )
            continue
        spans = tuple(sorted(position[label] for label in set(labels)))
        groups.append(PlantRiskGroup(f"srlg-{len(groups) + 1}", "regional", "", (), spans))
    return groups
