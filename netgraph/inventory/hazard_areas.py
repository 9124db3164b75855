"""Read hazard areas: the polygons of any GIS layer, in longitude and latitude."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.datum import find_transformer
from netgraph.inventory.findings import Finding, sort_findings
from netgraph.inventory.model import Source
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

TABLE = "hazard_areas"
#: Kind of an area that does not say what it is.
HAZARD_AREA = "hazard_area"
#: Column that says what an area is: flood, landslide, seismic, ...
KIND_COLUMN = "kind"
_POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, eq=False)
class HazardAreas:
    """Areas of one file; everything inside or crossing one fails together.

    Attributes
    ----------
    ids
        From a column ``id``, else ``name``, else a hash of the polygon; unique.
    names
        From a column ``name``, else empty.
    kinds
        From a column ``kind`` (or the one asked for): flood, landslide, seismic, ..., in small
        letters; ``hazard_area`` where it is empty.
    geometries
        Valid polygons in EPSG:4326; shape (areas,).
    findings
        What had to be repaired or left out.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    geometries: NDArray[np.object_] = field(repr=False)
    findings: tuple[Finding, ...]
    source: Source

    def __len__(self) -> int:
        """Count the areas."""
        return len(self.ids)


@dataclass(frozen=True)
class _Area:
    """One row of a layer: its own id, name and kind, and its shape as read."""

    own_id: str
    name: str
    kind: str
    shape: BaseGeometry | None
    row: int


def read_hazard_areas(path: str | Path, *, kind_column: str = KIND_COLUMN) -> HazardAreas:
    """Read every polygon of a GIS file.

    Parameters
    ----------
    path
        Anything that GDAL reads: GeoPackage (all layers), shapefile, GeoJSON, ...
    kind_column
        Column (in any case) that tells the kinds of areas apart; a layer may lack it.

    Returns
    -------
    HazardAreas
        In EPSG:4326, reprojected if need be. Invalid polygons are repaired, empty ones and other
        geometries are left out; both are findings.

    Raises
    ------
    InputError
        If the file cannot be read, a layer has no reference system or one without an accurate
        transformation, or there is no polygon in it.
    """
    path = Path(path)
    if not path.exists():
        raise InputError([Message("There is no file {0} of hazard areas. Correct the path.", path)])
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        content = path.read_bytes()
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        rows = [area for layer in layers for area in _read_layer(path, layer, kind_column)]
    except (OSError, DataSourceError, DataLayerError) as error:
        problem = Message(
            "{0}: not a readable GIS layer ({1}). Export it as a GeoPackage.", path, error
        )
        raise InputError([problem]) from error
    findings: list[Finding] = []
    areas = list(_repaired(rows, path, findings))
    if not areas:
        raise InputError(
            [Message("{0}: there is no polygon in it. Give a layer of hazard areas.", path)]
        )
    return HazardAreas(
        ids=_unique_ids(areas),
        names=tuple(area.name for area, _ in areas),
        kinds=tuple(area.kind for area, _ in areas),
        geometries=np.array([shape for _, shape in areas] + [None], dtype=object)[:-1],
        findings=sort_findings(findings),
        source=Source(str(path), hashlib.sha256(content).hexdigest()),
    )


def _read_layer(path: Path, layer: str, kind_column: str) -> Iterator[_Area]:
    from pyogrio.raw import read

    meta, fids, shapes, cells = read(path, layer=layer, return_fids=True)
    if shapes is None:
        return
    where = f"{path}, layer {layer}"
    geometries = _in_degrees(where, shapely.from_wkb(shapes, on_invalid="ignore"), meta["crs"])
    columns = dict(zip((str(name).lower() for name in meta["fields"]), cells, strict=True))
    for i, row in enumerate(np.asarray(fids).tolist()):
        own, name, kind = (
            _text(columns[column][i]) if column in columns else ""
            for column in ("id", "name", kind_column.lower())
        )
        kind = kind.casefold() or HAZARD_AREA
        yield _Area(own or name, name, kind, geometries[i], int(row))


def _text(value: object) -> str:
    """Write a cell as text; whole numbers without a fraction, nothing for what is missing."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    return str(value).strip()


def _in_degrees(where: str, shapes: NDArray[np.object_], crs: str | None) -> NDArray[np.object_]:
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


def _check_degrees(where: str, shapes: NDArray[np.object_]) -> None:
    xy = shapely.get_coordinates(shapes)
    if not np.isfinite(xy).all() or (np.abs(xy) > np.array([180.0, 90.0])).any():
        problem = Message("{0}: there are coordinates outside of longitude and latitude", where)
        cure = Message(
            "The stated reference system does not fit the numbers; assign the right one."
        )
        raise InputError([Message("{0}. {1}", problem, cure)])


def _repaired(
    rows: Iterable[_Area], path: Path, findings: list[Finding]
) -> Iterator[tuple[_Area, BaseGeometry]]:
    """Areas with a valid polygon each; what is wrong with the others goes to the findings."""
    for area in rows:
        label = area.own_id or f"row {area.row}"
        place = f"{path} row {area.row}"
        if area.shape is None or area.shape.is_empty:
            findings.append(_finding("ND986", label, Message("The area is empty."), place))
            continue
        shape = _polygons_of(shapely.make_valid(area.shape))
        if shapely.get_type_id(area.shape) not in _POLYGONS or shape.is_empty:
            kind = area.shape.geom_type
            findings.append(
                _finding("ND987", label, Message("This is no area but a {0}.", kind), place)
            )
            continue
        if not area.shape.is_valid:
            reason = shapely.is_valid_reason(area.shape).split("[")[0]
            text = Message("The polygon is invalid ({0}); it was repaired.", reason)
            findings.append(_finding("ND988", label, text, place))
        yield area, shape


_HINTS = {
    "ND986": Message("It was left out. Draw it, or delete the row."),
    "ND987": Message("It was left out. Give polygons; buffer a line or point first."),
    "ND988": Message("Look at the repaired outline, and correct the layer."),
}


def _finding(rule: str, row_id: str, message: Message, place: str) -> Finding:
    return Finding(rule, "warning", TABLE, row_id, message, _HINTS[rule], place)


def _polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a geometry; repairing may leave lines and points over."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold multipolygons
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    if len(polygons) == 1:
        return polygons[0]  # type: ignore[no-any-return] # an array of geometries
    return shapely.union_all(polygons)


def _unique_ids(areas: list[tuple[_Area, BaseGeometry]]) -> tuple[str, ...]:
    """Ids of the rows; of rows that share one, and rows without, a hash of the polygon tells."""
    own = [area.own_id for area, _ in areas]
    found: list[str] = []
    for area, shape in areas:
        digest = hashlib.blake2s(shapely.normalize(shape).wkb, digest_size=5).hexdigest()
        name = area.own_id if own.count(area.own_id) == 1 else f"{area.own_id}-{digest}".strip("-")
        while name in found:  # the same polygon twice
            name += "+"
        found.append(name)
    return tuple(found)
