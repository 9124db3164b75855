"""Cities, customers and the whole: before and after, and over a series of runs."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import SeriesPoint, UnitChange
from netgraph.diversity.levels import PASSING, Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.assessment.comparison.read import Cells, Run
    from netgraph.assessment.comparison.rows import GroupChange, SiteChange

_LEAST_FALL = 0.0005  # of full marks: less is lost in rounding
#: Kinds of unit and the column of a site that tells its unit; the whole is one unit, unnamed.
_COLUMNS = {"whole": "", "city": "city", "customer": "customer_id"}


def unit_changes(
    old: Run, new: Run, sites: Sequence[SiteChange], groups: Sequence[GroupChange], kind: str
) -> tuple[UnitChange, ...]:
    """One row a unit of a kind (whole, city, customer), those that fall most first.

    A unit needs attention if its mean share of full marks fell, or it lost a diverse group.
    """
    column = _COLUMNS[kind]
    fell, rose, lost = (
        Counter(getattr(row, column) if column else "" for row in rows if row.change == change)
        for rows, change in ((sites, "fell"), (sites, "rose"), (groups, "lost"))
    )
    before, after = _by_unit(old, kind), _by_unit(new, kind)
    found = [
        _unit(unit, before.get(unit, []), after.get(unit, []), (fell[unit], rose[unit], lost[unit]))
        for unit in before | after
    ]
    found.sort(key=lambda row: (
        row.difference is None, row.difference or 0.0, -row.groups_lost, row.unit,
    ))  # fmt: skip
    return tuple(found)


def series_points(runs: Sequence[Run]) -> tuple[SeriesPoint, ...]:
    """Follow the whole, every city and every customer through runs in the order of time."""
    return tuple(point for kind in _COLUMNS for point in _points(runs, kind))


def _points(runs: Sequence[Run], kind: str) -> Iterator[SeriesPoint]:
    units = [_by_unit(run, kind) for run in runs]
    for unit in sorted({unit for found in units for unit in found}):
        last: float | None = None
        for number, (run, found) in enumerate(zip(runs, units, strict=True), start=1):
            sites = found.get(unit, [])
            if not sites:
                continue
            levels = Counter(site["recorded_level"] for site in sites)
            mean = _mean(sites)
            yield SeriesPoint(
                kind=kind,
                unit=unit,
                run=number,
                snapshot_date=run.snapshot_date.isoformat() if run.snapshot_date else "",
                sites=len(sites),
                ratio=mean,
                diverse=sum(levels[level] for level in PASSING),
                single_route=levels[Level.SINGLE_ROUTE],
                needs_attention=_falls(last, mean),
            )
            last = mean


def _by_unit(run: Run, kind: str) -> dict[str, list[Cells]]:
    found: dict[str, list[Cells]] = defaultdict(list)
    for site in run.sites.values():
        found[site[_COLUMNS[kind]] if _COLUMNS[kind] else ""].append(site)
    return dict(found)


def _unit(
    unit: str, before: Sequence[Cells], after: Sequence[Cells], counts: tuple[int, int, int]
) -> UnitChange:
    fell, rose, lost = counts
    means = _mean(before), _mean(after)
    return UnitChange(
        unit=unit,
        sites_before=len(before),
        sites_after=len(after),
        before_ratio=means[0],
        after_ratio=means[1],
        diverse_before=sum(s["recorded_level"] in PASSING for s in before),
        diverse_after=sum(s["recorded_level"] in PASSING for s in after),
        sites_fallen=fell,
        sites_risen=rose,
        groups_lost=lost,
        needs_attention=_falls(*means) or lost > 0,
    )


def _falls(before: float | None, after: float | None) -> bool:
    return before is not None and after is not None and after - before < -_LEAST_FALL


def _mean(sites: Iterable[Cells]) -> float | None:
    ratios = [float(site["ratio"]) for site in sites if site["ratio"]]
    return sum(ratios) / len(ratios) if ratios else None
