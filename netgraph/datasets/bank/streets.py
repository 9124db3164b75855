"""Streets of the towns and the corridors between them, as structures and spans."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from netgraph.datasets.bank.plant import LonLat, Plant, stretch
from netgraph.datasets.draw import draw
from netgraph.datasets.rows import LocalFrame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.datasets.bank.towns import Town

PLANES = ("A", "B")
# A corridor has a manhole or a joint pole every so many kilometres, and bends between them.
_PIECE_KM = 8.0
_BENDS_PER_PIECE = 2
_HUB_KM = 0.5


def add_streets(plant: Plant, town: Town, *, planes: Iterable[str]) -> None:
    """Add the crossings of a town, the ducts along its streets, and the vaults of its planes."""
    for column in range(town.columns):
        for row in range(town.rows):
            at = town.frame.to_lon_lat(*town.node_km(column, row))
            plant.add_structure(town.node(column, row), "manhole", at)
    for column in range(town.columns):
        for row in range(town.rows):
            here = town.node(column, row)
            if column + 1 < town.columns:
                plant.add_span(here, town.node(column + 1, row))
            if row + 1 < town.rows:
                plant.add_span(here, town.node(column, row + 1))
    for plane in planes:
        _add_hub(plant, town, plane)


def _add_hub(plant: Plant, town: Town, plane: str) -> None:
    west = plane == "A"
    row = town.rows // 2 - (0 if west else 1)
    x = town.half_width_km + _HUB_KM
    at = town.frame.to_lon_lat(-x if west else x, town.node_km(0, row)[1])
    hub = plant.add_structure(town.hub(plane), "vault", at)
    plant.add_span(hub, town.node(0 if west else town.columns - 1, row))


def add_corridor(plant: Plant, start: Town, end: Town, plane: str) -> list[str]:
    """Add the plant of one plane along the road between two towns; return its places in order.

    Plane A is a buried line that bows to one side of the straight line, plane B a pole line on
    the other side.
    """
    a, b = start.hub(plane), end.hub(plane)
    line = _winding_line(plant.position[a], plant.position[b], plane, f"{a}-{b}")
    places = [a]
    step = _BENDS_PER_PIECE + 1
    kind, medium = ("manhole", "buried") if plane == "A" else ("pole", "pole_line")
    for number, index in enumerate(range(step, len(line), step), start=1):
        if index == len(line) - 1:
            places.append(b)
        else:
            identity = f"K{start.code}{end.code}{plane}{number}"
            places.append(plant.add_structure(identity, kind, line[index]))
        plant.add_span(places[-2], places[-1], medium, bends=line[index - step + 1 : index])
    return places


def _winding_line(start: LonLat, end: LonLat, plane: str, name: str) -> list[LonLat]:
    frame = LocalFrame(*start)
    x, y = frame.to_km(*end)
    length = math.hypot(x, y)
    pieces = max(1, round(length / _PIECE_KM))
    count = pieces * (_BENDS_PER_PIECE + 1)
    # Plane A bows to the west of the road (to the north of a road that runs due east).
    side = 1.0 if (-y, x) < (0.0, 0.0) or (y == 0.0 and x > 0.0) else -1.0
    side = side if plane == "A" else -side
    phases = [2 * math.pi * draw("wind", name, i) for i in range(2)]
    points = []
    for index in range(count + 1):
        t = index / count
        wind = math.sin(5 * math.pi * t + phases[0]) + math.sin(11 * math.pi * t + phases[1]) / 2
        off = side * length * math.sin(math.pi * t) * (0.05 + 0.012 * wind)
        points.append(
            frame.to_lon_lat(t * x - off * y / length, t * y + off * x / length, decimals=5)
        )
    return [start, *points[1:-1], end]


def route_along(hubs: list[str], corridor_of: dict[frozenset[str], list[str]]) -> list[str]:
    """Return the places of a route that passes hubs in order, corridor by corridor."""
    places = [hubs[0]]
    for a, b in pairwise(hubs):
        corridor = corridor_of[stretch(a, b)]
        places += (corridor if corridor[0] == a else corridor[::-1])[1:]
    return places
