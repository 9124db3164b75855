"""Where each site stands: its level, requirement, claim, score and rank."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import (
    PASSING,
    RANK,
    SEVERITY_OF_LEVEL,
    SEVERITY_RANK,
    Level,
    Severity,
    worst,
)
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.scoring import SiteScore

_IMPORTANCE_RANK = {"province": 0, "city": 1, "county": 2, "branch": 3}


@dataclass(frozen=True)
class SiteStanding:
    """One site, with everything that the tables say of it."""

    place: int
    site_id: str
    customer_id: str
    name: str
    city: str
    county: str
    importance: str
    tier: str
    circuits: tuple[int, ...]
    level: Level | None
    is_complete: bool | None
    meets_requirement: bool | None
    claimed_route: str
    claim_agrees: bool | None
    is_unconfirmed: bool
    severity: Severity
    outage_minutes_year: float | None
    score: SiteScore | None
    rank: int = 0

    @property
    def grades(self) -> str:
        """The grade, or "worse~better" where missing records leave it open; "" without one."""
        score = self.score
        if score is None or not score.grade:
            return ""
        return f"{score.grade}~{score.grade_best}" if score.is_provisional else score.grade


def site_standings(results: Results) -> list[SiteStanding]:
    """Standings of all sites in service, worst first (rank 1)."""
    network = results.network
    places, circuits = network.places, network.circuits
    members: dict[int, list[int]] = {}
    for circuit, place in enumerate(circuits.a.tolist()):
        members.setdefault(place, []).append(circuit)
    alive = np.flatnonzero((places.kind == SITE) & places.is_in_service)
    minutes = results.availability_found.of_place()
    found = [
        _standing(results, place, tuple(members.get(place, ())), minutes.get(place))
        for place in alive.tolist()
    ]
    found.sort(key=_rank_key)
    return [replace(standing, rank=i) for i, standing in enumerate(found, start=1)]


def _rank_key(standing: SiteStanding) -> tuple[int, int, int, int, float, int, str]:
    # Worst first: a site whose outages nobody can tell stands before those that are known.
    minutes = standing.outage_minutes_year
    return (
        SEVERITY_RANK[standing.severity] if standing.circuits else len(SEVERITY_RANK),
        TIER_RANK.get(standing.tier, 4),
        _IMPORTANCE_RANK.get(standing.importance, 4),
        -len(standing.circuits),
        -math.inf if minutes is None else -minutes,
        RANK[standing.level] if standing.level else len(RANK),
        standing.site_id,
    )


def _standing(
    results: Results, place: int, members: tuple[int, ...], minutes_year: float | None
) -> SiteStanding:
    table, row = results.network.inventory.table("sites"), results.network.places.rows[place]
    tier = results.tiers[place]
    groups = [results.audit.of_group(c) for c in members]
    level = worst(group.level for group in groups)
    claimed = table["claimed_route"][row]
    rules = results.options.rules
    severity = Severity.INFO
    if level is not None and rules.requires_diversity(tier):
        severity = SEVERITY_OF_LEVEL[level]
    return SiteStanding(
        place=place,
        site_id=str(table["id"][row]),
        customer_id=table["customer_id"][row],
        name=table["name"][row],
        city=table["city"][row],
        county=table["county"][row],
        importance=table["importance"][row],
        tier=tier,
        circuits=members,
        level=level,
        is_complete=all(g.is_complete for g in groups) if groups else None,
        meets_requirement=rules.meet(groups, tier),
        claimed_route=claimed,
        claim_agrees=_claim_agrees(claimed, level),
        is_unconfirmed=any(g.is_unconfirmed for g in groups),
        severity=severity,
        outage_minutes_year=minutes_year,
        score=results.scores.by_place.get(place),
    )


#: Levels at which a second route gives nothing: the ledger may well call that single.
_AS_GOOD_AS_SINGLE = frozenset({Level.SINGLE_ROUTE, Level.SAME_LINK, Level.SAME_CABLE})


def _claim_agrees(claimed: str, level: Level | None) -> bool | None:
    """Whether the ledger's claim and the records of the plant say the same."""
    if not claimed or level is None or level is Level.UNDECIDABLE:
        return None
    return level in (_AS_GOOD_AS_SINGLE if claimed == "single" else PASSING)
