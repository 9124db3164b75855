"""Read the rows of a GIS file: what each area is called, and its shape in degrees."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.datum import find_transformer, to_wgs84
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

#: Kind of an area that does not say what it is.
HAZARD_AREA = "hazard_area"
#: Column that names the datum of an area drawn on a web map: gcj02 or bd09, as in the inventory.
DATUM_COLUMN = "datum"
#: Files beside a shapefile that say what its shapes are, and where.
_COMPANIONS = frozenset({".shx", ".dbf", ".prj", ".cpg"})


@dataclass(frozen=True)
class HazardRow:
    """One row of a layer: its own id, name and kind, its shape as read, and where it stands."""

    own_id: str
    name: str
    kind: str
    shape: BaseGeometry | None
    place: str
    is_mended: bool


def read_layers(path: Path, kind_column: str) -> Iterator[HazardRow]:
    """Read the rows of all layers; what is wrong with any layer is told at once.

    Raises
    ------
    InputError
        If a layer has no reference system, one without an accurate way to EPSG:4326 or one that
        does not fit its numbers, or an unknown datum.
    OSError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError
        If the file cannot be read.
    """
    import pyogrio

    problems: list[str] = []
    for layer in [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]:
        try:
            yield from _read_layer(path, layer, kind_column)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


def _read_layer(path: Path, layer: str, kind_column: str) -> Iterator[HazardRow]:
    with warnings.catch_warnings():
        # Of a ring that is not closed, say; such shapes are repaired, or left out, with a finding.
        warnings.simplefilter("ignore", RuntimeWarning)
        meta, fids, wkb, cells = _read_rows(path, layer)
    if wkb is None:
        return
    where = Message("{0}, layer {1}", path, layer)
    geometries, is_mended = _shapes(wkb)
    geometries = _in_degrees(where, geometries, meta["crs"])
    columns = dict(zip((str(name).lower() for name in meta["fields"]), cells, strict=True))
    own, names, kinds, datums = (
        [_text(cell) for cell in columns.get(name, ())] or [""] * len(wkb)
        for name in ("id", "name", kind_column.lower(), DATUM_COLUMN)
    )
    geometries = _off_web_maps(where, geometries, [datum.casefold() for datum in datums])
    for i, row in enumerate(np.asarray(fids).tolist()):
        yield HazardRow(
            own_id=own[i] or names[i], name=names[i], kind=kinds[i].casefold() or HAZARD_AREA,
            shape=geometries[i], place=f"{where}, row {row}", is_mended=bool(is_mended[i]),
        )  # fmt: skip


def _read_rows(path: Path, layer: str) -> tuple[Any, Any, Any, Any]:
    """Read a layer; a shapefile that does not name its encoding as CSV files are read."""
    if path.suffix.lower() == ".shp" and not path.with_suffix(".cpg").exists():
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeDecodeError):
                return _raw(path, layer, encoding=encoding)
    return _raw(path, layer)


def _raw(path: Path, layer: str, **how: str) -> tuple[Any, Any, Any, Any]:
    from pyogrio.raw import read

    meta, fids, wkb, cells = read(path, layer=layer, return_fids=True, **how)
    return meta, fids, wkb, cells


def _shapes(wkb: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Shapes of the rows, and which had a ring that had to be closed."""
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    is_broken = shapely.is_missing(shapes) & np.array(
        [each is not None for each in wkb], dtype=bool
    )
    shapes[is_broken] = shapely.from_wkb(wkb[is_broken], on_invalid="fix")
    return shapes, is_broken


def _off_web_maps(
    where: Message, shapes: NDArray[np.object_], datums: list[str]
) -> NDArray[np.object_]:
    """Take shapes that were drawn on a web map of China to WGS 84."""
    known = load_schema()["inventory"].columns[DATUM_COLUMN].allowed
    problems = [
        Message("{0}: there is no datum {1!r}; write one of {2}.", where, datum, ", ".join(known))
        for datum in sorted({*datums} - {"", *known})
    ]
    if problems:
        raise InputError(problems)
    for datum in {*datums} - {""}:
        rows = np.flatnonzero([each == datum for each in datums])
        xy = shapely.get_coordinates(shapes[rows])
        moved = np.column_stack(to_wgs84(xy[:, 0], xy[:, 1], datum))
        shapes[rows] = shapely.set_coordinates(shapes[rows], moved)
    return shapes


def _text(value: object) -> str:
    """Write a cell as text; whole numbers without a fraction, nothing for what is missing."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def _in_degrees(
    where: Message, shapes: NDArray[np.object_], crs: str | None
) -> NDArray[np.object_]:
    if crs is None or "ndefined" in crs:
        problem = Message(
            "{0}: no coordinate reference system is stated, so nobody knows where it is", where
        )
        cure = Message(
            "Assign the one it was drawn in (in QGIS: Layer > Set CRS) and save it again."
        )
        raise InputError([Message("{0}. {1}", problem, cure)])
    try:
        transformer = find_transformer(crs)
    except InputError as error:
        problem = Message(
            "{0}: there is no accurate way from its reference system to EPSG:4326", where
        )
        cure = Message("Reproject the layer to EPSG:4326 with the parameters of your region.")
        raise InputError([Message("{0}. {1}", problem, cure)]) from error
    if transformer is not None:
        xy = shapely.get_coordinates(shapes)
        shapes = shapely.set_coordinates(
            shapely.force_2d(shapes), np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
        )
    _check_degrees(where, shapes)
    return shapely.force_2d(shapes)


def _check_degrees(where: Message, shapes: NDArray[np.object_]) -> None:
    xy = shapely.get_coordinates(shapes)
    if not np.isfinite(xy).all() or (np.abs(xy) > np.array([180.0, 90.0])).any():
        problem = Message("{0}: there are coordinates outside of longitude and latitude", where)
        cure = Message(
            "The stated reference system does not fit the numbers; assign the right one."
        )
        raise InputError([Message("{0}. {1}", problem, cure)])


def find_digest(path: Path) -> str:
    """SHA-256 of a file, its companions (.dbf, .prj, ...) included, or of all files of a folder."""
    files = [path]
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file())
    elif path.suffix.lower() == ".shp":
        files += sorted(
            file
            for file in path.parent.glob(f"{glob.escape(path.stem)}.*")
            if file.suffix.lower() in _COMPANIONS
        )
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def explain_failure(path: Path, error: Exception) -> str:
    """Say why a file cannot be read, without the advice to programmers."""
    if path.is_file() and path.stat().st_size == 0:
        return Message("the file is empty")
    if "not recognized as being in a supported file format" in str(error):
        return Message("its format is not known")
    return str(error)
