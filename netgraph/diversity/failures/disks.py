"""Regional failures: the largest sets of spans, offices and sites that one disk hits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.failures.groups import RiskGroups
from netgraph.diversity.geometry import regional_risk_groups
from netgraph.diversity.hazards import stable_id
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.topology.csr import Csr
from netgraph.topology.places import STRUCTURE
from netgraph.units import segment_lengths_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork

DISK = "disk"

#: Most triples of things near each other that the search goes through: about half a minute.
MOST_TRIPLES = 3e8


def find_disk_members(network: LayeredNetwork, radius_m: float) -> RiskGroups:
    """Find the inclusion-maximal sets that one closed disk can hit.

    Parameters
    ----------
    radius_m
        Radius of the disk, metres (the unit of the coordinates if they are planar).

    Returns
    -------
    RiskGroups
        One a set, its place the centre of a disk that hits it. Exact for everything drawn (see
        :func:`regional_risk_groups`): spans with a geometry, and the points of offices, sites and
        of structures that are the end of a span without one, or of none. The cost grows with the
        square of what lies within two radii: a second for a city, about 10 s for a province and
        100 m.

    Raises
    ------
    UsageError
        The radius is not positive and finite, or so large that the search would take minutes.
    """
    if not 0 < radius_m < np.inf:
        message = Message(
            "The radius of a regional failure must be a number of metres above 0, not {0:g}.",
            radius_m,
        )
        raise UsageError(message)
    shapes, elements = _shapes(network)
    planar = network.inventory.crs == ""
    _check_size(shapes, radius_m, planar=planar)
    found = regional_risk_groups(shapes, radius_m, planar=planar)
    members = elements[found.line]
    groups = Csr(found.start, members)
    return RiskGroups(
        ids=_names(network, groups),
        kinds=np.full(len(found), DISK, dtype=object),
        names=np.full(len(found), f"r = {radius_m:g} m", dtype=object),
        members=groups,
        possible=Csr(np.zeros(len(found) + 1, dtype=np.int64), np.empty(0, dtype=np.int64)),
        is_geographic=np.ones(len(found), dtype=bool),
        lon=found.centre[:, 0],
        lat=found.centre[:, 1],
    )


def _names(network: LayeredNetwork, groups: Csr) -> NDArray[np.object_]:
    """Names that depend on the members only."""
    elements, first = network.elements, network.elements.offset["places"]
    tagged = [
        f"{'p' if number >= first else 's'}:{name}"
        for number, name in enumerate(elements.ids.tolist())
    ]
    names = []
    for group in range(len(groups)):
        members = sorted(tagged[element] for element in groups.row(group).tolist())
        names.append(f"disks:{stable_id('R', *members)[2:]}")
    return np.array(names, dtype=object)


def _shapes(network: LayeredNetwork) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Lines of the spans and points, drawn as lines of no length, and their elements.

    A structure where only drawn spans end fails with them.
    """
    spans, places, offset = network.spans, network.places, network.elements.offset
    is_drawn = ~shapely.is_missing(spans.geometry)
    ends = [np.concatenate([spans.a[of], spans.b[of]]) for of in (is_drawn, ~is_drawn)]
    with_lines, without = (np.isin(np.arange(len(places)), each) for each in ends)
    wanted = np.isfinite(places.lon) & np.isfinite(places.lat)
    wanted &= (places.kind != STRUCTURE) | ~with_lines | without
    points = np.flatnonzero(wanted)
    xy = np.column_stack([places.lon[points], places.lat[points]])
    dots = shapely.linestrings(np.stack([xy, xy], axis=1)) if len(xy) else np.empty(0, object)
    drawn = np.flatnonzero(is_drawn)
    return (
        np.concatenate([spans.geometry[drawn], dots]),
        np.concatenate([drawn + offset["spans"], points + offset["places"]]).astype(np.int64),
    )


def _check_size(shapes: NDArray[np.object_], radius_m: float, *, planar: bool) -> None:
    """Refuse what would take minutes: count what lies near each thing on a coarse grid."""
    if len(shapes) == 0:
        return
    middle = shapely.get_coordinates(shapely.line_interpolate_point(shapes, 0.5, normalized=True))
    x, y = middle[:, 0], middle[:, 1]
    if not planar:
        metres = segment_lengths_m(
            np.zeros(1), np.array([np.median(y)]), np.ones(1), np.array([np.median(y)]),
            planar=False,
        )[0]  # fmt: skip
        x, y = x * metres, y * 111_320.0
    cells = np.column_stack([x, y]) // (4 * radius_m)
    _, counts = np.unique(cells, axis=0, return_counts=True)
    triples = float((counts.astype(np.float64) ** 3).sum())
    if triples > MOST_TRIPLES:
        message = Message(
            "Disks of {0:g} m hit too much of this plant at once (up to {1:,} spans "
            "lie within reach of each other): choose a smaller radius, cut the "
            "inventory to one city, or name areas as polygons with --hazard.",
            radius_m,
            int(counts.max()),
        )
        raise UsageError(message)
