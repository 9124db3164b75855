"""Write an inventory as a GeoPackage."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely

from netgraph.inventory.schema import GEOMETRY, load_schema
from netgraph.inventory.write_csv import recorded_columns, with_none, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory, Table
    from netgraph.inventory.schema import ColumnSpec

#: Of the files that are written: programs of some years ago warn of a later one.
GEOPACKAGE_VERSION = "1.2"
_SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"


def write_geopackage(inventory: Inventory, path: Path) -> None:
    """Write one layer a table, with typed columns, NULL for missing, points and lines.

    Parameters
    ----------
    inventory
        What to write. Points are written as geometry and as the columns ``lon`` and ``lat``.
    path
        Made here.
    """
    with _without_syncing():
        for name in load_schema():
            table = inventory.table(name)
            if table.is_recorded:
                _write_layer(table, path, inventory.crs or None)


@contextlib.contextmanager
def _without_syncing() -> Iterator[None]:
    """Spare a wait for the disk after each layer: a half-written file is thrown away anyway."""
    before = pyogrio.get_gdal_config_option(_SYNCHRONOUS)
    pyogrio.set_gdal_config_options({_SYNCHRONOUS: "OFF"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({_SYNCHRONOUS: before})


def _write_layer(table: Table, path: Path, crs: str | None) -> None:
    spec = load_schema()[table.name]
    columns = [spec.columns[name] for name in recorded_columns(table) if name != GEOMETRY]
    fields = [_field_of(column, table) for column in columns]
    has_shapes = spec.has_points or GEOMETRY in table.recorded
    kind = ("Point" if spec.has_points else "LineString") if has_shapes else None
    with warnings.catch_warnings():
        # Plane coordinates without a reference system are meant to have none.
        warnings.filterwarnings("ignore", message="'crs' was not provided", category=UserWarning)
        pyogrio.raw.write(
            path,
            shapely.to_wkb(_shapes_of(table)) if has_shapes else None,
            [cells for cells, _ in fields],
            [column.name for column in columns],
            field_mask=[mask for _, mask in fields],
            layer=table.name,
            driver="GPKG",
            geometry_type=kind,
            crs=crs if has_shapes else None,
            dataset_options={"VERSION": GEOPACKAGE_VERSION},
        )


def _shapes_of(table: Table) -> NDArray[np.object_]:
    if not load_schema()[table.name].has_points:
        return np.asarray(table[GEOMETRY])
    lon, lat = table["lon"], table["lat"]
    known = np.isfinite(lon) & np.isfinite(lat)
    shapes = np.full(len(table), None, dtype=object)
    shapes[known] = shapely.points(lon[known], lat[known])
    return shapes


def _field_of(column: ColumnSpec, table: Table) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Turn one column into a typed field and the mask of its missing values."""
    cells = table[column.name]
    field: tuple[NDArray[Any], NDArray[np.bool_] | None]
    match column.type:
        case "int":
            mask = np.isnan(cells)
            field = np.where(mask, 0, cells).astype(np.int64), mask
        case "float":
            field = cells, np.isnan(cells)
        case "bool":
            field = cells == 1, cells < 0
        case "date":
            field = cells, np.isnat(cells)
        case "datetime":
            field = cells.astype("datetime64[ms]"), np.isnat(cells)
        case _:
            words = words_of(column, cells)
            field = with_none(words, words == ""), None
    return field
