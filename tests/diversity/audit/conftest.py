from __future__ import annotations

import pytest
from builders import PlantBuilder


@pytest.fixture
def lozenge():
    """Circuit X of site A to the core office K over two ways that share nothing.

          w1 --- w2          link W = cable W = spans W-1 W-2 W-3, 500 m each
         /         \\
        A           K        B-K is the building of K
         \\         /
          p1 --- p2          link P = cable P = spans P-1 P-2 P-3
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").way("P", "A p1 p2 K")
    return plan.circuit("X", "A", "K", "W", "P")


@pytest.fixture
def staged():
    """Circuit X of site A to K through an intermediate office on each way.

      /-- a1 -- W1 -- b1 --\\        links W-A, W-B meet in office W1
    A                        K
      \\-- a2 -- P1 -- b2 --/        links P-A, P-B meet in office P1
    """
    plan = PlantBuilder().office("K").office("W1", "access").office("P1", "access").site("A")
    plan.way("W-A", "A a1 W1").way("W-B", "W1 b1 K")
    plan.way("P-A", "A a2 P1").way("P-B", "P1 b2 K")
    return plan.circuit("X", "A", "K", "W-A W-B", "P-A P-B")
