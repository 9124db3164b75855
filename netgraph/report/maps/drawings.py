"""What a map draws, as plain values: coordinates, words and geometries, nothing of matplotlib.

Coordinates are degrees of longitude and latitude (x, y), or metres in a plane when the sheet has no
CRS. Words are ids of :mod:`netgraph.report.labels`; their text is looked up when drawn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.messages import default_language

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from netgraph.report.labels import Language


def _no_numbers() -> NDArray[np.float64]:
    return np.empty(0)


def _no_geometries() -> NDArray[np.object_]:
    return np.empty(0, dtype=object)


@dataclass(frozen=True, eq=False)
class Sheet:
    """What stands around every map.

    Parameters
    ----------
    title, subtitle
        The head of the sheet; an empty title gets the usual one of its kind of map.
    snapshot_date
        Date of the data.
    crs
        CRS of all coordinates, or "" for metres in a plane.
    attribution
        Who the data is from, or that it is invented.
    lang
        Language of the legend; that of the locale when omitted.
    boundary
        Shapely polygons or lines drawn thin in the background (administrative boundaries).
    most_inches
        Width and height that the map may take, without legend and margins. Symbols and letters
        keep their size: a small sheet is for a page of a report.
    """

    title: str = ""
    subtitle: str = ""
    snapshot_date: date | None = None
    crs: str = "EPSG:4326"
    attribution: str = ""
    lang: Language = field(default_factory=default_language)
    boundary: NDArray[np.object_] = field(default_factory=_no_geometries)
    most_inches: tuple[float, float] = (9.0, 9.2)

    @property
    def is_planar(self) -> bool:
        """Whether coordinates are metres in a plane."""
        return not self.crs


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines with one word each: a medium ("duct") or a part of a route ("shared").

    `geometries` holds shapely lines or None, shape (n,); `words` has the same length.
    """

    geometries: NDArray[np.object_] = field(default_factory=_no_geometries)
    words: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Points:
    """Points with one word each: a role, a tier, a severity; shape (n,) throughout."""

    x: NDArray[np.float64] = field(default_factory=_no_numbers)
    y: NDArray[np.float64] = field(default_factory=_no_numbers)
    words: Sequence[str] = ()
    names: Sequence[str] = ()

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.x)


@dataclass(frozen=True, eq=False)
class Sites(Points):
    """Sites: `words` are tiers, `grades` are excellent, good, fair, poor or "" for none."""

    grades: Sequence[str] = ()


@dataclass(frozen=True, eq=False)
class Hazards(Points):
    """Hazards or causes: `words` are severities, `weights` the number of sites that each hits.

    `geometries` holds the shared stretch of each, or None where it is one point (or unknown).
    `totals` counts all there are by severity where not every one is drawn: the legend says both.
    """

    weights: NDArray[np.float64] = field(default_factory=_no_numbers)
    geometries: NDArray[np.object_] = field(default_factory=_no_geometries)
    totals: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Places(Points):
    """Names on the map: `names` are drawn, `ranks` say how large and whose name wins.

    Rank 1 (a capital) and 2 (a city) are always written if there is room, 3 and above only where
    they cover no symbols.

    `gaps` are points of paper between a place and its name, for what has a large symbol.
    """

    ranks: Sequence[int] = ()
    gaps: Sequence[float] = ()


@dataclass(frozen=True, eq=False)
class Areas:
    """Hazard areas: polygons with a kind each ("flood"), shape (n,).

    `circuits_down` are those that each takes down; empty where that was not asked.
    """

    geometries: NDArray[np.object_] = field(default_factory=_no_geometries)
    words: Sequence[str] = ()
    circuits_down: Sequence[int] = ()


@dataclass(frozen=True, eq=False)
class MapDrawing:
    """A network with its sites by tier and grade: a province, a city or a customer.

    `routes` are stretches by part (working, protect, shared, undecidable), drawn over the plant;
    `areas` are hazard areas, drawn under it.
    """

    sheet: Sheet = field(default_factory=Sheet)
    plant: Lines = field(default_factory=Lines)
    offices: Points = field(default_factory=Points)
    sites: Sites = field(default_factory=Sites)
    hazards: Hazards = field(default_factory=Hazards)
    places: Places = field(default_factory=Places)
    routes: Lines = field(default_factory=Lines)
    areas: Areas = field(default_factory=Areas)


@dataclass(frozen=True, eq=False)
class SiteDrawing:
    """One site and its routes to the centre.

    Parameters
    ----------
    routes
        Stretches by part: working, protect, shared, tolerated or undecidable.
    a_end, b_ends
        The site, and the centre or both centres, with their names.
    offices
        Offices on the way, by role, with names.
    marks
        Points worth a mark, `words` first_common or unavoidable, `names` what is said there.
    plant
        Plant around the routes, drawn faint.
    """

    sheet: Sheet = field(default_factory=Sheet)
    routes: Lines = field(default_factory=Lines)
    a_end: Points = field(default_factory=Points)
    b_ends: Points = field(default_factory=Points)
    offices: Points = field(default_factory=Points)
    marks: Points = field(default_factory=Points)
    plant: Lines = field(default_factory=Lines)


@dataclass(frozen=True, eq=False)
class PlantDrawing:
    """A network of nodes and spans, judged by the routes from each node to the centres.

    Parameters
    ----------
    spans
        The spans; a span's word is "bridge" if its loss cuts nodes off, else "span".
    nodes
        The nodes, with names; `words` are two, one or none (disjoint routes to the centres).
    centres
        The chosen centres, with names.
    """

    sheet: Sheet = field(default_factory=Sheet)
    spans: Lines = field(default_factory=Lines)
    nodes: Points = field(default_factory=Points)
    centres: Points = field(default_factory=Points)
