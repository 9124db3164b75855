"""What to do about each site, from what today's plant could give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.achievable.find import UNPROVEN
from netgraph.diversity.levels import PASSING, RANK, Level

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.achievable.find import SiteAchievable

#: From nothing to do up to the dearest; what cannot be told comes last.
ACTIONS = (
    "none", "records", "repatch", "new_cable", "repatch_better", "new_cable_better", "new_plant",
    "unproven",
)  # fmt: skip
_OPEN = frozenset({UNPROVEN, Level.UNDECIDABLE.value})


def action_for(results: Results, standing: SiteStanding) -> str:
    """Choose the first step that helps a site, by cost: one of ACTIONS.

    Parameters
    ----------
    results, standing
        The assessment, and where the site stands in it.

    Returns
    -------
    str
        "none" where the tier asks for no diversity or it is proven; "records" where a missing
        record decides; "repatch" and "new_cable" where spare cores, or a new cable in existing
        spans, make the routes diverse; "..._better" where they only share less than today;
        "new_plant" where both searches are complete and find nothing better; else "unproven".
    """
    level = standing.level
    if level is None or level in PASSING or not results.options.rules.requires_diversity(
        standing.tier
    ):  # fmt: skip
        return "none"
    if level is Level.UNDECIDABLE:
        return "records"
    possible = results.achievable.by_place.get(standing.place)
    return "unproven" if possible is None else _on_todays_plant(level, possible)


def _on_todays_plant(level: Level, possible: SiteAchievable) -> str:
    answers = (("repatch", possible.cables), ("new_cable", possible.spans))
    for name, answer in answers:
        if answer.is_connected and answer.level in PASSING:
            return name
    for name, answer in answers:
        is_known = answer.is_connected and answer.level not in _OPEN
        if is_known and RANK[Level(answer.level)] > RANK[level]:
            return f"{name}_better"
    return "unproven" if any(answer.level in _OPEN for _, answer in answers) else "new_plant"
