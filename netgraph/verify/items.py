"""Judge the items of the scorecard again, site by site, by the raw rows and what was proven.

A fact is true, false, or open (None). An item passes only if all of its facts are true, and one
that is false fails it whatever else is open.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any

from netgraph.verify.plant_items import RULES
from netgraph.verify.scope import BACKBONE, Scope, areas, diverse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.verify.rows import Row
    from netgraph.verify.scope import Fact, Judge, Passed
    from netgraph.verify.ways import Ways

_SAID = {"true": True, "false": False}
_WORSE = {"not_applicable": 0, "true": 1, "false": 2}
#: Where a second route into a customer's centre is asked for, this stands as the table states it.
NOT_JUDGED = ("LN2",)


class Items:
    """Results of items: pass, fail, unknown, not_applicable."""

    def __init__(self, ways: Ways, card: dict[str, Any], snapshot: dt.date | None) -> None:
        self.ways, self.rows, self.snapshot = ways, ways.rows, snapshot
        self.here: Scope | None = None
        self.below = functools.cache(self._below)
        self.card, self.years = card, card["parameters"]["max_age_years"]
        self.techs = {tech.upper() for tech in card["parameters"]["access_techs"]}
        self.source = {item["id"]: item["source"] for item in card["items"]}
        self.told: dict[str, dict[str, str]] = defaultdict(dict)  # records by item and subject
        for row in self.rows.tables["records"]:
            told, said = self.told[row["item_id"]], row["passed"]
            if _WORSE.get(said, -1) >= _WORSE.get(told.get(row["subject_id"], ""), -1):
                told |= {row["subject_id"]: said} if said in _WORSE else {}
        self.astray = {
            row["customer_id"] for row in self.rows.tables["circuits"]
            if row["status"] == "in_service" and row["a_id"] not in self.rows.place
        }  # fmt: skip
        self.ending: dict[str, set[str]] = defaultdict(set)  # cables in service by their buildings
        for row in self.rows.tables["cables"]:
            cable = "cables:" + row["id"]
            for place in self.rows.ends(cable) if cable not in self.rows.dead else ():
                self.ending[self.rows.home(place)].add(cable)
        self.at: dict[str, list[str]] = defaultdict(list)  # equipment by its place
        for row in self.rows.tables["equipment"]:
            self.at[self.rows.place.get(row["location_id"], "")].append("equipment:" + row["id"])

    def result(self, item: str, site: Row, passed: Passed) -> str | None:
        """Give the result of an item for a site; None where it is not judged again."""
        found = self._computed(item, site, passed)
        told = self.told.get(item, {})
        if item == "SP1" or not told or item not in self.source:
            return found
        own = _result_of(told.get(site["id"], ""))
        if found == "unknown":
            if self.source[item] == "record" and (said := self._nearest(item, areas(site))):
                return _result_of(said)
        elif told.get(site["id"]) and "fail" in {own, found}:
            return "fail"  # of a contradiction the worse stands
        return found

    def _computed(self, item: str, site: Row, passed: Passed) -> str | None:
        rule = RULES.get(item) or getattr(self, "_" + item.lower(), None)
        if rule is None:  # an item of the user's own is decided by the records alone
            return _result_of(self._nearest(item, areas(site)))
        if self.here is None or self.here.passed is not passed:  # one site, item by item
            self.here = Scope(self, site, passed)
        self.here.item = item
        found = rule(self.here)
        return found if found is None or isinstance(found, str) else all_hold(found)

    def _below(self, link: str) -> dict[str, set[str]]:
        """List the links, the offices and the sites that a link runs through."""
        found: dict[str, set[str]] = {"links": set(), "offices": set(), "sites": set()}
        for key in self.rows.met(link):
            found.get(key.partition(":")[0], set()).add(key)
        return found | {"links": found["links"] & self.rows.of.keys()}

    def _nearest(self, item: str, subjects: Iterable[str]) -> str:
        told = self.told.get(item, {})
        return next((told[subject] for subject in subjects if subject and subject in told), "")

    def judged(self, item: str, key: str, judge: Judge, around: Sequence[str] = ()) -> Fact:
        """Judge a row; records complete what its columns leave open, and may turn it for worse."""
        row = self.rows.of[key]
        fact, told = judge(row), self.told.get(item, {})
        own = _SAID.get(told.get(row["id"], ""))
        if fact is None:
            return _SAID.get(self._nearest(item, [row["id"], *(around or self._around(key))]))
        return fact and own is not False

    def _around(self, key: str) -> list[str]:
        row = self.rows.of[key]
        if key.startswith(("sites:", "offices:")):
            return areas(row)[1:]
        place = self.rows.of.get(self.rows.place.get(row["location_id"], ""), {})
        return [row.get("room_id", ""), *(areas(place) if place.get("id") else ())]

    # What the card asks, item by item.

    def _ce2(self, s: Scope) -> Iterator[Fact]:
        yield s.judge("sites:" + s.row["id"], _has_power)

    def _ce3(self, s: Scope) -> Iterator[Fact]:
        yield s.judge("sites:" + s.row["id"], _flags("room_ok"))

    def _cpe1(self, s: Scope) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("hot_standby"))

    def _cpe2(self, s: Scope) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("manageable"))

    def _cpe3(self, s: Scope) -> Iterator[Fact] | str:
        return s.of_cpe(self._is_young)

    def _cpe4(self, s: Scope) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("room_ok", "labels_ok"))

    def _ln1(self, s: Scope) -> Iterator[Fact]:
        return (diverse(group, ("access_a",), 0) for group in s.groups)

    def _ln3(self, s: Scope) -> list[Fact] | str:
        return s.of_backbone(0)

    def _ln4(self, s: Scope) -> list[Fact] | str:
        return s.of_backbone(1)

    def _up1(self, s: Scope) -> Iterator[Fact]:
        yield from (False for is_single, *_ in s.groups if is_single)
        protected = (self.rows.of[link]["protection"] for link in s.links)
        yield from (None if not word else word != "none" for word in protected)
        named = s.cpe | s.at_ends(s.links)
        yield from s.each(named - s.customers, _flags("protection_switching"))
        yield from (*s.open_ends(), *s.open_cpe())

    def _up3(self, s: Scope) -> list[Fact] | str:
        return s.asked(
            (diverse(group, ("uplink",) if "uplink" in group[1] else BACKBONE, 0),
             not group[1].keys().isdisjoint(("uplink", *BACKBONE)), group[2])
            for group in s.groups
        )  # fmt: skip

    def _up5(self, s: Scope) -> Iterator[Fact]:
        steps = ([step[2] for step in route.steps] for route, _ in s.passed.routes)
        first = (next((p for p in places if p.startswith("offices:")), "") for places in steps)
        return s.rooms({*first} - {""}, _has_backup)

    def _up6(self, s: Scope) -> Iterator[Fact] | str:
        roles = {office: self.rows.of[office]["role"] for office in s.offices}
        upper = {office for office, role in roles.items() if role == "aggregation"}
        is_told = roles and "" not in roles.values() and s.are_known
        if not upper and is_told and all(map(self.ways.is_whole, s.links)):
            return "not_applicable"
        bare = (None for role in roles.values() if not role)  # it may be one
        return chain(s.rooms(upper, _flags("env_monitored")), bare)

    def _up7(self, s: Scope) -> Iterator[Fact]:
        yield from (*s.each(s.transport, _flags("grounding_ok")), *s.open_ends())

    def _up8(self, s: Scope) -> Iterator[Fact]:
        return s.end_to_end(_flags("manageable"))

    def _up9(self, s: Scope) -> Iterator[Fact]:
        return s.end_to_end(_flags("alarms"))

    def _up10(self, s: Scope) -> Iterator[Fact]:
        return s.of_circuits(_flags("in_nms"))

    def _up11(self, s: Scope) -> Iterator[Fact]:
        yield from (*s.each(s.transport, self._is_young), *s.open_ends())

    def _up12(self, s: Scope) -> Iterator[Fact]:
        return s.rooms(s.offices, _flags("room_ok"))

    def _up13(self, s: Scope) -> Iterator[Fact]:
        def accepted(row: Row) -> Fact:
            return row["access_tech"].strip().upper() in self.techs if row["access_tech"] else None

        return s.of_circuits(accepted)

    def _sp1(self, s: Scope) -> Iterator[Fact]:
        yield _SAID.get(self._nearest("SP1", areas(s.row)))
        for office in s.offices:
            yield _SAID.get(self._nearest("SP1", areas(self.rows.of[office])))
        yield from s.open_routes()

    def _is_young(self, row: Row) -> Fact:
        day, now = row["installed"], self.snapshot
        if now is None or not isinstance(day, dt.date) or day > now:
            return None
        age = now.year - day.year - ((now.month, now.day) < (day.month, day.day))
        return bool(age < self.years)


def all_hold(facts: Iterable[bool | None]) -> str:
    """Give the result of an item: without any fact it is unknown."""
    found = {*facts}
    return "fail" if False in found else "unknown" if None in found or not found else "pass"


def _result_of(said: str) -> str:
    return {"true": "pass", "false": "fail"}.get(said, said or "unknown")


def _three(value: float) -> Fact:
    return bool(value) if value in {0, 1} else None


def _flags(*columns: str) -> Judge:
    def judge(row: Row) -> Fact:
        found = {_three(row[column]) for column in columns}
        return False if False in found else None if None in found else True

    return judge


def _either(one: Fact, two: Fact) -> Fact:
    return True if True in {one, two} else None if None in {one, two} else False


def _fed(feeds: float, backup: Fact) -> Fact:
    if feeds != feeds:  # noqa: PLR0124 - NaN: not recorded
        return None
    return backup if feeds == 1 else feeds > 1


def _has_power(row: Row) -> Fact:
    return _fed(row["power_feeds"], _either(_three(row["ups"]), _three(row["generator"])))


def _has_backup(row: Row) -> Fact:
    hours, generator = row["battery_hours"], _three(row["generator"])
    battery = None if hours != hours else hours > 0  # noqa: PLR0124 - NaN: not recorded
    both = {battery, generator}
    return _fed(row["power_feeds"], False if False in both else None if None in both else True)
