"""Works on the line as they are drawn up, and what the network is with all of a kind done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.upgrades.routed import Routed, score_routed
from netgraph.upgrades.site_units import recorded_level

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.assessment.planning.scope import Scope
    from netgraph.assessment.results import Results
    from netgraph.upgrades.action import Action, Kind


class LineSteps:
    """Works on the line so far, and what the network is with all of a kind done."""

    def __init__(self, scope: Scope, results: Results) -> None:
        self.scope, self.results = scope, results
        self.actions: list[Action] = []
        self.routed: dict[Kind, Routed] = {}

    def add(self, actions: Sequence[Action]) -> None:
        """Add works; with works of the same kind from before they are judged together."""
        self.actions += actions
        kinds = {action.kind for action in actions}
        together = [action for action in self.actions if action.kind in kinds]
        options = self.results.options
        self.routed |= score_routed(self.scope.audit, options.card, together, options.rates)

    def wanting(self) -> list[int]:
        """Sites below the level that their tier requires, whatever is done of the works so far."""
        audit, rules, tiers = self.scope.audit, self.scope.audit.rules, self.results.tiers
        index = audit.network.places.index
        reached = {
            place
            for action in self.actions
            for place in map(index.find, action.routed_sites)
            if place is not None
            and rules.meets(self.routed[action.kind].levels[place], tiers[place])
        }
        return [
            place
            for place in self.scope.places
            if rules.requires_diversity(tiers[place])
            and not rules.meets(recorded_level(audit, place), tiers[place])
            and place not in reached
        ]
