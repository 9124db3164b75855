"""Read hazard areas: the polygons of any GIS layer, in longitude and latitude."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.findings import Finding, sort_findings
from netgraph.inventory.hazard_layers import explain_failure, find_digest, read_layers
from netgraph.inventory.model import Source
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from netgraph.inventory.hazard_layers import HazardRow

TABLE = "hazard_areas"
#: Column that says what an area is: flood, landslide, seismic, ...
KIND_COLUMN = "kind"
_MOST_NAMED = 5
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


def read_hazard_areas(path: str | Path, *, kind_column: str = KIND_COLUMN) -> HazardAreas:
    """Read every polygon of a GIS file.

    Parameters
    ----------
    path
        Anything that GDAL reads: GeoPackage (all layers), shapefile, GeoJSON, a folder that is a
        file geodatabase, ...
    kind_column
        Column (in any case) that tells the kinds of areas apart; a layer may lack it.

    Returns
    -------
    HazardAreas
        In EPSG:4326, reprojected if need be (a column ``datum`` tells gcj02 and bd09). Invalid
        polygons are repaired, of collections the polygons are kept, empty shapes and other
        geometries are left out; each is a finding.

    Raises
    ------
    InputError
        If the file cannot be read, a layer has no reference system or one without an accurate
        transformation, or there is no polygon in it; all that is wrong with it is named.
    """
    path = Path(path)
    if not path.exists():
        raise InputError([Message("There is no file {0} of hazard areas. Correct the path.", path)])
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        digest = find_digest(path)
        rows = list(read_layers(path, kind_column))
    except (OSError, DataSourceError, DataLayerError) as error:
        problem = Message(
            "{0}: not a readable GIS layer ({1}). Export it as a GeoPackage.",
            path, explain_failure(path, error),
        )  # fmt: skip
        raise InputError([problem]) from error
    findings: list[Finding] = []
    areas = list(_repaired(rows, findings))
    if not areas:
        raise InputError([_without_polygon(path, findings)])
    return HazardAreas(
        ids=_unique_ids(areas),
        names=tuple(area.name for area, _ in areas),
        kinds=tuple(area.kind for area, _ in areas),
        geometries=np.array([shape for _, shape in areas] + [None], dtype=object)[:-1],
        findings=sort_findings(findings),
        source=Source(str(path), digest),
    )


def _without_polygon(path: Path, findings: list[Finding]) -> Message:
    """Say that nothing can be used, and what is there instead."""
    problem = Message("{0}: there is no polygon in it. Give a layer of hazard areas.", path)
    for finding in findings[:_MOST_NAMED]:
        what = Message("{0}: {1}", finding.place.removeprefix(f"{path}, "), finding.message)
        problem = Message("{0} {1}", problem, what)
    return problem


def _repaired(
    rows: Iterable[HazardRow], findings: list[Finding]
) -> Iterator[tuple[HazardRow, BaseGeometry]]:
    """Areas with a valid polygon each; what is wrong with the others goes to the findings."""
    for area in rows:
        if area.shape is None or area.shape.is_empty:
            findings.append(_finding("ND986", area, Message("The area is empty.")))
            continue
        shape = _polygons_of(shapely.make_valid(area.shape))
        kind = shapely.get_type_id(area.shape)
        if kind not in (*_POLYGONS, shapely.GeometryType.GEOMETRYCOLLECTION) or shape.is_empty:
            what = Message("This is no area but a {0}.", area.shape.geom_type)
            if kind in _POLYGONS:
                what = Message("The polygon encloses nothing: it is a line or a point.")
            findings.append(_finding("ND987", area, what))
            continue
        if kind not in _POLYGONS:
            what = Message("Of this {0} only the polygons count.", area.shape.geom_type)
            findings.append(_finding("ND988", area, what))
        elif area.is_mended or not area.shape.is_valid:
            reason = shapely.is_valid_reason(area.shape).split("[")[0]
            if area.is_mended:
                reason = Message("a ring that is not closed")
            what = Message("The polygon is invalid ({0}); it was repaired.", reason)
            findings.append(_finding("ND988", area, what))
        yield area, shape


_HINTS = {
    "ND986": Message("It was left out. Draw it, or delete the row."),
    "ND987": Message("It was left out. Give polygons; buffer a line or point first."),
    "ND988": Message("Look at the repaired outline, and correct the layer."),
}


def _finding(rule: str, area: HazardRow, message: Message) -> Finding:
    label = area.own_id or area.place.rpartition(", ")[2]
    return Finding(rule, "warning", TABLE, label, message, _HINTS[rule], area.place)


def _polygons_of(shape: BaseGeometry) -> BaseGeometry:
    """Keep the polygons of a geometry; repairing may leave lines and points over."""
    parts = shapely.get_parts(shapely.get_parts(shape))  # a collection may hold multipolygons
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    if len(polygons) == 1:
        return polygons[0]  # type: ignore[no-any-return] # an array of geometries
    return shapely.union_all(polygons)


def _unique_ids(areas: list[tuple[HazardRow, BaseGeometry]]) -> tuple[str, ...]:
    """Ids of the rows; of rows that share one, and rows without, a hash of the polygon tells."""
    own = [area.own_id for area, _ in areas]
    found: list[str] = []
    for area, shape in areas:
        digest = hashlib.blake2s(shapely.normalize(shape).wkb, digest_size=5).hexdigest()
        is_named = area.own_id and own.count(area.own_id) == 1
        name = area.own_id if is_named else f"{area.own_id}-{digest}".strip("-")
        while name in found:  # the same polygon twice
            name += "+"
        found.append(name)
    return tuple(found)
