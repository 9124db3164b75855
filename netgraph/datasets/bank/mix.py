"""Who gets what: the causes of lost points, spread over the invented sites.

The totals restate a published case (8 excellent, 325 good, 38 fair and 18 poor sites of 389; 89
unmanageable devices, 70 without protection switching). How the causes combine, and where, is
invented: infinitely many mixes have these totals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netgraph.datasets.draw import shuffled

if TYPE_CHECKING:
    from netgraph.datasets.bank.towns import Town

# How many sites a town has: on offices with two uplinks, and on offices with one.
_CAPITAL_SITES = (38, 8)
_CITY_SITES = (7, 2)
_COUNTY_SITES = 2
_COUNTIES_WITH_THREE = 14


@dataclass(frozen=True)
class Kind:
    """What is wrong with a site; `route` names how its two routes are built (see `access`)."""

    route: str
    unmanageable: bool = False
    unprotected: bool = False
    single_power: bool = False


@dataclass
class Site:
    """A site under construction."""

    id: str
    town: Town
    kind: Kind
    number: int  # among the sites of its town, from 0
    offices: dict[str, str] = field(default_factory=dict)  # plane -> access office

    @property
    def importance(self) -> str:
        """Return the site's place in the bank's organisation."""
        if self.number > 0 or self.town.uplinks == "township":
            return "branch"
        if self.town.uplinks != "city":
            return "county"
        return "province" if self.town.code == "0100" else "city"


_U = {"unmanageable": True}
_N = {"unprotected": True}
_P = {"single_power": True}
_ALL = _U | _N | _P

# Number of sites by kind, for offices with two uplinks: those that need two offices, those that
# need one office for both routes, and those that do not mind.
_TWO_OFFICES = (
    (10, Kind("diverse", **_U)),
    (10, Kind("diverse", **_U, **_P)),
    (10, Kind("diverse", **_N)),
    (2, Kind("no_spans")),
)
_ONE_OFFICE = (
    (14, Kind("diverse", **_U)),
    (4, Kind("one_entrance", **_U)),
    (15, Kind("diverse", **_N)),
    (5, Kind("one_device", **_U)),
    (6, Kind("one_device", **_N)),
    (17, Kind("one_cable")),
    (1, Kind("no_spans")),
    (3, Kind("one_cable", **_N)),
)
_EITHER = (
    (18, Kind("one_trench")),
    (4, Kind("one_trench", **_P)),
    (5, Kind("one_trench", **_U)),
    (5, Kind("one_trench", **_N)),
    (9, Kind("one_manhole")),
    (3, Kind("one_manhole", **_N)),
    (6, Kind("one_risk")),
    (3, Kind("one_risk", **_U)),
)
# The head office and seven city branches have nothing wrong; a few sites of the capital sit on
# rings of their own, whose protect route nobody wrote down, or fall back on radio.
_CORES = 8
_CORE = Kind("diverse")
_RINGS = (6, Kind("ring", **_U))
_RADIO = (2, Kind("radio"))
# Of the sites that need two offices (or one), so many stand in cities.
_CITY_TWO = 16
_CITY_ONE = 45
# Offices with a single uplink: in townships first what is remote and poor.
_REMOTE = (
    (14, Kind("one_cable", **_ALL)),
    (2, Kind("no_second", **_ALL)),
    (2, Kind("no_second_recorded", **_ALL)),
    (10, Kind("one_cable", **_U)),
    (5, Kind("one_cable", **_N)),
    (4, Kind("no_second")),
)
_SINGLE = (
    (76, Kind("one_cable")),
    (78, Kind("one_cable", **_P)),
    (12, Kind("one_link")),
    (4, Kind("one_trench")),
    (4, Kind("one_cable", **_U)),
    (5, Kind("one_cable", **_N)),
    (4, Kind("no_second")),
    (3, Kind("no_second_unconfirmed")),
)


# Second sites of a county that reach the office through the first one.
_DAISY_CHAINS = 3
# What stands at a place for a site: what is wrong there, and how many offices the site uses.
_Slot = tuple[str, int]
_Plan = dict[_Slot, tuple[Kind, str]]


def bank_sites(towns: list[Town]) -> list[Site]:
    """Return the 389 sites with what is wrong with each."""
    dual, single = _slots(towns)
    plan = _plan_dual(dual, {t.code: t.uplinks for t in towns})
    plan |= _plan_single(single, {t.code for t in towns if t.uplinks == "township"})
    sites: list[Site] = []
    running: dict[str, int] = {}
    for town in towns:
        for number, slot in enumerate(s for s in (*dual, *single) if s[0] == town.code):
            city = town.code[:2]
            running[city] = running.get(city, 0) + 1
            kind, mode = plan[slot]
            offices = _offices(town, mode)
            sites.append(Site(f"S-{city}{running[city]:02}", town, kind, number, offices))
    return sites


def _slots(towns: list[Town]) -> tuple[list[_Slot], list[_Slot]]:
    """Return places for sites as (town, number): on two uplinks, and on one."""
    remote = [t.code for t in towns if t.uplinks == "single"]
    three = set(shuffled(remote, "three sites")[:_COUNTIES_WITH_THREE])
    dual: list[_Slot] = []
    single: list[_Slot] = []
    for town in towns:
        here = (0, 1)
        if town.uplinks == "city":
            here = _CAPITAL_SITES if town.code == "0100" else _CITY_SITES
        elif town.uplinks == "single":
            here = (0, _COUNTY_SITES + (town.code in three))
        elif town.uplinks != "township":
            here = (_COUNTY_SITES, 0)
        dual += [(town.code, number) for number in range(here[0])]
        single += [(town.code, here[0] + number) for number in range(here[1])]
    return dual, single


def _expand(groups: tuple[tuple[int, Kind], ...], name: str) -> list[Kind]:
    kinds = [kind for count, kind in groups for _ in range(count)]
    return [kinds[index] for index in shuffled(range(len(kinds)), name)]


def _plan_dual(slots: list[_Slot], uplinks: dict[str, str]) -> _Plan:
    two, one, either = (
        _expand(groups, name)
        for groups, name in ((_TWO_OFFICES, "two"), (_ONE_OFFICE, "one"), (_EITHER, "either"))
    )
    plan: _Plan = {}
    main = [slot for slot in slots if uplinks[slot[0]] == "city" and slot[1] == 0]
    for slot in [main[0], *shuffled(main[1:], "cores")][:_CORES]:
        plan[slot] = (_CORE, "two")
    capital = [(_RINGS[1], "two")] * _RINGS[0] + [(_RADIO[1], "two")] * _RADIO[0]
    plan |= {("0100", number): what for number, what in enumerate(capital, start=1)}
    for slot in shuffled(slots, "counties"):
        mode = uplinks[slot[0]]
        if mode != "city":
            own, reserve = (two, _CITY_TWO) if mode == "two" else (one, _CITY_ONE)
            plan[slot] = ((own if len(own) > reserve else either).pop(), mode)
    rest = [(kind, "two") for kind in two] + [(kind, "one") for kind in one]
    rest += [(kind, "one" if i % 3 else "two") for i, kind in enumerate(either)]
    open_slots = [slot for slot in slots if slot not in plan]
    order = shuffled(range(len(rest)), "cities")
    return plan | {slot: rest[i] for slot, i in zip(open_slots, order, strict=True)}


def _plan_single(slots: list[_Slot], townships: set[str]) -> _Plan:
    remote, other = _expand(_REMOTE, "remote"), _expand(_SINGLE, "single")
    plan: _Plan = {}
    for slot in shuffled(slots, "single"):
        kinds = remote if remote and slot[0] in townships else other
        plan[slot] = (kinds.pop(), "single")
    plain = {s for s in slots if plan[s][0] == Kind("one_cable")}
    second = [s for s in slots if s[1] == 1 and {s, (s[0], 0)} <= plain]
    return plan | dict.fromkeys(second[:_DAISY_CHAINS], (Kind("daisy_chain"), "single"))


def _offices(town: Town, mode: str) -> dict[str, str]:
    if mode == "two":
        return {"A": f"O-{town.code}W", "B": f"O-{town.code}E"}
    suffix = {"one": "M", "single": "X"}[mode] if town.uplinks == "city" else ""
    return dict.fromkeys("AB", f"O-{town.code}{suffix}")
