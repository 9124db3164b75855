"""Topologies in GML, as the Internet Topology Zoo publishes them.

Nodes are known by their numeric `id`; labels repeat. Coordinates are `Longitude` and `Latitude`
(also `lon` and `lat`), or `x` and `y` for a plane. Links have no drawn line and no trench, so
parallel links can never be shown to be apart.

Source: Knight et al., "The Internet Topology Zoo", IEEE JSAC 29(9), 2011.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from netgraph.inventory.plant.gml_text import parse_gml
from netgraph.inventory.plant.rows import NodeRow, PlantRows, SpanRow
from netgraph.inventory.plant.rules import plant_finding
from netgraph.inventory.plant.values import RowValues, number_of
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant.gml_text import Pairs

    Members = Mapping[str, object]

_NO_NAME = "None"  # what the Topology Zoo toolset writes for a missing label


def is_gml(text: str) -> bool:
    """Whether a text looks like GML: a graph opens at the start of a line."""
    return re.search(r"^\s*graph\s*\[", text, flags=re.MULTILINE) is not None


def rows_of_gml(text: str) -> PlantRows:
    """Rows of a GML file.

    Parameters
    ----------
    text
        The file.

    Returns
    -------
    PlantRows
        Nodes and links in the order of the file.

    Raises
    ------
    InputError
        If the text is not GML.
    """
    graphs = [value for key, value in parse_gml(text) if key == "graph" and isinstance(value, list)]
    if len(graphs) != 1:
        return PlantRows(
            problems=[Message("there are {0} graphs in the file; give one.", len(graphs))]
        )
    graph = graphs[0]
    nodes = [_members(value) for key, value in graph if key == "node" and isinstance(value, list)]
    links = [_members(value) for key, value in graph if key == "edge" and isinstance(value, list)]
    rows = PlantRows(name=str(_members(graph).get("label", "")))
    if not nodes:
        rows.problems.append(Message("the graph has no nodes; give a graph with nodes and edges."))
    elif not any("id" in node for node in nodes):
        rows.problems.append(Message("none of the nodes has an id; add the ids."))
    rows.is_planar = not _is_geographic(nodes) and any("x" in node for node in nodes)
    rows.nodes = [
        _node(node, number, rows.findings, is_planar=rows.is_planar)
        for number, node in enumerate(nodes)
    ]
    identifiers = _link_ids(links)
    rows.spans = [
        _span(link, identifier, number, rows.findings)
        for number, (link, identifier) in enumerate(zip(links, identifiers, strict=True))
    ]
    return rows


def _members(pairs: Pairs) -> dict[str, object]:
    """First value of every key; keys in lower case, as writers disagree about it."""
    members: dict[str, object] = {}
    for key, value in pairs:
        members.setdefault(key.lower(), value if not isinstance(value, list) else None)
    return members


def _is_geographic(nodes: Sequence[Members]) -> bool:
    return any("longitude" in node or "lon" in node for node in nodes)


def _node(members: Members, number: int, findings: list[Finding], *, is_planar: bool) -> NodeRow:
    place = f"node {number + 1}"
    identifier = str(members.get("id", "")).strip()
    if not identifier:
        identifier = f"({place} without id)"
        message = Message("The id is missing; no span can refer to the row.")
        findings.append(plant_finding("ND950", "nodes", identifier, message, place))
    values = RowValues("nodes", identifier, members, findings, place)
    name = values.text("label")
    x, y = ("x", "y") if is_planar else ("longitude", "latitude")
    return NodeRow(
        id=identifier,
        name="" if name == _NO_NAME else name,
        kind="hyperedge" if str(members.get("hyperedge", "0")) == "1" else values.text("type"),
        status=values.text("status"),
        x=_coordinate(members, x, "lon" if x == "longitude" else x),
        y=_coordinate(members, y, "lat" if y == "latitude" else y),
        place=place,
    )


def _coordinate(members: Members, *columns: str) -> float:
    return next(
        (number_of(members[column]) for column in columns if column in members), float("nan")
    )


def _link_ids(links: Sequence[Members]) -> list[str]:
    """Ids of the links: their own if each has one of its own, else their ends and a number."""
    own = [str(link.get("id", "")).strip() for link in links]
    if all(own) and len(set(own)) == len(own):
        return own
    seen: Counter[str] = Counter()
    identifiers = []
    for link in links:
        ends = f"{link.get('source', '')}-{link.get('target', '')}"
        seen[ends] += 1
        identifiers.append(ends if seen[ends] == 1 else f"{ends}#{seen[ends]}")
    return identifiers


def _span(members: Members, identifier: str, number: int, findings: list[Finding]) -> SpanRow:
    place = f"edge {number + 1}"
    values = RowValues("spans", identifier, members, findings, place)
    return SpanRow(
        id=identifier,
        from_id=values.reference("source"),
        to_id=values.reference("target"),
        name=values.text("linklabel") or values.text("label"),
        status=values.text("linkstatus") or values.text("status"),
        medium=values.text("linktype"),
        length_km=values.number("length"),
        place=place,
    )
