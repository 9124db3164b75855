"""Checks for one thing that is recorded as two, and for plant that hangs on nothing.

Two defects are not told here, because these tables cannot tell them: a ledger that calls a site a
ring where the plant has a bridge is a verdict (`claim_agrees` in sites.csv), and cables that are
always used together lie so in series as often as in one unrecorded duct.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from netgraph.components import find_components
from netgraph.inventory.checks.nearness import pairs_within
from netgraph.inventory.distinct import first_alike
from netgraph.inventory.raw import object_array
from netgraph.inventory.rules import make_finding
from netgraph.messages import Message
from netgraph.units import segment_lengths_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding

    Ints = NDArray[np.intp]

#: Words at the end of an office's name that say what it is, not which.
_KIND = re.compile(r"(机房|机楼|局站|局|站|office|exchange|site)$")
#: Points closer than this are one, or a chamber of two.
SAME_POINT_M = 2.0
_M_PER_DEGREE = 111_320.0  # at most: candidates are measured again


def check_alike_names(lookup: Lookup) -> list[Finding]:
    """Find offices of one city whose names differ in width, case, spaces or kind only."""
    offices = lookup.table("offices")
    names = object_array([_plain(name) for name in offices["name"]])
    first = first_alike(names, offices["city"])
    again = np.flatnonzero((names != "") & (first != np.arange(len(names))))
    hint = Message("Merge them if they are one, or tell them apart by name.")
    return [
        make_finding(
            "ND947",
            offices,
            row,
            Message(
                "the name {0!r} is that of {1!r}, too", offices["name"][row], offices["id"][one]
            ),
            hint,
        )
        for row, one in zip(again, first[again], strict=True)
    ]


def _plain(name: str) -> str:
    text = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    return _KIND.sub("", text) or text


def check_islands(lookup: Lookup) -> list[Finding]:
    """Find spans that hang together, but on no office: no route can use them."""
    spans, offices = lookup.table("spans"), lookup.table("offices")
    if len(offices) == 0 or len(spans) == 0:
        return []
    a, b = lookup.ends("spans", "from_id"), lookup.ends("spans", "to_id")
    known = np.flatnonzero((a >= 0) & (b >= 0))
    home = lookup.places.home  # a building holds its places together
    n = int(home.max(initial=-1)) + 1
    ends = home[a[known]], home[b[known]]
    part = find_components(n, *ends)
    at = lookup.ends("offices", "id")
    has_office = np.zeros(n, dtype=bool)
    has_office[part[home[at[at >= 0]]]] = True
    of_span = part[ends[0]]
    parts, first, counts = np.unique(of_span, return_index=True, return_counts=True)
    hint = Message("Record the span that joins them to the network.")
    return [
        make_finding(
            "ND948",
            spans,
            known[row],
            Message("{0} spans that hang together here reach no office", int(count)),
            hint,
        )
        for number, row, count in zip(parts, first, counts, strict=True)
        if not has_office[number]
    ]


def check_near_points(lookup: Lookup) -> list[Finding]:
    """Find structures of one kind in one place that no span joins: one chamber, perhaps."""
    structures = lookup.table("structures")
    lon, lat, kind = structures["lon"], structures["lat"], structures.coded("kind").codes
    at = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    scale = 1.0 if lookup.is_planar else _M_PER_DEGREE
    shrink = 1.0 if lookup.is_planar else np.cos(np.radians(np.abs(lat[at]).max(initial=0.0)))
    points = np.column_stack([lon[at] * scale * shrink, lat[at] * scale])
    i, j = at[np.sort(pairs_within(points, SAME_POINT_M), axis=1).T]
    alike = kind[i] == kind[j]
    i, j = i[alike], j[alike]
    apart = segment_lengths_m(lon[i], lat[i], lon[j], lat[j], planar=lookup.is_planar)
    near = np.flatnonzero(apart < SAME_POINT_M)
    near = near[~_are_joined(lookup, i[near], j[near])]
    found = zip(i[near].tolist(), j[near].tolist(), apart[near].tolist(), strict=True)
    hint = Message("Merge them if they are one, or record the span that joins them.")
    return [
        make_finding(
            "ND949",
            structures,
            later,
            Message("it lies {0:.1f} m from {1!r}", metres, structures["id"][one]),
            hint,
        )
        for one, later, metres in sorted(found)
    ]


def _are_joined(lookup: Lookup, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether a span joins two structures, pair by pair; shape (pairs,)."""
    places, n = lookup.ends("structures", "id"), len(lookup.places.ids)
    concerned = np.zeros(n + 1, dtype=bool)  # the last for the unknown place -1
    concerned[places[np.concatenate([one, other])]] = True
    ends = np.array([lookup.ends("spans", "from_id"), lookup.ends("spans", "to_id")])
    low, high = np.sort(ends[:, concerned[ends].all(axis=0)], axis=0)
    first, last = np.sort([places[one], places[other]], axis=0)
    return np.isin(first * n + last, low * n + high)
