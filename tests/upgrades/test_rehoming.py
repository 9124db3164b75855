"""Which centres may become a second home: in service, in another building, both on record."""

from __future__ import annotations

from builders import PlantBuilder

from netgraph.upgrades.rehoming import second_centres
from netgraph.upgrades.site_units import needy_units


def three_centres() -> PlantBuilder:
    """Site A ends at K; the same customer ends circuits of site B at L, farther off than core C.

    A --- K      B --- L      C is a core office of nobody
    """
    plan = PlantBuilder().site("A", lon=112.0).office("K", lon=112.1).office("C", lon=112.2)
    plan.office("L", "aggregation", lon=112.9).site("B", lon=112.8)
    plan.way("W", "A M1 K").way("V", "B M2 L")
    plan.circuit("X", "A", "K", ["W"]).circuit("Y", "B", "L", ["V"])
    return plan


def found_for(builder: PlantBuilder) -> list[str]:
    audit = builder.audit()
    place = audit.network.places.index.find("A")
    return second_centres(audit, place, needy_units(audit, place, "diamond"))


def test_another_centre_of_the_customer_comes_before_a_nearer_core_office():
    assert found_for(three_centres()) == ["L", "C"]


def test_a_centre_of_another_customer_is_none_unless_it_is_a_core_office():
    builder = three_centres().change("circuits", "Y", customer_id="P")

    assert found_for(builder) == ["C"]


def test_a_centre_in_the_same_building_or_without_one_on_record_is_none():
    assert found_for(three_centres().change("offices", "L", building_id="B-K")) == ["C"]
    assert found_for(three_centres().change("offices", "C", building_id="")) == ["L"]


def test_where_the_building_of_the_first_centre_is_not_recorded_there_is_none():
    assert found_for(three_centres().change("offices", "K", building_id="")) == []


def test_a_centre_out_of_service_is_none():
    assert found_for(three_centres().change("offices", "L", status="planned")) == ["C"]
