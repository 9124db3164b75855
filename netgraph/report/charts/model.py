"""What the charts draw, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Fewer sites than this have no upper and lower fifth worth the name.
FEWEST_SITES = 5
_OUTER_SHARE = Fraction(1, 5)


@dataclass(frozen=True)
class UnitRatio:
    """Share of full marks that a unit (a city, a customer) reaches, and over how many sites."""

    name: str
    ratio: float
    sites: int


@dataclass(frozen=True)
class Profile:
    """Share of full marks by category of the scorecard, 0 to 1; categories without marks lack."""

    name: str
    ratios: Mapping[str, float]


@dataclass(frozen=True)
class RankedSite:
    """A site with its share of full marks as whole points: comparable across tiers, exactly."""

    site_id: str
    raw: int
    applicable: int
    grade: str

    @property
    def ratio(self) -> Fraction:
        """Points over the marks that apply."""
        return Fraction(self.raw, self.applicable)


@dataclass(frozen=True)
class ThreeGrid:
    """Sites in relative position, each part worst first: to improve, middle, good."""

    to_improve: Sequence[RankedSite]
    middle: Sequence[RankedSite]
    good: Sequence[RankedSite]


def split_three(sites: Iterable[RankedSite]) -> ThreeGrid | None:
    """Split sites 2:6:2 by their share of full marks.

    Returns
    -------
    ThreeGrid or None
        None of fewer than :data:`FEWEST_SITES` sites. The outer parts hold n / 5 sites each, a
        half rounded to the even number; of equal sites the smaller id counts as the better.

    >>> grid = split_three(RankedSite(f"S{i:03}", i % 90, 100, "") for i in range(389))
    >>> len(grid.to_improve), len(grid.middle), len(grid.good)
    (78, 233, 78)
    """
    ranked = sorted(sites, key=lambda site: (-site.ratio, site.site_id))[::-1]
    if len(ranked) < FEWEST_SITES:
        return None
    outer = round(len(ranked) * _OUTER_SHARE)
    return ThreeGrid(ranked[:outer], ranked[outer:-outer], ranked[-outer:])
