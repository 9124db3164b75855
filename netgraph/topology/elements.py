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

from netgraph.topology.csr import Csr, compose, csr_of_lists, csr_of_pairs, gather, unique_rows
from netgraph.topology.ids import IdIndex
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints
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
    risks
        Element to explicit risk groups.
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
    risk_ids: NDArray[np.object_]
    risk_kinds: NDArray[np.object_]

    def __len__(self) -> int:
        """Number of elements."""
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
    """Number the elements and gather what takes each link down; O(total length of the routes)."""
    sizes = (
        len(links), len(cables), len(spans), len(spans.trench_ids), len(places),
        len(equipment), len(equipment.room_ids), len(places.building_ids),
    )  # fmt: skip
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    offset = {block: int(start) for block, start in zip(_BLOCKS, starts, strict=True)}
    place_kind = np.where((places.kind == OFFICE) | (places.kind == SITE), LOCATION, POINT)
    fixed = np.repeat(
        np.array([LINK, CABLE, SPAN, TRENCH, POINT, DEVICE, ROOM, BUILDING]), sizes
    )
    fixed[offset["places"] : offset["places"] + len(places)] = place_kind
    of_span = _span_elements(places, spans, offset)
    of_cable = _cable_elements(places, cables, of_span, offset)
    risk_ids, risk_kinds, risks = _explicit_risks(inventory, offset, int(sum(sizes)))
    return Elements(
        offset=offset,
        kind=fixed.astype(np.int8),
        ids=np.concatenate([
            links.ids, cables.ids, spans.ids, spans.trench_ids, places.ids,
            equipment.ids, equipment.room_ids, places.building_ids,
        ]),  # fmt: skip
        home=_homes(places, spans, equipment, sizes),
        of_link=_link_elements(places, equipment, links, of_cable, offset),
        of_cable=of_cable,
        of_span=unique_rows(of_span),
        risks=risks,
        risk_ids=risk_ids,
        risk_kinds=risk_kinds,
    )


def _columns(n_rows: int, columns: list[tuple[Ints, int]]) -> Csr:
    """Rows from columns of positions, each with its block's offset; -1 is left out."""
    rows = np.tile(np.arange(n_rows), len(columns))
    values = np.concatenate([np.where(c >= 0, c + start, -1) for c, start in columns])
    return csr_of_pairs(rows[values >= 0], values[values >= 0], n_rows)


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
    return unique_rows(csr_of_pairs(rows, values, len(first)))


def _link_elements(
    places: Places, equipment: Equipment, links: Links, of_cable: Csr, offset: dict[str, int]
) -> Csr:
    rooms = [_at(equipment.room, end) for end in (links.a_equipment, links.b_equipment)]
    own = _columns(
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
    done: dict[int, Ints] = {}

    def content(link: int, above: frozenset[int]) -> Ints:
        if link not in done:
            legs = [
                np.unique(np.concatenate([
                    of_leg.row(leg),
                    *(
                        np.concatenate([own.row(c), content(int(c), above | {link})])
                        for c in links.leg_carriers.row(leg)
                        if int(c) not in above | {link}
                    ),
                ]))
                for leg in links.legs.row(link)
            ]  # fmt: skip
            common = legs[0] if legs else np.empty(0, dtype=np.int64)
            for other in legs[1:]:
                common = np.intersect1d(common, other, assume_unique=True)
            done[link] = common
        return done[link]

    return csr_of_lists([content(link, frozenset()) for link in range(len(links))])


def _homes(
    places: Places, spans: Spans, equipment: Equipment, sizes: tuple[int, ...]
) -> Ints:
    """Building of each element; a span or trench stands in one if all of it does."""
    outside = np.full(sizes[0] + sizes[1], -1, dtype=np.int64)
    home_a, home_b = _at(places.home, spans.a), _at(places.home, spans.b)
    indoor = np.where((home_a == home_b) & (home_a >= 0), home_a, -1)
    return np.concatenate([
        outside,
        indoor,
        _trench_homes(spans, indoor),
        places.home,
        _at(places.home, equipment.location),
        _at(places.home, equipment.room_location),
        np.arange(sizes[7]),
    ])  # fmt: skip


def _trench_homes(spans: Spans, indoor: Ints) -> Ints:
    homes = np.full(len(spans.trench_ids), -2, dtype=np.int64)
    for span in np.flatnonzero(spans.trench >= 0):
        trench = spans.trench[span]
        homes[trench] = indoor[span] if homes[trench] in (-2, indoor[span]) else -1
    homes[homes == -2] = -1  # noqa: PLR2004 - marks a trench without spans
    return homes


def _explicit_risks(
    inventory: Inventory, offset: dict[str, int], n_elements: int
) -> tuple[NDArray[np.object_], NDArray[np.object_], Csr]:
    groups, members = inventory.table("risk_groups"), inventory.table("risk_members")
    risk = IdIndex(groups["id"]).positions(members["risk_id"])
    element = np.full(len(members), -1, dtype=np.int64)
    extra = _system_members(inventory, risk, offset)
    place_tables = {"offices", "sites", "structures"}
    for table in sorted(set(members["table"]) - {""}):
        block = "places" if table in place_tables else table
        if block not in offset:
            continue
        rows = np.flatnonzero(members["table"] == table)
        ids = _ids_of(inventory, table)
        found = ids.positions(members["element_id"][rows])
        shift = _place_shift(inventory, table) if block == "places" else 0
        element[rows] = np.where(found >= 0, found + shift + offset[block], -1)
    known = (risk >= 0) & (element >= 0)
    elements = np.concatenate([element[known], extra[0]])
    owners = np.concatenate([risk[known], extra[1]])
    table = unique_rows(csr_of_pairs(elements, owners, n_elements))
    return groups["id"], groups["kind"], table


def _system_members(
    inventory: Inventory, risk: Ints, offset: dict[str, int]
) -> tuple[Ints, Ints]:
    """A system that is a member stands for all of its equipment and links."""
    members = inventory.table("risk_members")
    elements: list[int] = []
    owners: list[int] = []
    for row in np.flatnonzero((members["table"] == "systems") & (risk >= 0)):
        for block in ("equipment", "links"):
            hits = np.flatnonzero(inventory.table(block)["system_id"] == members["element_id"][row])
            elements += (hits + offset[block]).tolist()
            owners += [int(risk[row])] * len(hits)
    return np.array(elements, dtype=np.int64), np.array(owners, dtype=np.int64)


def _ids_of(inventory: Inventory, table: str) -> IdIndex:
    if table == "trenches":
        names = sorted({t for t in inventory.table("spans")["trench_id"] if t})
        return IdIndex(np.array(names, dtype=object))
    if table == "buildings":
        tables = (inventory.table(name)["building_id"] for name in ("offices", "sites", "structures"))
        names = sorted({b for column in tables for b in column if b})
        return IdIndex(np.array(names, dtype=object))
    return IdIndex(inventory.table(table)["id"])


def _place_shift(inventory: Inventory, table: str) -> int:
    before = {"offices": (), "sites": ("offices",), "structures": ("offices", "sites")}[table]
    return sum(len(inventory.table(name)) for name in before)


def elements_of_links(elements: Elements, links: Ints) -> Ints:
    """All elements of several links, without repeats."""
    values, _ = gather(elements.of_link, links)
    return np.unique(values)
