"""Hazards (what one group shares at one place) and causes (one place with all its hazards)."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

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


@dataclass(frozen=True, slots=True)
class ParallelRun(SharedRun):
    """A stretch of the working route that runs beside the other route, and where its middle is.

    Nothing is shared there but the neighbourhood: the kind is ``proximity`` (or ``region``), the
    elements are the spans of the working route.
    """

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
    importance_of, minutes_of = _importance_ranks(audit), _minutes_of(audit, outage_minutes_year)
    namer, told = _Namer(audit), []
    for verdict, located in positions:
        site = int(audit.network.circuits.a[verdict.circuits[0]])
        tier = tiers[site] if site >= 0 else ""
        is_asked = audit.rules.requires_diversity(tier)
        weight = (
            _tier_rank(tier), importance_of[site], -len(verdict.circuits),
            -minutes_of[verdict.unit],
        )  # fmt: skip
        for run in located.runs:
            severity = _SEVERITY.get(run.kind, Severity.INFO) if is_asked else Severity.INFO
            spot = namer.spot(run)
            name = namer.name(site, verdict.name, run.kind, spot)
            key = (run.kind in _NEARNESS, SEVERITY_RANK[severity], *weight, name)
            told.append((key, verdict, site, tier, severity, run, spot))
    told.sort(key=itemgetter(0))
    return tuple([
        Hazard(
            hazard_id=key[-1],
            cause_id=spot.cause_id,
            site=site,
            unit=verdict.unit,
            group_id=verdict.name,
            circuits=verdict.circuits,
            tier=tier,
            severity=severity,
            run=run,
            lon=spot.lon,
            lat=spot.lat,
            rank=rank,
        )
        for rank, (key, verdict, site, tier, severity, run, spot) in enumerate(told, start=1)
    ])  # fmt: skip


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
    minutes_of = np.array(_minutes_of(audit, outage_minutes_year))
    customer = audit.network.circuits.customer.tolist()

    def key(cause: Cause) -> tuple[bool, int, int, int, int, float, str]:
        members = by_cause[cause.cause_id]
        return (
            cause.kind in _NEARNESS, SEVERITY_RANK[cause.severity],
            _tier_rank(cause.worst_tier), min([importance_of[h.site] for h in members]),
            -cause.circuits, -_added(minutes_of, {h.unit for h in members}), cause.cause_id,
        )  # fmt: skip

    causes = (_cause(cause_id, members, customer) for cause_id, members in by_cause.items())
    return tuple(sorted(causes, key=key))


def _importance_ranks(audit: Audit) -> list[int]:
    """Rank of the importance of each place, highest first; the last one is for no place (-1)."""
    places, table = audit.network.places, audit.network.inventory.table("sites")
    ranks = np.full(len(places) + 1, len(_IMPORTANCE_RANK))
    sites = np.flatnonzero(places.kind == SITE)
    names = table["importance"][places.rows[sites]].tolist()
    ranks[sites] = [_IMPORTANCE_RANK.get(name, len(_IMPORTANCE_RANK)) for name in names]
    return ranks.tolist()


def _minutes_of(audit: Audit, outage_minutes_year: NDArray[np.float64] | None) -> list[float]:
    """Give the expected outage of each unit; infinite where it is unknown."""
    if outage_minutes_year is None:
        return [np.inf] * len(audit.units)
    return np.where(np.isnan(outage_minutes_year), np.inf, outage_minutes_year).tolist()


def _added(minutes_of: NDArray[np.float64], units: set[int]) -> float:
    """Add up the expected outages of some units; infinite if any of them is unknown."""
    return float(minutes_of[sorted(units)].sum())


def stable_id(prefix: str, *parts: str) -> str:
    """Short id that depends on its parts only (BLAKE2, 40 bits).

    >>> stable_id("H", "G1", "trench", "M1", "M2") == stable_id("H", "G1", "trench", "M1", "M2")
    True
    """
    digest = hashlib.blake2s("\x1f".join(parts).encode("utf-8"), digest_size=5).hexdigest()
    return f"{prefix}-{digest}"


class _Spot(NamedTuple):
    """Where a run lies: what it is named by, its cause, and where to put the mark."""

    names: tuple[str, ...]
    cause_id: str
    lon: float
    lat: float


class _Namer:
    """Names hazards and causes; many runs lie at one place."""

    def __init__(self, audit: Audit) -> None:
        places = audit.network.places
        self._ids = [*map(str, places.ids.tolist()), ""]  # the last one is for no place
        self._lon, self._lat = places.lon.tolist(), places.lat.tolist()
        self._spots: dict[tuple[object, ...], _Spot] = {}
        self._times: Counter[str] = Counter()

    def spot(self, run: SharedRun) -> _Spot:
        """Find where a run lies."""
        # A point without a lasting place, or a missing record, is told apart by its own name.
        is_bare = run.from_place == run.to_place or run.kind == "risk_group"
        extra = run.elements if is_bare else ()
        at = (run.lon, run.lat) if isinstance(run, ParallelRun) else None
        key = (run.kind, run.from_place, run.to_place, extra, at)
        spot = self._spots.get(key)
        if spot is None:
            ends = (self._ids[run.from_place], self._ids[run.to_place])
            cause_id = stable_id("C", run.kind, *sorted(ends), *extra)
            spot = _Spot((*ends, *extra), cause_id, *(at or self._middle(run)))
            self._spots[key] = spot
        return spot

    def name(self, site: int, group: str, kind: str, spot: _Spot) -> str:
        """Name a hazard; a place that a working route passes again is counted from A."""
        name = stable_id("H", self._ids[site], group, kind, *spot.names)
        self._times[name] += 1
        times = self._times[name]
        return name if times == 1 else stable_id("H", name, str(times))

    def _middle(self, run: SharedRun) -> tuple[float, float]:
        """Where to put the mark: the middle of the two ends, or the site for a whole route."""
        ends = [p for p in (run.from_place, run.to_place) if p >= 0]
        if run.kind in {"single_route", "undecidable", "radio_backup"}:
            ends = ends[:1]
        if not ends:
            return float("nan"), float("nan")
        lon, lat = (sum(values[p] for p in ends) for values in (self._lon, self._lat))
        return lon / len(ends), lat / len(ends)


def _cause(cause_id: str, members: list[Hazard], customer: list[str]) -> Cause:
    first = members[0]
    circuits = {c for h in members for c in h.circuits}
    return Cause(
        cause_id=cause_id,
        kind=first.run.kind,
        from_place=first.run.from_place,
        to_place=first.run.to_place,
        length_m=max([h.run.length_m for h in members]),
        hazards=len(members),
        circuits=len(circuits),
        sites=len({h.site for h in members}),
        customers=len({customer[c] for c in circuits}),
        worst_tier=min([h.tier for h in members], key=_tier_rank),
        severity=min([h.severity for h in members], key=SEVERITY_RANK.__getitem__),
        lon=first.lon,
        lat=first.lat,
    )


def _tier_rank(tier: str) -> int:
    return TIER_RANK.get(tier, len(TIER_RANK))
