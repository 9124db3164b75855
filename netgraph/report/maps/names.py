"""Write names on a map without overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg

from netgraph.report.maps.furniture import figure_of, halo
from netgraph.report.palette import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.text import Annotation
    from numpy.typing import NDArray

    from netgraph.report.maps.drawings import Places, Points

# Where a name may stand, best first: its direction from the point.
_DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_ACROSS: dict[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
_UP: dict[int, Literal["bottom", "center", "top"]] = {1: "bottom", 0: "center", -1: "top"}
_CLEARANCE_PT = 2.2  # between a name and the middle of a symbol, at least
_GAP_PT = 6.5  # between a point and its name
_FURTHER_PT = (0, 6, 12)  # away from a point whose symbol leaves no room for an important name
_SIZES, _SMALLEST_SIZE = {1: 10.5, 2: 9.2}, 8.0  # points, by rank
_POINTS_PER_INCH = 72


def draw_names(
    ax: Axes,
    places: Places,
    obstacles: NDArray[np.float64],
    taken: Iterable[NDArray[np.float64]] = (),
    avoided: Sequence[NDArray[np.float64]] = (),
) -> int:
    """Write names beside their points; return how many found room.

    Greedy: by rank, then name, each name takes the place around its point that meets no name
    written before and covers the fewest obstacles, or is left out. Cost: names squared plus
    names times obstacles.

    Parameters
    ----------
    ax
        Map axes whose limits and aspect are final.
    places
        The names.
    obstacles
        Symbols that a name should not cover, map coordinates, shape (m, 2).
    taken
        Boxes that no name may enter, pixels: west, south, east, north.
    avoided
        Boxes of large symbols. An important name stands further away from its point to avoid them,
        and enters one only where there is no other room; any other name is left out there.
    """
    symbols = ax.transData.transform(obstacles) if len(obstacles) else np.empty((0, 2))
    frame = np.array(ax.get_window_extent().extents)
    written = list(taken)
    before = len(written)
    # One to measure with, of a single pixel: the figure would make one of its own size a name.
    measuring = RendererAgg(1, 1, figure_of(ax).dpi)  # type: ignore[no-untyped-call]
    dots = figure_of(ax).dpi / _POINTS_PER_INCH
    for i in sorted(range(len(places)), key=lambda i: (places.ranks[i], places.names[i])):
        point = ax.transData.transform((places.x[i], places.y[i]))
        if not (frame[:2] <= point).all() or not (point <= frame[2:]).all():
            continue
        text = _write(ax, places, i)
        nearest = places.gaps[i] if len(places.gaps) else _GAP_PT
        box = text.get_window_extent(measuring)
        size = np.array([box.width, box.height])
        is_important = places.ranks[i] in _SIZES
        tries = [(nearest, [*written, *avoided])]
        if is_important and avoided:
            tries = [(nearest + more, [*written, *avoided]) for more in _FURTHER_PT]
            tries.append((nearest, written))
        for gap, closed in tries:
            boxes = _candidates(size, point, gap * dots)
            free = [_is_free(box, closed, frame) for box in boxes]
            if any(free):
                break
        else:
            text.remove()
            continue
        clearance = _CLEARANCE_PT * dots
        covered = [_count_inside(symbols, box, clearance) for box in boxes]
        fewest, best = min((covered[k], k) for k in range(len(boxes)) if free[k])
        if fewest and not is_important:
            text.remove()
            continue
        _move(text, best, gap)
        written.append(boxes[best])
    return len(written) - before


def _write(ax: Axes, places: Places, i: int) -> Annotation:
    rank = places.ranks[i]
    return ax.annotate(
        places.names[i],
        (places.x[i], places.y[i]),
        textcoords="offset points",
        xytext=(0, 0),
        fontsize=_SIZES.get(rank, _SMALLEST_SIZE),
        color=INK if rank in _SIZES else MUTED,
        zorder=8,
        path_effects=[halo()],
    )


def _candidates(
    size: NDArray[np.float64], point: NDArray[np.float64], gap: float
) -> list[NDArray[np.float64]]:
    """Return the box of a text in each direction, pixels: west, south, east, north."""
    boxes = []
    for direction in _DIRECTIONS:
        away = np.array(direction)
        slant = 0.7 if all(direction) else 1.0
        middle = point + away * (size / 2 + gap * slant)
        boxes.append(np.concatenate((middle - size / 2, middle + size / 2)))
    return boxes


def _move(text: Annotation, choice: int, gap: float) -> None:
    x, y = _DIRECTIONS[choice]
    slant = 0.7 if x and y else 1.0
    text.set_position((x * gap * slant, y * gap * slant))
    text.set_horizontalalignment(_ACROSS[x])
    text.set_verticalalignment(_UP[y])


def symbol_boxes(
    ax: Axes, points: Points, size_pt: float | NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Return the boxes around symbols of a size, pixels: west, south, east, north."""
    halves = np.broadcast_to(size_pt, len(points)) / 2 * figure_of(ax).dpi / _POINTS_PER_INCH
    middles = ax.transData.transform(np.column_stack((points.x, points.y)))
    return [
        np.concatenate((middle - half, middle + half))
        for middle, half in zip(middles, halves, strict=True)
    ]


def _is_free(
    box: NDArray[np.float64], written: list[NDArray[np.float64]], frame: NDArray[np.float64]
) -> bool:
    inside = bool((frame[:2] <= box[:2]).all() and (box[2:] <= frame[2:]).all())
    return inside and not any(_overlap(box, other) for other in written)


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    return bool((one[:2] < other[2:]).all() and (other[:2] < one[2:]).all())


def _count_inside(points: NDArray[np.float64], box: NDArray[np.float64], clearance: float) -> int:
    near = (points >= box[:2] - clearance) & (points <= box[2:] + clearance)
    return int(near.all(axis=1).sum())
