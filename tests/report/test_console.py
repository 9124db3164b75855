from __future__ import annotations

import io
import json
from collections import Counter
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from netgraph.diversity.plant.summary import PlantSummary
from netgraph.report.console import print_plant_summary, print_summary
from netgraph.report.summary import CauseCount, Summary, UnitCount, WorstSite


def unit(name, sites=30):
    return UnitCount(
        name, sites, 2 * sites, Counter(good=sites - 1, poor=1), 2, {"red": 4}, sites, sites - 3
    )


def bank(cities=2, causes=2):
    return Summary(
        name="示例银行[bold]网络",
        snapshot_date="2026-06-30",
        customers=1,
        sites=389,
        circuits=778,
        grades={"excellent": 8, "good": 325, "fair": 38, "poor": 18},
        provisional=12,
        levels={"single_route": 18, "same_trench": 0, "diverse": 371},
        requirement={"met": 371, "not_met": 18},
        by_tier=(unit("diamond", 389),),
        by_city=tuple(unit(f"第{i}市") for i in range(cities)),
        hazards=Counter(red=18, info=3),
        site_severities={"red": 6},
        cause_severities={"red": 9, "orange": 2},
        causes=tuple(
            CauseCount(f"C{i}", "red", "cable", f"M{i}", f"N{i}", 1234.4, 20, 10, "diamond")
            for i in range(causes)
        ),
        causes_in_all=31,
        worst_sites=(
            WorstSite(
                "S-0201", "营业部", "第1市", "diamond", "red", "same_cable", 54.6, 0.5, "fair"
            ),
            WorstSite("S-0416", "长" * 4_000, "", "diamond", "", "", None, None, "poor~good"),
        ),
        findings={"warning": 14},
        unconfirmed=7,
        without_site=5,
        undecidable=3,
        unproven=1,
        score_note="分值为自拟权重",
    )


PLANT = PlantSummary(115, 134, 133, 1, 33, 29, 0, 1, 0, 0, 35, 41, 1017)


def printed(show, *args, width=100, terminal=False, **more):
    file = io.StringIO()
    show(*args[:1], Console(file=file, width=width, force_terminal=terminal), *args[1:], **more)
    return file.getvalue()


def test_the_summary_shows_grades_tiers_cities_and_causes():
    text = printed(print_summary, bank(), "zh")
    for part in (
        "网点 389",
        "电路 778",
        "2026-06-30",
        "83.5%",
        "钻石级",
        "第1市",
        "同缆",
        "M0 – N0",
    ):
        assert part in text
    assert "警告 14" in text
    for note in (
        "12 个网点评级暂定",
        "7 条电路未登记备用路由",
        "3 个网点资料不足",
        "1 个搜索未在限额内完成",
    ):
        assert note in text


def test_the_summary_speaks_english():
    text = printed(print_summary, bank(), "en")
    assert "B Good" in text
    assert "Worst causes" in text
    assert "single route" in text


@pytest.mark.parametrize("width", [80, 100])
def test_the_worst_sites_stand_on_a_line_or_two_each_whatever_their_names(width):
    lines = printed(print_summary, bank(), "en", width=width).splitlines()
    start = next(i for i, line in enumerate(lines) if "to look at first" in line)
    rest = next(i for i, line in enumerate(lines) if "further sites" in line)
    table = lines[start:rest]

    first = next(line for line in table if "S-0201" in line)
    assert first.split() == [
        "1",
        "red",
        "S-0201",
        "营业部",
        "第1市",
        "same",
        "cable",
        "54.6",
        "C",
        "Fair",
    ]
    assert any("S-0416" in line and "D Poor~B Good" in line for line in table)
    assert "387" in lines[rest]
    assert len(table) < 15


def test_sites_places_and_hazards_are_counted_apart():
    lines = printed(print_summary, bank(), "en").splitlines()
    counts = {line.strip()[:12]: line.split()[-5:] for line in lines if "hazards," in line}
    assert counts == {
        "places with ": ["9", "2", "·", "·", "·"],
        "hazards, one": ["18", "·", "·", "·", "3"],
    }
    assert any("sites, by their worst hazard" in line for line in lines)


def test_a_grade_always_has_its_letter():
    for lang, letters in (("zh", "优良中差"), ("en", "ABCD")):
        text = printed(print_summary, bank(), lang)
        assert all(letter in text for letter in letters)


def test_long_lists_are_cut_and_say_where_the_rest_is():
    text = printed(print_summary, bank(cities=18, causes=12), "zh")
    assert "第14市" in text
    assert "第15市" not in text
    assert "其余 3 个地市见 tables/cities.csv" in text
    assert "其余 21 个隐患点见 tables/causes.csv" in text


def test_columns_of_chinese_text_line_up():
    rows = [line for line in printed(print_summary, bank(), "zh").splitlines() if "市 " in line]
    assert len(rows) >= 2
    assert len({cell_len(row.rstrip()) for row in rows if "%" in row}) == 1


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_console(width):
    text = printed(print_summary, bank(), "en", width=width)
    assert max(map(cell_len, text.splitlines())) <= width


def test_outside_of_a_terminal_the_text_is_plain(monkeypatch):
    assert "\x1b" not in printed(print_summary, bank(), "zh")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[38;2" not in printed(print_summary, bank(), "zh", terminal=True)


def test_names_are_text_not_markup():
    assert "示例银行[bold]网络" in printed(print_summary, bank(), "zh")


def test_an_empty_assessment_prints():
    text = printed(print_summary, Summary(sites=0, circuits=0), "zh")
    assert "网点 0" in text
    assert "数据问题：无" in text


def test_the_plant_summary_shows_what_is_cut_off():
    text = printed(print_plant_summary, PLANT, "en", centres=["Dodoma"], findings={"error": 2})
    for part in ("Dodoma", "35", "41", "bridges", "33", "self-loops", "error 2"):
        assert part in text
    assert "Nodes that reach no centre: 1,017" in text
    assert "到不了任何中心的节点：1,017 个" in printed(print_plant_summary, PLANT, "zh")


def test_nothing_is_said_of_nodes_without_a_centre_where_there_are_none():
    assert "no centre" not in printed(
        print_plant_summary, replace(PLANT, nodes_without_centre=0), "en"
    )


def test_the_plant_summary_counts_the_verdicts_about_risks_where_there_are_any():
    counted = replace(PLANT, risk_verdicts={"pair": 61, "none": 0, "unproven": 7})

    assert "pair 61 · unproven 7" in printed(print_plant_summary, counted, "en")
    assert "有 61 · 未证 7" in printed(print_plant_summary, counted, "zh")
    assert "shared risk" not in printed(print_plant_summary, PLANT, "en")


def test_a_summary_is_plain_json():
    value = json.loads(json.dumps(bank().as_json()))
    assert value["grades"] == {"excellent": 8, "good": 325, "fair": 38, "poor": 18}
    assert value["hazards"] == {"red": 18, "info": 3}
    assert value["by_tier"][0]["grades"] == {"good": 388, "poor": 1}
    assert value["causes"][1]["from_structure"] == "M1"


def test_a_notebook_shows_the_summary_escaped():
    page = Summary(sites=1, circuits=2, name="<script>", by_city=(unit("a&b"),)).to_html("en")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "a&amp;b" in page
