"""Rows of the tables of a plan, in the column order of the output contract."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.planning.acceptance import acceptance_rows
from netgraph.assessment.planning.why_not import find_bottlenecks, find_why_not
from netgraph.assessment.works.lines import work_line_rows
from netgraph.diversity.levels import RANK, Level
from netgraph.report.figures import modelled_basis
from netgraph.upgrades.open_cures import OpenCures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.upgrades.action import Action
    from netgraph.upgrades.model import Outcome

    Row = tuple[object, ...]

_PER_YUAN = 10_000.0


def plan_rows(plan: UpgradePlan, table: str) -> list[Row]:
    """Rows of one table of the output contract: upgrades, frontier, acceptance and so on."""
    makers = {
        "upgrades": _upgrades, "equipment_works": _equipment_works, "frontier": _frontier,
        "greedy": _greedy, "upgrade_sites": _sites, "acceptance": acceptance_rows,
        "work_lines": _work_lines,
    }  # fmt: skip
    return makers[table](plan)


@dataclass(frozen=True)
class WorkFigures:
    """What one work buys: of the chosen ones, what the plan loses without it.

    Attributes
    ----------
    priority
        1 is the first to do: chosen works by benefit per cost, then the others.
    benefit
        Of a chosen work what is lost without it (and what rests on it), else what it would add.
    before, after
        The sites that it serves, as they are, and with this work (and what it requires) alone.
    outages_before, outages_after
        The same sites' expected minutes a year and faults a month; NaN where not known.
    circuit_minutes_avoided
        Minutes less, times the circuits of each site; sites without figures left out.
    """

    priority: int
    is_chosen: bool
    benefit: float
    before: tuple[Outcome, ...]
    after: tuple[Outcome, ...]
    outages_before: tuple[tuple[float, float], ...]
    outages_after: tuple[tuple[float, float], ...]
    circuit_minutes_avoided: float

    def per_10k(self, cost: float | None) -> float | None:
        """Benefit per 10,000 yuan; None without a cost."""
        if cost is None:
            return None
        return self.benefit / max(cost, 1.0) * _PER_YUAN


class Figures:
    """Figures of all works of a plan."""

    def __init__(self, plan: UpgradePlan) -> None:
        self._model, self._chosen = plan.model, set(plan.choice.chosen)
        self._number = {site.site_id: n for n, site in enumerate(plan.model.sites)}
        self._actions = plan.proposed.actions
        self._standing, self._nothing = OpenCures(plan.model), OpenCures(plan.model)
        self._standing.choose(self._chosen, self._chosen)
        network = plan.before.network
        starts = network.circuits.a
        circuits = np.bincount(starts[starts >= 0], minlength=len(network.places))
        self._index, self._circuits_at = network.places.index, circuits
        at = [self._index.find(site.site_id) for site in plan.model.sites]
        self._circuits = [0 if place is None else int(circuits[place]) for place in at]

    @cached_property
    def works(self) -> list[WorkFigures]:
        """One a work, in the order of the actions."""
        benefit = [self._benefit(number) for number in range(len(self._actions))]

        def rank(number: int) -> tuple[bool, bool, float, str]:
            cost = self._actions[number].cost_yuan
            ratio = -benefit[number] / max(cost or 0.0, 1.0)
            return number not in self._chosen, cost is None, ratio, self._actions[number].id

        order = sorted(range(len(self._actions)), key=rank)
        priority = {number: place for place, number in enumerate(order, start=1)}
        return [self._figures(n, priority[n], benefit[n]) for n in range(len(self._actions))]

    def _benefit(self, number: int) -> float:
        """Worth of a work beside the choice; only sites that it changes are looked at."""
        model, chosen = self._model, self._chosen
        if number in chosen:
            return self._lost(self._resting_on(number), set())
        rivals = {
            rival for group in model.groups_of_action.get(number, ()) for rival in group
            if rival != number
        }  # fmt: skip
        return -1.0 * self._lost(rivals & chosen, set(model.closure([number])) - chosen)

    def _resting_on(self, number: int) -> set[int]:
        """Give a chosen work, and the chosen ones that cannot be done without it."""
        found, todo = {number}, [number]
        while todo:
            more = set(self._model.needed_by.get(todo.pop(), ())) & self._chosen - found
            found |= more
            todo += sorted(more)
        return found

    def _lost(self, dropped: set[int], added: set[int]) -> float:
        """Benefit of the choice less what it would be with other works; it stays as it is."""
        model, chosen, standing = self._model, self._chosen, self._standing
        sites = set(standing.changed_without(dropped)) if dropped else set[int]()
        if dropped:
            chosen -= dropped
            standing.drop(dropped, chosen)
        sites |= set(standing.changed_by(added)) if added else set()
        chosen |= added
        other = {site: model.outcome(site, chosen).benefit for site in sorted(sites)}
        chosen -= added
        chosen |= dropped
        if dropped:
            standing.choose(dropped, chosen)
        now = {site: model.outcome(site, chosen).benefit for site in other}
        return float(sum(now[site] - worth for site, worth in other.items()))

    def circuits_at(self, site_ids: Iterable[str]) -> int:
        """Count the circuits of some sites."""
        places = {place for site in site_ids if (place := self._index.find(site)) is not None}
        return int(self._circuits_at[sorted(places)].sum())

    def _figures(self, number: int, priority: int, benefit: float) -> WorkFigures:
        model = self._model
        sites = [self._number[s] for s in self._actions[number].sites if s in self._number]
        alone = model.closure([number])
        changed_sites = set(self._nothing.changed_by(alone))
        before = tuple(model.first[site] for site in sites)
        after = tuple(
            model.outcome(site, alone) if site in changed_sites else model.first[site]
            for site in sites
        )
        outages = tuple(outcome.configuration.outages for outcome in before)
        changed = model.outages_with.get(number, {})
        outages_after = tuple(
            changed.get(model.sites[site].site_id, outcome.configuration.outages)
            for site, outcome in zip(sites, after, strict=True)
        )
        fewer = (
            (one[0] - other[0]) * self._circuits[site]
            for site, one, other in zip(sites, outages, outages_after, strict=True)
        )
        return WorkFigures(
            priority=priority,
            is_chosen=number in self._chosen,
            benefit=benefit,
            before=before,
            after=after,
            outages_before=outages,
            outages_after=outages_after,
            circuit_minutes_avoided=sum(minutes for minutes in fewer if not isnan(minutes)),
        )


def _upgrades(plan: UpgradePlan) -> list[Row]:
    figures, rows = plan.figures, []
    for action, work in zip(plan.proposed.actions, figures.works, strict=True):
        if not action.is_line_work:
            continue
        metres = [
            float(action.quantities.get(name, 0.0))
            for name in ("duct", "pole_line", "buried", "cable_in_duct", "cable_aerial")
        ]
        rows.append((
            action.id, work.priority, work.is_chosen, action.kind.value, ";".join(action.sites),
            action.from_id, action.to_id, "|".join(";".join(ring) for ring in action.rings),
            *metres, action.cores,
            *_money_and_marks(plan, action, work),
            ";".join(action.requires), ";".join(action.constraints),
            *_doubts(action), ";".join(action.evidence), _basis(work),
        ))  # fmt: skip
    return rows


def _equipment_works(plan: UpgradePlan) -> list[Row]:
    figures, rows = plan.figures, []
    equipment = plan.before.network.inventory.table("equipment")
    model_of = dict(zip(equipment["id"].tolist(), equipment["model"].tolist(), strict=True))
    for action, work in zip(plan.proposed.actions, figures.works, strict=True):
        if action.is_line_work:
            continue
        table, _, name = (action.evidence[0] if action.evidence else ":").partition(":")
        first = action.changes[0]
        rows.append((
            action.id, work.priority, work.is_chosen, action.kind.value, ";".join(action.sites),
            table, name, model_of.get(name, "") if table == "equipment" else "",
            ";".join(first.values),
            "; ".join(f"{amount:g} {what}" for what, amount in action.quantities.items()),
            *_money_and_marks(plan, action, work), *_doubts(action), ";".join(action.evidence),
            _basis(work),
        ))  # fmt: skip
    return rows


def _money_and_marks(plan: UpgradePlan, action: Action, work: WorkFigures) -> Row:
    """Cost, price level, circuits, benefit; scores, grades, levels, outages before and after."""
    return (
        action.cost_yuan, plan.options.prices.price_level,
        _mean_score(work.before), _mean_score(work.after),
        _worst_grade(plan, work.before), _worst_grade(plan, work.after),
        plan.figures.circuits_at(action.sites), work.circuit_minutes_avoided,
        work.benefit, work.per_10k(action.cost_yuan),
        _worst_level(work.before), _worst_level(work.after),
        *_outages(work.outages_before), *_outages(work.outages_after),
    )  # fmt: skip


def _doubts(action: Action) -> Row:
    return (
        action.needs_survey, ";".join(reason.value for reason in action.survey_reasons),
        action.reason.value,
    )  # fmt: skip


def _mean_score(outcomes: Iterable[Outcome]) -> float | None:
    scores = [outcome.score for outcome in outcomes if outcome.applicable]
    return sum(scores) / len(scores) if scores else None


def _worst_grade(plan: UpgradePlan, outcomes: Iterable[Outcome]) -> str | None:
    worst = min(outcomes, key=lambda outcome: outcome.steps, default=None)
    return None if worst is None else _grade(plan, worst)


def _grade(plan: UpgradePlan, outcome: Outcome) -> str:
    return plan.before.options.card.grade_of(outcome.raw, outcome.applicable)


def _worst_level(outcomes: Iterable[Outcome]) -> str | None:
    levels = [Level(outcome.configuration.level) for outcome in outcomes]
    return min(levels, key=RANK.__getitem__).value if levels else None


def _outages(of_sites: Iterable[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Add up expected minutes a year and faults a month; None if one is unknown."""
    figures = list(of_sites)
    minutes, faults = (sum(each) for each in zip(*figures, strict=True)) if figures else (nan, nan)
    return (None if isnan(minutes) else minutes, None if isnan(faults) else faults)


def _basis(work: WorkFigures) -> str | None:
    figures = (*_outages(work.outages_before), *_outages(work.outages_after))
    return modelled_basis(work.circuit_minutes_avoided, *figures)


def _frontier(plan: UpgradePlan) -> list[Row]:
    return [
        (
            f"{number:02}", point.budget_yuan, point.choice.cost, point.choice.benefit,
            point.choice.bound, point.choice.gap, point.choice.is_proven, len(point.choice.chosen),
            point.greedy_cost, point.greedy_benefit,
            *_grades(plan, point.choice.chosen),
        )
        for number, point in enumerate(plan.frontier_points, start=1)
    ]  # fmt: skip


def _work_lines(plan: UpgradePlan) -> list[Row]:
    chosen = plan.choice.chosen
    works = [(action, number in chosen) for number, action in enumerate(plan.proposed.actions)]
    return work_line_rows(plan.before.network, works)


def _grades(plan: UpgradePlan, chosen: frozenset[int]) -> tuple[int, ...]:
    """Sites by grade, best first."""
    outcomes = [plan.model.outcome(n, chosen) for n in range(len(plan.model.sites))]
    grades = [_grade(plan, outcome) for outcome in outcomes]
    return tuple(grades.count(name) for name in ("excellent", "good", "fair", "poor"))


def _greedy(plan: UpgradePlan) -> list[Row]:
    ids = plan.model.action_ids
    rows: list[Row] = []
    cost = benefit = 0.0
    for step, pick in enumerate(plan.greedy_picks, start=1):
        rows.append((
            f"{step:05}", ";".join(ids[a] for a in pick.actions),
            pick.cost - cost, pick.benefit - benefit, pick.cost, pick.benefit,
        ))  # fmt: skip
        cost, benefit = pick.cost, pick.benefit
    return rows


def _sites(plan: UpgradePlan) -> list[Row]:
    return [_site(plan, number) for number in range(len(plan.model.sites))]


def _site(plan: UpgradePlan, number: int) -> Row:
    """One site before and after, as re-assessed."""
    model, after = plan.model, plan.after
    site = model.sites[number]
    before = model.first[number]
    raw, applicable, grade = after.site_scores[site.site_id]
    place = plan.before.network.places.index.find(site.site_id)
    works = [a.id for a in plan.chosen if site.site_id in a.sites]
    why_not = find_why_not(plan, number)
    outages = (
        *_outages([before.configuration.outages]),
        after.minutes_year.get(site.site_id), after.faults_month.get(site.site_id),
    )  # fmt: skip
    return (
        site.site_id, plan.before.tiers[place] if place is not None else "",
        before.score, raw * site.full_marks / applicable if applicable else None,
        _grade(plan, before), grade, before.configuration.level, after.levels[site.site_id],
        *outages, ";".join(works), site.site_id in plan.mismatches,
        why_not, find_bottlenecks(plan, site.site_id, why_not), _city(plan, place),
        modelled_basis(*outages),
    )  # fmt: skip


def _city(plan: UpgradePlan, place: int | None) -> str:
    if place is None:
        return ""
    row = plan.before.network.places.rows[place]
    return str(plan.before.network.inventory.table("sites")["city"][row])
