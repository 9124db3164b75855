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
)
from netgraph.topology.csr import csr_of_pairs
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.assessment.results import Results
    from netgraph.scoring import SiteScore
    from netgraph.topology.csr import Ints

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
    places = results.network.places
    alive = np.flatnonzero((places.kind == SITE) & places.is_in_service)
    known = np.flatnonzero(results.network.circuits.a >= 0)
    members = csr_of_pairs(results.network.circuits.a[known], known, len(places))
    bounds, circuits = members.indptr.tolist(), members.indices.tolist()
    table, rows = results.network.inventory.table("sites"), places.rows[alive]
    told = (table[name][rows].tolist() for name in _COLUMNS)
    minutes, scores = results.availability_found.of_place(), results.scores.by_place
    judged = _judged(results, alive)
    found = []
    for place, columns, verdict in zip(
        alive.tolist(), zip(*told, strict=True), judged, strict=True
    ):
        fields = dict(zip(_FIELDS, columns, strict=True)) | verdict
        found.append(fields | {
            "place": place, "circuits": tuple(circuits[bounds[place] : bounds[place + 1]]),
            "outage_minutes_year": minutes.get(place), "score": scores.get(place),
            "claim_agrees": _claim_agrees(fields["claimed_route"], fields["level"]),
        })  # fmt: skip
    found.sort(key=_rank_key)
    return [SiteStanding(**fields, rank=rank) for rank, fields in enumerate(found, start=1)]


def circuits_without_site(results: Results, standings: Sequence[SiteStanding]) -> int:
    """Count the circuits whose A end is no site in service: they stand at none of these."""
    return len(results.network.circuits) - sum(len(s.circuits) for s in standings)


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


def _judged(results: Results, places: Ints) -> Iterator[dict[str, Any]]:
    """Gather what the verdicts on the groups of sites come to, site by site."""
    verdicts, rules, a = results.audit.verdicts, results.options.rules, results.network.circuits.a
    known = np.flatnonzero(a >= 0)
    place, unit = a[known], results.audit.units.group_of_circuit[known]
    tiers = [results.tiers[at] for at in places.tolist()]
    worst_level = np.full(len(results.network.places), len(RANK))
    np.minimum.at(worst_level, place, verdicts.level[unit])
    is_complete = np.ones(len(worst_level), dtype=bool)
    is_complete[place[~verdicts.is_complete[unit]]] = False
    is_unconfirmed = np.zeros(len(worst_level), dtype=bool)
    is_unconfirmed[place[verdicts.is_unconfirmed[unit]]] = True
    is_met = _met(results, place, unit)
    levels = (*Level, None)
    columns = (
        values[places].tolist() for values in (worst_level, is_complete, is_unconfirmed, is_met)
    )
    for tier, rank, complete, unconfirmed, met in zip(tiers, *columns, strict=True):
        level = levels[rank]
        asked = level is not None and rules.requires_diversity(tier)
        yield {
            "tier": tier,
            "level": level,
            "is_complete": complete if level else None,
            "meets_requirement": (False, True, None)[met],
            "is_unconfirmed": unconfirmed,
            "severity": SEVERITY_OF_LEVEL[level] if asked else Severity.INFO,
        }


def _met(results: Results, place: Ints, unit: Ints) -> NDArray[np.int8]:
    """Tell of each place whether its groups meet what its tier asks for; -1 for not decided.

    Parameters
    ----------
    place, unit
        Places with a group, and the group; shape (pairs,).
    """
    rules, verdicts = results.options.rules, results.audit.verdicts
    code = {False: 0, True: 1, None: -1}
    tiers = sorted(set(results.tiers))
    table = np.array(
        [
            [
                [code[rules.meets(level, tier, is_complete=whole)] for whole in (False, True)]
                for level in Level
            ]
            for tier in tiers
        ],
        dtype=np.int8,
    )
    tier = np.array([tiers.index(results.tiers[at]) for at in place.tolist()], dtype=np.int64)
    met = table[tier, verdicts.level[unit], verdicts.is_complete[unit].astype(np.int64)]
    found = np.full(len(results.tiers), -1, dtype=np.int8)
    found[place] = 1
    for value in (-1, 0):  # one that fails counts more than one that is not decided
        found[place[met == value]] = value
    return found


#: Levels at which a second route gives nothing: the ledger may well call that single.
_AS_GOOD_AS_SINGLE = frozenset({Level.SINGLE_ROUTE, Level.SAME_LINK, Level.SAME_CABLE})


def _claim_agrees(claimed: str, level: Level | None) -> bool | None:
    """Whether the ledger's claim and the records of the plant say the same."""
    if not claimed or level is None or level is Level.UNDECIDABLE:
        return None
    return level in (_AS_GOOD_AS_SINGLE if claimed == "single" else PASSING)
