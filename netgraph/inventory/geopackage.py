"""Read a GeoPackage, a layer a table.

A GeoPackage is a SQLite database of known tables, which Python reads by itself; a library for all
formats of maps is not quicker, and takes as much memory as the plant of a city.
"""

from __future__ import annotations

import hashlib
import re
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
from netgraph.inventory.packed import END, PackedTexts
from netgraph.inventory.raw import RawInventory, RawTable, object_array
from netgraph.inventory.schema import GEOMETRY, load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.raw import Cells

# QGIS keeps its styles and projects in layers of their own.
_HOUSEKEEPING = frozenset({"layer_styles", "qgis_projects"})
_PLAIN = frozenset({"attributes", "aspatial"})  # the second before there was the first
_INTERNAL = ("gpkg_", "sqlite_", "rtree_")  # tables of the format itself
_BLOCK = 2048  # rows fetched at once
#: Declared types whose cells are texts or whole numbers, and so repeat.
_PACKED = re.compile(r"TEXT|BOOLEAN$|DATE$|(TINY|SMALL|MEDIUM|BIG)?INT")
#: How a text begins that the database made of a fraction or of infinity: digits may be lost.
_ROUNDED = re.compile(r"\.|Inf")
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
    table = _quoted(layer)
    database.execute("BEGIN")  # all that follows is of one moment
    described = database.execute(f"PRAGMA table_info({table})").fetchall()
    kinds = {str(name): str(declared).upper() for _, name, declared, *_ in described}
    keys = [str(row[1]) for row in described if row[-1] and kinds[str(row[1])] == "INTEGER"]
    shapes, crs = _find_geometry(database, layer)
    packed, lines = _read_packed(database, table, keys, kinds)
    plain = [name for name in kinds if name not in packed and not (name in keys and len(lines))]
    columns: dict[str, Cells] = {}
    for name, cells in zip(plain, _read_columns(database, table, plain), strict=True):
        kind = kinds[name]
        if name in keys:
            lines = np.array(cells, dtype=np.int64)
        elif name == shapes:
            columns[GEOMETRY] = _geometries(cells)
        else:
            columns[name] = _typed(_without_zone(cells) if kind == "DATETIME" else cells)
        count = len(cells)
        cells.clear()
    if not len(lines):
        lines = np.arange(1, count + 1, dtype=np.int64)
    order = [GEOMETRY if name == shapes else name for name in kinds if name not in keys]
    columns |= packed
    return RawTable(layer, {name: columns[name] for name in order}, lines, f"layer {layer}", crs)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_packed(
    database: sqlite3.Connection, table: str, keys: Sequence[str], kinds: dict[str, str]
) -> tuple[dict[str, Cells], NDArray[np.int64]]:
    """Have the database join columns to one text each: far less work than a value a cell.

    Left out are columns that a joined text does not tell again: texts that hold what stands
    between them or a zero at the end, and fractions in columns of whole numbers. The second value
    are the numbers of the rows, if they are without gaps.
    """
    packed: dict[str, Cells] = {}
    wanted = [name for name in kinds if name not in keys and _PACKED.match(kinds[name])]
    if len(keys) != 1 or not wanted:
        return packed, np.zeros(0, dtype=np.int64)
    key, names = _quoted(keys[0]), [_quoted(name) for name in wanted]
    parts = ", ".join(f"group_concat(ifnull({name}, ''), '{END}')" for name in names)
    try:
        # Without an index, so that the rows come in their order.
        first, last, count, *texts = database.execute(
            f"SELECT min({key}), max({key}), count(*), {parts} FROM {table} NOT INDEXED"  # noqa: S608 - quoted
        ).fetchone()
        ends = database.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE {key} = ?",  # noqa: S608 - quoted
            (last,),
        ).fetchone()
    except sqlite3.Error:  # texts in another encoding, or longer than the database can hold
        return packed, np.zeros(0, dtype=np.int64)
    for name, joined, end in zip(wanted, texts, ends or [None] * len(wanted), strict=True):
        text = joined or ""
        is_rounded = not kinds[name].startswith("TEXT") and _ROUNDED.search(text) is not None
        column = PackedTexts.find(text, count)
        if column is not None and not is_rounded and text.endswith("" if end is None else str(end)):
            packed[name] = column
    if count == 0 or last - first + 1 != count:
        return packed, np.zeros(0, dtype=np.int64)
    return packed, np.arange(first, last + 1, dtype=np.int64)


def _read_columns(
    database: sqlite3.Connection, table: str, names: Sequence[str]
) -> list[list[Any]]:
    """Turn rows into columns, some at a time: all rows as tuples would fill the memory."""
    if not names:
        return []
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


def _geometries(cells: list[Any]) -> NDArray[np.object_]:
    """Read the binaries of a column; None where there is none, or no geometry."""
    points = _find_points(cells)
    if points is not None:
        return points
    return np.asarray(shapely.from_wkb(list(map(_wkb_of, cells)), on_invalid="ignore"))


def _find_points(cells: list[Any]) -> NDArray[np.object_] | None:
    """Read a column of nothing but plain points at once; None if it is another."""
    if set(map(type, cells)) != {bytes} or set(map(len, cells)) != {_POINT.itemsize}:
        return None
    found = np.frombuffer(b"".join(cells), dtype=_POINT)
    usual = (found["magic"] == b"GP") & (found["flags"] & 0x0E == 0)
    usual &= (found["order"] == 1) & (found["kind"] == 1)
    if not usual.all() or np.isnan(found["x"]).any():
        return None
    return np.asarray(shapely.points(found["x"], found["y"]))


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
