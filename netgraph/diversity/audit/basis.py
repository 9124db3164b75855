"""What verdicts are computed from: the network, units and risks, before any route is judged.

The searches need no more than this, so that they can begin while the recorded routes are judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.assumed import with_assumed_groups
from netgraph.diversity.audit.units import JudgedUnits, build_units
from netgraph.diversity.risks import RiskTable, build_risks
from netgraph.diversity.verdict_kinds import POSSIBLE, RISK_GROUP, SUSPECT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr


@dataclass(frozen=True)
class AuditBasis:
    """What an audit judges, and by what; build it with :func:`prepare_audit`.

    Attributes
    ----------
    network
        With the groups that the rules assume.
    units
        First every circuit, then every group of several circuits.
    kind
        Kind of every element and risk group, in the numbering of `Verdict.shared`.
    risk_members
        Risk group to its elements.
    """

    network: LayeredNetwork
    rules: Rules
    units: JudgedUnits
    risks: RiskTable
    kind: NDArray[np.int64]
    risk_members: Csr


def prepare_audit(network: LayeredNetwork, rules: Rules) -> AuditBasis:
    """Give units and risk groups their numbers; O(rows of the inventory)."""
    network = with_assumed_groups(network, rules)
    risks = build_risks(network, rules)
    kinds = np.select([risks.is_suspect, risks.is_possible], [SUSPECT, POSSIBLE], RISK_GROUP)
    return AuditBasis(
        network=network,
        rules=rules,
        units=build_units(network),
        risks=risks,
        kind=np.concatenate([network.elements.kind.astype(np.int64), kinds]),
        risk_members=risks.members(network.elements.kind),
    )
