"""What a plan must do, risk by risk: join the part that a risk cuts off to the part that is left.

One failed risk leaves the free plant in parts. Whatever the plan, only options between different
parts matter, so a *duty* is a small graph: parts as nodes, part 0 with the site and part 1 with
its centre, and the surviving options between them. Of these only those count that lie on a way from
the one to the other which meets either once: most of the plant does not. Sites behind the same
risk share their duty.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_lists, transpose
from netgraph.upgrades.protection.cutting import Cutter
from netgraph.upgrades.stopping import StoppedError, is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.protection.duty import Duty
    from netgraph.upgrades.protection.problem import ProtectionProblem


@dataclass(frozen=True, eq=False)
class Duties:
    """All duties of a problem.

    Attributes
    ----------
    duties
        Each once, in order of the risks.
    unavoidable
        Demand to the risks that cut it off whatever is built.
    unconnected
        Demands that do not reach their centre even while nothing fails.
    cutting
        Demand to the risks that made these duties, or are unavoidable: further options can change
        what the others lead to for no demand.
    """

    duties: tuple[Duty, ...]
    unavoidable: dict[int, tuple[int, ...]]
    unconnected: tuple[int, ...]
    cutting: Csr


def find_duties(
    problem: ProtectionProblem, progress: Callable[[int, int], None] | None = None
) -> Duties:
    """Find every cut that must be bridged.

    Exact: a risk of a demand that leaves the demand connected makes no duty, and none is made of
    edges that meet in a point whose failure the demand has to survive as well. Cost O(risks x
    elements that any of them takes out); the rest of the plant is contracted first.

    Raises
    ------
    StoppedError
        If somebody asks to stop.
    """
    demands_of = transpose(problem.risks, len(problem.risk_edges))
    risks = np.flatnonzero(demands_of.counts)
    cutter = Cutter(problem, risks)
    found: dict[tuple[bytes, bytes, bytes], tuple[Duty, list[int]]] = {}
    unavoidable: dict[int, list[int]] = {}
    unconnected = cutter.find_unconnected()
    survived, cutting = _Survived(problem), [list[int]() for _ in problem.source]
    for done, risk in enumerate(risks.tolist()):
        if is_stop_asked():
            raise StoppedError
        demands = survived.not_yet(risk, demands_of.row(risk))
        for demand, duty in cutter.cut(risk, demands):
            cutting[demand].append(risk)
            if demand in unconnected:
                continue
            if duty is None:
                unavoidable.setdefault(demand, []).append(risk)
                continue
            key = (duty.u.tobytes(), duty.v.tobytes(), duty.option.tobytes())
            found.setdefault(key, (duty, []))[1].append(demand)
        lost = [d for d in demands.tolist() if risk in unavoidable.get(d, ())[-1:]]
        survived.add(risk, np.setdiff1d(demands, lost))
        if progress:
            progress(done + 1, len(risks))
    return Duties(
        tuple(replace(duty, demands=tuple(sorted(set(who)))) for duty, who in found.values()),
        {demand: tuple(rows) for demand, rows in unavoidable.items()},
        tuple(sorted(unconnected)),
        csr_of_lists(cutting),
    )


class _Survived:
    """Points whose failure each demand survives, if the plan meets its duties."""

    def __init__(self, problem: ProtectionProblem) -> None:
        self._problem = problem
        self._points: dict[int, set[int]] = {}

    def add(self, risk: int, demands: Ints) -> None:
        """Note that demands survive the points of a risk, but for their own ends."""
        points = set(self._problem.risk_nodes.row(risk).tolist())
        for demand in demands.tolist() if points else ():
            own = {int(self._problem.source[demand]), *self._problem.sinks.row(demand).tolist()}
            self._points.setdefault(demand, set()).update(points - own)

    def not_yet(self, risk: int, demands: Ints) -> Ints:
        """Leave out the demands that survive a point where all the edges of a risk meet."""
        problem, edges = self._problem, self._problem.risk_edges.row(risk)
        if len(edges) == 0 or len(problem.risk_nodes.row(risk)):
            return demands
        ends = [
            {u, v}
            for u, v in zip(problem.u[edges].tolist(), problem.v[edges].tolist(), strict=True)
        ]
        shared = set.intersection(*ends)
        left = [d for d in demands.tolist() if shared.isdisjoint(self._points.get(d, ()))]
        return np.array(left, dtype=np.int64)


def useful_options(problem: ProtectionProblem) -> NDArray[np.bool_]:
    """Tell the options that can matter: not within one part that no risk of a demand can split.

    Returns
    -------
    ndarray of bool, shape (edges,)
    """
    useful = np.zeros(len(problem.u), dtype=bool)
    useful[Cutter(problem, np.unique(problem.risks.indices)).options] = True
    return useful
