"""Without --lang a command speaks the language of the locale."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from matplotlib.figure import Figure
from typer.core import TyperGroup

from netgraph.assessment import Options
from netgraph.assessment.simulation.run import SimulationOptions
from netgraph.cli.app import _command_line
from netgraph.cli.language import Lang, asked_language
from netgraph.messages import locale_language
from netgraph.report import labels
from netgraph.report.charts.bars import draw_grades
from netgraph.report.maps.drawings import Sheet
from netgraph.report.summary import UnitCount
from netgraph.works.lists import ListOptions

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("environment", "system", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "en_US", "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_GB"}, None, "zh"),
        ({}, "Chinese (Simplified)_China", "zh"),
        ({}, "German_Germany", "en"),
        ({}, None, "en"),
        ({"NETGRAPH_LANG": "zh", "LC_ALL": "C.UTF-8"}, "en_US", "zh"),
        ({"NETGRAPH_LANG": "en", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
    ],
)
def test_the_first_variable_that_is_set_decides_then_the_system(environment, system, language):
    assert locale_language(environment, system) == language


@pytest.mark.parametrize("asked", ["zh", "en"])
def test_what_python_makes_speaks_that_language_too(monkeypatch, asked):
    monkeypatch.setenv("NETGRAPH_LANG", asked)

    made = (Options(), SimulationOptions(), ListOptions(), Sheet())
    assert [options.lang for options in made] == [asked] * len(made)
    drawn = draw_grades([UnitCount("diamond", sites=1, circuits=1, grades={"good": 1})], Figure())
    assert labels.text("grades", asked) in drawn.get_title(loc="left")


@pytest.mark.parametrize(("options", "word"), [((), "网点"), (("--lang", "en"), "Sites")])
def test_a_chinese_locale_gets_a_chinese_summary_unless_told_otherwise(
    twin_ring, tmp_path, options, word
):
    leave = ("--no-maps", "--no-html", "--no-workbook", "--no-gpkg", "--no-pdf")
    ran = subprocess.run(
        [sys.executable, "-m", "netgraph", "assess", twin_ring, "-o", tmp_path / "out", *leave,
         *options],
        env={**os.environ, "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"}, check=True,
        capture_output=True, encoding="utf-8",
    )  # fmt: skip

    assert word in ran.stdout


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["--lang", "zh", "assess", "--help"], "zh"),
        (["assess", "x", "--lang=zh"], "zh"),
        (["--lang", "zh", "assess", "x", "--lang", "en"], "en"),
        (["assess", "x", "--lang", "fr"], "en"),
        (["assess", "--", "--lang", "zh"], "en"),
        (["--lang"], "en"),
        ([], "en"),
    ],
)
def test_the_last_valid_language_of_the_command_line_counts(monkeypatch, words, language):
    monkeypatch.setenv("NETGRAPH_LANG", "en")

    assert asked_language(words).value == language


def _commands(group: TyperGroup) -> Iterator[list[str]]:
    yield []
    for name, command in group.commands.items():
        inner = _commands(command) if isinstance(command, TyperGroup) else ([],)
        yield from ([name, *rest] for rest in inner)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_help_of_every_command_fits_a_screen_of_forty_lines(netgraph, lang):
    netgraph.environment["COLUMNS"] = "80"
    lines = {}

    for command in _commands(_command_line(Lang.EN)):
        outcome = netgraph("--lang", lang, *command, "--help")
        assert outcome.code == 0
        assert {"en": "Usage: ", "zh": "用法："}[lang] in outcome.out
        lines[" ".join(command)] = len(outcome.out.strip().splitlines())

    assert "works rename" in lines
    assert {command: count for command, count in lines.items() if count > 40} == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["assess", "plan.gpkg"], "错误 缺少选项 '-o' / '--out'。"),
        (["asses"], "错误 没有命令 'asses'；相近的有：'assess'。"),
        (["check", "x", "--lang", "fr"], "错误 --lang 的值无效：fr 不在 'en', 'zh' 之中。"),
        (["check", "x", "--fats"], "错误 没有选项 --fats；相近的有：--format。"),
        (["check", "x", "y"], "错误 多余的参数：y。"),
        (["simulate", "x", "-o", "y", "--top", "a"], "错误 --top 的值无效：请给出整数。"),
        (["simulate", "x", "-o", "y", "--top", "-1"], "错误 --top 的值无效：请给出不小于 0 的数。"),
        (["simulate", "x", "-o"], "错误 -o 需要一个值。"),
        (
            ["diversity", "x", "--centre", "c", "-o", "y", "--routes", "9"],
            "错误 --routes 的值无效：请给出 2 到 4 之间的数。",
        ),
        (["check", "nowhere.gpkg"], "错误 nowhere.gpkg：没有该文件或文件夹。"),
        (["works", "list", "--register", "no.sqlite"], "错误 没有工程台账 no.sqlite："),
    ],
)
def test_mistakes_are_told_in_chinese(netgraph, words, told):
    netgraph.environment["NETGRAPH_LANG"] = "zh"

    outcome = netgraph(*words)

    assert outcome.code == 2
    assert told in outcome.err
