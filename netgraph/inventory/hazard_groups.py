"""Lay hazard areas over an inventory: each becomes a risk group of what it is shown to touch.

A span that is not drawn is a member if one of its ends lies in the area. Where only the straight
line between its ends crosses the area, it is no member (nobody surveyed that line), but named in a
finding: nothing that stands here says that it keeps clear of the area.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.errors import InputError, UsageError
from netgraph.inventory.findings import Finding, sort_findings
from netgraph.inventory.hazard_areas import TABLE, HazardAreas, read_hazard_areas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory, Table

    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: Kind of the risk groups that areas become.
HAZARD_AREA = "hazard_area"

#: What the record of a run calls a layer of hazard areas among its inputs.
HAZARDS = "hazard_areas"

_PLACES = ("offices", "sites", "structures")
_MOST_NAMES = 5


@dataclass(frozen=True)
class _Touched:
    """Pairs of an area and an element of one table that touch."""

    table: str
    area: Ints
    ids: Objects


def read_all_hazard_areas(hazards: Iterable[str | Path | HazardAreas]) -> tuple[HazardAreas, ...]:
    """Read several layers, as :func:`read_hazard_areas` does; what is read already stays.

    Raises
    ------
    InputError
        If any cannot be used; it lists what is wrong with each.
    """
    layers: list[HazardAreas] = []
    problems: list[str] = []
    for hazard in hazards:
        if isinstance(hazard, HazardAreas):
            layers.append(hazard)
            continue
        try:
            layers.append(read_hazard_areas(hazard))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(layers)


def with_hazard_areas(inventory: Inventory, layers: Sequence[HazardAreas]) -> Inventory:
    """Add a risk group for each area, of the spans and places that it touches.

    Parameters
    ----------
    inventory
        In EPSG:4326; it may have areas of an earlier call, which are laid again.
    layers
        Areas in EPSG:4326, as read.

    Returns
    -------
    Inventory
        With rows added to `risk_groups` (id ``hazard-`` and the id of the area, with a hash of the
        polygon where that is taken) and `risk_members`, and findings: those of the layers, areas
        without members, and spans that may cross one unseen. Exact on the recorded geometry
        (straight between the vertices in degrees, on both sides alike). Equipment, links and
        cables fail through their places and spans.

    Raises
    ------
    UsageError
        If the coordinates of the inventory have no reference system.
    """
    if not layers:
        return inventory
    if inventory.crs == "":
        message = (
            "The coordinates of the inventory are planar and name no reference system, so hazard "
            "areas cannot be laid over them: fill inventory.crs, EPSG:4547 say."
        )
        raise UsageError(message)
    shapes = np.concatenate([layer.geometries for layer in layers])
    names = np.array([name for layer in layers for name in layer.names], dtype=object)
    ids = _group_ids(inventory, [name for layer in layers for name in layer.ids], shapes)
    touched = tuple(_members(inventory, shapes))
    findings = [finding for layer in layers for finding in layer.findings]
    findings += _check_members(ids, touched)
    findings += _check_undrawn(inventory, ids, shapes, touched)
    tables = dict(inventory.tables)
    groups = {"id": ids, "kind": np.full(len(ids), HAZARD_AREA, dtype=object), "name": names}
    tables["risk_groups"] = _with_rows(tables["risk_groups"], groups)
    tables["risk_members"] = _with_rows(tables["risk_members"], {
        "risk_id": np.concatenate([ids[each.area] for each in touched]),
        "table": np.concatenate([np.full(len(t.area), t.table, dtype=object) for t in touched]),
        "element_id": np.concatenate([each.ids for each in touched]),
    })  # fmt: skip
    return replace(
        inventory,
        tables=MappingProxyType(tables),
        findings=sort_findings((*inventory.findings, *findings)),
    )


def find_touching(areas: Objects, shapes: Objects) -> tuple[Ints, Ints]:
    """Pairs of area and shape that touch or overlap; None touches nothing."""
    area, position = shapely.STRtree(shapes).query(areas, predicate="intersects")
    return area.astype(np.int64), position.astype(np.int64)


def _group_ids(inventory: Inventory, own: Sequence[str], shapes: Objects) -> Objects:
    """Ids of the groups; those of several layers, or that the inventory has, get a hash."""
    recorded = inventory.table("risk_groups")
    taken = set(recorded["id"][recorded["kind"] != HAZARD_AREA].tolist())
    times = Counter(own)
    ids = []
    for name, shape in zip(own, shapes, strict=True):
        group = f"hazard-{name}"
        if times[name] > 1 or group in taken:
            wkb = shapely.normalize(shape).wkb
            group += "-" + hashlib.blake2s(wkb, digest_size=5).hexdigest()
        ids.append(group)
    return np.array([*ids, None], dtype=object)[:-1]


def _members(inventory: Inventory, areas: Objects) -> Iterator[_Touched]:
    within: list[set[str]] = [set() for _ in areas]
    for name in _PLACES:
        table = inventory.table(name)
        area, row = find_touching(areas, _points(table))
        ids = table["id"][row]
        for number, place in zip(area.tolist(), ids.tolist(), strict=True):
            within[number].add(place)
        yield _Touched(name, area, ids)
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
    yield _Touched("spans", np.concatenate([area, more[:, 0]]), spans["id"][row])


def _points(table: Table) -> Objects:
    points = np.full(len(table), None, dtype=object)
    placed = np.flatnonzero(np.isfinite(table["lon"]) & np.isfinite(table["lat"]))
    points[placed] = shapely.points(table["lon"][placed], table["lat"][placed])
    return points


def _with_rows(table: Table, cells: Mapping[str, Objects]) -> Table:
    """Append rows that the table does not have yet, sorted; `cells` fills every column."""
    old = set(zip(*(table[name].tolist() for name in cells), strict=True))
    new = sorted(set(zip(*(column.tolist() for column in cells.values()), strict=True)) - old)
    columns = {
        name: np.concatenate([table[name], np.array([*(row[i] for row in new), None])[:-1]])
        for i, name in enumerate(cells)
    }
    last = int(table.lines.max(initial=0))
    lines = np.concatenate([table.lines, last + 1 + np.arange(len(new), dtype=np.int64)])
    recorded = table.recorded | frozenset(cells)
    return replace(table, columns=MappingProxyType(columns), lines=lines, recorded=recorded)


def _check_members(ids: Objects, touched: Iterable[_Touched]) -> Iterator[Finding]:
    """Find areas that hit nothing: the layer may lie elsewhere than its author thought."""
    counts = sum(np.bincount(each.area, minlength=len(ids)) for each in touched)
    for row in np.flatnonzero(counts == 0):
        yield Finding(
            rule="ND974", severity="info", table=TABLE, row_id=str(ids[row]),
            message="No span or place of the inventory lies in the area.",
            hint="Nothing to do, unless the reference system of the layer is wrong.",
        )  # fmt: skip


def _check_undrawn(
    inventory: Inventory, ids: Objects, areas: Objects, touched: Iterable[_Touched]
) -> Iterator[Finding]:
    """Find spans that are not drawn: between their ends they may cross an area unseen."""
    spans = inventory.table("spans")
    bare = np.flatnonzero(shapely.is_missing(spans["geometry"]))
    if len(bare) == 0:
        return
    yield Finding(
        rule="ND973", severity="warning", table="spans", row_id="",
        message=f"{len(bare)} spans have no geometry: whether a hazard area hits them between "
        "their ends is not known.",
        hint="Fill spans.geometry; until then `diverse` says nothing about areas that they may "
        "cross.",
    )  # fmt: skip
    members = {
        (int(area), name)
        for each in touched
        if each.table == "spans"
        for area, name in zip(each.area, each.ids, strict=True)
    }
    crossing = _by_straight_line(inventory, bare, areas)
    for number, group in enumerate(ids):
        names = [name for name in crossing.get(number, ()) if (number, name) not in members]
        if names:
            shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
            yield Finding(
                rule="ND983", severity="warning", table=TABLE, row_id=str(group),
                message=f"The straight lines of {len(names)} spans without geometry cross the "
                f"area; they do not count as inside: {shown}.",
                hint="Draw these spans first: they decide whether routes share the area.",
            )  # fmt: skip


def _by_straight_line(inventory: Inventory, bare: Ints, areas: Objects) -> dict[int, list[str]]:
    """Area to the spans that are not drawn whose straight lines touch it."""
    spans, where = inventory.table("spans"), {}
    for name in _PLACES:
        table = inventory.table(name)
        at = zip(table["id"].tolist(), table["lon"].tolist(), table["lat"].tolist(), strict=True)
        where.update({place: (lon, lat) for place, lon, lat in at})
    nowhere = (np.nan, np.nan)
    ends = np.array([
        [where.get(spans[end][row], nowhere) for end in ("from_id", "to_id")] for row in bare
    ])  # fmt: skip
    known = np.isfinite(ends).all(axis=(1, 2))
    area, line = find_touching(areas, shapely.linestrings(ends[known]))
    found: dict[int, list[str]] = {}
    for number, name in zip(area.tolist(), spans["id"][bare[known][line]].tolist(), strict=True):
        found.setdefault(number, []).append(name)
    return {number: sorted(names) for number, names in found.items()}
