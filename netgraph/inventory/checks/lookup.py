"""Find rows by id, for all checks, each index made once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.distinct import Positions, first_alike, number_cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory, Table

PLACE_TABLES = ("structures", "offices", "sites")


@dataclass(frozen=True, eq=False)
class Places:
    """All points of an inventory, whichever table they stand in.

    Parameters
    ----------
    ids
        Distinct ids, shape (p,).
    lon, lat
        Degrees, or metres in a plane; NaN where unknown.
    home
        Number of the building, shape (p,); a place without a building has a number of its own.
    """

    ids: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    home: NDArray[np.intp]


class Lookup:
    """Ids to positions in the tables of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._indexes: dict[tuple[str, ...], Positions] = {}
        self._references: dict[tuple[str, str, str], NDArray[np.intp]] = {}

    def table(self, name: str) -> Table:
        """One table."""
        return self.inventory.table(name)

    @property
    def is_planar(self) -> bool:
        """Whether coordinates are metres in a plane."""
        return not self.inventory.crs

    def rows(self, name: str, ids: NDArray[np.object_]) -> NDArray[np.intp]:
        """Positions of ids in a table, -1 for unknown; shape of `ids`."""
        return self._index((name,)).find(ids)

    def references(self, name: str, column: str, target: str) -> NDArray[np.intp]:
        """Rows of a table that a column of another refers to, -1 for unknown; looked up once."""
        key = (name, column, target)
        if key not in self._references:
            self._references[key] = self.rows(target, self.table(name)[column])
        return self._references[key]

    def is_known(self, names: tuple[str, ...], ids: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Whether ids stand in any of some tables; shape of `ids`."""
        return self._index(names).find(ids) >= 0

    def _index(self, names: tuple[str, ...]) -> Positions:
        if names not in self._indexes:
            ids = np.concatenate([self.table(name)["id"] for name in names])
            self._indexes[names] = Positions(ids.tolist())
        return self._indexes[names]

    @functools.cached_property
    def places(self) -> Places:
        """Structures, offices and sites in one list; of an ambiguous id the first."""
        tables = [self.table(name) for name in PLACE_TABLES]
        ids, lon, lat, building = (
            np.concatenate([table[column] for table in tables])
            for column in ("id", "lon", "lat", "building_id")
        )
        first = first_alike(ids) == np.arange(len(ids))
        alone = np.array([f"\0{identifier}" for identifier in ids], dtype=object)
        home, _ = number_cells(np.where(building == "", alone, building))
        return Places(ids[first], lon[first], lat[first], home[first])

    @functools.cached_property
    def _place_index(self) -> Positions:
        return Positions(self.places.ids.tolist())

    def place_rows(self, ids: NDArray[np.object_]) -> NDArray[np.intp]:
        """Positions of ids in :attr:`places`, -1 for unknown; shape of `ids`."""
        return self._place_index.find(ids)

    def ends(self, name: str, column: str) -> NDArray[np.intp]:
        """Places that a column of a table names, -1 for unknown; looked up once."""
        key = (name, column, "")
        if key not in self._references:
            self._references[key] = self.place_rows(self.table(name)[column])
        return self._references[key]

    def end_rows(self, ids: NDArray[np.object_]) -> NDArray[np.intp]:
        """Like :meth:`place_rows`, but equipment counts as the place where it stands."""
        equipment = self.table("equipment")
        rows = self.place_rows(ids)
        devices = self.rows("equipment", ids)
        at = self.place_rows(equipment["location_id"])
        return np.where((rows < 0) & (devices >= 0), np.append(at, -1)[devices], rows)
