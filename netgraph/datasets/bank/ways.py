"""Which roads the cables between the invented offices take."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from netgraph.datasets.bank.towns import RINGS, RoadMap, Town, corridors, home_of
from netgraph.datasets.draw import draw

if TYPE_CHECKING:
    from collections.abc import Mapping

# (from town, to town, plane) -> the towns along the road, both ends included
Ways = dict[tuple[str, str, str], list[str]]
_DUAL = frozenset({"two", "one"})
# Counties without a second uplink that still have a pole line of plane B at their door.
_SPARE_POLE_LINES = 0.4


def plan_ways(towns: list[Town]) -> Ways:
    """Choose the road of every cable between towns, by plane."""
    roads = RoadMap.of(towns, corridors(towns))
    cities = {t.place.city: t.code for t in towns if t.uplinks == "city"}
    ways: Ways = {}
    for town in towns:
        if town.uplinks == "township":
            home = home_of(town, towns).code
            ways[town.code, home, "A"] = [town.code, home]
        elif town.uplinks != "city":
            _plan_uplinks(ways, roads, town, cities[town.place.city])
    for ring in RINGS.values():
        for a, b in pairwise((*ring, ring[0])):
            start, end = cities[a], cities[b]
            for plane in "AB":
                ways[start, end, plane] = roads.route(start, end)
    return ways


def _plan_uplinks(ways: Ways, roads: RoadMap, town: Town, city: str) -> None:
    first = roads.route(town.code, city)
    ways[town.code, city, "A"] = first
    if town.uplinks in _DUAL:
        # The second uplink leaves along another road than the first.
        dear = frozenset(frozenset(pair) for pair in pairwise(first))
        ways[town.code, city, "B"] = roads.route(town.code, city, dear=dear)


def plane_b_roads(towns: list[Town], ways: Ways) -> tuple[set[str], set[frozenset[str]]]:
    """Return the towns that have a vault of plane B, and the roads with a pole line of plane B.

    Some of both are not needed by any cable: a second route can be had there in what stands.
    """
    used = {
        frozenset(pair) for way, codes in ways.items() if way[2] == "B" for pair in pairwise(codes)
    }
    served = {code for pair in used for code in pair}
    kinds: Mapping[str, str] = {t.code: t.uplinks for t in towns}
    served |= {
        code
        for code, kind in kinds.items()
        if kind == "single" and draw("pole line", code) < _SPARE_POLE_LINES
    }
    spare = {
        frozenset(pair)
        for pair in corridors(towns)
        if served.issuperset(pair) and "township" not in {kinds[c] for c in pair}
    }
    return served, used | spare
