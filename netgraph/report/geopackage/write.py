"""Write layers and their styles into one GeoPackage: the same layers give the same bytes."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pyogrio
import shapely

from netgraph.inventory.write_geopackage import GEOPACKAGE_VERSION
from netgraph.units import GEOGRAPHIC_CRS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from netgraph.report.geopackage.layer import Layer

_UNDATED = "2000-01-01"  # a GeoPackage must bear some date; today's would differ
# As QGIS creates it when a style is saved into the file.
_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
    f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
    styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
    owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""
_ADD_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
    styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
VALUES ('', '', ?, ?, ?, ?, '', 1, ?, '', ?)"""
_REGISTER = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)"""


def write_layers(layers: Sequence[Layer], path: Path, snapshot_date: date | None = None) -> None:
    """Write a GeoPackage that QGIS opens in colour.

    Parameters
    ----------
    layers
        In the order in which a GIS lists them; empty ones are written too.
    path
        Made here.
    snapshot_date
        Date that the file bears.
    """
    stamp = f"{snapshot_date.isoformat() if snapshot_date else _UNDATED}T00:00:00.000Z"
    with _configured(stamp):
        for layer in layers:
            _write_layer(layer, path)
    with closing(sqlite3.connect(path)) as database, database:
        _write_styles(database, [layer for layer in layers if layer.style], stamp)


@contextmanager
def _configured(stamp: str) -> Iterator[None]:
    """Date the file, and do not wait for the disk: a half-written one is thrown away anyway."""
    wanted = {"OGR_CURRENT_DATE": stamp, "OGR_SQLITE_SYNCHRONOUS": "OFF"}
    before = {name: pyogrio.get_gdal_config_option(name) for name in wanted}
    pyogrio.set_gdal_config_options(wanted)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _write_layer(layer: Layer, path: Path) -> None:
    has_shapes = layer.shapes is not None
    pyogrio.raw.write(
        path,
        shapely.to_wkb(layer.shapes) if has_shapes else None,
        [field.values for field in layer.fields],
        [field.name for field in layer.fields],
        field_mask=[field.is_missing for field in layer.fields],
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.kind if has_shapes else None,
        crs=GEOGRAPHIC_CRS if has_shapes else None,
        dataset_options={"VERSION": GEOPACKAGE_VERSION},
        layer_options={"DESCRIPTION": layer.description, "GEOMETRY_NAME": layer.geometry_name},
    )


def _write_styles(database: sqlite3.Connection, layers: Sequence[Layer], stamp: str) -> None:
    database.execute(_STYLE_TABLE)
    for layer in layers:
        row = (
            layer.name, layer.geometry_name, layer.name, layer.style, layer.description, stamp,
        )  # fmt: skip
        database.execute(_ADD_STYLE, row)
    database.execute(_REGISTER, (stamp,))
