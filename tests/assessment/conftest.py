from __future__ import annotations

from types import SimpleNamespace

import pytest
from commands import BANK, read_tables

import netgraph as ng
from netgraph.assessment import Handover
from netgraph.datasets import example_columns


@pytest.fixture(scope="session")
def options():
    """Searches without a clock, so that a slow machine tests the same."""
    return ng.Options(search_seconds=0)


@pytest.fixture(scope="session")
def written(tmp_path_factory, options):
    """Assess an inventory, write its tables alone, and read the tables back."""

    def write(inventory):
        assessment = ng.assess(inventory, options)
        out = ng.write_assessment(
            assessment, tmp_path_factory.mktemp("run") / "out", maps=False, html=False,
            handover=Handover.none(),
        )  # fmt: skip
        return SimpleNamespace(assessment=assessment, out=out, tables=read_tables(out))

    return write


@pytest.fixture(scope="session")
def twin_ring(written):
    return written(ng.from_columns(example_columns("twin_ring")))


@pytest.fixture(scope="session")
def bank(written):
    """The committed bank, which takes some seconds: once a session."""
    return written(ng.read_inventory(BANK))


@pytest.fixture(params=["twin_ring", "bank"])
def run(request):
    return request.getfixturevalue(request.param)
