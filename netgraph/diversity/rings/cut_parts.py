"""The parts that cores fall into without some of their edges, for many sets of edges at once.

Sets of equal size are solved together: which of their edges' vectors sum to nothing (elimination
by the lowest bit), and so which are cuts; a cut of a tree's graph lies around the symmetric
difference of what hangs below the tree's edges in it. Nodes on the same side of all cuts within a
set are one part. Every part is then looked at: no edge but the set's may leave it. Where chance
made a cut that is none, other vectors are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs, gather

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rings.core_trees import CoreTrees, Vectors
    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]

_SEED = 7  # of the first random vectors; no result depends on it


@dataclass(frozen=True, eq=False)
class CutParts:
    """Parts that are cut off without sets of edges: of each core all but the largest.

    Attributes
    ----------
    owner
        Set that cuts off each part; shape (parts,).
    nodes
        Part to its nodes, ascending.
    """

    owner: Ints
    nodes: Csr


def find_cut_parts(layer: Layer, sets: Csr) -> CutParts:
    """Find what each set of edges on rings cuts off.

    Parameters
    ----------
    sets
        Set to edges of the layer, none of them a bridge, each once.

    Returns
    -------
    CutParts
        Exact; of parts of one size see `_largest`. Cost: for
        each set its size to the third power, and the sizes of the small parts.
    """
    trees = layer.core_trees
    groups, set_of = _by_core(trees, sets)
    for seed in count(_SEED):
        segments = _segments(trees, groups, trees.draw_vectors(seed), seed)
        parts = _parts(trees, groups, segments)
        if parts is not None and _are_closed(trees, groups, parts):
            return CutParts(set_of[parts.owner], parts.nodes)
    raise AssertionError  # pragma: no cover - count() has no end


def _by_core(trees: CoreTrees, sets: Csr) -> tuple[Csr, Ints]:
    """Split sets by the core that edges lie in; return the set of each group, too.

    One edge of a core cuts nothing off.
    """
    n = trees.layer.n_nodes
    core = trees.root[trees.layer.u[sets.indices]]
    pair, group = np.unique(sets.owners * n + core, return_inverse=True)
    table = csr_of_pairs(group, sets.indices, len(pair))
    several = np.flatnonzero(table.counts > 1)
    edges, owner = gather(table, several)
    return csr_of_pairs(owner, edges, len(several)), pair[several] // n


@dataclass(frozen=True, eq=False)
class _Segments:
    """Stretches of `order` that lie on one side of all cuts within a group.

    `sides` tells the sides of a group's cuts apart, `n_cuts` counts the group's independent cuts.
    """

    group: Ints
    low: Ints
    high: Ints
    sides: Vectors
    n_cuts: Ints


def _segments(trees: CoreTrees, groups: Csr, vectors: Vectors, seed: int) -> _Segments:
    draw = np.random.default_rng([seed, 1])
    n_cuts = np.zeros(len(groups), dtype=np.int64)
    sides = np.zeros(len(groups.indices), dtype=np.uint64)
    counts = groups.counts
    for size in np.unique(counts).tolist():
        these = np.flatnonzero(counts == size)
        at = groups.indptr[these][:, None] + np.arange(size)
        cuts, found = _cuts_within(vectors[groups.indices[at]])
        marks = draw.integers(1, 2**64, cuts.shape, dtype=np.uint64, endpoint=False)
        marked = np.where(cuts[:, :, None] & found, marks[:, :, None], np.uint64(0))
        sides[at] = np.bitwise_xor.reduce(marked, axis=1)
        n_cuts[these] = cuts.sum(axis=1)
    owner, child = groups.owners, trees.below[groups.indices]
    turns = np.flatnonzero((sides != 0) & (child >= 0))
    with_cuts = np.flatnonzero(n_cuts)
    root = trees.root[trees.layer.u[groups.indices[groups.indptr[with_cuts]]]]
    still = np.zeros(len(with_cuts), dtype=np.uint64)
    # From one end of what hangs below an edge to its other end, one is across that edge.
    group = np.concatenate([with_cuts, owner[turns], owner[turns], with_cuts])
    at = np.concatenate([
        trees.first[root], trees.first[child[turns]], trees.last[child[turns]], trees.last[root]
    ])  # fmt: skip
    turn = np.concatenate([still, sides[turns], sides[turns], still])
    order = np.lexsort((at, group))
    group, at = group[order], at[order]
    side = np.bitwise_xor.accumulate(turn[order])
    whole = np.flatnonzero((group[1:] == group[:-1]) & (at[1:] > at[:-1]))
    return _Segments(group[whole], at[whole], at[whole + 1], side[whole], n_cuts)


def _cuts_within(vectors: Vectors) -> tuple[Flags, Flags]:
    """Find the independent cuts within sets of one size.

    Parameters
    ----------
    vectors
        Of the edges of each set; shape (sets, size).

    Returns
    -------
    is_cut, edges
        Whether the sums that end at each edge are nothing, shape (sets, size); and the edges that
        went into these sums, shape (sets, size, size).
    """
    rest, size = vectors.copy(), vectors.shape[1]
    terms = np.broadcast_to(np.eye(size, dtype=bool), (len(rest), size, size)).copy()
    for j in range(size):
        lead = rest[:, j]
        bit = lead & (~lead + np.uint64(1))
        has_bit = (rest[:, j + 1 :] & bit[:, None]) != 0
        rest[:, j + 1 :] ^= np.where(has_bit, lead[:, None], np.uint64(0))
        terms[:, j + 1 :] ^= has_bit[:, :, None] & terms[:, j : j + 1]
    return rest == 0, terms


def _parts(trees: CoreTrees, groups: Csr, segments: _Segments) -> CutParts | None:
    """Join segments on one side of everything; None if sides of a group were not told apart."""
    order = np.lexsort((segments.sides, segments.group))
    group, sides = segments.group[order], segments.sides[order]
    is_new = np.ones(len(group), dtype=bool)
    is_new[1:] = (group[1:] != group[:-1]) | (sides[1:] != sides[:-1])
    owner, part = group[is_new], np.cumsum(is_new) - 1
    counts = np.bincount(owner, minlength=len(segments.n_cuts))
    if (counts != segments.n_cuts + (segments.n_cuts > 0)).any():
        return None
    low, high = segments.low[order], segments.high[order]
    size = np.bincount(part, weights=high - low).astype(np.int64)
    number = np.zeros(len(owner), dtype=np.int64)
    number[_largest(trees, groups, owner, size, (part, low, high))] = -1
    small = np.flatnonzero(number == 0)
    number[small] = np.arange(len(small))
    mine = number[part] >= 0
    nodes, at = _nodes_between(trees, low[mine], high[mine])
    its_part = number[part[mine]][at]
    order = np.lexsort((nodes, its_part))
    return CutParts(owner[small], csr_of_pairs(its_part[order], nodes[order], len(small)))


def _largest(
    trees: CoreTrees, groups: Csr, owner: Ints, size: Ints, segments: tuple[Ints, Ints, Ints]
) -> Ints:
    """Choose the part of each group that the others are cut off from: that with most nodes.

    Of parts of one size that in which the fewest nodes are ends of the group's edges, as at a hub;
    then the one with the least node.
    """
    largest = np.zeros(len(groups), dtype=np.int64)
    np.maximum.at(largest, owner, size)
    is_top = size == largest[owner]
    is_tied = is_top & (np.bincount(owner[is_top], minlength=len(groups)) > 1)[owner]
    part, low, high = segments
    tied = is_tied[part]
    nodes, at = _nodes_between(trees, low[tied], high[tied])
    of_part, n, u, v = part[tied][at], trees.layer.n_nodes, trees.layer.u, trees.layer.v
    ends = np.concatenate([
        groups.owners * n + end[groups.indices] for end in (u, v)
    ])  # fmt: skip
    is_end = _is_among(owner[of_part] * n + nodes, ends)
    n_ends = np.bincount(of_part[is_end], minlength=len(owner))
    least = np.full(len(owner), n, dtype=np.int64)
    np.minimum.at(least, of_part, nodes)
    tops = np.flatnonzero(is_top)
    tops = tops[np.lexsort((least[tops], n_ends[tops], owner[tops]))]
    _, first = np.unique(owner[tops], return_index=True)
    found: Ints = tops[first]
    return found


def _nodes_between(trees: CoreTrees, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Nodes of stretches of the order, and the stretch of each."""
    counts = high - low
    owner = np.repeat(np.arange(len(low)), counts)
    at = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts - low, counts)
    return trees.order[at], owner


def _are_closed(trees: CoreTrees, groups: Csr, parts: CutParts) -> bool:
    """Whether no edge but those of its group leaves any part."""
    m = len(trees.layer.u)
    edges, at = gather(trees.edges_of, parts.nodes.indices)
    pair, times = np.unique(parts.nodes.owners[at] * m + edges, return_counts=True)
    part, edge = np.divmod(pair[times == 1], m)
    return bool(_is_among(parts.owner[part] * m + edge, groups.owners * m + groups.indices).all())


def _is_among(values: Ints, others: Ints) -> Flags:
    """Tell which values are among others; faster than `isin` by its hashes."""
    known = np.append(np.sort(others), -1)  # no value is negative
    found: Flags = known[np.searchsorted(known[:-1], values)] == values
    return found
