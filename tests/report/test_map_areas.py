from __future__ import annotations

import numpy as np
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from netgraph.report.maps.areas import draw_areas
from netgraph.report.maps.drawings import Areas


@pytest.fixture
def ax():
    """Map from 0 to 10 both ways."""
    ax = Figure().add_subplot()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    return ax


def areas(*polygons, kinds, down=()):
    shapes = np.empty(len(polygons), dtype=object)
    shapes[:] = polygons
    return Areas(shapes, kinds, down)


def test_each_kind_has_a_look_and_a_line_in_the_legend_with_its_worst(ax):
    """Two floods and a slide, invented; a third flood lies off the map."""
    drawn = areas(
        shapely.box(1, 1, 2, 2), shapely.box(4, 4, 5, 5), shapely.box(7, 7, 9, 9),
        shapely.box(90, 1, 91, 2), kinds=["flood", "flood", "landslide", "flood"],
        down=[3, 12, 7, 99],
    )  # fmt: skip
    legend = draw_areas(ax, drawn, "en")
    assert legend.texts == [
        "flood area: 2; worst 12 circuits",
        "landslide area: 1; worst 7 circuits",
    ]
    hatches = {patch.get_hatch() for pair in legend.handles for patch in pair} - {None}
    assert len(hatches) == 2


def test_the_legend_counts_alone_where_nobody_failed_the_areas(ax):
    legend = draw_areas(ax, areas(shapely.box(1, 1, 2, 2), kinds=["flood"]), "zh")
    assert (legend.heading, legend.texts) == ("隐患区", ["洪涝区：1 处"])


def test_kinds_that_nobody_foresaw_are_told_apart(ax):
    drawn = areas(
        *(shapely.box(i, 1, i + 1, 2) for i in range(4)),
        kinds=["wildfire", "subsidence", "typhoon", "ice"],
    )
    legend = draw_areas(ax, drawn, "en")
    looks = {(p.get_hatch(), p.get_edgecolor()) for _, p in legend.handles}
    assert len(looks) == len(legend.texts) == 4


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_hole_stays_empty_whichever_way_its_ring_runs(ax, is_turned):
    """An island in a flood, invented; drawn large enough to look at pixels."""
    ring = list(shapely.box(3, 3, 7, 7).exterior.coords)
    island = shapely.Polygon(shapely.box(1, 1, 9, 9).exterior, [ring[::-1] if is_turned else ring])
    draw_areas(ax, areas(island, kinds=["flood"]), "en")
    tint = ax.patches[0]
    tint.set(alpha=1.0, facecolor="black")
    ax.patches[1].remove()
    ax.axis("off")
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    image = np.asarray(canvas.buffer_rgba())
    height = len(image)

    def shade(x, y):
        column, row = ax.transData.transform((x, y)).astype(int)
        return image[height - row, column, 0]

    assert (shade(2, 2), shade(5, 5)) == (0, 255)


def test_no_area_leaves_no_block_in_the_legend(ax):
    assert draw_areas(ax, Areas(), "en").texts == []
    assert not ax.patches
