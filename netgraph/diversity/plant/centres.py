"""Centres as people name them: by id, or by a name that only one node has."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.plant.graph import component_labels
from netgraph.errors import UsageError
from netgraph.inventory.findings import WARNING, Finding
from netgraph.inventory.plant.model import IN_SERVICE
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.plant.graph import PlantGraph
    from netgraph.inventory.plant import PlantNetwork

_SHOWN_IDS = 20
_LOOKS = 3  # ids that show how they are written, where none is near


def find_centres(network: PlantNetwork, centres: Sequence[str]) -> NDArray[np.int64]:
    """Find the nodes that are meant.

    Parameters
    ----------
    network
        The network.
    centres
        Ids or names; an id goes before a name, the exact name before one in other case.

    Returns
    -------
    ndarray of int64
        Rows of the nodes, sorted, each once.

    Raises
    ------
    UsageError
        If there is no centre, or one is unknown, ambiguous or not in service; all at once.
    """
    if not centres:
        message = Message("name at least one centre")
        raise UsageError(message)
    problems: list[str] = []
    rows: set[int] = set()
    for centre in centres:
        matches = _matches(network, centre)
        if len(matches) == 0:
            problems.append(_unknown(network, centre))
        elif len(matches) > 1:
            problems.append(_ambiguous(network, centre, matches))
        elif network.nodes.statuses[matches[0]] != IN_SERVICE:
            problems.append(Message("centre {0!r} is not in service; name one that is", centre))
        else:
            rows.add(int(matches[0]))
    if problems:
        raise UsageError(problems)
    return np.array(sorted(rows), dtype=np.int64)


def check_centres(graph: PlantGraph, centres: NDArray[np.int64]) -> Iterator[Finding]:
    """Say once, not once a node, that the recorded plant leads to a centre from nowhere.

    Parameters
    ----------
    graph
        The network that carries routes.
    centres
        Rows of the centres.
    """
    nodes, labels = graph.network.nodes, component_labels(graph.arrays)
    reached = np.unique(np.delete(labels, centres))
    for centre in centres[~np.isin(labels[centres], reached)].tolist():
        yield Finding(
            rule="ND982",
            severity=WARNING,
            table=str(nodes.tables[centre]),
            row_id=str(nodes.ids[centre]),
            message=Message("No node reaches this centre over the recorded spans."),
            hint=Message(
                "Record the spans up to it; until then nothing can be said to be achievable."
            ),
        )


def _matches(network: PlantNetwork, centre: str) -> NDArray[np.int64]:
    nodes = network.nodes
    folded = centre.strip().casefold()
    same_name = np.array([name.casefold() == folded for name in nodes.names], dtype=bool)
    for found in (nodes.ids == centre, nodes.names == centre, same_name):
        if found.any():
            return np.flatnonzero(found)
    return np.array([], dtype=np.int64)


def _unknown(network: PlantNetwork, centre: str) -> str:
    known = {str(text).casefold(): str(text) for text in (*network.nodes.ids, *network.nodes.names)}
    known.pop("", None)
    near = difflib.get_close_matches(centre.casefold(), sorted(known), n=3, cutoff=0.5)
    looks = Message("; ids look like {0}", ", ".join(sorted(map(str, network.nodes.ids))[:_LOOKS]))
    hint = Message("; near to it: {0}", ", ".join(known[key] for key in near)) if near else looks
    return Message("there is no node with the id or name {0!r}{1}", centre, hint)


def _ambiguous(network: PlantNetwork, centre: str, matches: NDArray[np.int64]) -> str:
    ids = sorted(str(network.nodes.ids[row]) for row in matches)
    more = Message(" and {0} more", len(ids) - _SHOWN_IDS) if len(ids) > _SHOWN_IDS else ""
    shown = ", ".join(ids[:_SHOWN_IDS])
    return Message(
        "{0} nodes have the name {1!r}; give an id: {2}{3}", len(ids), centre, shown, more
    )
