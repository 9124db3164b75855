"""Hazards and causes as values: what one group shares at one place, and one place with them all."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.diversity.sharing.runs import RUN_KINDS, SharedRun

if TYPE_CHECKING:
    from netgraph.diversity.levels import Severity

#: Rank of the tiers, highest first, for sorting; an unknown tier comes last.
TIER_RANK = {"diamond": 0, "gold": 1, "silver": 2, "standard": 3}
#: Kind of a hazard of routes that share nothing, and yet run side by side; ranks after all others.
PROXIMITY = "proximity"
#: The same of routes that one disk of the radius asked for can hit.
REGION = "region"
NEARNESS = (PROXIMITY, REGION)

#: Bytes of the hash in an id.
ID_BYTES = 5
#: Kinds of run that a hazard may have, in the order of their codes.
HAZARD_KINDS = (*RUN_KINDS, *NEARNESS)


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


def stable_id(prefix: str, *parts: str) -> str:
    """Short id that depends on its parts only (BLAKE2, 40 bits).

    >>> stable_id("H", "G1", "trench", "M1", "M2") == stable_id("H", "G1", "trench", "M1", "M2")
    True
    """
    digest = hashlib.blake2s("\x1f".join(parts).encode("utf-8"), digest_size=ID_BYTES).hexdigest()
    return f"{prefix}-{digest}"


def tier_rank(tier: str) -> int:
    """Rank of a tier, highest first; an unknown one comes last."""
    return TIER_RANK.get(tier, len(TIER_RANK))
