"""Which points lie close together, by sorting them into squares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: The square itself, and of its eight neighbours those that come after it.
_NEIGHBOURS = ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))

#: Squares are a little wider than the radius, as the places of their edges are rounded.
_ROUNDING = 1 + 1e-6


def pairs_within(points: NDArray[np.float64], radius: float) -> NDArray[np.intp]:
    """Find all pairs of points of a plane that are not farther apart than a radius.

    Parameters
    ----------
    points
        Shape (n, 2).
    radius
        Above 0, in the unit of the points.

    Returns
    -------
    ndarray of int, shape (pairs, 2)
        Positions, in no particular order. Exact; the cost is that of a sort, and of the pairs in
        neighbouring squares.
    """
    if len(points) < 2:
        return np.zeros((0, 2), dtype=np.intp)
    wide = radius * _ROUNDING
    squares = np.floor((points - points.min(axis=0)) / wide).astype(np.int64)
    height = int(squares[:, 1].max()) + 3  # above and below every column a free square
    keys = squares[:, 0] * height + squares[:, 1]
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    lasts = np.append(firsts[1:], len(keys))
    taken = keys[firsts]
    pairs = []
    for right, up in _NEIGHBOURS:
        wanted = taken + right * height + up
        at = np.minimum(np.searchsorted(taken, wanted), len(taken) - 1)
        here = np.flatnonzero(taken[at] == wanted)
        i, j = _all_with_all(firsts[here], lasts[here], firsts[at[here]], lasts[at[here]])
        pairs.append(np.column_stack([i, j])[i < j if (right, up) == (0, 0) else slice(None)])
    found = order[np.concatenate(pairs)]
    apart = points[found[:, 0]] - points[found[:, 1]]
    return found[np.hypot(apart[:, 0], apart[:, 1]) <= radius]


def _all_with_all(
    low: NDArray[np.intp], high: NDArray[np.intp],
    other_low: NDArray[np.intp], other_high: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:  # fmt: skip
    """Pair every member of one stretch with every member of another, stretch by stretch."""
    wide = other_high - other_low
    counts = (high - low) * wide
    step = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    wide = np.repeat(wide, counts)
    return np.repeat(low, counts) + step // wide, np.repeat(other_low, counts) + step % wide
