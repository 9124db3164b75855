"""Metres that a working route shares or has alone, and where the first of what it shares lies."""

from __future__ import annotations

import itertools
import math
from itertools import chain
from typing import TYPE_CHECKING

from netgraph.verify.ways import FAR

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.verify.circuits import Unit
    from netgraph.verify.rows import Row, Rows, Step
    from netgraph.verify.ways import Ways

_APART = {"diverse", "separated"}
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
    both = {piece[0] for step in chain(*steps) for piece, is_met in _along(ways, step, together)
            if is_met}  # fmt: skip
    is_told = level not in _UNTOLD and all(route.is_known for route in chain(*segments))
    return {
        "single_route_m": sum(alone, 0.0),
        "shared_length_m": sum(map(ways.length, both), 0.0),
        **(_first(ways, [*chain(*steps)], together) if is_told else {}),
    }


def _together(ways: Ways, shared: Collection[str]) -> set[str]:
    """Add the spans of shared trenches, and of suspicions, to what is shared."""
    found = set(shared)
    for element in shared:
        if element.startswith("trenches:"):
            found |= ways.rows.spans_in[element]
        elif element.startswith("suspected:"):
            found |= {"spans:" + id_ for id_ in element.partition(":")[2].split("~")}
    return found


def _along(ways: Ways, step: Step, together: AbstractSet[str]) -> Iterator[tuple[Step, bool]]:
    """Pass the pieces of a link on a route, and tell whether each, its cable or the link is met."""
    is_whole = step[0] in together
    for piece, passed in ways.along(step):
        yield piece, is_whole or not together.isdisjoint(passed)


def _first(ways: Ways, steps: Sequence[Step], together: set[str]) -> Mapping[str, object]:
    """Say where a route first meets what is shared; of several points as near, any may be named.

    Where a risk group begins is not told by the elements of one route alone, nor is the name of a
    stretch that begins at a splice.
    """
    if any(element.startswith(("risk_groups:", "possible:")) for element in together):
        return {}
    found = _meetings(ways, steps, together)
    place, at = next(found, ("", FAR))
    if at == FAR:
        return {}
    as_near = itertools.takewhile(lambda meeting: meeting[1] == at, found)
    names = [_name(ways.rows, each) for each in (place, *(other for other, _ in as_near))]
    return {"distance_from_a_m": at, "first_common_point": names}


def _meetings(ways: Ways, steps: Sequence[Step], together: set[str]) -> Iterator[tuple[str, float]]:
    """Walk a route, and name where stretches of it are shared, or places that none touches."""
    rows = ways.rows
    home_a = rows.home(steps[0][1]) if steps else ""
    pieces = (each for step in steps for each in _along(ways, step, together))
    ends = {end for (_, *both), is_met in pieces if is_met for end in both}
    met = _apart(rows, together) - ends
    at = 0.0
    for step in steps:
        below = rows.met(step[0])
        if at and together.isdisjoint(below) and met.isdisjoint(below) and home_a not in below:
            at += ways.length(step[0])
            continue
        for (key, a, b), is_met in _along(ways, step, together):
            if a in ends:  # first of its building: a stretch tells of that, too
                met.discard(rows.home(a))
            if is_met or not met.isdisjoint((a, rows.home(a))):
                yield a, at
            is_at_home = "" != home_a == rows.home(a) == rows.home(b)  # it leads nowhere
            at = at if is_at_home else at + ways.length(key)
            if b in ends:
                met.discard(rows.home(b))
            if not met.isdisjoint((b, rows.home(b))):  # what follows may begin behind a gap
                yield b, at


def _apart(rows: Rows, together: set[str]) -> set[str]:
    """Name what is shared, and where what is shared stands; no building of a shared office."""
    inside = {rows.place.get(rows.of[e]["location_id"], "") for e in together
              if e.startswith(("equipment:", "rooms:"))}  # fmt: skip
    offices = {element for element in together if element.startswith(("offices:", "sites:"))}
    return (together | inside) - ({*map(rows.home, offices)} - offices)


def _name(rows: Rows, place: str) -> object:
    """Give the id by which a stretch that begins at a place is named; FAR if it has another."""
    table, _, id_ = place.partition(":")
    is_lasting = table != "structures" or rows.of[place]["kind"] in _LASTING
    return id_ if is_lasting and id_ else FAR
