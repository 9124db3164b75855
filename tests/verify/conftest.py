from __future__ import annotations

import pytest
from certified_runs import assessed
from commands import BANK

import netgraph as ng
from netgraph.datasets import example_columns


@pytest.fixture(scope="session")
def bank(tmp_path_factory):
    """The committed bank: once a session, it takes some seconds."""
    return assessed(BANK, tmp_path_factory.mktemp("bank") / "out")


@pytest.fixture(scope="session")
def twin_ring_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin_ring")
    inventory = ng.from_columns(example_columns("twin_ring"))
    return assessed(ng.write_inventory(inventory, folder / "tables"), folder / "out")


@pytest.fixture
def twin_ring(twin_ring_run, tmp_path):
    """A copy of the small example and of its output, for every test its own."""
    return twin_ring_run.copy(tmp_path)
