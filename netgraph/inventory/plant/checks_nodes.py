"""Findings about nodes: alone, without a place, without a name of their own."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.plant.model import IN_SERVICE
from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant.model import PlantNodes, PlantSpans

# Names that drawing tools and people give to a point that is no place: "network fork", "tmp",
# "Auto generated missing node", "[1]", "17".
_STAND_IN = re.compile(
    r"\b(?:fork|junction|joint|splice|tmp|temp|unnamed|unknown|none|auto[ -]?generated)\b"
    r"|^[\W\d_]*$",
    re.IGNORECASE,
)
_SAME_PLACE_DECIMALS = 6  # of a degree: 0.1 m


def check_nodes(nodes: PlantNodes, spans: PlantSpans) -> Iterator[Finding]:
    """Check everything about the nodes of a published network."""
    yield from check_isolated(nodes, spans)
    yield from check_missing_coordinates(nodes)
    yield from check_names(nodes)
    yield from check_same_place(nodes)
    yield from check_kinds(nodes)


def check_isolated(nodes: PlantNodes, spans: PlantSpans) -> Iterator[Finding]:
    """Report nodes at which no used span ends, and nodes out of service that spans end at."""
    total = _degrees(nodes, spans, np.ones(len(spans), dtype=bool))
    used = _degrees(nodes, spans, spans.used)
    for row in np.flatnonzero(used == 0):
        bare, unused = Message("No span ends here."), Message("None of the spans here is in use.")
        yield plant_finding(
            "ND962", nodes.tables[row], nodes.ids[row], unused if total[row] else bare
        )
    for row in np.flatnonzero((nodes.statuses != IN_SERVICE) & (total > 0)):
        message = Message(
            "{0} spans end at this node, whose status is {1}.", total[row], nodes.statuses[row]
        )
        yield plant_finding("ND978", nodes.tables[row], nodes.ids[row], message)


def _degrees(nodes: PlantNodes, spans: PlantSpans, chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    ends = np.concatenate([spans.from_nodes[chosen], spans.to_nodes[chosen]])
    return np.bincount(ends[ends >= 0], minlength=len(nodes))


def check_missing_coordinates(nodes: PlantNodes) -> Iterator[Finding]:
    """Report nodes without coordinates."""
    for row in np.flatnonzero(~(np.isfinite(nodes.lon) & np.isfinite(nodes.lat))):
        message = Message("The node has no coordinates.")
        yield plant_finding("ND963", nodes.tables[row], nodes.ids[row], message)


def check_names(nodes: PlantNodes) -> Iterator[Finding]:
    """Report names that say nothing and names that several nodes bear."""
    counts = Counter(nodes.names)
    for table, identifier, name in zip(nodes.tables, nodes.ids, nodes.names, strict=True):
        if not name:
            yield plant_finding("ND966", table, identifier, Message("The node has no name."))
        elif _STAND_IN.search(name):
            message = Message("The name {0!r} looks like that of a junction, not of a place.", name)
            yield plant_finding("ND966", table, identifier, message)
        if name and counts[name] > 1:
            message = Message("The name {0!r} is that of {1} nodes.", name, counts[name])
            yield plant_finding("ND967", table, identifier, message)


def check_same_place(nodes: PlantNodes) -> Iterator[Finding]:
    """Report nodes that stand on the very spot of an earlier one."""
    first: dict[tuple[float, float], list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.isfinite(nodes.lon) & np.isfinite(nodes.lat)).tolist():
        spot = tuple(np.round([nodes.lon[row], nodes.lat[row]], _SAME_PLACE_DECIMALS).tolist())
        first[spot].append(row)
    for rows in first.values():
        for row in rows[1:]:
            message = Message("The node stands on the very spot of node {0}.", nodes.ids[rows[0]])
            yield plant_finding("ND968", nodes.tables[row], nodes.ids[row], message)


def check_kinds(nodes: PlantNodes) -> Iterator[Finding]:
    """Report hyperedges: points that a map shows where lines meet, not known to be equipment."""
    for row in np.flatnonzero(nodes.kinds == "hyperedge"):
        message = Message("The node is a hyperedge: a point where several lines meet on the map.")
        yield plant_finding("ND977", nodes.tables[row], nodes.ids[row], message)
