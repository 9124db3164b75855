"""Find rows by id, for all checks, each index made once."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from netgraph.inventory.coded import find_first, joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netgraph.inventory.coded import Coded
    from netgraph.inventory.model import Inventory, Table

_Found = TypeVar("_Found")
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

    ids: Coded
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    home: NDArray[np.intp]


class Lookup:
    """Ids to positions in the tables of one inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._ids: dict[tuple[str, ...], Coded] = {}
        self._references: dict[tuple[str, str, str], NDArray[np.intp]] = {}
        self._found: dict[object, Any] = {}

    def once(self, find: Callable[[Lookup], _Found]) -> _Found:
        """Give what a function finds, found once for all checks."""
        if find not in self._found:
            self._found[find] = find(self)
        found: _Found = self._found[find]
        return found

    def table(self, name: str) -> Table:
        """One table."""
        return self.inventory.table(name)

    @property
    def is_planar(self) -> bool:
        """Whether coordinates are metres in a plane."""
        return not self.inventory.crs

    def rows(self, name: str, ids: Coded) -> NDArray[np.intp]:
        """Positions of ids in a table, -1 for unknown; shape of `ids`."""
        return find_first(ids, self.table(name).coded("id"))

    def references(self, name: str, column: str, target: str) -> NDArray[np.intp]:
        """Rows of a table that a column of another refers to, -1 for unknown; looked up once."""
        key = (name, column, target)
        if key not in self._references:
            self._references[key] = self.rows(target, self.table(name).coded(column))
        return self._references[key]

    def is_known(self, names: tuple[str, ...], ids: Coded) -> NDArray[np.bool_]:
        """Whether ids stand in any of some tables; shape of `ids`."""
        if names not in self._ids:
            self._ids[names] = joined([self.table(name).coded("id") for name in names])
        return find_first(ids, self._ids[names]) >= 0

    @functools.cached_property
    def places(self) -> Places:
        """Structures, offices and sites in one list; of an ambiguous id the first."""
        tables = [self.table(name) for name in PLACE_TABLES]
        ids, building = (
            joined([table.coded(column) for table in tables]) for column in ("id", "building_id")
        )
        lon, lat = (
            np.concatenate([table[column] for table in tables]) for column in ("lon", "lat")
        )
        first = find_first(ids, ids) == np.arange(len(ids))
        alone = len(building.vocabulary) + np.arange(len(ids))
        houses = np.where(building.equals(""), alone, building.codes)[first]
        home = np.unique(houses, return_inverse=True)[1]
        return Places(ids.take(first), lon[first], lat[first], home)

    def place_rows(self, ids: Coded) -> NDArray[np.intp]:
        """Positions of ids in :attr:`places`, -1 for unknown; shape of `ids`."""
        return find_first(ids, self.places.ids)

    def ends(self, name: str, column: str) -> NDArray[np.intp]:
        """Places that a column of a table names, -1 for unknown; looked up once."""
        key = (name, column, "")
        if key not in self._references:
            self._references[key] = self.place_rows(self.table(name).coded(column))
        return self._references[key]

    def stops(self, name: str, column: str) -> NDArray[np.intp]:
        """Like :meth:`ends`, but equipment counts as the place where it stands."""
        rows = self.ends(name, column)
        devices = self.references(name, column, "equipment")
        at = self.ends("equipment", "location_id")
        return np.where((rows < 0) & (devices >= 0), np.append(at, -1)[devices], rows)
