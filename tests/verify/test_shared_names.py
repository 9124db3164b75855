"""Places that share an id, or a building: run and checker count the same."""

from __future__ import annotations

import pytest
from builders import PlantBuilder
from certified_runs import assessed

import netgraph as ng
from netgraph.inventory import write_inventory


@pytest.mark.parametrize("table", ["structures", "offices"])
def test_circuits_of_a_site_whose_id_another_place_has_stand_at_no_site(table, tmp_path):
    """Nobody can tell which place S is: its circuits are judged one by one, and score nowhere::

    S ----a---- K      T ----b---- K
    """
    plan = PlantBuilder().site("S").site("T").office("K")
    plan.span("a", "S", "K").span("b", "T", "K")
    plan.cable("ca", "S", "K", "a").cable("cb", "T", "K", "b")
    plan.link("la", "S", "K", ["ca"]).link("lb", "T", "K", ["cb"])
    for name in "xy":
        plan.circuit(name, "S", "K", "la", group_id="G").circuit(f"t{name}", "T", "K", "lb")
    kind = {"kind": "manhole"} if table == "structures" else {}
    plan.add(table, id="S", lon=112.0, lat=37.0, **kind)

    inventory = write_inventory(plan.inventory(), tmp_path / "in")
    sites = ng.assess(ng.read_inventory(inventory), ng.Options(search_seconds=0)).sites
    verified = assessed(inventory, tmp_path / "out").verify()

    assert sites.set_index("site_id")["circuits"].to_dict() == {"S": 0, "T": 2}
    assert verified.refused == ()


def test_a_building_and_the_office_in_it_are_one_single_point(tmp_path):
    """All ways come to office O in building B, and go on from office P or entrance E of B::

    S --a-- O    P --c-- Q --d-- M --e-- K      O, P, E in B
    S --p-- O    E --g-- Q
                 E ----------f---------- K
    """
    plan = PlantBuilder().site("S", building_id="HS").site("K", building_id="HK").structure("M")
    plan.office("O", building_id="B").office("Q", building_id="HQ").office("P", building_id="B")
    plan.structure("E", "entrance", building_id="B")
    for name, a, b in ("fKE", "aSO", "pSO", "dQM", "gQE", "cPQ", "eKM"):
        plan.span(name, a, b, length_m=900.0, trench_id=f"T-{name}")
    plan.circuit("x", "S", "K")
    inventory = write_inventory(plan.inventory(), tmp_path / "in")

    found = ng.assess(ng.read_inventory(inventory), ng.Options(search_seconds=0)).sites
    found = found.set_index("site_id").loc["S"]
    run = assessed(inventory, tmp_path / "out")
    parting = {
        c["risk"] for c in run.certificates()
        if c["kind"] == "separating_risk" and c["question"] == "spans"
    }  # fmt: skip

    assert found["achievable_on_spans"] == "same_office"
    assert found["single_points"] == 1
    assert parting == {"buildings:B"}
    assert run.verify().refused == ()
