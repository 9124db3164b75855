"""Plans that survive any one risk and yet hold no two routes without a common one: closing the gap.

Three routes with the risks {1,2}, {2,3} and {1,3} are an example. What a plan lacks then lies
outside of it, and outside of everything that can be added to it without a pair coming about: at
least one option from there must be built. That is a row like any other, and the plan is made anew.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.duty import CENTRE, SITE, Duty
from netgraph.upgrades.protection.planned_plant import PlannedPlant
from netgraph.upgrades.protection.tolerance import metres_around
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel

#: Searches to strengthen one row; fewer give a weaker one that holds as well.
_TRIALS = 60
_SECONDS = 1.0


def close_gap(
    model: ProtectionModel, demand: int, chosen: Ints,
    unavoidable: Mapping[int, tuple[int, ...]], deadline: float,
) -> Duty | None:  # fmt: skip
    """Find what a plan must hold besides, so that a demand gets two routes apart.

    Parameters
    ----------
    chosen
        Options of the plan, with which the search has proven that there is no such pair.
    deadline
        When to stop strengthening, on the monotonic clock.

    Returns
    -------
    Duty or None
        One of its options at least is in every plan with such a pair; None if all options together
        give none, or the search for one was not finished. One exact search a trial.
    """
    plant = PlannedPlant(model, chosen, unavoidable)
    options = np.flatnonzero(model.problem.is_option)
    tried = np.zeros(len(model.problem.u), dtype=bool)
    tried[options] = True
    if plant.status_with(demand, tried, _SECONDS) != "pair":
        return None
    inside = np.zeros(len(tried), dtype=bool)
    inside[chosen] = True
    outside = options[~inside[options]]
    # The cheap ones are taken in first: what must be built is then among the dear ones.
    order = outside[np.argsort(model.problem.cost_yuan[outside], kind="stable")]
    todo, trials = [order], 0
    while todo and trials < _TRIALS and time.monotonic() < deadline and not is_stop_asked():
        part = todo.pop()
        inside[part] = True
        trials += 1
        if plant.status_with(demand, inside, _SECONDS) == "none":
            continue
        inside[part] = False
        if len(part) > 1:
            todo += [part[len(part) // 2 :], part[: len(part) // 2]]
    missing = options[~inside[options]]
    ends = np.full(len(missing), SITE), np.full(len(missing), CENTRE)
    return Duty(2, *ends, missing, (demand,), risk=-1)


def holds_for_every_plan(model: ProtectionModel, demand: int) -> bool:
    """Whether the row of a demand is a bound as well: nothing near its site may be shared.

    Where something may, a pair that the search calls none could still be tolerated.
    """
    return len(metres_around(model, demand)) <= 1
