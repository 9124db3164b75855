"""Compare assessments: diverse groups lost, sites fallen, hazards new and gone, units, items."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.groups import group_changes
from netgraph.assessment.comparison.hazards import hazard_changes
from netgraph.assessment.comparison.items import item_changes
from netgraph.assessment.comparison.read import Run, check_comparable, read_run
from netgraph.assessment.comparison.sites import site_changes
from netgraph.assessment.comparison.units import series_points, unit_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.assessment.comparison.rows import (
        GroupChange,
        HazardChange,
        ItemChange,
        SeriesPoint,
        SiteChange,
        UnitChange,
    )


@dataclass(frozen=True)
class Comparison:
    """What changed from the old run to the new one; all rows worst first.

    Attributes
    ----------
    groups
        Groups that lost (first) or gained their proven diversity.
    sites
        Sites that changed; those that stay as they were are only counted.
    hazards
        New, gone and lasting ones.
    cities, customers
        Those that fall most first.
    whole
        All sites together.
    items
        Items of the scorecard, those whose share of passing sites fell most first.
    earlier
        Runs before the old one, the oldest first.
    """

    old: Run
    new: Run
    groups: tuple[GroupChange, ...] = field(repr=False)
    sites: tuple[SiteChange, ...] = field(repr=False)
    hazards: tuple[HazardChange, ...] = field(repr=False)
    cities: tuple[UnitChange, ...] = field(repr=False)
    customers: tuple[UnitChange, ...] = field(repr=False)
    whole: UnitChange = field(repr=False)
    items: tuple[ItemChange, ...] = field(repr=False)
    earlier: tuple[Run, ...] = ()

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """Snapshot dates, old and new."""
        return self.old.snapshot_date, self.new.snapshot_date

    @property
    def lost(self) -> tuple[GroupChange, ...]:
        """Groups that were proven diverse and are not any more."""
        return tuple(row for row in self.groups if row.change == "lost")

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs, the oldest first."""
        return (*self.earlier, self.old, self.new)

    @cached_property
    def series(self) -> tuple[SeriesPoint, ...]:
        """The whole, every city and every customer in every run."""
        return series_points(self.runs)

    @property
    def is_worse(self) -> bool:
        """A diverse group was lost, a site fell, or there is a new red hazard."""
        fell = any(row.change == "fell" for row in self.sites)
        red = any(row.change == "new" and row.severity_after == "red" for row in self.hazards)
        return bool(self.lost) or fell or red

    def summary(self) -> Mapping[str, object]:
        """Give the counts of summary.json."""
        before, after = self.dates
        return {
            "snapshot_before": before.isoformat() if before else None,
            "snapshot_after": after.isoformat() if after else None,
            "groups": _counted((row.change for row in self.groups), ("lost", "gained")),
            "sites": _counted(
                (row.change for row in self.sites),
                ("fell", "undecided", "rose", "decided", "new", "gone"),
            ),
            "hazards": {
                change: _counted(
                    (
                        row.severity_before if change == "gone" else row.severity_after
                        for row in self.hazards
                        if row.change == change
                    ),
                    ("red", "orange", "yellow", "blue", "info"),
                )
                for change in ("new", "gone", "lasting")
            },
            "before_ratio": self.whole.before_ratio,
            "after_ratio": self.whole.after_ratio,
            "cities_falling": [row.unit for row in self.cities if row.needs_attention],
            "customers_falling": [row.unit for row in self.customers if row.needs_attention],
            "series": [
                {"snapshot": point.snapshot_date or None, "ratio": point.ratio}
                for point in self.series
                if point.kind == "whole"
            ],
        }


def _counted(words: object, order: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(words)  # type: ignore[call-overload]
    return {word: counts[word] for word in order}


def compare_runs(
    old: Run | str | Path, new: Run | str | Path, *, earlier: Sequence[Run | str | Path] = ()
) -> Comparison:
    """Compare two outputs of `netgraph assess` of one network, and follow it through earlier ones.

    Hazards are the same if their ids are: those are made from the group (or site), the kind and
    the lasting points, and survive a span being split or a cable being renamed. Groups are
    compared circuit by circuit, so that a renamed group is not lost from sight.

    Parameters
    ----------
    old, new
        Folders, or what :func:`read_run` gave; the older one first.
    earlier
        Runs before these two, the oldest first.

    Returns
    -------
    Comparison
        Exact on the two tables; O(rows).

    Raises
    ------
    InputError
        If one is no output of an assessment, they have different scorecards or rules, an older
        one stands behind a younger one, or two that follow each other have no site in common.
    """
    runs = [run if isinstance(run, Run) else read_run(run) for run in (*earlier, old, new)]
    for before, after in pairwise(runs):
        check_comparable(before, after)
    *first, before, after = runs
    groups, sites = group_changes(before, after), site_changes(before, after)
    cities, customers, (whole,) = (
        unit_changes(before, after, sites, groups, kind) for kind in ("city", "customer", "whole")
    )
    return Comparison(
        before, after, groups, sites, hazard_changes(before, after), cities, customers, whole,
        item_changes(before, after), tuple(first),
    )  # fmt: skip
