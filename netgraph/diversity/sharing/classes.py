"""Elements that every link holds together, or not at all, taken as one.

Between two junctions a link runs through hundreds of spans and manholes that no other link knows:
routes share all of them or none. They are compared in such classes, of which a link has a handful;
elements whose distance from an end may matter stay by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.alike import equal_columns, equal_rows, first_of
from netgraph.topology.csr import Csr, csr_of_pairs, gather, gather_positions, transpose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.topology.elements import Elements

    Flags = NDArray[np.bool_]

_SPREAD, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)  # any odd ones
_SLACK_M = 1.0  # beyond what is near: sums are not made in the order of the routes here


@dataclass(frozen=True, eq=False)
class ElementClasses:
    """Classes of elements: on the same links, in the same building and risk groups.

    Attributes
    ----------
    of_element
        Class of each element; shape (elements,).
    of_link, risks
        Link to classes, and class to risk groups; ascending.
    members
        Class to elements, ascending.
    n_risks
        Risk groups in all.
    home
        Building that a class stands in, -1 outside; shape (classes,).
    """

    of_element: Ints
    of_link: Csr
    risks: Csr
    members: Csr
    n_risks: int
    home: Ints

    def __len__(self) -> int:
        """Count the classes."""
        return len(self.home)


def build_classes(
    elements: Elements, risks_of: Csr, n_risks: int, is_alone: Flags
) -> ElementClasses:
    """Put elements into classes; exact, O(elements on the links).

    Parameters
    ----------
    risks_of
        Element to risk groups, of which there are `n_risks`.
    is_alone
        Elements that are to be classes of their own.
    """
    n, table = len(elements), elements.of_link
    risk = np.full(n, -1)
    risky = np.flatnonzero(risks_of.counts)
    values, owner = gather(risks_of, risky)
    risk[risky] = equal_rows(Csr(np.searchsorted(owner, np.arange(len(risky) + 1)), values))
    several = np.flatnonzero(~is_alone)
    key = _hash_links(table, n).view(np.uint64)[several]
    for column, factor in ((elements.home, _SPREAD), (risk, _OTHER)):
        key += column[several].astype(np.uint64) * factor
    first = np.arange(n)
    first[several] = several[first_of(key)]
    of_element, of_link, holds = _numbered(first, table)
    if not (holds and ((elements.home == elements.home[first]) & (risk == risk[first])).all()):
        # Two that differ have one hash.
        alone = np.where(is_alone, np.arange(n), -1)
        first = equal_columns(equal_rows(transpose(table, n)), elements.home, risk, alone)
        of_element, of_link, _ = _numbered(first, table)
    heads = np.flatnonzero(first == np.arange(n))
    values, owner = gather(risks_of, heads)
    return ElementClasses(
        of_element=of_element,
        of_link=of_link,
        risks=Csr(np.searchsorted(owner, np.arange(len(heads) + 1)), values),
        members=csr_of_pairs(of_element, np.arange(n), len(heads)),
        n_risks=n_risks,
        home=elements.home[heads],
    )


def _hash_links(table: Csr, n: int) -> NDArray[np.float64]:
    """Hash the links of each element: equal ones are added up in one order, to the last bit."""
    label = np.arange(1, len(table) + 1, dtype=np.uint64) * _SPREAD
    label ^= label >> np.uint64(32)
    label *= _OTHER
    weights = np.repeat(label.astype(np.float64), table.counts)
    return np.bincount(table.indices, weights=weights, minlength=n).astype(np.float64)


def _numbered(first: Ints, table: Csr) -> tuple[Ints, Csr, bool]:
    """Give classes the numbers of their first elements' order.

    Returns
    -------
    of_element, of_link
        Class of each element, and link to classes.
    holds
        Every link has all elements of a class or none.
    """
    is_first = first == np.arange(len(first))
    of_element = (np.cumsum(is_first) - 1)[first]
    bits = len(first).bit_length()
    keys = table.owners << bits
    keys |= of_element[table.indices]
    keys.sort()
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
    classes = keys[starts] & ((1 << bits) - 1)
    sizes = np.bincount(of_element)
    holds = bool((np.diff(np.append(starts, len(keys))) == sizes[classes]).all())
    return of_element, Csr(np.searchsorted(starts, table.indptr), classes), holds


@dataclass(frozen=True, eq=False)
class Pieces:
    """What routes run over, piece by piece: see :class:`netgraph.topology.paths.Paths`.

    Attributes
    ----------
    table
        Row ``2 * link + is_reversed`` to piece codes along the first leg, and `n_rows` rows further
        along the second.
    metres
        Lengths of the pieces: infinite where not measured, 0 inside one building.
    """

    table: Csr
    n_rows: int
    metres: NDArray[np.float64]


def pieces_near_ends(pieces: Pieces, starts: Csr, near_m: float) -> Ints:
    """Find all pieces that some route comes to within `near_m` of its beginning, and maybe more.

    Parameters
    ----------
    starts
        Route to rows of pieces, in order from the end that is looked at.
    """
    metres = np.minimum(pieces.metres, near_m + 2 * _SLACK_M)  # keeps sums exact enough
    found = [np.empty(0, dtype=np.int64)]
    is_known = np.zeros(len(pieces.table), dtype=bool)
    is_short = np.ones(pieces.n_rows, dtype=bool)  # of rows that are known
    at, end = starts.indptr[:-1], starts.indptr[1:]
    while True:
        is_on = at < end
        at, end = at[is_on], end[is_on]
        row = starts.indices[at]
        new = np.unique(row[~is_known[row]])
        is_known[new] = True
        for leg in range(2):
            position, owner = gather_positions(pieces.table, new + leg * pieces.n_rows)
            piece = pieces.table.indices[position] // 2
            after = np.append(0.0, np.cumsum(metres[piece]))
            first = np.searchsorted(owner, np.arange(len(new) + 1))
            before = after[:-1] - after[first[owner]]
            found.append(piece[before <= near_m + _SLACK_M])
            is_short[new] &= np.diff(after[first]) <= near_m + _SLACK_M
        if len(at) == 0:
            return np.unique(np.concatenate(found))
        at, end = at[is_short[row]] + 1, end[is_short[row]]
