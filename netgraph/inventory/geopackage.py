"""Read a GeoPackage, a layer a table."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
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
    from collections.abc import Iterator
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
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with _refusing_damage(path):
        layers = [str(name) for name, _ in pyogrio.list_layers(path)]
    tables = [
        RawTable(name, {}, np.zeros(0, dtype=np.int64), f"layer {name}")
        if canonical_name(name) not in load_schema()
        else _Layer(name, {}, np.zeros(0, dtype=np.int64), f"layer {name}", path=path)
        for name in layers
        if name not in _HOUSEKEEPING
    ]
    return RawInventory(tuple(tables), (Source(str(path), digest),))


@dataclass(frozen=True, eq=False)
class _Layer(RawTable):
    """A layer whose cells stay on disk until wanted: all layers at once would fill the memory."""

    path: Path = field(kw_only=True)

    def loaded(self) -> RawTable:
        with _refusing_damage(self.path):
            return _read_layer(self.path, self.name)


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except (DataSourceError, DataLayerError) as error:
        problem = f"{path}: this is not a readable GeoPackage ({error})"
        raise InputError([f"{problem}. Export it again."]) from error


def _read_layer(path: Path, layer: str) -> RawTable:
    meta, rows, shapes, cells = pyogrio.raw.read(path, layer=layer, return_fids=True)
    columns: dict[str, Any] = dict(zip(map(str, meta["fields"]), cells, strict=True))
    if isinstance(cells, list):
        cells.clear()  # a circle in the reader holds on to the list, and so to all cells
    if shapes is not None:
        columns[GEOMETRY] = shapely.from_wkb(shapes, on_invalid="ignore")
    crs = "" if shapes is None else _stated_crs(meta["crs"])
    return RawTable(layer, columns, np.asarray(rows, dtype=np.int64), f"layer {layer}", crs)


def _stated_crs(crs: str | None) -> str:
    """Read a layer's reference system; the two "undefined" ones of the format state nothing."""
    return "" if crs is None or "ndefined" in crs else crs
