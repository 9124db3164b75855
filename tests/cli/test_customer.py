from __future__ import annotations

import json


def test_one_sheet_is_written_and_its_path_is_what_is_printed(netgraph, twin_ring, tmp_path):
    ran = netgraph("customer", twin_ring, "BANK", "-o", tmp_path / "out", "--lang", "zh")

    assert ran.code == 0
    assert ran.out.split() == [str(tmp_path / "out" / "BANK.pdf")]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"BANK.pdf", "run.json"}


def test_the_sheets_can_be_listed_for_other_programs(netgraph, twin_ring, tmp_path):
    ran = netgraph("customer", twin_ring, "BANK", "-o", tmp_path / "out", "--format", "json")

    sheet = str(tmp_path / "out" / "BANK.pdf")
    assert json.loads(ran.out) == [{"customer_id": "BANK", "sheet": sheet}]


def test_an_unknown_customer_is_told_with_the_nearest_and_nothing_is_written(
    netgraph, twin_ring, tmp_path
):
    ran = netgraph("customer", twin_ring, "BANC", "-o", tmp_path / "out")

    assert ran.code == 2
    assert "There is no customer 'BANC'; the nearest are: BANK" in ran.err
    assert not (tmp_path / "out").exists()
