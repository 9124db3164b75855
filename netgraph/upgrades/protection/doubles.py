"""Builds that would lie in the trench of a span, or of another build: they fail together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.geometry import find_parallel_spans, is_shown_apart
from netgraph.topology.csr import Csr, csr_of_pairs, gather

if TYPE_CHECKING:
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.builds import Builds

_METRES_PER_DEGREE = 111_000.0


def find_doubles(audit: Audit, builds: Builds) -> tuple[Ints, Ints]:
    """Find what nothing shows to lie apart from a build, by the audit's rule for spans.

    Drawn closer than `trench_m` for longer than `trench_run_m`, or between the same two points
    and not drawn on two ways.

    Returns
    -------
    build, other
        Pairs; spans count from 0, builds from the number of spans on. Two builds stand once.
    """
    drawn = _drawn_alike(audit, builds)
    ends = _between_the_same_points(audit, builds)
    pairs = np.unique(np.concatenate([drawn, ends]), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _drawn_alike(audit: Audit, builds: Builds) -> Ints:
    spans, rules = audit.network.spans, audit.rules
    planar = audit.network.inventory.crs == ""
    mine = np.flatnonzero(~shapely.is_missing(builds.geometry))
    theirs = np.flatnonzero(~shapely.is_missing(spans.geometry) & spans.is_in_service)
    if len(mine) == 0:
        return np.empty((0, 2), dtype=np.int64)
    # Twice the distance, since a degree of longitude is shorter than one of latitude.
    reach = rules.trench_m if planar else 4 * rules.trench_m / _METRES_PER_DEGREE
    tree = shapely.STRtree(spans.geometry[theirs])
    near = tree.query(builds.geometry[mine], predicate="dwithin", distance=reach)[1]
    near = theirs[np.unique(near)]
    lines = np.concatenate([builds.geometry[mine], spans.geometry[near]])
    numbers = np.concatenate([mine + len(spans), near])
    found = find_parallel_spans(
        lines, within_m=rules.trench_m, min_run_m=rules.trench_run_m, planar=planar
    )
    # The first of a pair has the lesser position, and builds stand before spans.
    of_builds = found.first < len(mine)
    first, second = numbers[found.first[of_builds]], numbers[found.second[of_builds]]
    return np.column_stack([first - len(spans), second])


def _between_the_same_points(audit: Audit, builds: Builds) -> Ints:
    spans, n = audit.network.spans, len(audit.network.places)
    key = _keys(np.append(spans.a, builds.a), np.append(spans.b, builds.b), n)
    at: dict[int, list[int]] = {}
    wanted = set(key[len(spans) :].tolist())
    for number in np.flatnonzero(np.isin(key, list(wanted)) & (key >= 0)).tolist():
        at.setdefault(int(key[number]), []).append(number)
    pairs = [
        (later - len(spans), number)
        for together in at.values()
        for i, later in enumerate(together)
        if later >= len(spans)
        for number in together[:i]
        if not _is_apart(audit, builds, later, number)
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _keys(a: Ints, b: Ints, n: int) -> Ints:
    low, high = np.minimum(a, b), np.maximum(a, b)
    return np.where(low >= 0, low * n + high, -1)


def _is_apart(audit: Audit, builds: Builds, *numbers: int) -> bool:
    """Whether both are drawn on record, on two ways."""
    spans, rules = audit.network.spans, audit.rules
    lines = []
    for number in numbers:
        build = number - len(spans)
        is_drawn = build < 0 or bool(builds.is_drawn[build])
        lines.append(builds.geometry[build] if build >= 0 else spans.geometry[number])
        if not is_drawn or lines[-1] is None:
            return False
    return is_shown_apart(
        lines[0], lines[1], separation_m=rules.separation_m,
        end_exempt_m=rules.entry_tolerance_m, planar=audit.network.inventory.crs == "",
    )  # fmt: skip


def with_doubles(risk_edges: Csr, first: Ints, second: Ints) -> Csr:
    """Let risks of a single edge take its doubles (pairs of edges) along.

    What takes several edges along is recorded as it is: nobody suspects that a trench holds more.
    """
    rows, more = np.append(first, second), np.append(second, first)
    n_edges = 1 + max(int(x.max(initial=-1)) for x in (rows, risk_edges.indices))
    double_of = csr_of_pairs(rows, more, n_edges)
    is_alone = risk_edges.counts[risk_edges.owners] == 1
    values, owners = gather(double_of, risk_edges.indices[is_alone])
    return csr_of_pairs(
        np.append(risk_edges.owners, risk_edges.owners[is_alone][owners]),
        np.append(risk_edges.indices, values),
        len(risk_edges),
    )
