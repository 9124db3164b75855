"""Judge again what the table of circuits says beside the level: aspects, and levels by section.

An aspect is false where something shared speaks against it, true where the records leave no room
for that, and open (None) otherwise. A section is judged likewise, less the buildings at its ends.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netgraph.verify.checker import (
    INDOOR,
    LOGICAL,
    PLANT,
    common,
    is_single,
    level_of,
    may_share,
    may_share_group,
    tables_of,
)
from netgraph.verify.circuits import flat, is_surveyed
from netgraph.verify.lengths import lengths_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from netgraph.verify.circuits import Unit
    from netgraph.verify.rows import Row, Step
    from netgraph.verify.ways import Certificate, Route, Ways

    Held = dict[str, set[str]]  # what is shared by the section in which it counts
    Aspect = bool | None

SECTIONS = ("access_a", "uplink", "intra", "inter", "access_b")
_RECORDED = {
    "access": "access_a", "uplink": "uplink", "intra_province": "intra", "inter_province": "inter",
}  # fmt: skip
_UPPER = {"aggregation", "core"}


def columns_of(
    ways: Ways, circuit: Row, unit: Unit, certificate: Certificate, view: View
) -> dict[str, object]:
    """Give what the table must say of a circuit whose certificate was held to the rows."""
    level, routes = certificate["verdict"], flat(unit)
    roles = {route["role"] for route in certificate["routes"]}
    is_bare = circuit["protection"] == "" and "protect" not in roles
    is_sure = all(is_surveyed(ways, route) for route in routes)
    firm = "confirmed" if is_sure else "by_records"
    return {
        "level_complete": certificate["claim"]["complete"],
        "logical_diverse": view.logical(), "plant_diverse": view.plant(),
        "physical_diverse": _both(view.plant(), view.indoor()),
        **{f"level_{section}": view.level(section) for section in SECTIONS},
        "unconfirmed": view.is_single and is_bare, "derived": "derived" in roles,
        "confidence": level if level == "undecidable" else firm,
        **lengths_of(ways, circuit, unit, level, view.shared.get("", ())),
    }  # fmt: skip


class View:
    """The routes of one circuit with their sections, and what they share."""

    def __init__(self, ways: Ways, unit: Unit, claim: Certificate) -> None:
        self.ways, self.unit, self.own = ways, unit, set(claim["own_ends"])
        self.is_single = is_single(unit)
        self.routes = [(route, sections_of(ways, route.steps)) for route in flat(unit)]
        self.names = {id(route): names for route, names in self.routes}
        self.shared = self._held(claim["shared"])
        self.tables = {section: tables_of(held) for section, held in self.shared.items()}
        self.is_roleless = not self.is_single and any(
            names != sections_of(ways, route.steps, {*_UPPER, ""}) for route, names in self.routes
        )
        self.is_unsure = may_share_group(ways, unit, self.own)
        self.may_carry = may_share(ways, unit, self.own, _is_carried)
        self.may_meet = may_share(ways, unit, self.own, _has_plant)

    def by_section(self) -> dict[str, tuple[Aspect, Aspect, bool]]:
        """Plant and logical of each section that a route has, and whether it rests on radio."""
        return {
            section: (
                self.plant(section), self.logical(section), self.rests_on_radio(section),
            )
            for section in {name for _, names in self.routes for name in names}
        }  # fmt: skip

    def logical(self, section: str = "") -> Aspect:
        """No common link, and no common device without hot standby."""
        tables, of = self.tables.get(section, set()), self.ways.rows.of
        if self.is_single or "links" in tables:
            return False
        here = self.shared[section] if "equipment" in tables else ()
        standby = {of[e]["hot_standby"] for e in here if e.startswith("equipment:")}
        if 0 in standby:
            return False
        may = -1 in standby or self._room(_is_carried, section) & LOGICAL
        return None if may or (self.is_roleless and section) else True

    def plant(self, section: str = "") -> Aspect:
        """No common cable, span, trench, outside structure or risk group."""
        tables = self.tables.get(section, set())
        if self.is_single or tables & PLANT:
            return False
        may = self._room(_has_plant, section) & {*PLANT, "possible"} or "possible" in tables
        return None if may or self.is_unsure or (self.is_roleless and section) else True

    def indoor(self, section: str = "") -> Aspect:
        """No common building, office, room or device."""
        if self.is_single or self.tables.get(section, set()) & INDOOR:
            return False
        is_housed = all(route.is_housed for route, _ in self.routes)
        return None if not is_housed or self._room(_has_plant, section) & INDOOR else True

    def _room(self, sure: Callable[[Route], bool], section: str) -> set[str]:
        """List the tables of which the routes may share something that is not on record.

        In a section that is all in which a link lacks it, or the other of two routes meets it.
        """
        may, is_sure = (
            (self.may_carry, self.ways.is_carried) if sure is _is_carried
            else (self.may_meet, self.ways.is_whole)
        )  # fmt: skip
        if "" in may:
            return {*PLANT, *LOGICAL, *INDOOR}
        is_asked = section and len(self.routes) == len("AB")
        for route, names in self.routes if is_asked else ():
            steps = zip(route.steps, names, strict=True)
            gaps = {name for step, name in steps if not is_sure(step[0])}
            is_asked = is_asked and (sure(route) or (route.is_known and section not in gaps))
        return tables_of(self._held(may, sure).get(section, ()) if is_asked else may)

    def level(self, section: str) -> str:
        """Level of a section, empty where no route has it."""
        if not any(section in names for _, names in self.routes):
            return ""
        if self.is_single:
            return "single_route"
        if here := self.tables.get(section):
            return level_of(here)
        if None in {self.logical(section), self.plant(section), self.indoor(section)}:
            return "undecidable"
        return "radio_backup" if self.rests_on_radio(section) else "diverse"

    def rests_on_radio(self, section: str) -> bool:
        """Whether without the routes that are wireless there nothing shows a second one."""
        if not any(self._is_wireless_in(route, section) for route, _ in self.routes):
            return False

        def is_wired(route: Route) -> bool:
            return route.has_plant and not self._is_wireless_in(route, section)

        found = common(self.ways, self.unit, self.own, is_wired)
        left = self._held(found[0], is_wired).get(section, ()) if found else ()
        met = {*PLANT, *LOGICAL, "possible"} & tables_of(left)
        return found is None or bool(met)

    def _is_wireless_in(self, route: Route, section: str) -> bool:
        steps = zip(route.steps, self.names[id(route)], strict=True)
        return any(name == section and step[0] in self.ways.wireless for step, name in steps)

    def _ends(self, section: str) -> set[str]:
        """Name the buildings in which the section begins or ends on every route that has it."""
        found = []
        for route, names in self.routes:
            inside = [s for s, name in zip(route.steps, names, strict=True) if name == section]
            if inside:
                found.append({*map(self.ways.rows.home, (inside[0][1], inside[-1][2]))})
        return set.intersection(*found) - {""} if found else set()

    def _held(self, shared: Collection[str], use: Callable[[Route], bool] = lambda _: True) -> Held:
        """Name what counts in each section, and ("") at all.

        That is the sections in which all routes meet an element, else those in which one does.
        """
        if not shared:
            return {}
        wanted, by_route = set(shared), list[dict[str, set[str]]]()
        for route, names in self.routes:
            met = defaultdict[str, set[str]](set)
            for part, name in zip(route.parts, names, strict=False):  # no parts: it is not sure
                if use(route):
                    groups = self.ways.groups_of(part, self.own)
                    met[name].update(part.elements & wanted, groups & wanted)
            by_route.append(met)
        elsewhere = [wanted.difference(*met.values()) for met in by_route]
        found, every, some = {"": wanted}, dict[str, set[str]](), dict[str, set[str]]()
        for section in {name for met in by_route for name in met}:
            of_each = [met.get(section, set()) for met in by_route]
            some[section] = set[str]().union(*of_each)
            every[section] = some[section].intersection(
                *(rest | of for rest, of in zip(elsewhere, of_each, strict=True))
            )
        settled = set[str]().union(*every.values())
        for section in some:
            here = every[section] | (some[section] - settled)
            ends = self._ends(section) if here else ()
            found[section] = here.difference(*map(self.ways.rows.standing_in, ends))
        return found


def _is_carried(route: Route) -> bool:
    return route.is_carried


def _has_plant(route: Route) -> bool:
    return route.has_plant


def _both(one: Aspect, other: Aspect) -> Aspect:
    return False if False in {one, other} else None if None in {one, other} else True


def sections_of(
    ways: Ways, steps: Sequence[Step], upper: Collection[str] = frozenset(_UPPER)
) -> list[str]:
    """Name the section of each link of a route.

    What is recorded stands. Else: access up to the first office, uplink from there to the first
    aggregation or core office, then intra-province; from B likewise, where that is a site. What
    is another with offices without a role among the upper ones rests on their roles.
    """
    places = [*(s[1] for s in steps[:1]), *(s[2] for s in steps)]
    found = _climbed(ways, places, ("access_a", "intra"), upper)
    if steps and steps[-1][2].startswith("sites:"):
        back = [steps[-1][2], *(step[1] for step in reversed(steps))]
        for number, name in enumerate(_climbed(ways, back, ("access_b", ""), upper), start=1):
            if found[-number] == "access_a":
                break
            found[-number] = name or found[-number]
    for number, (key, _, _) in enumerate(steps):
        recorded = _RECORDED.get(ways.rows.of[key]["section"], "")
        if recorded and (recorded, found[number]) != ("access_a", "access_b"):
            found[number] = recorded
    return found


def _climbed(
    ways: Ways, places: Sequence[str], names: tuple[str, str], upper: Collection[str]
) -> list[str]:
    """Name each hop between places: to the first office, from there to an upper one, beyond."""
    (first, last), found, roles = names, [], set[str]()
    for place in places[:-1]:
        if place.startswith("offices:"):
            roles |= {"office", ways.rows.of[place]["role"]}
        found.append(last if not roles.isdisjoint(upper) else "uplink" if roles else first)
    return found
