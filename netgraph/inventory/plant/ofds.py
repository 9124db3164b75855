"""Networks of the Open Fibre Data Standard, as one JSON document.

A document holds one network or a package of several (``{"networks": [...]}``). Versions 0.1 to
0.4 are read; they differ in members that do not matter here. Nodes and spans must be in the
document: a network that only points to files or web addresses with its nodes and spans is
refused with their addresses.

Source: https://open-fibre-data-standard.readthedocs.io (schema 0.3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.inventory.plant.rows import NodeRow, PlantRows, SpanRow
from netgraph.inventory.plant.rules import plant_finding
from netgraph.inventory.plant.values import RowValues, is_scalar, shown
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netgraph.inventory.findings import Finding

    Network = Mapping[str, object]

_TABLES = ("nodes", "spans")
_OWNERS = ("physicalInfrastructureProvider", "transmissionMediumOwner", "networkProviders")


def is_ofds_document(document: object) -> bool:
    """Whether a JSON value looks like a network, a package, or a page of nodes or spans."""
    return isinstance(document, dict) and any(
        key in document for key in ("networks", "nodes", "spans")
    )


def rows_of_document(document: Mapping[str, object]) -> PlantRows:
    """Rows of a network document or package.

    Parameters
    ----------
    document
        The parsed JSON.

    Returns
    -------
    PlantRows
        With `problems` filled if the document holds no usable network.
    """
    networks = document.get("networks", [document])
    if not isinstance(networks, list):
        return PlantRows(
            problems=[Message("networks is {0}; a list was expected.", shown(networks))]
        )
    if "networks" not in document and not all(key in document for key in _TABLES):
        missing = next(key for key in _TABLES if key not in document)
        present = "spans" if missing == "nodes" else "nodes"
        problem = Message(
            "this is a page of {0} without {1}: put the {0} and the {1} of all pages "
            "into one network document.",
            present,
            missing,
        )
        return PlantRows(problems=[problem])
    rows = rows_of_networks(networks)
    if has_next_page(document):
        rows.findings.append(next_page_finding())
    return rows


def has_next_page(document: Mapping[str, object]) -> bool:
    """Whether a document says that it is one page of an answer and that another follows."""
    links = document.get("links")
    return isinstance(links, dict) and bool(links.get("next"))


def next_page_finding() -> Finding:
    """Make the finding that a part of the network may be on another page."""
    message = Message("This is one page of an answer, and another follows: rows may be missing.")
    return plant_finding("ND974", "nodes", "", message)


def rows_of_networks(networks: Sequence[object]) -> PlantRows:
    """Rows of all networks of a package; ids that clash get their network in front.

    Parameters
    ----------
    networks
        Networks as parsed from JSON.
    """
    rows = PlantRows()
    parts: list[tuple[str, PlantRows]] = []
    for number, network in enumerate(networks):
        if not isinstance(network, dict):
            rows.problems.append(
                Message("network {0} is {1}; drop or mend it.", number + 1, shown(network))
            )
            continue
        label = _label(network, number)
        parts.append((label, _rows_of_network(network, label)))
    rows.problems += [problem for _, part in parts for problem in part.problems]
    _check_contents(rows, parts)
    if _has_clash(parts):
        message = Message("Two networks use the same ids: each id has its network in front.")
        rows.findings.append(plant_finding("ND973", "nodes", "", message))
        parts = [(label, _with_prefix(part, f"{label}/")) for label, part in parts]
    for _, part in parts:
        rows.nodes += part.nodes
        rows.spans += part.spans
        rows.findings += part.findings
    rows.name = next((part.name for _, part in parts if part.name), "")
    rows.crs = next((part.crs for _, part in parts if part.crs), "")
    return rows


def _label(network: Network, number: int) -> str:
    identifier = network.get("id")
    return str(identifier) if is_scalar(identifier) and identifier != "" else f"{number + 1}"


def _rows_of_network(network: Network, label: str) -> PlantRows:
    findings: list[Finding] = []
    values = RowValues("networks", label, network, findings)
    rows = PlantRows(name=values.text("name"), findings=findings)
    rows.crs = values.member("crs", "uri") or values.member("crs", "name")
    rows.problems = list(_find_problems(network, label))
    rows.has_nodes_elsewhere = "nodes" not in network and bool(_addresses(network, "nodes"))
    if rows.problems:
        return rows
    for number, item in enumerate(_items(network, "nodes")):
        rows.nodes.append(_node(item, f"nodes[{number}]", number, rows.findings))
    for number, item in enumerate(_items(network, "spans")):
        rows.spans.append(_span(item, f"spans[{number}]", number, rows.findings))
    for table, records in (("nodes", rows.nodes), ("spans", rows.spans)):
        if records and not any(_has_id(item) for item in _items(network, table)):
            rows.problems.append(
                Message(
                    "network {0}: none of the {1} {2} has an id; add the ids.",
                    label,
                    len(records),
                    table,
                )
            )
    return rows


def _items(network: Network, table: str) -> list[Mapping[str, object]]:
    items = network.get(table)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _has_id(item: Mapping[str, object]) -> bool:
    return is_scalar(item.get("id")) and str(item["id"]).strip() != ""


def _find_problems(network: Network, label: str) -> Iterator[str]:
    """Say what makes one network unreadable."""
    for table in _TABLES:
        items = network.get(table)
        if items is not None and not isinstance(items, list):
            yield Message(
                "network {0}: {1} is {2}; a list was expected.", label, table, shown(items)
            )
        elif isinstance(items, list):
            for number, item in enumerate(items):
                if not isinstance(item, dict):
                    yield (
                        Message(
                            "network {0}: {1}[{2}] is {3}; an object was expected.",
                            label,
                            table,
                            number,
                            shown(item),
                        )
                    )
        elif addresses := _addresses(network, table):
            yield (
                Message(
                    "network {0}: its {1} are not here but at {2}; fetch them and put "
                    'them into the network as "{1}".',
                    label,
                    table,
                    ", ".join(addresses),
                )
            )


def _addresses(network: Network, table: str) -> list[str]:
    links = network.get("links")
    if not isinstance(links, list):
        return []
    return [
        str(link.get("href"))
        for link in links
        if isinstance(link, dict)
        and str(link.get("rel")).endswith((f":{table}File", f":{table}API"))
    ]


def _check_contents(rows: PlantRows, parts: Sequence[tuple[str, PlantRows]]) -> None:
    """Refuse a package without any node or with several reference systems."""
    frames = {part.crs for _, part in parts if part.crs}
    if len(frames) > 1:
        rows.problems.append(
            Message(
                "the networks name different reference systems ({0}); bring them into one.",
                ", ".join(sorted(frames)),
            )
        )
    empty = [label for label, part in parts if not part.nodes and not part.has_nodes_elsewhere]
    if not parts:
        rows.problems.append(
            Message("there is no network in it; add one with its nodes and spans.")
        )
    elif len(empty) == len(parts):
        rows.problems += [
            Message("network {0}: there are no nodes; add them.", label) for label in empty
        ]
    else:
        rows.findings += [
            plant_finding("ND974", "nodes", "", Message("Network {0} has no nodes.", label))
            for label in empty
        ]


def _has_clash(parts: Sequence[tuple[str, PlantRows]]) -> bool:
    """Whether two networks use one id for different things."""
    nodes = [row for _, part in parts for row in {node.id for node in part.nodes}]
    spans = [row for _, part in parts for row in {span.id for span in part.spans}]
    return len(set(nodes)) < len(nodes) or len(set(spans)) < len(spans)


def _with_prefix(part: PlantRows, prefix: str) -> PlantRows:
    def named(identifier: str) -> str:
        return prefix + identifier if identifier else ""

    nodes = [replace(node, id=named(node.id)) for node in part.nodes]
    spans = [
        replace(span, id=named(span.id), from_id=named(span.from_id), to_id=named(span.to_id))
        for span in part.spans
    ]
    findings = [
        replace(finding, row_id=named(finding.row_id)) if finding.table in _TABLES else finding
        for finding in part.findings
    ]
    return replace(part, nodes=nodes, spans=spans, findings=findings)


def _identifier(
    item: Mapping[str, object], place: str, number: int, findings: list[Finding]
) -> str:
    """Id of a row, or a stand-in that says which row it is."""
    if _has_id(item):
        return str(item["id"]).strip()
    table = place.partition("[")[0]
    stand_in = f"({table.removesuffix('s')} {number + 1} without id)"
    message = Message("The id is missing; no span can refer to the row.")
    findings.append(plant_finding("ND950", table, stand_in, message, place))
    return stand_in


def _node(item: Mapping[str, object], place: str, number: int, findings: list[Finding]) -> NodeRow:
    identifier = _identifier(item, place, number, findings)
    values = RowValues("nodes", identifier, item, findings, place)
    x, y = values.point("location")
    return NodeRow(
        id=identifier,
        name=values.text("name"),
        kind=values.text("type"),
        status=values.text("status"),
        x=x,
        y=y,
        place=place,
    )


def _span(item: Mapping[str, object], place: str, number: int, findings: list[Finding]) -> SpanRow:
    identifier = _identifier(item, place, number, findings)
    values = RowValues("spans", identifier, item, findings, place)
    medium = (values.text("deployment"), values.text("transmissionMedium"))
    owners = [values.member(column, "name") for column in _OWNERS]
    return SpanRow(
        id=identifier,
        from_id=values.reference("start"),
        to_id=values.reference("end"),
        name=values.text("name"),
        status=values.text("status"),
        medium=";".join(part for part in medium if part),
        owner=next((owner for owner in owners if owner), ""),
        length_km=values.number("fibreLength"),
        geometry=values.line("route"),
        place=place,
    )
