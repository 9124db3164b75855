"""Write an inventory to disk: whole or not at all, and never over anything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyogrio
import python_calamine as calamine
from pyogrio.errors import DataSourceError

from netgraph.errors import OutputError, UsageError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.placing import replacing
from netgraph.inventory.schema import load_schema
from netgraph.inventory.workbook import GEOMETRIES_SHEET
from netgraph.inventory.write_csv import write_csv_folder
from netgraph.inventory.write_geopackage import write_geopackage
from netgraph.inventory.write_workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.inventory.model import Inventory

Format = Literal["csv", "xlsx", "gpkg"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "gpkg")
_WRITERS = {"csv": write_csv_folder, "xlsx": write_workbook, "gpkg": write_geopackage}


def write_inventory(
    inventory: Inventory,
    path: str | Path,
    *,
    format: Format | None = None,  # noqa: A002 - the word that pandas and geopandas users expect
    overwrite: bool = False,
) -> Path:
    """Write the recorded tables and columns of an inventory.

    Reading back gives equal columns, in every format. Text that looks like a formula stays text.

    Parameters
    ----------
    inventory
        What to write.
    path
        Folder (``csv``) or file; its folder must exist.
    format
        ``csv``, ``xlsx`` or ``gpkg``; when not given, the suffix says it, and no suffix means a
        folder of CSV files.
    overwrite
        Replace whatever stands at `path`. Without it only an empty folder or an earlier inventory
        is replaced.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    UsageError
        If the format is unknown or contradicts the suffix.
    OutputError
        If something else stands at `path`, or the disk refuses; nothing is left behind.
    """
    path = Path(path)
    chosen = _choose_format(path, format)
    if not overwrite and path.exists() and not _is_replaceable(path, chosen):
        message = f"{path} exists and is no inventory; choose another place or move it away"
        raise OutputError(message)
    with replacing(path) as fresh:
        _WRITERS[chosen](inventory, fresh)
    return path


def _choose_format(path: Path, wanted: str | None) -> str:
    by_suffix = {".xlsx": "xlsx", ".gpkg": "gpkg"}.get(path.suffix.lower())
    if wanted is None:
        return by_suffix or "csv"
    if wanted not in FORMATS:
        message = f"the format {wanted!r} is not known; there are {', '.join(FORMATS)}"
        raise UsageError(message)
    if (by_suffix or "csv") != wanted:
        suffix = "no suffix" if wanted == "csv" else f"the suffix .{wanted}"
        message = f"{path}: an inventory in the format {wanted} has {suffix}"
        raise UsageError(message)
    return wanted


def _is_replaceable(path: Path, chosen: str) -> bool:
    """Tell an empty folder and an earlier inventory of the same format from anything else."""
    if path.is_dir() != (chosen == "csv"):
        return False
    if chosen == "csv":
        entries = list(path.iterdir())
        return all(entry.suffix == ".csv" and entry.is_file() for entry in entries) and (
            _are_tables(entry.stem for entry in entries)
        )
    try:
        if chosen == "gpkg":
            return _are_tables(name for name, _ in pyogrio.list_layers(path))
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            return _are_tables(book.sheet_names)
    except (DataSourceError, calamine.CalamineError):
        return False


def _are_tables(names: Iterable[str]) -> bool:
    known = {*load_schema(), GEOMETRIES_SHEET}
    return all(canonical_name(name).split("_(")[0] in known for name in names)
