"""Whose circuits they are: sites, customers, tiers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import TIER_RANK
from netgraph.topology.csr import csr_of_pairs
from netgraph.topology.ids import codes_of
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints

#: Rank of a circuit without a tier: after all tiers.
NO_TIER = len(TIER_RANK)


@dataclass(frozen=True, eq=False)
class CircuitOwners:
    """Sites and customers of the circuits.

    Attributes
    ----------
    sites
        Places of the sites that circuits begin at; `site` the position there of each circuit,
        -1 where its A end is unknown or no site.
    customer_ids
        Sorted; `customer` the position there of each circuit, -1 without one.
    tier_rank
        0 for diamond, ..., `NO_TIER`: of the circuit, else of its A site; shape (circuits,).
    of_site, of_customer
        Site and customer to circuits.
    """

    sites: Ints = field(repr=False)
    site: Ints = field(repr=False)
    customer_ids: NDArray[np.object_] = field(repr=False)
    customer: Ints = field(repr=False)
    tier_rank: Ints = field(repr=False)
    of_site: Csr = field(repr=False)
    of_customer: Csr = field(repr=False)


def find_owners(network: LayeredNetwork) -> CircuitOwners:
    """Find the site, customer and tier of every circuit."""
    circuits, places = network.circuits, network.places
    table = network.inventory.table("sites")
    is_site = circuits.a >= 0
    is_site[is_site] = places.kind[circuits.a[is_site]] == SITE
    row = places.rows[circuits.a[is_site]]
    sites, position = np.unique(circuits.a[is_site], return_inverse=True)
    site = np.full(len(circuits), -1, dtype=np.int64)
    site[is_site] = position
    customer_names, tier = circuits.customer.copy(), circuits.tier.copy()
    for values, column in ((customer_names, "customer_id"), (tier, "tier")):
        own = values[is_site]
        values[is_site] = np.where(own == "", table[column][row], own)
    customer, customer_ids = codes_of(customer_names)
    known = np.flatnonzero(customer >= 0)
    at_site = np.flatnonzero(is_site)
    return CircuitOwners(
        sites=sites,
        site=site,
        customer_ids=customer_ids,
        customer=customer,
        tier_rank=np.array([TIER_RANK.get(t, NO_TIER) for t in tier], dtype=np.int64),
        of_site=csr_of_pairs(site[at_site], at_site, len(sites)),
        of_customer=csr_of_pairs(customer[known], known, len(customer_ids)),
    )
