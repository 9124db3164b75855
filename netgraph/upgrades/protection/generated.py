"""Candidate builds where none are recorded: straight lines between neighbouring points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import Delaunay, KDTree, QhullError

from netgraph.diversity.geometry.projection import LocalPlane, local_plane
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Collection

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: A street is longer than the straight line [D: our own default, not sourced].
DETOUR = 1.2
_NEAREST = 8


def find_near_pairs(
    network: LayeredNetwork, sites: Collection[int], max_corridor_m: float
) -> tuple[Ints, Ints]:
    """Find pairs of points between which something could be built.

    Returns
    -------
    a, b
        Places, the lesser first, ascending: Delaunay neighbours, and the nearest points of each
        of the `sites`; no farther apart than `max_corridor_m`, not in one building, and not
        already joined by a span. O(n log n).
    """
    places = network.places
    wanted = places.is_in_service & np.isfinite(places.lon) & np.isfinite(places.lat)
    is_other_site = places.kind == SITE
    is_other_site[list(sites)] = False
    here = np.flatnonzero(wanted & ~is_other_site)
    nothing = np.empty(0, dtype=np.int64)
    if len(here) < 2:
        return nothing, nothing
    lonlat = np.column_stack([places.lon[here], places.lat[here]])
    planar = network.inventory.crs == ""
    plane = LocalPlane(planar=True) if planar else local_plane(*lonlat.T)
    xy = plane.project(lonlat)
    pairs = np.concatenate([_triangulated(xy), _nearest(xy, np.isin(here, list(sites)))])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    metres = np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T)
    a, b = here[pairs[:, 0]], here[pairs[:, 1]]
    homes = places.home
    is_one_building = (homes[a] >= 0) & (homes[a] == homes[b])
    keep = (
        (metres <= max_corridor_m)
        & (metres > 0)
        & ~is_one_building
        & ~joined_by_span(network, a, b)
    )
    return a[keep], b[keep]


def _triangulated(xy: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> Ints:
    try:
        corners = Delaunay(xy).simplices.astype(np.int64)
    except (QhullError, ValueError):  # too few points, or all on one line
        return _nearest(xy, np.ones(len(xy), dtype=bool))
    return np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])


def _nearest(
    xy: np.ndarray[tuple[int, int], np.dtype[np.float64]],
    of: np.ndarray[tuple[int], np.dtype[np.bool_]],
) -> Ints:
    """Pairs of some points with their nearest others."""
    rows = np.flatnonzero(of)
    _, found = KDTree(xy).query(xy[rows], k=min(_NEAREST + 1, len(xy)))
    pairs = np.column_stack([np.repeat(rows, found.shape[1]), found.ravel()]).astype(np.int64)
    result: Ints = pairs[pairs[:, 0] != pairs[:, 1]]
    return result


def joined_by_span(
    network: LayeredNetwork, a: Ints, b: Ints
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell pairs that a span in service already joins."""
    spans, n = network.spans, len(network.places)
    on = np.flatnonzero((spans.a >= 0) & (spans.b >= 0) & spans.is_in_service)
    low, high = np.minimum(spans.a[on], spans.b[on]), np.maximum(spans.a[on], spans.b[on])
    return np.isin(np.minimum(a, b) * n + np.maximum(a, b), low * n + high)
