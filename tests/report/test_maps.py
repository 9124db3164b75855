from __future__ import annotations

from dataclasses import replace
from datetime import date

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from scipy.spatial.distance import pdist

from netgraph.report import labels
from netgraph.report.fonts import MissingGlyphWarning, _warn_once
from netgraph.report.maps.draw import draw_map, draw_plant_map, draw_site_map, save_png, write_map
from netgraph.report.maps.drawings import (
    Hazards,
    Lines,
    MapDrawing,
    Places,
    PlantDrawing,
    Points,
    Sheet,
    SiteDrawing,
    Sites,
)
from netgraph.report.maps.layers import draw_sites, symbol_size
from netgraph.report.maps.style import MEDIUM_STROKES, ROUTE_STROKES
from netgraph.report.palette import AMBER, BLUE, GRADE_COLOURS, VERMILION

SHEET = Sheet(title="示例银行", snapshot_date=date(2026, 6, 30), attribution="虚构示例", lang="zh")


def lines(*coordinates, words):
    geometries = np.empty(len(coordinates), dtype=object)
    geometries[:] = [shapely.LineString(line) for line in coordinates]
    return Lines(geometries, words)


def points(*xy, words=(), names=(), kind=Points, **more):
    x, y = np.array(xy, dtype=float).T
    return kind(x=x, y=y, words=words, names=names, **more)


def bank():
    """Two offices, three sites and one shared duct, invented.

    ::

        K ====== J        duct K-J, pole line J-3
        |         :
        1  2      3       sites 1 excellent, 2 poor and on top of 1, 3 good
    """
    return MapDrawing(
        SHEET,
        lines(
            [(112.5, 37.9), (112.7, 37.9)], [(112.7, 37.9), (112.7, 37.7)],
            words=["duct", "pole_line"],
        ),
        points((112.5, 37.9), (112.7, 37.9), words=["core", "access"]),
        points(
            (112.5, 37.7), (112.501, 37.7), (112.7, 37.7), kind=Sites,
            words=["diamond", "gold", "silver"], grades=["excellent", "poor", "good"],
        ),
        points((112.6, 37.9), words=["red"], kind=Hazards, weights=np.array([3.0])),
        points((112.5, 37.9), (112.7, 37.9), kind=Places, names=["太原市", "榆次"], ranks=[1, 2]),
    )  # fmt: skip


def site():
    """One site whose routes share 300 m at its door; K is 30 km away.

    ::

        A=X------------- K
           ------------/
    """
    return SiteDrawing(
        SHEET,
        lines(
            [(112.5, 37.9), (112.5034, 37.9)],
            [(112.5034, 37.9), (112.85, 37.9)],
            [(112.5034, 37.9), (112.6, 37.8), (112.85, 37.9)],
            words=["shared", "working", "protect"],
        ),
        points((112.5, 37.9), words=["site"], names=["第二支行"]),
        points((112.85, 37.9), words=["core"], names=["中心局"]),
        points((112.6, 37.8), words=["access"], names=["南局"]),
        points((112.5034, 37.9), words=["first_common"], names=["X 同沟"]),
    )


def plant():
    """Two rings would be one if B-C were doubled.

    ::

        K----B====C     B-C is a bridge; D is cut off
         \\--/    D
    """
    return PlantDrawing(
        Sheet(lang="en", crs=""),
        lines([(0, 0), (900, 0)], [(0, 0), (450, -300), (900, 0)], [(900, 0), (1800, 0)],
              words=["span", "span", "bridge"]),
        points((900, 0), (1800, 0), (1800, -300), words=["two", "one", "none"], names="BCD"),
        points((0, 0), words=["centre"], names=["K"]),
    )  # fmt: skip


def artists(ax, name):
    return [line for line in ax.get_lines() if line.get_label() == f"_{name}"]


def texts(ax):
    return [text.get_text() for text in ax.texts]


def legends(ax):
    return {
        legend.get_title().get_text(): [text.get_text() for text in legend.get_texts()]
        for legend in ax.get_children()
        if isinstance(legend, Legend)
    }


def test_a_map_says_what_it_shows():
    ax = draw_map(bank(), figure=Figure())
    assert legends(ax) == {
        "评级（颜色+字）": ["优  1", "良  1", "差  1"],
        "服务等级（形状）": ["钻石级  1", "金牌级  1", "银牌级  1"],
        "隐患点": ["红色隐患点  1"],
        "局站": ["核心局站", "接入局站"],
        "管线": ["管道", "杆路"],
    }
    shown = texts(ax)
    assert "示例银行" in shown
    assert "北" in shown
    assert any(text.endswith("公里") for text in shown)
    (foot,) = (text for text in shown if text.startswith("数据快照 2026-06-30  ·  EPSG:4326"))
    assert foot.endswith("数据：虚构示例")


def test_a_map_speaks_english_too():
    english = MapDrawing(Sheet(lang="en"), bank().plant, sites=bank().sites)
    ax = draw_map(english, figure=Figure())
    assert legends(ax)["Grade (colour + letter)"] == ["Excellent  1", "Good  1", "Poor  1"]
    assert any(text.startswith("data snapshot not dated  ·  EPSG:4326") for text in texts(ax))


def test_every_word_of_a_style_has_a_label():
    for group, styles in (("medium", MEDIUM_STROKES), ("part", ROUTE_STROKES)):
        assert set(styles) <= set(labels.identifiers(group))


def test_metres_are_equal_in_both_directions():
    ax = draw_map(bank(), figure=Figure())
    x, y = ax.transData.transform([(112.6, 37.8), (112.6 + 1 / 0.790155, 38.8)]).T
    # cos 37.8 degrees = 0.790155: so many degrees of longitude are as long as one of latitude
    assert (x[1] - x[0]) == pytest.approx(y[1] - y[0], rel=1e-3)


@pytest.mark.parametrize(("tier", "shape"), [("diamond", "D"), ("gold", "*"), ("silver", "o")])
def test_the_tier_is_the_shape_of_a_site(tier, shape):
    sites = points((1, 1), kind=Sites, words=[tier], grades=["good"])
    (drawn,) = artists(draw_map(MapDrawing(sites=sites), figure=Figure()), "sites")
    assert drawn.get_marker() == shape
    assert drawn.get_markerfacecolor() == GRADE_COLOURS["good"]


def test_the_worst_grade_lies_on_top_and_the_covered_letter_is_left_out():
    ax = draw_map(MapDrawing(plant=bank().plant), figure=Figure())
    draw_sites(ax, bank().sites, ["DejaVu Sans"], "en")
    by_colour = {line.get_markerfacecolor(): line.get_zorder() for line in artists(ax, "sites")}
    assert max(by_colour, key=by_colour.get) == GRADE_COLOURS["poor"]
    lettered = sum(len(line.get_xdata()) for line in artists(ax, "letters"))
    assert lettered == 2


def test_sites_that_would_hide_one_another_stand_side_by_side():
    ax = draw_map(bank(), figure=Figure())
    drawn = np.concatenate([line.get_xydata() for line in artists(ax, "sites")])
    poor = next(
        line for line in artists(ax, "sites") if line.get_markerfacecolor() == GRADE_COLOURS["poor"]
    )
    np.testing.assert_allclose(poor.get_xydata(), [(112.501, 37.7)])  # the worst keeps its place
    apart = pdist(ax.transData.transform(drawn)) / ax.figure.dpi * 72
    assert apart.min() >= symbol_size(3)
    assert sum(len(line.get_xdata()) for line in artists(ax, "letters")) == 3
    assert any("1 个网点因重叠已错开显示" in text for text in texts(ax))


def test_symbols_too_small_for_a_letter_carry_none():
    rng = np.random.default_rng(0)
    many = rng.uniform(0, 5, (7000, 2))
    sites = points(*many, kind=Sites, words=["gold"] * 7000, grades=["fair"] * 7000)
    ax = draw_map(MapDrawing(sites=sites), figure=Figure())
    assert artists(ax, "letters") == []


def test_a_hundred_thousand_lines_are_one_artist():
    rng = np.random.default_rng(0)
    start = rng.uniform(35, 37, (100_000, 1, 2))
    many = shapely.linestrings(np.concatenate((start, start + 0.01), axis=1))
    ax = draw_map(MapDrawing(plant=Lines(many, ["duct"] * 100_000)), figure=Figure())
    (drawn,) = artists(ax, "duct")
    assert len(drawn.get_xdata()) == 299_999
    assert drawn.get_rasterized()


def test_both_routes_and_what_they_share_are_told_apart():
    ax = draw_site_map(site(), figure=Figure())
    drawn = {part: artists(ax, part)[0] for part in ("working", "protect", "shared")}
    assert [drawn[p].get_color() for p in drawn] == [BLUE, AMBER, VERMILION]
    assert drawn["shared"].get_linewidth() > 1.5 * drawn["working"].get_linewidth()
    assert drawn["shared"].get_zorder() > drawn["working"].get_zorder()
    assert artists(ax, "tag_working")
    assert artists(ax, "tag_protect")
    assert {"第二支行", "中心局", "南局"} <= set(texts(ax))


def test_what_is_shared_at_the_door_is_shown_again_enlarged():
    ax = draw_site_map(site(), figure=Figure())
    (close,) = ax.child_axes
    west, east = close.get_xlim()
    assert west < 112.5
    assert east > 112.5034
    assert east - west < 0.1 * (ax.get_xlim()[1] - ax.get_xlim()[0])
    assert "X 同沟" in texts(close)
    assert "X 同沟" not in texts(ax)


def test_a_mark_at_an_office_is_named_once():
    spot = points((112.6, 37.8), words=["access"], names=["南局"])
    both = replace(site(), marks=replace(spot, words=["unavoidable"]), offices=spot)
    assert texts(draw_site_map(both, figure=Figure())).count("南局") == 1


def test_a_map_that_shows_all_sharing_needs_no_close_up():
    small = SiteDrawing(
        SHEET,
        lines([(112.5, 37.9), (112.6, 37.9)], [(112.6, 37.9), (112.7, 37.8)],
              words=["shared", "working"]),
        points((112.5, 37.9), names=["甲"]),
        points((112.7, 37.8), names=["乙"]),
    )  # fmt: skip
    assert draw_site_map(small, figure=Figure()).child_axes == []


def test_the_plant_map_tells_nodes_by_routes_and_marks_bridges():
    ax = draw_plant_map(plant(), figure=Figure())
    shapes = {line.get_marker() for line in artists(ax, "nodes")}
    assert shapes == {"o", "^", "X"}
    (bridge,) = artists(ax, "bridge")
    (span,) = artists(ax, "span")
    assert bridge.get_color() == VERMILION
    assert bridge.get_linewidth() > 2 * span.get_linewidth()
    assert artists(ax, "centres")[0].get_marker() == "*"
    assert {"K", "B", "C", "D"} <= set(texts(ax))
    assert any("planar coordinates" in text for text in texts(ax))


def test_a_map_takes_axes_and_returns_them():
    figure, (left, right) = plt.subplots(1, 2)
    assert draw_map(bank(), left) is left
    assert draw_plant_map(plant(), ax=right) is right
    plt.close(figure)


def test_without_axes_pyplot_gets_a_figure_to_show():
    ax = draw_map(bank())
    assert ax.figure is plt.gcf()
    plt.close(ax.figure)


def test_the_users_settings_neither_change_nor_leak_in(tmp_path):
    with mpl.rc_context({"text.usetex": True, "font.family": "serif", "axes.facecolor": "black"}):
        before = dict(mpl.rcParams)
        ax = draw_map(bank(), figure=Figure())
        save_png(ax, tmp_path / "t.png")
        assert dict(mpl.rcParams) == before
    assert ax.get_facecolor() != (0.0, 0.0, 0.0, 1.0)


@pytest.mark.usefixtures("bundled_font_only")
@pytest.mark.parametrize("drawing", [bank, site, plant])
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_the_same_drawing_gives_the_same_bytes(tmp_path, drawing, suffix):
    for name in ("a", "b"):
        write_map(drawing(), tmp_path / f"{name}.{suffix}")
    first, second = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in ("a", "b"))
    assert first == second
    assert b"Matplotlib" not in first


@pytest.mark.usefixtures("bundled_font_only")
def test_names_are_text_whatever_they_hold(tmp_path):
    names = ["$\\frac{", "<script>", "a\nb\tc", "长" * 4000, ""]
    places = points(*[(i, i) for i in range(5)], kind=Places, names=names, ranks=[1] * 5)
    drawing = MapDrawing(Sheet(title="$x_1$ 与 $y$" * 99, attribution="好" * 4000), places=places)
    write_map(drawing, tmp_path / "t.png")
    ax = draw_map(drawing, figure=Figure())
    shown = texts(ax)
    assert "$\\frac{" in shown
    assert "a b c" in shown
    assert max(map(len, shown)) < 200
    assert ax.figure.get_figwidth() < 30


@pytest.mark.usefixtures("bundled_font_only")
def test_a_character_that_no_font_has_warns_once_and_is_boxed(tmp_path):
    _warn_once.cache_clear()
    places = points((1, 1), kind=Places, names=["㐀县"], ranks=[1])
    with pytest.warns(MissingGlyphWarning, match="㐀"):
        write_map(MapDrawing(places=places), tmp_path / "t.png")
    ax = draw_map(MapDrawing(places=places), figure=Figure())
    assert "□县" in texts(ax)


def test_nothing_to_draw_is_an_empty_sheet(tmp_path):
    for drawing in (MapDrawing(), SiteDrawing(), PlantDrawing()):
        write_map(drawing, tmp_path / "t.png")


def test_a_place_without_coordinates_is_left_out():
    sites = points(
        (1, 1), (np.nan, np.nan), kind=Sites, words=["gold"] * 2, grades=["poor", "poor"]
    )
    ax = draw_map(MapDrawing(sites=sites), figure=Figure())
    assert np.isfinite(ax.get_xlim()).all()


def test_coordinates_off_the_globe_still_get_a_map(tmp_path):
    swapped = points((37.9, 112.5), (37.7, 112.7), kind=Sites, words=[""] * 2, grades=[""] * 2)
    write_map(MapDrawing(sites=swapped), tmp_path / "t.png")


def test_boundaries_lie_under_the_plant():
    square = np.array([shapely.box(112, 37, 113, 38)], dtype=object)
    drawing = MapDrawing(Sheet(boundary=square), bank().plant)
    ax = draw_map(drawing, figure=Figure())
    below = min(line.get_zorder() for line in ax.get_lines())
    assert below < artists(ax, "duct")[0].get_zorder()


def test_the_legend_counts_all_hazards_though_only_the_worst_are_drawn():
    drawing = bank()
    hazards = replace(drawing.hazards, totals={"red": 484})
    few, all_drawn = (draw_map(replace(drawing, hazards=h)) for h in (hazards, drawing.hazards))
    plt.close("all")

    assert legends(few)["隐患点"] == ["红色隐患点  484 处（图示 1）"]
    assert legends(all_drawn)["隐患点"] == ["红色隐患点  1"]
