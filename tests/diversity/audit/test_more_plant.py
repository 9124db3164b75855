"""What one more span may do to what a site could reach: never harm, whatever it is called."""

from __future__ import annotations

import random

from adversarial_plants import draw_adversary
from hypothesis import given, settings
from hypothesis import strategies as st

from netgraph.diversity.achievable.find import find_achievable


def answers_of(plan):
    """Level, and whether there is a route at all, by layer, site and ends."""
    audit = plan.audit()
    ids = audit.network.places.ids
    return {
        (name, str(ids[place]), tuple(str(ids[end]) for end in answer.b_ends)): (
            answer.level,
            answer.is_connected,
        )
        for name, of_sites in find_achievable(audit, seconds=0).answers.items()
        for place, answers in of_sites.items()
        for answer in answers
    }


@given(st.integers(0, 2**31))
@settings(max_examples=15, deadline=None)
def test_one_more_span_beside_another_takes_nothing_away_whatever_it_is_called(seed):
    """It runs between the same two points in a trench of its own, with free bores."""
    plan = draw_adversary(seed)
    old = random.Random(seed).choice(plan.rows["spans"])
    own = {
        "length_m": old["length_m"], "trench_id": "own", "bores_total": 2, "bores_used": 0,
    }  # fmt: skip
    before = answers_of(plan)
    after = [
        answers_of(plan.copy().span(name, old["from_id"], old["to_id"], **own))
        for name in ("a0", "z0")
    ]

    assert after[0] == after[1]
    assert before.keys() == after[0].keys()
    for about, (level, is_connected) in before.items():
        now, still_connected = after[0][about]
        assert still_connected or not is_connected, about
        assert now == "diverse" or level != "diverse", about
