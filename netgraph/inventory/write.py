"""Write an inventory to disk: whole or not at all, and never over anything else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netgraph.errors import InputError, OutputError, UsageError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.placing import replacing
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netgraph.inventory.model import Inventory

Format = Literal["csv", "xlsx", "gpkg"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "gpkg")
_BY_SUFFIX: Mapping[str, Format] = {".xlsx": "xlsx", ".gpkg": "gpkg"}


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
        message = Message(
            "{0} exists and is no inventory; choose another place or move it away", path
        )
        raise OutputError(message)
    with replacing(path) as fresh:
        _write(inventory, fresh, chosen)
    return path


def _write(inventory: Inventory, path: Path, chosen: Format) -> None:
    match chosen:
        case "csv":
            from netgraph.inventory.write_csv import write_csv_folder

            write_csv_folder(inventory, path)
        case "xlsx":
            from netgraph.inventory.write_workbook import write_workbook

            write_workbook(inventory, path)
        case "gpkg":
            from netgraph.inventory.write_geopackage import write_geopackage

            write_geopackage(inventory, path)


def _choose_format(path: Path, wanted: Format | None) -> Format:
    by_suffix: Format = _BY_SUFFIX.get(path.suffix.lower(), "csv")
    if wanted is None:
        return by_suffix
    if wanted not in FORMATS:
        message = Message(
            "the format {0!r} is not known; there are {1}", wanted, ", ".join(FORMATS)
        )
        raise UsageError(message)
    if by_suffix != wanted:
        suffix = Message("no suffix") if wanted == "csv" else Message("the suffix .{0}", wanted)
        message = Message("{0}: an inventory in the format {1} has {2}", path, wanted, suffix)
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
            from netgraph.inventory.geopackage import read_layer_names

            return _are_tables(read_layer_names(path))
        from netgraph.inventory.workbook import GEOMETRIES_SHEET, read_sheet_names

        return _are_tables(set(read_sheet_names(path)) - {GEOMETRIES_SHEET})
    except InputError:
        return False


def _are_tables(names: Iterable[str]) -> bool:
    return all(canonical_name(name).split("_(")[0] in load_schema() for name in names)
