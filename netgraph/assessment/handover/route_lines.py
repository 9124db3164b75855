"""The recorded routes as lines on the ground, all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.topology.csr import gather_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

_ROUTES_AT_ONCE = 2000  # bounds the memory: a province's routes have millions of points


def route_lines(audit: Audit, routes: Ints, *, tolerance: float = 0.0) -> NDArray[np.object_]:
    """Draw routes from A to B: along the spans, straight where only the ends are recorded.

    Parameters
    ----------
    routes
        Numbers of the routes; shape (n,).
    tolerance
        Degrees by which a line may leave the recorded one; 0 keeps every point.

    Returns
    -------
    NDArray[np.object_]
        Shape (n,): MultiLineStrings, one part a contiguous stretch; None where nothing is drawn.
    """
    points, first = _piece_points(audit)
    parts = [
        _lines_of(audit, routes[low : low + _ROUTES_AT_ONCE], points, first, tolerance)
        for low in range(0, len(routes), _ROUTES_AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=object)


def _piece_points(audit: Audit) -> tuple[Floats, Ints]:
    """Points of every piece, flat."""
    shapes = piece_shapes(audit)
    counts = np.maximum(shapely.get_num_coordinates(shapes), 0)
    return shapely.get_coordinates(shapes), np.concatenate([[0], np.cumsum(counts)])


def piece_shapes(audit: Audit) -> NDArray[np.object_]:
    """Lines of every piece (spans, cables, links in the order of the paths), or None.

    A piece without a recorded line is straight.
    """
    paths, places = audit.paths, audit.network.places
    lon, lat = np.append(places.lon, np.nan), np.append(places.lat, np.nan)
    ends = np.stack([np.stack([lon[end], lat[end]], axis=1) for end in (paths.a, paths.b)], axis=1)
    known = np.isfinite(ends).all(axis=(1, 2))
    shapes = np.full(len(paths.a), None, dtype=object)
    shapes[known] = shapely.linestrings(ends[known])
    drawn = audit.network.spans.geometry
    has_drawn = ~shapely.is_missing(drawn)
    shapes[: paths.n_spans][has_drawn] = drawn[has_drawn]
    return shapes


def _lines_of(
    audit: Audit, routes: Ints, points: Floats, first: Ints, tolerance: float
) -> NDArray[np.object_]:
    """Draw some routes: gather the points of their pieces, each in the direction of travel."""
    links = audit.network.circuits.routes
    entries, owner = gather_positions(links.links, routes)
    rows = 2 * links.links.indices[entries] + links.is_reversed[entries]
    pieces, of_entry = gather_positions(audit.paths.of_link, rows)
    codes, route = audit.paths.of_link.indices[pieces], owner[of_entry]
    counts = np.diff(first)[codes // 2]
    codes, route, counts = codes[counts > 0], route[counts > 0], counts[counts > 0]
    if len(codes) == 0:
        return np.full(len(routes), None, dtype=object)
    line, line_route = _stretches(audit, codes, route)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    turned = np.repeat(codes % 2 == 1, counts)
    within = np.where(turned, np.repeat(counts, counts) - 1 - within, within)
    at = np.repeat(first[codes // 2], counts) + within
    lines = shapely.linestrings(points[at], indices=np.repeat(line, counts))
    drawn, at_route = np.unique(line_route, return_inverse=True)
    shapes = shapely.multilinestrings(lines, indices=at_route)
    if tolerance:
        shapes = shapely.simplify(shapes, tolerance, preserve_topology=False)
    found = np.full(len(routes), None, dtype=object)
    found[drawn] = shapes
    return found


def _stretches(audit: Audit, codes: Ints, route: Ints) -> tuple[Ints, Ints]:
    """Cut routes into contiguous stretches: the stretch of each piece, the route of each one."""
    paths, turned = audit.paths, codes % 2 == 1
    entry = np.where(turned, paths.b[codes // 2], paths.a[codes // 2])
    exit_ = np.where(turned, paths.a[codes // 2], paths.b[codes // 2])
    begins = np.ones(len(codes), dtype=bool)
    begins[1:] = (route[1:] != route[:-1]) | (entry[1:] != exit_[:-1])
    return np.cumsum(begins) - 1, route[begins]
