"""Where each site stands: its level, requirement, claim, score and rank."""

from __future__ import annotations

import math
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
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
    from collections.abc import Sequence

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
    bounds, circuits, at = members.indptr.tolist(), members.indices.tolist(), alive.tolist()
    table, rows = results.network.inventory.table("sites"), places.rows[alive]
    minutes, scores = results.availability_found.of_place(), results.scores.by_place
    columns: dict[str, list[Any]] = {
        "place": at,
        **{field: table[name][rows].tolist() for field, name in _COLUMNS.items()},
        **_judged(results, alive),
        "circuits": [tuple(circuits[bounds[place] : bounds[place + 1]]) for place in at],
        "outage_minutes_year": [minutes.get(place) for place in at],
        "score": [scores.get(place) for place in at],
    }
    columns["claim_agrees"] = list(map(_claim_agrees, columns["claimed_route"], columns["level"]))
    keys = list(map(_rank_key, *(columns[name] for name in _RANKED_BY)))
    order = sorted(range(len(keys)), key=keys.__getitem__)
    fields = [list(map(columns[name].__getitem__, order)) for name in _FIELDS]
    return list(map(SiteStanding, *fields, range(1, len(order) + 1)))


def circuits_without_site(results: Results, standings: Sequence[SiteStanding]) -> int:
    """Count the circuits whose A end is no site in service: they stand at none of these."""
    return len(results.network.circuits) - sum(len(s.circuits) for s in standings)


_FIELDS = tuple(field.name for field in dataclass_fields(SiteStanding) if field.name != "rank")
#: Columns of the table of sites that a standing repeats, by what they are called there.
_COLUMNS = {"site_id": "id"} | {
    name: name for name in ("customer_id", "name", "city", "county", "importance", "claimed_route")
}
_RANKED_BY = (
    "severity", "tier", "importance", "circuits", "outage_minutes_year", "level", "site_id",
)  # fmt: skip


def _rank_key(
    severity: Severity, tier: str, importance: str, circuits: tuple[int, ...],
    minutes: float | None, level: Level | None, site_id: str,
) -> tuple[int, int, int, int, float, int, str]:  # fmt: skip
    # Worst first: a site whose outages nobody can tell stands before those that are known.
    return (
        SEVERITY_RANK[severity] if circuits else len(SEVERITY_RANK),
        TIER_RANK.get(tier, 4),
        _IMPORTANCE_RANK.get(importance, 4),
        -len(circuits),
        -math.inf if minutes is None else -minutes,
        RANK[level] if level else len(RANK),
        site_id,
    )


def _judged(results: Results, places: Ints) -> dict[str, list[Any]]:
    """Gather what the verdicts on the groups of sites come to: columns, a site a row."""
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
    levels = [(*Level, None)[rank] for rank in worst_level[places].tolist()]
    asks = {tier: rules.requires_diversity(tier) for tier in set(tiers)}
    complete, met = is_complete[places].tolist(), _met(results, place, unit)[places].tolist()
    return {
        "tier": tiers,
        "level": levels,
        "is_complete": [
            whole if level else None for whole, level in zip(complete, levels, strict=True)
        ],
        "meets_requirement": [(False, True, None)[code] for code in met],
        "is_unconfirmed": is_unconfirmed[places].tolist(),
        "severity": [
            SEVERITY_OF_LEVEL[level] if level and asks[tier] else Severity.INFO
            for level, tier in zip(levels, tiers, strict=True)
        ],
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
