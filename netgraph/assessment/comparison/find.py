"""Compare two assessments: diverse groups lost, sites fallen, hazards new and gone, cities."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.groups import group_changes
from netgraph.assessment.comparison.hazards import hazard_changes
from netgraph.assessment.comparison.read import Run, check_comparable, read_run
from netgraph.assessment.comparison.sites import site_changes
from netgraph.assessment.comparison.units import unit_changes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from netgraph.assessment.comparison.rows import (
        GroupChange,
        HazardChange,
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
    units
        Cities, those that fall most first; then the whole (an empty name).
    """

    old: Run
    new: Run
    groups: tuple[GroupChange, ...] = field(repr=False)
    sites: tuple[SiteChange, ...] = field(repr=False)
    hazards: tuple[HazardChange, ...] = field(repr=False)
    units: tuple[UnitChange, ...] = field(repr=False)

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """Snapshot dates, old and new."""
        return self.old.snapshot_date, self.new.snapshot_date

    @property
    def lost(self) -> tuple[GroupChange, ...]:
        """Groups that were proven diverse and are not any more."""
        return tuple(row for row in self.groups if row.change == "lost")

    @property
    def whole(self) -> UnitChange:
        """All sites together."""
        return self.units[-1]

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
            "cities_falling": [row.city for row in self.units[:-1] if row.needs_attention],
        }


def _counted(words: object, order: tuple[str, ...]) -> dict[str, int]:
    counts = Counter(words)  # type: ignore[call-overload]
    return {word: counts[word] for word in order}


def compare_runs(old: Run | str | Path, new: Run | str | Path) -> Comparison:
    """Compare two outputs of `netgraph assess` of one network.

    Hazards are the same if their ids are: those are made from the group (or site), the kind and
    the lasting points, and survive a span being split or a cable being renamed. Groups are
    compared circuit by circuit, so that a renamed group is not lost from sight.

    Parameters
    ----------
    old, new
        Folders, or what :func:`read_run` gave; the older one first.

    Returns
    -------
    Comparison
        Exact on the two tables; O(rows).

    Raises
    ------
    InputError
        If one is no output of an assessment, they have different scorecards or rules, the first
        one is the younger, or they have no site in common.
    """
    old = old if isinstance(old, Run) else read_run(old)
    new = new if isinstance(new, Run) else read_run(new)
    check_comparable(old, new)
    groups = group_changes(old, new)
    sites = site_changes(old, new)
    return Comparison(
        old, new, groups, sites, hazard_changes(old, new), unit_changes(old, new, sites, groups)
    )
