"""Longer ways around what no other candidate avoids, as a planner would draw them on the map.

Neighbouring points are too far apart in the country for the candidates between them. Where a risk
cuts a site off whatever of these is built, the shortest ways between the part that it cuts off and
the rest are candidates as well. Nobody has recorded that they can be built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import KDTree

from netgraph.topology.places import OFFICE, STRUCTURE
from netgraph.upgrades.protection._joining import least_joined
from netgraph.upgrades.protection.builds import Builds, generated_builds
from netgraph.upgrades.protection.generated import joined_by_span
from netgraph.upgrades.protection.lead_ins import is_among, positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.model import ProtectionModel
    from netgraph.upgrades.protection.prices import PlantPrices

#: Longest of these ways as the crow flies [D].
FAR_M = 5000.0
_WAYS, _WAYS_A_POINT = 8, 3  # candidates a risk, and those of them at one point
_SHORTEST = 4  # ways looked at from each point of the smaller part


def far_builds(
    model: ProtectionModel, prices: PlantPrices, unavoidable: Mapping[int, tuple[int, ...]],
    known: Builds,
) -> Builds:  # fmt: skip
    """List ways around the risks that cut demands off whatever is built.

    Parameters
    ----------
    unavoidable
        Demand to those risks.
    known
        Candidates that are there already: nothing is proposed between the same points.

    Returns
    -------
    Builds
        Up to eight a risk, none longer than `FAR_M`. O(plant) a risk.
    """
    drawing = _Drawing(model)
    demands_of: dict[int, list[int]] = {}
    for demand, risks in unavoidable.items():
        for risk in risks:
            demands_of.setdefault(risk, []).append(demand)
    pairs = {
        pair
        for risk, demands in sorted(demands_of.items())
        for group in _of_one_centre(model, demands)
        for pair in drawing.ways_around(risk, group)
    }
    a, b = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2).T
    network = model.audit.network
    fresh = np.flatnonzero(~joined_by_span(network, a, b) & ~is_among(network, known, a, b))
    return generated_builds(network, prices, a[fresh], b[fresh])


def _of_one_centre(model: ProtectionModel, demands: list[int]) -> list[list[int]]:
    groups: dict[bytes, list[int]] = {}
    for demand in demands:
        groups.setdefault(model.problem.sinks.row(demand).tobytes(), []).append(demand)
    return list(groups.values())


class _Drawing:
    """Where everything stands, and what hangs together when one risk is taken out."""

    def __init__(self, model: ProtectionModel) -> None:
        self._model, problem = model, model.problem
        places, node = model.audit.network.places, model.layer.node_of_place
        self._xy, self._node = positions(model.audit.network), node
        self._is_usable = problem.is_free | problem.is_option
        kinds = (places.kind == STRUCTURE) | (places.kind == OFFICE)
        self._can_hold = kinds & places.is_in_service & np.isfinite(self._xy).all(axis=1)

    def ways_around(self, risk: int, demands: list[int]) -> list[tuple[int, int]]:
        """Shortest ways between what a risk cuts off and the rest, for demands of one centre."""
        problem = self._model.problem
        label, is_dead = self._parts(risk, demands)
        sinks = problem.sinks.row(demands[0])
        rest = np.isin(label, label[sinks])
        found: dict[tuple[int, int], None] = {}
        of_site: dict[int, list[int]] = {}
        for demand in demands:
            source = int(problem.source[demand])
            if not rest[source]:
                of_site.setdefault(int(label[source]), []).append(demand)
        for part, behind in of_site.items():
            can_hold = self._can_hold & ~is_dead[self._node]
            ends = [int(self._model.site[d]) for d in behind]
            ends += [place for d in behind for place in self._model.b_ends[d]]
            can_hold[ends] = np.isfinite(self._xy[ends]).all(axis=1)
            cut_off = np.flatnonzero(can_hold & (label == part)[self._node])
            others = np.flatnonzero(can_hold & rest[self._node])
            found |= dict.fromkeys(self._between(cut_off, others))
        return list(found)

    def _parts(self, risk: int, demands: list[int]) -> tuple[Ints, NDArray[np.bool_]]:
        """Label the nodes by what all plant and every candidate join without a risk."""
        problem = self._model.problem
        is_dead = np.zeros(problem.n_nodes, dtype=bool)
        is_dead[problem.risk_nodes.row(risk)] = True
        passes = problem.is_transit & ~is_dead
        for demand in demands:  # the ends of a demand never fail for it
            ends = np.append(problem.sinks.row(demand), problem.source[demand])
            passes[ends], is_dead[ends] = True, False
        is_on = self._is_usable.copy()
        for demand in demands:
            is_on[problem.own.row(demand)] = True
        is_on[problem.risk_edges.row(risk)] = False
        is_on &= passes[problem.u] & passes[problem.v]
        return least_joined(problem.n_nodes, problem.u, problem.v, is_on), is_dead

    def _between(self, one: Ints, other: Ints) -> list[tuple[int, int]]:
        """Shortest ways from one set of places to another, each as (lesser, greater)."""
        few, many = (one, other) if len(one) <= len(other) else (other, one)
        if len(few) == 0:
            return []
        low, high = self._xy[few].min(axis=0) - FAR_M, self._xy[few].max(axis=0) + FAR_M
        here = self._xy[many]
        many = many[((here >= low) & (here <= high)).all(axis=1)]
        if len(many) == 0:
            return []
        metres, found = KDTree(self._xy[many]).query(
            self._xy[few], k=min(_SHORTEST, len(many)), distance_upper_bound=FAR_M
        )
        metres, found = metres.reshape(len(few), -1), found.reshape(len(few), -1)
        row, column = np.nonzero(np.isfinite(metres) & (metres > 0))
        order = np.argsort(metres[row, column], kind="stable")
        ends = np.column_stack([few[row], many[found[row, column]]])[order]
        return _spread(ends.tolist())


def _spread(pairs: list[list[int]]) -> list[tuple[int, int]]:
    """Keep the first of some pairs, few of them at any one point."""
    times: dict[int, int] = {}
    kept: list[tuple[int, int]] = []
    for a, b in pairs:
        if max(times.get(a, 0), times.get(b, 0)) < _WAYS_A_POINT:
            times[a], times[b] = times.get(a, 0) + 1, times.get(b, 0) + 1
            kept.append((min(a, b), max(a, b)))
        if len(kept) == _WAYS:
            break
    return kept
