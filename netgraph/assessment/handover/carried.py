"""What carries many circuits: every outside resource, office and risk group, heaviest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from netgraph.diversity.hazards import TIER_RANK
from netgraph.topology.csr import compose, unique_rows
from netgraph.topology.elements import BUILDING, CABLE, LOCATION, POINT, SPAN, TRENCH
from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.assessment.handover.naming import Naming
    from netgraph.assessment.results import Results
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints

#: Rows that are listed at most.
MOST_RESOURCES = 2000
_FEWEST_CIRCUITS = 2
_KINDS = (CABLE, SPAN, TRENCH, POINT, LOCATION, BUILDING)
_TIERS = tuple(TIER_RANK)


@dataclass(frozen=True)
class Resource:
    """Something that many circuits run through.

    Attributes
    ----------
    resource_id, kind
        Its id, and what it is: manhole, duct, cable, building, risk_group and so on.
    cables, circuits, sites, customers
        How many run through it or hang on it, on any recorded route.
    worst_tier
        Highest tier of the circuits.
    place, lon, lat
        Where it is: the name of the place or places, and the middle of them (NaN if unknown).
    """

    resource_id: str
    kind: str
    cables: int
    circuits: int
    sites: int
    customers: int
    worst_tier: str
    place: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Carried:
    """The resources, heaviest first, and how many more there are."""

    resources: tuple[Resource, ...]
    left_out: int


def carried_resources(results: Results, naming: Naming) -> Carried:
    """List the resources that carry two circuits or more: the ones that hurt most first.

    Parameters
    ----------
    results, naming
        The results, and names of their places.

    Returns
    -------
    Carried
        At most :data:`MOST_RESOURCES`. A span within a recorded trench stands under its trench.
        Every recorded route counts, so a circuit that would be switched counts too. Cost
        O(circuits x elements on their routes).
    """
    network = results.network
    listed = np.flatnonzero(_is_listed(results))
    on_route = _circuits_by_element(results, listed)
    circuits = _filled(on_route)
    count = int(np.count_nonzero(circuits >= _FEWEST_CIRCUITS))
    # Of what is not listed nothing but the number is told.
    lightest = int(np.sort(circuits)[-MOST_RESOURCES:][0]) if len(circuits) else 0
    chosen = np.flatnonzero(circuits >= max(lightest, _FEWEST_CIRCUITS))
    on_route, circuits, wanted = on_route[:, chosen], circuits[chosen], listed[chosen]
    sites = _distinct(on_route, network.circuits.a)
    customers = _distinct(on_route, _codes(network.circuits.customer))
    ids = _ids(results)[wanted].astype(str)
    order = np.lexsort((ids, -sites, -customers, -circuits))
    tiers, cables = _best_tier(results, on_route), _cables(results)[wanted]
    resources = tuple(
        Resource(
            str(ids[i]), _kind(results, int(wanted[i])), int(cables[i]), int(circuits[i]),
            int(sites[i]), int(customers[i]), tiers[i], *_where(results, naming, int(wanted[i])),
        )
        for i in order[:MOST_RESOURCES].tolist()
    )  # fmt: skip
    return Carried(resources, count - len(resources))


def _circuits_by_element(results: Results, listed: Ints) -> sparse.csr_array:
    """Circuit x listed elements and groups; an entry where some route of it runs through."""
    network = results.network
    circuits, elements = network.circuits, network.elements
    links = unique_rows(
        compose(
            compose(circuits.segments, circuits.segment_routes),
            circuits.routes.links,
        )
    )
    of_link = _matrix(elements.of_link, len(elements))
    members = _matrix(results.audit.risk_members, len(elements))
    groups = listed[listed >= len(elements)] - len(elements)
    # Links by what is listed first: few columns, and circuits share most of their links.
    through = sparse.hstack([
        sparse.csc_array(of_link)[:, listed[listed < len(elements)]], of_link @ members[groups].T,
    ])  # fmt: skip
    used = _matrix(links, len(network.links))
    return used @ sparse.csr_array(through)


def _filled(table: sparse.csr_array) -> Ints:
    """Count the entries of each column."""
    return np.bincount(table.indices, minlength=table.shape[1])


def _matrix(table: Csr, width: int) -> sparse.csr_array:
    ones = np.ones(len(table.indices), dtype=np.float32)
    return sparse.csr_array((ones, table.indices, table.indptr), shape=(len(table), width))


def _is_listed(results: Results) -> NDArray[np.bool_]:
    """Elements and groups that are a resource of their own."""
    network, audit = results.network, results.audit
    elements, kind = network.elements, network.elements.kind
    found = np.isin(kind, _KINDS)
    spans = elements.offset["spans"] + np.flatnonzero(network.spans.trench >= 0)
    found[spans] = False
    first = elements.offset["places"]
    places = network.places
    # An office with a recorded building stands under its building, if others share it or not.
    found[first : first + len(places)] &= (kind[first : first + len(places)] == POINT) | (
        (places.kind == OFFICE) & (places.building < 0)
    )
    return np.concatenate([found, audit.risks.is_recorded])


def _distinct(on_route: sparse.csr_array, owner: Ints) -> Ints:
    """Count the distinct owners (numbers, -1 for none) of the circuits of each column."""
    known = np.flatnonzero(owner >= 0)
    ones = np.ones(len(known), dtype=np.float32)
    width = int(owner.max(initial=0)) + 1
    table = sparse.csr_array((ones, (owner[known], known)), shape=(width, on_route.shape[0]))
    return _filled(table @ on_route)


def _codes(values: NDArray[np.object_]) -> Ints:
    return np.asarray(np.unique(values.astype(str), return_inverse=True)[1], dtype=np.int64)


def _best_tier(results: Results, on_route: sparse.csr_array) -> list[str]:
    tier = results.network.circuits.tier
    worst = np.full(on_route.shape[1], "", dtype=object)
    for name in reversed(_TIERS):  # the highest last: it stays
        worst[_filled(on_route[np.flatnonzero(tier == name)]) > 0] = name
    return [str(name) for name in worst]


def _ids(results: Results) -> NDArray[np.object_]:
    return np.concatenate([results.network.elements.ids, results.audit.risks.ids])


def _cables(results: Results) -> Ints:
    """Cables through each element and each group."""
    network = results.network
    elements = network.elements
    own = np.bincount(elements.of_cable.indices, minlength=len(elements))
    carried = _matrix(elements.of_cable, len(elements))
    members = _matrix(results.audit.risk_members, len(elements))
    return np.concatenate([own, _filled(sparse.csr_array(carried @ members.T))])


def _kind(results: Results, element: int) -> str:
    network = results.network
    elements = network.elements
    if element >= len(elements):
        return "risk_group"
    kind = int(elements.kind[element])
    if kind == POINT:
        place = elements.position("places", element)
        return str(network.places.structure_kind[place]) or "structure"
    if kind == SPAN:
        return str(network.spans.medium[elements.position("spans", element)]) or "span"
    return {CABLE: "cable", TRENCH: "trench", LOCATION: "office"}.get(kind, "building")


def _where(results: Results, naming: Naming, element: int) -> tuple[str, float, float]:
    """Name of where an element is, and its position."""
    elements = results.network.elements
    if element >= len(elements):
        return str(results.audit.risks.kinds[element - len(elements)]), np.nan, np.nan
    ends = _ends(results.network, element)
    places = results.network.places
    known = [p for p in ends if p >= 0]
    if not known:
        return "", np.nan, np.nan
    lon, lat = (float(np.mean(axis[known])) for axis in (places.lon, places.lat))
    return naming.ends(ends[0], ends[-1]), lon, lat


def _ends(network: LayeredNetwork, element: int) -> list[int]:
    """Places that an element stands at or runs between."""
    elements, places = network.elements, network.places
    kind = int(elements.kind[element])
    if kind in {POINT, LOCATION}:
        return [elements.position("places", element)]
    if kind == BUILDING:
        inside = places.building == elements.position("buildings", element)
        return [int(p) for p in np.flatnonzero(inside)[:1]]
    if kind == CABLE:
        cable = elements.position("cables", element)
        return [int(network.cables.a[cable]), int(network.cables.b[cable])]
    spans = np.array([elements.position("spans", element)])
    if kind == TRENCH:
        spans = np.flatnonzero(network.spans.trench == elements.position("trenches", element))
    return [int(network.spans.a[spans[0]]), int(network.spans.b[spans[-1]])]
