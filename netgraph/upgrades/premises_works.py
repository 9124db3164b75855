"""Works on power, rooms and what inspections record, at sites and offices."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.hazards import stable_id
from netgraph.upgrades.action import Action, Change, Kind, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netgraph.inventory import Inventory
    from netgraph.upgrades.action import Cell
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.shortcomings import Shortcomings


class _Flag(NamedTuple):
    """A yes-or-no column that decides an item, and the price of making it a yes."""

    item: str
    tables: tuple[str, ...]
    column: str
    price: str


_FLAGS = (
    _Flag("CE3", ("sites",), "room_ok", "room_in_order"),
    _Flag("CPE4", ("equipment",), "room_ok", "room_in_order"),
    _Flag("CPE4", ("equipment",), "labels_ok", "labels_in_order"),
    _Flag("UP6", ("offices", "rooms"), "env_monitored", "monitoring"),
    _Flag("UP7", ("equipment",), "grounding_ok", "grounding"),
    _Flag("UP12", ("offices", "rooms"), "room_ok", "room_in_order"),
)


class _Option(NamedTuple):
    """One way to make a power supply reliable."""

    kind: Kind
    quantities: Mapping[str, float]
    values: Mapping[str, Cell]


def propose_premises_works(
    inventory: Inventory, lacking: Shortcomings, prices: Prices, settings: Settings
) -> list[Action]:
    """Propose the cheapest power supply that is enough, and to put in order what is not.

    A record that says false is a work of its own ("records" price); what is not recorded is none.
    """
    cells = _Cells(inventory)
    works = [*_power(cells, lacking, prices, settings), *_flags(cells, lacking, prices)]
    return [*works, *_records(inventory, lacking, prices, settled_rows(works))]


def settled_rows(works: Iterable[Action]) -> frozenset[str]:
    """Rows that works change, records among them."""
    return frozenset(row for work in works for row in work.changed_rows())


class _Cells:
    """Numbers in single rows, and what inspections found wrong; each table is looked through once.

    Of rows with the same id the first counts.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._row_of: dict[str, dict[str, int]] = {}
        table = inventory.table("records")
        self._wrong: dict[str, list[tuple[str, str]]] = {}
        for row in np.flatnonzero(table["passed"] == "false").tolist():
            entry = table["item_id"][row], table.row_id(row)
            self._wrong.setdefault(table["subject_id"][row], []).append(entry)

    def number(self, table: str, name: str, column: str) -> float:
        """Give a number, or 1 and 0 for a yes and a no; NaN where there is none."""
        rows = self._inventory.table(table)
        if table not in self._row_of:
            ids = rows["id"].tolist()
            self._row_of[table] = dict(zip(ids[::-1], range(len(ids) - 1, -1, -1), strict=True))
        row = self._row_of[table].get(name)
        return float("nan") if row is None else float(rows[column][row])

    def cleared(self, name: str, *items: str) -> tuple[Change, ...]:
        """Clear what an inspection of the same row found wrong: the work has put it right."""
        wrong = self._wrong.get(name, ())
        return tuple(
            Change("records", row_id, {"passed": "true"}) for item, row_id in wrong if item in items
        )


def _survey(prices: Prices) -> tuple[Survey, ...]:
    return (Survey.DEFAULT_PRICE,) if prices.is_default else ()


def _power(
    cells: _Cells, lacking: Shortcomings, prices: Prices, settings: Settings
) -> Iterator[Action]:
    for name, _, sites in lacking.of("sites", "CE2"):
        feeds = cells.number("sites", name, "power_feeds")
        if not np.isnan(feeds) and feeds < 2:
            options = list(_site_options(feeds))
            yield _supply(cells, ("sites", name), sites, options, prices)
    for table in ("offices", "rooms"):
        for name, _, sites in lacking.of(table, "UP5"):
            feeds = cells.number(table, name, "power_feeds")
            if not np.isnan(feeds) and feeds < 2:
                hours = cells.number(table, name, "battery_hours")
                has_generator = cells.number(table, name, "generator") == 1
                options = list(
                    _office_options(
                        feeds, settings, has_battery=hours > 0, has_generator=has_generator
                    )
                )
                yield _supply(cells, (table, name), sites, options, prices)


def _site_options(feeds: float) -> Iterator[_Option]:
    lacking = 2 - int(feeds)
    yield _Option(Kind.POWER_FEED, {"power_feed": lacking}, {"power_feeds": 2.0})
    first: dict[str, float] = {"power_feed": 1} if feeds < 1 else {}
    for kind in (Kind.UPS, Kind.GENERATOR):
        yield _Option(kind, {**first, kind.value: 1}, {"power_feeds": 1.0, kind.value: True})


def _office_options(
    feeds: float, settings: Settings, *, has_battery: bool, has_generator: bool
) -> Iterator[_Option]:
    lacking = 2 - int(feeds)
    yield _Option(Kind.POWER_FEED, {"power_feed": lacking}, {"power_feeds": 2.0})
    quantities: dict[str, float] = {"power_feed": 1} if feeds < 1 else {}
    values: dict[str, Cell] = {"power_feeds": 1.0, "generator": True}
    if not has_battery:
        quantities["battery"] = 1
        values["battery_hours"] = settings.battery_hours
    if not has_generator:
        quantities["generator"] = 1
    yield _Option(Kind.GENERATOR, quantities, values)


def _supply(
    cells: _Cells,
    row: tuple[str, str],
    sites: tuple[str, ...],
    options: list[_Option],
    prices: Prices,
) -> Action:
    """Take the cheapest option that has a price; the first of all if none has one."""

    def cost(option: _Option) -> float:
        yuan = prices.cost_of(**option.quantities)
        return float("inf") if yuan is None else yuan

    best = min(options, key=cost)
    table, name = row
    item = "CE2" if table == "sites" else "UP5"
    return Action(
        id=stable_id("W", best.kind, f"{table}:{name}"),
        kind=best.kind,
        title=name,
        quantities=best.quantities,
        cost_yuan=prices.cost_of(**best.quantities),
        sites=sites,
        changes=(Change(table, name, best.values), *cells.cleared(name, item)),
        evidence=(f"{table}:{name}",),
        survey_reasons=_survey(prices),
    )


def _flags(cells: _Cells, lacking: Shortcomings, prices: Prices) -> Iterator[Action]:
    """One work a row: everything about it that is recorded as wrong."""
    found: dict[tuple[str, str], tuple[set[str], dict[str, Cell], dict[str, float]]] = {}
    items: dict[tuple[str, str], set[str]] = {}
    for flag in _FLAGS:
        for table in flag.tables:
            for name, _, sites in lacking.of(table, flag.item):
                if cells.number(table, name, flag.column) == 0:
                    entry = found.setdefault((table, name), (set(), {}, {}))
                    entry[0].update(sites)
                    items.setdefault((table, name), set()).add(flag.item)
                    entry[1][flag.column] = True
                    entry[2][flag.price] = 1
    for (table, name), (sites_of, values, quantities) in sorted(found.items()):
        yield Action(
            id=stable_id("W", Kind.PUT_IN_ORDER, f"{table}:{name}", *sorted(values)),
            kind=Kind.PUT_IN_ORDER,
            title=name,
            quantities=quantities,
            cost_yuan=prices.cost_of(**quantities),
            sites=tuple(sorted(sites_of)),
            changes=(
                Change(table, name, values),
                *cells.cleared(name, *sorted(items[table, name])),
            ),
            evidence=(f"{table}:{name}",),
            survey_reasons=_survey(prices),
        )


def _records(
    inventory: Inventory, lacking: Shortcomings, prices: Prices, settled: frozenset[str]
) -> Iterator[Action]:
    table = inventory.table("records")
    wrong = np.flatnonzero(table["passed"] == "false").tolist()
    for name in sorted({table.row_id(row) for row in wrong}):
        failed = lacking.items.get(f"records:{name}")
        if failed is None or f"records:{name}" in settled:
            continue
        yield Action(
            id=stable_id("W", Kind.RECORD_ITEM, f"records:{name}"),
            kind=Kind.RECORD_ITEM,
            title=name,
            quantities={"record_item": 1},
            cost_yuan=prices.cost_of(record_item=1),
            sites=tuple(sorted({site for sites in failed.values() for site in sites})),
            changes=(Change("records", name, {"passed": "true"}),),
            evidence=(f"records:{name}",),
            survey_reasons=_survey(prices),
        )
