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
    first = np.array([from_end[starts[:-1]], to_end[starts[:-1]]])
    last = np.array([to_end[starts[:-1]], from_end[starts[:-1]]])
    broken = np.full(first.shape, -1, dtype=np.intp)
    for step in range(1, int(lengths.max(initial=1))):
        going = np.flatnonzero(lengths > step)
        rows = starts[:-1][going] + step
        for way in range(2):
            at = last[way, going]
            ahead = np.where(at == from_end[rows], to_end[rows], -1)
            ahead = np.where(at == to_end[rows], from_end[rows], ahead)
            stopped = (ahead < 0) & (broken[way, going] < 0)
            broken[way, going[stopped]] = rows[stopped]
            last[way, going] = ahead
    dead = broken >= 0
    first[dead], last[dead] = -1, -1
    return Chains(np.where(dead.all(axis=0), broken.max(axis=0), -1), first, last)
