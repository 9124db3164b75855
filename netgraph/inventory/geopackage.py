"""Read a GeoPackage, a layer a table.

A GeoPackage is a SQLite database of known tables. Python's library says what is in it; the cells
are taken off its pages, whole columns at once (:mod:`netgraph.inventory.sqlite_pages`), and by the
library where that does not do.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.errors import InputError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.model import Source
from netgraph.inventory.packed import PADDING
from netgraph.inventory.raw import RawInventory, RawTable, object_array
from netgraph.inventory.schema import GEOMETRY, load_schema
from netgraph.inventory.sqlite_cells import find_blobs, find_numbers, find_texts, objects_of
from netgraph.inventory.sqlite_pages import Image, PageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.raw import Cells
    from netgraph.inventory.sqlite_pages import Column

# QGIS keeps its styles and projects in layers of their own.
_HOUSEKEEPING = frozenset({"layer_styles", "qgis_projects"})
_PLAIN = frozenset({"attributes", "aspatial"})  # the second before there was the first
_INTERNAL = ("gpkg_", "sqlite_", "rtree_")  # tables of the format itself
_BLOCK = 2048  # rows fetched at once
_NO_LINES = np.zeros(0, dtype=np.int64)
_TIME = "DATETIME"
#: Declared types whose whole numbers are kept short, though they have a point; and what undoes it.
_POINTED, _UNPOINTED = re.compile("REAL|FLOA|DOUB"), re.compile("INT|CHAR|CLOB|TEXT|BLOB")
#: Bytes before the well-known binary of a geometry, by what the header says of its envelope.
_HEADER_BYTES = (8, 40, 56, 56, 72)
#: A point without an envelope, as nearly everybody writes it.
_POINT = np.dtype([
    ("magic", "S2"), ("version", "u1"), ("flags", "u1"), ("system", "<i4"), ("order", "u1"),
    ("kind", "<u4"), ("x", "<f8"), ("y", "<f8"),
])  # fmt: skip


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
    with _opened(path) as database:
        database.execute("BEGIN")  # what is found below is of one moment
        names = [name for name in _find_layers(database) if name not in _HOUSEKEEPING]
        layers = {
            name: _describe(database, name)
            for name in names
            if canonical_name(name) in load_schema()
        }
        data, digest = _read_bytes(path)
    image = None
    with suppress(PageError):
        image = Image.of(data)
    tables = [
        RawTable(name, {}, _NO_LINES, Message("layer {0}", name))
        if name not in layers
        else _Layer(
            name,
            {},
            _NO_LINES,
            Message("layer {0}", name),
            path=path,
            described=layers[name],
            image=image,
        )
        for name in names
    ]
    return RawInventory(tuple(tables), (Source(str(path), digest),))


def _read_bytes(path: Path) -> tuple[NDArray[np.uint8], str]:
    """Read a file, with :data:`PADDING` bytes more behind it, and digest it."""
    content = bytearray(path.stat().st_size + PADDING)
    with path.open("rb") as file:
        size = file.readinto(content)
    digest = hashlib.sha256(memoryview(content)[:size]).hexdigest()
    return np.frombuffer(content, dtype=np.uint8), digest


def read_layer_names(path: Path) -> list[str]:
    """List the layers of a GeoPackage: those that it registers.

    Where it registers none without geometry, its writer kept plain tables unregistered: all count.

    Raises
    ------
    InputError
        If the file is no GeoPackage.
    """
    with _opened(path) as database:
        return _find_layers(database)


def _find_layers(database: sqlite3.Connection) -> list[str]:
    kind_of = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents"))
    tables = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
    others = [name for (name,) in tables if name not in kind_of]
    layers = [name for name, kind in kind_of.items() if kind in {"features", *_PLAIN}]
    if _PLAIN.isdisjoint(kind_of.values()):
        layers += [name for name in others if not name.startswith(_INTERNAL)]
    return layers


@dataclass(frozen=True)
class _Description:
    """What a database says of a layer.

    Parameters
    ----------
    root
        Number of its first page; 0 where its rows are not kept as usual.
    kinds
        Declared type of each column by its name.
    key
        Column that is the number of a row; empty if there is none.
    geometry
        Column of the geometries; empty if there is none.
    crs
        Reference system of the geometries, if it is stated.
    """

    root: int
    kinds: dict[str, str]
    key: str
    geometry: str
    crs: str


@dataclass(frozen=True, eq=False)
class _Layer(RawTable):
    """A layer whose cells are found when wanted: those of all at once would fill the memory."""

    path: Path = field(kw_only=True)
    described: _Description = field(kw_only=True)
    image: Image | None = field(kw_only=True)

    def loaded(self) -> RawTable:
        if self.image is not None and self.described.root:
            with suppress(PageError):
                return self._taken_off(self.image)
        with _opened(self.path) as database:
            return self._asked_for(database)

    def _taken_off(self, image: Image) -> RawTable:
        kinds, key = self.described.kinds, self.described.key
        rows = image.read_table(self.described.root, len(kinds))
        columns = dict(zip(kinds, rows.columns, strict=True))
        if key and columns.pop(key).kinds.any():  # it is not what the rows are numbered by
            raise PageError
        cells = {name: self._cells_of(name, column) for name, column in columns.items()}
        return self._with(cells, rows.numbers if key else None, len(rows.numbers))

    def _cells_of(self, name: str, column: Column) -> Cells:
        kind = self.described.kinds[name]
        is_real = _POINTED.search(kind) is not None and _UNPOINTED.search(kind) is None
        found: Cells | None = None
        if name == self.described.geometry:
            found = _find_points(find_blobs(column, _POINT))
        elif kind != _TIME:
            found = find_texts(column)
            found = find_numbers(column, is_real=is_real) if found is None else found
        return self._typed(name, objects_of(column, is_real=is_real)) if found is None else found

    def _asked_for(self, database: sqlite3.Connection) -> RawTable:
        """Have the library give the rows."""
        names = list(self.described.kinds)
        found = dict(zip(names, _read_columns(database, _quoted(self.name), names), strict=True))
        count = len(found[names[0]])
        numbers = found.pop(self.described.key, None)
        lines = None if numbers is None else np.array(numbers, dtype=np.int64)
        return self._with({name: self._typed(name, found[name]) for name in found}, lines, count)

    def _typed(self, name: str, cells: list[Any]) -> NDArray[Any]:
        if name == self.described.geometry:
            return np.asarray(shapely.from_wkb(list(map(_wkb_of, cells)), on_invalid="ignore"))
        return _typed(_without_zone(cells) if self.described.kinds[name] == _TIME else cells)

    def _with(
        self, cells: dict[str, Cells], lines: NDArray[np.int64] | None, count: int
    ) -> RawTable:
        shapes = self.described.geometry
        columns = {GEOMETRY if name == shapes else name: cells[name] for name in cells}
        numbers = np.arange(1, count + 1, dtype=np.int64) if lines is None else lines
        return RawTable(self.name, columns, numbers, self.place, self.described.crs)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        with closing(_connect(path)) as database:
            yield database
    except (sqlite3.Error, UnicodeDecodeError) as error:
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


def _describe(database: sqlite3.Connection, layer: str) -> _Description:
    described = database.execute(f"PRAGMA table_info({_quoted(layer)})").fetchall()
    kinds = {str(name): str(declared).upper() for _, name, declared, *_ in described}
    keys = [str(row[1]) for row in described if row[-1]]
    root = database.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?", (layer,)
    ).fetchone()
    is_numbered = len(keys) == 1 and kinds[keys[0]] == "INTEGER"
    geometry, crs = _find_geometry(database, layer)
    return _Description(
        root[0] if root else 0, kinds, keys[0] if is_numbered else "", geometry, crs
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_columns(
    database: sqlite3.Connection, table: str, names: Sequence[str]
) -> list[list[Any]]:
    """Turn rows into columns, some at a time: all rows as tuples would fill the memory."""
    wanted = ", ".join(map(_quoted, names))
    rows = database.execute(f"SELECT {wanted} FROM {table} NOT INDEXED")  # noqa: S608 - quoted
    columns: list[list[Any]] = [[] for _ in names]
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


def _find_points(found: NDArray[Any] | None) -> NDArray[np.float64] | None:
    """Take a column of nothing but plain points; None if it is another.

    Parameters
    ----------
    found
        Records of :data:`_POINT`, shape (n,), or None.

    Returns
    -------
    ndarray of shape (n, 2)
        x and y.
    """
    if found is None:
        return None
    usual = (found["magic"] == b"GP") & (found["flags"] & 0x0E == 0)
    usual &= (found["order"] == 1) & (found["kind"] == 1)
    if not usual.all() or np.isnan(found["x"]).any():
        return None
    return np.stack([found["x"], found["y"]], axis=1)


def _wkb_of(cell: object) -> bytes | None:
    """Well-known binary of a geometry, which stands behind a header of the format."""
    if not isinstance(cell, bytes) or len(cell) < 8 or cell[:2] != b"GP":
        return None
    envelope = cell[3] >> 1 & 7
    return cell[_HEADER_BYTES[envelope] :] if envelope < len(_HEADER_BYTES) else None


def _find_geometry(database: sqlite3.Connection, layer: str) -> tuple[str, str]:
    """Find the column that holds the geometries of a layer, and their reference system."""
    found = database.execute(
        "SELECT column_name, organization, organization_coordsys_id, definition "
        "FROM gpkg_geometry_columns LEFT JOIN gpkg_spatial_ref_sys USING (srs_id) "
        "WHERE table_name = ?",
        (layer,),
    ).fetchone()
    if found is None:
        return "", ""
    column, organization, number, definition = found
    if str(organization).upper() == "EPSG":
        return column, f"EPSG:{number}"
    # Systems called undefined state nothing.
    return column, "" if definition is None or "ndefined" in definition else definition
