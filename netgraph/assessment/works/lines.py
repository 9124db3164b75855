"""Where works on the line run: new plant, new cable in plant that is there, cores re-patched."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.report.plan.model import NEW_PLANT
from netgraph.upgrades.action import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.action import Action, Cell

    #: Part, metres, line (None where no place is known).
    Stretch = tuple[str, float, BaseGeometry | None]

_DECIMALS = 6  # of a degree: 0.1 m
_BUILT = frozenset({Kind.NEW_PLANT, Kind.SECOND_ENTRANCE})


def work_line_rows(
    network: LayeredNetwork, actions: Iterable[tuple[Action, bool]]
) -> list[tuple[object, ...]]:
    """Rows of work_lines: one a work and part.

    Parameters
    ----------
    network
        As it is recorded, without the works.
    actions
        Works, and whether each is chosen. Of one that is not, only new plant has rows.
    """
    rows: list[tuple[object, ...]] = []
    for action, is_chosen in actions:
        if not action.is_line_work or not (is_chosen or action.kind in _BUILT):
            continue
        found: dict[str, list[tuple[float, BaseGeometry | None]]] = defaultdict(list)
        for part, metres, line in _stretches(network, action):
            if is_chosen or part in NEW_PLANT:
                found[part].append((metres, line))
        for part, stretches in found.items():
            lines = [line for _, line in stretches if line is not None]
            metres = float(np.nansum([metres for metres, _ in stretches]))
            rows.append((action.id, part, metres, _wkt(lines)))
    return rows


def _wkt(lines: Iterable[BaseGeometry]) -> str | None:
    """Join lines end to end where they meet."""
    parts = shapely.get_parts(list(lines))
    if len(parts) == 0:
        return None
    merged = shapely.line_merge(shapely.multilinestrings(parts))
    whole = shapely.multilinestrings(shapely.get_parts(merged))
    return str(shapely.to_wkt(whole, rounding_precision=_DECIMALS))


def _stretches(network: LayeredNetwork, action: Action) -> Iterator[Stretch]:
    """Give what a work builds or uses, piece by piece, in the order of its rows."""
    rows: dict[str, list[Mapping[str, Cell]]] = defaultdict(list)
    for addition in action.additions:
        rows[addition.table].append(addition.values)
    spots = {
        str(row["id"]): (_number(row["lon"]), _number(row["lat"]))
        for row in rows["structures"] if "lon" in row and "lat" in row
    }  # fmt: skip
    own = {str(row["id"]) for row in rows["spans"]}
    laid = {str(row["id"]) for row in rows["cables"]}
    for row in rows["spans"]:
        medium, line = str(row.get("medium") or ""), row.get("geometry")
        ends = [_spot(network, spots, str(row[end])) for end in ("from_id", "to_id")]
        shape = line if isinstance(line, shapely.LineString) else _straight(ends)
        part = medium if medium in NEW_PLANT else "other_plant"
        yield part, _number(row.get("length_m")), shape
    through = [str(row["span_id"]) for row in rows["cable_spans"]]
    yield from _spans(network, "new_cable", [name for name in through if name not in own])
    for row in rows["link_cables"]:
        if str(row["cable_id"]) not in laid:
            yield from _cable(network, str(row["cable_id"]))


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else np.nan


def _spot(
    network: LayeredNetwork, spots: Mapping[str, tuple[float, float]], name: str
) -> tuple[float, float]:
    place = network.places.index.find(name)
    return spots.get(name, (np.nan, np.nan)) if place is None else _at(network, place)


def _at(network: LayeredNetwork, place: int) -> tuple[float, float]:
    if place < 0:
        return np.nan, np.nan
    return float(network.places.lon[place]), float(network.places.lat[place])


def _straight(ends: list[tuple[float, float]]) -> BaseGeometry | None:
    return shapely.LineString(ends) if np.isfinite(ends).all() else None


def _cable(network: LayeredNetwork, name: str) -> Iterator[Stretch]:
    """Give an existing cable that is patched: its spans, or straight from end to end."""
    cables = network.cables
    cable = cables.index.find(name)
    if cable is None:
        return  # laid by another work, which shows it
    spans = cables.spans.row(cable)
    if len(spans):
        yield from _rows(network, "re_patch", spans)
        return
    ends = [_at(network, int(place)) for place in (cables.a[cable], cables.b[cable])]
    yield "re_patch", float(cables.length_m[cable]), _straight(ends)


def _spans(network: LayeredNetwork, part: str, names: list[str]) -> Iterator[Stretch]:
    rows = network.spans.index.positions(np.array(names, dtype=object))
    yield from _rows(network, part, rows[rows >= 0])  # others are new: their own work shows them


def _rows(network: LayeredNetwork, part: str, rows: Ints) -> Iterator[Stretch]:
    spans = network.spans
    for row in rows.tolist():
        line = spans.geometry[row]
        if line is None:
            line = _straight([_at(network, int(p)) for p in (spans.a[row], spans.b[row])])
        yield part, float(spans.length_m[row]), line
