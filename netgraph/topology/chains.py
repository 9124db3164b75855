"""Put a recorded sequence of pieces end to end.

Spans in a cable, cables in a link and links in a route are the same question: the pieces are
recorded in order, each with two ends in no particular direction; which way is each one passed,
and where does the chain break?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints


@dataclass(frozen=True)
class Chains:
    """How each chain runs.

    Attributes
    ----------
    is_reversed
        Per entry: the piece is passed from its second end to its first.
    has_gap
        Per entry: the piece does not join the piece before it (or the start of the chain).
    entry, exit_
        Per entry: place where the piece is entered and left, -1 if unknown.
    reaches_end
        Per chain: its last piece arrives at the stated end.
    is_backwards
        Per chain: the pieces are recorded from the stated end to the stated start.
    """

    is_reversed: NDArray[np.bool_]
    has_gap: NDArray[np.bool_]
    entry: Ints
    exit_: Ints
    reaches_end: NDArray[np.bool_]
    is_backwards: NDArray[np.bool_]

    def breaks(self, table: Csr) -> NDArray[np.bool_]:
        """Per chain: it has a gap, an unknown piece end, or misses its end."""
        broken = np.zeros(len(table), dtype=bool)
        broken[table.owners[self.has_gap]] = True
        return broken | (~self.reaches_end & (table.counts > 0))


def join_chains(
    table: Csr,
    piece_a: Ints,
    piece_b: Ints,
    start: Ints,
    end: Ints,
    home: Ints,
) -> Chains:
    """Orient the pieces of every chain.

    Parameters
    ----------
    table
        Chain to pieces, in recorded order.
    piece_a, piece_b
        Places at the two ends of each piece, -1 if unknown; shape (pieces,).
    start, end
        Stated ends of each chain, -1 if unknown; shape (chains,).
    home
        Building code of each place, -1 outside: two places in one building join.

    Returns
    -------
    Chains
        Cost O(entries). A piece whose end is unknown is a gap: it is never assumed to fit.
    """
    n = len(table.indices)
    is_reversed = np.zeros(n, dtype=np.bool_)
    has_gap = np.zeros(n, dtype=np.bool_)
    entry = np.full(n, -1, dtype=np.int64)
    exit_ = np.full(n, -1, dtype=np.int64)
    reaches_end = np.zeros(len(table), dtype=np.bool_)
    is_backwards = np.zeros(len(table), dtype=np.bool_)
    _join(
        table.indptr, table.indices, piece_a, piece_b, start, end, home,
        is_reversed, has_gap, entry, exit_, reaches_end, is_backwards,
    )  # fmt: skip
    return Chains(is_reversed, has_gap, entry, exit_, reaches_end, is_backwards)


@njit(cache=True)
def _meet(p, q, home):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    return p >= 0 and q >= 0 and (p == q or (home[p] >= 0 and home[p] == home[q]))


@njit(cache=True)
def _join(  # type: ignore[no-untyped-def]  # noqa: ANN202, C901, PLR0912, PLR0913 - compiled: one loop
    indptr, indices, piece_a, piece_b, start, end, home,  # noqa: ANN001
    is_reversed, has_gap, entry, exit_, reaches_end, is_backwards,  # noqa: ANN001
):  # fmt: skip
    for chain in range(len(indptr) - 1):
        low, high = indptr[chain], indptr[chain + 1]
        if low == high:
            continue
        first, last = indices[low], indices[high - 1]
        at = start[chain]
        goal = end[chain]
        fits = _meet(at, piece_a[first], home) or _meet(at, piece_b[first], home)
        if not fits and (_meet(at, piece_a[last], home) or _meet(at, piece_b[last], home)):
            is_backwards[chain] = True
        for step in range(high - low):
            k = high - 1 - step if is_backwards[chain] else low + step
            piece = indices[k]
            a, b = piece_a[piece], piece_b[piece]
            forward, backward = _meet(at, a, home), _meet(at, b, home)
            if forward and backward:  # both ends in one building: prefer the exact place
                forward = at == a or at != b
            elif not forward and not backward:
                has_gap[k] = True
                forward = True
                if step + 1 < high - low:  # keep going: let the next piece say the direction
                    following = indices[k - 1] if is_backwards[chain] else indices[k + 1]
                    c, d = piece_a[following], piece_b[following]
                    if _meet(a, c, home) or _meet(a, d, home):
                        forward = False
                elif _meet(a, goal, home):
                    forward = False
            if a < 0 or b < 0:
                has_gap[k] = True
            is_reversed[k] = not forward
            entry[k] = a if forward else b
            exit_[k] = b if forward else a
            at = exit_[k]
        reaches_end[chain] = _meet(at, goal, home)
