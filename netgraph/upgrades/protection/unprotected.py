"""Why a site is not, or not wholly, protected by a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.places import OFFICE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from netgraph.upgrades.protection.duties import Duties
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.planned_plant import PlannedPair
    from netgraph.upgrades.protection.proposals import Proposal

NO_ROUTE = "no_route_in_plant"
NO_CANDIDATE = "no_candidate_avoids"
NO_PAIR = "no_disjoint_pair"
UNPROVEN = "unproven"
OVER_BUDGET = "over_budget"
NO_CIRCUIT = "no_circuit"
MISSING_RECORD = "missing_record"
RING_TOO_LARGE = "ring_too_large"


@dataclass(frozen=True)
class Unprotected:
    """A site that the plan leaves with a risk, and why.

    Attributes
    ----------
    reason
        `no_route_in_plant`: the recorded plant joins it to no centre. `no_candidate_avoids`: it is
        protected against everything but `against`. `no_disjoint_pair`: it survives any one risk,
        but even with every candidate built no two routes are without a common one. `unproven`:
        the search for two such routes ran out of time or was interrupted. `missing_record`: it
        has two routes, but the building of an office on them is not recorded. `ring_too_large`:
        its ring has more stations than the rules allow, and cannot be divided. `over_budget`;
        `no_circuit`.
    against
        Ids of what cuts it off whatever is built (the whole of a risk in one entry), or of the
        offices whose building is missing.
    """

    site_id: str
    reason: str
    against: tuple[str, ...] = ()


def list_unprotected(
    model: ProtectionModel, duties: Duties, pairs: Mapping[int, PlannedPair],
    sites: Collection[int], left_out: Collection[int], proposals: Collection[Proposal],
) -> tuple[Unprotected, ...]:  # fmt: skip
    """Say of every site that keeps a risk why it does.

    Parameters
    ----------
    sites
        Places of all sites asked for.
    left_out
        Places that a budget leaves out.
    """
    ids = model.audit.network.places.ids
    too_large = {site for proposal in proposals if proposal.is_oversize for site in proposal.sites}
    found: dict[int, Unprotected] = {
        place: Unprotected(str(ids[place]), NO_CIRCUIT)
        for place in sorted(set(sites) - set(model.site.tolist()))
    }
    for demand, place in enumerate(model.site.tolist()):
        name = str(ids[place])
        if demand in duties.unconnected:
            found[place] = Unprotected(name, NO_ROUTE)
        elif place in left_out:
            found[place] = Unprotected(name, OVER_BUDGET)
        elif demand in duties.unavoidable:
            risks = duties.unavoidable[demand]
            against = tuple(dict.fromkeys(_names(model, risk) for risk in risks))
            found.setdefault(place, Unprotected(name, NO_CANDIDATE, against))
        elif demand not in pairs or pairs[demand].status == "unproven":
            found.setdefault(place, Unprotected(name, UNPROVEN))
        elif pairs[demand].status == "none":
            found.setdefault(place, Unprotected(name, NO_PAIR))
        elif lacking := _offices_without_building(model, demand, pairs[demand]):
            found.setdefault(place, Unprotected(name, MISSING_RECORD, lacking))
        elif name in too_large:
            found.setdefault(place, Unprotected(name, RING_TOO_LARGE))
    return tuple(found[place] for place in sorted(found))


def _names(model: ProtectionModel, risk: int) -> str:
    """Ids of what a risk is."""
    audit = model.audit
    n = len(audit.network.elements)
    names = [
        str(audit.network.elements.ids[e] if e < n else audit.risks.ids[e - n])
        for e in model.risk_elements(risk)
    ]
    return " ".join(dict.fromkeys(names))


def _offices_without_building(
    model: ProtectionModel, demand: int, pair: PlannedPair
) -> tuple[str, ...]:
    """Ids of the offices on the way whose building is not recorded: nothing is proven there."""
    problem, places = model.problem, model.audit.network.places
    route = np.append(pair.first, pair.second)
    ends = [int(problem.source[demand]), *problem.sinks.row(demand).tolist()]
    nodes = np.setdiff1d(np.append(problem.u[route], problem.v[route]), ends)
    bare = (places.kind == OFFICE) & (places.building < 0)
    bare &= np.isin(model.layer.node_of_place, nodes)
    return tuple(str(name) for name in places.ids[bare])
