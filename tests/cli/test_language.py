"""Without --lang a command speaks the language of the locale."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from netgraph.cli.language import locale_language


@pytest.mark.parametrize(
    ("environment", "system", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "en_US", "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "zh_CN", "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "en_GB"}, None, "zh"),
        ({}, "Chinese (Simplified)_China", "zh"),
        ({}, "German_Germany", "en"),
        ({}, None, "en"),
    ],
)
def test_the_first_variable_that_is_set_decides_then_the_system(environment, system, language):
    assert locale_language(environment, system).value == language


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
