from __future__ import annotations

import itertools

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from handed_over import hostile_assessment, small_assessment
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from netgraph.assessment import Options, assess
from netgraph.assessment.handover.charts import chart_makers
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns
from netgraph.report.charts import (
    Profile,
    RankedSite,
    UnitRatio,
    draw_causes,
    draw_comparison,
    draw_grades,
    draw_item_ranking,
    draw_shortfalls,
    draw_three_grid,
    split_three,
)
from netgraph.report.charts.frame import open_chart, write_chart
from netgraph.report.summary import CauseCount, UnitCount

SITES = [RankedSite(f"S{i:02}", i * 5, 100, "poor" if i < 10 else "good") for i in range(20)]
UNITS = [UnitCount("太原市", 4, 8, {"good": 3, "poor": 1}), UnitCount("大同市", 0, 0)]
CAUSES = [
    CauseCount(f"C{i}", "red", "cable", "M1", "M2", 10.0, 9 - i, 9 - i) for i in range(5)
]  # fmt: skip
DRAW = {
    "grades": lambda ax, lang: draw_grades(UNITS, ax, lang=lang),
    "causes": lambda ax, lang: draw_causes(CAUSES, ax, lang=lang),
    "items": lambda ax, lang: draw_shortfalls({"LN1": 30.0, "CE2": 10.0}, ax, lang=lang),
    "item": lambda ax, lang: draw_item_ranking(
        [UnitRatio("太原市", 0.6, 5), UnitRatio("大同市", 0.2, 5)], "LN1", ax, lang=lang
    ),
    "grid": lambda ax, lang: draw_three_grid(split_three(SITES), ax, lang=lang),
    "comparison": lambda ax, lang: draw_comparison(
        Profile("太原市", {"line": 0.5}), Profile("", {"line": 0.7}),
        [Profile("b", {"line": 0.9})], ax, lang=lang,
    ),
}  # fmt: skip


def texts(ax):
    return [text.get_text() for text in ax.findobj(mpl.text.Text) if text.get_text()]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", DRAW)
def test_a_chart_is_drawn_on_the_axes_given_and_returns_them(name, lang):
    before = dict(mpl.rcParams)
    ax = Figure().add_subplot()

    assert DRAW[name](ax, lang) is ax
    assert ax.get_title(loc="left")
    assert dict(mpl.rcParams) == before


def test_without_axes_a_chart_makes_a_figure_of_its_own():
    ax = DRAW["grades"](None, "en")

    assert ax.figure in map(plt.figure, plt.get_fignums())
    plt.close(ax.figure)


def test_grades_say_their_letter_and_number_beside_their_colour():
    shown = texts(DRAW["grades"](Figure(), "en"))

    assert {"B 3", "D 1", "B Good", "D Poor"} <= set(shown)


def test_the_running_share_of_the_causes_ends_at_all_of_them():
    shown = texts(DRAW["causes"](Figure(), "en"))

    assert any(text.endswith("Σ 100%") for text in shown)


def test_three_grids_of_the_published_case_hold_78_233_and_78_sites():
    grid = split_three(RankedSite(f"S{i:03}", i, 389, "") for i in range(389))

    assert [len(grid.to_improve), len(grid.middle), len(grid.good)] == [78, 233, 78]


def test_fewer_than_five_sites_make_no_grids():
    assert split_three(SITES[:4]) is None
    assert split_three(SITES[:5]) is not None


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from([33, 43, 92, 100])), min_size=5),
    st.randoms(use_true_random=False),
)
def test_three_grids_are_2_to_6_to_2_in_order_and_do_not_depend_on_the_order_given(marks, random):
    sites = [RankedSite(f"S{i:03}", raw, of, "") for i, (raw, of) in enumerate(marks)]
    grid = split_three(sites)
    whole = [*grid.to_improve, *grid.middle, *grid.good]

    assert len(grid.good) == len(grid.to_improve) == round(len(sites) / 5)
    assert sorted(whole, key=lambda s: s.site_id) == sites
    assert all(a.ratio <= b.ratio for a, b in itertools.pairwise(whole))
    random.shuffle(sites)
    assert split_three(sites) == grid


def test_sites_of_different_tiers_are_ranked_by_their_share_of_the_full_marks():
    small_tier, large_tier = RankedSite("A", 30, 33, ""), RankedSite("B", 80, 100, "")
    grid = split_three([small_tier, large_tier, *SITES[:3]])

    assert grid.good == [small_tier]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_assessment_draws_its_charts_in_both_languages_and_always_alike(lang, tmp_path):
    makers = chart_makers(small_assessment(lang))

    assert set(makers) == {
        "grades_by_city", "grades_by_tier", "causes", "items", "three_grid",
        "item_ranking_by_customer", "comparison_by_customer",
    }  # fmt: skip
    for name in ("causes", "three_grid"):
        for copy in ("1", "2"):
            write_chart(makers[name](Figure()), tmp_path / f"{name}{copy}.png")
        first, second = ((tmp_path / f"{name}{copy}.png").read_bytes() for copy in "12")
        assert first == second


def test_customers_are_ranked_and_compared_like_cities():
    inventory = from_columns(example_columns("province", seed=3, scale=0.02))
    makers = chart_makers(assess(inventory, Options(search_seconds=0.05, lang="en")))

    ranking = texts(makers["item_ranking_by_customer"](Figure()))
    names = set(inventory.table("customers")["name"].tolist())
    bars = [text for text in ranking if text.rpartition("  ")[0] in names]

    assert 2 <= len(bars) <= 20
    assert any(text.startswith("Weakest customer") for text in texts(
        makers["comparison_by_customer"](Figure())
    ))  # fmt: skip


def test_of_many_units_the_last_are_ranked_and_said_to_be_the_last():
    units = [UnitRatio(f"c{i:02}", i / 40, 5) for i in range(30)]

    shown = texts(draw_item_ranking(units, "LN1", Figure(), unit="customer", lang="en"))

    assert any("the last 20 of 30" in text.replace("\n", " ") for text in shown)
    assert "c00  5" in shown
    assert "c20  5" not in shown


def test_hostile_names_are_drawn_as_text_and_not_too_long():
    for make in chart_makers(hostile_assessment()).values():
        ax = make(Figure())
        ax.figure.canvas.draw()
        assert max(map(len, texts(ax))) < 200


@pytest.mark.usefixtures("no_system_fonts")
def test_without_system_fonts_every_chart_and_map_is_drawn_without_a_word(
    caplog, monkeypatch, tmp_path
):
    """What matplotlib logs lands on the user's stderr and in his notebooks."""
    drawn = [small_assessment().plot(Figure().add_subplot())]
    monkeypatch.setitem(mpl.rcParams, "font.weight", "bold")  # the user's own taste
    drawn += [draw(Figure(), "zh") for draw in DRAW.values()]

    for ax in drawn:
        ax.figure.savefig(tmp_path / "x.png", dpi=40)

    assert not caplog.messages


@pytest.mark.parametrize("note", ["a few words too many " * 9, "收益按评级与中断分钟加权。" * 7])
def test_small_print_too_long_for_one_line_stays_on_the_page(note):
    with open_chart(Figure(), [note], 4) as frame:
        frame.title("Cost", note)
    figure = frame.ax.figure
    figure.canvas.draw()
    (small,) = frame.ax.texts
    box = small.get_window_extent()
    assert "\n" in small.get_text()
    assert 0 <= box.x0 < box.x1 <= figure.bbox.x1
    assert box.y1 <= frame.ax._left_title.get_window_extent().y0
