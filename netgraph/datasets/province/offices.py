"""Offices of an invented province, the cables between them, and the links on these cables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

from netgraph.datasets.province.walks import Net, Walks, join, single, stack

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from netgraph.datasets.province.plane import Plane

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

CORE, AGGREGATION, ACCESS = 0, 1, 2
CORES = 2
_NEAR_THE_CAPITAL = 100
# A hop costs as much as so many kilometres when a route is chosen: long cables are preferred.
_KM_PER_HOP = 40.0
# Share of the leaves of the spanning tree that get a second link: most chains become rings.
_CLOSED = 0.85


@dataclass(frozen=True)
class Offices:
    """Offices and the links between them.

    Attributes
    ----------
    at
        The manhole before each office; shape (offices,). The first two offices are the cores.
    role
        CORE, AGGREGATION or ACCESS.
    links
        The link layer: nodes are offices, one cable a link.
    paths
        The spans of each link's cable between the manholes before its two offices.
    second
        A span at that manhole: an office is entered from its other end as well; shape (offices,).
    """

    at: Ints
    role: Ints
    links: Net
    paths: Walks
    second: Ints

    def doors(self, office: Ints, span: Ints) -> Bools:
        """Tell whether a cable whose last span this is enters the office by its second way."""
        used: Bools = self.second[office] == span
        return used


def make_offices(rng: Generator, plane: Plane, count: int) -> Offices:
    """Choose `count` manholes with offices and join them by cables along the spans.

    An aggregation office stands at every seat. Neighbouring offices are joined (a spanning tree
    and some of the other pairs), so are neighbouring aggregation offices, those of neighbouring
    cities, and the cores.
    """
    ducts = Net(len(plane.xy), plane.spans, plane.span_km)
    # The upper offices stand where three ducts meet or more.
    meshed = np.flatnonzero(np.diff(ducts.arcs.indptr) >= 3)
    find = cKDTree(plane.xy[meshed])
    is_city = np.array([place.kind == "city" for place in plane.seats])
    cities = np.unique(meshed[find.query(plane.seat_xy[is_city])[1]])
    counties = np.setdiff1d(meshed[find.query(plane.seat_xy[~is_city])[1]], cities)
    capital = next(i for i, place in enumerate(plane.seats) if place.name == "Taiyuan")
    ranked = meshed[find.query(plane.seat_xy[capital], k=_NEAR_THE_CAPITAL)[1]]
    cores = np.setdiff1d(ranked, np.concatenate([cities, counties]))[[0, -1]]
    upper = np.concatenate([cores, cities, counties])
    others = np.setdiff1d(np.arange(len(plane.xy)), upper)
    access = np.sort(rng.choice(others, max(count - len(upper), 1), replace=False))
    at = np.concatenate([upper, access])
    role = np.repeat([CORE, AGGREGATION, ACCESS], [CORES, len(upper) - CORES, len(access)])
    second = ducts.arcs.data[ducts.arcs.indptr[at]] - 1
    links, paths = _layers(ducts, at, (len(at), len(upper), CORES + len(cities)))
    return Offices(at, role, links, paths, second)


def _layers(ducts: Net, at: Ints, sizes: tuple[int, ...]) -> tuple[Net, Walks]:
    """Join neighbours among the first so many offices, layer by layer."""
    pairs, paths, km = _neighbours(ducts, at[: sizes[0]])
    keep = _spanning(pairs, km, len(at))
    layers = [(pairs[keep], paths.take(keep), km[keep])]
    for size in sizes[1:]:
        pairs, paths, km = _neighbours(ducts, at[:size])
        known = np.concatenate([_key(layer[0], len(at)) for layer in layers])
        keep = np.flatnonzero(~np.isin(_key(pairs, len(at)), known))
        layers.append((pairs[keep], paths.take(keep), km[keep]))
    ends = np.concatenate([layer[0] for layer in layers])
    length = np.concatenate([layer[2] for layer in layers]) + _KM_PER_HOP
    return Net(len(at), ends, length), stack(*(layer[1] for layer in layers))


def _key(pairs: Ints, n: int) -> Ints:
    keys: Ints = pairs.min(axis=1) * n + pairs.max(axis=1)
    return keys


def _neighbours(ducts: Net, at: Ints) -> tuple[Ints, Walks, Floats]:
    """Return neighbouring offices, the spans from one to the other, and their lengths.

    Two offices are neighbours when a span joins a manhole nearest to one with a manhole nearest to
    the other (Mehlhorn, 1988): one search finds all pairs and a shortest way for each.
    """
    number = np.full(ducts.n, -1)
    number[at] = np.arange(len(at))
    forest = ducts.forest(at)
    a, b = ducts.ends.T
    home = number[forest.root]
    bridge = np.flatnonzero(home[a] != home[b])
    km = forest.km[a[bridge]] + ducts.length[bridge] + forest.km[b[bridge]]
    pairs = np.stack([home[a[bridge]], home[b[bridge]]], axis=1)
    order = np.lexsort((km, _key(pairs, len(at))))
    _, first = np.unique(_key(pairs, len(at))[order], return_index=True)
    chosen = order[first]
    span = bridge[chosen]
    paths = join(forest.ways(a[span]).reversed(), single(span), forest.ways(b[span]))
    return pairs[chosen], paths, km[chosen]


def _spanning(pairs: Ints, km: Floats, n: int) -> Ints:
    """Return the pairs of a spanning tree, and for most of its leaves the next shortest pair."""
    tree = minimum_spanning_tree(csr_matrix((km, pairs.T), shape=(n, n))).tocoo()
    keys = _key(np.stack([tree.row, tree.col], axis=1).astype(np.int64), n)
    in_tree = np.isin(_key(pairs, n), keys)
    others = np.flatnonzero(~in_tree)
    others = others[np.argsort(km[others], kind="stable")]
    degree = np.bincount(pairs[in_tree].ravel(), minlength=n)
    leaf, first = np.unique(pairs[others].ravel(), return_index=True)
    wanted = (degree[leaf] == 1) & (leaf % 100 < 100 * _CLOSED)
    return np.union1d(np.flatnonzero(in_tree), others[first[wanted] // 2])
