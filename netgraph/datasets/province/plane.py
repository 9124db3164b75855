"""Where an invented province has its manholes, and which of them a span joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from netgraph.datasets.places import Place, shanxi_places

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_KM_PER_DEGREE = 111.19
_MIDDLE = (112.3, 37.6)
# Shares of the points that lie in towns, along the roads between them, and around the towns.
_IN_TOWNS, _ALONG_ROADS = 0.58, 0.32
# How many times the points of a county town a city has, and the capital.
_CITY_WEIGHT, _CAPITAL_WEIGHT = 6.0, 20.0
_TOWN_KM, _ROAD_KM, _AROUND_KM = 0.9, 0.6, 9.0
_ROADS_PER_SEAT = 4
_COUNTIES = 98
# Share of the spans beyond a spanning tree that stays.
_MESHED = 0.54


@dataclass(frozen=True)
class Plane:
    """Points in kilometres and the spans between them.

    Attributes
    ----------
    xy
        Kilometres east and north of the middle of the province; shape (n, 2).
    seat
        The seat nearest to each point; shape (n,).
    spans
        Ends of each span, smaller number first; shape (m, 2), without repetition.
    seats
        The seats themselves.
    seat_xy
        Where they are; shape (seats, 2).
    """

    xy: Floats
    seat: Ints
    spans: Ints
    seats: tuple[Place, ...]
    seat_xy: Floats

    @property
    def span_km(self) -> Floats:
        """Straight lengths of the spans, in kilometres; shape (m,)."""
        ends = self.xy[self.spans]
        km: Floats = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
        return km


def make_plane(rng: Generator, count: int, counties: int) -> Plane:
    """Scatter `count` points over all cities and about so many counties, and join neighbours.

    The spans are a thinned Urquhart graph of the points: the Delaunay triangulation without the
    longest side of each triangle, and without the smallest of its meshes. It is connected and has
    about 1.14 spans a point.
    """
    places = shanxi_places()
    seats = tuple(
        [p for p in places if p.kind == "city"]
        + [p for p in places if p.kind == "county"][:: max(1, _COUNTIES // counties)]
    )
    seat_xy = to_km(np.array([(p.lon, p.lat) for p in seats]))
    xy = _scatter(rng, count, seats, seat_xy)
    seat = np.asarray(cKDTree(seat_xy).query(xy)[1], dtype=np.int64)
    return Plane(xy, seat, _thin(xy, _urquhart(xy)), seats, seat_xy)


def to_km(degrees: Floats) -> Floats:
    """Turn (n, 2) longitudes and latitudes into kilometres of the plane."""
    xy: Floats = (degrees - _MIDDLE) * _scale()
    return xy


def to_degrees(xy: Floats) -> Floats:
    """Turn (n, 2) kilometres of the plane into longitudes and latitudes."""
    degrees: Floats = xy / _scale() + _MIDDLE
    return degrees


def _scale() -> Floats:
    return np.array((_KM_PER_DEGREE * np.cos(np.radians(_MIDDLE[1])), _KM_PER_DEGREE))


def _scatter(rng: Generator, count: int, seats: tuple[Place, ...], seat_xy: Floats) -> Floats:
    weight = np.array([_CITY_WEIGHT if p.kind == "city" else 1.0 for p in seats])
    weight[[p.name == "Taiyuan" for p in seats]] = _CAPITAL_WEIGHT
    in_towns, along = round(count * _IN_TOWNS), round(count * _ALONG_ROADS)
    town = rng.choice(len(seats), in_towns, p=weight / weight.sum())
    spread = _TOWN_KM * np.sqrt(weight[town])
    parts = [seat_xy[town] + rng.normal(size=(in_towns, 2)) * spread[:, None]]
    near = np.asarray(cKDTree(seat_xy).query(seat_xy, k=_ROADS_PER_SEAT + 1)[1])
    start = rng.integers(len(seats), size=along)
    end = near[start, rng.integers(1, _ROADS_PER_SEAT + 1, size=along)]
    share = rng.random((along, 1))
    road = seat_xy[start] * (1 - share) + seat_xy[end] * share
    parts.append(road + rng.normal(size=(along, 2)) * _ROAD_KM)
    around = count - in_towns - along
    town = rng.integers(len(seats), size=around)
    parts.append(seat_xy[town] + rng.normal(size=(around, 2)) * _AROUND_KM)
    return np.concatenate(parts)


def _urquhart(xy: Floats) -> Ints:
    triangles = Delaunay(xy).simplices
    sides = np.stack([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]], axis=1)
    sides = np.sort(sides, axis=2).astype(np.int64)
    ends = xy[sides]
    squared = ((ends[:, :, 0] - ends[:, :, 1]) ** 2).sum(axis=2)
    key = sides[:, :, 0] * len(xy) + sides[:, :, 1]
    longest = key[np.arange(len(key)), squared.argmax(axis=1)]
    kept = np.setdiff1d(key, longest)
    return np.stack([kept // len(xy), kept % len(xy)], axis=1)


def _thin(xy: Floats, spans: Ints) -> Ints:
    """Keep a shortest spanning tree and those other spans that save the longest ways round."""
    ends = xy[spans]
    km = np.hypot(*(ends[:, 0] - ends[:, 1]).T)
    n = len(xy)
    tree = csr_matrix(minimum_spanning_tree(csr_matrix((km, spans.T), shape=(n, n))))
    rows, columns = tree.nonzero()
    in_tree = np.isin(spans[:, 0] * n + spans[:, 1], rows.astype(np.int64) * n + columns)
    others = np.flatnonzero(~in_tree)
    saved = _tree_km(tree, spans[others]) / km[others]
    kept = others[np.argsort(-saved, kind="stable")][: round(_MESHED * len(others))]
    return spans[np.union1d(np.flatnonzero(in_tree), kept)]


def _tree_km(tree: csr_matrix, pairs: Ints) -> Floats:
    """Return the length of the way through a tree between the nodes of each pair.

    The last common node on the ways to the root is found by doubling steps.
    """
    root = np.array([0])
    found = dijkstra(tree, directed=False, indices=root, return_predecessors=True)
    km, parent = found[0][0], found[1][0]
    hops = dijkstra(tree, directed=False, indices=root, unweighted=True)[0].astype(np.int64)
    parent = np.where(parent < 0, 0, parent)
    jumps = [parent]
    while 2 ** len(jumps) <= hops.max():
        jumps.append(jumps[-1][jumps[-1]])
    order = np.take_along_axis(pairs, np.argsort(hops[pairs], axis=1), axis=1)
    high, low = order[:, 0].copy(), order[:, 1].copy()
    for power, jump in reversed(list(enumerate(jumps))):
        deeper = hops[low] - hops[high] >= 2**power
        low[deeper] = jump[low[deeper]]
    for jump in reversed(jumps):
        apart = jump[low] != jump[high]
        low[apart], high[apart] = jump[low[apart]], jump[high[apart]]
    common = np.where(low == high, low, parent[low])
    lengths: Floats = km[pairs].sum(axis=1) - 2 * km[common]
    return lengths
