"""Hazards of the groups: what each shares at one place, worst first, kept as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazard_runs import (
    JudgedRuns,
    RunParts,
    Spots,
    find_spots,
    parts_of_runs,
    runs_of_pairs,
)
from netgraph.diversity.hazard_values import (
    HAZARD_KINDS,
    ID_BYTES,
    NEARNESS,
    PROXIMITY,
    REGION,
    TIER_RANK,
    Cause,
    Hazard,
    ParallelRun,
    stable_id,
    tier_rank,
)
from netgraph.diversity.levels import SEVERITY_RANK, Severity
from netgraph.diversity.sharing.runs import SharedRun
from netgraph.diversity.views import View
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.positions import SharedPositions
    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.verdict import Verdict
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

__all__ = [
    "PROXIMITY", "REGION", "TIER_RANK", "Cause", "Hazard", "HazardColumns", "Hazards",
    "ParallelRun", "find_hazards", "hazard_columns", "importance_ranks", "known_minutes",
    "severities_at", "stable_id",
]  # fmt: skip

_SEVERITY = {
    "single_route": Severity.RED, "link": Severity.RED, "cable": Severity.RED,
    "trench": Severity.ORANGE, "structure": Severity.YELLOW, "risk_group": Severity.YELLOW,
    "undecidable": Severity.BLUE,
}  # fmt: skip
_SEVERITIES = tuple(Severity)
_WORST = np.array([SEVERITY_RANK[_SEVERITY.get(kind, Severity.INFO)] for kind in HAZARD_KINDS])
_IS_NEARNESS = np.array([kind in NEARNESS for kind in HAZARD_KINDS])
_IMPORTANCE_RANK = {"province": 0, "city": 1, "county": 2, "branch": 3}


class HazardColumns(NamedTuple):
    """Hazards in columns.

    Attributes
    ----------
    hazard_id
        Ids.
    cause, cause_ids
        Position of each hazard's cause id, and the ids.
    unit, site, kind, severity
        Unit, place of the site (-1 unknown), position in HAZARD_KINDS, rank of the severity.
    tier
        Tiers.
    from_place, to_place, length_m, lon, lat
        Ends and lengths of the runs, and marks.
    runs
        The runs.
    """

    hazard_id: list[str]
    cause: Ints
    cause_ids: list[str]
    unit: Ints
    site: Ints
    kind: Ints
    severity: Ints
    tier: list[str]
    from_place: Ints
    to_place: Ints
    length_m: Floats
    lon: Floats
    lat: Floats
    runs: Sequence[SharedRun]


@dataclass(frozen=True, eq=False)
class Hazards(View[Hazard]):
    """Hazards, worst first; one becomes a value when it is asked for.

    Attributes
    ----------
    audit, tiers
        What was judged, and the tier of each place.
    found, spots
        Runs and where they lie.
    order
        Position in `found` of each hazard.
    names, severity
        Number behind the id, and rank of the severity, of each hazard.
    """

    audit: Audit
    tiers: Sequence[str]
    found: JudgedRuns
    spots: Spots
    order: NDArray[np.int32]
    names: Ints
    severity: NDArray[np.int8]
    _made: list[tuple[Hazard, ...]] = field(default_factory=list, init=False, repr=False)

    def __len__(self) -> int:
        """Count the hazards."""
        return len(self.order)

    def __iter__(self) -> Iterator[Hazard]:
        """Go through all of them, which are kept."""
        if not self._made:
            self._made.append(self[:])
        return iter(self._made[0])

    def __eq__(self, other: object) -> bool:
        """Whether the hazards are equal, one by one."""
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def _one(self, at: int) -> Hazard:
        return self._made[0][at] if self._made else self._hazard(at)

    def _hazard(self, i: int) -> Hazard:
        at, verdicts = int(self.order[i]), self.audit.verdicts
        unit, spot = int(self.found.unit[at]), int(self.spots.of_run[at])
        circuits = tuple(verdicts.circuits.row(unit).tolist())
        site = int(self.audit.network.circuits.a[circuits[0]])
        return Hazard(
            hazard_id=_ids(self.names[i : i + 1])[0],
            cause_id=self.spots.cause_id[spot],
            site=site,
            unit=unit,
            group_id=verdicts.names[unit],
            circuits=circuits,
            tier=self.tiers[site] if site >= 0 else "",
            severity=_SEVERITIES[self.severity[i]],
            run=self.found.runs[at],
            lon=float(self.spots.lon[spot]),
            lat=float(self.spots.lat[spot]),
            rank=i + 1,
        )

    def columns(self) -> HazardColumns:
        """Give them in columns."""
        at = self.order
        unit, spot = self.found.unit[at], self.spots.of_run[at]
        number: dict[str, int] = {}
        cause = np.array([number.setdefault(name, len(number)) for name in self.spots.cause_id])
        site = _sites(self.audit, unit)
        padded = [*self.tiers, ""]
        return HazardColumns(
            hazard_id=_ids(self.names),
            cause=cause[spot] if len(cause) else spot,
            cause_ids=list(number),
            unit=unit,
            site=site,
            kind=self.found.kind[at],
            severity=self.severity.astype(np.int64),
            tier=[padded[place] for place in site.tolist()],
            from_place=self.found.from_place[at],
            to_place=self.found.to_place[at],
            length_m=self.found.length_m[at],
            lon=self.spots.lon[spot],
            lat=self.spots.lat[spot],
            runs=_Taken(self.found.runs, at),
        )


@dataclass(frozen=True, eq=False)
class _Taken(View[SharedRun]):
    """Runs in the order of the hazards."""

    runs: Sequence[SharedRun]
    order: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.order)

    def _one(self, at: int) -> SharedRun:
        return self.runs[int(self.order[at])]


def severities_at(found: Sequence[Hazard]) -> tuple[Ints, Ints]:
    """Place of the site of each hazard (-1 unknown), and the rank of its severity."""
    if isinstance(found, Hazards):
        return _sites(found.audit, found.found.unit[found.order]), found.severity.astype(np.int64)
    return (
        _numbers(hazard.site for hazard in found),
        _numbers(SEVERITY_RANK[hazard.severity] for hazard in found),
    )


def run_parts(runs: Sequence[SharedRun]) -> RunParts:
    """Take the runs of hazards apart, in columns."""
    if isinstance(runs, _Taken):
        return parts_of_runs(runs.runs, runs.order.astype(np.int64))
    return parts_of_runs(runs, np.arange(len(runs)))


def hazard_columns(found: Sequence[Hazard]) -> HazardColumns:
    """Give hazards in columns, those of some units, too."""
    if isinstance(found, Hazards):
        return found.columns()
    number: dict[str, int] = {}
    code = {kind: code for code, kind in enumerate(HAZARD_KINDS)}
    cause = [number.setdefault(hazard.cause_id, len(number)) for hazard in found]
    runs = [hazard.run for hazard in found]
    return HazardColumns(
        hazard_id=[hazard.hazard_id for hazard in found],
        cause=_numbers(cause),
        cause_ids=list(number),
        unit=_numbers(hazard.unit for hazard in found),
        site=_numbers(hazard.site for hazard in found),
        kind=_numbers(code[run.kind] for run in runs),
        severity=_numbers(SEVERITY_RANK[hazard.severity] for hazard in found),
        tier=[hazard.tier for hazard in found],
        from_place=_numbers(run.from_place for run in runs),
        to_place=_numbers(run.to_place for run in runs),
        length_m=np.array([run.length_m for run in runs], dtype=np.float64),
        lon=np.array([hazard.lon for hazard in found], dtype=np.float64),
        lat=np.array([hazard.lat for hazard in found], dtype=np.float64),
        runs=runs,
    )


def _numbers(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def find_hazards(
    audit: Audit,
    positions: JudgedRuns | Iterable[tuple[Verdict, SharedPositions]],
    tiers: Sequence[str],
    outage_minutes_year: NDArray[np.float64] | None = None,
) -> Hazards:
    """List the hazards of the groups, worst first.

    Parameters
    ----------
    positions
        Each group's verdict and what it shares where; or their runs in columns.
    tiers
        Tier of each place (sites only), by place number.
    outage_minutes_year
        Expected outage of each unit, NaN for unknown: ranks hazards that are else alike, one whose
        outage nobody can tell before those that are known.
    """
    runs = positions if isinstance(positions, JudgedRuns) else runs_of_pairs(positions)
    spots = find_spots(runs, audit.network.places)
    site = _sites(audit, runs.unit)
    named = sorted(set(tiers) | {""})
    code = {tier: i for i, tier in enumerate(named)}
    tier = np.array([*map(code.__getitem__, tiers), code[""]])[site]
    is_asked = np.array([audit.rules.requires_diversity(name) for name in named])[tier]
    severity = np.where(is_asked, _WORST[runs.kind], SEVERITY_RANK[Severity.INFO])
    names = _names(audit, runs, spots, site)
    order = np.lexsort((
        names,
        -known_minutes(audit, outage_minutes_year)[runs.unit],
        -audit.verdicts.circuits.counts[runs.unit],
        importance_ranks(audit)[site],
        np.array([tier_rank(name) for name in named])[tier],
        severity,
        _IS_NEARNESS[runs.kind],
    ))  # fmt: skip
    return Hazards(
        audit, tiers, runs, spots, order.astype(np.int32), names[order],
        severity[order].astype(np.int8),
    )  # fmt: skip


def _sites(audit: Audit, unit: Ints) -> Ints:
    """Places of the sites of units, -1 where unknown."""
    table = audit.verdicts.circuits
    return audit.network.circuits.a[table.indices[table.indptr[unit]]]


def _names(audit: Audit, runs: JudgedRuns, spots: Spots, site: Ints) -> Ints:
    """Name hazards, by the numbers behind their ids.

    A place that a working route passes again is counted from A.
    """
    ids, groups = [*map(str, audit.network.places.ids.tolist()), ""], audit.verdicts.names
    units, first = np.unique(runs.unit, return_index=True)
    begin = {
        unit: f"{ids[place]}\x1f{groups[unit]}\x1f".encode()
        for unit, place in zip(units.tolist(), site[first].tolist(), strict=True)
    }
    told = spots.told
    # As stable_id, which joins words.
    digests = b"".join([
        blake2s(begin[unit] + told[spot], digest_size=ID_BYTES).digest()
        for unit, spot in zip(runs.unit.tolist(), spots.of_run.tolist(), strict=True)
    ])  # fmt: skip
    padded = np.zeros((len(runs), 8), dtype=np.uint8)
    padded[:, -ID_BYTES:] = np.frombuffer(digests, dtype=np.uint8).reshape(-1, ID_BYTES)
    numbers = padded.view(">i8")[:, 0].astype(np.int64)
    _, like, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    times: dict[int, int] = {}
    for at in np.flatnonzero(counts[like] > 1).tolist():
        number = int(numbers[at])
        again = times[number] = times.get(number, 0) + 1
        if again > 1:
            name = stable_id("H", *_ids(numbers[at : at + 1]), str(again))
            numbers[at] = int(name.removeprefix("H-"), 16)
    return numbers


def _ids(names: Ints) -> list[str]:
    """Write names as ids."""
    text, size = names.astype(">u8").tobytes().hex(), 2 * ID_BYTES
    return [f"H-{text[at : at + size]}" for at in range(16 - size, len(text), 16)]


def importance_ranks(audit: Audit) -> Ints:
    """Rank of the importance of each place, highest first; the last one is for no place (-1)."""
    places, table = audit.network.places, audit.network.inventory.table("sites")
    ranks = np.full(len(places) + 1, len(_IMPORTANCE_RANK))
    sites = np.flatnonzero(places.kind == SITE)
    names = table["importance"][places.rows[sites]].tolist()
    ranks[sites] = [_IMPORTANCE_RANK.get(name, len(_IMPORTANCE_RANK)) for name in names]
    return ranks


def known_minutes(audit: Audit, outage_minutes_year: NDArray[np.float64] | None) -> Floats:
    """Give the expected outage of each unit; infinite where it is unknown."""
    if outage_minutes_year is None:
        return np.full(len(audit.units), np.inf)
    return np.where(np.isnan(outage_minutes_year), np.inf, outage_minutes_year)
