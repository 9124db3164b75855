"""Charts of an assessment: functions that take and return matplotlib Axes.

Each has its own figure unless it is given axes; the user's rcParams are left alone. Colours are
those of the maps, and a letter, a number or a place always says the same again.
"""

from __future__ import annotations

from netgraph.report.charts.bars import (
    draw_causes,
    draw_grades,
    draw_item_ranking,
    draw_shortfalls,
)
from netgraph.report.charts.changes import UnitShift, draw_changes
from netgraph.report.charts.comparison import draw_comparison
from netgraph.report.charts.model import Profile, RankedSite, ThreeGrid, UnitRatio, split_three
from netgraph.report.charts.series import UnitSeries, draw_series
from netgraph.report.charts.three_grid import draw_three_grid

__all__ = [
    "Profile",
    "RankedSite",
    "ThreeGrid",
    "UnitRatio",
    "UnitSeries",
    "UnitShift",
    "draw_causes",
    "draw_changes",
    "draw_comparison",
    "draw_grades",
    "draw_item_ranking",
    "draw_series",
    "draw_shortfalls",
    "draw_three_grid",
    "split_three",
]
