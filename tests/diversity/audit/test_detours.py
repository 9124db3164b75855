"""What is near a site is forgiven where both routes meet it near, and counts where one comes late.

The best pair is told without any time for searches: it takes a look around the site only.
"""

from __future__ import annotations

import pytest
from builders import PlantBuilder, element_ids

from netgraph.diversity.achievable.find import find_achievable


def answer_of(plan, layer, seconds):
    """The answer of S on a layer, and the ids of what its pair shares and is forgiven."""
    audit = plan.audit()
    found = find_achievable(audit, seconds=seconds)
    (answer,) = found.answers[layer][audit.network.places.ids.tolist().index("S")]
    return answer.level, element_ids(audit, answer.shared), element_ids(audit, answer.tolerated)


def plant(*spans):
    """Office K, site S, cabinets; spans "name a b metres", each with a trench of its own."""
    plan = PlantBuilder().office("K").site("S")
    for name, a, b, length_m in map(str.split, spans):
        for end in {a, b} - {"K", "S"}:
            if not plan.has("structures", end):
                plan.structure(end)
        plan.span(name, a, b, length_m=float(length_m))
    return plan


no_time_or_all = pytest.mark.parametrize("seconds", [1e-9, 0.0])


@no_time_or_all
def test_both_routes_take_the_short_way_to_a_point_that_both_must_pass(seconds):
    """By s and s it is 30 m to e on both, by s and the detour over q one comes to e late.

    ::

        S --s-- e --w1-- m --w2-- K
         \\      / \\--p1-- n --p2-- K
          a-- q --b
    """
    plan = plant(
        "s S e 30", "a S q 300", "b q e 300",
        "w1 e m 900", "w2 m K 900", "p1 e n 900", "p2 n K 900",
    )  # fmt: skip
    plan.cable("c", "S", "K", "s w1 w2").link("l", "S", "K", ["c"]).circuit("x", "S", "K", "l")

    assert answer_of(plan, "spans", seconds) == ("diverse", set(), {"s", "e"})


def three_cables(last):
    """Two cables pass e on their way: one 30 m from S, one after a detour over q; a third `last`.

    ::

        S --s-- e --w1-- m --w2-- K
         \\      / \\--p1-- n --p2-- K
          a-- q --b
    """
    plan = plant(
        "s S e 30", "a S q 60", "b q e 60", "w1 e m 900", "w2 m K 900", "p1 e n 900", "p2 n K 900",
    )  # fmt: skip
    plan.cable("near", "S", "K", "s w1 w2").cable("late", "S", "K", "a b p1 p2")
    plan.cable("third", "S", "K", last, length_m=4000.0)
    return plan.link("l", "S", "K", ["near"]).circuit("x", "S", "K", "l")


@no_time_or_all
def test_a_longer_cable_that_meets_the_point_near_is_taken(seconds):
    plan = three_cables("s p1 p2")
    assert answer_of(plan, "cables", seconds) == ("diverse", set(), {"s", "e"})


@no_time_or_all
def test_what_is_near_counts_where_every_other_pair_shares_as_much_elsewhere(seconds):
    """The third cable lies beside the first all the way: to be forgiven e, two trenches count."""
    plan = three_cables("s w1 w2")
    assert answer_of(plan, "cables", seconds) == ("same_structure", {"e"}, set())
