"""Do a plan on paper: the plainest rows that a proposal stands for, and an audit of the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit import audit_routes
from netgraph.diversity.levels import RANK
from netgraph.diversity.rules import load_rules
from netgraph.topology import build_network
from netgraph.upgrades.action import Action, Addition, Change, Kind, Removal
from netgraph.upgrades.apply import apply_actions

if TYPE_CHECKING:
    from netgraph.diversity.audit import Audit
    from netgraph.topology import LayeredNetwork
    from netgraph.upgrades.protection.plan import ProtectionPlan


def audit_after(network: LayeredNetwork, plan: ProtectionPlan) -> Audit:
    """Audit the network with every proposal built: both routes of each site in new cables."""
    ends = {str(i): (str(a), str(b)) for i, a, b in _span_ends(network)}
    rows: list[Addition] = []
    removals: list[Removal] = []
    changes: list[Change] = []
    for proposal in plan.proposals:
        for span in proposal.work.spans:
            ends[span.id] = (span.from_id, span.to_id)
            row = {"id": span.id, "from_id": span.from_id, "to_id": span.to_id,
                   "medium": span.medium, "trench_id": span.trench_id,
                   "length_m": span.length_m, "status": "in_service",
                   "geometry": span.geometry}  # fmt: skip
            rows.append(Addition("spans", row))
        for routes in proposal.work.routes:
            rows += _two_links(network, routes)
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


def _two_links(network, routes):
    centre = str(network.places.ids[network.circuits.b[_first(network, routes.site_id)]])
    rows = []
    for role, way in (("working", routes.first), ("protect", routes.second)):
        name = f"{routes.site_id}-{role}"
        ends = {"id": name, "from_id": routes.site_id, "to_id": centre, "status": "in_service"}
        rows += [Addition("cables", ends), Addition("links", {**ends, "medium": "fibre"})]
        rows += [
            Addition("cable_spans", {"cable_id": name, "seq": float(seq), "span_id": span})
            for seq, span in enumerate(way, start=1)
        ]
        rows.append(Addition("link_cables", {"link_id": name, "seq": 1.0, "cable_id": name}))
    return rows


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
