from __future__ import annotations

import json

import pytest
from commands import everything_in, read_rows, write_rows


@pytest.fixture
def runs(netgraph, twin_ring, tmp_path):
    """Two outputs: twin_ring, and with L3's protect route moved onto its working links."""
    assert netgraph("assess", twin_ring, "-o", tmp_path / "old", "--no-maps").code == 0
    path = twin_ring / "circuit_links.csv"
    south = ["A-S1-J2", "RING-W-J2-W2", "RING-W-W2-K"]
    rows = [row for row in read_rows(path) if row["circuit_id"] not in {"L1", "L2"}]
    for circuit in ("L1", "L2"):
        for role in ("working", "protect"):
            rows += [
                {"circuit_id": circuit, "role": role, "seq": str(seq), "link_id": link}
                for seq, link in enumerate(south, 1)
            ]
    write_rows(path, rows)
    assert netgraph("assess", twin_ring, "-o", tmp_path / "new", "--no-maps").code == 0
    return tmp_path


def test_a_lost_diverse_group_leads_the_report_and_decides_the_exit_code(netgraph, runs):
    def compare(*more):
        return netgraph("compare", runs / "old", runs / "new", "-o", runs / "out", *more)

    quiet, lost, zh = compare(), compare("--fail-on", "lost"), compare("--lang", "zh")

    assert (quiet.code, lost.code, zh.code) == (0, 1, 0)
    assert quiet.out == lost.out
    assert quiet.out.splitlines()[1].startswith("! Groups that were diverse and are not any more")
    assert "G-S1" in quiet.out
    assert "原为双路由" in zh.out
    summary = json.loads((runs / "out" / "summary.json").read_text("utf-8"))
    assert summary["groups"] == {"lost": 1, "gained": 0}


def test_earlier_runs_make_a_series_and_one_run_alone_is_refused(netgraph, runs):
    ran = netgraph("compare", *[runs / "old"] * 2, runs / "new", "-o", runs / "out", "--lang", "zh")
    alone = netgraph("compare", runs / "new", "-o", runs / "out")

    assert ran.code == 0
    assert "历次得分率：2026-06-30" in ran.out
    assert "各客户" in ran.out
    assert (runs / "out" / "charts" / "series.png").is_file()
    assert alone.code == 2
    assert "two outputs" in alone.err


def test_runs_that_cannot_be_compared_are_refused_and_nothing_is_written(netgraph, runs):
    ran = netgraph("compare", runs / "old", runs, "-o", runs / "out")

    assert ran.code == 2
    assert "no output of netgraph assess" in ran.err
    assert not (runs / "out").exists()


def test_a_comparison_never_takes_the_place_of_an_assessment(netgraph, runs):
    before = everything_in(runs / "new")
    ran = netgraph("compare", runs / "old", runs / "new", "-o", runs / "new")

    assert ran.code == 2
    assert everything_in(runs / "new") == before
