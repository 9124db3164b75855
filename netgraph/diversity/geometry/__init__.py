"""Geography of routes: parallel runs, spans drawn together, regional failures, corridors.

Everything here takes shapely geometries and arrays and gives frozen dataclasses of arrays; ids
stay outside. Lengths and distances are metres on the earth, or in the plane for planar input.
A line without geometry is never measured: a straight line assumed for a map must not come here.
"""

from __future__ import annotations

from netgraph.diversity.geometry.corridors import SharedCorridors, shared_corridors
from netgraph.diversity.geometry.parallels import (
    ParallelSpans,
    are_shown_apart,
    find_parallel_spans,
    is_shown_apart,
)
from netgraph.diversity.geometry.projection import DrawnLines, LocalPlane, draw_lines
from netgraph.diversity.geometry.regional import RegionalGroups, regional_risk_groups
from netgraph.diversity.geometry.routes import Routes
from netgraph.diversity.geometry.runs import (
    Run,
    SeparationProfile,
    SeparationProfiles,
    separation_profile,
    separation_profiles,
)

__all__ = [
    "DrawnLines",
    "LocalPlane",
    "ParallelSpans",
    "RegionalGroups",
    "Routes",
    "Run",
    "SeparationProfile",
    "SeparationProfiles",
    "SharedCorridors",
    "are_shown_apart",
    "draw_lines",
    "find_parallel_spans",
    "is_shown_apart",
    "regional_risk_groups",
    "separation_profile",
    "separation_profiles",
    "shared_corridors",
]
