"""The command `upgrades`, as a planner runs it."""

from __future__ import annotations

import json
import re
import signal
from importlib.resources import files

import pytest
from commands import read_tables
from workshop import workshop

from netgraph.inventory import read_inventory, write_inventory
from netgraph.report.contract import table_specs

LISTS = ("upgrades", "equipment_works")
BARE = ("--no-maps", "--no-workbook", "--no-gpkg")


@pytest.fixture
def inventory(tmp_path):
    return write_inventory(workshop().inventory(), tmp_path / "workshop")


def _money(rows):
    return sum(float(row["cost_yuan"]) for row in rows if row["chosen"] == "true")


def test_the_tables_add_up_and_the_upgraded_inventory_is_written(netgraph, inventory, tmp_path):
    out, upgraded = tmp_path / "plan", tmp_path / "upgraded"

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--apply", upgraded)

    assert run.code == 0, run.err
    assert "price level" in run.out
    tables = read_tables(out)
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    cost = _money(tables["upgrades"]) + _money(tables["equipment_works"])
    assert cost == pytest.approx(summary["cost_yuan"], abs=0.02)
    apart = summary["records_cost_yuan"] + summary["survey_cost_yuan"]
    assert apart == pytest.approx(summary["cost_yuan"], abs=0.02)
    assert summary["records_cost_yuan"] == 0  # the shipped prices are estimates
    assert summary["mismatches"] == 0
    benefit = [float(row["benefit"]) for row in tables["frontier"]]
    assert benefit == sorted(benefit)
    assert all(float(r["greedy_benefit"]) <= float(r["bound"]) + 1e-6 for r in tables["frontier"])
    assert {row["level_after"] for row in tables["upgrade_sites"]} == {"diverse"}
    assert "findings" in tables  # what the terminal has no room for is said to be there
    assert summary["outage_basis"] == "modelled"
    for table in ("upgrades", "equipment_works", "upgrade_sites"):
        assert {row["outage_basis"] for row in tables[table]} == {"modelled"}
        names = [c.name for c in table_specs()[table].columns if c.kind == "modelled"]
        cells = [row[name] for row in tables[table] for name in names]
        assert any(cells)
        assert all(len(cell.replace(".", "").strip("0")) <= 2 for cell in cells)
    assert len(read_inventory(upgraded).table("links")) > 5


def test_a_budget_is_kept_and_nothing_is_chosen_for_nothing(netgraph, inventory, tmp_path):
    out = tmp_path / "plan"

    assert netgraph("upgrades", inventory, *BARE, "-o", out, "--budget", 20000).code == 0
    assert json.loads((out / "summary.json").read_text("utf-8"))["cost_yuan"] <= 20000

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--budget", 0)

    assert run.code == 0
    works = [row for rows in (read_tables(out)[name] for name in LISTS) for row in rows]
    cheapest = min(float(row["cost_yuan"]) for row in works if not row.get("requires"))
    assert f"No work is chosen: the cheapest costs {cheapest:,.0f} yuan" in run.out


def test_a_target_is_reached_at_least_cost(netgraph, inventory, tmp_path):
    out = tmp_path / "plan"

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--target", "good")

    assert run.code == 0, run.err
    sites = read_tables(out)["upgrade_sites"]
    reached = {row["grade_after"] for row in sites if not row["why_not"]}
    assert reached <= {"good", "excellent"}


def test_missing_prices_are_named_and_their_works_listed_but_not_chosen(
    netgraph, inventory, tmp_path
):
    prices = tmp_path / "prices.toml"
    prices.write_text(
        'price_level = "2026"\n[prices]\nups = { yuan = 9000, unit = "yuan/piece" }\n', "utf-8"
    )

    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", "--prices", prices)

    assert run.code == 0, run.err
    assert "replace_device" in run.out
    works = read_tables(tmp_path / "plan")["equipment_works"]
    unpriced = [row for row in works if not row["cost_yuan"]]
    assert unpriced
    assert all(row["chosen"] == "false" for row in unpriced)
    assert all(row["needs_survey"] == "false" for row in works if row["kind"] == "ups")


def test_with_prices_of_ones_own_works_rest_on_the_records(netgraph, inventory, tmp_path):
    """Only works that are uncertain for a reason of their own are left to be surveyed."""
    shipped = files("netgraph.upgrades").joinpath("prices.toml").read_text("utf-8")
    prices = tmp_path / "prices.toml"
    prices.write_text(
        re.sub("is_default.*", "", shipped).replace("about 2012", "2026, tender"), "utf-8"
    )
    out = tmp_path / "plan"

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--prices", prices)

    assert run.code == 0, run.err
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    tables = read_tables(out)
    works = [*tables["upgrades"], *tables["equipment_works"]]
    assert not any("default_price" in row["survey_reasons"] for row in works)
    certain = [row for row in works if row["needs_survey"] == "false"]
    assert summary["records_cost_yuan"] == pytest.approx(_money(certain), abs=0.02)
    assert 0 < summary["records_cost_yuan"] < summary["cost_yuan"]
    assert f"Resting on the records: {summary['records_cost_yuan']:,.0f} yuan" in run.out
    assert {row["price_level"] for row in works} == {summary["price_level"]}
    by_kind = {row["kind"]: row["survey_reasons"] for row in works if row["sites"] == "S4"}
    assert "generated_entrance" in by_kind["second_entrance"]


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ('duct = { yuan = 7, unit = "万元/km" }', "convert the price"),
        ('duct = { wan_yuan = 7, unit = "yuan/km" }', "must be { yuan"),
        ("[other]\nduct = 7", "there is no key 'other'"),
    ],
)
def test_prices_in_another_unit_are_refused_and_nothing_is_written(
    netgraph, inventory, tmp_path, price, told
):
    prices = tmp_path / "prices.toml"
    prices.write_text(f'price_level = "2026"\n[prices]\n{price}\n', "utf-8")

    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", "--prices", prices)

    assert run.code == 2
    assert told in run.err
    assert not (tmp_path / "plan").exists()


def test_prices_in_another_currency_are_refused(netgraph, inventory, tmp_path):
    prices = tmp_path / "prices.toml"
    prices.write_text('price_level = "2026"\ncurrency = "EUR"\n[prices]\n', "utf-8")

    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", "--prices", prices)

    assert run.code == 2
    assert "convert the prices" in run.err


def test_a_corridor_to_an_unknown_point_is_named_and_its_site_says_why_it_stays(netgraph, tmp_path):
    builder = workshop().change("corridors", "R1", to_id="NOWHERE")
    inventory, out = write_inventory(builder.inventory(), tmp_path / "broken"), tmp_path / "plan"

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--no-re-homing")

    assert run.code == 0, run.err
    assert "NOWHERE" in run.err
    tables = read_tables(out)
    assert not [row for row in tables["upgrades"] if row["kind"] == "new_plant"]
    why = {row["site_id"]: row["why_not"] for row in tables["upgrade_sites"]}
    assert (why["S3"], why["S5"]) == ("no_candidate_avoids", "no_candidate_avoids")


def test_exactly_the_works_of_a_list_are_chosen_priced_and_re_assessed(
    netgraph, inventory, tmp_path
):
    first, second = tmp_path / "first", tmp_path / "second"
    assert netgraph("upgrades", inventory, *BARE, "-o", first).code == 0
    tables = read_tables(first)
    named = [r["project_id"] for r in tables["equipment_works"] if r["kind"] == "ups"]
    named += [r["project_id"] for r in tables["upgrades"] if r["kind"] == "re_home"]
    listed = tmp_path / "works.txt"
    listed.write_text("\n".join(["project_id", *named]), "utf-8")

    run = netgraph("upgrades", inventory, *BARE, "-o", second, "--works", listed)

    assert run.code == 0, run.err
    works = read_tables(second)
    chosen = {
        row["project_id"] for table in LISTS for row in works[table]
        if row["chosen"] == "true"
    }  # fmt: skip
    assert chosen == set(named)
    summary = json.loads((second / "summary.json").read_text("utf-8"))
    assert summary["mismatches"] == 0
    assert summary["bound"] > summary["benefit"] > 0  # the same money could buy more
    assert 0 < summary["greedy_cost_yuan"] <= summary["cost_yuan"]  # so is the list beside it
    listed.write_text("W-nothing\n", "utf-8")
    run = netgraph("upgrades", inventory, *BARE, "-o", second, "--works", listed)
    assert run.code == 2
    assert "no work 'W-nothing'" in run.err


def test_ctrl_c_while_rings_are_planned_keeps_the_best_plan(
    netgraph, inventory, tmp_path, monkeypatch
):
    def interrupt(*_):
        signal.raise_signal(signal.SIGINT)
        return iter([None])

    monkeypatch.setattr("netgraph.upgrades.protection.search.Search.relax", interrupt)
    out = tmp_path / "plan"

    run = netgraph("upgrades", inventory, *BARE, "-o", out)

    assert run.code == 0, run.err
    works = read_tables(out)["upgrades"]
    assert "new_plant" in {row["kind"] for row in works if row["chosen"] == "true"}
    rings = json.loads((out / "run.json").read_text("utf-8"))["ring_protection"]
    assert not rings["is_proven"]
    assert rings["lower_bound_yuan"] <= rings["cost_yuan"]
    assert "best plan so far" in run.err
    assert "Ended early" in run.out


@pytest.mark.parametrize(("stage", "presses"), [("assess", 1), ("propose_works", 2)])
def test_ctrl_c_before_there_is_a_plan_or_once_more_leaves_nothing(
    netgraph, inventory, tmp_path, monkeypatch, stage, presses
):
    def interrupt(*_, **__):
        for _ in range(presses):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(f"netgraph.assessment.planning.run.{stage}", interrupt)

    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan")

    assert run.code == 130
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--budget", -1), "0 or more"),
        (("--budget", "inf"), "no budget for no limit"),
        (("--target", "perfect"), "there is no grade 'perfect'"),
        (("--target", "good", "--budget", 5), "give one of them"),
        (("--tier", "platinum"), "there is no tier 'platinum'"),
        (("--tier", "gold"), "no scored site has the tier gold"),
    ],
)
def test_misuse_is_one_message_and_exit_code_2(netgraph, inventory, tmp_path, arguments, told):
    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", *arguments)

    assert run.code == 2
    assert told in run.err
    assert not (tmp_path / "plan").exists()


def test_unknown_sites_are_named_with_their_nearest(netgraph, inventory, tmp_path):
    sites = tmp_path / "sites.txt"
    sites.write_text("site_id\nS1\nS9\n", "utf-8")

    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", "--sites", sites)

    assert run.code == 2
    assert "'S9'" in run.err
    assert "Near names: S" in run.err


def test_the_summary_is_printed_in_chinese_too(netgraph, inventory, tmp_path):
    run = netgraph("upgrades", inventory, *BARE, "-o", tmp_path / "plan", "--lang", "zh")

    assert run.code == 0
    assert "价格水平" in run.out


def test_lists_layers_map_and_chart_are_written_unless_they_are_left_out(
    netgraph, inventory, tmp_path
):
    out, files = tmp_path / "plan", ("upgrades.xlsx", "upgrades.gpkg", "maps", "charts")

    assert netgraph("upgrades", inventory, "-o", out, "--lang", "zh").code == 0
    assert {path.name for path in out.iterdir()} == {*files, "tables", "summary.json", "run.json"}
    assert (out / "maps" / "before_after.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "maps" / "before_after.pdf").read_bytes().startswith(b"%PDF")
    assert (out / "charts" / "frontier.png").is_file()

    assert netgraph("upgrades", inventory, *BARE, "-o", out).code == 0
    assert not {path.name for path in out.iterdir()} & set(files)


def test_an_assessment_shows_a_plan_and_refuses_that_of_another_inventory(
    netgraph, inventory, tmp_path
):
    plan, out = tmp_path / "plan", tmp_path / "out"
    assert netgraph("upgrades", inventory, *BARE, "-o", plan).code == 0
    bare = ("--no-maps", "--search-seconds", 0)

    run = netgraph("assess", inventory, "-o", out, "--plan", plan, *bare)

    assert run.code == 0, run.err
    assert json.loads((out / "run.json").read_text("utf-8"))["plan"]["chosen"]

    sites = inventory / "sites.csv"
    sites.write_text(sites.read_text("utf-8-sig") + "\n", "utf-8")
    run = netgraph("assess", inventory, "-o", tmp_path / "out2", "--plan", plan, *bare)
    assert run.code == 2
    assert "made from another inventory" in run.err
    assert not (tmp_path / "out2").exists()

    run = netgraph("assess", inventory, "-o", tmp_path / "out2", "--plan", out, *bare)
    assert run.code == 2
    assert "no plan of works" in run.err


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("S1,太原支行\nS1\n", "gb18030"),
        ("site_id,name\r\nS1,太原\r\n", "utf-8-sig"),
        ("S1\n", "utf-16"),
    ],
)
def test_a_list_of_sites_may_come_out_of_any_office_program(
    netgraph, inventory, tmp_path, content, encoding
):
    sites, out = tmp_path / "sites.csv", tmp_path / "plan"
    sites.write_bytes(content.encode(encoding))

    run = netgraph("upgrades", inventory, *BARE, "-o", out, "--sites", sites, "--no-new-plant")

    assert run.code == 0, run.err
    assert [row["site_id"] for row in read_tables(out)["upgrade_sites"]] == ["S1"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件中没有网点"), (b"site_id\n", "文件中没有网点"),
        (b"\xff\xfe\xfd", "既非 UTF-8 也非 GB 18030"), (b"S1\nS77\n", "没有已评分的网点 'S77'"),
    ],
)  # fmt: skip
def test_a_list_of_sites_that_cannot_be_used_is_refused_in_chinese_and_nothing_is_written(
    netgraph, inventory, tmp_path, content, told
):
    sites, out = tmp_path / "sites.csv", tmp_path / "plan"
    sites.write_bytes(content)

    run = netgraph("upgrades", inventory, "-o", out, "--sites", sites, "--lang", "zh")

    assert run.code == 2
    assert told in run.err
    assert not out.exists()
