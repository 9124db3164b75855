"""Sites that came, went, fell or rose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import SiteChange
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import RANK, Level
from netgraph.report import labels

if TYPE_CHECKING:
    from netgraph.assessment.comparison.read import Cells, Run

#: Worst first: the order of the table.
CHANGES = ("fell", "undecided", "rose", "decided", "new", "gone", "score")


def site_changes(old: Run, new: Run) -> tuple[SiteChange, ...]:
    """List the sites that changed, worst first.

    A site fell if its level or its grade is worse, whatever else rose. Where nothing can be
    decided any more it is "undecided", which is no improvement; where nothing could be decided
    before and now can, it is "decided". "score" is another score with the same grade and level.
    """
    found = []
    for site_id in old.sites.keys() | new.sites.keys():
        before, after = old.sites.get(site_id), new.sites.get(site_id)
        change = _change(before, after)
        if change:
            found.append(_row(site_id, change, before or {}, after or {}))
    found.sort(key=lambda row: (
        CHANGES.index(row.change), TIER_RANK.get(row.tier, len(TIER_RANK)), row.site_id,
    ))  # fmt: skip
    return tuple(replace(row, rank=rank) for rank, row in enumerate(found, start=1))


def _change(before: Cells | None, after: Cells | None) -> str:
    if before is None or after is None:
        return "new" if before is None else "gone"
    worth = [_grade(after) - _grade(before)] if before["grade"] and after["grade"] else []
    levels = before["recorded_level"], after["recorded_level"]
    if all(levels) and Level.UNDECIDABLE not in levels:
        worth.append(RANK[Level(levels[1])] - RANK[Level(levels[0])])
    if any(one < 0 for one in worth):
        return "fell"
    if levels[0] != levels[1] and Level.UNDECIDABLE in levels:
        return "undecided" if levels[1] == Level.UNDECIDABLE else "decided"
    if any(one > 0 for one in worth):
        return "rose"
    return "score" if before["score"] != after["score"] else ""


def _grade(site: Cells) -> int:
    return -labels.identifiers("grade").index(site["grade"])


def _row(site_id: str, change: str, before: Cells, after: Cells) -> SiteChange:
    told = after or before
    return SiteChange(
        site_id=site_id,
        change=change,
        customer_id=told["customer_id"],
        name=told["name"],
        city=told["city"],
        county=told["county"],
        tier=told["tier"],
        level_before=before.get("recorded_level", ""),
        level_after=after.get("recorded_level", ""),
        grade_before=before.get("grade", ""),
        grade_after=after.get("grade", ""),
        score_before=number(before.get("score", "")),
        score_after=number(after.get("score", "")),
        rank=0,
    )


def number(text: str) -> float | None:
    """Read a cell; an empty one is None."""
    return float(text) if text else None
