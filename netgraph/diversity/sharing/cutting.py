"""Cut the working routes of many units into the stretches that they share, on all cores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.sharing.stretches import cut_in_turn
from netgraph.diversity.sharing.walked import END_MEMBER, FIRST_MEMBER, UNIT
from netgraph.diversity.threads import in_threads, ranges

if TYPE_CHECKING:
    from netgraph.diversity.sharing.walked import Floats, Things, WalkedUnits, Ways
    from netgraph.topology.csr import Ints

_LEAST = 64  # units worth a thread


class Stretches(NamedTuple):
    """Shared stretches, in the order of the units and of their routes.

    Attributes
    ----------
    record
        Shape (stretches, 9): see the names of the columns.
    metres
        Shape (stretches, 2): length, and distance from A.
    member
        Links, cables or spans of all stretches.
    unit_m
        Shape (units, 3): total, unprotected and shared metres of the working route.
    step_m
        Of each link on their routes, in turn: where it begins on its route, outside the A building,
        and where that begins. Shape (links, 2).
    open
        Unit, and element that it shares beside its stretches: points, risk groups, devices,
        buildings. Shape (open, 2).
    """

    record: Ints
    metres: Floats
    member: Ints
    unit_m: Floats
    step_m: Floats
    open: Ints


def cut_stretches(units: WalkedUnits, ways: Ways, things: Things) -> Stretches:
    """Walk the working routes and cut out what is shared; O(pieces on the routes), on all cores."""
    parts = ranges(len(units.a_home), _LEAST)
    found = in_threads(lambda part: cut_in_turn(_part_of(units, *part), ways, things), parts)
    first_member = 0
    for (first_unit, _), (record, _, member, _, _, more) in zip(parts, found, strict=True):
        record[:, UNIT] += first_unit
        more[:, 0] += first_unit
        record[:, [FIRST_MEMBER, END_MEMBER]] += first_member
        first_member += len(member)
    return Stretches(*map(np.concatenate, zip(*found, strict=True)))


def _part_of(units: WalkedUnits, low: int, high: int) -> WalkedUnits:
    """Take some units in a row; the tables that they point into stay whole."""
    return units._replace(
        ptr=units.ptr[low : high + 1],
        a_home=units.a_home[low:high],
        shared_ptr=units.shared_ptr[low : high + 1],
    )
