"""The bank in another format, or assessed a second time, gives the same tables to the byte."""

from __future__ import annotations

import pytest
from commands import table_bytes

import netgraph as ng


@pytest.mark.parametrize("form", ["xlsx", "gpkg"])
def test_every_format_of_the_bank_gives_the_same_tables(bank, written, tmp_path, form):
    file = tmp_path / f"bank.{form}"
    ng.write_inventory(bank.assessment.network.inventory, file)

    other = written(ng.read_inventory(file))

    assert table_bytes(other.out) == table_bytes(bank.out)
    assert (other.out / "summary.json").read_bytes() == (bank.out / "summary.json").read_bytes()
