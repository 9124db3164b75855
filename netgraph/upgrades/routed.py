"""The network with all works of one kind on the line done: judged, scored, and let go of again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.availability import find_availability
from netgraph.scoring import score_sites
from netgraph.topology import build_network
from netgraph.upgrades.action import LINE_KINDS, Kind
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.shortcomings import CURABLE, Shortcomings, find_shortcomings
from netgraph.upgrades.site_units import recorded_level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability import Rates
    from netgraph.diversity.levels import Level
    from netgraph.inventory import Inventory
    from netgraph.scoring import Scorecard, Scores
    from netgraph.upgrades.action import Action


@dataclass(frozen=True, eq=False)
class Routed:
    """The network with all works of one kind on the line done, as far as it is asked for later.

    The network itself is not kept: of a province it takes a tenth of a gigabyte a kind.

    Attributes
    ----------
    levels
        Worst level of each site (place) that these works re-route.
    outages
        Expected minutes a year and faults a month by place; empty without rates.
    shortcomings
        What keeps those sites from passing items on the new routes, of what works put right.
    """

    inventory: Inventory
    scores: Scores
    levels: Mapping[int, Level]
    outages: Mapping[int, tuple[float, float]]
    shortcomings: Shortcomings


def score_routed(
    audit: Audit, card: Scorecard, actions: Sequence[Action], rates: Rates | None = None
) -> dict[Kind, Routed]:
    """Judge the network with all works of each kind on the line done; score the sites re-routed.

    Cores and bores are not counted: works that compete for them are all done here.
    """
    found = {}
    for kind in line_kinds(actions):
        inventory = apply_actions(audit.network.inventory, _lines(actions, kind))
        after = audit_routes(build_network(inventory), audit.rules)
        places = _places_routed(after, actions, kind)
        scores = score_sites(after, card, sites=places)
        found[kind] = Routed(
            inventory, scores, {place: recorded_level(after, place) for place in places},
            outages_of(after, rates), find_shortcomings(after, scores, places, CURABLE),
        )  # fmt: skip
    return found


def _places_routed(audit: Audit, actions: Sequence[Action], kind: Kind | None) -> list[int]:
    """Sites that works of a kind re-route."""
    names = {site for action in actions if action.kind is kind for site in action.routed_sites}
    places = map(audit.network.places.index.find, sorted(names))
    return sorted(place for place in places if place is not None)


def outages_of(audit: Audit, rates: Rates | None) -> dict[int, tuple[float, float]]:
    """Reckon minutes a year and faults a month by place; empty without rates."""
    if rates is None:
        return {}
    found = find_availability(audit, rates)
    figures = zip(found.sites.minutes_year, found.sites.faults_month, strict=True)
    return {
        int(place): (float(minutes), float(faults))
        for place, (minutes, faults) in zip(found.site_places, figures, strict=True)
    }


def line_kinds(actions: Sequence[Action]) -> list[Kind]:
    """List the kinds of works on the line among some actions."""
    return [kind for kind in Kind if kind in LINE_KINDS and any(a.kind is kind for a in actions)]


def _lines(actions: Sequence[Action], kind: Kind | None) -> tuple[Action, ...]:
    return tuple(replace(a, increases=()) for a in actions if a.kind is kind)
