"""What the terminal shows of text that would move its cursor or turn its direction."""

from __future__ import annotations

import io

import pytest
from rich.table import Table

from netgraph.cli.terminal import console_for
from netgraph.report import labels

HOSTILE = "S\u202e1\u2066\u200f\u061c\x1b[2J\r\x07\x9b"


class _Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("stream", [io.StringIO, _Screen])
def test_direction_and_control_marks_of_a_name_are_not_shown(stream, monkeypatch):
    """Columns stay in line, and Chinese, accents and the table's own lines are there."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "60")
    shown = stream()
    table = Table("site", "name")
    table.add_row(HOSTILE, "太原é")
    table.add_row("S1[2J", "plain")

    console_for(shown).print(table)
    console_for(shown).print(f"at {HOSTILE}", markup=False)

    text = shown.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")  # bold headings
    assert all(c.isprintable() or c == "\n" for c in text)
    one, other = (line for line in text.splitlines() if "S1[2J" in line and "at" not in line)
    assert "太原é" in one
    assert one.index("太") == other.index("plain")
    assert "at S1[2J" in text


@pytest.mark.parametrize(
    ("works", "sites", "told"), [
        ("1", "1", "1 work for 1 site,"), ("1", "2", "1 work for 2 sites,"),
        ("21", "1,001", "21 works for 1,001 sites,"), ("0", "101", "0 works for 101 sites,"),
    ],
)  # fmt: skip
def test_one_thing_is_told_in_the_singular(works, sites, told):
    rest = {"cost": "1", "bound": "1", "gap": "0"}

    assert told in labels.text("works_rings", "en", works=works, sites=sites, **rest)
    zh = labels.text("works_rings", "zh", works=works, sites=sites, **rest)
    assert f"可选措施 {works} 项、网点 {sites} 个" in zh
