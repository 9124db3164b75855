from __future__ import annotations

from importlib.resources import files

import pytest

from netgraph.diversity.availability import load_rates
from netgraph.errors import InputError
from netgraph.messages import say_message

SHIPPED = files("netgraph.diversity.availability").joinpath("rates.toml").read_text("utf-8")


@pytest.fixture
def changed(tmp_path):
    """Load the shipped rates with one text replaced."""

    def load(old, new):
        assert old in SHIPPED
        path = tmp_path / "my_rates.toml"
        path.write_text(SHIPPED.replace(old, new), encoding="utf-8")
        return load_rates(path)

    return load


def problems(load, *change):
    with pytest.raises(InputError) as caught:
        load(*change)
    return caught.value.problems


def test_the_shipped_rates_hold_the_sourced_figures():
    rates = load_rates()
    assert set(rates.access_per_km_year.values()) == {0.0072}
    assert set(rates.backbone_per_km_year.values()) == {0.0033}
    assert rates.target_minutes_year("diamond") == pytest.approx(52.56)
    assert rates.target_minutes_year("standard") == pytest.approx(2628.0)
    assert rates.repair_hours("gold", "access") == 4.0


def test_twenty_kilometres_of_single_route_take_most_of_a_diamond_year():
    rates = load_rates()
    minutes = 20 * rates.access_per_km_year["duct"] * rates.repair_hours("diamond", "access") * 60
    assert minutes == pytest.approx(34.6, abs=0.1)


def test_zero_is_a_rate(changed):
    assert changed("device = 0.02 ", "device = 0 ").per_year["device"] == 0.0


def test_areas_have_no_rate_unless_their_kind_is_given_one(changed):
    assert load_rates().risk_rate("flood", "hazard-Q100") == 0.0
    assert load_rates().risk_rate("flood", "R1") == 0.01, "a recorded group is no area"
    table = "[failures_per_hazard_year]"
    rates = changed(table, f"{table}\nflood = 0.02")
    assert rates.risk_rate("flood", "hazard-Q100") == 0.02
    (problem,) = problems(changed, table, f"{table}\nflood = -1")
    assert "failures_per_hazard_year.flood must be a number, 0 or more" in problem


def test_a_missing_rate_is_named_with_its_cure(changed):
    (problem,) = problems(changed, "pole_line = 0.0033", "")
    assert "failures_per_km_year.backbone.pole_line is missing; write 0" in problem


def test_everything_that_is_wrong_is_named_at_once(changed):
    found = problems(changed, "room = 0.005 ", 'room = -1\nbuilding_site = 2\nradioo = "often"\n#')
    assert len(found) == 3
    assert any("failures_per_year.room must be a number, 0 or more, not -1" in p for p in found)
    assert sum("there is no rate failures_per_year." in p for p in found) == 2


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("diamond = 99.99", "diamond = 0", "target_percent.diamond must be a percentage"),
        ("diamond = 99.99", "diamond = 101", "target_percent.diamond must be a percentage"),
        ("diamond = 99.99", "diamond = true", "target_percent.diamond must be a percentage"),
        ("access = 24.0 ", "access = 0 ", "repair_h.standard.access must be a number above 0"),
        ("room = 0.005", "room = nan", "failures_per_year.room must be a number, 0 or more"),
        ("room = 0.005", "room = inf", "failures_per_year.room must be a number, 0 or more"),
        ("factor = 1.4142", "factor = 0.99", "straight_line_factor must be 1 or more, or 0"),
        ("factor = 1.4142", "factor = -1", "straight_line_factor must be 1 or more, or 0"),
        ("factor = 1.4142", "factor = inf", "straight_line_factor must be 1 or more, or 0"),
        ("factor = 1.4142", "factor = true", "straight_line_factor must be 1 or more, or 0"),
        ("[repair_h.gold]", "[repair_h.platinum]", "there is no rate repair_h.platinum"),
        ("[repair_h.gold]", "[repair_h.platinum]", "the table [repair_h.gold] is missing"),
        ("[switching]", "[switch]", "there is no rate switch; remove it"),
        ("other = 0.01", "flood = 0.01", "failures_per_risk_year.other is missing"),
    ],
)
def test_a_wrong_value_is_named(changed, old, new, wanted):
    assert any(wanted in problem for problem in problems(changed, old, new))


@pytest.mark.parametrize("factor", [0, 1, 1.5])
def test_a_way_is_as_long_as_the_straight_line_or_longer_or_not_guessed(changed, factor):
    assert changed("factor = 1.4142", f"factor = {factor}").straight_line_factor == factor


def test_a_way_shorter_than_the_straight_line_is_refused_in_chinese_too(changed):
    (problem,) = problems(changed, "factor = 1.4142", "factor = 0.5")
    assert say_message(problem, "zh").endswith(
        "length.straight_line_factor 应为不小于 1 的数，或为 0（没有长度就不给数值），不能为 0.5。"
    )


def test_a_kind_of_risk_may_be_given_its_own_rate(changed):
    rates = changed("other = 0.01", "flood_zone = 0.2\nother = 0.01")
    assert rates.risk_rate("flood_zone") == 0.2
    assert rates.risk_rate("landslide") == 0.01


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "rates.toml"
    with pytest.raises(InputError, match="cannot be read as TOML"):
        load_rates(path)
    path.write_text("[", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read as TOML"):
        load_rates(path)
