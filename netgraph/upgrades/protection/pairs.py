"""The two routes of each site over the finished plan: the check that the plan is what it says.

To survive any one risk is slightly less than to have two routes without a common risk, so that
every site is searched again on the plant with the plan, by the exact search for such pairs.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.upgrades.protection.planned_plant import PlannedPlant
from netgraph.upgrades.stopping import RequestSince, nobody

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.planned_plant import PlannedPair


def find_planned_pairs(
    model: ProtectionModel, chosen: Ints, demands: Ints,
    unavoidable: Mapping[int, tuple[int, ...]], *, seconds: float,
    tell: Callable[[int, int], None] = nobody,
) -> dict[int, PlannedPair]:  # fmt: skip
    """Find the two routes of some demands over the plant and a plan.

    Exact, or "unproven". Where the route of today can stay beside a second one, it does. Where
    somebody asks to stop, what was not looked at yet is left out.

    Parameters
    ----------
    unavoidable
        Demand to the risks that cut it off whatever is built.
    seconds
        Time limit for the searches that may be exponential.
    tell
        Called with the demands done and all of them.
    """
    plant = PlannedPlant(model, chosen, unavoidable)
    by_centre: dict[bytes, list[int]] = {}
    for demand in demands.tolist():
        by_centre.setdefault(model.problem.sinks.row(demand).tobytes(), []).append(demand)
    found: dict[int, PlannedPair] = {}
    result: dict[int, PlannedPair] = {}
    deadline = time.monotonic() + seconds
    request = RequestSince()
    for done, members in enumerate(by_centre.values()):
        if request.is_made:
            break
        share = 0.5 * (deadline - time.monotonic()) / (len(by_centre) - done)
        pairs, is_whole = plant.search(members, share)
        found |= pairs
        more = [d for d in members if not is_whole[d] and model.problem.own.counts[d]]
        # Edges of its own may give a better pair; it stays unproven where time runs out.
        found |= {d: replace(pairs[d], status="unproven") for d in more}
        found |= _search_with_own(plant, more, share)
    for done, (demand, pair) in enumerate(sorted(found.items())):
        if request.is_made:
            break
        tell(done, len(found))
        result[demand] = plant.checked(demand, plant.keeping(demand, pair))
    return result


def _search_with_own(
    plant: PlannedPlant, demands: list[int], seconds: float
) -> dict[int, PlannedPair]:
    """Search demands with their own edges, first all together, then ever fewer that fell out.

    One search serves many as long as none of them runs in the edges of another.
    """
    deadline = time.monotonic() + seconds
    found: dict[int, PlannedPair] = {}
    todo = [demands] if demands else []
    request = RequestSince()
    while todo and time.monotonic() < deadline and not request.is_made:
        members = todo.pop(0)
        left_s = max(deadline - time.monotonic(), 0.5)
        if len(members) == 1:
            found |= plant.search(members, left_s, with_own=True)[0]
            continue
        better = plant.search_with_own(members, left_s / (len(todo) + 1))
        found |= better
        # Neighbours are numbered one after the other, and use each other's edges: part them.
        left = [demand for demand in members if demand not in better]
        todo += [half for half in (left[::2], left[1::2]) if half]
    return found
