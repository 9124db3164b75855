"""The Excel workbook, read back by another library."""

from __future__ import annotations

import io
import re
from datetime import date
from itertools import pairwise
from zipfile import ZipFile

import pytest
import xlsxwriter
from builders import PlantBuilder
from handed_over import HOSTILE, hostile_assessment, small_assessment
from python_calamine import CalamineWorkbook

import netgraph as ng
from netgraph.assessment import Options
from netgraph.assessment.handover import carried, workbook_lists
from netgraph.assessment.handover.carried import carried_resources
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.workbook import workbook_of
from netgraph.inventory import load_schema
from netgraph.messages import Message, say_message
from netgraph.report import labels
from netgraph.report.summary import Summary
from netgraph.report.workbook import Book, Sheet, SheetNote, sheet_specs, write_book
from netgraph.report.workbook.blocks import Blocks
from netgraph.report.workbook.cells import LONGEST_CELL, shows_of
from netgraph.report.workbook.columns import ValueColumn
from netgraph.report.workbook.formats import Formats
from netgraph.report.workbook.specs import SheetColumn

ASSESSMENT_SHEETS = {
    name: spec for name, spec in sheet_specs().items() if "assessment" in spec.books.split(";")
}
CHINESE_LISTS = {
    "单路由网点清单": ["序号", "地市", "区县", "客户名称", "网点编号", "网点名称", "服务等级"],
    "双路由隐患排查清单": ["隐患编号", "隐患等级", "客户/网点", "电路编号", "主用路由", "备用路由"],
    "成环改造清单": ["项目编号", "优先级", "改造类型", "涉及网点", "新建段起止"],
    "设备整改清单": ["网点"],
    "共享风险组清单": ["资源编号", "类型", "承载光缆数", "承载电路数"],
    "账实不符清单": ["序号", "地市", "客户名称"],
}


def read_back(assessment, path):
    write_book(workbook_of(assessment), path)
    return {
        name: CalamineWorkbook.from_path(path).get_sheet_by_name(name).to_python()
        for name in CalamineWorkbook.from_path(path).sheet_names
    }


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    return {
        lang: read_back(small_assessment(lang), tmp_path_factory.mktemp("book") / f"{lang}.xlsx")
        for lang in ("zh", "en")
    }


def test_values_of_a_column_that_are_equal_but_read_otherwise_are_kept_apart():
    values = (True, 1, 1.0, "1", None, 1, True)
    column = ValueColumn(values)

    assert column.spread(column.each(str)) == [str(value) for value in values]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_is_there_in_its_order_under_its_name(sheets, lang):
    named = [spec.title(lang) for spec in ASSESSMENT_SHEETS.values()]

    assert list(sheets[lang])[1:] == named
    assert next(iter(sheets[lang])) == {"zh": "摘要", "en": "Summary"}[lang]


def test_the_six_lists_have_the_chinese_headings_of_the_trade(sheets):
    for name, headings in CHINESE_LISTS.items():
        assert sheets["zh"][name][0][: len(headings)] == headings


def test_tables_have_as_many_rows_as_the_assessment(sheets):
    assessment = small_assessment("en")
    for name, title in (("sites", "Sites"), ("circuits", "Circuits"), ("cities", "Cities"),
                        ("customers", "Customers"), ("findings", "Data findings")):  # fmt: skip
        assert len(sheets["en"][title]) == 1 + len(assessment.rows(name))


def test_sites_stand_worst_first_with_numbers_as_numbers(sheets):
    heading, *rows = sheets["en"]["Sites"]

    assert [row[0] for row in rows] == list(range(1, 7))
    ratios = [row[heading.index("Ratio")] for row in rows]
    expected = small_assessment("en").sites.set_index("site_id")["ratio"]
    assert ratios == pytest.approx([expected[row[1]] for row in rows])


def test_the_lists_hold_exactly_the_sites_and_hazards_that_belong_there(sheets):
    assessment = small_assessment("en")
    sites, hazards = assessment.sites, assessment.hazards
    single = sites[sites["recorded_level"].isin(["single_route", "same_link", "same_cable"])]
    booked = sites[sites["claimed_route"].isin(["dual", "ring"])]
    wrong = booked[~booked["recorded_level"].isin(["diverse", "separated"])]
    shared = hazards[hazards["kind"] != "single_route"]

    def column(sheet, heading):
        head, *rows = sheets["en"][sheet]
        return [row[head.index(heading)] for row in rows]

    assert set(column("Single-route sites", "Site")) == set(single["site_id"])
    assert column("Same-route hazards", "Hazard") == list(shared["hazard_id"])
    assert set(column("Ledger differs", "Site")) == set(wrong["site_id"])
    assert all(column("Ledger differs", "Record that settles it"))


def test_a_sheet_without_rows_says_why(sheets):
    assert "netgraph upgrades" in sheets["en"]["Ring works"][1][0]


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    rows = read_back(hostile_assessment(), tmp_path / "b.xlsx")["Sites"]
    heading, *rows = rows

    names = {row[heading.index("Name")] for row in rows}
    assert names == {HOSTILE[i % len(HOSTILE)] for i in range(6)}
    with ZipFile(tmp_path / "b.xlsx") as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)
        assert b"quotePrefix" in parts.read("xl/styles.xml")


def test_text_too_long_for_a_cell_is_cut_and_broken_text_is_written(tmp_path):
    width = len(sheet_specs()["findings"].columns)
    rows = [["R", "error", "t", "x" * 40_000, "\ud800", "a\x00b", "=1"][:width]]
    write_book(Book(Summary(0, 0), [Sheet("findings", rows)]), tmp_path / "b.xlsx")
    row = CalamineWorkbook.from_path(tmp_path / "b.xlsx").get_sheet_by_index(1).to_python()[1]

    assert len(row[3]) == LONGEST_CELL
    assert row[3].endswith("…")
    assert row[4] == "\\ud800"


def test_text_longer_than_its_column_goes_on_in_a_higher_row(tmp_path):
    short, long = (
        ["R1", "error", "t", "1", "p", "短", "h"],
        ["R2", "error", "t", "2", "p", "长" * 60, ""],
    )
    write_book(Book(Summary(0, 0), [Sheet("findings", [short, long])]), tmp_path / "b.xlsx")
    with ZipFile(tmp_path / "b.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet2.xml").decode()
        styles = parts.read("xl/styles.xml").decode()

    heights = dict(re.findall(r'<row r="(\d+)"(?: spans="[^"]*")?(?: ht="([\d.]+)")?', sheet))
    assert heights["2"] == ""
    assert 45 < float(heights["3"]) < 80  # 120 columns of text in a column of 40
    style = int(re.search(r'<c r="F3" s="(\d+)"', sheet)[1])
    assert (
        'wrapText="1"' in re.findall(r"<xf .*?(?:/>|</xf>)", styles.partition("<cellXfs")[2])[style]
    )


def test_the_scorecard_says_in_both_languages_when_an_item_passes(sheets):
    rules = {
        lang: [row[sheets[lang][name][0].index(heading)] for row in sheets[lang][name][1:]]
        for lang, name, heading in (
            ("zh", "评分标准", "通过条件"),
            ("en", "Scorecard", "Passes if"),
        )
    }
    assert len(rules["zh"]) == len(rules["en"]) == 28
    assert all(rules["en"])
    assert all(any(letter > "\u4e00" for letter in rule) for rule in rules["zh"])


def test_the_same_assessment_gives_the_same_bytes_dated_by_its_snapshot(tmp_path):
    for name in ("1", "2"):
        write_book(workbook_of(small_assessment("zh")), tmp_path / name)

    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()
    day = small_assessment("zh").network.inventory.snapshot_date
    assert isinstance(day, date)
    with ZipFile(tmp_path / "1") as parts:
        assert day.isoformat() in parts.read("docProps/core.xml").decode()


def test_every_table_has_a_frozen_heading_a_filter_and_its_heading_on_every_page(tmp_path):
    write_book(workbook_of(small_assessment("en")), tmp_path / "b.xlsx")
    with ZipFile(tmp_path / "b.xlsx") as parts:
        for number, title in enumerate(ASSESSMENT_SHEETS, start=2):
            sheet = parts.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert 'state="frozen"' in sheet
            assert ("<autoFilter" in sheet) == (title != "ring_works")
            assert 'fitToHeight="0"' in sheet
        book = parts.read("xl/workbook.xml").decode()
    assert book.count("_xlnm.Print_Titles") == len(ASSESSMENT_SHEETS)


def test_resources_count_what_runs_through_them():
    """Held against sets, circuit by circuit."""
    assessment = small_assessment("en")
    network = assessment.network
    elements, routes = network.elements, network.circuits.routes
    through = {}
    for circuit in range(len(network.circuits)):
        for route in network.circuits.routes_of(circuit).tolist():
            for link in routes.links.row(route).tolist():
                for element in elements.of_link.row(link).tolist():
                    through.setdefault(str(elements.ids[element]), set()).add(circuit)

    found = carried_resources(assessment, Naming(assessment))
    resources = found.resources

    assert found.left_out == 0
    assert [r.circuits for r in resources] == sorted((r.circuits for r in resources), reverse=True)
    for resource in resources:
        if resource.kind != "risk_group":
            circuits = through[resource.resource_id]
            assert resource.circuits == len(circuits) >= 2
            assert resource.sites == len({int(network.circuits.a[c]) for c in circuits})
            assert resource.customers == len({network.circuits.customer[c] for c in circuits})


def test_a_risk_group_carries_the_circuits_of_all_its_members():
    """Two sites on two ducts that one flood takes.

    ::

        S1 --D1-- K
        S2 --D2-- K      flood: D1, D2
    """
    plan = PlantBuilder().office("K").site("S1").site("S2")
    for i in ("1", "2"):
        plan.span(f"D{i}", f"S{i}", "K").cable(f"C{i}", f"S{i}", "K", [f"D{i}"])
        plan.link(f"L{i}", f"S{i}", "K", [f"C{i}"]).circuit(f"X{i}", f"S{i}", "K", [f"L{i}"])
    plan.add("risk_groups", id="flood", kind="flood zone")
    for i in ("1", "2"):
        plan.add("risk_members", risk_id="flood", table="spans", element_id=f"D{i}")
    assessment = ng.assess(plan.inventory())

    resources = carried_resources(assessment, Naming(assessment)).resources

    (flood,) = [r for r in resources if r.kind == "risk_group"]
    assert (flood.resource_id, flood.circuits, flood.sites, flood.cables) == ("flood", 2, 2, 2)
    assert all(r.resource_id not in {"D1", "D2"} for r in resources)


def test_an_empty_network_still_gives_a_workbook(tmp_path):
    plan = PlantBuilder().office("K").site("S1").circuit("X", "S1", "K", [])
    sheets = read_back(ng.assess(plan.inventory()), tmp_path / "b.xlsx")

    assert len(sheets["Sites"]) == 2


def test_of_very_many_resources_the_heaviest_are_listed_and_the_rest_counted(monkeypatch):
    assessment = small_assessment("en")
    everything = carried_resources(assessment, Naming(assessment))
    for most in 1, 7:
        monkeypatch.setattr(carried, "MOST_RESOURCES", most)
        found = carried_resources(assessment, Naming(assessment))
        assert found.resources == everything.resources[:most]
        assert found.left_out == len(everything.resources) - most


def test_of_very_many_hazards_the_worst_are_listed_and_the_rest_counted(monkeypatch):
    assessment = small_assessment("en")
    whole, _ = workbook_lists.hazard_rows(assessment, Naming(assessment))
    monkeypatch.setattr(workbook_lists, "MOST_HAZARDS", 2)

    rows, left_out = workbook_lists.hazard_rows(assessment, Naming(assessment))

    assert rows == whole[:2]
    assert left_out == len(whole) - 2 > 0


def test_a_whole_number_ends_without_a_point_and_others_have_two_decimals():
    with xlsxwriter.Workbook(io.BytesIO()) as book:
        formats = Formats(book)
        shows = shows_of(SheetColumn("score", "number", "", "得分", "Score"), formats, "en")
        assert shows(97.0) == (97.0, formats.cell("number"))
        assert shows(70.1) == (70.1, formats.cell("decimal"))
        assert [formats.cell(kind).num_format for kind in ("number", "decimal")] == [
            "#,##0", "#,##0.00"
        ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 20, 33, 60])
def test_a_block_of_the_summary_is_printed_whole_if_a_page_holds_it(rows):
    with xlsxwriter.Workbook(io.BytesIO()) as book:
        writer = Blocks(book.add_worksheet(), Formats(book), "en")
        for _ in range(4):
            writer.block("by_city", ("city", "sites"), [("Taiyuan", 1)] * rows)
        writer.set_up_print()
        breaks = writer.page.hbreaks
    per_block = rows + 3  # title, heading, rows, one line between
    assert all(line % per_block == 0 for line in breaks)  # before a title
    tops = [0, *breaks, 4 * per_block]
    assert all(below - top <= max(46, per_block) for top, below in pairwise(tops))
    assert len(breaks) == {1: 0, 20: 1, 33: 3, 60: 3}[rows]


def test_the_notes_of_the_summary_are_never_printed_alone():
    with xlsxwriter.Workbook(io.BytesIO()) as book:
        writer = Blocks(book.add_worksheet(), Formats(book), "en")
        writer.block("by_city", ("city", "sites"), [("Taiyuan", 1)] * 25)
        start = writer.line
        writer.contents([Sheet(name, []) for name in list(sheet_specs())[:10]])
        writer.notes([SheetNote("Small print.")] * 9)
        writer.set_up_print()
        assert writer.page.hbreaks == [start]


@pytest.mark.parametrize(("lang", "table"), [("zh", "管线段 spans"), ("en", "spans")])
def test_a_finding_names_its_table_in_the_words_of_the_reader(tmp_path, lang, table):
    plan = PlantBuilder().office("K").site("S1").span("D1", "S1", "K")
    plan.cable("C1", "S1", "K", []).link("L1", "S1", "K", ["C1"]).circuit("X", "S1", "K", ["L1"])
    assessment = ng.assess(plan.inventory(), Options(lang=lang))
    title = sheet_specs()["findings"].title(lang)

    heading, *rows = read_back(assessment, tmp_path / "b.xlsx")[title]

    assert table in [row[heading.index({"zh": "数据表", "en": "Table"}[lang])] for row in rows]


def test_every_table_of_an_inventory_has_a_chinese_word():
    for table in load_schema():
        word = labels.label("inventory_table", table, "zh")
        assert word.endswith(f" {table}")
        assert labels.label("inventory_table", table, "en") == table


def test_the_place_of_a_finding_is_told_in_chinese():
    assert say_message(Message("{0} row {1}", Message("layer {0}", "cables"), 3), "zh") == (
        "图层 cables 第 3 行"
    )
