"""Rows of a comparison; their fields are the columns of the written tables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GroupChange:
    """A group that was proven diverse and is not any more; or one that is now, and was not."""

    unit_id: str
    change: str
    site_id: str
    customer_id: str
    city: str
    tier: str
    circuits: str
    level_before: str
    level_after: str
    requires_diversity: bool
    elements: str
    reason: str
    rank: int


@dataclass(frozen=True)
class SiteChange:
    """A site that came, went, or whose level, grade or score is another."""

    site_id: str
    change: str
    customer_id: str
    name: str
    city: str
    county: str
    tier: str
    level_before: str
    level_after: str
    grade_before: str
    grade_after: str
    score_before: float | None
    score_after: float | None
    rank: int


@dataclass(frozen=True)
class HazardChange:
    """A hazard that is new, gone or lasting."""

    hazard_id: str
    change: str
    was_diverse: bool
    site_id: str
    group_id: str
    kind: str
    severity_before: str
    severity_after: str
    from_structure: str
    to_structure: str
    elements: str
    shared_length_before_m: float | None
    shared_length_after_m: float | None
    rank: int


@dataclass(frozen=True)
class UnitChange:
    """A city, a customer, or the whole: mean share of full marks, before and after.

    Means are over the sites that have a score in that run. `unit` is the name of the city or the
    id of the customer, empty for the whole.
    """

    unit: str
    sites_before: int
    sites_after: int
    before_ratio: float | None
    after_ratio: float | None
    diverse_before: int
    diverse_after: int
    sites_fallen: int
    sites_risen: int
    groups_lost: int
    needs_attention: bool

    @property
    def difference(self) -> float | None:
        """Difference of the means, in shares of full marks."""
        if self.before_ratio is None or self.after_ratio is None:
            return None
        return self.after_ratio - self.before_ratio


@dataclass(frozen=True)
class ItemChange:
    """An item of the scorecard: the share of the sites it applies to that pass it.

    What is unknown has not passed.
    """

    item_id: str
    sites_before: int
    sites_after: int
    before_ratio: float | None
    after_ratio: float | None


@dataclass(frozen=True)
class SeriesPoint:
    """One unit in one run of a series; `run` counts from 1, the oldest."""

    kind: str
    unit: str
    run: int
    snapshot_date: str
    sites: int
    ratio: float | None
    diverse: int
    single_route: int
    needs_attention: bool
