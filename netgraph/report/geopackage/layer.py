"""One layer: typed columns with their missing values, and shapes in EPSG:4326."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.report.contract import table_specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_WHOLE = frozenset({"count"})
_REAL = frozenset({"number", "metres", "degrees", "ratio"})


@dataclass(frozen=True, eq=False)
class Field:
    """One column; `is_missing` marks NULL (None: nothing is missing, or the values say so)."""

    name: str
    values: NDArray[Any]
    is_missing: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer.

    Attributes
    ----------
    name, description
        As a GIS shows them.
    fields
        Columns, all of one length.
    shapes
        Shapely geometries or None, or None for a layer without geometry.
    kind
        Point, LineString or MultiLineString.
    style
        QML, or "" for none.
    """

    name: str
    description: str
    fields: Sequence[Field]
    shapes: NDArray[np.object_] | None = None
    kind: str = "Point"
    style: str = ""
    geometry_name: str = field(default="geom")

    def __len__(self) -> int:
        """Count the features."""
        return len(self.fields[0].values) if self.fields else 0


def fields_of_table(table: str, rows: Sequence[Sequence[object]]) -> list[Field]:
    """Turn rows of a table of the output contract into typed columns."""
    columns = table_specs()[table].columns
    return [
        field_of(column.name, column.kind, [row[i] for row in rows])
        for i, column in enumerate(columns)
    ]


def field_of(name: str, kind: str, values: Iterable[object]) -> Field:
    """Make a column of a kind of the contract: text, bool, count, metres and so on."""
    found = list(values)
    if kind == "bool":
        missing = np.array([value is None for value in found], dtype=bool)
        return Field(name, np.array([bool(value) for value in found], dtype=bool), missing)
    if kind in _WHOLE | _REAL:
        numbers = np.array([np.nan if v is None else v for v in found], dtype=np.float64)
        missing = ~np.isfinite(numbers)
        if kind in _WHOLE:
            return Field(name, np.where(missing, 0, numbers).astype(np.int64), missing)
        return Field(name, numbers, missing)
    texts = np.full(len(found), None, dtype=object)
    texts[:] = [_text(value) for value in found]
    return Field(name, texts)


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    # A lone surrogate (broken input) is no text; NUL would end it early.
    text = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return text.replace("\0", "\\0")
