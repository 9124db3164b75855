from __future__ import annotations

import pytest
from commands import Command

from netgraph.datasets import example_columns
from netgraph.inventory import from_columns, write_inventory


@pytest.fixture
def netgraph(capsys):
    """Run the command in this process: `netgraph("check", folder)` gives code, out and err."""
    return Command(capsys)


@pytest.fixture(scope="session")
def written_twin_ring(tmp_path_factory):
    folder = tmp_path_factory.mktemp("twin_ring") / "twin_ring"
    return write_inventory(from_columns(example_columns("twin_ring")), folder)


@pytest.fixture
def twin_ring(written_twin_ring, tmp_path):
    """A folder with the example twin_ring, of which every test gets its own copy."""
    folder = tmp_path / "twin_ring"
    folder.mkdir()
    for file in written_twin_ring.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder
