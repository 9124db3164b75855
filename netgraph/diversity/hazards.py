"""Hazards (what one group shares at one place) and causes (one place with all its hazards)."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.levels import SEVERITY_RANK, Severity
from netgraph.diversity.sharing.runs import SharedRun
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.audit.positions import SharedPositions
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict

_SEVERITY = {
    "single_route": Severity.RED, "link": Severity.RED, "cable": Severity.RED,
    "trench": Severity.ORANGE, "structure": Severity.YELLOW, "risk_group": Severity.YELLOW,
    "undecidable": Severity.BLUE,
}  # fmt: skip

#: Rank of the tiers, highest first, for sorting; an unknown tier comes last.
TIER_RANK = {"diamond": 0, "gold": 1, "silver": 2, "standard": 3}
#: Kind of a hazard of routes that share nothing, and yet run side by side; ranks after all others.
PROXIMITY = "proximity"
#: The same of routes that one disk of the radius asked for can hit.
REGION = "region"
_NEARNESS = (PROXIMITY, REGION)

_IMPORTANCE_RANK = {"province": 0, "city": 1, "county": 2, "branch": 3}


@dataclass(frozen=True)
class ParallelRun(SharedRun):
    """A stretch of the working route that runs beside the other route, and where its middle is.

    Nothing is shared there but the neighbourhood: the kind is ``proximity`` (or ``region``), the
    elements are the spans of the working route.
    """

    lon: float
    lat: float


@dataclass(frozen=True)
class Hazard:
    """One contiguous shared run, or one shared point, of one group.

    The id is a hash of the group and its site, the kind, and the first and last lasting point, so
    that it survives a span being split or a cable being renamed.
    """

    hazard_id: str
    cause_id: str
    site: int
    unit: int
    group_id: str
    circuits: tuple[int, ...]
    tier: str
    severity: Severity
    run: SharedRun
    lon: float
    lat: float
    rank: int = 0


@dataclass(frozen=True)
class Cause:
    """One place with all the hazards that it causes."""

    cause_id: str
    kind: str
    from_place: int
    to_place: int
    length_m: float
    hazards: int
    circuits: int
    sites: int
    customers: int
    worst_tier: str
    severity: Severity
    lon: float
    lat: float


def find_hazards(
    audit: Audit,
    positions: Iterable[tuple[Verdict, SharedPositions]],
    tiers: Sequence[str],
    outage_minutes_year: NDArray[np.float64] | None = None,
) -> tuple[Hazard, ...]:
    """List the hazards of the groups, worst first.

    Parameters
    ----------
    positions
        Each group's verdict and what it shares where.
    tiers
        Tier of each place (sites only), by place number.
    outage_minutes_year
        Expected outage of each unit, NaN for unknown: ranks hazards that are else alike, one whose
        outage nobody can tell before those that are known.
    """
    found = _told_apart(
        _hazard(audit, verdict, run, tiers)
        for verdict, located in positions
        for run in located.runs
    )
    importance_of = _importance_ranks(audit)
    minutes_of = [_minutes(outage_minutes_year, {u}) for u in range(len(audit.units))]

    def key(hazard: Hazard) -> tuple[bool, int, int, int, int, float, str]:
        return (
            hazard.run.kind in _NEARNESS, SEVERITY_RANK[hazard.severity],
            TIER_RANK.get(hazard.tier, 4), importance_of[hazard.site], -len(hazard.circuits),
            -minutes_of[hazard.unit], hazard.hazard_id,
        )  # fmt: skip

    return tuple(replace(h, rank=i) for i, h in enumerate(sorted(found, key=key), start=1))


def gather_causes(
    audit: Audit,
    hazards: Iterable[Hazard],
    outage_minutes_year: NDArray[np.float64] | None = None,
) -> tuple[Cause, ...]:
    """Gather hazards by place, the one that hurts most first; outages as in find_hazards."""
    by_cause: dict[str, list[Hazard]] = {}
    for hazard in hazards:
        by_cause.setdefault(hazard.cause_id, []).append(hazard)
    importance_of = _importance_ranks(audit)

    def key(cause: Cause) -> tuple[bool, int, int, int, int, float, str]:
        members = by_cause[cause.cause_id]
        return (
            cause.kind in _NEARNESS, SEVERITY_RANK[cause.severity],
            TIER_RANK.get(cause.worst_tier, 4), min(importance_of[h.site] for h in members),
            -cause.circuits, -_minutes(outage_minutes_year, {h.unit for h in members}),
            cause.cause_id,
        )  # fmt: skip

    causes = (_cause(audit, cause_id, members) for cause_id, members in by_cause.items())
    return tuple(sorted(causes, key=key))


def _importance_ranks(audit: Audit) -> list[int]:
    """Rank of the importance of each place, highest first; the last one is for no place (-1)."""
    places, table = audit.network.places, audit.network.inventory.table("sites")
    ranks = np.full(len(places) + 1, len(_IMPORTANCE_RANK))
    sites = np.flatnonzero(places.kind == SITE)
    names = table["importance"][places.rows[sites]].tolist()
    ranks[sites] = [_IMPORTANCE_RANK.get(name, len(_IMPORTANCE_RANK)) for name in names]
    return ranks.tolist()


def _minutes(outage_minutes_year: NDArray[np.float64] | None, units: set[int]) -> float:
    """Add up the expected outages of some units; infinite if any of them is unknown."""
    if outage_minutes_year is None:
        return np.inf
    total = float(outage_minutes_year[sorted(units)].sum())
    return np.inf if np.isnan(total) else total


def stable_id(prefix: str, *parts: str) -> str:
    """Short id that depends on its parts only (BLAKE2, 40 bits).

    >>> stable_id("H", "G1", "trench", "M1", "M2") == stable_id("H", "G1", "trench", "M1", "M2")
    True
    """
    digest = hashlib.blake2s("\x1f".join(parts).encode("utf-8"), digest_size=5).hexdigest()
    return f"{prefix}-{digest}"


def _hazard(audit: Audit, verdict: Verdict, run: SharedRun, tiers: Sequence[str]) -> Hazard:
    site = int(audit.network.circuits.a[verdict.circuits[0]])
    tier = tiers[site] if site >= 0 else ""
    ends = (_id(audit, run.from_place), _id(audit, run.to_place))
    # A point without a lasting place, or a missing record, is told apart by its own name.
    extra = run.elements if run.from_place == run.to_place or run.kind == "risk_group" else ()
    severity = _SEVERITY.get(run.kind, Severity.INFO)
    if not audit.rules.requires_diversity(tier):
        severity = Severity.INFO
    lon, lat = _middle(audit, run)
    return Hazard(
        hazard_id=stable_id("H", _id(audit, site), verdict.name, run.kind, *ends, *extra),
        cause_id=stable_id("C", run.kind, *sorted(ends), *extra),
        site=site,
        unit=verdict.unit,
        group_id=verdict.name,
        circuits=verdict.circuits,
        tier=tier,
        severity=severity,
        run=run,
        lon=lon,
        lat=lat,
    )


def _told_apart(hazards: Iterable[Hazard]) -> list[Hazard]:
    """Give a place that a working route passes again an id of its own, counted from A."""
    times: Counter[str] = Counter()
    found = []
    for hazard in hazards:
        name = hazard.hazard_id
        times[name] += 1
        again = times[name] > 1
        found.append(
            replace(hazard, hazard_id=stable_id("H", name, str(times[name]))) if again else hazard
        )
    return found


def _cause(audit: Audit, cause_id: str, members: list[Hazard]) -> Cause:
    first = members[0]
    circuits = {c for h in members for c in h.circuits}
    customers = {audit.network.circuits.customer[c] for c in circuits}
    return Cause(
        cause_id=cause_id,
        kind=first.run.kind,
        from_place=first.run.from_place,
        to_place=first.run.to_place,
        length_m=max(h.run.length_m for h in members),
        hazards=len(members),
        circuits=len(circuits),
        sites=len({h.site for h in members}),
        customers=len(customers),
        worst_tier=min((h.tier for h in members), key=lambda t: TIER_RANK.get(t, 4)),
        severity=min((h.severity for h in members), key=SEVERITY_RANK.__getitem__),
        lon=first.lon,
        lat=first.lat,
    )


def _id(audit: Audit, place: int) -> str:
    return str(audit.network.places.ids[place]) if place >= 0 else ""


def _middle(audit: Audit, run: SharedRun) -> tuple[float, float]:
    """Where to put the mark: the middle of the two ends, or the site for a whole route."""
    if isinstance(run, ParallelRun):
        return run.lon, run.lat
    places = audit.network.places
    ends = [p for p in (run.from_place, run.to_place) if p >= 0]
    if run.kind in {"single_route", "undecidable", "radio_backup"}:
        ends = ends[:1]
    if not ends:
        return float("nan"), float("nan")
    lon, lat = (sum(float(values[p]) for p in ends) for values in (places.lon, places.lat))
    return lon / len(ends), lat / len(ends)
