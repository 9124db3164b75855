"""Read a network of nodes and spans from whatever it comes in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import InputError
from netgraph.inventory.plant.build import build_network
from netgraph.inventory.plant.files import read_json, read_text
from netgraph.inventory.plant.from_inventory import plant_network_from_inventory
from netgraph.inventory.plant.gml import is_gml, rows_of_gml
from netgraph.inventory.plant.lgf import is_lgf, rows_of_lgf
from netgraph.inventory.plant.ofds import is_ofds_document, rows_of_document
from netgraph.inventory.plant.ofds_csv import is_ofds_csv_folder, rows_of_folder
from netgraph.inventory.plant.ofds_geojson import (
    find_partner,
    has_nodes_and_spans,
    is_feature_collection,
    rows_of_collections,
)
from netgraph.inventory.read import read_inventory
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.inventory.model import Source
    from netgraph.inventory.plant.model import PlantNetwork
    from netgraph.inventory.plant.rows import PlantRows

_INVENTORY_SUFFIXES = frozenset({".xlsx", ".gpkg"})
_JSON_SUFFIXES = frozenset({".json", ".geojson"})
_KNOWN = Message(
    "an Open Fibre Data Standard network (JSON, or GeoJSON of nodes and spans), a GML"
    " or LEMON topology, or an inventory (a folder of CSV files, .xlsx, .gpkg)"
)


def read_plant_network(path: str | Path) -> PlantNetwork:
    """Read a network of nodes and spans; the content decides what it is.

    Parameters
    ----------
    path
        An Open Fibre Data Standard document or package (JSON), either file of its GeoJSON pair,
        a folder with one of those, a GML or LEMON topology, or an inventory.

    Returns
    -------
    PlantNetwork
        With every row of the source, and a finding for every defect.

    Raises
    ------
    InputError
        If it cannot be read or holds no network; all problems at once, each with the path.
    """
    path = Path(path)
    try:
        return _read(path)
    except InputError as error:
        raise InputError([_with_path(path, problem) for problem in error.problems]) from error


def _read(path: Path) -> PlantNetwork:
    if not path.exists():
        message = Message("there is no such file or folder; check the path.")
        raise InputError([message])
    if path.suffix.lower() in _INVENTORY_SUFFIXES or _is_inventory_folder(path):
        return plant_network_from_inventory(read_inventory(path))
    if path.is_file() and path.suffix.lower() not in _JSON_SUFFIXES:
        text, source = read_text(path)
        if is_lgf(text):
            return _network_of_lgf(text, source)
    rows, sources = _read_folder(path) if path.is_dir() else _read_file(path)
    return build_network(rows, sources)


def _network_of_lgf(text: str, source: Source) -> PlantNetwork:
    """Nodes, spans and, where the file lists them, risk groups."""
    rows, groups = rows_of_lgf(text)
    network = build_network(rows, (source,))
    return (
        network if groups is None else replace(network, risk_groups=groups, has_risk_records=True)
    )


def _with_path(path: Path, problem: str) -> str:
    return problem if str(path) in problem else Message("{0}: {1}", path, problem)


def _read_file(path: Path) -> tuple[PlantRows, tuple[Source, ...]]:
    """Read one file: JSON and GML are told apart by how they begin."""
    text, source = read_text(path)
    if path.suffix.lower() in _JSON_SUFFIXES or text.lstrip()[:1] in ("{", "["):
        return _rows_of_json(path)
    if is_gml(text):
        return rows_of_gml(text), (source,)
    message = Message("is not a network that can be read; give {0}.", _KNOWN)
    raise InputError([message])


def _rows_of_json(path: Path) -> tuple[PlantRows, tuple[Source, ...]]:
    document, source = read_json(path)
    if isinstance(document, dict) and is_feature_collection(document):
        return _rows_of_pair(path, document, source)
    if isinstance(document, dict) and is_ofds_document(document):
        return rows_of_document(document), (source,)
    message = Message("is JSON, but not a network; give {0}.", _KNOWN)
    raise InputError([message])


def _rows_of_pair(
    path: Path, document: Mapping[str, object], source: Source
) -> tuple[PlantRows, tuple[Source, ...]]:
    """Rows of a feature collection and, if it has only nodes or spans, of the file beside it."""
    partner = None if has_nodes_and_spans([document]) else find_partner(path)
    if partner is None:
        return rows_of_collections([document]), (source,)
    other, other_source = read_json(partner)
    collections = [document]
    if isinstance(other, dict) and is_feature_collection(other):
        collections.append(other)
    return rows_of_collections(collections), (source, other_source)


def _read_folder(path: Path) -> tuple[PlantRows, tuple[Source, ...]]:
    """Read the one network in a folder; a document goes before its own GeoJSON edition."""
    if is_ofds_csv_folder(path):
        return rows_of_folder(path)
    files = sorted(file for file in path.iterdir() if file.is_file())
    parsed = {f: read_json(f)[0] for f in files if f.suffix.lower() in _JSON_SUFFIXES}
    documents = [file for file, document in parsed.items() if is_ofds_document(document)]
    collections = [file for file, document in parsed.items() if is_feature_collection(document)]
    pairs = [file for file in collections if _is_first_of_pair(file, collections)]
    topologies = [file for file in files if file.suffix.lower() == ".gml"]
    for found in (documents, pairs, collections, topologies):
        if len(found) == 1:
            return _read_file(found[0])
        if len(found) > 1:
            names = ", ".join(file.name for file in found)
            message = Message("holds several networks; name one of these files: {0}.", names)
            raise InputError([message])
    message = Message("holds no network; give {0}.", _KNOWN)
    raise InputError([message])


def _is_first_of_pair(file: Path, collections: list[Path]) -> bool:
    partner = find_partner(file)
    return partner in collections and file < partner


def _is_inventory_folder(path: Path) -> bool:
    if not path.is_dir() or is_ofds_csv_folder(path):
        return False
    return any(file.suffix.lower() == ".csv" for file in path.iterdir())
