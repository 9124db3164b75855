"""Do stretches, laid end to end in their order, make one way? All ways at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Chains:
    """The outcome for c chains.

    Parameters
    ----------
    broken_at
        Position in the given rows of the first stretch that does not meet the one before it; -1
        where all meet; shape (c,).
    first, last
        Ends of the two ways to walk the chain, shape (2, c); -1 where a way breaks.
    """

    broken_at: Ints
    first: Ints
    last: Ints


def follow_chains(starts: Ints, from_end: Ints, to_end: Ints) -> Chains:
    """Follow chains of stretches from either end of their first one.

    Parameters
    ----------
    starts
        First row of each chain in the rows, and the number of rows behind the last; shape (c+1,).
    from_end, to_end
        Numbers of the points at the two ends of each stretch in the order of its chain; shape (r,).
        Direction does not matter.

    Returns
    -------
    Chains
        Exact. The cost is one vectorised step for each place in the longest chain.
    """
    lengths = np.diff(starts)
    order = np.argsort(-lengths, kind="stable")  # those that go on are the first ones
    begin = starts[:-1][order]
    first = np.array([from_end[begin], to_end[begin]])
    last = first[::-1].copy()
    broken = np.full(first.shape, -1, dtype=np.intp)
    going = np.searchsorted(-lengths[order], -np.arange(int(lengths.max(initial=1))))
    for step, n in enumerate(going.tolist()[1:], start=1):
        rows = begin[:n] + step
        near, far, at = from_end[rows], to_end[rows], last[:, :n]
        ahead = np.where(at == far, near, np.where(at == near, far, -1))
        if (ahead < 0).any():
            stopped = (ahead < 0) & (broken[:, :n] < 0)
            broken[:, :n] = np.where(stopped, rows, broken[:, :n])
        last[:, :n] = ahead
    dead = broken >= 0
    first[dead], last[dead] = -1, -1
    back = np.argsort(order)
    broken_at = np.where(dead.all(axis=0), broken.max(axis=0), -1)
    return Chains(broken_at[back], first[:, back], last[:, back])


def in_order(owner: Ints, place: NDArray[np.float64]) -> Ints:
    """Positions in the order of owners, and of places for each; equal ones as they come."""
    same = owner[1:] == owner[:-1]
    if ((owner[1:] > owner[:-1]) | (same & (place[1:] >= place[:-1]))).all():
        return np.arange(len(owner))  # as tables mostly are
    return np.lexsort((place, owner))
