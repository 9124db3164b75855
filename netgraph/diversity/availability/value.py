"""Expected outages as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.availability.rates import Rates
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Outages:
    """Expected outages of circuits, groups or sites; arrays of shape (rows,), NaN for unknown.

    Attributes
    ----------
    minutes_year
        Minutes a year in which it is down.
    faults_month
        How often a month it goes down.
    shared_minutes_year
        The part of the minutes due to what takes it down alone, whatever is switched.
    target_minutes_year
        What the tier's target allows; NaN without a tier.
    is_bound
        The figures are upper bounds: there were too many routes to compute exactly.
    is_length_assumed
        Some length behind the figures is a stretched straight line.
    missing
        Row to the records that are missing for a figure.
    """

    minutes_year: Floats
    faults_month: Floats
    shared_minutes_year: Floats
    target_minutes_year: Floats
    is_bound: NDArray[np.bool_]
    is_length_assumed: NDArray[np.bool_]
    missing: Mapping[int, tuple[str, ...]]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.minutes_year)

    def meets_target(self, row: int) -> bool | None:
        """Whether a row keeps its target; None without a figure or a target."""
        minutes, target = self.minutes_year[row], self.target_minutes_year[row]
        if np.isnan(minutes) or np.isnan(target):
            return None
        return bool(minutes <= target)


@dataclass(frozen=True, eq=False)
class Availability:
    """Expected outages of everything that is judged.

    All figures are modelled: components are taken to fail independently of each other.

    Attributes
    ----------
    rates
        What they were computed from.
    units
        One row a unit (:class:`netgraph.diversity.audit.units.JudgedUnits`): circuits, then groups.
        A group is down when all of its circuits are.
    sites, site_places
        One row a site with circuits, and its place. A site is down when one of its groups is.
    switching
        How each circuit gets to its protect route: a position in
        :data:`netgraph.diversity.availability.structure.SWITCHING_NAMES`; shape (circuits,).
    """

    rates: Rates
    units: Outages
    sites: Outages
    site_places: Ints
    switching: NDArray[np.int8]

    def of_place(self) -> dict[int, float]:
        """Give the outage minutes a year by place number of the site, where they are known."""
        minutes = zip(self.site_places.tolist(), self.sites.minutes_year.tolist(), strict=True)
        return {place: value for place, value in minutes if value == value}  # noqa: PLR0124 - NaN is not
