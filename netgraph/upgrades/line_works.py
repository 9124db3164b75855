"""Works on the line: a second route by re-patching, or with new cable in existing spans.

One recorded route of the site stays if that is possible; the other becomes the cheapest second
route that keeps off it (see :mod:`netgraph.upgrades.route_pairs`). What several sites share, a new
link between two offices, is a work of its own: done, and paid for, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.diversity.levels import RANK, Level
from netgraph.upgrades.action import Kind, Reason
from netgraph.upgrades.line_bench import LineBench
from netgraph.upgrades.line_drafts import LineOrder
from netgraph.upgrades.site_units import needy_units, recorded_level
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.action import Action
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.site_units import Unit

#: Somebody asked to stop before this site was looked at.
NOT_LOOKED_AT = "not_looked_at"
_OPEN = frozenset({"unproven", Level.UNDECIDABLE.value})
_STEPS = (
    ("cables", LineOrder(Kind.RE_PATCH, Reason.CHEAPEST)),
    ("spans", LineOrder(Kind.NEW_CABLE, Reason.NOT_BY_RE_PATCHING)),
)


@dataclass(frozen=True)
class LineWorks:
    """Proposed works, and why some sites get none.

    Attributes
    ----------
    actions
        Works of the sites, and the shared works that they require.
    reasons
        Site id to why nothing is proposed.
    """

    actions: tuple[Action, ...]
    reasons: Mapping[str, str]


def propose_line_works(
    audit: Audit, achievable: Achievable, places: Collection[int], prices: Prices,
    settings: Settings, tiers: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
) -> LineWorks:  # fmt: skip
    """Propose a second route for every site below the level that its tier requires.

    Re-patching where the searches say that it is better than what is recorded; new cable in
    existing spans only where that is better still, and re-patching does not reach the requirement.
    Circuits that back each other up and end at different centres get one route to each, where two
    such routes are found apart.

    Parameters
    ----------
    places
        Sites (place numbers).
    tiers
        Tier of each place.
    progress
        Called with the sites looked at and all of them.
    """
    bench = LineBench(audit, achievable, prices, settings)
    reasons: dict[str, str] = {}
    for done, place in enumerate(sorted(places)):
        if progress:
            progress(done, len(places))
        if is_stop_asked():
            reasons[str(audit.network.places.ids[place])] = NOT_LOOKED_AT
            continue
        reason = _propose(bench, audit, achievable, place, tiers[place])
        if reason:
            reasons[str(audit.network.places.ids[place])] = reason
    return LineWorks(tuple(bench.actions()), reasons)


def _propose(bench: LineBench, audit: Audit, achievable: Achievable, place: int, tier: str) -> str:
    """Draw up the works of a site; why there are none, or "" where there are."""
    recorded = recorded_level(audit, place)
    if not audit.rules.requires_diversity(tier):
        return "no_diversity_required"
    if audit.rules.meets(recorded, tier):
        return "requirement_met"
    units, reached = needy_units(audit, place, tier), RANK[recorded]
    is_done = is_open = False
    for layer, order in _STEPS:
        level = _level(achievable, layer, place, units)
        is_open |= level in _OPEN
        if level in _OPEN or (level and RANK[Level(level)] <= reached):
            continue
        found = bench.find(place, units, layer)
        if not found:
            continue
        bench.add_site(order, place, found)
        is_done = True
        if not level or audit.rules.meets(Level(level), tier):
            return ""
        reached = RANK[Level(level)]
    if is_done:
        return ""
    return "not_decided" if is_open else "needs_new_plant"


def _level(achievable: Achievable, layer: str, place: int, units: Sequence[Unit]) -> str:
    """Worst level that the searches promise the units; "" if only split ones are there.

    The routes of a split unit are looked for apart, and promise nothing unless they are found.
    """
    answers = {a.b_ends: a.level for a in achievable.answers[layer].get(place, ())}
    levels = [
        answers.get(unit.ends[0], Level.UNDECIDABLE.value) for unit in units if not unit.is_split
    ]
    if _OPEN.intersection(levels):
        return next(level for level in levels if level in _OPEN)
    return min(levels, key=lambda level: RANK[Level(level)], default="")
