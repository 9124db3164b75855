"""Tables written while the searches run are those written afterwards, or none are."""

from __future__ import annotations

import json

import pytest

import netgraph as ng
from netgraph.assessment import Handover, assessment_output
from netgraph.assessment.summary import summarise
from netgraph.datasets import example_columns
from netgraph.errors import OutputError

ALONE = {"maps": False, "html": False, "handover": Handover.none()}


def contents(folder):
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


@pytest.fixture(scope="module")
def inventory():
    return ng.from_columns(example_columns("twin_ring"))


def test_tables_written_beside_the_searches_are_those_written_afterwards(
    tmp_path, inventory, options
):
    with assessment_output(tmp_path / "beside") as output:
        before = []

        def look(known):
            output.write_known(known)
            (temporary,) = (path for path in tmp_path.iterdir() if path.name != "beside")
            before.append(set(contents(temporary)))

        found = ng.assess(inventory, options, meanwhile=look)
        output.write(found, certificates=True, separation=True, **ALONE)
    ng.write_assessment(found, tmp_path / "after", certificates=True, separation=True, **ALONE)
    assert contents(tmp_path / "beside") == contents(tmp_path / "after")
    assert set(contents(tmp_path / "after")) - before[0] == {
        "sites.csv",
        "findings.csv",
        "separation.csv",
    }
    for summary in ("beside", "after"):
        told = json.loads((tmp_path / summary / "summary.json").read_text("utf-8"))
        assert told == summarise(found).as_json()


def test_a_search_that_fails_leaves_the_earlier_output_and_nothing_else(
    tmp_path, inventory, options, monkeypatch
):
    out = tmp_path / "out"
    ng.write_assessment(ng.assess(inventory, options), out, **ALONE)
    earlier = contents(out)

    def fail(*_args, **_options):
        raise MemoryError

    monkeypatch.setattr("netgraph.assessment.run.find_achievable", fail)
    with pytest.raises(MemoryError), assessment_output(out) as output:
        ng.assess(inventory, options, meanwhile=output.write_known)
    assert contents(out) == earlier
    assert {path.name for path in out.iterdir()} == {"tables", "summary.json", "run.json"}


def test_a_folder_that_cannot_be_used_is_refused_before_anything_is_assessed(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(OutputError), assessment_output(tmp_path):
        pytest.fail("the block was entered")
