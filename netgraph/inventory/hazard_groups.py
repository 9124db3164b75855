"""Lay hazard areas over an inventory: each becomes a risk group of what it is shown to touch."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.errors import InputError, UsageError
from netgraph.inventory.findings import Finding, sort_findings
from netgraph.inventory.hazard_areas import KIND_COLUMN, TABLE, HazardAreas, read_hazard_areas
from netgraph.inventory.hazard_members import find_members, find_possible_members
from netgraph.inventory.model import HAZARD_PREFIX, POSSIBLE
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.hazard_members import Touched
    from netgraph.inventory.hazard_reach import Reach
    from netgraph.inventory.model import Inventory, Table

    Ints = NDArray[np.int64]
    Objects = NDArray[np.object_]

#: What the record of a run calls a layer of hazard areas among its inputs.
HAZARDS = "hazard_areas"

_MOST_NAMES = 5


def read_all_hazard_areas(
    hazards: Iterable[str | Path | HazardAreas], kind_column: str = KIND_COLUMN
) -> tuple[HazardAreas, ...]:
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
            layers.append(read_hazard_areas(hazard, kind_column=kind_column))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(layers)


def with_hazard_areas(
    inventory: Inventory, layers: Sequence[HazardAreas], reach: Reach
) -> Inventory:
    """Add a risk group for each area, of the spans and places that it touches.

    Parameters
    ----------
    inventory
        In EPSG:4326; it may have areas of an earlier call, which are laid again.
    layers
        Areas in EPSG:4326, as read.
    reach
        How far spans that are not drawn may reach.

    Returns
    -------
    Inventory
        With rows added to `risk_groups` (id ``hazard-`` and the id of the area, with a hash of the
        polygon where that is taken; the kind of the area) and `risk_members` (possible members
        marked so), and findings: those of the layers, areas without members, and what may lie in
        one unseen. Exact on the recorded geometry (straight between the vertices in degrees, on
        both sides alike). Equipment, links and cables fail through their places and spans.

    Raises
    ------
    UsageError
        If the coordinates of the inventory have no reference system.
    """
    if not layers:
        return inventory
    if inventory.crs == "":
        message = Message(
            "The coordinates of the inventory are planar and name no reference "
            "system, so hazard areas cannot be laid over them: fill inventory.crs, "
            "EPSG:4547 say."
        )
        raise UsageError(message)
    ids, kinds, names, shapes = join_layers(inventory, layers)
    touched = tuple(find_members(inventory, shapes))
    possible = tuple(
        each.without(known)
        for each, known in zip(
            find_possible_members(inventory, shapes, reach), touched, strict=True
        )
    )
    findings = [finding for layer in layers for finding in layer.findings]
    findings += _check_members(layers, ids, touched)
    findings += _check_undrawn(inventory, ids, possible)
    tables = dict(inventory.tables)
    tables["risk_groups"] = _with_rows(
        tables["risk_groups"], {"id": ids, "kind": kinds, "name": names}
    )
    members = _without_possible(tables["risk_members"], set(ids.tolist()))
    rows = (*touched, *possible)
    marks = [""] * len(touched) + [POSSIBLE] * len(possible)
    tables["risk_members"] = _with_rows(members, {
        "risk_id": np.concatenate([ids[each.area] for each in rows]),
        "table": np.concatenate([np.full(len(t.area), t.table, dtype=object) for t in rows]),
        "element_id": np.concatenate([each.ids for each in rows]),
        "membership": np.concatenate([
            np.full(len(each.area), mark, dtype=object)
            for each, mark in zip(rows, marks, strict=True)
        ]),
    })  # fmt: skip
    return replace(
        inventory,
        tables=MappingProxyType(tables),
        findings=sort_findings({*inventory.findings, *findings}),
    )


def points_in_areas(
    inventory: Inventory, layers: Sequence[HazardAreas]
) -> dict[str, tuple[float, float]]:
    """Give a point inside each area, by the id of its group in an inventory that has it."""
    if not layers:
        return {}
    ids, _, _, shapes = join_layers(inventory, layers)
    inside = shapely.point_on_surface(shapes)
    at = zip(shapely.get_x(inside).tolist(), shapely.get_y(inside).tolist(), strict=True)
    return dict(zip(ids.tolist(), at, strict=True))


def join_layers(
    inventory: Inventory, layers: Sequence[HazardAreas]
) -> tuple[Objects, Objects, Objects, Objects]:
    """Ids of the groups, kinds, names and polygons of all areas; shape (areas,) each."""
    if not layers:
        nothing = np.empty(0, dtype=object)
        return nothing, nothing, nothing, nothing
    shapes = np.concatenate([layer.geometries for layer in layers])
    kinds, names = (
        np.array([text for layer in layers for text in getattr(layer, field)], dtype=object)
        for field in ("kinds", "names")
    )
    ids = _group_ids(inventory, [i for layer in layers for i in layer.ids], kinds, shapes)
    return ids, kinds, names, shapes


def _group_ids(
    inventory: Inventory, own: Sequence[str], kinds: Objects, shapes: Objects
) -> Objects:
    """Ids of the groups; those of several layers, or that the inventory has, get a hash.

    A group of the same id and kind is the area of an earlier call.
    """
    recorded = inventory.table("risk_groups")
    taken = dict(zip(recorded["id"].tolist(), recorded["kind"].tolist(), strict=True))
    times = Counter(own)
    ids = []
    for name, kind, shape in zip(own, kinds, shapes, strict=True):
        group = f"{HAZARD_PREFIX}{name}"
        if times[name] > 1 or taken.get(group, kind) != kind:
            wkb = shapely.normalize(shape).wkb
            group += "-" + hashlib.blake2s(wkb, digest_size=5).hexdigest()
        ids.append(group)
    return np.array([*ids, None], dtype=object)[:-1]


def _without_possible(table: Table, groups: set[str]) -> Table:
    """Leave out possible members of some groups: what has been drawn since is in or out."""
    possible = table["membership"] == POSSIBLE
    keep = np.array([
        not (is_possible and group in groups)
        for is_possible, group in zip(possible.tolist(), table["risk_id"].tolist(), strict=True)
    ], dtype=bool)  # fmt: skip
    return table.select(keep)


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


def _check_members(
    layers: Sequence[HazardAreas], ids: Objects, touched: Iterable[Touched]
) -> Iterator[Finding]:
    """Find areas that hit nothing; where all of a layer do not, it may well lie elsewhere."""
    counts = np.sum([np.bincount(each.area, minlength=len(ids)) for each in touched], axis=0)
    first = 0
    for layer in layers:
        mine = range(first, first + len(layer))
        first += len(layer)
        missed = [row for row in mine if counts[row] == 0]
        if len(missed) == len(mine):
            yield Finding(
                rule="ND984", severity="warning", table=TABLE, row_id=layer.source.path,
                message=Message(
                    "No span or place of the inventory lies in any of the {0} areas.", len(mine)
                ),
                hint=Message(
                    "See on a map where they lie: the layer has another reference system than it "
                    "states, or is of another region. Nothing is said of its areas."
                ),
            )  # fmt: skip
            continue
        for row in missed:
            yield Finding(
                rule="ND984", severity="info", table=TABLE, row_id=str(ids[row]),
                message=Message("No span or place of the inventory lies in the area."),
                hint=Message("Nothing to do, unless the reference system of the layer is wrong."),
            )  # fmt: skip


def _check_undrawn(
    inventory: Inventory, ids: Objects, possible: Sequence[Touched]
) -> Iterator[Finding]:
    """Find spans that are not drawn, and areas in which some thing may lie unseen."""
    bare = int(shapely.is_missing(inventory.table("spans")["geometry"]).sum())
    if bare:
        yield Finding(
            rule="ND983", severity="warning", table="spans", row_id="",
            message=Message(
                "{0} spans have no geometry: whether a hazard area hits them between their ends is "
                "not known.", bare,
            ),
            hint=Message(
                "Fill spans.geometry; a span with both ends and a length is held to have no more "
                "than that length.",
            ),
        )  # fmt: skip
    names: dict[int, list[str]] = {}
    for each in possible:
        for area, name in zip(each.area.tolist(), each.ids.tolist(), strict=True):
            names.setdefault(area, []).append(f"{each.table}:{name}")
    for area, listed in sorted(names.items()):
        found = sorted(listed)
        shown = ", ".join(found[:_MOST_NAMES]) + (", ..." if len(found) > _MOST_NAMES else "")
        yield Finding(
            rule="ND985", severity="warning", table=TABLE, row_id=str(ids[area]),
            message=Message(
                "{0} spans or places that are not drawn may lie in the area: {1}. Routes that only "
                "they keep out of it are undecidable.", len(found), shown,
            ),
            hint=Message("Draw these first: they decide whether routes share the area."),
        )  # fmt: skip
