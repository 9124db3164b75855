"""Write an inventory as a folder of CSV files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from netgraph.inventory.schema import load_schema
from netgraph.inventory.values import number_text

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory, Table
    from netgraph.inventory.schema import ColumnSpec

_DECIMALS = 9


def write_csv_folder(inventory: Inventory, folder: Path) -> None:
    """Write one file a table: UTF-8 with a byte order mark, so that Excel opens Chinese text.

    Parameters
    ----------
    inventory
        What to write.
    folder
        Made here.
    """
    import pandas as pd

    folder.mkdir()
    for name, spec in load_schema().items():
        table = inventory.table(name)
        if not table.is_recorded:
            continue
        recorded = recorded_columns(table)
        frame = pd.DataFrame({column: texts_of(spec.columns[column], table) for column in recorded})
        frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig", lineterminator="\n")


def recorded_columns(table: Table) -> list[str]:
    """List the columns that the source had, in the order of the schema."""
    return [column for column in load_schema()[table.name].columns if column in table.recorded]


def texts_of(column: ColumnSpec, table: Table) -> NDArray[np.object_]:
    """Write one column as text, ``""`` for missing; shape (n,)."""
    cells = table[column.name]
    match column.type:
        case "float" | "int":
            texts = _number_texts(cells)
        case "bool":
            texts = np.array(["false", "true", ""], dtype=object)[cells]
        case "date" | "datetime":
            plain = np.datetime_as_string(cells, unit="D" if column.type == "date" else "m")
            texts = np.where(np.isnat(cells), "", np.char.replace(plain, "T", " ")).astype(object)
        case "geometry":
            texts = wkt_texts(cells)
        case _:
            texts = words_of(column, cells)
    return texts


def words_of(column: ColumnSpec, cells: NDArray[Any]) -> NDArray[np.object_]:
    """Write a text column. Where empty would mean the default, a missing word is ``unknown``."""
    return np.where(cells == "", "unknown", cells) if column.default else cells


def with_none(cells: NDArray[Any], missing: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Turn cells into Python objects with None where they are missing; shape (n,)."""
    found = cells.astype(object)
    found[missing] = None
    return found


def wkt_texts(shapes: NDArray[Any]) -> NDArray[np.object_]:
    """Write geometries as well-known text, ``""`` for None; shape (n,)."""
    texts = np.full(len(shapes), "", dtype=object)
    present = ~shapely.is_missing(shapes)
    texts[present] = shapely.to_wkt(shapes[present], rounding_precision=_DECIMALS, trim=True)
    return texts


def _number_texts(cells: NDArray[np.float64]) -> NDArray[np.object_]:
    distinct, codes = np.unique(cells, return_inverse=True)
    texts = ["" if np.isnan(number) else number_text(float(number)) for number in distinct]
    return np.array([*texts, ""], dtype=object)[codes]
