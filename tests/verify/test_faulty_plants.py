"""Whatever is wrong with the records: what a run says of them is borne out by the records."""

from __future__ import annotations

import pytest
from certified_runs import assessed
from faulty_plants import draw_faulty_plant

from netgraph.inventory import write_inventory

#: On these, run and checker once said else of a cell.
_DISPUTED = (101, 122, 130, 163, 192, 243, 361, 385, 393, 405, 411)


@pytest.mark.parametrize("seed", [*range(6), *_DISPUTED])
def test_no_certificate_and_no_cell_of_a_run_on_faulty_records_is_disputed(seed, tmp_path):
    inventory = write_inventory(draw_faulty_plant(seed).inventory(), tmp_path / "in")

    verified = assessed(inventory, tmp_path / "out").verify()

    assert verified.refused == ()
    assert sum(verified.accepted.values()) > 0
