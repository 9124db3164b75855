"""Rings larger than the rules allow are divided: several rings over the same new plant."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.rules import Rules
    from netgraph.topology.places import Places


class DividedRing(NamedTuple):
    """Rings (places in order), the stations on the largest, and what a planner should know.

    A note is its id and its numbers, joined by colons, such as `ring_long:10:8`.
    """

    rings: tuple[tuple[int, ...], ...]
    largest: int
    is_oversize: bool
    notes: tuple[str, ...]


def divide_ring(ring: Sequence[int], places: Places, rules: Rules) -> DividedRing:
    """Put the stations of a ring on as few rings as obey the limit, neighbours together.

    Every ring is closed through the two stations at the ends, and runs through the plant of the
    others on cores of its own: no more plant is needed.

    Parameters
    ----------
    ring
        Places from the first office around to the last.

    Returns
    -------
    DividedRing
        One ring where it is small enough, and where the limit leaves no room for any station
        between the two ends; then it is oversize.
    """
    stations = _stations(ring, places)
    size, limit = len(stations), rules.ring_fail_nodes
    if size <= limit:
        warn = rules.ring_warn_nodes
        notes = (f"ring_long:{size}:{warn}",) if size > warn else ()
        return DividedRing((tuple(ring),) if ring else (), size, is_oversize=False, notes=notes)
    ends = {ring[0], ring[-1]}
    inner = [place for place in stations if place not in ends]
    room = limit - len(ends)
    if room < 1:
        note = f"ring_undividable:{size}:{limit}"
        return DividedRing((tuple(ring),), size, is_oversize=True, notes=(note,))
    count = -(-len(inner) // room)
    bounds = [len(inner) * part // count for part in range(count + 1)]
    rings = []
    for low, high in pairwise(bounds):
        left_out = set(inner) - set(inner[low:high])
        rings.append(tuple(place for place in ring if place not in left_out))
    largest = max(len(_stations(one, places)) for one in rings)
    note = f"ring_divided:{size}:{limit}:{count}:{largest}"
    return DividedRing(tuple(rings), largest, is_oversize=False, notes=(note,))


def _stations(ring: Sequence[int], places: Places) -> list[int]:
    """Offices and sites on a ring, each once, in order."""
    return [place for place in dict.fromkeys(ring) if places.kind[place] in {OFFICE, SITE}]
