"""The figures of a failure simulation."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.simulation.rows import tier_name
from netgraph.report.failures import (
    FAMILIES,
    INDOORS,
    OUTSIDE,
    FailureSummary,
    PairCount,
    RiskCount,
)

if TYPE_CHECKING:
    from netgraph.assessment.simulation.rows import Listing
    from netgraph.assessment.simulation.value import Simulation


def summarise_failures(simulation: Simulation) -> FailureSummary:
    """Count, and pick the worst risks of each family, one of each class."""
    singles, catalogue, doubles = simulation.singles, simulation.catalogue, simulation.doubles
    listing, owners = simulation.listing, singles.owners
    exempt = int(catalogue.is_exempt.sum())
    kinds = Counter(catalogue.kinds[listing.risks].tolist())
    return FailureSummary(
        circuits=len(catalogue.network.circuits),
        sites=len(owners.sites),
        customers=len(owners.customer_ids),
        risks=len(catalogue) - exempt,
        risks_exempt=exempt,
        risks_without_circuits=len(catalogue) - exempt - len(listing.risks),
        risk_classes=singles.n_classes,
        circuits_undecidable=singles.unrecorded,
        kinds=dict(sorted(kinds.items())),
        worst=find_worst(simulation, simulation.options.top),
        threshold=doubles.threshold if doubles else None,
        pairs=doubles.pairs_in_all if doubles else None,
        pairs_listed=len(doubles) if doubles else None,
        worst_pairs=_worst_pairs(simulation, listing),
    )


def find_worst(simulation: Simulation, top: int) -> dict[str, tuple[RiskCount, ...]]:
    """By family the `top` risks that take most down; of a class the first of the family."""
    singles, risks = simulation.singles, simulation.listing.risks
    number = singles.class_of_risk[risks]
    hits = (singles.circuits_down[number] > 0) | (singles.circuits_unprotected[number] > 0)
    risks, number = risks[hits], number[hits]
    kinds, kind = np.unique(simulation.catalogue.kinds[risks].astype(str), return_inverse=True)
    family = np.array([FAMILIES.index(_family(name)) for name in kinds.tolist()], dtype=np.int64)
    key = family[kind] * (singles.n_classes + 1) + number
    fresh = np.sort(np.unique(key, return_index=True)[1])  # the first of each, still ranked
    return {
        name: tuple(
            _risk(simulation, risk)
            for risk in risks[fresh[family[kind[fresh]] == place][:top]].tolist()
        )
        for place, name in enumerate(FAMILIES)
    }


def _family(kind: str) -> str:
    if kind in OUTSIDE:
        return "outside"
    return "indoors" if kind in INDOORS else "groups"


def _risk(simulation: Simulation, risk: int) -> RiskCount:
    singles, catalogue = simulation.singles, simulation.catalogue
    number = int(singles.class_of_risk[risk])
    return RiskCount(
        risk_id=str(catalogue.ids[risk]),
        kind=str(catalogue.kinds[risk]),
        name=catalogue.name(risk),
        circuits_down=int(singles.circuits_down[number]),
        circuits_unprotected=int(singles.circuits_unprotected[number]),
        sites_down=int(singles.sites_down[number]),
        customers_down=int(singles.customers_down[number]),
        worst_tier=tier_name(int(singles.tier_rank[number])),
        equal=int(simulation.listing.class_size[number]) - 1,
    )


def _worst_pairs(simulation: Simulation, listing: Listing) -> tuple[PairCount, ...]:
    doubles, catalogue = simulation.doubles, simulation.catalogue
    if doubles is None:
        return ()
    pairs = []
    for i in range(min(len(doubles), simulation.options.top)):
        classes = np.array([doubles.first[i], doubles.second[i]])
        first, second = sorted(
            listing.first_of_class[classes].tolist(), key=lambda risk: str(catalogue.ids[risk])
        )
        pairs.append(
            PairCount(
                first_risk=str(catalogue.ids[first]),
                first_name=catalogue.name(first),
                second_risk=str(catalogue.ids[second]),
                second_name=catalogue.name(second),
                extra_circuits_down=int(doubles.extra_circuits_down[i]),
                circuits_down=int(doubles.circuits_down[i]),
                sites_down=int(doubles.sites_down[i]),
            )
        )
    return tuple(pairs)
