"""Where the spans of a network run, and what that knowledge rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.plant.model import IN_SERVICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.plant.model import PlantNetwork

#: What a line rests on, the best first: drawn, drawn but far from its nodes, straight, nothing.
BASES = ("recorded", "doubtful", "assumed", "none")
_ASSUMED, _NONE = 2, 3


@dataclass(frozen=True, eq=False)
class PlantLines:
    """Lines of all spans of a network; arrays of shape (spans,).

    Attributes
    ----------
    geometry
        Shapely lines in the coordinates of the network, or None.
    basis
        Numbers of :data:`BASES`.
    is_standing
        The span is there: in service, and no row repeats it that came before. Spans that carry
        no route for another reason (a loop, a dangling end) stand in the ground all the same.
    """

    geometry: NDArray[np.object_] = field(repr=False)
    basis: NDArray[np.int64] = field(repr=False)
    is_standing: NDArray[np.bool_] = field(repr=False)

    @property
    def standing_geometry(self) -> NDArray[np.object_]:
        """The lines of what stands, None elsewhere; shape (spans,)."""
        geometry = self.geometry.copy()
        geometry[~self.is_standing] = None
        return geometry


def plant_lines(network: PlantNetwork) -> PlantLines:
    """Take the drawn line of every span; without one, the straight line between its nodes.

    Parameters
    ----------
    network
        Nodes and spans.

    Returns
    -------
    PlantLines
        A straight line is marked ``assumed``, a line that ends far from the nodes that its span
        names ``doubtful``. O(spans).
    """
    spans, nodes = network.spans, network.nodes
    geometry = spans.geometry.copy()
    empty = ~shapely.is_missing(geometry) & shapely.is_empty(geometry)
    geometry[empty] = None
    basis = np.where(spans.is_geometry_sound, 0, 1).astype(np.int64)
    for row in np.flatnonzero(shapely.is_missing(geometry)).tolist():
        ends = [int(spans.from_nodes[row]), int(spans.to_nodes[row])]
        places = np.column_stack((nodes.lon[ends], nodes.lat[ends])) if min(ends) >= 0 else None
        if places is None or not np.isfinite(places).all():
            basis[row] = _NONE
            continue
        geometry[row] = shapely.LineString(places)
        basis[row] = _ASSUMED
    is_standing = (spans.statuses == IN_SERVICE) & (spans.duplicate_of < 0)
    return PlantLines(geometry, basis, is_standing)
