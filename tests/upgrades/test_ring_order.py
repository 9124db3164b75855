"""The places around a ring follow the routes that its sites get, over links as over spans.

::

    A1 --- m1 --- m2 --- m3 --- A2      links L1: S1-A1 (over m1), L3: A2-S3 (over m3)
            |      |      |     |
            S1     S2     S3    S4
"""

from __future__ import annotations

import pytest
from builders import PlantBuilder

from netgraph.diversity.levels import Level
from netgraph.upgrades.line_drafts import UnitRoutes
from netgraph.upgrades.pair_search import RoutePair
from netgraph.upgrades.ring_order import ring_of
from netgraph.upgrades.second_route import LINK, SPAN, Piece
from netgraph.upgrades.site_units import Unit

#: Routes of each site to the left and to the right: spans and links, "<" where passed backwards.
ROUTES = {
    "S1": ("L1", "<S1 m2 m3 A2"),
    "S2": ("<S2 <m2 <m1 A1", "<S2 m3 A2"),
    "S3": ("<S3 <m3 <m2 <m1 A1", "<L3"),
    "S4": ("<S4", "<S4"),
}


@pytest.fixture(scope="module")
def network():
    plan = PlantBuilder().office("A1").office("A2")
    for name in ROUTES:
        plan.site(name)
    for name in ("m1", "m2", "m3"):
        plan.structure(name)
    # Each span is named by the place that it leads to from the left, or from the row of manholes.
    for name, start in (("m1", "A1"), ("m2", "m1"), ("m3", "m2"), ("A2", "m3"), ("S1", "m1"),
                        ("S2", "m2"), ("S3", "m3"), ("S4", "A2")):  # fmt: skip
        plan.span(name, start, name)
    return plan.way("L1", "S1 m1 A1").way("L3", "A2 m3 S3").network()


def _way(network, told):
    found = []
    for step in told.split():
        name = step.removeprefix("<")
        table, kind = (network.links, LINK) if name[0] == "L" else (network.spans, SPAN)
        # The span of m1 begins at A1: leading there it is passed backwards.
        name = "m1" if name == "A1" else name
        is_reversed = step[0] == "<" or step == "A1"
        found.append(Piece(kind, table.index.find(name), is_reversed=is_reversed))
    return tuple(found)


def _ring(network, sites, ends=()):
    find = network.places.index.find
    goals = find("A1"), find("A2")
    unit = Unit((), (goals,), Level.SINGLE_ROUTE)
    seconds = [
        (
            find(site),
            [UnitRoutes(unit, RoutePair(*(_way(network, r) for r in ROUTES[site]), goals))],
        )
        for site in sites
    ]
    return [str(network.places.ids[p]) for p in ring_of(network, seconds, {find(e) for e in ends})]


def test_a_site_on_links_stands_between_the_offices_that_they_lead_to(network):
    assert _ring(network, ["S1"]) == ["A1", "S1", "A2"]


def test_sites_stand_in_the_order_in_which_the_plant_passes_them(network):
    told = _ring(network, ["S2", "S4", "S3", "S1"], ["m1", "m3"])
    assert told == ["A1", "S1", "m1", "S2", "m3", "S3", "S4", "A2"]


def test_the_same_order_whichever_site_comes_first(network):
    sites = ["S1", "S2", "S3"]
    assert _ring(network, sites) == _ring(network, sites[::-1]) == ["A1", *sites, "A2"]


def test_without_a_route_there_is_no_ring(network):
    assert ring_of(network, [], set()) == []
