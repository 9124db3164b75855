"""What short spans around places lead to: what could lie within the entry tolerance there.

More than does: whether a span is in service, or open to the place, is not asked. It says for many
places, before any network is made ready, that there is nothing near them that counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.search.keys import distinct, rows_of_keys
from netgraph.diversity.verdict_kinds import TOLERABLE
from netgraph.topology.csr import csr_of_pairs, gather, gather_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.search.graph import Rows
    from netgraph.topology.csr import Csr, Ints

_SAME_M = 1e-6


class _Steps(NamedTuple):
    """Short spans by the point where they begin; places in one building are one point."""

    at: Csr
    span: Ints
    point: Ints  # where each leads to
    metres: NDArray[np.float64]


def find_near(audit: AuditBasis, places: Sequence[int]) -> Rows:
    """Find the elements and risk groups that may lie within the tolerance of each place.

    Ascending, and only such as may be tolerated. O(spans within the tolerance).
    """
    limit_m = audit.rules.entry_tolerance_m + _SAME_M
    home = audit.network.places.home
    _, point_of = np.unique(np.where(home >= 0, home, ~np.arange(len(home))), return_inverse=True)
    steps = _short_steps(audit, point_of, limit_m)
    reached = np.arange(len(places)) << 32 | point_of[list(places)]
    metres = np.zeros(len(reached))
    passed, now = [np.empty(0, dtype=np.int64)], np.arange(len(reached))
    while len(now):
        at, owner = gather_positions(steps.at, reached[now] & 0xFFFFFFFF)
        step = steps.at.indices[at]
        end_m = metres[now][owner] + steps.metres[step]
        is_near = end_m <= limit_m
        row, step = reached[now][owner[is_near]] >> 32, step[is_near]
        passed.append(row << 32 | steps.span[step])
        key = np.concatenate([reached, row << 32 | steps.point[step]])
        metres = np.concatenate([metres, end_m[is_near]])
        order = np.lexsort((np.arange(len(key)), metres, key))
        is_first = np.append(True, key[order][1:] != key[order][:-1])
        kept = order[is_first]  # the shortest way to each, of equal ones the one known before
        now = np.flatnonzero(kept >= len(reached))
        reached, metres = key[kept], metres[kept]
    return _touched(audit, point_of, distinct(np.concatenate(passed)), reached, len(places))


def _short_steps(audit: AuditBasis, point_of: Ints, limit_m: float) -> _Steps:
    """Return the spans no longer than a limit, both ways; inside a building none is long."""
    spans = audit.network.spans
    known = np.flatnonzero((spans.a >= 0) & (spans.b >= 0))
    a, b = point_of[spans.a[known]], point_of[spans.b[known]]
    length_m = np.where(spans.is_measured[known], spans.length_m[known], np.inf)
    length_m[a == b] = 0.0
    short = np.flatnonzero(length_m <= limit_m)
    span, a, b = np.tile(known[short], 2), a[short], b[short]
    begin, end = np.concatenate([a, b]), np.concatenate([b, a])
    n_points = int(point_of.max(initial=-1)) + 1
    at = csr_of_pairs(begin, np.arange(len(begin)), n_points)
    return _Steps(at, span, end, np.tile(length_m[short], 2))


def _touched(audit: AuditBasis, point_of: Ints, passed: Ints, reached: Ints, n_rows: int) -> Rows:
    """Return what spans passed and points reached, both with their row, hold."""
    elements = audit.network.elements
    x, owner = gather(elements.of_span, passed & 0xFFFFFFFF)
    at_point = csr_of_pairs(point_of, np.arange(len(point_of)), int(point_of.max(initial=-1)) + 1)
    place, of_point = gather(at_point, reached & 0xFFFFFFFF)
    row = np.concatenate([passed[owner] >> 32, reached[of_point] >> 32])
    x = np.concatenate([x, elements.offset["places"] + place])
    group, of_x = gather(audit.risks.of_element, x)
    row, x = np.concatenate([row, row[of_x]]), np.concatenate([x, len(elements) + group])
    is_tolerable = TOLERABLE[audit.kind[x]]
    return rows_of_keys(distinct(row[is_tolerable] << 32 | x[is_tolerable]), n_rows)
