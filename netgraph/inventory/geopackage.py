"""Read a GeoPackage, a layer a table.

A GeoPackage is a SQLite database of known tables, which Python reads by itself; a library for all
formats of maps is not quicker, and takes as much memory as the plant of a city.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.model import Source
from netgraph.inventory.raw import RawInventory, RawTable, object_array
from netgraph.inventory.schema import GEOMETRY, load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

# QGIS keeps its styles and projects in layers of their own.
_HOUSEKEEPING = frozenset({"layer_styles", "qgis_projects"})
_PLAIN = frozenset({"attributes", "aspatial"})  # the second before there was the first
_INTERNAL = ("gpkg_", "sqlite_", "rtree_")  # tables of the format itself
_BLOCK = 2048  # rows fetched at once
#: Bytes before the well-known binary of a geometry, by what the header says of its envelope.
_HEADER_BYTES = (8, 40, 56, 56, 72)


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
    tables = [
        RawTable(name, {}, np.zeros(0, dtype=np.int64), f"layer {name}")
        if canonical_name(name) not in load_schema()
        else _Layer(name, {}, np.zeros(0, dtype=np.int64), f"layer {name}", path=path)
        for name in read_layer_names(path)
        if name not in _HOUSEKEEPING
    ]
    return RawInventory(tuple(tables), (Source(str(path), digest),))


def read_layer_names(path: Path) -> list[str]:
    """List the layers of a GeoPackage: those that it registers.

    Where it registers none without geometry, its writer kept plain tables unregistered: all count.

    Raises
    ------
    InputError
        If the file is no GeoPackage.
    """
    with _opened(path) as database:
        kind_of = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents"))
        tables = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        others = [name for (name,) in tables if name not in kind_of]
    layers = [name for name, kind in kind_of.items() if kind in {"features", *_PLAIN}]
    if _PLAIN.isdisjoint(kind_of.values()):
        layers += [name for name in others if not name.startswith(_INTERNAL)]
    return layers


@dataclass(frozen=True, eq=False)
class _Layer(RawTable):
    """A layer whose cells stay on disk until wanted: all layers at once would fill the memory."""

    path: Path = field(kw_only=True)

    def loaded(self) -> RawTable:
        with _opened(self.path) as database:
            return _read_layer(database, self.name)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_connect(path)) as database:
            yield database
    except sqlite3.Error as error:
        problem = Message("{0}: this is not a readable GeoPackage ({1})", path, error)
        raise InputError([Message("{0}. Export it again.", problem)]) from error


def _connect(path: Path) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    database = sqlite3.connect(f"{address}?mode=ro", uri=True)
    try:
        database.execute("SELECT 1 FROM gpkg_contents")
    except sqlite3.OperationalError:
        database.close()
        if Path(f"{path}-wal").exists():
            raise
        # A folder that nobody may write to has no place for the locks of a shared database.
        database = sqlite3.connect(f"{address}?immutable=1", uri=True)
    return database


def _read_layer(database: sqlite3.Connection, layer: str) -> RawTable:
    quoted = layer.replace('"', '""')
    described = database.execute(f'PRAGMA table_info("{quoted}")').fetchall()
    cells = _read_columns(database.execute(f'SELECT * FROM "{quoted}"'), len(described))  # noqa: S608 - quoted
    shapes, crs = _find_geometry(database, layer)
    columns: dict[str, NDArray[Any]] = {}
    lines = np.arange(1, len(cells[0]) + 1, dtype=np.int64)
    for (_, name, declared, _, _, is_key), column in zip(described, cells, strict=True):
        kind = str(declared).upper()
        if is_key and kind == "INTEGER":
            lines = np.array(column, dtype=np.int64)
        elif name == shapes:
            columns[GEOMETRY] = shapely.from_wkb(list(map(_wkb_of, column)), on_invalid="ignore")
        else:
            columns[name] = _typed(_without_zone(column) if kind == "DATETIME" else column)
    return RawTable(layer, columns, lines, f"layer {layer}", crs)


def _read_columns(rows: sqlite3.Cursor, width: int) -> list[list[Any]]:
    """Turn rows into columns, some at a time: all rows as tuples would fill the memory."""
    columns: list[list[Any]] = [[] for _ in range(width)]
    while block := rows.fetchmany(_BLOCK):
        for column, cells in zip(columns, zip(*block, strict=True), strict=True):
            column.extend(cells)
    return columns


def _typed(cells: list[Any]) -> NDArray[Any]:
    """Give an array of numbers where all cells are numbers, else one of objects."""
    types = set(map(type, cells))
    if types == {int}:
        return np.array(cells, dtype=np.int64)
    if float in types and not types - {float, type(None)}:
        return np.array(cells, dtype=np.float64)
    return object_array(cells)


def _without_zone(cells: Sequence[Any]) -> list[Any]:
    """Take the mark of time zone 0, which the format demands, off the times."""
    return [cell.removesuffix("Z") if isinstance(cell, str) else cell for cell in cells]


def _wkb_of(cell: object) -> bytes | None:
    """Well-known binary of a geometry, which stands behind a header of the format."""
    if not isinstance(cell, bytes) or len(cell) < 8 or cell[:2] != b"GP":
        return None
    envelope = cell[3] >> 1 & 7
    return cell[_HEADER_BYTES[envelope] :] if envelope < len(_HEADER_BYTES) else None


def _find_geometry(database: sqlite3.Connection, layer: str) -> tuple[str | None, str]:
    """Find the column that holds the geometries of a layer, and their reference system."""
    found = database.execute(
        "SELECT column_name, organization, organization_coordsys_id, definition "
        "FROM gpkg_geometry_columns LEFT JOIN gpkg_spatial_ref_sys USING (srs_id) "
        "WHERE table_name = ?",
        (layer,),
    ).fetchone()
    if found is None:
        return None, ""
    column, organization, number, definition = found
    if str(organization).upper() == "EPSG":
        return column, f"EPSG:{number}"
    # Systems called undefined state nothing.
    return column, "" if definition is None or "ndefined" in definition else definition
