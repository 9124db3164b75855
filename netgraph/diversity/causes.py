"""Causes: one place with all the hazards that it causes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazard_values import HAZARD_KINDS, NEARNESS, Cause, Hazard, tier_rank
from netgraph.diversity.hazards import hazard_columns, importance_ranks, known_minutes
from netgraph.diversity.levels import Severity
from netgraph.diversity.sharing.sums import sums_of_ranges
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.hazards import HazardColumns
    from netgraph.topology.csr import Ints

_SEVERITIES = tuple(Severity)
_IS_NEARNESS = np.array([kind in NEARNESS for kind in HAZARD_KINDS])


def gather_causes(
    audit: Audit,
    hazards: Sequence[Hazard],
    outage_minutes_year: NDArray[np.float64] | None = None,
) -> tuple[Cause, ...]:
    """Gather hazards by place, the one that hurts most first; outages as in find_hazards."""
    found = hazard_columns(hazards)
    if len(found.cause) == 0:
        return ()
    order = np.argsort(found.cause, kind="stable")
    ptr = np.searchsorted(found.cause[order], np.arange(len(found.cause_ids) + 1))
    first = order[ptr[:-1]]
    counts = _distinct(audit, found)
    rank_of = {tier: tier_rank(tier) for tier in set(found.tier)}
    rank = np.array([rank_of[tier] for tier in found.tier], dtype=np.int64)
    worst = np.lexsort((rank, found.cause))[ptr[:-1]]  # first of the highest tier
    severity = np.minimum.reduceat(found.severity[order], ptr[:-1])
    importance = np.minimum.reduceat(importance_ranks(audit)[found.site][order], ptr[:-1])
    minutes = known_minutes(audit, outage_minutes_year)[counts.unit]
    added = sums_of_ranges(minutes, counts.unit_ptr[:-1], counts.unit_ptr[1:])
    longest = np.maximum.reduceat(found.length_m[order], ptr[:-1])
    ranked = np.lexsort((
        np.array(found.cause_ids), -added, -counts.circuits, importance, rank[worst], severity,
        _IS_NEARNESS[found.kind[first]],
    ))  # fmt: skip
    head, worst = first[ranked], worst[ranked]
    columns = (
        found.from_place[head], found.to_place[head], longest[ranked], np.diff(ptr)[ranked],
        counts.circuits[ranked], counts.sites[ranked], counts.customers[ranked],
    )  # fmt: skip
    return tuple(
        map(
            Cause,
            [found.cause_ids[cause] for cause in ranked.tolist()],
            [HAZARD_KINDS[kind] for kind in found.kind[head].tolist()],
            *(column.tolist() for column in columns),
            [found.tier[at] for at in worst.tolist()],
            [_SEVERITIES[code] for code in severity[ranked].tolist()],
            found.lon[head].tolist(),
            found.lat[head].tolist(),
        )
    )


class _Counts(NamedTuple):
    """Distinct circuits, sites and customers of each cause, and its units in a row, ascending."""

    circuits: Ints
    sites: Ints
    customers: Ints
    unit_ptr: Ints
    unit: Ints


def _distinct(audit: Audit, found: HazardColumns) -> _Counts:
    n = len(found.cause_ids)
    circuit, owner = gather(audit.units.circuits, found.unit)
    number: dict[str, int] = {}
    customers = audit.network.circuits.customer.tolist()
    customer = np.array([number.setdefault(name, len(number)) for name in customers])
    of_circuit, circuit = _pairs(found.cause[owner], circuit)
    of_unit, unit = _pairs(found.cause, found.unit)
    return _Counts(
        np.bincount(of_circuit, minlength=n),
        np.bincount(_pairs(found.cause, found.site + 1)[0], minlength=n),
        np.bincount(_pairs(of_circuit, customer[circuit])[0], minlength=n),
        np.searchsorted(of_unit, np.arange(n + 1)),
        unit,
    )


def _pairs(one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """Distinct pairs of numbers, ascending."""
    width = int(other.max(initial=0)) + 1
    keys = np.sort(one * width + other)  # several times as fast as np.unique
    keys = keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]]
    return keys // width, keys % width
