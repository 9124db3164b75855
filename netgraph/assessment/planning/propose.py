"""Draw up every work that could help, the dearer kinds on the line only where cheaper ones fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.planning.rings import RingStep, add_rings
from netgraph.assessment.planning.steps import LineSteps
from netgraph.assessment.planning.value import Proposed
from netgraph.upgrades.action import Reason
from netgraph.upgrades.device_works import propose_device_works
from netgraph.upgrades.line_works import propose_line_works
from netgraph.upgrades.premises_works import propose_premises_works
from netgraph.upgrades.rehoming import propose_rehoming
from netgraph.upgrades.shortcomings import CURABLE, find_shortcomings, join_shortcomings

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.assessment.planning.run import UpgradeOptions
    from netgraph.assessment.planning.scope import Scope
    from netgraph.assessment.results import Results

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
    lines = propose_line_works(
        audit, scope.achievable, places, prices, settings, tiers,
        lambda done, whole: say("propose", done, whole),
    )  # fmt: skip
    steps = LineSteps(scope, results)
    steps.add(lines.actions)
    rings = add_rings(steps, options, say) if options.new_plant else RingStep()
    if options.re_homing:
        reason = Reason.NOT_BY_NEW_PLANT if options.new_plant else Reason.NOT_IN_EXISTING_SPANS
        steps.add(propose_rehoming(
            audit, steps.wanting(), prices, settings, tiers, reason,
            search_seconds=results.options.search_seconds,
        ))  # fmt: skip
    lacking = join_shortcomings([
        find_shortcomings(audit, scope.scores, places, CURABLE),
        *(after.shortcomings for after in steps.routed.values()),
    ])  # fmt: skip
    # A device may carry circuits of other sites as well: its work changes what is said of those.
    actions = propose_device_works(results.audit, lacking, prices, settings)
    actions += propose_premises_works(audit.network.inventory, lacking, prices, settings)
    return Proposed(
        (*actions, *steps.actions), lines.reasons, rings.plan, rings.without_route, steps.routed
    )
