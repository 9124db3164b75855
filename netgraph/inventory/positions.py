"""Where points and lines lie: one reference system, impossible positions found, none repaired.

A swapped pair of coordinates counts as missing: it is named in a finding and never turned round
silently, because a wrong guess would move plant.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.inventory.datum import PLANAR_NAMES, area_of_use, find_transformer, to_wgs84
from netgraph.inventory.geometry import round_coordinates
from netgraph.inventory.rules import make_finding
from netgraph.inventory.schema import GEOMETRY, POINT_COLUMNS, load_schema
from netgraph.messages import Message
from netgraph.units import GEOGRAPHIC_CRS, segment_lengths_m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray
    from pyproj import Transformer

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Table

    Floats = NDArray[np.float64]

_SAME_POINT_M = 1.0
_WORLD = (-180.0, -90.0, 180.0, 90.0)
_ENTER = Message("Correct the position; until then it counts as missing.")
_IS_EMPTY = functools.partial(Message, "{0} is where empty positions are put")
_LOOKS_SWAPPED = functools.partial(Message, "{0} looks swapped")
_OFF_EARTH = functools.partial(Message, "{0} is not on the earth")
_ELSEWHERE = functools.partial(Message, "{0} is not where this reference system is used")


@dataclass(frozen=True, eq=False)
class Placement:
    """The tables with positions in one reference system.

    Parameters
    ----------
    tables
        As given, with positions rounded and wrong ones missing; points hold no geometry.
    findings
        About positions.
    crs
        ``EPSG:4326``, or empty for plane coordinates.
    """

    tables: dict[str, Table]
    findings: list[Finding]
    crs: str


@dataclass(frozen=True, eq=False)
class _System:
    """What the numbers mean and where they may lie after conversion."""

    is_planar: bool = False
    transformer: Transformer | None = None
    datum: str = ""
    bounds: tuple[float, float, float, float] = _WORLD
    # Where most points lie, to tell a swapped pair that is possible by itself.
    home: tuple[float, float, float, float] | None = None
    findings: list[Finding] = field(default_factory=list)


def place_points_and_lines(tables: Mapping[str, Table], layer_crs: Mapping[str, str]) -> Placement:
    """Bring all positions to WGS 84 and find the impossible ones.

    Parameters
    ----------
    tables
        Every table of the schema, positions as recorded.
    layer_crs
        Reference system that the source itself states for the geometries of a table.

    Returns
    -------
    Placement
        Tables with ``lon`` and ``lat`` in degrees (metres without a reference system).

    Raises
    ------
    InputError
        If a reference system is unknown or cannot be converted accurately.
    """
    tagged = {name: crs for name, crs in layer_crs.items() if crs}
    declared = _declared_system(tables, tagged)
    findings = list(declared.findings)
    placed = dict(tables)
    for name, spec in load_schema().items():
        if len(tables[name]) == 0 or GEOMETRY not in spec.columns:
            continue
        layer = _layer_system(tagged[name], declared) if name in tagged else declared
        findings += layer.findings if layer is not declared else []
        if spec.has_points:
            placed[name], found = _place_points(tables[name], declared, layer)
        else:
            placed[name], found = _place_lines(tables[name], layer)
        findings += found
    placed["inventory"] = _state_system(tables["inventory"], declared)
    return Placement(placed, findings, "" if declared.is_planar else GEOGRAPHIC_CRS)


def _declared_system(tables: Mapping[str, Table], tagged: Mapping[str, str]) -> _System:
    table = tables["inventory"]
    crs, datum = (str(table[name][0]) if len(table) else "" for name in ("crs", "datum"))
    findings = []
    if len(table) > 1:
        message, hint = (
            Message("there are {0} rows; the first was used", len(table)),
            Message("Keep one row."),
        )
        findings.append(make_finding("ND912", table, None, message, hint))
    if crs.lower() in PLANAR_NAMES or (not crs and _looks_planar(tables, tagged)):
        message = Message("the coordinates are metres in a plane without a reference system")
        hint = Message("Name the system in the column crs of the table inventory: EPSG:4547, say.")
        findings.append(make_finding("ND910", table, None, message, hint))
        return _System(is_planar=True, findings=findings)
    transformer = find_transformer(crs) if crs else None
    converted = crs if transformer else datum if datum in {"gcj02", "bd09"} else ""
    if converted:
        message = Message("the coordinates were converted from {0} to WGS 84", converted)
        findings.append(
            make_finding("ND911", table, None, message, Message("Nothing needs to be done."))
        )
    return _System(
        transformer=transformer,
        datum=datum,
        bounds=area_of_use(crs) if transformer else _WORLD,
        home=None if transformer else _find_home(tables),
        findings=findings,
    )


def _layer_system(crs: str, declared: _System) -> _System:
    transformer = find_transformer(crs)
    bounds = area_of_use(crs) if transformer else _WORLD
    return replace(declared, is_planar=False, transformer=transformer, bounds=bounds, findings=[])


def _state_system(table: Table, system: _System) -> Table:
    """Write into the inventory row what the positions now are, for whoever writes it out."""
    changes: dict[str, str] = {}
    if system.is_planar:
        changes["crs"] = "planar"
    elif system.transformer is not None:
        changes["crs"] = GEOGRAPHIC_CRS
    if system.datum in {"gcj02", "bd09"}:
        changes["datum"] = "wgs84"
    if len(table) == 0 or not changes:
        return table
    stated = {name: np.full(len(table), text, dtype=object) for name, text in changes.items()}
    return replace(table.with_columns(stated), recorded=table.recorded | set(changes))


def _pooled_points(tables: Mapping[str, Table]) -> tuple[Floats, Floats]:
    """Collect all recorded pairs, whatever their table."""
    points = [table for name, table in tables.items() if load_schema()[name].has_points]
    x, y = (np.concatenate([table[name] for table in points]) for name in POINT_COLUMNS)
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]


def _looks_planar(tables: Mapping[str, Table], tagged: Mapping[str, str]) -> bool:
    x, y = _pooled_points(tables)
    if len(x) == 0:
        shapes = [
            table[GEOMETRY]
            for name, table in tables.items()
            if GEOMETRY in table.columns and name not in tagged
        ]
        x, y = np.concatenate([_coordinates_of(column) for column in shapes]).T
    # A swapped pair still lies within 180 degrees either way.
    outside = (np.abs(x) > 180.0) | (np.abs(y) > 180.0)
    return bool(len(x)) and 2 * int(outside.sum()) > len(x)


def _coordinates_of(column: NDArray[Any]) -> Floats:
    """Coordinates of all points or lines of a column; shape (k, 2)."""
    if column.ndim > 1:
        return np.asarray(column[~np.isnan(column[:, 0])])
    return np.asarray(shapely.get_coordinates(column))


def _find_home(tables: Mapping[str, Table]) -> tuple[float, float, float, float] | None:
    x, y = _pooled_points(tables)
    possible = (np.abs(x) <= 180.0) & (np.abs(y) <= 90.0)
    if possible.sum() < 5:
        return None
    west, east = np.quantile(x[possible], [0.1, 0.9])
    south, north = np.quantile(y[possible], [0.1, 0.9])
    wide, high = max(2.0, east - west), max(2.0, north - south)
    return (west - wide, south - high, east + wide, north + high)


def _convert(x: Floats, y: Floats, system: _System) -> tuple[Floats, Floats, dict[int, Message]]:
    """Convert pairs of numbers; shape (n,) each. Wrong pairs become NaN and are explained."""
    known = np.isfinite(x) & np.isfinite(y)
    lon, lat = np.where(known, x, np.nan), np.where(known, y, np.nan)
    wrong: dict[int, Message] = {}
    if system.is_planar:
        return lon, lat, wrong
    _blame(wrong, known & (x == 0) & (y == 0), _IS_EMPTY, x, y)
    if system.transformer is None:
        _blame(wrong, known & _is_swapped(x, y, system.home), _LOOKS_SWAPPED, x, y)
    else:
        lon, lat = system.transformer.transform(lon, lat)
    west, south, east, north = system.bounds
    inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    _blame(wrong, known & ~inside, _OFF_EARTH if system.transformer is None else _ELSEWHERE, x, y)
    rows = list(wrong)
    lon[rows], lat[rows] = np.nan, np.nan
    lon, lat = to_wgs84(lon, lat, system.datum)
    return lon, lat, wrong


def _blame(
    wrong: dict[int, Message],
    rows: NDArray[np.bool_],
    text: Callable[[str], Message],
    x: Floats,
    y: Floats,
) -> None:
    for row in np.flatnonzero(rows):
        wrong.setdefault(int(row), text(f"lon {x[row]:.10g}, lat {y[row]:.10g}"))


def _is_swapped(
    x: Floats, y: Floats, home: tuple[float, float, float, float] | None
) -> NDArray[np.bool_]:
    swapped = (np.abs(y) > 90.0) & (np.abs(y) <= 180.0) & (np.abs(x) <= 90.0)
    return swapped if home is None else swapped | (_is_in(y, x, home) & ~_is_in(x, y, home))


def _is_in(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = box
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _place_points(table: Table, declared: _System, layer: _System) -> tuple[Table, list[Finding]]:
    lon, lat, wrong = _convert(table["lon"], table["lat"], declared)
    shapes = table[GEOMETRY]
    shape_lon, shape_lat, shape_wrong = _convert(shapes[:, 0], shapes[:, 1], layer)
    findings = list(_position_findings(table, {**shape_wrong, **wrong}))
    apart = segment_lengths_m(lon, lat, shape_lon, shape_lat, planar=declared.is_planar)
    for row in np.flatnonzero(apart > _SAME_POINT_M):
        message = Message("lon and lat lie {0:.1f} m from the geometry and were used", apart[row])
        findings.append(make_finding("ND908", table, row, message, Message("Keep one of the two.")))
    folded = np.isnan(lon)
    lon, lat = np.where(folded, shape_lon, lon), np.where(folded, shape_lat, lat)
    for row in np.flatnonzero(np.isnan(lon)):
        if row not in wrong and row not in shape_wrong:
            message, hint = (
                Message("lon and lat are missing"),
                Message("Enter the position: it is not on the map."),
            )
            findings.append(make_finding("ND907", table, row, message, hint))
    columns = {
        "lon": round_coordinates(lon),
        "lat": round_coordinates(lat),
        GEOMETRY: np.full(len(table), None, dtype=object),
    }
    recorded = (table.recorded - {GEOMETRY}) | set(POINT_COLUMNS)
    return replace(table.with_columns(columns), recorded=recorded), findings


def _place_lines(table: Table, system: _System) -> tuple[Table, list[Finding]]:
    shapes = table[GEOMETRY].copy()
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    lon, lat, wrong = _convert(coordinates[:, 0], coordinates[:, 1], system)
    lost: dict[int, Message] = {}
    for vertex in sorted(wrong):
        lost.setdefault(int(owner[vertex]), Message("the line passes {0}", wrong[vertex]))
    moved = round_coordinates(np.column_stack([lon, lat]))
    shapes = shapely.set_coordinates(shapes, moved)
    shapes[list(lost)] = None
    return table.with_columns({GEOMETRY: shapes}), list(_position_findings(table, lost))


def _position_findings(table: Table, wrong: Mapping[int, Message]) -> Iterator[Finding]:
    for row in sorted(wrong):
        yield make_finding("ND906", table, row, wrong[row], _ENTER)
