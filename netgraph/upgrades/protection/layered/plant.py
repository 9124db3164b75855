"""Links, cables and spans as edges: what a route rides on, what it costs, what it fails with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.layers import build_layer
from netgraph.topology.csr import Csr, csr_of_lists, csr_of_pairs, gather, transpose, unique_rows
from netgraph.upgrades.protection.layered.web import Web
from netgraph.upgrades.second_route import CABLE, LINK, SPAN, usable_links

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices

#: Kind of an edge besides LINK, CABLE and SPAN (a new cable in an existing span): new plant.
BUILD = 3


@dataclass(frozen=True, eq=False)
class LayeredPlant:
    """All that the routes of works may use; arrays of shape (edges,).

    Attributes
    ----------
    model
        The problem on spans that this one stands beside: its demands, nodes and builds.
    kind, item
        LINK, CABLE, SPAN or BUILD, and the position in that table.
    cost_yuan
        Of laying a cable in a span, of building new plant; nothing for what is there.
    elements
        Edge to all that it fails with: elements and risk groups (as the audit numbers them), the
        builds after these.
    """

    model: ProtectionModel
    web: Web
    kind: NDArray[np.int8]
    item: Ints
    cost_yuan: NDArray[np.float64]
    elements: Csr
    n_elements: int

    @property
    def is_option(self) -> NDArray[np.bool_]:
        """Edges that cost money."""
        return self.kind >= SPAN

    def edges_of(self, options: Ints) -> Ints:
        """Edges of the model that some options are; shape (options,)."""
        edge_of_span = np.full(len(self.model.audit.network.spans), -1, dtype=np.int64)
        edge_of_span[self.model.layer.item] = np.arange(self.model.n_spans)
        is_build, item = self.kind[options] == BUILD, self.item[options]
        edges = np.where(is_build, item + self.model.n_spans, 0)
        edges[~is_build] = edge_of_span[item[~is_build]]
        return edges


def layered_plant(model: ProtectionModel, prices: PlantPrices) -> LayeredPlant:
    """Lay out links, cables with spare cores, spans and builds; O(elements of all of them)."""
    audit, layer, builds = model.audit, model.layer, model.builds
    network, problem, node = audit.network, model.problem, layer.node_of_place
    cables = build_layer(audit, "cables")
    shared = usable_links(audit)
    own = _own_links(model, shared)
    private = np.unique(own.indices)
    can_build = np.flatnonzero(np.isfinite(builds.cost_yuan))
    items = (
        np.append(shared, private), _ridden_cables(cables, layer), layer.item[layer.is_usable],
        can_build,
    )  # fmt: skip
    tables = (
        (network.links.a_place, network.links.b_place), (network.cables.a, network.cables.b),
        (network.spans.a, network.spans.b), (builds.a, builds.b),
    )  # fmt: skip
    kind = np.repeat(np.arange(4, dtype=np.int8), [len(item) for item in items])
    item = np.concatenate(items).astype(np.int64)
    u, v = (
        np.concatenate([node[table[end][rows]] for table, rows in zip(tables, items, strict=True)])
        for end in (0, 1)
    )
    rows = items[SPAN]
    laid = zip(network.spans.medium[rows], network.spans.length_m[rows], strict=True)
    cable = np.array([prices.cable_yuan(medium, metres) for medium, metres in laid], dtype=float)
    cost = np.zeros(len(kind))
    cost[kind == SPAN] = np.nan_to_num(cable)
    cost[kind == BUILD] = builds.cost_yuan[can_build]
    is_private = np.zeros(len(kind), dtype=bool)
    is_private[len(shared) : len(shared) + len(private)] = True
    at = np.full(len(network.links), -1, dtype=np.int64)
    at[private] = len(shared) + np.arange(len(private))
    web = Web(
        u.astype(np.int64), v.astype(np.int64), ~problem.is_transit, is_private, problem.source,
        problem.sinks, Csr(own.indptr, at[own.indices]),
    )  # fmt: skip
    n_elements = len(audit.kind) + len(builds)
    elements = _with_doubles(model, _elements(model, kind, item), kind, item, n_elements)
    keep = _leads_somewhere(web)
    return LayeredPlant(model, _kept(web, keep), kind[keep], item[keep], cost[keep],
                        _rows(elements, keep), n_elements)  # fmt: skip


def _own_links(model: ProtectionModel, shared: Ints) -> Csr:
    """Demand to the links of its recorded routes that no other route may use."""
    network = model.audit.network
    circuits, links = network.circuits, network.links
    is_open = np.zeros(len(links), dtype=bool)
    is_open[shared] = True
    fits = ~is_open & (links.a_place >= 0) & (links.b_place >= 0) & network.evidence.is_complete
    rows = []
    for place, ends in zip(model.site.tolist(), model.b_ends, strict=True):
        mine = [
            circuit for circuit in np.flatnonzero(circuits.a == place).tolist()
            if {int(circuits.b[circuit]), int(circuits.b2[circuit])} - {-1} <= set(ends)
        ]  # fmt: skip
        routes = [circuits.routes_of(circuit) for circuit in mine] or [np.empty(0, dtype=np.int64)]
        used = np.unique(gather(circuits.routes.links, np.concatenate(routes))[0])
        rows.append(used[fits[used]])
    return csr_of_lists(rows)


def _ridden_cables(cables: SearchLayer, spans: SearchLayer) -> Ints:
    """Cables with spare cores between points where one may be patched to another."""
    is_met = spans.graph.is_transit & ~cables.graph.is_transit  # new cable only passes there
    fits = cables.is_usable & ~is_met[cables.graph.edge_u] & ~is_met[cables.graph.edge_v]
    return cables.item[fits]


def _elements(model: ProtectionModel, kind: NDArray[np.int8], item: Ints) -> Csr:
    """Edge to what takes it down: elements, risk groups, and each build by itself."""
    elements, risks = model.audit.network.elements, model.audit.risks
    owners, values = [], []
    for code, table in (
        (LINK, elements.of_link),
        (CABLE, elements.of_cable),
        (SPAN, elements.of_span),
    ):
        rows = np.flatnonzero(kind == code)
        found, owner = gather(table, item[rows])
        groups, of_found = gather(risks.of_element, found)
        owners += [rows[owner], rows[owner][of_found]]
        values += [found, groups + len(elements)]
    rows = np.flatnonzero(kind == BUILD)
    for ends in (model.builds.a, model.builds.b):
        node = model.layer.node_of_place[ends[item[rows]]].astype(np.int64)
        found, owner = gather(model.layer.node_elements, node)
        owners.append(rows[owner])
        values.append(found)
    owners.append(rows)
    values.append(len(model.audit.kind) + item[rows])
    return unique_rows(csr_of_pairs(np.concatenate(owners), np.concatenate(values), len(kind)))


def _with_doubles(
    model: ProtectionModel, elements: Csr, kind: NDArray[np.int8], item: Ints, n_elements: int
) -> Csr:
    """Let a build fail with the span in whose trench it may lie, and what runs there with it."""
    first_build, n_kinds = model.n_spans, len(model.audit.kind)
    edge_of_build = np.full(len(model.builds), -1, dtype=np.int64)
    edge_of_build[item[kind == BUILD]] = np.flatnonzero(kind == BUILD)
    edges_at = transpose(elements, n_elements)
    offset = model.audit.network.elements.offset["spans"]
    owners, values = [elements.owners], [elements.indices]
    for one, other in zip(*(side.tolist() for side in model.doubles), strict=True):
        names = [
            n_kinds + x - first_build if x >= first_build else offset + int(model.layer.item[x])
            for x in (one, other)
        ]
        for mine, beside in (names, names[::-1]):
            edges = edges_at.row(beside)
            owners.append(edges)
            values.append(np.full(len(edges), mine))
    return unique_rows(csr_of_pairs(np.concatenate(owners), np.concatenate(values), len(kind)))


def _leads_somewhere(web: Web) -> NDArray[np.bool_]:
    """Mark edges that some route may use: none ends at what is neither passed nor an end."""
    is_open = ~web.is_closed
    is_open[web.source] = is_open[web.sinks.indices] = True
    keep: NDArray[np.bool_] = (web.u != web.v) & is_open[web.u] & is_open[web.v]
    return keep


def _kept(web: Web, keep: NDArray[np.bool_]) -> Web:
    number = np.cumsum(keep) - 1
    mine = keep[web.own.indices]
    own = csr_of_pairs(web.own.owners[mine], number[web.own.indices[mine]], len(web.own))
    return Web(web.u[keep], web.v[keep], web.is_closed, web.is_private[keep], web.source,
               web.sinks, own)  # fmt: skip


def _rows(table: Csr, keep: NDArray[np.bool_]) -> Csr:
    """Keep some rows of a table."""
    rows = np.flatnonzero(keep)
    values, owners = gather(table, rows)
    return csr_of_pairs(owners, values, len(rows))
