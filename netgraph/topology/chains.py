"""Put a recorded sequence of pieces end to end.

Spans in a cable, cables in a link and links in a route are the same question: the pieces are
recorded in order, each with two ends in no particular direction; which way is each one passed,
and where does the chain break?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.compiling.kernels import entry, inner

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
    is_undecided
        Per chain: it has a gap, and its recorded order fits its ends as well either way.
    """

    is_reversed: NDArray[np.bool_]
    has_gap: NDArray[np.bool_]
    entry: Ints
    exit_: Ints
    reaches_end: NDArray[np.bool_]
    is_backwards: NDArray[np.bool_]
    is_undecided: NDArray[np.bool_]

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
    chains = Chains(
        is_reversed=np.zeros(n, dtype=np.bool_),
        has_gap=np.zeros(n, dtype=np.bool_),
        entry=np.full(n, -1, dtype=np.int64),
        exit_=np.full(n, -1, dtype=np.int64),
        reaches_end=np.zeros(len(table), dtype=np.bool_),
        is_backwards=np.zeros(len(table), dtype=np.bool_),
        is_undecided=np.zeros(len(table), dtype=np.bool_),
    )
    pieces = _Pieces(table.indptr, table.indices, piece_a, piece_b, home)
    _join(pieces, start, end, _Found(*vars(chains).values()))
    return chains


# Handed on as values: numba compiles one more version for every True or False written out.
_FORWARD: np.bool_ = np.bool_(False)  # noqa: FBT003 - values
_TURNED: np.bool_ = np.bool_(True)  # noqa: FBT003 - values


class _Pieces(NamedTuple):
    """What the loop reads."""

    indptr: Ints
    indices: Ints
    a: Ints
    b: Ints
    home: Ints


class _Found(NamedTuple):
    """What the loop writes: the arrays of :class:`Chains`."""

    is_reversed: NDArray[np.bool_]
    has_gap: NDArray[np.bool_]
    entry: Ints
    exit_: Ints
    reaches_end: NDArray[np.bool_]
    is_backwards: NDArray[np.bool_]
    is_undecided: NDArray[np.bool_]


@inner
def _meet(p: int, q: int, home: Ints) -> bool:
    return p >= 0 and q >= 0 and bool(p == q or (home[p] >= 0 and home[p] == home[q]))


@inner
def _touches(place: int, piece: int, pieces: _Pieces) -> bool:
    home = pieces.home
    return _meet(place, pieces.a[piece], home) or _meet(place, pieces.b[piece], home)


@inner
def _is_forward(at: int, goal: int, piece: int, following: int, pieces: _Pieces) -> bool:
    """Which way a piece is passed from `at`; one that does not fit goes on to the next, or home."""
    a, b, home = pieces.a[piece], pieces.b[piece], pieces.home
    forward, backward = _meet(at, a, home), _meet(at, b, home)
    if forward and backward:  # both ends in one building: prefer the exact place
        return bool(at == a or at != b)
    if forward or backward:
        return forward
    if following >= 0:
        return not _touches(a, following, pieces)
    return not _meet(a, goal, home)


@inner
def _pass(
    pieces: _Pieces, ends: tuple[int, int], rows: tuple[int, int], turned: bool, found: _Found  # noqa: FBT001 - compiled
) -> bool:  # fmt: skip
    """Pass the pieces of one chain in recorded order or the other way; True if they join up."""
    at, goal = ends
    low, high = rows
    step = -1 if turned else 1
    joins = True
    for i in range(high - low):
        k = high - 1 - i if turned else low + i
        piece = pieces.indices[k]
        following = pieces.indices[k + step] if i + 1 < high - low else -1
        a, b = pieces.a[piece], pieces.b[piece]
        forward = _is_forward(at, goal, piece, following, pieces)
        entry, exit_ = (a, b) if forward else (b, a)
        found.has_gap[k] = a < 0 or b < 0 or not _meet(at, entry, pieces.home)
        found.is_reversed[k] = not forward
        found.entry[k], found.exit_[k] = entry, exit_
        joins = joins and not found.has_gap[k]
        at = exit_
    return joins and _meet(at, goal, pieces.home)


@inner
def _fit(place: int, piece: int, pieces: _Pieces) -> int:
    """How well a piece fits a place: 0 not at all, 3 at its building, 4 at the very place."""
    if not _touches(place, piece, pieces):
        return 0
    return 4 if place in (pieces.a[piece], pieces.b[piece]) else 3


_BEST_FIT = 8  # both ends at the very place


@inner
def _fits(ends: tuple[int, int], first: int, last: int, pieces: _Pieces) -> int:
    """How well a chain fits its ends: both before one, then places before buildings."""
    return _fit(ends[0], first, pieces) + _fit(ends[1], last, pieces)


@entry
def _join(pieces: _Pieces, start: Ints, end: Ints, found: _Found) -> None:
    for chain in range(len(pieces.indptr) - 1):
        low, high = pieces.indptr[chain], pieces.indptr[chain + 1]
        if low == high:
            continue
        ends, rows = (start[chain], end[chain]), (low, high)
        turned = _FORWARD
        joins = _pass(pieces, ends, rows, turned, found)
        first, last = pieces.indices[low], pieces.indices[high - 1]
        fit = _fits(ends, first, last, pieces)
        if not joins or fit < _BEST_FIT:  # maybe recorded from the other end
            turned = _TURNED
            joins_turned = _pass(pieces, ends, rows, turned, found)
            fit_turned = _fits(ends, last, first, pieces)
            turned = joins_turned if joins != joins_turned else fit_turned > fit
            found.is_undecided[chain] = (
                not joins and not joins_turned and first != last and fit_turned == fit > 0
            )
            if not turned:
                _pass(pieces, ends, rows, turned, found)
        found.is_backwards[chain] = turned
        found.reaches_end[chain] = _meet(
            found.exit_[low if turned else high - 1], end[chain], pieces.home
        )
