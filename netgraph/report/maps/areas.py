"""Hazard areas on a map: a tint and a hatch for each kind, under everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from netgraph.report import labels
from netgraph.report.maps.furniture import LegendSection
from netgraph.report.palette import AMBER, BLUE, GREEN, GREY, PURPLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.report.labels import Language
    from netgraph.report.maps.drawings import Areas

# The hatch tells kinds apart in a grey print; kinds without a look of their own share the others.
_LOOKS = {"flood": (BLUE, "/////"), "landslide": (AMBER, "\\\\\\\\\\"), "seismic": (PURPLE, "xxxx")}
_OTHER_LOOKS = ((GREY, "...."), (GREEN, "++++"), (GREY, "||||"), (GREEN, "----"))
_TINT, _ORDER = 0.22, 0.8
_SAMPLE = Path.unit_rectangle()


def draw_areas(ax: Axes, areas: Areas, lang: Language) -> LegendSection:
    """Draw the areas that the map shows, and return their block of the legend, by kind.

    With the circuits that each takes down, the legend names the worst of every kind.
    """
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    shown = shapely.intersection(areas.geometries, shapely.box(west, south, east, north))
    is_shown = shapely.area(shown) > 0
    kinds = np.array(areas.words, dtype=object)
    handles: list[Artist | tuple[Artist, ...]] = []
    texts = []
    for kind, look in _looks(areas.words).items():
        chosen = np.flatnonzero((kinds == kind) & is_shown)
        if len(chosen) == 0:
            continue
        path = _path(shown[chosen])
        for patch in (_tint(path, look), _hatch(path, look)):
            ax.add_patch(patch)
        handles.append((_tint(_SAMPLE, look), _hatch(_SAMPLE, look)))
        texts.append(_text(areas, kind, chosen, lang))
    return LegendSection(labels.text("legend_hazard_areas", lang), handles, texts)


def _tint(path: Path, look: tuple[str, str]) -> PathPatch:
    return PathPatch(
        path, facecolor=look[0], alpha=_TINT, linewidth=0.0, zorder=_ORDER, rasterized=True,
        label="_hazard_areas",
    )  # fmt: skip


def _hatch(path: Path, look: tuple[str, str]) -> PathPatch:
    return PathPatch(
        path, facecolor="none", edgecolor=look[0], hatch=look[1], linewidth=0.8, zorder=_ORDER,
        rasterized=True, label="_hazard_areas",
    )  # fmt: skip


def _looks(words: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Colour and hatch of each kind, the known ones first."""
    kinds = sorted(set(words))
    others = [kind for kind in kinds if kind not in _LOOKS]
    known = {kind: look for kind, look in _LOOKS.items() if kind in kinds}
    return known | {
        kind: _OTHER_LOOKS[number % len(_OTHER_LOOKS)] for number, kind in enumerate(others)
    }


def _text(areas: Areas, kind: str, chosen: NDArray[np.intp], lang: Language) -> str:
    what = labels.label("risk", kind, lang)
    if not len(areas.circuits_down):
        return labels.text("hazard_areas_drawn", lang, kind=what, count=f"{len(chosen):,}")
    down = np.asarray(areas.circuits_down)[chosen]
    return labels.text(
        "hazard_areas_hit", lang, kind=what, count=f"{len(chosen):,}", circuits=f"{down.max():,}"
    )


def _path(shapes: NDArray[np.object_]) -> Path:
    """All polygons as one path; holes run the other way round, or they would be filled."""
    parts = shapely.get_parts(shapes)
    polygons = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    is_outer = np.diff(polygon, prepend=-1) > 0
    wrong = shapely.is_ccw(rings) != is_outer
    rings[wrong] = shapely.reverse(rings[wrong])
    coordinates, owner = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(coordinates), Path.LINETO, dtype=Path.code_type)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    codes[starts] = Path.MOVETO
    codes[np.append(starts[1:], len(codes)) - 1] = Path.CLOSEPOLY
    return Path(coordinates, codes)
