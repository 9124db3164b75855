"""Move symbols apart so that none hides another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_RINGS = 6  # of slots around a place: room for 127 symbols at one spot


def spread(
    wanted: NDArray[np.float64], taken: NDArray[np.float64], distance: float
) -> NDArray[np.float64]:
    """Return places near the wanted ones, `distance` apart; the first get theirs exactly.

    Greedy: each symbol takes the nearest free slot of a hexagonal grid around its own place, and
    stays there, hiding others, when every slot is taken. Deterministic. Cost: symbols squared
    times slots, in array operations.

    Parameters
    ----------
    wanted
        Places on paper, shape (n, 2), the most important first. NaN stays NaN.
    taken
        Places that must stay free too, shape (m, 2).
    distance
        The least distance between two symbols.

    Returns
    -------
    ndarray of shape (n, 2)
    """
    slots = _hexagonal_slots() * distance
    least = distance * (1 - 1e-6)  # neighbours on the grid are exactly one distance apart
    placed = np.concatenate((taken, np.full_like(wanted, np.nan)))
    for i, place in enumerate(wanted):
        filled = placed[: len(taken) + i]
        reach = np.abs(filled - place).max(axis=1, initial=0) if len(filled) else np.empty(0)
        near = filled[reach <= (_RINGS + 1) * distance]
        options = place + slots
        gaps = np.hypot(*(options[:, None, :] - near[None, :, :]).transpose(2, 0, 1))
        free = np.flatnonzero((gaps >= least).all(axis=1))
        placed[len(taken) + i] = options[free[0]] if len(free) else place
    return placed[len(taken) :]


def _hexagonal_slots() -> NDArray[np.float64]:
    """Return the points of a hexagonal grid of unit distance, the nearest first."""
    steps = np.arange(-_RINGS, _RINGS + 1)
    a, b = (grid.ravel() for grid in np.meshgrid(steps, steps))
    x, y = a + b / 2, b * np.sqrt(3) / 2
    away = np.round(np.hypot(x, y), 9)
    order = np.lexsort((x, y, away))
    order = order[away[order] <= _RINGS]
    return np.stack((x[order], y[order]), axis=1)
