"""A choice of works as a value, with what is proven about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


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


def bounded_by_larger(found: Sequence[tuple[float, Choice]]) -> list[tuple[float, Choice]]:
    """Let no choice for a budget claim a bound above that of a larger budget.

    Parameters
    ----------
    found
        Budgets, ascending, and the choice for each.
    """
    least, bounded = np.inf, list[tuple[float, Choice]]()
    for budget, choice in reversed(found):
        least = max(min(least, choice.bound), choice.benefit)
        gap = share_between(choice.benefit, least)
        bounded.append((budget, replace(choice, bound=least, gap=gap)))
    return bounded[::-1]
