"""What people need to know of an element: its id, kind, name, place and members."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.topology.csr import csr_of_pairs
from netgraph.topology.places import PLACE_TABLES, STRUCTURE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Csr, Ints

BLOCKS = ("links", "cables", "spans", "trenches", "places", "equipment", "rooms", "buildings")
_KIND_OF_BLOCK = {
    "links": "link", "cables": "cable", "trenches": "trench", "equipment": "equipment",
    "rooms": "room", "buildings": "building",
}  # fmt: skip
#: What a block's rows hold: the table of it, and the block that its numbers are positions in.
_HELD = {
    "trenches": ("_spans_of_trench", "spans"),
    "buildings": ("_places_of_building", "places"),
    "rooms": ("_equipment_of_room", "equipment"),
}
_KIND_OF_MEDIUM = {"pole_line": "pole_line", "tunnel": "tunnel", "bridge": "bridge"}


class Descriptions:
    """Ids, kinds, names and places of the elements of a network; computed when asked for."""

    def __init__(self, network: LayeredNetwork) -> None:
        self._network = network
        self._starts = [network.elements.offset[block] for block in BLOCKS]

    def _block(self, element: int) -> tuple[str, int]:
        """Block of an element and its position in it; empty blocks are passed over."""
        number = bisect_right(self._starts, element) - 1
        return BLOCKS[number], element - self._starts[number]

    def _size(self, block: str) -> int:
        starts = [*self._starts, len(self._network.elements)]
        number = BLOCKS.index(block)
        return starts[number + 1] - starts[number]

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """``table:id`` of every element; shape (elements,)."""
        tables: list[str] = []
        for block in BLOCKS:
            if block == "places":
                tables += [PLACE_TABLES[kind] for kind in self._network.places.kind.tolist()]
            else:
                tables += [block] * self._size(block)
        names = self._network.elements.ids.tolist()
        return np.array([f"{t}:{i}" for t, i in zip(tables, names, strict=True)], dtype=object)

    def ids_of(self, elements: Ints) -> list[str]:
        """``table:id`` of some elements; the ids of all others are not made."""
        number = np.searchsorted(self._starts, elements, side="right") - 1
        tables = np.array(BLOCKS, dtype=object)[number]
        at_place = np.flatnonzero(tables == "places")
        places = elements[at_place] - self._network.elements.offset["places"]
        kinds = self._network.places.kind[places]
        tables[at_place] = np.array(PLACE_TABLES, dtype=object)[kinds]
        names = self._network.elements.ids[elements].tolist()
        return [f"{table}:{name}" for table, name in zip(tables.tolist(), names, strict=True)]

    @cached_property
    def kinds(self) -> NDArray[np.object_]:
        """Kind of every element, with its medium or the kind of its structure."""
        spans, places = self._network.spans, self._network.places
        kinds = np.empty(len(self._network.elements), dtype=object)
        for block, kind in _KIND_OF_BLOCK.items():
            self._part(kinds, block)[:] = kind
        self._part(kinds, "spans")[:] = [_KIND_OF_MEDIUM.get(m, "span") for m in spans.medium]
        self._part(kinds, "places")[:] = [
            (structure or "structure") if kind == STRUCTURE else PLACE_TABLES[kind][:-1]
            for kind, structure in zip(places.kind.tolist(), places.structure_kind, strict=True)
        ]
        poles = np.ones(len(spans.trench_ids), dtype=bool)
        poles[spans.trench[(spans.trench >= 0) & (spans.medium != "pole_line")]] = False
        self._part(kinds, "trenches")[poles] = "pole_line"
        return kinds

    def _part(self, values: NDArray[np.object_], block: str) -> NDArray[np.object_]:
        start = self._network.elements.offset[block]
        return values[start : start + self._size(block)]

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """Where every element lies; shape (elements, 2).

        A span at its middle, a cable or link in the middle between its ends, a trench or building
        in the middle of what it holds; a straight line assumed for lack of geometry serves here.
        """
        network = self._network
        points = np.column_stack([network.places.lon, network.places.lat])
        spans = _between(points, network.spans.a, network.spans.b)
        drawn = np.flatnonzero(~shapely.is_missing(network.spans.geometry))
        middle = shapely.line_interpolate_point(network.spans.geometry[drawn], 0.5, normalized=True)
        spans[drawn] = np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])
        lost = np.full((1, 2), np.nan)
        padded = np.concatenate([points, lost])
        return np.concatenate([
            _between(points, network.links.a_place, network.links.b_place),
            _between(points, network.cables.a, network.cables.b),
            spans,
            mean_places(spans, self._spans_of_trench),
            points,
            padded[network.equipment.location],
            padded[network.equipment.room_location],
            mean_places(points, self._places_of_building),
        ])  # fmt: skip

    @cached_property
    def _spans_of_trench(self) -> Csr:
        return _grouped(self._network.spans.trench, len(self._network.spans.trench_ids))

    @cached_property
    def _places_of_building(self) -> Csr:
        return _grouped(self._network.places.building, len(self._network.places.building_ids))

    @cached_property
    def _equipment_of_room(self) -> Csr:
        return _grouped(self._network.equipment.room, len(self._network.equipment.room_ids))

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Names for people; of a span, cable or link the names of its ends; shape (elements,)."""
        network, places = self._network, self._network.places
        label = [places.label(place) for place in range(len(places))]
        label.append(places.label(-1))  # of no place
        names = np.full(len(network.elements), "", dtype=object)
        for block, (a, b) in {
            "links": (network.links.a_place, network.links.b_place),
            "cables": (network.cables.a, network.cables.b),
            "spans": (network.spans.a, network.spans.b),
        }.items():
            ends = zip(a.tolist(), b.tolist(), strict=True)
            self._part(names, block)[:] = [f"{label[i]} – {label[j]}" for i, j in ends]
        self._part(names, "places")[:] = places.names
        for block, location in {
            "equipment": network.equipment.location,
            "rooms": network.equipment.room_location,
        }.items():
            self._part(names, block)[:] = [label[i] for i in location.tolist()]
        held = self._places_of_building
        some = np.flatnonzero(held.counts)
        of_building = self._part(names, "buildings")
        of_building[some] = [label[i] for i in held.indices[held.indptr[some]].tolist()]
        return names

    @cached_property
    def is_alone(self) -> NDArray[np.bool_]:
        """Whether nothing else fails with an element; shape (elements,)."""
        alone = np.ones(len(self._network.elements), dtype=bool)
        for block in _HELD:
            start = self._network.elements.offset[block]
            alone[start : start + self._size(block)] = False
        return alone

    def members(self, element: int) -> tuple[str, ...]:
        """Ids of the records that fail with an element; its own id if there are no others."""
        block, i = self._block(element)
        if block not in _HELD:
            return (str(self.ids[element]),)
        rows, of_block = _HELD[block]
        held = getattr(self, rows).row(i) + self._network.elements.offset[of_block]
        return tuple(sorted(self.ids[held].tolist())) or (str(self.ids[element]),)


def _grouped(owner: Ints, n_owners: int) -> Csr:
    rows = np.flatnonzero(owner >= 0)
    return csr_of_pairs(owner[rows], rows, n_owners)


def _between(points: NDArray[np.float64], a: Ints, b: Ints) -> NDArray[np.float64]:
    """Middle of two places; of one if the other is not known."""
    padded = np.concatenate([points, np.full((1, 2), np.nan)])
    first, second = padded[a], padded[b]
    first = np.where(np.isfinite(first), first, second)
    second = np.where(np.isfinite(second), second, first)
    return (first + second) / 2


def mean_places(points: NDArray[np.float64], rows: Csr) -> NDArray[np.float64]:
    """Mean of the known points of each row."""
    known = np.isfinite(points[rows.indices, 0])
    owners, entries = rows.owners[known], rows.indices[known]
    counts = np.bincount(owners, minlength=len(rows)).astype(float)
    counts[counts == 0] = np.nan
    return np.column_stack([
        np.bincount(owners, weights=points[entries, axis], minlength=len(rows)) / counts
        for axis in (0, 1)
    ])  # fmt: skip
