"""Layers of a map: offices, graded sites, hazards, nodes; each returns its block of the legend."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath
from scipy.spatial import cKDTree

from netgraph.report import labels
from netgraph.report.maps.drawings import Lines, Points
from netgraph.report.maps.furniture import LegendSection, figure_of
from netgraph.report.maps.parts import draw_lines
from netgraph.report.maps.spread import spread
from netgraph.report.maps.style import (
    OFFICE_SIZES,
    ROUTE_COUNT_COLOURS,
    ROUTE_COUNT_SYMBOLS,
    ROUTE_STROKES,
    SEVERITY_MARKERS,
    SEVERITY_STROKES,
    SLATE,
    TIER_SYMBOLS,
    Marker,
    Symbol,
)
from netgraph.report.palette import GRADE_COLOURS, INK, PAPER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netgraph.report.labels import Language
    from netgraph.report.maps.drawings import Hazards, Sites
    from netgraph.report.maps.style import Stroke

_LARGEST, _SHRINK, _SMALLEST = 14.0, 2.2, 4.0  # points; size falls with the logarithm of the number
_LETTER_SHARE = 0.62  # of its symbol
_LEAST_LETTER = 4.4  # points; smaller letters cannot be read
_LEGEND_SIZE = 10.0
_MOST_MOVED = 1500  # more sites are drawn where they are, over one another
_MOST_GROWTH = 2.2  # of a hazard that hits many sites
_GRADES_UPWARDS = ("", "excellent", "good", "fair", "poor")  # drawn in this order: worst on top
_GRADES_TO_PLACE = ("poor", "fair", "excellent", "", "good")  # the usual one gives way
_SPACING = 1.08  # of a symbol, between two that stand side by side
_POINTS_PER_INCH = 72
END_SIZE, TAG_SIZE = 16.0, 12.0  # points: of the ends, of the letters on routes


def draw_strokes(
    ax: Axes, lines: Lines, strokes: Mapping[str, Stroke], heading: str, texts: Mapping[str, str]
) -> LegendSection:
    """Draw lines by word and return their block of the legend."""
    drawn = draw_lines(ax, lines, strokes)
    handles = [strokes[word].handle() for word in drawn]
    return LegendSection(heading, handles, [texts[word] for word in drawn])


def draw_offices(ax: Axes, offices: Points, lang: Language, scale: float = 1.0) -> LegendSection:
    """Draw offices as squares, larger by role; a core office is a double square."""
    roles = _known(offices.words, OFFICE_SIZES, "access")
    handles: list[Artist | tuple[Artist, ...]] = []
    texts = []
    for role, size in OFFICE_SIZES.items():
        chosen = roles == role
        if not chosen.any():
            continue
        markers = _office_markers(role, size * scale)
        for marker in markers:
            marker.draw(ax, offices.x[chosen], offices.y[chosen], "office")
        handles.append(tuple(marker.handle() for marker in markers))
        texts.append(labels.label("role", role, lang))
    return LegendSection(labels.text("legend_office", lang), handles, texts)


def _office_markers(role: str, size: float) -> list[Marker]:
    face = PAPER if role in {"core", "external"} else SLATE
    outer = Marker("s", size, face, INK, 0.9, order=4.0)
    if role != "core":
        return [outer]
    return [outer, Marker("s", size / 2, INK, INK, 0.0, order=4.0)]


def symbol_size(count: int) -> float:
    """Return the size in points of a symbol on a map of so many."""
    return max(_SMALLEST, _LARGEST - _SHRINK * math.log10(max(count, 1)))


def place_side_by_side(ax: Axes, sites: Sites, hazards: Hazards) -> tuple[Sites, int]:
    """Give sites that would hide one another, or a hazard, places side by side.

    The rarer grades keep their true place first. Sites stay where they are if there are very many.

    Returns
    -------
    Sites, int
        The sites as they are to be drawn, and how many were moved.
    """
    if len(sites) > _MOST_MOVED:
        return sites, 0
    grades = _known(sites.grades, GRADE_COLOURS, "")
    order = np.argsort([_GRADES_TO_PLACE.index(grade) for grade in grades], kind="stable")
    wanted = ax.transData.transform(np.column_stack((sites.x, sites.y)))[order]
    taken = ax.transData.transform(np.column_stack((hazards.x, hazards.y)))
    pixels = figure_of(ax).dpi / _POINTS_PER_INCH
    placed = spread(wanted, taken, _SPACING * symbol_size(len(sites)) * pixels)
    moved = np.empty_like(placed)
    moved[order] = ax.transData.inverted().transform(placed)
    count = int((np.hypot(*(placed - wanted).T) > pixels).sum())
    return replace(sites, x=moved[:, 0], y=moved[:, 1]), count


def draw_sites(
    ax: Axes, sites: Sites, families: Sequence[str], lang: Language
) -> list[LegendSection]:
    """Draw sites: shape by tier, colour and letter by grade, the worst grade on top.

    A letter is left out where a symbol above would cut it, or where symbols are too small to
    carry one.
    """
    size = symbol_size(len(sites))
    tiers = _known(sites.words, TIER_SYMBOLS, "")
    grades = _known(sites.grades, GRADE_COLOURS, "")
    order: list[NDArray[np.intp]] = []
    for depth, grade in enumerate(_GRADES_UPWARDS):
        for tier, symbol in TIER_SYMBOLS.items():
            chosen = np.flatnonzero((grades == grade) & (tiers == tier))
            if len(chosen):
                marker = symbol.marker(size, GRADE_COLOURS[grade], 5 + depth / 10)
                marker.draw(ax, sites.x[chosen], sites.y[chosen], "sites")
                order.append(chosen)
    if order and size * _LETTER_SHARE >= _LEAST_LETTER:
        free = _find_uncovered(ax, sites, np.concatenate(order), 0.8 * size)
        for grade, marker in _letters(size, families, lang).items():
            chosen = free[grades[free] == grade]
            marker.draw(ax, sites.x[chosen], sites.y[chosen], "letters")
    counts = {grade: f"{count:,}" for grade, count in Counter(grades).items()}
    return [grade_legend(counts, families, lang), _tier_legend(Counter(tiers), lang)]


def _known(
    words: Sequence[str], styles: Mapping[str, object], otherwise: str
) -> NDArray[np.object_]:
    return np.array([word if word in styles else otherwise for word in words], dtype=object)


def _letters(size: float, families: Sequence[str], lang: Language) -> dict[str, Marker]:
    """Return the white letter of each grade for symbols of a size."""
    return {
        grade: Marker(
            letter_path(labels.label("grade_letter", grade, lang), families),
            size * _LETTER_SHARE,
            PAPER,
            edge_width=0.0,
            order=6.0,
        )
        for grade in labels.identifiers("grade")
    }


def letter_path(letter: str, families: Sequence[str]) -> Path:
    """Return the outline of a letter, centred: a marker that needs no text for each site."""
    outline = TextPath((0, 0), letter, size=10, prop=FontProperties(family=list(families)))
    box = outline.get_extents()
    middle = np.array([(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2])
    return Path(np.asarray(outline.vertices) - middle, outline.codes)


def _find_uncovered(
    ax: Axes, sites: Sites, order: NDArray[np.intp], distance_pt: float
) -> NDArray[np.intp]:
    """Return the sites, by drawing order, that no later one overlaps."""
    points = ax.transData.transform(np.column_stack((sites.x, sites.y))[order])
    known = np.flatnonzero(np.isfinite(points).all(axis=1))
    distance = distance_pt / _POINTS_PER_INCH * figure_of(ax).dpi
    pairs = cKDTree(points[known]).query_pairs(distance, output_type="ndarray")
    is_covered = np.zeros(len(known), dtype=bool)
    is_covered[pairs.min(axis=1)] = True
    return order[known[~is_covered]]


def grade_legend(
    counts: Mapping[str, str], families: Sequence[str], lang: Language
) -> LegendSection:
    """Return the legend of the grades: each that is there with how many sites have it, in words."""
    handles: list[Artist | tuple[Artist, ...]] = []
    texts = []
    for grade, letter in _letters(_LEGEND_SIZE + 1, families, lang).items():
        if grade in counts:
            disc = Marker("o", _LEGEND_SIZE + 1, GRADE_COLOURS[grade])
            handles.append((disc.handle(), letter.handle()))
            texts.append(f"{labels.label('grade', grade, lang)}  {counts[grade]}")
    if "" in counts:
        handles.append(Marker("o", _LEGEND_SIZE, GRADE_COLOURS[""]).handle())
        texts.append(f"{labels.text('no_grade', lang)}  {counts['']}")
    return LegendSection(labels.text("legend_grade", lang), handles, texts)


def _tier_legend(counts: Counter[str], lang: Language) -> LegendSection:
    tiers = [tier for tier in labels.identifiers("tier") if counts[tier]]
    handles = [TIER_SYMBOLS[tier].hollow(_LEGEND_SIZE).handle() for tier in tiers]
    texts = [f"{labels.label('tier', tier, lang)}  {counts[tier]:,}" for tier in tiers]
    return LegendSection(labels.text("legend_tier", lang), handles, texts)


def draw_hazards(ax: Axes, hazards: Hazards, lang: Language) -> LegendSection:
    """Draw hazards: shape and colour by severity, larger with the sites they hit, runs thick."""
    if len(hazards.geometries):
        draw_lines(ax, Lines(hazards.geometries, hazards.words), SEVERITY_STROKES)
    words = np.array(hazards.words, dtype=object)
    sizes = hazard_sizes(hazards)
    handles, texts = [], []
    for word, marker in SEVERITY_MARKERS.items():
        chosen = words == word
        if not chosen.any():
            continue
        ax.scatter(
            hazards.x[chosen],
            hazards.y[chosen],
            s=sizes[chosen] ** 2,
            marker=marker.shape,
            facecolor=marker.face,
            edgecolor=marker.edge,
            linewidth=marker.edge_width,
            zorder=marker.order,
            label="_hazards",
        )
        handles.append(marker.handle())
        texts.append(f"{labels.text('hazard_' + word, lang)}  {_drawn_of(hazards, word, lang)}")
    return LegendSection(labels.text("legend_hazard", lang), handles, texts)


def hazard_sizes(hazards: Hazards) -> NDArray[np.float64]:
    """Return how large each hazard is drawn, points."""
    known = {word: marker.size for word, marker in SEVERITY_MARKERS.items()}
    least = np.array([known.get(word, 0.0) for word in hazards.words])  # others are not drawn
    weights = hazards.weights if len(hazards.weights) else np.ones(len(hazards))
    growth: NDArray[np.float64] = np.clip(np.sqrt(np.sqrt(weights)), 1.0, _MOST_GROWTH)
    return least * growth


def _drawn_of(hazards: Hazards, word: str, lang: Language) -> str:
    """Count the hazards of a severity, and say so where only the worst of them are drawn."""
    drawn = list(hazards.words).count(word)
    whole = hazards.totals.get(word, drawn)
    if whole <= drawn:
        return f"{drawn:,}"
    return labels.text("drawn_of", lang, drawn=f"{drawn:,}", whole=f"{whole:,}")


def draw_nodes(ax: Axes, nodes: Points, lang: Language) -> LegendSection:
    """Draw nodes by the number of disjoint routes to the centres, the fewest on top."""
    size = symbol_size(len(nodes)) * 0.75
    words = _known(nodes.words, ROUTE_COUNT_SYMBOLS, "none")
    handles, texts = [], []
    for depth, (word, symbol) in enumerate(ROUTE_COUNT_SYMBOLS.items()):
        chosen = words == word
        if chosen.any():
            marker = symbol.marker(size, ROUTE_COUNT_COLOURS[word], 5 + depth / 10)
            marker.draw(ax, nodes.x[chosen], nodes.y[chosen], "nodes")
            handles.append(symbol.marker(_LEGEND_SIZE, ROUTE_COUNT_COLOURS[word]).handle())
            texts.append(f"{labels.label('routes', word, lang)}  {int(chosen.sum()):,}")
    return LegendSection(labels.text("legend_routes", lang), handles, texts)


def draw_centres(ax: Axes, centres: Points, lang: Language) -> LegendSection:
    """Draw the centres as stars."""
    if len(centres) == 0:
        return LegendSection("", [], [])
    Marker("*", 19, INK, edge_width=1.0, order=7.0).draw(ax, centres.x, centres.y, "centres")
    return LegendSection(
        "", [Symbol("*", 1.3).marker(10, INK).handle()], [labels.text("centre", lang)]
    )


def draw_ends(ax: Axes, ends: Points, letter: str, families: Sequence[str]) -> tuple[Artist, ...]:
    """Draw the A or B ends of a circuit as dark discs with their letter; return their symbol."""
    for marker in _lettered(letter, families, END_SIZE, INK, PAPER):
        marker.draw(ax, ends.x, ends.y, f"end_{letter}")
    return tuple(m.handle() for m in _lettered(letter, families, _LEGEND_SIZE + 2, INK, PAPER))


def draw_route_tags(ax: Axes, routes: Lines, families: Sequence[str], lang: Language) -> Points:
    """Mark working and protect with a letter in the middle of their longest stretch.

    Returns
    -------
    Points
        Where the letters stand: discs of :data:`TAG_SIZE`.
    """
    words = np.array(routes.words, dtype=object)
    middles = np.empty((0, 2))
    for part in ("working", "protect"):
        lines = routes.geometries[words == part]
        lines = lines[~shapely.is_missing(lines)]
        if len(lines) == 0:
            continue
        merged = shapely.get_parts(shapely.line_merge(shapely.union_all(lines)))
        longest = merged[np.argmax(shapely.length(merged))]
        middle = shapely.get_coordinates(
            shapely.line_interpolate_point(longest, 0.5, normalized=True)
        )
        letter = labels.label("part_letter", part, lang)
        for marker in _lettered(letter, families, TAG_SIZE, PAPER, ROUTE_STROKES[part].colour):
            marker.draw(ax, middle[:, 0], middle[:, 1], f"tag_{part}")
        middles = np.concatenate((middles, middle))
    return Points(middles[:, 0], middles[:, 1])


def _lettered(
    letter: str, families: Sequence[str], size: float, face: str, ink: str
) -> tuple[Marker, Marker]:
    """Return a disc and the letter on it."""
    disc = Marker("o", size, face, ink if face == PAPER else PAPER, 1.2, order=7.0)
    outline = letter_path(letter, families)
    return disc, Marker(outline, size * _LETTER_SHARE * 0.85, ink, ink, 0.0, order=7.1)
