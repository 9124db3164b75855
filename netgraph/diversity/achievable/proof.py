"""How far a search got: what a proof by search rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netgraph.diversity.achievable.objective import Objective


@dataclass(frozen=True)
class SearchProof:
    """The end of a search for the pair that shares the least.

    Attributes
    ----------
    shared_weight, lower_bound
        What the pair shares by the search's weights (one for each cable or span, point and class
        of risks, nothing for what cannot be avoided), and what every pair shares at least; None
        where the time was up before anything was known.
    objective
        What is weighed: number of risks, metres, or expected outage minutes a year.
    tree_size
        Nodes of the search tree; None where the search does not count them.
    """

    shared_weight: float | None
    lower_bound: float | None
    tree_size: int | None = None
    objective: Objective = "risks"


def search_proof(
    weight: float, bound: float, tree_size: int | None = None, objective: Objective = "risks"
) -> SearchProof:
    """Keep the numbers of a search; what is not finite is not known."""
    return SearchProof(_known(weight), _known(bound), tree_size, objective)


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
