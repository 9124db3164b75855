"""Networks of the Open Fibre Data Standard as CSV: ``nodes.csv`` and ``spans.csv`` in a folder.

Column names are paths into the JSON document (``nodes/0/id``); routes are well-known text.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from netgraph.inventory.plant.files import read_text
from netgraph.inventory.plant.ofds import rows_of_networks

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.inventory.model import Source
    from netgraph.inventory.plant.rows import PlantRows

_FILES = ("nodes.csv", "spans.csv")
# OFDS 0.3: the lists among the members that are read; CSV separates their values by ";".
_COLUMN = re.compile(r"(?:nodes|spans)/0/(?P<member>\w+)(?:/(?P<key>\w+))?")


def is_ofds_csv_folder(path: Path) -> bool:
    """Whether a folder holds the two files, with columns that are paths."""
    return all((path / name).is_file() for name in _FILES) and all(
        f"{name.removesuffix('.csv')}/0/id" in read_text(path / name)[0].partition("\n")[0]
        for name in _FILES
    )


def rows_of_folder(path: Path) -> tuple[PlantRows, tuple[Source, ...]]:
    """Rows of a folder of CSV files.

    Parameters
    ----------
    path
        Folder with ``nodes.csv`` and ``spans.csv``.

    Returns
    -------
    tuple
        The rows and the two sources.
    """
    networks: dict[str, dict[str, list[dict[str, object]]]] = defaultdict(
        lambda: {"nodes": [], "spans": []}
    )
    sources = []
    for name in _FILES:
        text, source = read_text(path / name)
        sources.append(source)
        for row in csv.DictReader(io.StringIO(text, newline="")):
            networks[row.get("id") or ""][name.removesuffix(".csv")].append(_members(row))
    documents: list[object] = [{"id": label, **tables} for label, tables in networks.items()]
    return rows_of_networks(documents), tuple(sources)


def _members(row: dict[str, str]) -> dict[str, object]:
    """Nest ``nodes/0/phase/name`` into ``{"phase": {"name": ...}}``; empty cells are left out."""
    members: dict[str, object] = {}
    for column, value in row.items():
        match = _COLUMN.fullmatch(column or "")
        if match is None or not value:
            continue
        if match["key"] is None:
            members[match["member"]] = value
        else:
            inner = members.setdefault(match["member"], {})
            if isinstance(inner, dict):
                inner[match["key"]] = value
    return members
