"""Networks of the Open Fibre Data Standard as GeoJSON: one file of nodes, one of spans.

Either file, or one file with both, is enough to name: the other is found beside it by its name
(``x_nodes.geojson`` and ``x_spans.geojson``). The spans repeat the whole record of their ends;
only the ids are taken from there, so that a missing node stays visible.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from netgraph.inventory.plant.ofds import has_next_page, next_page_finding, rows_of_networks
from netgraph.inventory.plant.rows import PlantRows
from netgraph.inventory.plant.values import is_scalar, shown
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    Feature = Mapping[str, object]

_PARTNER = {"nodes": "spans", "spans": "nodes"}


def is_feature_collection(document: object) -> bool:
    """Whether a JSON value is a GeoJSON feature collection."""
    return isinstance(document, dict) and document.get("type") == "FeatureCollection"


def find_partner(path: Path) -> Path | None:
    """Find the file of spans beside a file of nodes, or the other way round, by its name.

    Parameters
    ----------
    path
        ``x_nodes.geojson``, say; the last ``nodes`` or ``spans`` in the name is exchanged.
    """
    matches = list(re.finditer(r"nodes|spans", path.name, flags=re.IGNORECASE))
    if not matches:
        return None
    last = matches[-1]
    wanted = path.name[: last.start()] + _PARTNER[last[0].lower()] + path.name[last.end() :]
    same = [other for other in path.parent.iterdir() if other.name.lower() == wanted.lower()]
    return same[0] if same else None


def has_nodes_and_spans(collections: Sequence[Mapping[str, object]]) -> bool:
    """Whether feature collections hold both kinds of feature."""
    kinds = {
        feature_kind(feature) for collection in collections for feature in _features(collection)
    }
    return {"nodes", "spans"} <= kinds


def feature_kind(feature: Feature) -> str:
    """Tell a node from a span: by the feature type, the ends, or the geometry."""
    properties = _properties(feature)
    stated = str(properties.get("featureType", "")).lower()
    if stated in ("node", "span"):
        return f"{stated}s"
    if "start" in properties or "end" in properties:
        return "spans"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = str(geometry.get("type")) if isinstance(geometry, dict) else ""
    return "spans" if "LineString" in kind else "nodes"


def rows_of_collections(collections: Sequence[Mapping[str, object]]) -> PlantRows:
    """Rows of feature collections that together hold nodes and spans.

    Parameters
    ----------
    collections
        Parsed GeoJSON, one item a file.

    Returns
    -------
    PlantRows
        With `problems` filled if a part is missing.
    """
    features = [feature for collection in collections for feature in _features(collection)]
    broken = [feature for feature in features if not isinstance(feature, dict)]
    if broken:
        problems: list[str] = [
            Message("a feature is {0}; drop or mend it.", shown(feature)) for feature in broken
        ]
        return PlantRows(problems=problems)
    if problem := _missing_part(collections, features):
        return PlantRows(problems=[problem])
    rows = rows_of_networks(_networks(features))
    if any(has_next_page(collection) for collection in collections):
        rows.findings.append(next_page_finding())
    rows.crs = rows.crs or next(filter(None, map(_stated_crs, collections)), "")
    return rows


def _features(collection: Mapping[str, object]) -> list[Feature]:
    features = collection.get("features")
    return features if isinstance(features, list) else []


def _properties(feature: Feature) -> Mapping[str, object]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _missing_part(collections: Sequence[Mapping[str, object]], features: Sequence[Feature]) -> str:
    kinds = {feature_kind(feature) for feature in features}
    if kinds == {"nodes", "spans"}:
        return ""
    if not kinds:
        return Message("there are no features; give a file of nodes and a file of spans.")
    (present,) = kinds
    missing = _PARTNER[present]
    paged = any(has_next_page(collection) for collection in collections)
    page = Message(" It is one page of an answer: fetch the other pages too.") if paged else ""
    return Message(
        "there are {0} ({1}) but no {2}: put the file of {2} beside it under the same"
        " name with {2!r} for {0!r}.{3}",
        present,
        len(features),
        missing,
        page,
    )


def _networks(features: Sequence[Feature]) -> list[Mapping[str, object]]:
    """Group features by network and give them the shape of a JSON document."""
    groups: dict[str, dict[str, list[object]]] = defaultdict(lambda: {"nodes": [], "spans": []})
    names: dict[str, str] = {}
    for feature in features:
        properties = _properties(feature)
        network = properties.get("network")
        network = network if isinstance(network, dict) else {}
        label = str(network["id"]) if is_scalar(network.get("id")) else ""
        names.setdefault(label, str(network.get("name") or ""))
        kind = feature_kind(feature)
        shape = "location" if kind == "nodes" else "route"
        groups[label][kind].append({**properties, shape: feature.get("geometry")})
    return [{"id": label, "name": names[label], **tables} for label, tables in groups.items()]


def _stated_crs(collection: Mapping[str, object]) -> str:
    """Name of the reference system in the member that GeoJSON had before RFC 7946."""
    crs = collection.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""
