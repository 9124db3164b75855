"""The least-cost plan for a set of duties, with its bound."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.protection.groups import apart
from netgraph.upgrades.protection.search import TOLERANCE, Search
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty

_FIRST_SLICE_SECONDS = 5.0


@dataclass(frozen=True, eq=False)
class Solution:
    """A plan, and how far from the optimum it can be.

    Attributes
    ----------
    chosen
        Options, ascending.
    cost_yuan, lower_bound_yuan
        What it costs, and what every plan costs at least.
    is_proven
        No plan is cheaper (to a millionth).
    n_rows
        Cut rows of the last program.
    """

    chosen: Ints
    cost_yuan: float
    lower_bound_yuan: float
    is_proven: bool
    n_rows: int

    def with_bound(self, lower_bound_yuan: float) -> Solution:
        """Let the same plan stand beside another bound."""
        bound = min(lower_bound_yuan, self.cost_yuan)
        proven = bound >= self.cost_yuan - TOLERANCE * max(1.0, self.cost_yuan)
        return replace(self, lower_bound_yuan=bound, is_proven=proven)

    @property
    def gap(self) -> float:
        """Part of the cost that is not proven to be needed; 0 for an optimum."""
        if self.is_proven or self.cost_yuan <= 0:
            return 0.0
        return max(0.0, 1.0 - self.lower_bound_yuan / self.cost_yuan)


def solve(
    duties: Sequence[Duty],
    cost_yuan: NDArray[np.float64],
    *,
    seconds: float = 300.0,
    progress: Callable[[str, float, float], None] | None = None,
) -> Solution:
    """Find the least-cost plan that meets all duties.

    Exact if it ends in time, else the best plan with a valid bound; so it is where somebody asks
    to stop. Each duty must have a way to be met. Duties that have no option in common are
    solved apart: costs and bounds add up.

    Parameters
    ----------
    cost_yuan
        Price of each edge, shape (edges,); infinite for what is no option.
    seconds
        Time limit.
    progress
        Called after every step with what was done, the best cost and the bound so far, in yuan.

    Returns
    -------
    Solution
    """
    search = _Searches(duties, cost_yuan, time.monotonic() + seconds, progress)
    search.run()
    return search.result()


class _Searches:
    """The searches of the groups of duties that have options in common."""

    def __init__(
        self, duties: Sequence[Duty], cost_yuan: NDArray[np.float64], deadline: float,
        progress: Callable[[str, float, float], None] | None,
    ) -> None:  # fmt: skip
        self._deadline, self._progress = deadline, progress
        # Whatever happens, there is a plan: the one that a planner finds duty by duty.
        self._parts = [Search(part) for part in apart(duties, cost_yuan)]

    def run(self) -> None:
        """Improve the plan of every group, then prove it, the small groups first."""
        for part in self._parts:
            if not is_stop_asked():
                part.improve()
        self.tell("first plan")
        if is_stop_asked():  # not even begin: how far a solver gets first is a matter of chance
            return
        for part in self._parts:
            for _ in part.relax(self._deadline):
                self.tell("relaxation")
                if is_stop_asked():
                    return
        todo, slice_s = self._open(), _FIRST_SLICE_SECONDS
        while todo and time.monotonic() < self._deadline and not is_stop_asked():
            for part in todo:
                for _ in part.prove(min(self._deadline, time.monotonic() + slice_s)):
                    self.tell("integer program")
                    if is_stop_asked():
                        return
            todo, slice_s = self._open(), 4 * slice_s

    def tell(self, step: str) -> None:
        if self._progress:
            bound = sum(part.bound for part in self._parts)
            self._progress(step, sum(part.cost for part in self._parts), bound)

    def result(self) -> Solution:
        empty = np.empty(0, dtype=np.int64)
        chosen = np.sort(np.concatenate([empty, *(part.chosen for part in self._parts)]))
        cost = float(sum(part.cost for part in self._parts))
        proven = all(part.is_done for part in self._parts)
        bound = sum(part.cost if part.is_done else part.bound for part in self._parts)
        rows = sum(part.n_rows for part in self._parts)
        return Solution(chosen, cost, cost if proven else min(cost, bound), proven, rows)

    def _open(self) -> list[Search]:
        todo = [part for part in self._parts if not part.is_done]
        return sorted(todo, key=lambda part: part.n_options)
