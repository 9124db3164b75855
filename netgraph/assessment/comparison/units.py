"""Cities, and the whole, before and after."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import UnitChange
from netgraph.diversity.levels import PASSING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.comparison.read import Cells, Run
    from netgraph.assessment.comparison.rows import GroupChange, SiteChange

_LEAST_FALL = 0.0005  # of full marks: less is lost in rounding


def unit_changes(
    old: Run, new: Run, sites: Sequence[SiteChange], groups: Sequence[GroupChange]
) -> tuple[UnitChange, ...]:
    """One row a city, those that fall most first; the last row, without a name, is the whole.

    A city needs attention if its mean share of full marks fell, or it lost a diverse group.
    """
    fell = Counter(row.city for row in sites if row.change == "fell")
    rose = Counter(row.city for row in sites if row.change == "rose")
    lost = Counter(row.city for row in groups if row.change == "lost")
    names = {site["city"] for run in (old, new) for site in run.sites.values()}
    found = [
        _unit(
            city,
            [s for s in old.sites.values() if s["city"] == city],
            [s for s in new.sites.values() if s["city"] == city],
            (fell[city], rose[city], lost[city]),
        )
        for city in names
    ]
    found.sort(key=lambda row: (
        row.difference is None, row.difference or 0.0, -row.groups_lost, row.city,
    ))  # fmt: skip
    counts = (sum(fell.values()), sum(rose.values()), sum(lost.values()))
    return (*found, _unit("", list(old.sites.values()), list(new.sites.values()), counts))


def _unit(
    city: str, before: Sequence[Cells], after: Sequence[Cells], counts: tuple[int, int, int]
) -> UnitChange:
    fell, rose, lost = counts
    means = _mean(before), _mean(after)
    falls = None not in means and (means[1] or 0.0) - (means[0] or 0.0) < -_LEAST_FALL
    return UnitChange(
        city=city,
        sites_before=len(before),
        sites_after=len(after),
        before_ratio=means[0],
        after_ratio=means[1],
        diverse_before=sum(s["recorded_level"] in PASSING for s in before),
        diverse_after=sum(s["recorded_level"] in PASSING for s in after),
        sites_fallen=fell,
        sites_risen=rose,
        groups_lost=lost,
        needs_attention=falls or lost > 0,
    )


def _mean(sites: Iterable[Cells]) -> float | None:
    ratios = [float(site["ratio"]) for site in sites if site["ratio"]]
    return sum(ratios) / len(ratios) if ratios else None
