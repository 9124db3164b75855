"""What routes are made of, part by part, and which of their records are missing.

A part is a link's body (all that alone takes it down), or a leg of a link that has two. Parts are
numbered: first the links, then the legs.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.kernels import N_EVIDENCE
from netgraph.topology.csr import Csr, csr_of_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

#: Kinds of evidence that a route may lack: any of its records; also the building of an office
#: on it; also where its spans and places lie.
ANY_RECORD, BUILDINGS, PLACES = range(N_EVIDENCE)

#: A link's way to fail beyond its body: parts of which all must be hit.
PartTerm = frozenset[int]


def second_ways(network: LayeredNetwork) -> dict[int, tuple[PartTerm, ...]]:
    """For every link (none if no link has two legs): the sets of legs that take it down together.

    A leg that lower links carry is also down if such a link is, by both of its own legs.
    """
    links = network.links
    if len(links) == 0 or links.legs.counts.max() <= 1:
        return {}
    ways: dict[int, tuple[PartTerm, ...]] = dict.fromkeys(range(len(links)), ())
    for link in links.carriers_first[0]:  # of links in a circle only what is near is known
        legs = links.legs.row(link).tolist()
        below = [
            [term for c in links.leg_carriers.row(leg).tolist() for term in ways[c]] for leg in legs
        ]
        if len(legs) < 2 and not any(below):
            continue
        own = [[frozenset([len(links) + leg])] if len(legs) > 1 else [] for leg in legs]
        choices = [mine + theirs for mine, theirs in zip(own, below, strict=True)]
        ways[link] = tuple({frozenset().union(*chosen) for chosen in product(*choices)})
    return ways


def gather_parts(network: LayeredNetwork, ways: dict[int, tuple[PartTerm, ...]]) -> Csr:
    """Elements of every link, then of every leg that some way needs."""
    links, elements = network.links, network.elements
    n = len(links)
    needed = {part - n for terms in ways.values() for term in terms for part in term}
    legs: list[Ints] = [np.empty(0, dtype=np.int64)] * len(links.leg_cables)
    for leg in needed:
        below = [elements.of_cable.row(int(c)) for c in links.leg_cables.row(leg)]
        below += [elements.of_link.row(int(c)) for c in links.leg_carriers.row(leg)]
        legs[leg] = np.unique(np.concatenate([np.empty(0, dtype=np.int64), *below]))
    table = csr_of_lists(legs)
    shift = elements.of_link.indptr[-1]
    return Csr(
        np.concatenate([elements.of_link.indptr, table.indptr[1:] + shift]),
        np.concatenate([elements.of_link.indices, table.indices]),
    )


def links_of_routes(network: LayeredNetwork) -> Csr:
    """Links of each route, each once, ascending.

    A route that is not in service is left empty: nothing is known of where it runs today.
    """
    routes = network.circuits.routes
    keep = ~routes.is_stale[routes.links.owners]
    width = max(len(network.links), 1)
    keys = np.sort(routes.links.owners[keep] * width + routes.links.indices[keep])
    keys = keys[np.diff(keys, prepend=-1) > 0]
    counts = np.bincount(keys // width, minlength=len(routes))
    return Csr(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), keys % width)


def lacking_evidence(network: LayeredNetwork) -> list[int]:
    """Kinds of evidence that each route lacks, as bits."""
    routes, evidence = network.circuits.routes, network.evidence
    lacks = np.zeros(len(routes), dtype=np.int64)
    every = (1 << N_EVIDENCE) - 1
    lacks[~routes.is_known] = every
    flags = (
        (~evidence.is_complete, every),
        (evidence.unhoused.counts > 0, 1 << BUILDINGS),
        (_unplaced_links(network), 1 << PLACES),
    )
    for bad, bits in flags:
        lacks[routes.links.owners[bad[routes.links.indices]]] |= bits
    return lacks.tolist()


def _unplaced_links(network: LayeredNetwork) -> NDArray[np.bool_]:
    """Links that run over a span that is not drawn, or through a place without coordinates."""
    spans, places, links, elements = network.spans, network.places, network.links, network.elements
    unknown = np.zeros(len(elements), dtype=bool)
    bare = np.array([line is None for line in spans.geometry], dtype=bool)
    unknown[elements.offset["spans"] : elements.offset["spans"] + len(spans)] = bare
    lost = ~(np.isfinite(places.lon) & np.isfinite(places.lat))
    unknown[elements.offset["places"] : elements.offset["places"] + len(places)] = lost
    result = np.zeros(len(links), dtype=bool)
    result[elements.of_link.owners[unknown[elements.of_link.indices]]] = True
    bad_cable = np.zeros(len(network.cables), dtype=bool)
    bad_cable[elements.of_cable.owners[unknown[elements.of_cable.indices]]] = True
    bad_leg = np.zeros(len(links.leg_cables), dtype=bool)
    bad_leg[links.leg_cables.owners[bad_cable[links.leg_cables.indices]]] = True
    result[links.legs.owners[bad_leg[links.legs.indices]]] = True
    if len(links.leg_carriers.indices):
        for link in links.carriers_first[0]:
            result[link] |= bool(result[links.carriers.row(link)].any())
    return result
