"""Items about upstream equipment and offices that the ledgers decide (UP), spares and crew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.items_site import age_facts
from netgraph.scoring.results import (
    Fact,
    ItemResult,
    Result,
    all_hold,
    all_of,
    not_applicable,
    three_valued,
    unknown,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from netgraph.inventory import Table
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Ints

    _Judge = Callable[[Table, int], bool | None]


def office_power(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP5: every access office has two feeds, or one feed, a battery and a generator."""
    return _offices(site, site.access_offices, "UP5", _office_powered)


def aggregation_monitored(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP6: power and environment are monitored at the aggregation offices."""
    role = site.network.places.role
    aggregation = site.offices[role[site.offices] == "aggregation"]
    if len(aggregation) == 0 and site.routes_are_known and (role[site.offices] != "").all():
        return not_applicable(*(f"offices:{site.network.places.ids[p]}" for p in site.offices))
    return _offices(site, aggregation, "UP6", _flag("env_monitored"))


def grounding(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP7: grounding and lightning protection to rule."""
    return _devices(site, site.transport, "grounding_ok", "UP7")


def manageable(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP8: everything end to end is manageable, the CPE included."""
    return _devices(site, site.all_devices, "manageable", "UP8")


def alarms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP9: everything end to end has alarms, the CPE included."""
    return _devices(site, site.all_devices, "alarms", "UP9")


def in_nms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP10: every circuit is watched by the network management platform."""
    circuits = site.network.circuits
    values = site.base.inventory.table("circuits")["in_nms"][circuits.rows]
    return all_hold(
        site.fact(three_valued(float(values[c])), "circuits", str(circuits.ids[c]), "UP10")
        for c in site.circuits
    )


def upstream_age(site: SiteFacts, card: Scorecard) -> ItemResult:
    """UP11: the oldest transport element is younger than the limit."""
    facts = age_facts(site, site.transport, card.max_age_years, "UP11")
    return all_hold([*facts, *_open_ends(site)])


def office_rooms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP12: every office room on the routes meets the rule."""
    return _offices(site, site.offices, "UP12", _flag("room_ok"))


def access_technology(site: SiteFacts, card: Scorecard) -> ItemResult:
    """UP13: the leased line comes in by one of the accepted technologies."""
    circuits = site.network.circuits
    techs = site.base.inventory.table("circuits")["access_tech"][circuits.rows]
    return all_hold(
        site.fact(
            None if not techs[c] else techs[c].strip().upper() in card.access_techs,
            "circuits", str(circuits.ids[c]), "UP13",
        )
        for c in site.circuits
    )  # fmt: skip


def spares(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """SP1: spares recorded for the site and for every office on the routes."""
    facts = [_recorded(site, "SP1", _site_scopes(site))]
    facts += [_recorded(site, "SP1", _office_scopes(site, int(p))) for p in site.offices]
    facts += [Fact(None, row) for row in site.unknown_routes]
    return all_hold(facts)


def recorded(site: SiteFacts, item: str) -> ItemResult:
    """IN1, IN2 and items of the user's own: the nearest record decides."""
    found = site.base.ledger.find(item, _site_scopes(site))
    if found is None:
        return unknown(f"records:{site.site_id}/{item}")
    subject, passed = found
    row = f"records:{subject}/{item}"
    if passed == "not_applicable":
        return not_applicable(row)
    return ItemResult(Result.PASS if passed == "true" else Result.FAIL, (row,))


def _site_scopes(site: SiteFacts) -> tuple[str, ...]:
    table = site.base.inventory.table("sites")
    return (site.site_id, *(table[name][site.row] for name in ("customer_id", "county", "city")))


def _office_scopes(site: SiteFacts, place: int) -> tuple[str, ...]:
    table, row = site.base.inventory.table("offices"), int(site.network.places.rows[place])
    return (str(site.network.places.ids[place]), table["county"][row], table["city"][row])


def _recorded(site: SiteFacts, item: str, scopes: tuple[str, ...]) -> Fact:
    found = site.base.ledger.find(item, scopes)
    if found is None:
        return Fact(None, f"records:{scopes[0]}/{item}")
    subject, passed = found
    return Fact({"true": True, "false": False}.get(passed), f"records:{subject}/{item}")


def _devices(site: SiteFacts, devices: Ints, column: str, item: str) -> ItemResult:
    return all_hold([*site.device_facts(devices, column, item), *_open_ends(site)])


def _open_ends(site: SiteFacts) -> list[Fact]:
    """Routes that are not known, and links that name no element, keep an item open."""
    return [Fact(None, row) for row in (*site.unknown_routes, *site.links_without_devices)]


def _offices(
    site: SiteFacts, places: Ints, item: str, judge: _Judge
) -> ItemResult:
    """One fact an office, or a room of it where the routes' equipment names rooms."""
    facts = []
    for place in places:
        for table, row, name in _rooms(site, int(place)):
            value = judge(site.base.inventory.table(table), row)
            facts.append(site.fact(value, table, name, item))
    return all_hold([*facts, *(Fact(None, row) for row in site.unknown_routes)])


def _rooms(site: SiteFacts, place: int) -> list[tuple[str, int, str]]:
    equipment = site.network.equipment
    here = [d for d in site.transport if equipment.location[d] == place]
    rooms = sorted({int(equipment.room[d]) for d in here} - {-1})
    if rooms:
        return [("rooms", r, str(equipment.room_ids[r])) for r in rooms]
    row = int(site.network.places.rows[place])
    return [("offices", row, str(site.network.places.ids[place]))]


def _office_powered(table: Table, row: int) -> bool | None:
    """Two feeds, or one feed with a battery and a generator; unknown feeds are unknown."""
    feeds, hours = float(table["power_feeds"][row]), float(table["battery_hours"][row])
    if np.isnan(feeds):
        return None
    if feeds != 1:
        return feeds >= 2
    has_battery = None if np.isnan(hours) else hours > 0
    return all_of((has_battery, three_valued(float(table["generator"][row]))))


def _flag(column: str) -> _Judge:
    return lambda table, row: three_valued(float(table[column][row]))
