"""Where each site stands: its level, requirement, claim, score and rank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
    from collections.abc import Iterable

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
    places, units = results.network.places, results.audit.units
    members: dict[int, list[int]] = {}
    for circuit, place in enumerate(results.network.circuits.a.tolist()):
        members.setdefault(place, []).append(circuit)
    alive = np.flatnonzero((places.kind == SITE) & places.is_in_service).tolist()
    table, rows = results.network.inventory.table("sites"), places.rows[alive]
    told = (table[name][rows].tolist() for name in _COLUMNS)
    minutes = results.availability_found.of_place()
    group_of = units.group_of_circuit.tolist()
    found = []
    for place, *columns in zip(alive, *told, strict=True):
        circuits = tuple(members.get(place, ()))
        judged = _judged(results, place, dict.fromkeys(group_of[c] for c in circuits))
        fields = dict(zip(_FIELDS, columns, strict=True)) | judged
        found.append(fields | {
            "place": place, "circuits": circuits, "outage_minutes_year": minutes.get(place),
            "claim_agrees": _claim_agrees(fields["claimed_route"], fields["level"]),
        })  # fmt: skip
    found.sort(key=_rank_key)
    return [SiteStanding(**fields, rank=rank) for rank, fields in enumerate(found, start=1)]


#: Columns of the table of sites that a standing repeats, and what they are called there.
_FIELDS = ("site_id", "customer_id", "name", "city", "county", "importance", "claimed_route")
_COLUMNS = ("id", *_FIELDS[1:])


def _rank_key(fields: dict[str, Any]) -> tuple[int, int, int, int, float, int, str]:
    # Worst first: a site whose outages nobody can tell stands before those that are known.
    minutes, level = fields["outage_minutes_year"], fields["level"]
    return (
        SEVERITY_RANK[fields["severity"]] if fields["circuits"] else len(SEVERITY_RANK),
        TIER_RANK.get(fields["tier"], 4),
        _IMPORTANCE_RANK.get(fields["importance"], 4),
        -len(fields["circuits"]),
        -math.inf if minutes is None else -minutes,
        RANK[level] if level else len(RANK),
        fields["site_id"],
    )


def _judged(results: Results, place: int, groups: Iterable[int]) -> dict[str, Any]:
    """Gather what the verdicts on the groups of a site come to."""
    tier, rules = results.tiers[place], results.options.rules
    verdicts = [results.audit.verdicts[unit] for unit in groups]
    level = worst(verdict.level for verdict in verdicts)
    severity = Severity.INFO
    if level is not None and rules.requires_diversity(tier):
        severity = SEVERITY_OF_LEVEL[level]
    return {
        "tier": tier,
        "level": level,
        "is_complete": all(verdict.is_complete for verdict in verdicts) if verdicts else None,
        "meets_requirement": rules.meet(verdicts, tier),
        "is_unconfirmed": any(verdict.is_unconfirmed for verdict in verdicts),
        "severity": severity,
        "score": results.scores.by_place.get(place),
    }


#: Levels at which a second route gives nothing: the ledger may well call that single.
_AS_GOOD_AS_SINGLE = frozenset({Level.SINGLE_ROUTE, Level.SAME_LINK, Level.SAME_CABLE})


def _claim_agrees(claimed: str, level: Level | None) -> bool | None:
    """Whether the ledger's claim and the records of the plant say the same."""
    if not claimed or level is None or level is Level.UNDECIDABLE:
        return None
    return level in (_AS_GOOD_AS_SINGLE if claimed == "single" else PASSING)
