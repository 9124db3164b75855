"""What is out of service or lacks a record gives no second route that could be promised."""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.rules import load_rules


@pytest.fixture
def two_ways():
    """Circuit X of site A to K is single; the lower cable P could back it up.

    ::

          w1 --- w2          link W = cable W, in use
         /         \\
        A           K
         \\         /
          p1 --- p2          cable P, spare
    """
    plan = PlantBuilder().office("K").site("A").way("W", "A w1 w2 K").way("P", "A p1 p2 K")
    return plan.circuit("X", "A", "K", "W", protection="none")


def _levels(plan):
    network = plan.network()
    found = find_achievable(audit_routes(network, load_rules()), seconds=0)
    site = found.by_place[int(network.places.index.positions(["A"])[0])]
    return site.on_cables, site.on_spans


def test_a_spare_cable_in_service_is_a_second_route(two_ways):
    assert _levels(two_ways) == ("diverse", "diverse")


@pytest.mark.parametrize("status", ["retired", "planned"])
@pytest.mark.parametrize(("table", "element"), [("spans", "P-2"), ("structures", "p1")])
def test_a_cable_over_something_out_of_service_is_none(two_ways, table, element, status):
    two_ways.change(table, element, status=status)

    assert _levels(two_ways) == ("same_cable", "same_trench")


@pytest.mark.parametrize("status", ["retired", "planned"])
def test_a_cable_out_of_service_leaves_its_spans_to_a_new_one(two_ways, status):
    two_ways.change("cables", "P", status=status)

    assert _levels(two_ways) == ("same_cable", "diverse")


@pytest.fixture
def over_an_office():
    """As above, but the spare way runs through the access office O.

    ::

          w1 --- w2          cable W, in use
         /         \\
        A           K
         \\         /
          p1 -- O -+         cables P1 (A to O) and P2 (O to K), spare
    """
    plan = PlantBuilder().office("K").office("O", "access").site("A")
    plan.way("W", "A w1 w2 K").way("P1", "A p1 O").way("P2", "O p2 K")
    return plan.circuit("X", "A", "K", "W", protection="none")


def test_a_second_route_through_an_office_with_a_building_is_diverse(over_an_office):
    assert _levels(over_an_office) == ("diverse", "diverse")


def test_a_second_route_through_an_office_without_a_building_cannot_be_decided(over_an_office):
    over_an_office.change("offices", "O", building_id=None)

    assert _levels(over_an_office) == ("undecidable", "undecidable")
