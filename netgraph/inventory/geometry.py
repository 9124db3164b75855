"""Geometry cells to shapely points and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.inventory.distinct import is_missing
from netgraph.inventory.values import Defect
from netgraph.messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SHOWN_CHARACTERS = 40


def parse_points(cells: NDArray[Any]) -> tuple[NDArray[np.float64], list[Defect]]:
    """Well-known text or shapely objects to single points without heights.

    Parameters
    ----------
    cells
        Shape (n,), or ready points of shape (n, 2).

    Returns
    -------
    ndarray of float64, shape (n, 2)
        x and y; NaN for missing.
    list of Defect
        What is no geometry, or one of another kind.
    """
    if cells.ndim > 1:
        return cells, []
    shapes, defects = _parse(cells, points=True)
    return np.stack([shapely.get_x(shapes), shapely.get_y(shapes)], axis=1), defects


def parse_lines(cells: NDArray[Any]) -> tuple[NDArray[np.object_], list[Defect]]:
    """Well-known text or shapely objects to single lines without heights.

    Parameters
    ----------
    cells
        Shape (n,). The parts of a multi-part line are joined where they meet.

    Returns
    -------
    ndarray of object, shape (n,)
        Shapely LineString; None for missing.
    list of Defect
        What is no geometry, or one of another kind.
    """
    return _parse(cells, points=False)


def _parse(cells: NDArray[Any], *, points: bool) -> tuple[NDArray[np.object_], list[Defect]]:
    shapes, defects = _read_wkt(cells)
    shapes = _single(shapely.force_2d(shapes), points=points)
    shapes[shapely.is_empty(shapes)] = None
    wanted = shapely.GeometryType.POINT if points else shapely.GeometryType.LINESTRING
    other = ~shapely.is_missing(shapes) & (shapely.get_type_id(shapes) != wanted)
    for row in np.flatnonzero(other):
        kind = shapes[row].geom_type
        if points:
            message = Message("is a {0} and not one point", kind)
            hint = Message("Give a point.")
        else:
            message = Message("is a {0} and not one line", kind)
            hint = Message("Give one line without gaps or branches.")
        defects.append(Defect("ND913", np.array([row]), message, hint))
        shapes[row] = None
    return shapes, defects


def _read_wkt(cells: NDArray[Any]) -> tuple[NDArray[np.object_], list[Defect]]:
    shapes = np.full(len(cells), None, dtype=object)
    ready = shapely.is_geometry(cells)
    shapes[ready] = cells[ready]
    rows = np.flatnonzero(~ready)
    rows = rows[~is_missing(cells[rows])]
    rows = rows[cells[rows] != ""]
    texts = np.array([str(cell).strip() for cell in cells[rows]], dtype=object)
    if len(rows) == 0:
        return shapes, []
    shapes[rows] = shapely.from_wkt(texts, on_invalid="ignore")
    defects = []
    for row, text in zip(rows, texts, strict=True):
        if shapes[row] is None and text:
            shown = text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."
            message = Message("is {0!r}, which is not well-known text", shown)
            hint = Message("Write it as LINESTRING (lon lat, lon lat).")
            defects.append(Defect("ND913", np.array([row]), message, hint))
    return shapes, defects


def _single(shapes: NDArray[np.object_], *, points: bool) -> NDArray[np.object_]:
    multi = shapely.GeometryType.MULTIPOINT if points else shapely.GeometryType.MULTILINESTRING
    rows = np.flatnonzero(shapely.get_type_id(shapes) == multi)
    if len(rows) == 0:
        return shapes
    joined = shapes[rows] if points else shapely.line_merge(shapes[rows])
    alone = shapely.get_num_geometries(joined) == 1
    shapes[rows] = np.where(alone, shapely.get_geometry(joined, 0), joined)
    return shapes


def round_coordinates(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round degrees to 9 decimals (0.1 mm) and metres to 6, so that all formats agree."""
    degrees = np.abs(numbers) <= 360.0
    return np.where(degrees, np.round(numbers, 9), np.round(numbers, 6))
