"""Judge the items of the scorecard again, site by site, by the raw rows and what was proven.

A fact is true, false, or open (None). An item passes only if all of its facts are true, and one
that is false fails it whatever else is open.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from netgraph.verify.rows import Row
    from netgraph.verify.ways import Route, Ways

    Fact = bool | None
    Judge = Callable[[Row], Fact]
    #: Of one group: whether it has no second route, and by section its aspects, and whether some
    #: route of it is wireless there.
    Group = tuple[bool, dict[str, tuple[Fact, Fact, bool]]]

_SAID = {"true": True, "false": False}
_WORSE = {"not_applicable": 0, "true": 1, "false": 2}
_BACKBONE = ("intra", "inter")
#: Results of these are taken as the table states them.
NOT_JUDGED = ("CE1", "LN2", "LN5", "UP2", "UP4")


@dataclass
class Passed:
    """What the circuits of one site pass: routes with the section of each link, and verdicts."""

    routes: list[tuple[Route, Sequence[str]]] = field(default_factory=list)
    groups: dict[tuple[str, ...], Group] = field(default_factory=dict)


class Items:
    """Results of items: pass, fail, unknown, not_applicable."""

    def __init__(self, ways: Ways, card: dict[str, Any], snapshot: dt.date | None) -> None:
        self.ways, self.rows, self.snapshot = ways, ways.rows, snapshot
        self.here: _Site | None = None
        self.below = functools.cache(self._below)
        self.years = card["parameters"]["max_age_years"]
        self.techs = {tech.upper() for tech in card["parameters"]["access_techs"]}
        self.source = {item["id"]: item["source"] for item in card["items"]}
        self.told: dict[str, dict[str, str]] = defaultdict(dict)  # records by item and subject
        for row in self.rows.tables["records"]:
            told, said = self.told[row["item_id"]], row["passed"]
            if _WORSE.get(said, -1) >= _WORSE.get(told.get(row["subject_id"], ""), -1):
                told |= {row["subject_id"]: said} if said in _WORSE else {}
        self.at: dict[str, list[str]] = defaultdict(list)  # equipment by its place
        for row in self.rows.tables["equipment"]:
            self.at[self.rows.place.get(row["location_id"], "")].append("equipment:" + row["id"])

    def result(self, item: str, site: Row, passed: Passed) -> str:
        """Give the result of an item for a site."""
        found = self._computed(item, site, passed)
        told = self.told.get(item, {})
        if item == "SP1" or not told or item not in self.source:
            return found
        own = _result_of(told.get(site["id"], ""))
        if found == "unknown":
            if self.source[item] == "record" and (said := self._nearest(item, _areas(site))):
                return _result_of(said)
        elif told.get(site["id"]) and "fail" in {own, found}:
            return "fail"  # of a contradiction the worse stands
        return found

    def _computed(self, item: str, site: Row, passed: Passed) -> str:
        rule = getattr(self, "_" + item.lower(), None)
        if rule is None:  # an item of the user's own is decided by the records alone
            return _result_of(self._nearest(item, _areas(site)))
        if self.here is None or self.here.passed is not passed:  # one site, item by item
            self.here = _Site(self, site, passed)
        self.here.item = item
        found = rule(self.here)
        return found if isinstance(found, str) else all_hold(found)

    def _below(self, link: str) -> tuple[list[str], list[str]]:
        """List the links, and the offices, that a link runs through."""
        met = self.rows.met(link)
        links = [key for key in met if key.startswith("links:") and key in self.rows.of]
        return links, [key for key in met if key.startswith("offices:")]

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
            return _areas(row)[1:]
        place = self.rows.of.get(self.rows.place.get(row["location_id"], ""), {})
        return [row.get("room_id", ""), *(_areas(place) if place.get("id") else ())]

    # What the card asks, item by item.

    def _ce2(self, s: _Site) -> Iterator[Fact]:
        yield s.judge("sites:" + s.row["id"], _has_power)

    def _ce3(self, s: _Site) -> Iterator[Fact]:
        yield s.judge("sites:" + s.row["id"], _flags("room_ok"))

    def _cpe1(self, s: _Site) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("hot_standby"))

    def _cpe2(self, s: _Site) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("manageable"))

    def _cpe3(self, s: _Site) -> Iterator[Fact] | str:
        return s.of_cpe(self._is_young)

    def _cpe4(self, s: _Site) -> Iterator[Fact] | str:
        return s.of_cpe(_flags("room_ok", "labels_ok"))

    def _ln1(self, s: _Site) -> Iterator[Fact]:
        return (diverse(group, ("access_a",), 0) for group in s.groups)

    def _ln3(self, s: _Site) -> list[Fact] | str:
        return s.of_backbone(0)

    def _ln4(self, s: _Site) -> list[Fact] | str:
        return s.of_backbone(1)

    def _up1(self, s: _Site) -> Iterator[Fact]:
        yield from (False for is_single, _ in s.groups if is_single)
        protected = (self.rows.of[link]["protection"] for link in s.links)
        yield from (None if not word else word != "none" for word in protected)
        named = s.cpe | s.at_ends(s.links)
        yield from s.each(named - s.customers, _flags("protection_switching"))
        yield from (*s.open_ends(), *s.open_cpe())

    def _up3(self, s: _Site) -> list[Fact] | str:
        return s.asked(
            (diverse(group, ("uplink",) if "uplink" in group[1] else _BACKBONE, 0),
             not group[1].keys().isdisjoint(("uplink", *_BACKBONE)))
            for group in s.groups
        )  # fmt: skip

    def _up5(self, s: _Site) -> Iterator[Fact]:
        steps = ([step[2] for step in route.steps] for route, _ in s.passed.routes)
        first = (next((p for p in places if p.startswith("offices:")), "") for places in steps)
        return s.rooms({*first} - {""}, _has_backup)

    def _up6(self, s: _Site) -> Iterator[Fact] | str:
        roles = {office: self.rows.of[office]["role"] for office in s.offices}
        upper = {office for office, role in roles.items() if role == "aggregation"}
        is_told = roles and "" not in roles.values() and s.are_known
        if not upper and is_told and all(map(self.ways.is_whole, s.links)):
            return "not_applicable"
        return s.rooms(upper, _flags("env_monitored"))

    def _up7(self, s: _Site) -> Iterator[Fact]:
        yield from (*s.each(s.transport, _flags("grounding_ok")), *s.open_ends())

    def _up8(self, s: _Site) -> Iterator[Fact]:
        return s.end_to_end(_flags("manageable"))

    def _up9(self, s: _Site) -> Iterator[Fact]:
        return s.end_to_end(_flags("alarms"))

    def _up10(self, s: _Site) -> Iterator[Fact]:
        return s.of_circuits(_flags("in_nms"))

    def _up11(self, s: _Site) -> Iterator[Fact]:
        yield from (*s.each(s.transport, self._is_young), *s.open_ends())

    def _up12(self, s: _Site) -> Iterator[Fact]:
        return s.rooms(s.offices, _flags("room_ok"))

    def _up13(self, s: _Site) -> Iterator[Fact]:
        def accepted(row: Row) -> Fact:
            return row["access_tech"].strip().upper() in self.techs if row["access_tech"] else None

        return s.of_circuits(accepted)

    def _sp1(self, s: _Site) -> Iterator[Fact]:
        yield _SAID.get(self._nearest("SP1", _areas(s.row)))
        for office in s.offices:
            yield _SAID.get(self._nearest("SP1", _areas(self.rows.of[office])))
        yield from s.open_routes()

    def _is_young(self, row: Row) -> Fact:
        day, now = row["installed"], self.snapshot
        if now is None or not isinstance(day, dt.date) or day > now:
            return None
        age = now.year - day.year - ((now.month, now.day) < (day.month, day.day))
        return bool(age < self.years)


class _Site:
    """What the items look at, for one site."""

    def __init__(self, items: Items, row: Row, passed: Passed) -> None:
        self.items, self.item, self.row, self.passed = items, "", row, passed
        self.rows, self.groups = items.rows, passed.groups.values()
        self.are_known = bool(passed.routes) and all(r.is_known for r, _ in passed.routes)
        self.links = {step[0] for route, _ in passed.routes for step in route.steps}
        below = [*map(items.below, self.links)]
        self.carrying = set[str]().union(*(links for links, _ in below))
        self.offices = set[str]().union(*(offices for _, offices in below))
        is_cpe = {
            key for key in items.at[f"sites:{row['id']}"]
            if self.rows.of[key]["kind"] == "cpe" and key not in self.rows.dead
        }  # fmt: skip
        of, everywhere = self.rows.of, self.at_ends(self.carrying)
        self.customers = {
            key for key in is_cpe | everywhere
            if of[key]["kind"] == "cpe" and of[key]["owner"] == "customer"
        }  # fmt: skip
        self.own_cpe, self.cpe = is_cpe & self.customers, is_cpe - self.customers
        self.transport = {key for key in everywhere if of[key]["kind"] != "cpe"}
        self.everything = (self.cpe | everywhere) - self.customers

    def at_ends(self, links: Iterable[str]) -> set[str]:
        """List the equipment at the ends of links."""
        ends = (self.rows.of[link][end] for link in links for end in ("from_id", "to_id"))
        return {"equipment:" + end for end in ends} & self.rows.of.keys()

    def judge(self, key: str, judge: Judge) -> Fact:
        """Judge one row."""
        return self.items.judged(self.item, key, judge)

    def each(self, keys: Iterable[str], judge: Judge) -> Iterator[Fact]:
        """Judge some rows."""
        return (self.judge(key, judge) for key in keys)

    def open_routes(self) -> Iterator[Fact]:
        """Tell that a route is not known."""
        return (None for route, _ in self.passed.routes if not route.is_known)

    def open_ends(self) -> Iterator[Fact]:
        """Tell what keeps an item about equipment open: routes, and ends that name none."""
        yield from self.open_routes()
        for link in self.carrying:
            row = self.rows.of[link]
            ends = zip((row["from_id"], row["to_id"]), self.rows.ends(link), strict=True)
            for id_, place in ends:
                if "equipment:" + id_ not in self.rows.of and place not in {
                    "", f"sites:{self.row['id']}"
                }:  # fmt: skip
                    yield None

    def open_cpe(self) -> Iterator[Fact]:
        """Tell that no CPE is recorded, of the operator or of the customer."""
        return (None for _ in range(not self.cpe and not self.own_cpe))

    def end_to_end(self, judge: Judge) -> Iterator[Fact]:
        """Judge all equipment that the operator answers for."""
        yield from (*self.each(self.everything, judge), *self.open_ends(), *self.open_cpe())

    def of_cpe(self, judge: Judge) -> Iterator[Fact] | str:
        """Judge the operator's CPE; not asked only if the customer's own stands there alone."""
        if not self.cpe and self.own_cpe and self.are_known:
            return "not_applicable"
        return self.each(self.cpe, judge)

    def of_circuits(self, judge: Judge) -> Iterator[Fact]:
        """Judge the circuits of the site."""
        for row in self.rows.units["", self.row["id"]]:
            yield self.items.judged(self.item, f"circuits:{row['id']}", judge, _areas(self.row))

    def asked(self, groups: Iterable[tuple[Fact, bool]]) -> list[Fact] | str:
        """Hold groups to facts as far as they are asked; unknown routes leave the rest open."""
        facts = [fact if is_asked else None for fact, is_asked in groups
                 if is_asked or not self.are_known]  # fmt: skip
        return facts if facts or not self.groups else "not_applicable"

    def of_backbone(self, aspect: int) -> list[Fact] | str:
        """Tell whether the groups are diverse from the local backbone up."""
        return self.asked(
            (diverse(group, _BACKBONE, aspect),
             group[0] or not group[1].keys().isdisjoint(_BACKBONE))
            for group in self.groups
        )  # fmt: skip

    def rooms(self, offices: Iterable[str], judge: Judge) -> Iterator[Fact]:
        """Judge the rooms of the equipment in offices; an office stands in for what names none."""
        of = self.rows.of
        for office in offices:
            here = [of[key] for key in self.transport
                    if self.rows.place.get(of[key]["location_id"]) == office]  # fmt: skip
            named = {"rooms:" + row["room_id"] for row in here}
            known = {name for name in named if name in of}
            yield from self.each(known | ({office} if named - known or not here else set()), judge)
            yield from (None for name in named - known if name != "rooms:")
        yield from self.open_routes()


def all_hold(facts: Iterable[bool | None]) -> str:
    """Give the result of an item: without any fact it is unknown."""
    found = {*facts}
    return "fail" if False in found else "unknown" if None in found or not found else "pass"


def diverse(group: Group, sections: Sequence[str], aspect: int) -> Fact:
    """Whether a group is diverse in sections: not by a wireless route, and open without any."""
    is_single, told = group
    here = [told[section] for section in sections if section in told]
    facts = {each[aspect] for each in here}
    if is_single or False in facts:
        return False
    return None if None in facts or not facts else not any(each[2] for each in here)


def _areas(row: Row) -> list[str]:
    return [row.get(name, "") for name in ("id", "customer_id", "county", "city")]


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
