"""The commands of the register, as people run them one after the other."""

from __future__ import annotations

import csv
import json
import re
import shutil
import tomllib
from datetime import date
from importlib.resources import files
from io import StringIO

import pytest
from commands import finish, start
from python_calamine import CalamineWorkbook
from rich.cells import cell_len
from works_bench import dated, write_plan
from workshop import workshop

import netgraph as ng
from netgraph.inventory import write_inventory
from netgraph.report import labels
from netgraph.report.contract import table_specs
from netgraph.works import WorksRegister


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plan for the workshop, and records of later days: with its works done, and undone."""
    folder = tmp_path_factory.mktemp("made")
    options = ng.UpgradeOptions(assessment=ng.Options(search_seconds=0), frontier_points=0)
    before = workshop().inventory()
    plan = ng.plan_upgrades(before, options)
    write_plan(plan, folder / "plan")
    write_inventory(dated(plan.inventory, date(2026, 12, 15)), folder / "later")
    write_inventory(dated(before, date(2027, 3, 15)), folder / "undone")
    write_inventory(plan.inventory, folder / "same_day")
    return folder


@pytest.fixture
def works(netgraph, made, tmp_path, monkeypatch):
    """Run `netgraph works ...` in a folder of its own, with the plan taken in."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return netgraph("works", *words)

    assert run("open", made / "plan", "--by", "Zhang").code == 0
    return run


def _ids(works, *words):
    told = json.loads(works("list", "--format", "json", *words).out)
    return [work["work_id"] for work in told]


def _submit(works, *names):
    assert works("assign", *names, "--to", "Li", "--verifier", "Wang", "--due", "2026-12-31",
                 "--by", "Zhang").code == 0  # fmt: skip
    assert works("submit", *names, "--by", "Li", "--on", "2026-11-20").code == 0


def test_the_whole_loop_from_the_plan_to_the_closing(works, made):
    ids = _ids(works)
    _submit(works, *ids)

    run = works("verify", made / "later", "--by", "Wang")

    assert run.code == 0, run.err
    assert f"{len(ids)} works held to the records of 2026-12-15" in run.out
    assert works("close", "--by", "Zhang").code == 0
    assert _ids(works, "--state", "closed") == ids
    assert works("open", made / "plan", "--by", "Zhang").out.startswith("0 works are new")
    assert _ids(works, "--state", "closed") == ids
    (whole,) = [r for r in _report(works) if r["scope"] == "all"]
    assert (whole["completion_ratio"], whole["on_time_ratio"], whole["overdue"]) == (1.0, 1.0, 0)
    assert whole["mean_days"] == (date(2026, 11, 20) - date(2026, 10, 1)).days


def _report(works, *words):
    return json.loads(works("report", "--format", "json", *words).out)


def test_what_fails_is_reopened_with_what_is_lacking_in_both_languages(works, made):
    ids = _ids(works)
    _submit(works, *ids)

    run = works("verify", made / "undone", "--by", "Wang", "--lang", "zh")

    assert run.code == 1
    assert "equipment:P2 的 hot_standby 现为 false，应为 true" in run.out
    assert "网点 S1 路由等级 现为 单路由，应不低于物理双路由" in run.out
    assert _ids(works, "--state", "reopened") == ids
    english = works("list", "--state", "reopened").out
    assert "equipment:P2 hot_standby is false, wanted: true" in english
    (whole,) = [r for r in _report(works) if r["scope"] == "all"]
    assert (whole["ever_reopened"], whole["reopened_ratio"], whole["overdue"]) == (
        len(ids), 1.0, len(ids),
    )  # fmt: skip


def test_overdue_counts_from_as_of_or_from_the_latest_records_never_from_the_clock(works):
    one, *_ = _ids(works)
    works("assign", one, "--to", "Li", "--verifier", "Wang", "--due", "2026-10-20", "--by", "Z")

    assert _ids(works, "--overdue") == []  # the latest records are of 2026-10-01
    assert _ids(works, "--overdue", "--as-of", "2026-10-20") == []
    assert _ids(works, "--overdue", "--as-of", "2026-10-21") == [one]
    assert "as of 2026-10-21" in works("report", "--as-of", "2026-10-21").out


def test_lists_are_printed_and_written_in_the_columns_of_the_contract(works, tmp_path):
    names = list(table_specs()["works"].names)
    printed = list(csv.reader(StringIO(works("list", "--format", "csv").out)))
    assert printed[0] == names
    assert works("list", "-o", "works.csv").code == 0
    with (tmp_path / "works.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == printed
    rates = list(csv.reader(StringIO(works("report", "--format", "csv").out)))
    assert rates[0] == list(table_specs()["works_rates"].names)
    for lang, sheets in (("en", ["Works", "Rates", "History"]),
                         ("zh", ["工程台账", "闭环指标", "处理记录"])):  # fmt: skip
        assert works("list", "-o", "works.xlsx", "--lang", lang).code == 0
        book = CalamineWorkbook.from_path(tmp_path / "works.xlsx")
        assert book.sheet_names == sheets
        rows = book.get_sheet_by_index(0).to_python()
        assert len(rows) == len(printed)
    assert rows[0][:4] == ["工程编号", "状态", "类型", "对象"]
    assert rows[1][1] == "发现"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_list_for_a_narrow_terminal_breaks_no_word_and_says_all(
    netgraph, works, monkeypatch, lang
):
    names = _ids(works)
    assert works("assign", *names, "--to", "Li", "--verifier", "Wang", "--due", "2026-12-31",
                 "--by", "Zhang").code == 0  # fmt: skip
    told = {}
    for columns in ("80", "200"):
        monkeypatch.setitem(netgraph.environment, "COLUMNS", columns)
        told[columns] = works("list", "--lang", lang).out
        assert max(map(cell_len, told[columns].splitlines())) <= int(columns)

    for work in json.loads(works("list", "--format", "json").out):
        kind = labels.label("upgrade_kind", work["kind"], lang)
        narrow = re.sub(r"\s+", " ", told["80"])
        for word in (work["work_id"], kind, *work["subject"].split(), "Li", "Wang"):
            assert word in narrow
        assert all(word in told["200"] for word in (work["work_id"], kind, work["subject"]))
    assert labels.text("register_what", lang) in told["80"]
    assert labels.text("register_what", lang) not in told["200"]


def test_the_same_register_gives_the_same_files(works, tmp_path):
    for name in ("one", "two"):
        works("list", "-o", f"{name}.xlsx")
        works("list", "-o", f"{name}.csv")
    for suffix in ("xlsx", "csv"):
        assert (tmp_path / f"one.{suffix}").read_bytes() == (
            tmp_path / f"two.{suffix}"
        ).read_bytes()


def test_one_work_is_shown_with_its_demands_and_its_history(works, made):
    (one,) = _ids(works, "--kind", "replace_device")
    _submit(works, one)
    works("verify", made / "undone", "--by", "Wang")

    run = works("show", one)

    assert run.code == 0
    for told in ("equipment:P2 hot_standby: true", "not before 2026-10-01", "opened", "submitted",
                 "verified against records", "2027-03-15", "Zhang", "Wang"):  # fmt: skip
        assert told in run.out
    chinese = works("show", one, "--lang", "zh").out
    assert re.search(r"数量 +[\u4e00-\u9fff]+ × 1", chinese)
    assert "netgraph 默认价" in chinese


def test_every_price_has_a_name_for_people_in_both_languages():
    lengths = {"duct", "pole_line", "buried", "cable_in_duct", "cable_aerial"}  # not in pieces
    prices = tomllib.loads(files("netgraph.upgrades").joinpath("prices.toml").read_text("utf-8"))
    assert set(labels.identifiers("price")) == set(prices["prices"]) - lengths


MISUSE = [
    (("start", "W-1", "--by", "Li"), "There is no work 'W-1'"),
    (("start", "--by", "Li"), "which works?"),
    (("assign", "--kind", "ups", "--to", "Li", "--verifier", "Li", "--due", "2027-01-01", "--by",
      "Z"), "name somebody else"),
    (("assign", "--kind", "ups", "--to", "Li", "--verifier", "W", "--due", "soon", "--by", "Z"),
     "--due soon: not a date"),
    (("submit", "--kind", "ups", "--by", "Li"), "can submit: that is possible from assigned"),
    (("close", "--by", "Li"), "that is possible from verified"),
    (("escalate", "--kind", "ups", "--by", "Li"), "needs a reason"),
    (("rename", "--kind", "ups", "--row", "sites:S1", "--by", "Wang"), "--now ID, or that it is"),
    (("list", "--state", "finished"), "the states are open, assigned"),
    (("list", "--kind", "patch"), "the kinds are onboard, add_management"),
    (("list", "-o", "works.pdf"), "written as .xlsx or .csv"),
    (("list", "--register", "other.sqlite"), "There is no works register"),
    (("open", ".", "--by", "Z"), "does not hold a plan of works"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "told"), MISUSE, ids=lambda value: str(value)[:40])
def test_misuse_is_one_message_and_exit_code_2_and_changes_nothing(works, tmp_path, words, told):
    before = (tmp_path / "works.sqlite").read_bytes()

    run = works(*words)

    assert run.code == 2
    assert told in run.err
    assert (tmp_path / "works.sqlite").read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"works.sqlite"}


def test_records_of_the_same_date_are_refused(works, made):
    ids = _ids(works)
    _submit(works, *ids)

    run = works("verify", made / "same_day", "--by", "Wang")

    assert run.code == 2
    assert "take a newer one" in run.err
    assert _ids(works, "--state", "submitted") == ids


def test_a_plan_of_another_inventory_is_refused(works, made, tmp_path):
    """By its name (unless that is said to have changed), and always by its sites."""
    other = tmp_path / "other"
    shutil.copytree(made / "plan", other)
    run = json.loads((other / "run.json").read_text("utf-8"))
    (other / "run.json").write_text(json.dumps({**run, "seconds": 1}), "utf-8")
    sites = other / "tables" / "upgrade_sites.csv"
    sites.write_text(sites.read_text("utf-8").replace("\nS", "\nX"), "utf-8")

    refused = works("open", other, "--by", "Zhang")

    assert refused.code == 2
    assert "none of the register's 5 sites is in it" in refused.err


def test_another_name_of_the_inventory_must_be_said_to_be_the_same_network(
    netgraph, made, tmp_path
):
    for name in ("North", "South"):
        folder = tmp_path / name
        shutil.copytree(made / "plan", folder)
        run = json.loads((folder / "run.json").read_text("utf-8"))
        (folder / "run.json").write_text(json.dumps({**run, "inventory": name}), "utf-8")
    words = ("--by", "Zhang", "--register", tmp_path / "r.sqlite")
    assert netgraph("works", "open", tmp_path / "North", *words).code == 0

    refused = netgraph("works", "open", tmp_path / "South", *words)

    assert refused.code == 2
    assert "'South', the register about 'North'" in refused.err
    assert netgraph("works", "open", tmp_path / "South", *words, "--same-network").code == 0


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda p: (p / "tables" / "acceptance.csv").unlink(), "acceptance.csv: cannot be read"),
        (
            lambda p: (p / "tables" / "upgrades.csv").write_text("project_id,kind\n", "utf-8"),
            "the columns priority, chosen, sites",
        ),
        (lambda p: _change_run(p, snapshot_date=None), "had no snapshot date"),
        (lambda p: (p / "run.json").write_text("{", "utf-8"), "does not hold a plan of works"),
        (
            lambda p: _replace(p / "tables" / "equipment_works.csv", ",25000,", ",dear,"),
            "cost_yuan is 'dear', expected a number",
        ),
    ],
)
def test_a_spoilt_plan_is_refused_with_what_is_wrong(netgraph, made, tmp_path, spoil, told):
    shutil.copytree(made / "plan", tmp_path / "plan")
    spoil(tmp_path / "plan")

    run = netgraph(
        "works", "open", tmp_path / "plan", "--by", "Z", "--register", tmp_path / "r.sqlite"
    )

    assert run.code == 2
    assert told in run.err
    assert not (tmp_path / "r.sqlite").exists()


def _change_run(plan, **values):
    run = json.loads((plan / "run.json").read_text("utf-8"))
    (plan / "run.json").write_text(json.dumps({**run, **values}), "utf-8")


def _replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_commands_of_several_people_at_once_are_all_kept(works, tmp_path):
    ids = _ids(works)[:2]
    running = [
        start("works", "assign", name, "--to", "Li", "--verifier", "Wang", "--due", "2027-01-01",
              "--by", f"clerk of {name}", "--register", tmp_path / "works.sqlite")
        for name in ids
    ]  # fmt: skip

    assert [finish(process).code for process in running] == [0, 0]

    found = WorksRegister(tmp_path / "works.sqlite").history(ids)
    assert {e.by for e in found if e.step == "assign"} == {f"clerk of {name}" for name in ids}


def test_help_of_every_command_fits(netgraph, monkeypatch):
    monkeypatch.setitem(netgraph.environment, "COLUMNS", "100")
    for command in ("", "open", "list", "assign", "verify", "rename"):
        run = netgraph("works", *filter(None, [command]), "-h")
        assert (run.code, run.err) == (0, "")
        assert max(len(line) for line in run.out.splitlines()) <= 100
