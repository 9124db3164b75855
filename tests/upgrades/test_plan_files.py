"""What a planner holds in hand after a plan of works: workbook, GeoPackage, map, chart."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pyogrio
import pytest
import shapely
from python_calamine import CalamineWorkbook
from workshop import workshop

import netgraph as ng
from netgraph.assessment import Handover, write_assessment
from netgraph.assessment.handover.geopackage import plant_layers
from netgraph.assessment.handover.pdf import report_of
from netgraph.assessment.planning.write import PlanFiles, write_upgrades
from netgraph.assessment.works.layers import plan_layers
from netgraph.assessment.works.read import check_fits, read_plan
from netgraph.assessment.works.workbook import plan_book
from netgraph.errors import InputError
from netgraph.inventory import read_inventory, write_inventory
from netgraph.report import labels
from netgraph.report.figures import round_modelled
from netgraph.report.geopackage import write_layers
from netgraph.report.pdf import Figure as FigureBlock
from netgraph.report.pdf import Table
from netgraph.report.workbook import sheet_specs, write_book
from netgraph.upgrades.action import Kind, Survey

BARE = PlanFiles(workbook=False, geopackage=False, maps=False)


@pytest.fixture(scope="module")
def plan(workshop_plan):
    """Without a budget; some works are proposed and not chosen."""
    return workshop_plan


@pytest.fixture(scope="module")
def written(plan, tmp_path_factory):
    return write_upgrades(plan, tmp_path_factory.mktemp("plan") / "plan", BARE)


@pytest.fixture(scope="module")
def geopackage(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("gpkg") / "upgrades.gpkg"
    layers = plan_layers(plan.before, plan.works, "zh")
    write_layers([*layers, *plant_layers(plan.before.network, "zh")], path)
    return path


@pytest.fixture(scope="module")
def book(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "upgrades.xlsx"
    write_book(plan_book(plan.before, plan.works), path)
    found = CalamineWorkbook.from_path(path)
    return {name: found.get_sheet_by_name(name).to_python() for name in found.sheet_names}


def test_the_plan_is_one_that_leaves_something_out(plan):
    assert 0 < len(plan.works.chosen) < len(plan.works.works)
    assert [work.priority for work in plan.works.works] == list(range(1, len(plan.works.works) + 1))
    assert {work.kind for work in plan.works.chosen} >= {"new_plant", "re_patch"}


def test_a_plan_read_back_is_the_plan_that_was_written(plan, written):
    read = read_plan(written)

    assert read.works.summary.as_json() == plan.works.summary.as_json()
    assert [w.work_id for w in read.works.works] == [w.work_id for w in plan.works.works]
    for one, other in zip(read.works.works, plan.works.works, strict=True):
        rough = pytest.approx(other.benefit, abs=1e-4)
        assert one.benefit == rough
        assert (one.kind, one.sites, one.is_chosen, one.ring) == (
            other.kind, other.sites, other.is_chosen, other.ring,
        )  # fmt: skip
        assert [part.geometry for part in one.parts] == [part.geometry for part in other.parts]
        assert one.after.grade == other.after.grade
    assert check_fits(read, plan.before) is read.works


def test_a_plan_for_another_inventory_is_refused(written, tmp_path):
    other = workshop()
    other.structure("M-more")
    folder = write_inventory(other.inventory(), tmp_path / "other")
    results = ng.assess(read_inventory(folder), ng.Options(search_seconds=0))

    with pytest.raises(InputError, match="made from another inventory"):
        check_fits(read_plan(written), results)


def test_a_plan_by_another_scorecard_is_refused_with_the_sites_that_differ(plan, written):
    card = plan.before.options.card
    half = tuple(replace(grade, min_pct=grade.min_pct // 3) for grade in card.grades)
    options = replace(plan.before.options, card=replace(card, grades=half))
    results = ng.assess(plan.before.network.inventory, options)

    with pytest.raises(InputError, match=r"S1.*stand otherwise.*another scorecard"):
        check_fits(read_plan(written), results)


def test_a_folder_that_is_no_plan_and_a_table_that_is_broken_are_refused(plan, tmp_path):
    with pytest.raises(InputError, match="no plan of works"):
        read_plan(tmp_path)
    out = write_upgrades(plan, tmp_path / "plan", BARE)
    table = out / "tables" / "frontier.csv"
    table.write_text(table.read_text("utf-8-sig").replace("true", "perhaps"), "utf-8")

    with pytest.raises(InputError, match=r"frontier\.csv: row 2, proven: 'perhaps' is no bool"):
        read_plan(out)


def test_layers_have_every_chosen_work_with_its_metres_and_its_cost_once(plan, geopackage):
    lines = pyogrio.read_dataframe(geopackage, layer="new_plant")
    chosen = {work.work_id: work for work in plan.works.chosen if work.is_line_work}

    assert set(lines["project_id"]) == set(chosen)
    assert lines["cost_yuan"].sum() == pytest.approx(sum(w.cost_yuan for w in chosen.values()))
    metres = lines.groupby("part")["length_m"].sum()
    by_medium = plan.upgrades[plan.upgrades["chosen"]]
    assert metres["duct"] == pytest.approx(by_medium["duct_m"].sum())
    assert lines.crs == "EPSG:4326"
    ducts = lines[lines["part"] == "duct"]
    assert {ring.split(";")[1] for ring in ducts["ring"]} == {"S3", "S4"}
    dug = ducts[ducts["ring"].str.contains("S3")].iloc[0]
    ends = shapely.get_coordinates(dug.geometry)
    places = plan.before.network.places
    for name, point in (("S3", ends[0]), ("A2", ends[-1])):
        place = places.index.find(name)
        assert point == pytest.approx((places.lon[place], places.lat[place]))


def test_sites_stand_before_and_after_with_what_is_done_there(plan, geopackage):
    sites = pyogrio.read_dataframe(geopackage, layer="sites").set_index("site_id")
    expected = plan.sites.set_index("site_id")
    assert list(sites["grade_after"]) == list(expected.loc[sites.index, "grade_after"])

    works = pyogrio.read_dataframe(geopackage, layer="works").set_index("site_id")
    for site, row in works.iterrows():
        assert row["project_ids"].split(";") == [w.work_id for w in plan.works.of_site()[site]]
        assert row["geometry"].equals(sites.loc[site, "geometry"])


def test_new_plant_is_thick_green_and_dashed_and_every_value_has_its_style(geopackage):
    with closing(sqlite3.connect(geopackage)) as database:
        styles = dict(database.execute("SELECT f_table_name, styleQML FROM layer_styles"))
    assert set(styles) == {
        "works", "new_plant", "sites", "alternatives", "offices", "structures", "plant",
    }  # fmt: skip
    for name, qml in styles.items():
        renderer = ET.fromstring(qml).find("renderer-v2")  # noqa: S314 - written by us a moment ago
        values = {category.get("value") for category in renderer.findall("categories/category")}
        frame = pyogrio.read_dataframe(geopackage, layer=name)
        assert set(frame[renderer.get("attr")].dropna()) <= values
    root = ET.fromstring(styles["new_plant"])  # noqa: S314 - as above
    number = {c.get("value"): c.get("symbol") for c in root.iter("category")}["duct"]
    look = {
        option.get("name"): option.get("value")
        for option in root.find(f".//symbol[@name='{number}']").iter("Option")
    }
    assert look["line_color"] == "0,158,115,255"
    assert look["use_custom_dash"] == "1"
    assert float(look["line_width"]) > 1


def test_the_reasons_of_the_summary_are_those_of_the_sites(plan):
    options = replace(plan.options, budget_yuan=0.0, frontier_points=0)
    nothing = ng.plan_upgrades(plan.before, options)

    assert nothing.summary.reasons == {"not_within_budget": len(nothing.sites)}
    assert list(nothing.sites["why_not"]) == ["not_within_budget"] * len(nothing.sites)


def test_the_workbook_has_the_lists_of_the_trade_filled_from_the_plan(plan, book):
    assert list(book) == [
        "摘要",
        "成环改造清单",
        "设备整改清单",
        "网点改造前后",
        "未达标网点",
        "投资与收益",
    ]
    rings, devices = book["成环改造清单"], book["设备整改清单"]
    assert rings[0][:5] == ["项目编号", "优先级", "改造类型", "涉及网点", "新建段起止"]
    assert {
        "芯数",
        "价格水平",
        "受益电路数",
        "每万元收益",
        "约束(路权/管孔/过路)",
        "建议完成时间",
    } <= set(rings[0])
    assert {"网点", "设备编号", "型号", "问题", "处理", "数量"} <= set(devices[0])
    money = 0.0
    for heading, *rows in (rings, devices):
        assert all(row[heading.index("依据(记录行)")] for row in rows)
        priorities = [row[heading.index("优先级")] for row in rows]
        assert priorities == sorted(priorities)
        cost, chosen = heading.index("估算投资(万元)"), heading.index("入选")
        money += sum(row[cost] for row in rows if row[chosen] == "是")
    assert money * 10_000 == pytest.approx(plan.summary.cost_yuan)
    heading, *rows = rings
    dug = next(row for row in rows if row[heading.index("改造类型")] == "新建管道成环")
    assert dug[heading.index("管道(km)")] == pytest.approx(0.8)
    assert dug[heading.index("改造前评级")] == "差"
    heading, *rows = book["未达标网点"]
    left = plan.sites[plan.sites["why_not"].notna()]
    assert {row[0] for row in rows if row[heading.index("原因")]} == set(left["site_id"])


def test_outages_before_and_after_stand_in_the_lists_and_the_layers(plan, book, geopackage):
    """Modelled, to two digits; a new device is in hot standby and fails less often."""
    work = next(w for w in plan.works.chosen if w.kind == "replace_device")
    assert work.before.outage_minutes_year > work.after.outage_minutes_year > 0
    assert work.before.faults_month > work.after.faults_month > 0
    for sheet, shown in (("设备整改清单", work), ("网点改造前后", plan.works.sites[0])):
        heading, *rows = book[sheet]
        key = work.work_id if shown is work else shown.site_id
        told = dict(zip(heading, next(row for row in rows if row[0] == key), strict=True))
        for when, standing in (("前", shown.before), ("后", shown.after)):
            minutes, faults = standing.outage_minutes_year, standing.faults_month
            assert told[f"改造{when}年中断(分钟，模型值)"] == round_modelled(minutes)
            assert told[f"改造{when}月故障(次，模型值)"] == round_modelled(faults)

    lines = pyogrio.read_dataframe(geopackage, layer="new_plant").set_index("project_id")
    built = next(w for w in plan.works.chosen if w.work_id in lines.index)
    row = lines.loc[[built.work_id]].iloc[0]
    assert row["outage_minutes_after"] == round_modelled(built.after.outage_minutes_year)
    assert row["faults_month_before"] == round_modelled(built.before.faults_month)
    assert row["outage_basis"] == "modelled"


def test_a_site_that_nothing_leads_around_names_the_place_in_the_workbook(plan, tmp_path):
    stuck = replace(plan.works.sites[0], why_not="no_candidate_avoids", bottlenecks=("M1", "D1+D2"))
    book = plan_book(plan.before, replace(plan.works, sites=(stuck,)))
    write_book(book, tmp_path / "plan.xlsx")

    found = CalamineWorkbook.from_path(tmp_path / "plan.xlsx").get_sheet_by_name("未达标网点")
    heading, row = found.to_python()
    told = dict(zip(heading, row, strict=True))
    assert told["原因"] == "候选路径均绕不开同一风险"
    assert told["绕不开的资源"] == "M1；D1+D2"


def test_every_word_of_the_lists_is_in_the_catalogue(plan):
    assert set(labels.identifiers("survey_reason")) == {reason.value for reason in Survey}
    assert set(labels.identifiers("upgrade_kind")) == {kind.value for kind in Kind}
    known = set(labels.identifiers("work_problem"))
    found = {problem for work in plan.works.works for problem in work.problems}
    assert found <= known
    for spec in sheet_specs().values():
        for column in spec.columns:
            if column.words:
                assert labels.identifiers(column.words), column


def test_an_assessment_shows_the_chosen_works_in_every_file(plan, tmp_path):
    out = tmp_path / "out"
    write_assessment(plan.before, out, handover=Handover(charts=False, works=plan.works))

    book = CalamineWorkbook.from_path(out / "assessment.xlsx")
    heading, *rows = book.get_sheet_by_name("成环改造清单").to_python()
    chosen = [work for work in plan.works.chosen if work.is_line_work]
    assert [row[0] for row in rows] == [work.work_id for work in chosen]
    heading, *rows = book.get_sheet_by_name("设备整改清单").to_python()
    planned = {
        row[heading.index("设备编号")]: row[heading.index("方案项目")] for row in rows
    }  # fmt: skip
    replaced = next(work for work in plan.works.chosen if work.kind == "replace_device")
    assert planned[replaced.element_id] == replaced.work_id
    layers = dict(pyogrio.list_layers(out / "assessment.gpkg").tolist())
    assert layers["new_plant"] == "MultiLineString"
    assert layers["works"] == "Point"
    assert (out / "maps" / "before_after.png").is_file()
    page = (out / "report.html").read_text("utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    assert data["tables"]["works"]["work_id"]["x"]
    assert data["works"]["priceLevel"] == "2026, of the tests"
    run = json.loads((out / "run.json").read_text("utf-8"))
    assert run["plan"]["chosen"] == [work.work_id for work in plan.works.chosen]


def test_the_printed_report_has_a_chapter_on_the_works(plan):
    pictures = {"before_after": Path("before_after.png"), "frontier": Path("frontier.png")}

    sections = {s.title: s for s in report_of(plan.before, pictures, plan.works).sections}

    blocks = sections["整改工程"].blocks
    assert {block.path.stem for block in blocks if isinstance(block, FigureBlock)} == set(pictures)
    tables = [block for block in blocks if isinstance(block, Table)]
    kinds, grades, line, devices = tables
    money = sum(float(row[4].replace(",", "")) for row in kinds.rows)
    assert money == pytest.approx(plan.summary.cost_yuan / 10_000, abs=0.5)
    assert [row[1] for row in grades.rows] == [str(n) for n in plan.summary.grades_before.values()]
    shared = {w.work_id for w in plan.works.chosen if w.reason == "shared_section"}
    on_line = [w for w in plan.works.chosen if w.is_line_work and w.work_id not in shared]
    assert [row[0] for row in line.rows] == [str(work.priority) for work in on_line]
    on_devices = [w for w in plan.works.chosen if not w.is_line_work]
    assert [row[0] for row in devices.rows] == [str(work.priority) for work in on_devices[:12]]
    without = report_of(plan.before, {}).sections
    assert next(s for s in without if s.title == "整改工程").blocks[0].look == "note"


def test_the_same_plan_gives_the_same_bytes_dated_by_its_snapshot(plan, tmp_path):
    files = PlanFiles(maps=False)
    outs = [write_upgrades(plan, tmp_path / name, files) for name in "ab"]

    for path in sorted(outs[0].rglob("*")):
        if path.is_file() and path.name != "run.json":
            other = outs[1] / path.relative_to(outs[0])
            assert path.read_bytes() == other.read_bytes(), path.name
