"""Do a plan on paper: the plainest rows that a proposal stands for, and an audit of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.levels import RANK
from netgraph.diversity.rules import load_rules
from netgraph.topology import build_network
from netgraph.upgrades.action import Action, Addition, Change, Kind, Removal
from netgraph.upgrades.apply import apply_actions

if TYPE_CHECKING:
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.protection.plan import ProtectionPlan


def audit_after(network: LayeredNetwork, plan: ProtectionPlan) -> Audit:
    """Audit the network with every proposal built: both routes of each site in new cables."""
    ends = {str(i): (str(a), str(b)) for i, a, b in _span_ends(network)}
    rows: list[Addition] = []
    removals: list[Removal] = []
    changes: list[Change] = []
    for proposal in plan.proposals:  # the spans first: other works may use them
        for span in proposal.work.spans:
            ends[span.id] = (span.from_id, span.to_id)
            row = {"id": span.id, "from_id": span.from_id, "to_id": span.to_id,
                   "medium": span.medium, "trench_id": span.trench_id,
                   "length_m": span.length_m, "status": "in_service",
                   "geometry": span.geometry}  # fmt: skip
            rows.append(Addition("spans", row))
    for proposal in plan.proposals:
        for routes in proposal.work.routes:
            rows += _two_links(network, routes, ends)
            mine = _circuits(network, routes.site_id)
            removals += [Removal("circuit_links", "circuit_id", name) for name in mine]
            changes += [Change("circuits", name, {"protection": "path"}) for name in mine]
            rows += [
                Addition("circuit_links", {"circuit_id": name, "role": role, "seq": 1.0,
                                           "link_id": f"{routes.site_id}-{role}"})
                for name in mine for role in ("working", "protect")
            ]  # fmt: skip
    action = Action("W1", Kind.NEW_PLANT, "all", {}, 0.0, (), changes=tuple(changes),
                    additions=tuple(rows), removals=tuple(removals))  # fmt: skip
    after = build_network(apply_actions(network.inventory, [action]))
    return audit_routes(after, load_rules())


def _two_links(network, routes, ends):
    rows = []
    for role, way in (("working", routes.first), ("protect", routes.second)):
        name, centre = f"{routes.site_id}-{role}", _centre(network, routes.site_id, ends[way[-1]])
        line = {"id": name, "from_id": routes.site_id, "to_id": centre, "status": "in_service"}
        rows += [Addition("cables", line), Addition("links", {**line, "medium": "fibre"})]
        rows += [
            Addition("cable_spans", {"cable_id": name, "seq": float(seq), "span_id": span})
            for seq, span in enumerate(way, start=1)
        ]
        rows.append(Addition("link_cables", {"link_id": name, "seq": 1.0, "cable_id": name}))
    return rows


def _centre(network, site_id, last_ends):
    """B end in whose building the last span of a route ends."""
    circuits, places = network.circuits, network.places
    first = _first(network, site_id)
    arrived = [places.index.find(end) for end in last_ends]
    b_ends = [b for b in (int(circuits.b[first]), int(circuits.b2[first])) if b >= 0]
    homes = places.home
    here = [b for b in b_ends if b in arrived or homes[b] in {homes[x] for x in arrived} - {-1}]
    return str(places.ids[here[0]])


def _first(network, site_id):
    place = network.places.index.find(site_id)
    return int(np.flatnonzero(network.circuits.a == place)[0])


def _circuits(network, site_id):
    place = network.places.index.find(site_id)
    return [str(network.circuits.ids[c]) for c in np.flatnonzero(network.circuits.a == place)]


def _span_ends(network):
    table = network.inventory.table("spans")
    return zip(table["id"], table["from_id"], table["to_id"], strict=True)


def levels_of_sites(audit: Audit, site_ids) -> dict[str, str]:
    """Worst level of the groups of some sites."""
    network = audit.network
    result = {}
    for site in site_ids:
        place = network.places.index.find(site)
        circuits = np.flatnonzero(network.circuits.a == place).tolist()
        levels = [audit.of_group(circuit).level for circuit in circuits]
        result[site] = min(levels, key=RANK.__getitem__).value
    return result
