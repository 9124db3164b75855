"""Price lists and weights: read whole, or refused with everything that is wrong."""

from __future__ import annotations

import pytest

from netgraph.errors import InputError
from netgraph.upgrades.prices import UNITS, load_prices
from netgraph.upgrades.settings import load_settings


def _write(tmp_path, text):
    path = tmp_path / "prices.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_shipped_prices_are_whole_and_marked_as_defaults():
    prices = load_prices()

    assert set(prices.yuan) == set(UNITS)
    assert prices.is_default
    assert prices.price_level


def test_the_five_plant_prices_give_the_published_total_of_a_ten_county_plan():
    """460 km of duct bores, 441 km of poles, 2,057 and 608 km of cable, 511 cabinets: 91.36 M."""
    cost = load_prices().cost_of(
        duct=460_000, pole_line=441_000, cable_aerial=2_057_000, cable_in_duct=608_000, cabinet=511
    )

    assert cost == pytest.approx(91_360_000, rel=0.02)


def test_a_missing_price_gives_no_cost_unless_nothing_of_it_is_needed(tmp_path):
    prices = load_prices(
        _write(
            tmp_path,
            """
        price_level = "2026"
        [prices]
        ups = { yuan = 9000, unit = "yuan/piece" }
    """,
        )
    )

    assert prices.cost_of(ups=2) == 18_000
    assert prices.cost_of(ups=1, duct=0) == 9000
    assert prices.cost_of(ups=1, duct=5) is None
    assert "duct" in prices.missing
    assert not prices.is_default


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('duct = { yuan = 70, unit = "yuan/m" }', "the unit is 'yuan/m', but .* 'yuan/km'"),
        ('ups = { yuan = -1, unit = "yuan/piece" }', "a number, 0 or more"),
        ('ups = { yuan = nan, unit = "yuan/piece" }', "a number, 0 or more"),
        ("ups = 12000", "prices.ups must be"),
        ('upss = { yuan = 1, unit = "yuan/piece" }', "there is no such price"),
    ],
)
def test_a_wrong_price_is_refused_with_its_cure(tmp_path, line, message):
    path = _write(tmp_path, f'price_level = "2026"\n[prices]\n{line}\n')

    with pytest.raises(InputError, match=message):
        load_prices(path)


def test_a_list_without_a_price_level_or_in_another_currency_is_refused(tmp_path):
    path = _write(tmp_path, 'currency = "USD"\nlevel = 1\n[prices]\n')

    with pytest.raises(InputError) as error:
        load_prices(path)

    assert len(error.value.problems) == 3


def test_the_weights_say_what_is_wrong_with_them(tmp_path):
    path = _write(
        tmp_path,
        """
        [tier_weight]
        diamond = 4
        gold = -3
        [benefit]
        grade = "ten"
        [works]
        link_protection = "none"
    """,
    )

    with pytest.raises(InputError) as error:
        load_settings(path)

    told = "\n".join(error.value.problems)
    for part in ("tier_weight.silver is missing", "tier_weight.gold must be", "grade must be",
                 "'none' protects nothing", "'point' is missing"):  # fmt: skip
        assert part in told
