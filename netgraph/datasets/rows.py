"""Collect rows table by table, and hand them over as plain columns."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

Value = str | float | int | bool | None
Columns = dict[str, dict[str, list[Value]]]

# Length of a degree of latitude on a sphere of the earth's volume: enough to place invented things.
_KM_PER_DEGREE = 111.19
_COORDINATE_DECIMALS = 6  # about 0.1 m


@dataclass
class Rows:
    """Rows of several tables, in the order in which they were added."""

    _tables: dict[str, list[dict[str, Value]]] = field(default_factory=dict)

    def add(self, table: str, /, **values: Value) -> None:
        """Append one row; a column that is not given is missing in this row."""
        self._tables.setdefault(table, []).append(values)

    def __getitem__(self, table: str) -> list[dict[str, Value]]:
        """Return the rows of one table, in order (an empty list when it has none)."""
        return self._tables.get(table, [])

    def columns(self) -> Columns:
        """Turn rows into columns: table -> column -> list, None where a row has no value.

        Columns stand in the order in which rows named them first.
        """
        result: Columns = {}
        for table, rows in self._tables.items():
            names = list(dict.fromkeys(name for row in rows for name in row))
            result[table] = {name: [row.get(name) for row in rows] for name in names}
        return result


@dataclass(frozen=True)
class LocalFrame:
    """A flat frame in kilometres, x to the east and y to the north of an origin.

    Good to a few metres within some tens of kilometres, for placing invented things.
    """

    lon: float
    lat: float

    def to_lon_lat(
        self, x_km: float, y_km: float, *, decimals: int = _COORDINATE_DECIMALS
    ) -> tuple[float, float]:
        """Return longitude and latitude (degrees, WGS 84) of a point of the frame."""
        lat = self.lat + y_km / _KM_PER_DEGREE
        lon = self.lon + x_km / self._km_per_degree_of_longitude
        return round(lon, decimals), round(lat, decimals)

    def to_km(self, lon: float, lat: float) -> tuple[float, float]:
        """Return x and y (kilometres) of a point in degrees."""
        x = (lon - self.lon) * self._km_per_degree_of_longitude
        return x, (lat - self.lat) * _KM_PER_DEGREE

    @property
    def _km_per_degree_of_longitude(self) -> float:
        return _KM_PER_DEGREE * math.cos(math.radians(self.lat))


def line_wkt(points: list[tuple[float, float]]) -> str:
    """Return the WKT of a polyline through (lon, lat) points."""
    return "LINESTRING (" + ", ".join(f"{lon:.10g} {lat:.10g}" for lon, lat in points) + ")"
