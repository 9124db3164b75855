"""What the pair that must share something shares least of: risks, metres, or expected outage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from netgraph.diversity.availability.rates import load_rates
from netgraph.diversity.search.least_sharing import SharingWeights
from netgraph.diversity.verdict_kinds import POSSIBLE, RISK_GROUP, SUSPECT
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.topology.places import STRUCTURE
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.search.contraction import Contraction
    from netgraph.diversity.search.risks import RiskIndex

    Floats = NDArray[np.float64]

Objective = Literal["risks", "metres", "outage"]
#: What sharing costs at least, in metres and in minutes a year: it never is for nothing.
LEAST = {"metres": 1.0, "outage": 0.01}
MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True, eq=False)
class LayerCosts:
    """What sharing costs on a layer.

    Attributes
    ----------
    sharing
        By risk class, reduced edge and reduced node.
    edge, node
        By edge and node of the whole layer, risks apart.
    """

    sharing: SharingWeights
    edge: Floats
    node: Floats


def check_objective(objective: str) -> None:
    """Refuse an objective that there is not.

    Raises
    ------
    UsageError
        With the known ones.
    """
    if objective not in get_args(Objective):
        message = Message(
            "There is no objective {0!r}; one of {1}.", objective, ", ".join(get_args(Objective))
        )
        raise UsageError(message)


def element_costs(audit: AuditBasis, objective: Objective, rates: Rates | None = None) -> Floats:
    """Return what it costs that two routes share each element or risk group.

    One each for risks. In metres: a trench its longest span, a span without a trench its length,
    two spans suspected to lie in one trench the shorter. In outage: expected minutes a year at the
    higher of access and backbone rates and the longest repair time of any tier.
    """
    if objective == "risks":
        return np.ones(len(audit.kind))
    network, elements = audit.network, audit.network.elements
    rates = load_rates() if rates is None else rates
    hours = rates.repair_hours("", "access")
    metres = np.where(np.isfinite(network.spans.length_m), network.spans.length_m, 0.0)
    of_span = metres
    if objective == "outage":
        both = rates.access_per_km_year, rates.backbone_per_km_year
        medium = np.where(network.spans.medium == "", "unknown", network.spans.medium)
        per_km = np.array([max(table[str(name)] for table in both) for name in medium])
        of_span = per_km.reshape(-1) * metres / M_PER_KM * hours * MINUTES_PER_HOUR
    cost = np.zeros(len(audit.kind))
    trench, first = network.spans.trench, elements.offset
    np.maximum.at(cost, first["trenches"] + trench[trench >= 0], of_span[trench >= 0])
    spans = first["spans"] + np.arange(len(of_span))
    cost[spans] = np.where(trench < 0, of_span, 0.0)
    groups = np.flatnonzero(audit.kind == SUSPECT)
    for group in groups.tolist():
        members = audit.risk_members.row(group - len(elements)) - first["spans"]
        cost[group] = of_span[members].min()
    if objective == "outage":
        _add_points(audit, rates, hours * MINUTES_PER_HOUR, cost)
    return np.maximum(cost, LEAST[objective])


def _add_points(audit: AuditBasis, rates: Rates, minutes: float, cost: Floats) -> None:
    """Add what structures, buildings and explicit risk groups fail for."""
    network, first = audit.network, audit.network.elements.offset
    places = network.places
    here = first["places"] + np.arange(len(places))
    per_year = np.where(
        places.kind == STRUCTURE,
        rates.per_year["structure"],
        np.where(places.building < 0, rates.per_year["building"], 0.0),
    )
    cost[here] = per_year * minutes
    houses = first["buildings"] + np.arange(len(places.building_ids))
    cost[houses] = rates.per_year["building"] * minutes
    for group in np.flatnonzero((audit.kind == RISK_GROUP) | (audit.kind == POSSIBLE)).tolist():
        number = group - len(network.elements)
        kind, id_ = str(audit.risks.kinds[number]), str(audit.risks.ids[number])
        cost[group] = rates.risk_rate(kind, id_) * minutes


def layer_costs(
    audit: AuditBasis, layer: SearchLayer, reduced: Contraction, risks: RiskIndex,
    objective: Objective, rates: Rates | None = None,
) -> LayerCosts:  # fmt: skip
    """Lay what sharing costs on a layer's edges, nodes and risk classes."""
    n_edges, n_nodes = layer.graph.n_edges, layer.graph.n_nodes
    if objective == "risks":
        classes, edge, node = np.ones(risks.n_classes), np.ones(n_edges), np.ones(n_nodes)
    else:
        cost = element_costs(audit, objective, rates)
        classes = layer.risks.weights(cost[layer.risk_element])
        alone = cost.copy()
        alone[layer.risk_element] = 0.0  # they are classes
        tables = (layer.elements, n_edges), (layer.node_elements, n_nodes)
        edge, node = (
            np.maximum(np.bincount(t.owners, alone[t.indices], minlength=n), LEAST[objective])
            for t, n in tables
        )
    classes *= _certainty(audit, layer, risks)
    return LayerCosts(SharingWeights(classes, *_reduced(reduced, edge, node)), edge, node)


def _reduced(reduced: Contraction, edge: Floats, node: Floats) -> tuple[Floats, Floats]:
    """Add up what a reduced edge or node stands for."""
    local_edge, inside = reduced.local_edge_of, reduced.inner_edge_of
    of_edge = np.zeros(reduced.graph.n_edges)
    np.add.at(of_edge, local_edge[local_edge >= 0], edge[local_edge >= 0])
    np.add.at(of_edge, inside[inside >= 0], node[inside >= 0])
    return of_edge, node[reduced.node_of]


def _certainty(audit: AuditBasis, layer: SearchLayer, risks: RiskIndex) -> Floats:
    """One for each class; all that only may be shared weighs less than one together."""
    is_open = audit.kind[layer.risk_element] == POSSIBLE
    part = np.ones(risks.n_classes)
    if is_open.any():
        is_sure = np.zeros(risks.n_classes, dtype=bool)
        classes = layer.risks.class_of[~is_open]
        is_sure[classes[classes >= 0]] = True
        part[~is_sure] = 0.5 ** np.ceil(np.log2(2 * (~is_sure).sum() + 1))
    return part
