"""Rows as a reader hands them over, before anything is resolved or judged."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from netgraph.inventory.findings import Finding


@dataclass(frozen=True)
class NodeRow:
    """One node as stated.

    Attributes
    ----------
    id
        Unique in the file.
    name, kind, status
        As stated; empty if not.
    x, y
        Coordinates as stated, NaN if not.
    place
        Where a person finds the row.
    """

    id: str
    name: str = ""
    kind: str = ""
    status: str = ""
    x: float = math.nan
    y: float = math.nan
    place: str = ""


@dataclass(frozen=True)
class SpanRow:
    """One span as stated.

    Attributes
    ----------
    id
        Unique in the file.
    from_id, to_id
        Ids of the end nodes; empty if not stated.
    name, status, medium, owner
        As stated; empty if not.
    length_km
        Length in kilometres, as stated; NaN if not.
    geometry
        Line, in the coordinates of the nodes, or None.
    place
        Where a person finds the row.
    """

    id: str
    from_id: str = ""
    to_id: str = ""
    name: str = ""
    status: str = ""
    medium: str = ""
    owner: str = ""
    length_km: float = math.nan
    geometry: BaseGeometry | None = None
    place: str = ""


@dataclass
class PlantRows:
    """What a reader fills while it goes through a file.

    Attributes
    ----------
    name
        Name of the network.
    nodes, spans
        Rows in the order of the file.
    findings
        Values that were set aside while reading.
    problems
        What makes the file unreadable; one sentence each.
    crs
        Reference system that the file names; empty if it names none.
    is_planar
        The file itself says that its coordinates are not degrees.
    has_nodes_elsewhere
        The file says where its nodes are to be fetched.
    """

    name: str = ""
    nodes: list[NodeRow] = field(default_factory=list)
    spans: list[SpanRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    crs: str = ""
    is_planar: bool = False
    has_nodes_elsewhere: bool = False
