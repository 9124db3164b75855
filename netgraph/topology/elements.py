"""One numbering for everything that can fail, and what takes each link down with it.

The audit asks which elements two routes have in common. It therefore needs, for every link, the
set of elements each of which alone takes the link down (the link itself, the equipment, rooms,
offices and buildings at its ends, and all that its only leg, or both of its legs, run through),
and for every element the explicit risk groups that it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, compose, csr_of_lists, csr_of_pairs, csr_of_unique_pairs
from netgraph.topology.memberships import find_memberships
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints
    from netgraph.topology.memberships import MembershipDoubt
    from netgraph.topology.places import Places
    from netgraph.topology.plant import Cables, Spans
    from netgraph.topology.transport import Equipment, Links

#: Kinds of element, strongest evidence of sharing first.
LINK, CABLE, SPAN, TRENCH, POINT, DEVICE, ROOM, LOCATION, BUILDING = range(9)
KIND_NAMES = (
    "link", "cable", "span", "trench", "structure", "equipment", "room", "office", "building",
)  # fmt: skip
_BLOCKS = ("links", "cables", "spans", "trenches", "places", "equipment", "rooms", "buildings")


@dataclass(frozen=True)
class Elements:
    """The element numbering.

    Attributes
    ----------
    offset
        First number of each block: links, cables, spans, trenches, places, equipment, rooms,
        buildings.
    kind
        Kind code (LINK ... BUILDING) of each element; shape (elements,).
    ids
        Id of each element in its own table; shape (elements,).
    home
        The building (see :class:`Places`) that an element stands in, -1 outside.
    of_link, of_cable, of_span
        Link, cable and span to the elements that alone take it down; sorted, without repeats.
    risks, possible_risks
        Element to explicit risk groups that it belongs to, and to those that it only may.
    doubts, unsure
        Rows of `risk_members` that name nothing; and element to those of them (positions) that
        leave open what fails together with it.
    unsure_of_link
        Link to the unsure elements that any leg of it meets.
    risk_ids, risk_kinds
        The explicit risk groups; shape (risks,).
    """

    offset: dict[str, int]
    kind: NDArray[np.int8]
    ids: NDArray[np.object_]
    home: Ints
    of_link: Csr
    of_cable: Csr
    of_span: Csr
    risks: Csr
    possible_risks: Csr
    doubts: tuple[MembershipDoubt, ...]
    doubts_everywhere: tuple[int, ...]
    unsure: Csr
    unsure_of_link: Csr
    risk_ids: NDArray[np.object_]
    risk_kinds: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the elements."""
        return len(self.kind)

    def number(self, block: str, positions: Ints) -> Ints:
        """Element numbers of positions in a block; unknown (-1) positions are dropped."""
        return positions[positions >= 0] + self.offset[block]

    def position(self, block: str, element: int) -> int:
        """Position in its block of an element."""
        return element - self.offset[block]


def build_elements(
    inventory: Inventory, places: Places, spans: Spans, cables: Cables,
    equipment: Equipment, links: Links,
) -> Elements:  # fmt: skip
    """Give the elements numbers and gather what takes each link down; O(total route length)."""
    sizes = (
        len(links), len(cables), len(spans), len(spans.trench_ids), len(places),
        len(equipment), len(equipment.room_ids), len(places.building_ids),
    )  # fmt: skip
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    offset = {block: int(start) for block, start in zip(_BLOCKS, starts, strict=True)}
    place_kind = np.where((places.kind == OFFICE) | (places.kind == SITE), LOCATION, POINT)
    fixed = np.repeat(np.array([LINK, CABLE, SPAN, TRENCH, POINT, DEVICE, ROOM, BUILDING]), sizes)
    fixed[offset["places"] : offset["places"] + len(places)] = place_kind
    of_span = _span_elements(places, spans, offset)
    of_cable = _cable_elements(places, cables, of_span, offset)
    of_groups = find_memberships(inventory, offset, int(sum(sizes)))
    own = _own_elements(places, equipment, links, offset)
    groups = inventory.table("risk_groups")
    return Elements(
        offset=offset,
        kind=fixed.astype(np.int8),
        ids=np.concatenate(
            [
                links.ids,
                cables.ids,
                spans.ids,
                spans.trench_ids,
                places.ids,
                equipment.ids,
                equipment.room_ids,
                places.building_ids,
            ]
        ),
        home=_homes(places, spans, cables, equipment, links),
        of_link=_link_elements(links, own, of_cable),
        of_cable=of_cable,
        of_span=of_span,
        risks=of_groups.certain,
        possible_risks=of_groups.possible,
        doubts=of_groups.doubts,
        doubts_everywhere=of_groups.everywhere,
        unsure=of_groups.unsure,
        unsure_of_link=_met(links, own, of_cable, of_groups.unsure.counts > 0),
        risk_ids=groups["id"],
        risk_kinds=groups["kind"],
    )


def _columns(n_rows: int, columns: list[tuple[Ints, int]]) -> Csr:
    """Rows of the distinct positions in columns, each with its block's offset; -1 is left out."""
    rows = np.tile(np.arange(n_rows), len(columns))
    values = np.concatenate([np.where(c >= 0, c + start, -1) for c, start in columns])
    return csr_of_unique_pairs(rows[values >= 0], values[values >= 0], n_rows)


def _building(places: Places, place: Ints) -> Ints:
    if len(places) == 0:
        return place
    return np.where(place >= 0, places.building[place], -1)


def _span_elements(places: Places, spans: Spans, offset: dict[str, int]) -> Csr:
    itself = np.arange(len(spans))
    ends = [(end, offset["places"]) for end in (spans.a, spans.b)]
    houses = [(_building(places, end), offset["buildings"]) for end in (spans.a, spans.b)]
    return _columns(
        len(spans),
        [(itself, offset["spans"]), (spans.trench, offset["trenches"]), *ends, *houses],
    )


def _cable_elements(places: Places, cables: Cables, of_span: Csr, offset: dict[str, int]) -> Csr:
    ends = [(end, offset["places"]) for end in (cables.a, cables.b)]
    houses = [(_building(places, end), offset["buildings"]) for end in (cables.a, cables.b)]
    own = _columns(len(cables), [(np.arange(len(cables)), offset["cables"]), *ends, *houses])
    return _side_by_side(own, compose(cables.spans, of_span))


def _side_by_side(first: Csr, second: Csr) -> Csr:
    rows = np.concatenate([first.owners, second.owners])
    values = np.concatenate([first.indices, second.indices])
    return csr_of_unique_pairs(rows, values, len(first))


def _own_elements(
    places: Places, equipment: Equipment, links: Links, offset: dict[str, int]
) -> Csr:
    """Elements of a link without what carries it: itself, and what is at its ends."""
    rooms = [_at(equipment.room, end) for end in (links.a_equipment, links.b_equipment)]
    return _columns(
        len(links),
        [
            (np.arange(len(links)), offset["links"]),
            (links.a_place, offset["places"]),
            (links.b_place, offset["places"]),
            (links.a_equipment, offset["equipment"]),
            (links.b_equipment, offset["equipment"]),
            (rooms[0], offset["rooms"]),
            (rooms[1], offset["rooms"]),
            (_building(places, links.a_place), offset["buildings"]),
            (_building(places, links.b_place), offset["buildings"]),
        ],
    )


def _link_elements(links: Links, own: Csr, of_cable: Csr) -> Csr:
    of_leg = compose(links.leg_cables, of_cable)
    if len(links.leg_carriers.indices) == 0 and (len(links) == 0 or links.legs.counts.max() <= 1):
        return _side_by_side(own, compose(links.legs, of_leg))
    return _side_by_side(own, _legs_in_common(links, own, of_leg))


def _at(values: Ints, where: Ints) -> Ints:
    if len(values) == 0:
        return np.full(len(where), -1, dtype=np.int64)
    return np.where(where >= 0, values[where], -1)


def _legs_in_common(links: Links, own: Csr, of_leg: Csr) -> Csr:
    """Elements of a link's only leg, or those that both of its legs share, carriers included."""
    order, circular = links.carriers_first
    found: list[Ints] = [np.empty(0, dtype=np.int64)] * len(links)
    for link in (*order, *sorted(circular)):  # of links in a circle only what is near is known
        legs = [
            np.unique(np.concatenate([of_leg.row(leg), *_of_carriers(links, leg, own, found)]))
            for leg in links.legs.row(link)
        ]
        common = legs[0] if legs else found[link]
        for other in legs[1:]:
            common = np.intersect1d(common, other, assume_unique=True)
        found[link] = common
    return csr_of_lists(found)


def _of_carriers(links: Links, leg: int, own: Csr, found: list[Ints]) -> Iterator[Ints]:
    for carrier in links.leg_carriers.row(leg):
        yield own.row(carrier)
        yield found[carrier]


def _met(links: Links, own: Csr, of_cable: Csr, wanted: NDArray[np.bool_]) -> Csr:
    """Elements that a link, any of its legs or any of its carriers meets; only those wanted."""
    if not wanted.any():
        return Csr(np.zeros(len(links) + 1, dtype=np.int64), np.empty(0, dtype=np.int64))
    own, of_cable = _only(own, wanted), _only(of_cable, wanted)
    met = _side_by_side(own, compose(links.legs, compose(links.leg_cables, of_cable)))
    if len(links.leg_carriers.indices) == 0:
        return met
    found = [set(met.row(link).tolist()) for link in range(len(links))]
    order, circular = links.carriers_first
    for link in (*order, *sorted(circular)):  # of links in a circle only what is near is known
        for carrier in links.carriers.row(link).tolist():
            found[link] |= set(own.row(carrier).tolist()) if link in circular else found[carrier]
    return csr_of_lists([np.array(sorted(row), dtype=np.int64) for row in found])


def _only(table: Csr, wanted: NDArray[np.bool_]) -> Csr:
    """Rows of a table, less the values that are not wanted."""
    kept = wanted[table.indices]
    return csr_of_pairs(table.owners[kept], table.indices[kept], len(table))


def _homes(
    places: Places, spans: Spans, cables: Cables, equipment: Equipment, links: Links
) -> Ints:
    """Find the building of each element; what has a length stands in one if all of it does."""
    indoor_span = _in_one(_at(places.home, spans.a), _at(places.home, spans.b))
    indoor_cable = _in_one(_at(places.home, cables.a), _at(places.home, cables.b))
    inside = _parts_inside(cables.spans, indoor_span, indoor_cable)
    indoor_cable[~inside | ~cables.is_complete] = -1
    indoor_link = _in_one(_at(places.home, links.a_place), _at(places.home, links.b_place))
    of_leg = _at(indoor_link, links.legs.owners[np.argsort(links.legs.indices)])
    leg_inside = _parts_inside(links.leg_cables, indoor_cable, of_leg) & links.leg_is_complete
    leg_inside &= links.leg_carriers.counts == 0
    indoor_link[links.legs.counts == 0] = -1
    indoor_link[links.legs.owners[~leg_inside[links.legs.indices]]] = -1
    return np.concatenate([
        indoor_link,
        indoor_cable,
        indoor_span,
        _trench_homes(spans, indoor_span),
        places.home,
        _at(places.home, equipment.location),
        _at(places.home, equipment.room_location),
        np.arange(len(places.building_ids)),
    ])  # fmt: skip


def _in_one(home_a: Ints, home_b: Ints) -> Ints:
    return np.where((home_a == home_b) & (home_a >= 0), home_a, -1)


def _parts_inside(table: Csr, part_home: Ints, home: Ints) -> NDArray[np.bool_]:
    """Rows of which every part stands in the row's own building."""
    inside = home >= 0
    away = part_home[table.indices] != home[table.owners]
    inside[table.owners[away]] = False
    return inside


def _trench_homes(spans: Spans, indoor_span: Ints) -> Ints:
    """Find the building that all spans of a trench stand in."""
    housed = np.flatnonzero(spans.trench >= 0)
    low = np.full(len(spans.trench_ids), np.iinfo(np.int64).max)
    high = np.full(len(spans.trench_ids), -1, dtype=np.int64)
    np.minimum.at(low, spans.trench[housed], indoor_span[housed])
    np.maximum.at(high, spans.trench[housed], indoor_span[housed])
    return np.where(low == high, high, -1)
