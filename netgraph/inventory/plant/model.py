"""A network of nodes and spans as a value: every row that was read, and which rows count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.findings import SEVERITIES
from netgraph.messages import Message, say_here

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.inventory.model import Source

IN_SERVICE = "in_service"
PLANNED = "planned"
RETIRED = "retired"
UNKNOWN = "unknown"


@dataclass(frozen=True, eq=False)
class PlantNodes:
    """Points of the plant; every array has shape (nodes,).

    Attributes
    ----------
    ids, names
        Object arrays of str. Ids are unique; names need not be and may be empty.
    tables
        Table of each row: ``nodes``, or ``structures``, ``offices``, ``sites`` of an inventory.
    kinds
        Kind as the source states it (``pop``, ``manhole``, ``hyperedge``), empty if it does not.
    statuses
        ``in_service``, ``planned``, ``retired``, or ``unknown`` for a value that nobody defined.
    lon, lat
        Degrees, or metres in a plane when the network has no CRS; NaN when missing.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    tables: NDArray[np.object_]
    kinds: NDArray[np.object_]
    statuses: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class PlantSpans:
    """Stretches between two nodes; every array has shape (spans,). No row is ever dropped.

    Attributes
    ----------
    ids, names
        Object arrays of str; ids are unique.
    from_ids, to_ids
        Ends as the source states them, empty if it does not.
    from_nodes, to_nodes
        Rows of the nodes, -1 where no node has the stated id.
    statuses
        As for nodes.
    length_m
        Recorded length in metres; NaN if none is recorded or the record cannot be believed.
    geometry
        Shapely lines or None.
    end_gap_m
        Distance from the drawn ends to the stated nodes, the larger of the two, with the line
        turned round if it fits better so; NaN if it cannot be told.
    is_geometry_sound
        False where the drawn line ends far from its stated nodes: such a line proves nothing.
    trench_ids, media, owners
        Object arrays of str, empty where missing.
    used
        Whether the span carries routes.
    unused_reasons
        Why not, in a few words; empty where `used`.
    duplicate_of
        Row that this one repeats (same two ends, identical line), -1 if none.
    """

    ids: NDArray[np.object_]
    names: NDArray[np.object_]
    from_ids: NDArray[np.object_]
    to_ids: NDArray[np.object_]
    from_nodes: NDArray[np.int64]
    to_nodes: NDArray[np.int64]
    statuses: NDArray[np.object_]
    length_m: NDArray[np.float64]
    geometry: NDArray[np.object_]
    end_gap_m: NDArray[np.float64]
    is_geometry_sound: NDArray[np.bool_]
    trench_ids: NDArray[np.object_]
    media: NDArray[np.object_]
    owners: NDArray[np.object_]
    used: NDArray[np.bool_]
    unused_reasons: NDArray[np.object_]
    duplicate_of: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.ids)

    @property
    def dangling(self) -> NDArray[np.bool_]:
        """Spans with an end that no node has, shape (spans,)."""
        return np.asarray((self.from_nodes < 0) | (self.to_nodes < 0))

    @property
    def self_loops(self) -> NDArray[np.bool_]:
        """Spans that end where they start, shape (spans,)."""
        return np.asarray((self.from_nodes == self.to_nodes) & (self.from_nodes >= 0))


@dataclass(frozen=True)
class PlantRiskGroup:
    """Nodes and spans that fail together.

    Attributes
    ----------
    id, kind, name
        As recorded; the kind of a shared trench is ``trench``.
    nodes, spans
        Rows of the members.
    """

    id: str
    kind: str
    name: str
    nodes: tuple[int, ...]
    spans: tuple[int, ...]


@dataclass(frozen=True)
class PlantRiskDoubt:
    """What the records leave open about risk groups.

    Attributes
    ----------
    nodes, spans
        Rows of what may fail together with any one other thing: members of a group of which
        another member is not known, or of a group that is not recorded.
    has_lost_place
        Whether a member of some group is not known that may be a place, so any one of them.
    is_everywhere
        Whether two members of one group are not known: they may be on any two routes.
    """

    nodes: tuple[int, ...] = ()
    spans: tuple[int, ...] = ()
    has_lost_place: bool = False
    is_everywhere: bool = False


@dataclass(frozen=True, eq=False)
class PlantNetwork:
    """A network of nodes and spans, ready for the plant-only question.

    Attributes
    ----------
    name
        Name of the network, empty if it has none.
    nodes, spans
        Every row of the source.
    risk_groups
        Explicit risk groups with members in the plant, then trenches with several spans.
    has_risk_records
        Whether the source records risk groups at all: only then can "no shared risk" be said.
    crs
        ``EPSG:4326``, or empty for plane coordinates in metres.
    findings
        What is wrong with the rows, sorted.
    sources
        Files that were read.
    risk_doubt
        What the records leave open about the risk groups.
    """

    name: str
    nodes: PlantNodes
    spans: PlantSpans
    risk_groups: tuple[PlantRiskGroup, ...]
    has_risk_records: bool
    crs: str
    findings: tuple[Finding, ...]
    sources: tuple[Source, ...]
    risk_doubt: PlantRiskDoubt = field(default_factory=PlantRiskDoubt)

    @property
    def is_planar(self) -> bool:
        """Whether the coordinates are metres in a plane."""
        return not self.crs

    def __repr__(self) -> str:
        """Show the size in one line."""
        return (
            f"<PlantNetwork {self.name!r}: {len(self.nodes)} nodes, {len(self.spans)} spans, "
            f"{int(self.spans.used.sum())} used, {len(self.findings)} findings>"
        )

    def _repr_html_(self) -> str:
        """Rows, used rows and findings per severity, for notebooks."""
        counts = Counter(finding.severity for finding in self.findings)
        rows: list[tuple[str, int]] = [
            (Message("nodes"), len(self.nodes)),
            (Message("spans"), len(self.spans)),
            (Message("spans used"), int(self.spans.used.sum())),
            (Message("findings: error"), counts[SEVERITIES[0]]),
            (Message("findings: warning"), counts[SEVERITIES[1]]),
            (Message("findings: info"), counts[SEVERITIES[2]]),
        ]
        cells = "".join(
            f"<tr><td>{say_here(label)}</td><td style='text-align:right'>{count:,}</td></tr>"
            for label, count in rows
        )
        name = escape(self.name) or say_here(Message("Network"))
        return f"<table><caption>{name}</caption>{cells}</table>"
