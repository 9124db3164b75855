"""Findings about spans: ends, lines, repetitions and status."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.plant.model import IN_SERVICE, UNKNOWN
from netgraph.inventory.plant.resolve import line_texts
from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.plant.model import PlantSpans
    from netgraph.inventory.plant.resolve import LineEnds


def check_spans(
    spans: PlantSpans, stated: NDArray[np.object_], ends: LineEnds
) -> Iterator[Finding]:
    """Check everything about the spans of a published network.

    Parameters
    ----------
    spans
        The spans.
    stated
        Their statuses as stated, shape (spans,).
    ends
        How their lines meet the nodes.
    """
    yield from check_dangling(spans)
    yield from check_topology(spans)
    yield from check_lines(spans, ends)
    yield from check_statuses(spans, stated)


def check_topology(spans: PlantSpans) -> Iterator[Finding]:
    """Report self-loops, rows that repeat another, and links listed in both directions."""
    for row in np.flatnonzero(spans.self_loops):
        message = Message("The span starts and ends at {0}.", spans.from_ids[row])
        yield _finding("ND952", spans, row, message)
    for row in np.flatnonzero(spans.duplicate_of >= 0):
        other = spans.ids[spans.duplicate_of[row]]
        message = Message(
            "The span has the same two ends and the identical line as span {0}.", other
        )
        yield _finding("ND953", spans, row, message)
    yield from _check_directions(spans)
    yield from _check_trenches(spans)


def check_dangling(spans: PlantSpans) -> Iterator[Finding]:
    """Report ends that are missing or that no node has."""
    columns = (
        (Message("start"), spans.from_ids, spans.from_nodes),
        (Message("end"), spans.to_ids, spans.to_nodes),
    )
    for column, ids, nodes in columns:
        for row in np.flatnonzero(nodes < 0):
            unknown = Message(
                "The {0} {1!r} is no known node: the span carries no route.", column, ids[row]
            )
            missing = Message("The {0} is missing: the span carries no route.", column)
            yield _finding("ND951", spans, row, unknown if ids[row] else missing)


def check_lines(spans: PlantSpans, ends: LineEnds) -> Iterator[Finding]:
    """Report lines that contradict the ids, and lines that are drawn from end to start."""
    contradicts = ~shapely.is_missing(spans.geometry) & ~ends.is_sound
    for row in np.flatnonzero(contradicts):
        message = Message(
            "The line ends {0:.1f} km from the stated node; it is {1:.1f} km long.",
            ends.gap_m[row] / M_PER_KM,
            ends.drawn_m[row] / M_PER_KM,
        )
        yield _finding("ND956", spans, row, message)
    turned = ends.is_reversed & ~spans.self_loops & ~contradicts
    for row in np.flatnonzero(turned):
        message = Message(
            "The line is drawn from {0} to {1}.", spans.to_ids[row], spans.from_ids[row]
        )
        yield _finding("ND957", spans, row, message)


def check_not_in_service(spans: PlantSpans, stated: NDArray[np.object_]) -> Iterator[Finding]:
    """Report spans that are planned or retired."""
    for row in np.flatnonzero((spans.statuses != IN_SERVICE) & (spans.statuses != UNKNOWN)):
        message = Message("The status is {0}: the span carries no route.", stated[row])
        yield _finding("ND958", spans, row, message)


def check_statuses(spans: PlantSpans, stated: NDArray[np.object_]) -> Iterator[Finding]:
    """Report spans out of service, unknown words, and missing statuses."""
    yield from check_not_in_service(spans, stated)
    for row in np.flatnonzero(spans.statuses == UNKNOWN):
        message = Message(
            "The status {0!r} is not defined: the span carries no route.", stated[row]
        )
        yield _finding("ND961", spans, row, message)
    missing = np.flatnonzero(stated == "")
    if len(spans) and len(missing) == len(spans):
        yield plant_finding("ND959", "spans", "", Message("None of the spans has a status."))
    elif 2 * len(missing) > len(spans):
        message = Message("{0} of {1} spans have no status.", len(missing), len(spans))
        yield plant_finding("ND960", "spans", "", message)
    else:
        for row in missing:
            yield _finding(
                "ND960", spans, row, Message("The status is missing; other spans have one.")
            )


def _check_directions(spans: PlantSpans) -> Iterator[Finding]:
    """Report B to A beside A to B, where no different line says that they are two spans."""
    first: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(~spans.dangling & ~spans.self_loops).tolist():
        ends = int(spans.from_nodes[row]), int(spans.to_nodes[row])
        first.setdefault(ends, row)
        other = first.get((ends[1], ends[0]))
        if other is None:
            continue
        undrawn = spans.geometry[row] is None or spans.geometry[other] is None
        if undrawn or spans.duplicate_of[row] >= 0:
            message = Message(
                "The span runs from {0} to {1}, and span {2} the other way: one link may be "
                "listed in both directions.",
                spans.from_ids[row],
                spans.to_ids[row],
                spans.ids[other],
            )
            yield _finding("ND954", spans, row, message)


def _check_trenches(spans: PlantSpans) -> Iterator[Finding]:
    """Report spans with different trenches that are drawn on exactly the same line."""
    groups: dict[tuple[int, int, bytes], list[int]] = defaultdict(list)
    drawn = spans.used & ~shapely.is_missing(spans.geometry) & (spans.trench_ids != "")
    rows = np.flatnonzero(drawn)
    texts = line_texts(spans.geometry[rows])
    for row, text in zip(rows.tolist(), texts, strict=True):
        low, high = sorted((int(spans.from_nodes[row]), int(spans.to_nodes[row])))
        groups[low, high, text].append(row)
    for group in groups.values():
        for row in group[1:]:
            message = Message(
                "The span is drawn on the line of span {0}, though their trenches {1} and "
                "{2} differ.",
                spans.ids[group[0]],
                spans.trench_ids[row],
                spans.trench_ids[group[0]],
            )
            yield _finding("ND975", spans, row, message)


def _finding(rule: str, spans: PlantSpans, row: int | np.integer, message: Message) -> Finding:
    return plant_finding(rule, "spans", str(spans.ids[row]), message)
