"""From rows as stated to a network: ids resolved, coordinates settled, defects named."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import InputError
from netgraph.inventory.plant.checks_nodes import check_nodes
from netgraph.inventory.plant.checks_spans import check_spans
from netgraph.inventory.plant.coordinates import check_crs, settle_coordinates
from netgraph.inventory.plant.lengths import believable_lengths_m
from netgraph.inventory.plant.model import PlantNetwork, PlantNodes, PlantSpans
from netgraph.inventory.plant.resolve import (
    compare_ends,
    judge_use,
    rows_of_ids,
    straight_lengths_m,
)
from netgraph.inventory.plant.rules import with_places
from netgraph.inventory.plant.statuses import canonical_statuses
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Source
    from netgraph.inventory.plant.coordinates import Coordinates
    from netgraph.inventory.plant.resolve import LineEnds
    from netgraph.inventory.plant.rows import PlantRows

    Objects = NDArray[np.object_]


def build_network(rows: PlantRows, sources: Iterable[Source]) -> PlantNetwork:
    """Build a network from the rows of a reader.

    Parameters
    ----------
    rows
        What the reader found.
    sources
        Files that were read.

    Returns
    -------
    PlantNetwork
        With every row, and a finding for every defect.

    Raises
    ------
    InputError
        If the rows cannot be told apart or the file is no network; all problems at once.
    """
    problems = [*rows.problems, *_repeated_ids(rows)]
    if rows.crs and not rows.is_planar:
        problems += check_crs(rows.crs)
    if problems:
        raise InputError(problems)
    coordinates = settle_coordinates(rows)
    nodes = _nodes(rows, coordinates)
    spans, ends, length_findings = _spans(rows, nodes, coordinates)
    stated = _texts(row.status for row in rows.spans)
    findings = [
        *rows.findings,
        *coordinates.findings,
        *length_findings,
        *check_nodes(nodes, spans),
        *check_spans(spans, stated, ends),
    ]
    return PlantNetwork(
        name=rows.name,
        nodes=nodes,
        spans=spans,
        risk_groups=(),
        has_risk_records=False,
        crs=coordinates.crs,
        findings=tuple(sorted(with_places(findings, _places(rows)))),
        sources=tuple(sources),
    )


def _repeated_ids(rows: PlantRows) -> Iterator[str]:
    for table, ids in (
        ("nodes", [row.id for row in rows.nodes]),
        ("spans", [row.id for row in rows.spans]),
    ):
        for identifier, count in Counter(ids).items():
            if count > 1:
                yield (
                    Message(
                        "{0}: {1} rows have the id {2!r}; give every row an id of its own.",
                        table,
                        count,
                        identifier,
                    )
                )


def _places(rows: PlantRows) -> dict[tuple[str, str], str]:
    """Where each row is, by table and id."""
    nodes = {("nodes", row.id): row.place for row in rows.nodes}
    return nodes | {("spans", row.id): row.place for row in rows.spans}


def _nodes(rows: PlantRows, coordinates: Coordinates) -> PlantNodes:
    return PlantNodes(
        ids=_texts(row.id for row in rows.nodes),
        names=_texts(row.name for row in rows.nodes),
        tables=_texts("nodes" for _ in rows.nodes),
        kinds=_texts(row.kind for row in rows.nodes),
        statuses=canonical_statuses(row.status for row in rows.nodes),
        lon=coordinates.lon,
        lat=coordinates.lat,
    )


def _spans(
    rows: PlantRows, nodes: PlantNodes, coordinates: Coordinates
) -> tuple[PlantSpans, LineEnds, list[Finding]]:
    planar = not coordinates.crs
    ids, geometry = _texts(row.id for row in rows.spans), coordinates.geometry
    from_ids = _texts(row.from_id for row in rows.spans)
    to_ids = _texts(row.to_id for row in rows.spans)
    from_nodes, to_nodes = rows_of_ids(nodes.ids, from_ids), rows_of_ids(nodes.ids, to_ids)
    ends = compare_ends(nodes, from_nodes, to_nodes, geometry, planar=planar)
    straight = straight_lengths_m(nodes, from_nodes, to_nodes, planar=planar)
    length_m, findings = believable_lengths_m(
        ids,
        np.array([row.length_km for row in rows.spans], dtype=np.float64),
        np.where(ends.is_sound, ends.drawn_m, straight),
    )
    blank = _texts("" for _ in rows.spans)
    stated = _texts(row.status for row in rows.spans)
    spans = PlantSpans(
        ids=ids,
        names=_texts(row.name for row in rows.spans),
        from_ids=from_ids,
        to_ids=to_ids,
        from_nodes=from_nodes,
        to_nodes=to_nodes,
        statuses=canonical_statuses(stated),
        length_m=length_m,
        geometry=geometry,
        end_gap_m=ends.gap_m,
        is_geometry_sound=ends.is_sound,
        trench_ids=blank,
        media=_texts(row.medium for row in rows.spans),
        owners=_texts(row.owner for row in rows.spans),
        used=blank == "",
        unused_reasons=blank,
        duplicate_of=np.full(len(ids), -1, dtype=np.int64),
    )
    return judge_use(nodes, spans, stated), ends, findings


def _texts(values: Iterable[str]) -> Objects:
    """Object array of texts."""
    texts = list(values)
    array = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array
