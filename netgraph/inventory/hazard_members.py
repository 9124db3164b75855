"""Find what of an inventory lies in which area: what is shown to, and what may unseen.

A span that is not drawn is a member if one of its ends lies in the area. Where it may reach the
area between its ends (:mod:`netgraph.inventory.hazard_reach`) it is a possible member, as is a
place without coordinates: nothing shows that it keeps clear of the area, so no verdict rests on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.hazard_reach import Reach, find_reachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory, Table

    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]

_PLACES = ("offices", "sites", "structures")


@dataclass(frozen=True)
class Touched:
    """Pairs of an area and an element of one table that touch."""

    table: str
    area: Ints
    ids: Objects

    def pairs(self) -> set[tuple[int, str]]:
        """Give the pairs of the number of an area and the id of an element."""
        return set(zip(self.area.tolist(), self.ids.tolist(), strict=True))

    def without(self, known: Touched) -> Touched:
        """Leave out the pairs that another table has."""
        listed = known.pairs()
        pairs = zip(self.area.tolist(), self.ids.tolist(), strict=True)
        keep = np.array([pair not in listed for pair in pairs], dtype=bool)
        return Touched(self.table, self.area[keep], self.ids[keep])


def find_touching(areas: Objects, shapes: Objects) -> tuple[Ints, Ints]:
    """Pairs of area and shape that touch or overlap; None touches nothing."""
    area, position = shapely.STRtree(shapes).query(areas, predicate="intersects")
    return area.astype(np.int64), position.astype(np.int64)


def find_members(inventory: Inventory, areas: Objects) -> Iterator[Touched]:
    """Find what is shown to touch each area; a span that is not drawn does by its ends."""
    within: list[set[str]] = [set() for _ in areas]
    for name in _PLACES:
        table = inventory.table(name)
        area, row = find_touching(areas, _points(table))
        ids = table["id"][row]
        for number, place in zip(area.tolist(), ids.tolist(), strict=True):
            within[number].add(place)
        yield Touched(name, area, ids)
    spans = inventory.table("spans")
    area, row = find_touching(areas, spans["geometry"])
    bare = np.flatnonzero(shapely.is_missing(spans["geometry"]))
    ends = list(zip(spans["from_id"][bare].tolist(), spans["to_id"][bare].tolist(), strict=True))
    reached = [
        (number, span)
        for number, places in enumerate(within)
        if places
        for span, (a, b) in zip(bare.tolist(), ends, strict=True)
        if a in places or b in places
    ]
    more = np.array(reached, dtype=np.int64).reshape(-1, 2)
    row = np.concatenate([row, more[:, 1]])
    yield Touched("spans", np.concatenate([area, more[:, 0]]), spans["id"][row])


def find_possible_members(inventory: Inventory, areas: Objects, reach: Reach) -> Iterator[Touched]:
    """Find what may lie in an area, in the order of :func:`find_members`.

    Nothing says where a place without coordinates is not.
    """
    where: dict[str, list[float]] = {}
    for name in _PLACES:
        table = inventory.table(name)
        at = np.column_stack([table["lon"], table["lat"]]).astype(np.float64)
        where.update(zip(table["id"].tolist(), at.tolist(), strict=True))
        lost = np.flatnonzero(~np.isfinite(at).all(axis=1))
        area = np.repeat(np.arange(len(areas)), len(lost))
        yield Touched(name, area, np.tile(table["id"][lost], len(areas)))
    spans = inventory.table("spans")
    bare = np.flatnonzero(shapely.is_missing(spans["geometry"]))
    nowhere = [np.nan, np.nan]
    ends = [
        [where.get(end, nowhere) for end in spans[column][bare].tolist()]
        for column in ("from_id", "to_id")
    ]
    area, row = find_reachable(
        areas, np.array(ends, dtype=np.float64).reshape(2, -1, 2).swapaxes(0, 1),
        spans["length_m"][bare].astype(np.float64), reach,
    )  # fmt: skip
    yield Touched("spans", area, spans["id"][bare[row]])


def _points(table: Table) -> Objects:
    points = np.full(len(table), None, dtype=object)
    placed = np.flatnonzero(np.isfinite(table["lon"]) & np.isfinite(table["lat"]))
    points[placed] = shapely.points(table["lon"][placed], table["lat"][placed])
    return points
