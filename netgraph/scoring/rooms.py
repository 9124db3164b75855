"""Facts about the rooms that the routes of sites pass, office by office."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.ragged import is_among
from netgraph.scoring.results import Facts

if TYPE_CHECKING:
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.items_site import Judge
    from netgraph.topology.csr import Csr, Ints


def room_facts(sites: SiteFacts, offices: Csr, item: str, judge: Judge) -> list[Facts]:
    """Give one fact a room of the routes' equipment in offices.

    The office itself stands in for what names no room, and where no equipment is known. What
    names a room that is not recorded is an unknown fact.

    Parameters
    ----------
    offices
        Site to places of offices, ascending, each once.
    """
    owner, office, room = _passed(sites, offices)
    values, numbers = np.empty(len(owner), dtype=np.int8), np.empty(len(owner), dtype=np.int64)
    has_room = room >= 0
    for table, rows, part in (
        ("rooms", room, has_room), ("offices", sites.network.places.rows[office], ~has_room)
    ):  # fmt: skip
        values[part], numbers[part] = sites.base.judged(table, item, rows[part], judge)
    return [Facts(owner, values, numbers), _in_lost_rooms(sites, offices)]


def _passed(sites: SiteFacts, offices: Csr) -> tuple[Ints, Ints, Ints]:
    """Site, office and room of all that is passed; -1, after the rooms, for the office itself."""
    transport, equipment = sites.transport, sites.network.equipment
    at, room = equipment.location[transport.indices], equipment.room[transport.indices]
    n_places, n_rooms = len(sites.network.places), len(equipment.room_ids)
    wanted = offices.owners * n_places + offices.indices
    pair = transport.owners * n_places + at
    here = np.flatnonzero((at >= 0) & is_among(pair, wanted))
    bare = wanted[~is_among(wanted, np.sort(pair[here]))]
    last = np.where(room < 0, n_rooms, room)[here]
    width = n_rooms + 1
    passed = np.sort(np.concatenate([pair[here] * width + last, bare * width + n_rooms]))
    pair, last = np.divmod(passed[np.diff(passed, prepend=-1) > 0], width)
    owner, office = np.divmod(pair, n_places)
    return owner, office, np.where(last == n_rooms, -1, last)


def _in_lost_rooms(sites: SiteFacts, offices: Csr) -> Facts:
    """Equipment in these offices that names a room which is not recorded, as unknown facts."""
    transport, n_places = sites.transport, len(sites.network.places)
    at = sites.network.equipment.location[transport.indices]
    wanted = offices.owners * n_places + offices.indices
    lost = sites.base.has_lost_room[transport.indices] & (at >= 0)
    lost &= is_among(transport.owners * n_places + at, wanted)
    named = sites.base.inventory.table("equipment")["room_id"][transport.indices[lost]]
    numbers = sites.base.names.words(f"rooms:{name}" for name in named.tolist())
    return Facts.alike(transport.owners[lost], numbers)
