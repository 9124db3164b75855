"""Read an inventory from disk, whatever its format."""

from __future__ import annotations

import difflib
import functools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.collecting import uncollected
from netgraph.errors import InputError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.parse import parse_inventory
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from netgraph.inventory.model import Inventory
    from netgraph.inventory.raw import RawInventory

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm"})
GEOPACKAGE_SUFFIXES = frozenset({".gpkg"})
_SHOWN_NAMES = 5


@uncollected()
def read_inventory(path: str | Path, *, encoding: str | None = None) -> Inventory:
    """Read an inventory: a folder of CSV files, an Excel workbook or a GeoPackage.

    The three formats of one inventory give equal columns and equal findings.

    Parameters
    ----------
    path
        Folder, ``.xlsx`` or ``.gpkg``.
    encoding
        Of the CSV files; found out when not given.

    Returns
    -------
    Inventory
        Typed columns; what is wrong with single rows stands in its findings.

    Raises
    ------
    InputError
        If the input cannot be read: it is missing, of another format or damaged; a mandatory
        column is missing, an id is given twice, a tier is unknown. It lists everything.
    UsageError
        If Python does not know the encoding.
    """
    path = Path(path)
    raw = _find_reader(path, encoding)(path)
    if not raw.problems and not any(_is_known(table.name) for table in raw.tables):
        raise InputError([_no_table_problem(path, [table.name for table in raw.tables])])
    return parse_inventory(raw)


def start_reading(path: str | Path, *, encoding: str | None = None) -> Future[Inventory]:
    """Do what :func:`read_inventory` does in a thread, while the caller loads code.

    Parameters
    ----------
    path, encoding
        As for :func:`read_inventory`.

    Returns
    -------
    Future
        Of the inventory, or of the error.
    """
    with suppress(InputError):
        _find_reader(Path(path), encoding)  # loads its code: two threads should not load at once
    pool = ThreadPoolExecutor(1, "reading")
    reading = pool.submit(read_inventory, path, encoding=encoding)
    pool.shutdown(wait=False)
    return reading


def _find_reader(path: Path, encoding: str | None) -> Callable[[Path], RawInventory]:
    if not path.exists():
        raise InputError(
            [Message("{0}: there is no such file or folder.{1}", path, _near_names(path))]
        )
    suffix = path.suffix.lower()
    if path.is_dir():
        from netgraph.inventory.csv_folder import read_csv_folder

        return functools.partial(read_csv_folder, encoding=encoding)
    if suffix in WORKBOOK_SUFFIXES:
        from netgraph.inventory.workbook import read_workbook

        return read_workbook
    if suffix in GEOPACKAGE_SUFFIXES:
        from netgraph.inventory.geopackage import read_geopackage

        return read_geopackage
    cure = {
        ".csv": Message("Give the folder that holds the CSV files."),
        ".xls": Message("Save it as .xlsx."),
        ".zip": Message("Unpack it and give the folder."),
    }.get(suffix, Message("Give a folder of CSV files, an .xlsx workbook or a .gpkg GeoPackage."))
    raise InputError(
        [Message("{0}: the format {1} is not read. {2}", path, suffix or "without a suffix", cure)]
    )


def _is_known(name: str) -> bool:
    return canonical_name(name) in load_schema()


def _near_names(path: Path) -> str:
    parent = path.parent
    if not parent.is_dir():
        return Message(" The folder {0} does not exist either.", parent)
    names = sorted(entry.name for entry in parent.iterdir())
    near = difflib.get_close_matches(path.name, names, n=3, cutoff=0.5)
    return (
        Message(" Near names there: {0}.", ", ".join(near))
        if near
        else Message(" Check the spelling.")
    )


def _no_table_problem(path: Path, names: list[str]) -> str:
    found = ", ".join(names[:_SHOWN_NAMES]) or Message("nothing that could be one")
    if path.is_dir() and not names:
        others = sorted(
            entry.name
            for entry in path.iterdir()
            if entry.suffix.lower() in WORKBOOK_SUFFIXES | GEOPACKAGE_SUFFIXES
        )
        found = ", ".join(others[:_SHOWN_NAMES]) or Message("no CSV file")
    expected = ", ".join(load_schema())
    return Message(
        "{0}: no table of an inventory was found, but {1}. Tables are named {2}.",
        path,
        found,
        expected,
    )
