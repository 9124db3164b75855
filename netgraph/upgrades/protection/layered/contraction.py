"""The reduced plant with everything made one that no failure to be survived can part.

A way is looked for in it millions of times, and most of the plant is there already and far from any
one site: links and cables that no such failure touches join what they end on for good. Options keep
their numbers, so that plans and cuts mean the same on both.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_pairs, entries_of, unique_rows
from netgraph.upgrades.protection.duty import components
from netgraph.upgrades.protection.layered.web import Web

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.layered.reduction import ReducedPlant


def contracted(plant: ReducedPlant) -> ReducedPlant:
    """Contract a reduced plant: whoever survives here survives there, for the same options.

    For failures only: two routes over what is one here may share something there.
    """
    web, n = plant.web, plant.n_options
    risks = np.unique(np.array([risk for risk, _ in plant.pairs], dtype=np.int64))
    is_open = ~web.is_closed
    is_firm = np.arange(len(web.u)) >= n
    is_firm &= ~web.is_private & is_open[web.u] & is_open[web.v]
    is_firm[entries_of(plant.risk_edges, risks)] = False
    label = components(web.n_nodes, web.u[is_firm], web.v[is_firm])
    u, v = label[web.u], label[web.v]
    keep = ~is_firm & (u != v)
    keep[:n] = True
    number = np.cumsum(keep) - 1
    first = np.zeros(int(label.max(initial=-1)) + 1, dtype=np.int64)
    first[label[::-1]] = np.arange(web.n_nodes)[::-1]
    small = Web(
        u[keep], v[keep], web.is_closed[first], web.is_private[keep], label[web.source],
        unique_rows(Csr(web.sinks.indptr, label[web.sinks.indices])), _kept(web.own, keep, number),
    )  # fmt: skip
    edges = np.flatnonzero(keep)
    counts = plant.parts.counts[edges]
    parts = csr_of_pairs(
        np.repeat(np.arange(len(edges)), counts), entries_of(plant.parts, edges), len(edges)
    )
    return replace(
        plant, web=small, cost_yuan=plant.cost_yuan[keep], parts=parts,
        risk_edges=_kept(plant.risk_edges, keep, number), nodes=plant.nodes[first],
    )  # fmt: skip


def _kept(table: Csr, keep: NDArray[np.bool_], number: Ints) -> Csr:
    """Keep of each row the edges that are kept, by their new numbers."""
    mine = keep[table.indices]
    return csr_of_pairs(table.owners[mine], number[table.indices[mine]], len(table))
