"""Second entrances: short ways from a building to the plant around it, through a new entrance.

They are candidates only for buildings where everything that is recorded or generated meets in the
entrance, or in the first metres beyond it. Nobody has recorded that they can be built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from netgraph.diversity.geometry.projection import LocalPlane, local_plane
from netgraph.topology.places import STRUCTURE
from netgraph.upgrades.protection.builds import Builds, generated_builds
from netgraph.upgrades.protection.generated import joined_by_span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices

#: Longest lead-in, and how far from the building a risk may lie that it cures [D].
LEAD_IN_M = 300.0
_NEAREST = 8


def buildings_cut_at_the_door(
    model: ProtectionModel, unavoidable: Mapping[int, tuple[int, ...]]
) -> list[int]:
    """Find sites and centres (places) next to which something cuts them off whatever is built.

    Parameters
    ----------
    unavoidable
        Demand to the risks that no candidate avoids.

    Returns
    -------
    list of int
        Ascending: the ends of those demands no farther than `LEAD_IN_M` from such a risk.
    """
    xy = positions(model.audit.network)
    near: dict[tuple[int, int], bool] = {}
    places_at = _places_at(model)
    found: set[int] = set()
    for demand, risks in unavoidable.items():
        for end in (int(model.site[demand]), *model.b_ends[demand]):
            for risk in risks:
                if (end, risk) not in near:
                    near[end, risk] = _is_near(model, places_at, xy, end, risk)
                if near[end, risk]:
                    found.add(end)
    return sorted(found)


def lead_ins(
    network: LayeredNetwork, prices: PlantPrices, buildings: Collection[int], known: Builds
) -> Builds:
    """List a lead-in from each building to each of the nearest points of the plant around it.

    Parameters
    ----------
    buildings
        Sites and offices (places).
    known
        Candidates that are there already: nothing is proposed between the same points.
    """
    places, spans = network.places, network.spans
    on = spans.is_in_service & (spans.a >= 0) & (spans.b >= 0)
    has_plant = np.zeros(len(places), dtype=bool)
    has_plant[spans.a[on]] = has_plant[spans.b[on]] = True
    xy = positions(network)
    is_known = np.asarray(np.isfinite(xy).all(axis=1))
    here = np.flatnonzero(
        has_plant & is_known & places.is_in_service & (places.kind == STRUCTURE) & (places.home < 0)
    )
    rows = np.array([place for place in sorted(buildings) if is_known[place]], dtype=np.int64)
    if len(here) == 0 or len(rows) == 0:
        return generated_builds(network, prices, rows[:0], rows[:0], is_lead_in=True)
    metres, found = KDTree(xy[here]).query(
        xy[rows], k=min(_NEAREST, len(here)), distance_upper_bound=LEAD_IN_M
    )
    metres, found = metres.reshape(len(rows), -1), found.reshape(len(rows), -1)
    a, column = np.nonzero(np.isfinite(metres) & (metres > 0))
    ends = rows[a], here[found[a, column]]
    fresh = np.flatnonzero(~joined_by_span(network, *ends) & ~is_among(network, known, *ends))
    return generated_builds(network, prices, ends[0][fresh], ends[1][fresh], is_lead_in=True)


def positions(network: LayeredNetwork) -> NDArray[np.float64]:
    """Metres on a plane; NaN where a place has no coordinates."""
    places = network.places
    lonlat = np.column_stack([places.lon, places.lat])
    is_known = np.isfinite(lonlat).all(axis=1)
    xy = np.full(lonlat.shape, np.nan)
    if is_known.any():
        planar = network.inventory.crs == ""
        plane = LocalPlane(planar=True) if planar else local_plane(*lonlat[is_known].T)
        xy[is_known] = plane.project(lonlat[is_known])
    return xy


def _places_at(model: ProtectionModel) -> dict[int, list[int]]:
    at: dict[int, list[int]] = {}
    for place, node in enumerate(model.layer.node_of_place.tolist()):
        at.setdefault(node, []).append(place)
    return at


def _is_near(
    model: ProtectionModel, places_at: Mapping[int, list[int]], xy: NDArray[np.float64],
    end: int, risk: int,
) -> bool:  # fmt: skip
    """Whether a part of a risk stands, or ends, near a building."""
    problem = model.problem
    edges = problem.risk_edges.row(risk)
    nodes = {*problem.risk_nodes.row(risk).tolist(), *problem.u[edges].tolist(),
             *problem.v[edges].tolist()}  # fmt: skip
    if int(model.layer.node_of_place[end]) in nodes:
        return True
    places = [place for node in nodes for place in places_at.get(node, ())]
    away = np.hypot(*(xy[places] - xy[end]).T) if places else np.empty(0)
    return bool((away <= LEAD_IN_M).any())


def is_among(network: LayeredNetwork, known: Builds, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Tell the pairs of places that some candidates join already."""
    n = len(network.places)
    there = np.minimum(known.a, known.b) * n + np.maximum(known.a, known.b)
    return np.isin(np.minimum(a, b) * n + np.maximum(a, b), there)
