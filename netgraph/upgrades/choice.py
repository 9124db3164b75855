"""A choice of works as a value, with what is proven about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Choice:
    """Chosen actions (numbers), what they come to, and what is proven about it.

    Attributes
    ----------
    bound
        Proven: no choice within the budget has more benefit (for a target: less cost).
    is_proven
        The solver closed the gap, to a millionth.
    gap
        How far the benefit (or cost) may be from the optimum, as a share of the larger of them.
    unreachable
        Sites (numbers) that cannot reach the target with any choice.
    """

    chosen: frozenset[int]
    cost: float
    benefit: float
    bound: float
    is_proven: bool
    gap: float = 0.0
    unreachable: tuple[int, ...] = ()


def share_between(less: float, more: float) -> float:
    """Share of the larger of two figures that lies between them."""
    return (more - less) / more if np.isfinite(less) and np.isfinite(more) and more > 0 else 0.0
