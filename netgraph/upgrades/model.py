"""What a choice of actions buys, as numbers: what the optimiser and the greedy list share.

A site passes an item if all rows that fail it are cured; several actions may cure one row. Which
rows those are depends on the routes of the site, so a site has one configuration for its routes as
they are and one for each work that changes them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_lists
from netgraph.upgrades.cure_rows import number_cure_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.topology.csr import Csr
    from netgraph.upgrades.cure_rows import CureRows

#: No work on the routes: the site's configuration as it is recorded.
AS_IS = -1


@dataclass(frozen=True)
class Cure:
    """What an item of a site needs to pass: from each row at least one of these actions."""

    item: str
    points: int
    rows: tuple[tuple[int, ...], ...]
    circuit_minutes_avoided: float = 0.0

    def is_done(self, chosen: AbstractSet[int]) -> bool:
        """Whether the chosen actions (numbers) cure every row."""
        return all(not chosen.isdisjoint(row) for row in self.rows)


@dataclass(frozen=True)
class Configuration:
    """One site on certain routes.

    Attributes
    ----------
    line
        Number of the action that makes the routes, :data:`AS_IS` for the recorded ones.
    raw, applicable
        Points without any other action, and marks that apply.
    level
        Worst level of the site's groups.
    minutes_year, faults_month
        Expected outages of the site without any other action; NaN where not known.
    circuit_minutes_avoided
        Expected minutes a year less than on the recorded routes, times the circuits of the site.
    """

    line: int
    raw: int
    applicable: int
    cures: tuple[Cure, ...]
    circuit_minutes_avoided: float = 0.0
    level: str = ""
    minutes_year: float = np.nan
    faults_month: float = np.nan

    @property
    def outages(self) -> tuple[float, float]:
        """Expected minutes a year and faults a month."""
        return self.minutes_year, self.faults_month


@dataclass(frozen=True)
class SiteModel:
    """One site: its weight, its marks, its configurations (as recorded first)."""

    site_id: str
    weight: float
    full_marks: int
    configurations: tuple[Configuration, ...]


@dataclass(frozen=True)
class Outcome:
    """What a site comes to: points, marks, grade (number of thresholds reached), benefit."""

    raw: int
    applicable: int
    full_marks: int
    steps: int
    benefit: float
    configuration: Configuration
    circuit_minutes_avoided: float = 0.0

    @property
    def line(self) -> int:
        """Action that makes the routes, :data:`AS_IS` for the recorded ones."""
        return self.configuration.line

    @property
    def score(self) -> float:
        """Score rescaled to the full marks."""
        return self.raw * self.full_marks / self.applicable if self.applicable else 0.0


@dataclass(frozen=True)
class Capacity:
    """Cores or bores that are left in one row, and what each action takes of them."""

    row: str
    left: float
    uses: Mapping[int, int]


@dataclass(frozen=True, eq=False)
class PlanModel:
    """Everything that a plan is reckoned from.

    Attributes
    ----------
    costs
        Yuan of each action, NaN where it has no price: never chosen.
    requires
        For each action the actions without which it cannot be done.
    exclusive
        Groups of actions of which at most one can be chosen.
    grades
        Least percentage of each grade above the lowest, ascending.
    outages_with
        Of each work on equipment that changes them: site id to expected minutes a year and faults
        a month with this work alone.
    """

    action_ids: tuple[str, ...]
    costs: tuple[float, ...]
    requires: tuple[tuple[int, ...], ...]
    exclusive: tuple[tuple[int, ...], ...]
    capacities: tuple[Capacity, ...]
    sites: tuple[SiteModel, ...]
    grades: tuple[int, ...]
    grade_weight: float
    point_weight: float
    minute_weight: float
    outages_with: Mapping[int, Mapping[str, tuple[float, float]]] = field(default_factory=dict)

    @cached_property
    def sites_of_action(self) -> tuple[tuple[int, ...], ...]:
        """Sites (numbers) whose outcome each action can change."""
        found: list[set[int]] = [set() for _ in self.action_ids]
        for number, site in enumerate(self.sites):
            for configuration in site.configurations:
                if configuration.line != AS_IS:
                    found[configuration.line].add(number)
                for cure in configuration.cures:
                    for row in cure.rows:
                        for action in row:
                            found[action].add(number)
        return tuple(tuple(sorted(sites)) for sites in found)

    @cached_property
    def sites_by_action(self) -> Csr:
        """The same in flat arrays."""
        return csr_of_lists(self.sites_of_action)

    @cached_property
    def cure_rows(self) -> CureRows:
        """Rows of the cures of all sites, numbered."""
        return number_cure_rows(self.sites, len(self.action_ids))

    @cached_property
    def first(self) -> tuple[Outcome, ...]:
        """Outcome of every site without any action."""
        return tuple(self.outcome(number, frozenset()) for number in range(len(self.sites)))

    def steps(self, raw: int, applicable: int) -> int:
        """Grades reached above the lowest, compared in integers."""
        if applicable <= 0:
            return 0
        return sum(raw * 100 >= pct * applicable for pct in self.grades)

    def outcome(self, number: int, chosen: AbstractSet[int]) -> Outcome:
        """Reckon what one site comes to with the chosen actions."""
        site = self.sites[number]
        current = next((c for c in site.configurations if c.line in chosen), site.configurations[0])
        done = [cure for cure in current.cures if cure.is_done(chosen)]
        raw = current.raw + sum(cure.points for cure in done)
        minutes = current.circuit_minutes_avoided + sum(c.circuit_minutes_avoided for c in done)
        steps = self.steps(raw, current.applicable)
        return Outcome(
            raw, current.applicable, site.full_marks, steps,
            self._benefit(site, current, raw, steps, minutes), current, minutes,
        )  # fmt: skip

    def _benefit(
        self, site: SiteModel, now: Configuration, raw: int, steps: int, minutes: float
    ) -> float:
        before = site.configurations[0]
        score = raw * site.full_marks / now.applicable if now.applicable else 0.0
        was = before.raw * site.full_marks / before.applicable if before.applicable else 0.0
        gained = self.grade_weight * (steps - self.steps(before.raw, before.applicable))
        gained += self.point_weight * (score - was)
        gained += self.minute_weight * minutes
        return site.weight * gained

    def benefit(self, chosen: AbstractSet[int]) -> float:
        """Tier-weighted benefit of a choice; sites that it does not touch gain nothing."""
        touched = {site for action in chosen for site in self.sites_of_action[action]}
        return float(sum(self.outcome(site, chosen).benefit for site in sorted(touched)))

    def cost(self, chosen: AbstractSet[int]) -> float:
        """Yuan of a choice, each action once; NaN if one of them has no price."""
        return round(float(sum(self.costs[action] for action in sorted(chosen))), 2)

    def is_feasible(self, chosen: AbstractSet[int]) -> bool:
        """Whether a choice can be done: requirements, one work a route, cores and bores."""
        return (
            not any(np.isnan(self.costs[action]) for action in chosen)
            and all(set(self.requires[action]) <= chosen for action in chosen)
            and all(sum(a in chosen for a in group) <= 1 for group in self.exclusive)
            and all(
                sum(use for action, use in c.uses.items() if action in chosen) <= c.left
                for c in self.capacities
            )
        )

    @cached_property
    def needed_by(self) -> dict[int, list[int]]:
        """Actions that cannot be done without an action, ascending."""
        found: dict[int, list[int]] = defaultdict(list)
        for number, needed in enumerate(self.requires):
            for other in needed:
                found[other].append(number)
        return dict(found)

    @cached_property
    def groups_of_action(self) -> dict[int, list[tuple[int, ...]]]:
        """Groups of which an action is one, and at most one can be chosen."""
        found: dict[int, list[tuple[int, ...]]] = defaultdict(list)
        for group in self.exclusive:
            for action in group:
                found[action].append(group)
        return dict(found)

    @cached_property
    def _capacities_of_action(self) -> dict[int, list[Capacity]]:
        found: dict[int, list[Capacity]] = defaultdict(list)
        for capacity in self.capacities:
            for action in capacity.uses:
                found[action].append(capacity)
        return dict(found)

    def stays_feasible(self, chosen: AbstractSet[int], added: AbstractSet[int]) -> bool:
        """Whether a choice can be done that could be done without what was added to it.

        As :meth:`is_feasible`, but it looks only at what concerns the added actions.
        """
        return not any(
            np.isnan(self.costs[action])
            or not chosen >= set(self.requires[action])
            or any(
                sum(a in chosen for a in group) > 1
                for group in self.groups_of_action.get(action, ())
            )
            or any(
                sum(use for a, use in row.uses.items() if a in chosen) > row.left
                for row in self._capacities_of_action.get(action, ())
            )
            for action in added
        )

    def closure(self, actions: Sequence[int]) -> frozenset[int]:
        """Join actions by all that they require."""
        found = set(actions)
        todo = list(actions)
        while todo:
            more = set(self.requires[todo.pop()]) - found
            found |= more
            todo += sorted(more)
        return frozenset(found)
