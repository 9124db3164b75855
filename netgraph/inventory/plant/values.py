"""Single values of a JSON or GML row: text, number, point and line, or a finding."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Point

from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shapely.geometry.base import BaseGeometry

    from netgraph.inventory.findings import Finding

_SHOWN_LENGTH = 60


def shown(value: object) -> str:
    """Quote a value for a message, shortened."""
    text = repr(value)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}…"


class RowValues:
    """Read the values of one row; what cannot be read becomes a finding.

    Parameters
    ----------
    table, row_id, place
        The row.
    values
        Its members by name.
    findings
        Where findings go.
    """

    def __init__(
        self,
        table: str,
        row_id: str,
        values: Mapping[str, object],
        findings: list[Finding],
        place: str = "",
    ) -> None:
        self._table = table
        self._row_id = row_id
        self._values = values
        self._findings = findings
        self._place = place

    def _refuse(self, rule: str, message: Message) -> None:
        self._findings.append(plant_finding(rule, self._table, self._row_id, message, self._place))

    def text(self, column: str) -> str:
        """Text of a column; a number becomes its digits, several texts are joined by ``;``."""
        value = self._values.get(column)
        if value is None:
            return ""
        parts = value if isinstance(value, list) else [value]
        if any(not is_scalar(part) for part in parts):
            self._refuse("ND972", Message("{0} is {1}; a text was expected.", column, shown(value)))
            return ""
        return ";".join(str(part).strip() for part in parts)

    def reference(self, column: str) -> str:
        """Id that a column refers to: the id itself, or an object that has one."""
        value = self._values.get(column)
        if isinstance(value, dict):
            value = value.get("id")
        if value is None:
            return ""
        if not is_scalar(value):
            self._refuse("ND972", Message("{0} is {1}; an id was expected.", column, shown(value)))
            return ""
        return str(value).strip()

    def member(self, column: str, key: str) -> str:
        """Text of one key of a column that holds an object, or a list of one object."""
        value = self._values.get(column)
        if isinstance(value, list) and value:
            value = value[0]
        inner = value.get(key) if isinstance(value, dict) else None
        return str(inner).strip() if is_scalar(inner) else ""

    def number(self, column: str) -> float:
        """Positive number of a column, NaN if there is none."""
        value = self._values.get(column)
        if value is None or value == "":
            return math.nan
        number = number_of(value)
        if not (math.isfinite(number) and number > 0):
            self._refuse(
                "ND972", Message("{0} is {1}; a number above 0 was expected.", column, shown(value))
            )
            return math.nan
        return number

    def point(self, column: str) -> tuple[float, float]:
        """Coordinates of a GeoJSON point or of its text form; NaN if there are none."""
        value = self._values.get(column)
        if value in (None, ""):
            return math.nan, math.nan
        position = _geojson_position(value) if isinstance(value, dict) else _wkt_position(value)
        if position is None:
            self._refuse(
                "ND969", Message("{0} is {1}; a point was expected.", column, shown(value))
            )
            return math.nan, math.nan
        return position

    def line(self, column: str) -> BaseGeometry | None:
        """One line from a GeoJSON line or its text form; None if there is none."""
        value = self._values.get(column)
        if value in (None, ""):
            return None
        line = _geojson_line(value) if isinstance(value, dict) else _wkt_line(value)
        if line is None:
            self._refuse(
                "ND969",
                Message("{0} is {1}; one unbroken line was expected.", column, shown(value)),
            )
        return line


def is_scalar(value: object) -> bool:
    """Whether a value is a text or a number that can stand as text."""
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def number_of(value: object) -> float:
    """Float of a number or of its text; NaN for anything else."""
    if not is_scalar(value):
        return math.nan
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def one_line(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """One unbroken line in two dimensions, or None if the geometry is not that.

    Parts that meet end to end are joined; a line of no length is none.
    """
    if geometry is None or geometry.is_empty:
        return None
    if isinstance(geometry, MultiLineString):
        geometry = shapely.line_merge(geometry)
    if not isinstance(geometry, LineString) or geometry.length == 0:
        return None
    return shapely.force_2d(geometry)


def _geojson_position(value: Mapping[str, object]) -> tuple[float, float] | None:
    if value.get("type") != "Point":
        return None
    return _position(value.get("coordinates"))


def _position(value: object) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) < 2:
        return None
    x, y = number_of(value[0]), number_of(value[1])
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _geojson_line(value: Mapping[str, object]) -> BaseGeometry | None:
    coordinates = value.get("coordinates")
    if value.get("type") == "LineString":
        parts = [coordinates]
    elif value.get("type") == "MultiLineString" and isinstance(coordinates, list):
        parts = coordinates
    else:
        return None
    lines = [_positions(part) for part in parts]
    known = [line for line in lines if line is not None]
    if not known or len(known) < len(lines):
        return None
    return one_line(MultiLineString(known) if len(known) > 1 else LineString(known[0]))


def _positions(value: object) -> list[tuple[float, float]] | None:
    if not isinstance(value, list):
        return None
    positions = [_position(part) for part in value]
    known = [position for position in positions if position is not None]
    return known if len(known) == len(positions) and len(known) >= 2 else None


def _wkt_position(value: object) -> tuple[float, float] | None:
    point = shapely.from_wkt(str(value), on_invalid="ignore")
    if not isinstance(point, Point) or point.is_empty:
        return None
    return (point.x, point.y) if math.isfinite(point.x) and math.isfinite(point.y) else None


def _wkt_line(value: object) -> BaseGeometry | None:
    line = shapely.from_wkt(str(value), on_invalid="ignore")
    finite = np.isfinite(shapely.get_coordinates(line)).all()
    return one_line(line) if finite else None
