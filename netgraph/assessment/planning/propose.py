"""Draw up every work that could help, the dearer kinds on the line only where cheaper ones fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.planning.value import Proposed
from netgraph.upgrades.action import Reason
from netgraph.upgrades.device_works import propose_device_works
from netgraph.upgrades.line_works import propose_line_works
from netgraph.upgrades.premises_works import propose_premises_works
from netgraph.upgrades.protection.plan import plan_protection
from netgraph.upgrades.protection.prices import plant_prices
from netgraph.upgrades.rehoming import propose_rehoming
from netgraph.upgrades.ring_works import propose_ring_works
from netgraph.upgrades.routed import Routed, score_routed
from netgraph.upgrades.shortcomings import find_shortcomings, join_shortcomings
from netgraph.upgrades.site_units import recorded_level

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.assessment.planning.run import UpgradeOptions
    from netgraph.assessment.planning.scope import Scope
    from netgraph.assessment.results import Results
    from netgraph.upgrades.action import Action, Kind
    from netgraph.upgrades.protection import PlanProgress, ProtectionPlan

    Progress = Callable[[str, int, int], None]


def propose_works(
    scope: Scope, results: Results, options: UpgradeOptions, say: Progress
) -> Proposed:
    """Draw up works for the sites of a scope.

    Works on the line come in steps: re-patching and new cable, then new plant and second entrances,
    then a second centre; each step only for the sites that no work before it brings to the level
    that their tier requires, by an audit with those works done. Works on equipment and power are
    drawn up for the recorded routes and for those that works on the line would make: a new route
    may lead through an office without a second power feed.
    """
    audit, prices, settings = scope.audit, options.prices, options.settings
    places, tiers = scope.places, results.tiers
    lines = propose_line_works(audit, scope.achievable, places, prices, settings, tiers)
    steps = _Steps(scope, results)
    steps.add(lines.actions)
    rings = _rings(scope, steps.wanting(), options, say) if options.new_plant else None
    without_route: tuple[str, ...] = ()
    if rings is not None:
        works = propose_ring_works(
            audit, rings.works, prices, settings, tiers,
            search_seconds=results.options.search_seconds,
        )  # fmt: skip
        steps.add(works.actions)
        without_route = works.without_route
    if options.re_homing:
        reason = Reason.NOT_BY_NEW_PLANT if options.new_plant else Reason.NOT_IN_EXISTING_SPANS
        steps.add(propose_rehoming(
            audit, steps.wanting(), prices, settings, tiers, reason,
            search_seconds=results.options.search_seconds,
        ))  # fmt: skip
    lacking = join_shortcomings([
        find_shortcomings(audit, scope.scores, places),
        *(after.shortcomings for after in steps.routed.values()),
    ])  # fmt: skip
    # A device may carry circuits of other sites as well: its work changes what is said of those.
    actions = propose_device_works(results.audit, lacking, prices, settings)
    actions += propose_premises_works(audit.network.inventory, lacking, prices, settings)
    return Proposed((*actions, *steps.actions), lines.reasons, rings, without_route, steps.routed)


class _Steps:
    """Works on the line so far, and what the network is with all of a kind done."""

    def __init__(self, scope: Scope, results: Results) -> None:
        self._scope, self._results = scope, results
        self.actions: list[Action] = []
        self.routed: dict[Kind, Routed] = {}

    def add(self, actions: Sequence[Action]) -> None:
        """Add works of kinds that are not there yet."""
        self.actions += actions
        card = self._results.options.card
        rates = self._results.options.rates
        self.routed |= score_routed(self._scope.audit, card, actions, rates)

    def wanting(self) -> list[int]:
        """Sites below the level that their tier requires, whatever is done of the works so far."""
        audit, rules, tiers = self._scope.audit, self._scope.audit.rules, self._results.tiers
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
            for place in self._scope.places
            if rules.requires_diversity(tiers[place])
            and not rules.meets(recorded_level(audit, place), tiers[place])
            and place not in reached
        ]


def _rings(
    scope: Scope, wanted: Sequence[int], options: UpgradeOptions, say: Progress
) -> ProtectionPlan | None:
    if not wanted:
        return None

    def tell(progress: PlanProgress) -> None:
        if progress.whole:
            say("cuts", progress.done, progress.whole)
        elif progress.cost_yuan is not None and progress.lower_bound_yuan is not None:
            # How much of the cost is proven to be needed: all of it at the end.
            say("protect", round(progress.lower_bound_yuan), max(round(progress.cost_yuan), 1))

    return plan_protection(
        scope.audit.network, scope.audit, wanted, plant_prices(options.prices),
        seconds=options.plan_seconds, progress=tell,
    )  # fmt: skip
