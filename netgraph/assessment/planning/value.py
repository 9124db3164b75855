"""A plan of works as a value: tables, totals, and how it shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from netgraph.assessment.planning import rows
from netgraph.assessment.planning.check import find_mismatches
from netgraph.assessment.planning.rows import Figures
from netgraph.assessment.planning.summary import summarise_plan
from netgraph.assessment.works.drawing import plan_drawing
from netgraph.report.charts.frontier import draw_frontier
from netgraph.report.contract import table_specs
from netgraph.report.maps.plan_map import draw_before_after, draw_plan
from netgraph.report.plan.model import PLAN_TABLES, planned_works
from netgraph.report.works import plan_html

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from netgraph.assessment.planning.check import Reassessed
    from netgraph.assessment.planning.run import UpgradeOptions
    from netgraph.assessment.results import Results
    from netgraph.inventory import Inventory
    from netgraph.report.labels import Language
    from netgraph.report.maps.plan_map import PlanDrawing
    from netgraph.report.plan.model import PlannedWorks
    from netgraph.report.works import PlanSummary
    from netgraph.upgrades.action import Action, Kind
    from netgraph.upgrades.choice import Choice
    from netgraph.upgrades.greedy import Pick
    from netgraph.upgrades.model import PlanModel
    from netgraph.upgrades.protection.plan import ProtectionPlan
    from netgraph.upgrades.routed import Routed


@dataclass(frozen=True, eq=False)
class Proposed:
    """Every work drawn up, and why some sites have no work on the line.

    Attributes
    ----------
    reasons
        Site id to why no second route on today's plant is proposed.
    rings
        The plan of ring protection, None where none was asked for or needed. Where a price is
        missing, what it says of the sites that it leaves unprotected is what a plan with assumed
        prices came to.
    without_route
        Sites for which new plant was planned, but no two routes through it were found.
    routed
        The network with all works of one kind on the line done, judged and scored.
    """

    actions: tuple[Action, ...]
    reasons: Mapping[str, str]
    rings: ProtectionPlan | None
    without_route: tuple[str, ...]
    routed: Mapping[Kind, Routed] = field(repr=False)


@dataclass(frozen=True)
class FrontierPoint:
    """The best choice for one budget, and the greedy list's beside it."""

    budget_yuan: float
    choice: Choice
    greedy_cost: float
    greedy_benefit: float


@dataclass(frozen=True, eq=False, repr=False)
class UpgradePlan:
    """Works proposed and chosen, what they cost and buy, checked by re-assessment.

    Attributes
    ----------
    before, after
        The assessment, and the changed inventory judged by the same rules.
    proposed
        Every work, chosen or not.
    model, choice
        What the choice was reckoned from; the chosen works, their cost, benefit and bound.
    target
        Thresholds of the target grade, 0 for a plan by budget.
    is_stopped
        Somebody asked to stop: the plan is the best until then.
    """

    options: UpgradeOptions
    before: Results
    after: Reassessed
    proposed: Proposed = field(repr=False)
    model: PlanModel
    choice: Choice
    frontier_points: tuple[FrontierPoint, ...]
    greedy_picks: tuple[Pick, ...]
    target: int
    seconds: Mapping[str, float]
    is_stopped: bool = False

    @cached_property
    def upgrades(self) -> pd.DataFrame:
        """Works on lines and rings, columns as in upgrades.csv, in order of priority."""
        return self._frame("upgrades").sort_values("priority", ignore_index=True)

    @cached_property
    def equipment_works(self) -> pd.DataFrame:
        """Works on equipment, power and records, columns as in equipment_works.csv."""
        return self._frame("equipment_works").sort_values("priority", ignore_index=True)

    @cached_property
    def frontier(self) -> pd.DataFrame:
        """Cost against benefit, columns as in frontier.csv."""
        return self._frame("frontier")

    @cached_property
    def greedy(self) -> pd.DataFrame:
        """The list by value per cost, with cumulative figures: a baseline."""
        return self._frame("greedy")

    @cached_property
    def sites(self) -> pd.DataFrame:
        """Every planned site before and after, columns as in upgrade_sites.csv."""
        return self._frame("upgrade_sites")

    @property
    def inventory(self) -> Inventory:
        """The inventory as it would be recorded with the chosen works done."""
        return self.after.inventory

    @cached_property
    def chosen(self) -> tuple[Action, ...]:
        """The chosen works."""
        return tuple(self.proposed.actions[number] for number in sorted(self.choice.chosen))

    @cached_property
    def mismatches(self) -> tuple[str, ...]:
        """Sites for which the prediction differs from the re-assessment; none is expected."""
        return tuple(find_mismatches(self.model, self.choice.chosen, self.after))

    @cached_property
    def summary(self) -> PlanSummary:
        """Totals by kind, grades before and after, the gap, and what greedy would give."""
        return summarise_plan(self)

    @cached_property
    def works(self) -> PlannedWorks:
        """The plan as plain values, as it is read back from its folder."""
        return planned_works(self.summary, {name: self.rows(name) for name in PLAN_TABLES})

    def plot(self, ax: Axes | None = None, *, lang: str | None = None) -> Axes:
        """Draw what the plan builds, and the sites with the grades that they reach.

        Parameters
        ----------
        ax
            Where to draw; a new figure when omitted.
        lang
            "zh" or "en"; the language of the assessment when omitted.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return draw_plan(self._drawing(lang), ax)

    def plot_before_after(
        self, axes: tuple[Axes, Axes] | None = None, *, lang: str | None = None
    ) -> tuple[Axes, Axes]:
        """Draw the sites by grade as they are, and beside them with the works done.

        Parameters
        ----------
        axes
            Two Axes; a new figure when omitted.
        lang
            As in :meth:`plot`.

        Returns
        -------
        tuple of matplotlib.axes.Axes
        """
        return draw_before_after(self._drawing(lang), axes)

    def plot_frontier(self, ax: Axes | None = None, *, lang: str | None = None) -> Axes:
        """Draw cost against benefit: the optimum of each budget, the greedy list, this plan.

        Parameters and result as in :meth:`plot`.
        """
        return draw_frontier(self.works, ax, lang=self._language(lang))

    def _drawing(self, lang: str | None) -> PlanDrawing:
        return plan_drawing(self.before, self.works, self._language(lang))

    def _language(self, lang: str | None) -> Language:
        return "zh" if (lang or self.options.assessment.lang) == "zh" else "en"

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """Rows of one table of the output contract; made once."""
        if table not in self._made:
            self._made[table] = rows.plan_rows(self, table)
        return self._made[table]

    @cached_property
    def figures(self) -> Figures:
        """What each proposed work buys, in the order of the proposals."""
        return Figures(self)

    @cached_property
    def _made(self) -> dict[str, list[tuple[object, ...]]]:
        return {}

    def _frame(self, table: str) -> pd.DataFrame:
        return pd.DataFrame(self.rows(table), columns=list(table_specs()[table].names))

    def __repr__(self) -> str:
        """Show counts; the fields would fill screens."""
        chosen, all_ = len(self.choice.chosen), len(self.proposed.actions)
        return f"<UpgradePlan: {chosen} of {all_} works, {self.choice.cost:,.0f} yuan>"

    def _repr_html_(self) -> str:
        return plan_html(self.summary, self._language(None))
