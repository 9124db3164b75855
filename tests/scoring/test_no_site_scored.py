"""An inventory of which no site can be scored: tables are written, and the checker has no say."""

from __future__ import annotations

from builders import PlantBuilder
from certified_runs import assessed

from netgraph.inventory import write_inventory


def test_an_inventory_whose_only_site_has_the_id_of_an_office_is_assessed(tmp_path):
    """Nobody knows which of the two named S the circuit begins at::

    S (site), S (office)        K
    """
    plan = PlantBuilder().site("S").office("S").office("K").circuit("X", "S", "K")
    run = assessed(write_inventory(plan.inventory(), tmp_path / "in"), tmp_path / "out")
    items = (run.out / "tables" / "items.csv").read_text("utf-8-sig")
    assert len(items.splitlines()) == 1
