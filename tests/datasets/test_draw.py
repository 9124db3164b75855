"""Repeatable choices."""

from __future__ import annotations

from netgraph.datasets.draw import draw, pick, shuffled


def test_a_draw_depends_on_its_keys_alone():
    assert draw("a", 1) == draw("a", 1)
    assert draw("a", 1) != draw("a", 2)
    # The same on every machine, for what is committed depends on it.
    assert round(draw("a", 1), 9) == 0.697259746


def test_draws_spread_over_the_unit_interval():
    draws = [draw("spread", i) for i in range(2000)]
    assert all(0 <= value < 1 for value in draws)
    assert abs(sum(draws) / len(draws) - 0.5) < 0.03


def test_an_item_keeps_its_place_when_another_one_is_added():
    order = shuffled(range(10), "key")
    assert [item for item in shuffled(range(11), "key") if item != 10] == order


def test_a_pick_is_one_of_the_options():
    assert {pick("abc", "pick", i) for i in range(50)} == {"a", "b", "c"}
