"""Equipment and links in arrays, and the cables or lower links that carry each link."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.coded import joined
from netgraph.topology.chains import Chains, join_chains
from netgraph.topology.csr import Csr, compose, csr_of_pairs, transpose
from netgraph.topology.ids import IdIndex, codes_of
from netgraph.topology.plant import is_foreign, ordered_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.inventory.coded import Coded
    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places
    from netgraph.topology.plant import Cables

#: Media that need no cable.
WIRELESS = frozenset({"radio", "cellular", "satellite"})


@dataclass(frozen=True)
class Equipment:
    """Network elements; arrays of shape (equipment,). `location` is a place, -1 if unknown."""

    ids: NDArray[np.object_]
    index: IdIndex
    location: Ints
    room: Ints
    room_ids: NDArray[np.object_]
    room_location: Ints
    system: Ints
    system_ids: NDArray[np.object_]
    is_in_service: NDArray[np.bool_]
    hot_standby: NDArray[np.int8]

    def __len__(self) -> int:
        """Count the network elements."""
        return len(self.ids)


@dataclass(frozen=True)
class Links:
    """Links; arrays of shape (links,).

    A leg is one way in which a link is carried: a sequence of cables or of lower links. A link
    with a working and a protect leg (MSP 1+1, OLP) goes down only with what both legs share.

    Attributes
    ----------
    a_place, b_place, a_equipment, b_equipment
        Where the link ends; -1 if unknown (equipment: also where a place is named).
    legs
        Link to legs, working first.
    leg_cables, leg_carriers
        Leg to cables and to lower links, in recorded order; `cable_walk` and
        `carrier_walk` orient them.
    leg_is_complete
        Per leg: its cables or carriers are known and join the link's ends.
    leg_has_unknown
        Per leg: it names a cable or carrier that is not recorded, somewhere on its way.
    """

    ids: NDArray[np.object_]
    index: IdIndex
    a_place: Ints
    b_place: Ints
    a_equipment: Ints
    b_equipment: Ints
    section: NDArray[np.object_]
    system: Ints
    medium: NDArray[np.object_]
    protection: NDArray[np.object_]
    is_wireless: NDArray[np.bool_]
    is_foreign: NDArray[np.bool_]
    is_in_service: NDArray[np.bool_]
    legs: Csr
    leg_cables: Csr
    leg_carriers: Csr
    cable_walk: Chains
    carrier_walk: Chains
    leg_is_complete: NDArray[np.bool_]
    leg_has_unknown: NDArray[np.bool_]

    def __len__(self) -> int:
        """Count the links."""
        return len(self.ids)

    @cached_property
    def carriers(self) -> Csr:
        """Link to the lower links on all of its legs."""
        return compose(self.legs, self.leg_carriers)

    @cached_property
    def carriers_first(self) -> tuple[tuple[int, ...], frozenset[int]]:
        """Links in an order in which carriers come before what they carry, and the others.

        The others carry themselves through others, or are carried by such links: they have no
        place in any order. Cost O(links and carriers).
        """
        upper = transpose(self.carriers, len(self))
        waits_for = self.carriers.counts.tolist()
        order = [link for link, count in enumerate(waits_for) if count == 0]
        for link in order:  # grows while it is walked
            for carried in upper.row(link).tolist():
                waits_for[carried] -= 1
                if waits_for[carried] == 0:
                    order.append(carried)
        return tuple(order), frozenset(range(len(self))) - frozenset(order)


def build_equipment(inventory: Inventory, places: Places) -> Equipment:
    """Resolve where the equipment stands."""
    table, rooms = inventory.table("equipment"), inventory.table("rooms")
    named = [inventory.table(name).coded("system_id") for name in ("equipment", "links")]
    _, system_ids = codes_of(joined([inventory.table("systems").coded("id"), *named]))
    return Equipment(
        ids=table["id"],
        index=IdIndex(table.coded("id")),
        location=places.index.positions(table.coded("location_id")),
        room=IdIndex(rooms.coded("id")).positions(table.coded("room_id")),
        room_ids=rooms["id"],
        room_location=places.index.positions(rooms.coded("location_id")),
        system=IdIndex(system_ids).positions(table.coded("system_id")),
        system_ids=system_ids,
        is_in_service=table.coded("status").equals("in_service"),
        hot_standby=table["hot_standby"],
    )


def build_links(
    inventory: Inventory, places: Places, equipment: Equipment, cables: Cables
) -> Links:
    """Resolve the links' ends and walk each leg through its cables."""
    table = inventory.table("links")
    index = IdIndex(table.coded("id"))
    a_equipment = equipment.index.positions(table.coded("from_id"))
    b_equipment = equipment.index.positions(table.coded("to_id"))
    a_place = _location(places, equipment, a_equipment, table.coded("from_id"))
    b_place = _location(places, equipment, b_equipment, table.coded("to_id"))
    legs, leg_link, leg_cables, leg_carriers, unknown = _legs(inventory, index, cables)
    walk = join_chains(
        leg_cables, cables.a, cables.b, a_place[leg_link], b_place[leg_link], places.home
    )
    carrier_walk = join_chains(
        leg_carriers, a_place, b_place, a_place[leg_link], b_place[leg_link], places.home
    )
    has_cables, has_carriers = leg_cables.counts > 0, leg_carriers.counts > 0
    complete = ~unknown & (has_cables != has_carriers)  # a mixture has no defined order
    complete &= ~walk.breaks(leg_cables) & ~carrier_walk.breaks(leg_carriers)
    return Links(
        ids=table["id"],
        index=index,
        a_place=a_place,
        b_place=b_place,
        a_equipment=a_equipment,
        b_equipment=b_equipment,
        section=table["section"],
        system=IdIndex(equipment.system_ids).positions(table.coded("system_id")),
        medium=table["medium"],
        protection=table["protection"],
        is_wireless=table.coded("medium").place_in(sorted(WIRELESS)) >= 0,
        is_foreign=is_foreign(table.coded("owner")),
        is_in_service=table.coded("status").equals("in_service"),
        legs=legs,
        leg_cables=leg_cables,
        leg_carriers=leg_carriers,
        cable_walk=walk,
        carrier_walk=carrier_walk,
        leg_is_complete=complete,
        leg_has_unknown=unknown,
    )


def _location(places: Places, equipment: Equipment, found: Ints, ids: Coded) -> Ints:
    direct = places.index.positions(ids)
    if len(equipment) == 0:
        return direct
    return np.where(found >= 0, equipment.location[found], direct)


def _legs(
    inventory: Inventory, links: IdIndex, cables: Cables
) -> tuple[Csr, Ints, Csr, Csr, NDArray[np.bool_]]:
    """Give the legs numbers; a row whose cable or carrier is unknown marks its leg."""
    by_cable, by_link = inventory.table("link_cables"), inventory.table("link_links")
    link = np.concatenate(
        [links.positions(by_cable.coded("link_id")), links.positions(by_link.coded("link_id"))]
    )
    role = joined([by_cable.coded("role"), by_link.coded("role")])
    is_protect = role.equals("protect").astype(np.int64)
    seq = np.concatenate([by_cable["seq"], by_link["seq"]])
    cable = np.concatenate(
        [cables.index.positions(by_cable.coded("cable_id")), np.full(len(by_link), -1)]
    )
    carrier = np.concatenate(
        [np.full(len(by_cable), -1), links.positions(by_link.coded("carrier_id"))]
    )
    order = ordered_rows(link, is_protect, seq)
    order = order[link[order] >= 0]
    key = link[order] * 2 + is_protect[order]
    keys, leg_of_row = np.unique(key, return_inverse=True)
    leg_link = keys // 2
    has_cable, has_carrier = cable[order] >= 0, carrier[order] >= 0
    unknown = np.zeros(len(keys), dtype=bool)
    unknown[leg_of_row[~has_cable & ~has_carrier]] = True
    return (
        csr_of_pairs(leg_link, np.arange(len(keys)), len(links)),
        leg_link,
        csr_of_pairs(leg_of_row[has_cable], cable[order][has_cable], len(keys)),
        csr_of_pairs(leg_of_row[has_carrier], carrier[order][has_carrier], len(keys)),
        unknown,
    )
