"""Read a GeoPackage, a layer a table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from netgraph.errors import InputError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.model import Source
from netgraph.inventory.raw import RawInventory, RawTable
from netgraph.inventory.schema import GEOMETRY, load_schema

if TYPE_CHECKING:
    from pathlib import Path

# QGIS keeps its styles and projects in layers of their own.
_HOUSEKEEPING = frozenset({"layer_styles", "qgis_projects"})


def read_geopackage(path: Path) -> RawInventory:
    """Read every layer that is named after a table.

    Parameters
    ----------
    path
        GeoPackage.

    Returns
    -------
    RawInventory
        Typed cells as the layers hold them, with the reference system of each layer.

    Raises
    ------
    InputError
        If the file is no GeoPackage.
    """
    content = path.read_bytes()
    try:
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
        tables = [_read_layer(path, name) for name in layers if name not in _HOUSEKEEPING]
    except (DataSourceError, DataLayerError) as error:
        problem = f"{path}: this is not a readable GeoPackage ({error})"
        raise InputError([f"{problem}. Export it again."]) from error
    source = Source(str(path), hashlib.sha256(content).hexdigest())
    return RawInventory(tuple(tables), (source,))


def _read_layer(path: Path, layer: str) -> RawTable:
    spec = load_schema().get(canonical_name(layer))
    if spec is None:
        return RawTable(layer, {}, np.zeros(0, dtype=np.int64), f"layer {layer}")
    meta, rows, shapes, cells = pyogrio.raw.read(path, layer=layer, return_fids=True)
    columns: dict[str, Any] = dict(zip(map(str, meta["fields"]), cells, strict=True))
    if shapes is not None:
        columns[GEOMETRY] = shapely.from_wkb(shapes, on_invalid="ignore")
    crs = "" if shapes is None else _stated_crs(meta["crs"])
    return RawTable(layer, columns, np.asarray(rows, dtype=np.int64), f"layer {layer}", crs)


def _stated_crs(crs: str | None) -> str:
    """Read a layer's reference system; the two "undefined" ones of the format state nothing."""
    return "" if crs is None or "ndefined" in crs else crs
