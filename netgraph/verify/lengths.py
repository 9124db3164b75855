"""Metres that a working route shares or has alone, and where the first of what it shares lies."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

from netgraph.verify.ways import FAR, NOTHING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from netgraph.verify.circuits import Unit
    from netgraph.verify.rows import Row, Rows, Step
    from netgraph.verify.ways import Ways

_APART = {"diverse", "separated"}
_WHOLE = ("links:", "cables:")  # a piece counts where they pass it
_UNTOLD = {"undecidable", "radio_backup"}
#: Structures that stay where they are when a span is divided: they give a stretch its name.
_LASTING = {"manhole", "cabinet"}


def lengths_of(
    ways: Ways, circuit: Row, unit: Unit, level: str, shared: Collection[str]
) -> Mapping[str, object]:
    """Give what the table must say of metres: without a second route, shared, to what is shared.

    Nothing if it is not known where some of it begins or ends.
    """
    (segments,) = unit
    steps = [routes[0].steps for routes in segments]
    metres = [sum(ways.length(step[0]) for step in each) for each in steps]
    if not math.isfinite(sum(metres)):
        return {}
    if level in _APART:
        nowhere = dict.fromkeys(("first_common_point", "distance_from_a_m"))
        return {"single_route_m": 0.0, "shared_length_m": 0.0, **nowhere}
    if level == "single_route":
        known = all(route.is_known for route in chain(*segments))
        here = {"first_common_point": circuit["a_id"], "distance_from_a_m": 0.0} if known else {}
        return {"single_route_m": sum(metres), "shared_length_m": 0.0, **here}
    alone = (m for m, routes in zip(metres, segments, strict=True) if len(routes) == 1)
    together = _together(ways, shared)
    both = NOTHING.union(*(ways.pieces_of(step[0]) & together for step in chain(*steps)))
    is_told = level not in _UNTOLD and all(route.is_known for route in chain(*segments))
    return {
        "single_route_m": sum(alone, 0.0),
        "shared_length_m": sum(map(ways.length, both), 0.0),
        **(_first(ways, [*chain(*steps)], shared, together) if is_told else {}),
    }


def _together(ways: Ways, shared: Collection[str]) -> set[str]:
    """Add the pieces of what is shared to it."""
    found = set(shared)
    for element in shared:
        if element.startswith(_WHOLE):
            found |= ways.pieces_of(element)
        elif element.startswith("trenches:"):
            found |= ways.rows.spans_in[element]
        elif element.startswith("suspected:"):
            found |= {"spans:" + id_ for id_ in element.partition(":")[2].split("~")}
    return found


def _first(
    ways: Ways, steps: Sequence[Step], shared: Collection[str], together: set[str]
) -> Mapping[str, object]:
    """Say where a route first meets what is shared: a stretch, or a place that none touches.

    Where a risk group begins is not told by the elements of one route alone, nor is the name of a
    stretch that begins at a splice.
    """
    rows = ways.rows
    if any(element.startswith(("risk_groups:", "possible:")) for element in together):
        return {}
    home_a = rows.home(steps[0][1]) if steps else ""
    passing = [step for step in steps if not together.isdisjoint(ways.pieces_of(step[0]))]
    pieces = chain.from_iterable(map(ways.along, passing))
    ends = {end for key, *both in pieces if key in together for end in both}
    met = _apart(rows, together) - ends
    at = 0.0
    for step in steps:
        below = rows.met(step[0])
        if at and step not in passing and met.isdisjoint(below) and home_a not in below:
            at += ways.length(step[0])
            continue
        here = _together(ways, [e for e in shared if not e.startswith(_WHOLE) or e in below])
        for key, a, b in ways.along(step):
            if a in ends:  # first of its building: a stretch tells of that, too
                met.discard(rows.home(a))
            if key in here or not met.isdisjoint((a, rows.home(a))):
                return _found(ways, a, at)
            is_at_home = "" != home_a == rows.home(a) == rows.home(b)  # it leads nowhere
            at = at if is_at_home else at + ways.length(key)
            if b in ends:
                met.discard(rows.home(b))
            if not met.isdisjoint((b, rows.home(b))):  # what follows may begin behind a gap
                return _found(ways, b, at)
    return {}


def _apart(rows: Rows, together: set[str]) -> set[str]:
    """Name what is shared, and where what is shared stands; no building of a shared office."""
    inside = {rows.place.get(rows.of[e]["location_id"], "") for e in together
              if e.startswith(("equipment:", "rooms:"))}  # fmt: skip
    offices = {element for element in together if element.startswith(("offices:", "sites:"))}
    return (together | inside) - ({*map(rows.home, offices)} - offices)


def _found(ways: Ways, place: str, at: float) -> Mapping[str, object]:
    table, _, id_ = place.partition(":")
    is_lasting = table != "structures" or ways.rows.of[place]["kind"] in _LASTING
    return {"distance_from_a_m": at, "first_common_point": id_ if is_lasting and id_ else FAR}
