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
    is_known = site.routes_are_known and _plant_is_known(site) and len(site.offices) > 0
    if len(aggregation) == 0 and is_known and (role[site.offices] != "").all():
        return not_applicable(*(f"offices:{site.network.places.ids[p]}" for p in site.offices))
    return _offices(site, aggregation, "UP6", _flag("env_monitored"))


def _plant_is_known(site: SiteFacts) -> bool:
    return bool(site.network.evidence.is_complete[site.links].all())


def grounding(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP7: grounding and lightning protection to rule."""
    facts = site.device_facts(site.transport, "grounding_ok", "UP7")
    return all_hold([*facts, *site.open_ends])


def manageable(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP8: everything end to end is manageable, the CPE included."""
    return _end_to_end(site, "manageable", "UP8")


def alarms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP9: everything end to end has alarms, the CPE included."""
    return _end_to_end(site, "alarms", "UP9")


def in_nms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP10: every circuit is watched by the network management platform."""
    circuits = site.network.circuits
    values = site.base.inventory.table("circuits")["in_nms"]
    return all_hold(
        site.fact(three_valued(float(values[row])), "circuits", row, "UP10")
        for row in circuits.rows[site.circuits].tolist()
    )


def upstream_age(site: SiteFacts, card: Scorecard) -> ItemResult:
    """UP11: the oldest transport element is younger than the limit."""
    facts = age_facts(site, site.transport, card.max_age_years, "UP11")
    return all_hold([*facts, *site.open_ends])


def office_rooms(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """UP12: every office room on the routes meets the rule."""
    return _offices(site, site.offices, "UP12", _flag("room_ok"))


def access_technology(site: SiteFacts, card: Scorecard) -> ItemResult:
    """UP13: the leased line comes in by one of the accepted technologies."""
    circuits = site.network.circuits
    techs = site.base.inventory.table("circuits")["access_tech"]
    return all_hold(
        site.fact(
            None if not techs[row] else techs[row].strip().upper() in card.access_techs,
            "circuits",
            row,
            "UP13",
        )
        for row in circuits.rows[site.circuits].tolist()
    )  # fmt: skip


def spares(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """SP1: spares recorded for the site and for every office on the routes."""
    facts = [_recorded(site, "SP1", site.scopes)]
    facts += [_recorded(site, "SP1", site.office_scopes(int(p))) for p in site.offices]
    facts += [Fact(None, row) for row in site.unknown_routes]
    return all_hold(facts)


def recorded(site: SiteFacts, item: str) -> ItemResult:
    """IN1, IN2 and items of the user's own: the nearest record decides."""
    found = site.base.ledger.find(item, site.scopes)
    if found is None:
        return unknown(f"records:{site.site_id}/{item}")
    subject, passed = found
    row = f"records:{subject}/{item}"
    if passed == "not_applicable":
        return not_applicable(row)
    return ItemResult(Result.PASS if passed == "true" else Result.FAIL, (row,))


def _recorded(site: SiteFacts, item: str, scopes: tuple[str, ...]) -> Fact:
    found = site.base.ledger.find(item, scopes)
    if found is None:
        return Fact(None, f"records:{scopes[0]}/{item}")
    subject, passed = found
    return Fact({"true": True, "false": False}.get(passed), f"records:{subject}/{item}")


def _end_to_end(site: SiteFacts, column: str, item: str) -> ItemResult:
    """One fact a network element, the CPE included."""
    facts = site.device_facts(site.all_devices, column, item)
    return all_hold([*facts, *site.open_ends, *site.open_cpe])


def _offices(site: SiteFacts, places: Ints, item: str, judge: _Judge) -> ItemResult:
    """One fact an office, or a room of it where the routes' equipment names rooms."""
    known = site.base.known_offices
    facts: list[Fact] = []
    for place in places.tolist():
        key = (item, place, site.rooms.get(place, frozenset()))
        if key not in known:
            known[key] = [
                site.fact(judge(site.base.inventory.table(table), row), table, row, item)
                for table, row in _rooms(site, place)
            ]
        facts += known[key]
    facts += _unknown_rooms(site, places)
    return all_hold([*facts, *(Fact(None, row) for row in site.unknown_routes)])


def _rooms(site: SiteFacts, place: int) -> list[tuple[str, int]]:
    """Rooms of the routes' equipment in an office; the office stands in for what names none."""
    rooms = site.rooms.get(place, frozenset())
    found = [("rooms", room) for room in sorted(rooms - {-1})]
    if -1 in rooms or not rooms:
        found.append(("offices", int(site.network.places.rows[place])))
    return found


def _unknown_rooms(site: SiteFacts, places: Ints) -> list[Fact]:
    """Equipment in these offices that names a room which is not recorded."""
    if not len(site.in_lost_rooms):
        return []
    equipment = site.network.equipment
    named = site.base.inventory.table("equipment")["room_id"]
    return [
        Fact(None, f"rooms:{named[d]}")
        for d in site.in_lost_rooms
        if equipment.location[d] in places
    ]


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
