"""Small networks whose failures can be read off a drawing."""

from __future__ import annotations

import pytest
from builders import PlantBuilder


@pytest.fixture
def two_ways():
    """X of site S1 has two routes that meet in manhole M; Y of site S2 has the upper one only.

    ::

        S1 --u1-- M --u2-- K        route of X: US, and LS that also passes M
        S1 --l1-- M --l2-- K
        S2 --y1-- K                 route of Y: YS
    """
    plan = PlantBuilder().office("K").site("S1").site("S2", customer_id="R", tier="gold")
    plan.way("US", "S1 M K").way("LS", "S1 M K").way("YS", "S2 K")
    plan.circuit("X", "S1", "K", "US", "LS")
    return plan.circuit("Y", "S2", "K", "YS", customer_id="R", tier="gold")


@pytest.fixture
def two_legs():
    """X runs over one link with two legs, c1 over the north and c2 over the south.

    ::

        S --n1-- N --n2-- K         c1
        S --s1-- T --s2-- K         c2
    """
    plan = PlantBuilder().office("K").site("S").structure("N").structure("T")
    plan.span("n1", "S", "N").span("n2", "N", "K").span("s1", "S", "T").span("s2", "T", "K")
    plan.cable("c1", "S", "K", "n1 n2").cable("c2", "S", "K", "s1 s2")
    return plan.link("L", "S", "K", "c1", protect="c2").circuit("X", "S", "K", "L")


@pytest.fixture
def two_segments():
    """X switches twice: between S and H over a or b, between H and K over c or d.

    ::

             .--a1-- A --a2--.       .--c1-- C --c2--.
            S                 H ----                  K
             '--b1-- B --b2--'       '--d1-- D --d2--'
    """
    plan = PlantBuilder().office("K").office("H", "access").site("S")
    plan.way("a", "S A H").way("b", "S B H").way("c", "H C K").way("d", "H D K")
    plan.circuit("X", "S", "K")
    for segment, working, protect in (("s1", "a", "b"), ("s2", "c", "d")):
        plan.route("X", "working", working, segment=segment)
        plan.route("X", "protect", protect, segment=segment)
    return plan
