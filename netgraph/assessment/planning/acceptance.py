"""What each chosen work is held to when a newer inventory is there: levels, items, cells.

Ids of new rows are never asked for: whoever builds a cable gives it its number. A work is held to
what must be so afterwards, not to the rows by which it was planned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.levels import Level
from netgraph.scoring.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.planning.value import UpgradePlan
    from netgraph.upgrades.action import Action, Cell

    Row = tuple[object, ...]
    #: aspect, site, item, table, row, column, test, expected, work whose sites these are
    Demand = tuple[str, str, str, str, str, str, str, str, str]


def acceptance_rows(plan: UpgradePlan) -> list[Row]:
    """Rows of acceptance.csv: one a demand, of the chosen works only.

    A work on equipment, power or records is held to the cells that it changes, and to the items
    that it cures at the sites it serves, as far as they rest on its rows. A work on the line is
    held to the levels that it promises and the items of the route that it brings to pass; one
    that several sites share, to the levels of the works that need it.
    """
    bench = _Bench(plan)
    return [
        (plan.proposed.actions[number].id, f"{place:04}", *demand)
        for number in sorted(plan.choice.chosen)
        for place, demand in enumerate(bench.demands(number), start=1)
    ]


class _Bench:
    """Looks demands up; what several works ask for is indexed once."""

    def __init__(self, plan: UpgradePlan) -> None:
        self._plan, self._actions = plan, plan.proposed.actions
        self._site = {site.site_id: n for n, site in enumerate(plan.model.sites)}
        circuits = plan.before.network.inventory.table("circuits")
        self._a_end = dict(zip(circuits["id"].tolist(), circuits["a_id"].tolist(), strict=True))
        card = plan.before.options.card
        self._of_the_route = {item.id for item in card.items if item.source == "graph"}
        self._order = {item.id: place for place, item in enumerate(card.items)}
        self._cured = self._items_cured()
        self._needed_by: dict[int, list[int]] = {}
        for number in sorted(plan.choice.chosen):
            for other in plan.model.closure([number]) - {number}:
                self._needed_by.setdefault(other, []).append(number)

    def demands(self, number: int) -> list[Demand]:
        """Give everything that one work is held to, each demand once."""
        action = self._actions[number]
        if not action.is_line_work:
            found = [*self._cells(action), *self._cured_items(number)]
        elif action.routed_sites:
            found = [*self._levels(number, ""), *self._route_items(action), *self._cells(action)]
        else:
            found = [
                demand
                for other in self._needed_by.get(number, ())
                for demand in self._levels(other, self._actions[other].id)
            ]
        return list(dict.fromkeys(found))

    def _levels(self, number: int, through: str) -> Iterator[Demand]:
        for site in self._actions[number].routed_sites:
            if site not in self._site:
                continue
            for routes in self._plan.model.sites[self._site[site]].configurations:
                if routes.line == number:
                    level = self._promised(site, routes.level)
                    yield "level", site, "", "", "", "", "at_least", level, through

    def _promised(self, site: str, level: str) -> str:
        """Give the level of a plan; a survey of the drawn routes is asked for where the tier asks.

        Routes can be planned on surveyed spans and be recorded undrawn: diverse is what was sold.
        """
        place = self._plan.before.network.places.index.find(site)
        tier = "" if place is None else self._plan.before.tiers[place]
        required = self._plan.before.options.rules.required.get(tier)
        is_asked = required is Level.SEPARATED
        return level if level != Level.SEPARATED or is_asked else Level.DIVERSE.value

    def _route_items(self, action: Action) -> Iterator[Demand]:
        """Items that rest on the routes alone, and pass with this work and not without it."""
        places = self._plan.before.network.places.index
        before = self._plan.before.scores.by_place
        after = self._plan.proposed.routed[action.kind].scores.by_place
        for site in action.routed_sites:
            place = places.find(site)
            if place is None or place not in before or place not in after:
                continue
            for item, judged in after[place].items.items():
                was = before[place].items.get(item)
                is_gained = was is None or was.result is not Result.PASS
                if item in self._of_the_route and judged.result is Result.PASS and is_gained:
                    yield "item", site, item, "", "", "", "is", Result.PASS.value, ""

    def _cells(self, action: Action) -> Iterator[Demand]:
        for change in action.changes:
            for column, value in change.values.items():
                # How a circuit is said to be protected proves nothing: its level is asked for.
                if not (action.is_line_work and column == "protection"):
                    yield (
                        "cell", "", "", change.table, change.row_id, column,
                        *_test(column, value), "",
                    )  # fmt: skip
            if action.is_line_work and change.table == "circuits":
                end = self._a_end.get(change.row_id, "")
                yield "cell", "", "", "circuits", change.row_id, "a_id", "is", end, ""

    def _cured_items(self, number: int) -> Iterator[Demand]:
        for item in sorted(self._cured.get(number, ()), key=lambda name: self._order[name]):
            yield "item", "", item, "", "", "", "is", Result.PASS.value, ""

    def _items_cured(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for site in self._plan.model.sites:
            for routes in site.configurations:
                for cure in routes.cures:
                    for row in cure.rows:
                        for number in row:
                            found.setdefault(number, set()).add(cure.item)
        return found


def _test(column: str, value: Cell) -> tuple[str, str]:
    """How a cell is held to the value that a work gives it: (test, expected)."""
    if isinstance(value, bool):
        return "is", "true" if value else "false"
    if isinstance(value, (int, float)):
        return "at_least", f"{value:g}"
    if column == "protection":
        return "other_than", "none"
    if column == "installed":
        return "not_before", str(value)
    return "is", str(value or "")
