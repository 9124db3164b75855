"""One cut to be bridged: a small graph of parts, and the options between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints

#: Parts of every duty: the site's and the centre's.
SITE, CENTRE = 0, 1


@dataclass(frozen=True, eq=False)
class Duty:
    """One cut to be bridged.

    Attributes
    ----------
    n_parts
        Parts of the plant that options touch; 0 is the site's, 1 the centre's.
    u, v, option
        Surviving options between parts: the two parts and the edge of the problem.
    demands
        Demands that ask for it.
    risk
        One risk that asks for it.
    """

    n_parts: int
    u: Ints
    v: Ints
    option: Ints
    demands: tuple[int, ...]
    risk: int

    def parts_joined(self, is_chosen: NDArray[np.bool_]) -> Ints:
        """Label the parts by what the chosen options join; shape (n_parts,)."""
        on = is_chosen[self.option]
        return components(self.n_parts, self.u[on], self.v[on])

    def is_met(self, is_chosen: NDArray[np.bool_]) -> bool:
        """Whether the chosen options (mask over edges) join the site to its centre."""
        on = is_chosen[self.option]
        # Few options are chosen: sets joined one by one are quicker than a sparse graph.
        parent: dict[int, int] = {}

        def find(part: int) -> int:
            while (up := parent.get(part, part)) != part:
                part = up
            return part

        for one, other in zip(self.u[on].tolist(), self.v[on].tolist(), strict=True):
            parent[find(one)] = find(other)
        return find(SITE) == find(CENTRE)

    def leaving(self, inside: NDArray[np.bool_]) -> Ints:
        """Options that leave a set of parts (mask over parts), each once."""
        return np.unique(self.option[inside[self.u] != inside[self.v]])


def make_duty(
    ends: tuple[int, int], u: Ints, v: Ints, option: Ints, demand: int, risk: int
) -> Duty | None:
    """Make the duty of the options on ways from the site to its centre, parts in their order.

    Parameters
    ----------
    ends
        Names of the site's and of the centre's part.
    u, v, option
        Names of the parts that each option joins; an option may stand more than once.

    Returns
    -------
    Duty or None
        None if all options together do not join the two.
    """
    option, first = np.unique(option, return_index=True)
    names, flat = np.unique(np.concatenate([u[first], v[first]]), return_inverse=True)
    number = np.where(names == ends[0], SITE, CENTRE)
    is_inner = ~np.isin(names, ends)
    n_inner = int(is_inner.sum())
    number[is_inner] = 2 + np.arange(n_inner)
    u, v = number[flat[: len(option)]], number[flat[len(option) :]]
    keep = _on_the_way(2 + n_inner, u, v)
    if not keep.any():
        return None
    u, v, option = u[keep], v[keep], option[keep]
    order = np.concatenate([[SITE, CENTRE], np.column_stack([u, v]).ravel()])
    used, first = np.unique(order, return_index=True)
    rank = np.empty(int(used.max()) + 1, dtype=np.int64)
    rank[used[np.argsort(first)]] = np.arange(len(used))
    return Duty(len(used), rank[u], rank[v], option, (demand,), risk)


def _on_the_way(n_parts: int, u: Ints, v: Ints) -> NDArray[np.bool_]:
    """Mark what lies between the site and the centre: what hangs on one of them only leads nowhere.

    Whatever lies on a way that meets the site and the centre once is kept.
    """
    inner = (u > CENTRE) & (v > CENTRE)
    region = components(n_parts, u[inner], v[inner])
    touches = np.zeros((2, n_parts), dtype=bool)
    for end in (SITE, CENTRE):
        for near, far in ((u, v), (v, u)):
            touches[end, region[far[(near == end) & (far > CENTRE)]]] = True
    is_between: NDArray[np.bool_] = (touches[SITE] & touches[CENTRE])[region]
    is_between[[SITE, CENTRE]] = False
    is_direct = (np.minimum(u, v) == SITE) & (np.maximum(u, v) == CENTRE)
    keep: NDArray[np.bool_] = (u != v) & (is_direct | is_between[u] | is_between[v])
    return keep


def components(n_nodes: int, u: Ints, v: Ints) -> Ints:
    """Label the nodes by the part that they are in."""
    graph = coo_array((np.ones(len(u), dtype=np.int8), (u, v)), shape=(n_nodes, n_nodes))
    label: Ints = connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
    return label
