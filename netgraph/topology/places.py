"""Places: offices, sites and structures in one numbering, and the buildings that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.coded import joined
from netgraph.topology.ids import IdIndex, codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints

OFFICE, SITE, STRUCTURE = 0, 1, 2
PLACE_TABLES = ("offices", "sites", "structures")

#: Points of the plant that outlive a re-splicing; a hazard is named after the nearest of them.
LASTING_STRUCTURES = frozenset({"manhole", "cabinet"})


@dataclass(frozen=True)
class Places:
    """Every point that a span, cable or link can end at; arrays of shape (places,).

    Attributes
    ----------
    ids
        Id of each place; `rows` its row in the table that `kind` names (OFFICE, SITE, STRUCTURE).
    structure_kind
        manhole, pole, ... for a structure, else empty.
    role
        core, aggregation, access or external for an office, else empty.
    lon, lat
        Degrees (metres when planar), NaN if unknown.
    building
        Code into `building_ids`, -1 where none is recorded.
    home
        What a place stands in: equal numbers mean one building. An office or site without a
        recorded building is a home of its own; an outside structure has -1.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    kind: NDArray[np.int8]
    rows: Ints
    structure_kind: NDArray[np.object_]
    role: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    building: Ints
    building_ids: NDArray[np.object_]
    home: Ints
    is_in_service: NDArray[np.bool_]
    is_surveyed: NDArray[np.bool_]
    is_lasting: NDArray[np.bool_]
    index: IdIndex

    @cached_property
    def padded_home(self) -> Ints:
        """`home` with a last -1, so that the unknown place -1 stands in no building."""
        return np.append(self.home, -1)

    def __len__(self) -> int:
        """Count the places."""
        return len(self.ids)

    def label(self, place: int) -> str:
        """Name of a place for people: its name, else its id."""
        if place < 0:
            return "?"
        return str(self.names[place] or self.ids[place])


def build_places(inventory: Inventory) -> Places:
    """Give numbers to the offices, sites and structures of an inventory, in that order."""
    tables = [inventory.table(name) for name in PLACE_TABLES]
    sizes = [len(table) for table in tables]
    kind = np.repeat(np.array([OFFICE, SITE, STRUCTURE], dtype=np.int8), sizes)
    ids, houses = (
        joined([table.coded(column) for table in tables]) for column in ("id", "building_id")
    )
    building, building_ids = codes_of(houses)
    home = np.where(building >= 0, building, len(building_ids) + np.arange(len(ids)))
    home[(kind == STRUCTURE) & (building < 0)] = -1
    offices, sites, structures = tables
    blank = [np.full(size, "", dtype=object) for size in sizes]
    structure_kind = np.concatenate([blank[0], blank[1], structures["kind"]])
    lasting = structures.coded("kind").place_in(sorted(LASTING_STRUCTURES)) >= 0
    is_lasting = np.append(np.ones(sizes[0] + sizes[1], dtype=bool), lasting)
    surveyed = np.zeros(sizes[0] + sizes[1], dtype=bool)
    return Places(
        ids=ids.cells(),
        names=np.concatenate([offices["name"], sites["name"], blank[2]]),
        kind=kind,
        rows=np.concatenate([np.arange(size) for size in sizes]).astype(np.int64),
        structure_kind=structure_kind,
        role=np.concatenate([offices["role"], blank[1], blank[2]]),
        lon=np.concatenate([table["lon"] for table in tables]),
        lat=np.concatenate([table["lat"] for table in tables]),
        building=building,
        building_ids=building_ids,
        home=home.astype(np.int64),
        is_in_service=np.concatenate(
            [table.coded("status").equals("in_service") for table in tables]
        ),
        is_surveyed=np.concatenate([surveyed, structures["surveyed"] == 1]),
        is_lasting=is_lasting,
        index=IdIndex(ids, is_one_table=False),
    )
