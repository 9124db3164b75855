"""Judge certified routes again: what all of them pass, by the raw rows and plain sets alone.

One-sided on purpose: a certificate may claim less than the rows prove, never more.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from netgraph.verify.circuits import are_surveyed_apart, flat, follow_segments, has_unsure_end
from netgraph.verify.ways import FAR, refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from netgraph.verify.circuits import Unit
    from netgraph.verify.ways import Certificate, Route, Stretch, Ways

#: Levels, worst first, with the tables whose elements, if shared, prove each.
LEVELS = {
    "single_route": "", "same_link": "links", "same_cable": "cables",
    "same_trench": "spans trenches suspected", "same_structure": "structures",
    "same_risk_group": "risk_groups", "same_device": "equipment",
    "same_office": "rooms offices sites buildings", "unproven": "", "undecidable": "possible",
    "radio_backup": "", "diverse": "", "separated": "",
}  # fmt: skip
PLANT = {"cables", "spans", "trenches", "suspected", "structures", "risk_groups"}
LOGICAL, INDOOR = {"links", "equipment"}, {"equipment", "rooms", "offices", "sites", "buildings"}
_TOLERABLE = ("spans:", "trenches:", "suspected:", "structures:")
_LIGHTER = [*LEVELS][[*LEVELS].index("same_risk_group") + 1 :]
_ROUNDED_M = 0.01


def tables_of(elements: Iterable[str]) -> set[str]:
    """Name the tables of some elements."""
    return {element.partition(":")[0] for element in elements}


def level_of(tables: set[str]) -> str:
    """Worst level that shared elements of some tables prove; diverse without any."""
    return next((level for level in LEVELS if tables & {*LEVELS[level].split()}), "diverse")


def check_recorded(ways: Ways, certificate: Certificate) -> Unit:
    """Refuse a circuit or group that is said to share less than it does; return its routes."""
    rows, claim, stated = ways.rows, certificate["claim"], certificate["routes"]
    circuits = rows.units[certificate["subject"], certificate["site"]]
    if not circuits or {route["circuit"] for route in stated} != {c["id"] for c in circuits}:
        refuse("its circuits are {0}", [c["id"] for c in circuits])
    unit = [
        follow_segments(ways, c, [r for r in stated if r["circuit"] == c["id"]]) for c in circuits
    ]
    routes = flat(unit)
    own = {rows.home(rows.place.get(c["a_id"], "")) for c in circuits}
    own |= set.intersection(*(route.homes for segments in unit for route in segments[-1]))
    if not any(route.is_known for route in routes):  # then any place may be an end
        own |= {rows.home(place) for r in routes for step in r.steps for place in step[1:]}
    own.discard("")
    level = _level(ways, unit, own, claim)
    if {claim["level"], certificate["verdict"]} != {level}:
        refuse("the rows prove {0}", level)
    is_final = level in {"single_route", "diverse", "separated"}
    is_unsure = may_share_group(ways, unit, own)
    is_open = not all(route.is_whole for route in routes)
    if level in _LIGHTER:  # than a risk group, of which it may be another
        is_open |= is_unsure or "possible" in tables_of(claim["shared"])
    if claim["complete"] and not is_final and is_open:
        refuse("records are missing that could make it worse")
    return unit


def check_pair(
    ways: Ways, claim: Certificate, pair: Sequence[Sequence[Stretch]], a: str, ends: Sequence[str]
) -> None:
    """Refuse a searched pair (or more routes) that is said to share less than it does."""
    routes = [ways.follow(parts, a, ends) for parts in pair]
    if len(routes) < 2 or not all(route.is_whole for route in routes):
        refuse("a route has gaps")
    own = {ways.rows.home(a)} | set.intersection(*(route.homes for route in routes))
    routes = [ways.with_ends(route, ends) for route in routes]
    level = level_of(tables_of(_hold(ways, [[routes]], own, claim)))
    if level == "diverse" and any(ways.is_unsure(route, own) for route in routes):
        level = "undecidable"
    if claim["level"] != level:
        refuse("the rows prove {0}", level)


def _level(ways: Ways, unit: Unit, own: set[str], claim: Certificate) -> str:
    """Give the level claimed if the rows prove it, else what they prove."""
    routes, level = flat(unit), claim["level"]
    if is_single(unit):
        return "single_route"
    if shared := _hold(ways, unit, own, claim):
        return level_of(tables_of(shared))
    is_open = level == "undecidable" and not all(route.is_whole for route in routes)
    if is_open or may_share_group(ways, unit, own) or not _lie_apart(ways, unit, own):
        return "undecidable"
    if not all(route.is_wired for route in routes):
        left = common(ways, unit, own, lambda route: route.has_plant and route.is_wired)
        if level == "radio_backup" or left is None or left[0]:
            return "radio_backup"
    return "separated" if level == "separated" and are_surveyed_apart(ways, unit) else "diverse"


def _lie_apart(ways: Ways, unit: Unit, own: set[str]) -> bool:
    """Whether routes that share nothing known leave no room for it in what is not recorded."""
    may_meet = tables_of(may_share(ways, unit, own, lambda route: route.has_plant))
    may_carry = tables_of(may_share(ways, unit, own, lambda route: route.is_carried))
    is_housed = all(route.is_housed for route in flat(unit))
    return is_housed and not (
        may_meet & {*PLANT, *INDOOR, "possible", ""} | may_carry & {*LOGICAL, ""}
    )


def _hold(ways: Ways, unit: Unit, own: set[str], claim: Certificate) -> set[str]:
    """Hold what a claim says is shared, tolerated and exempt to the rows; return what counts."""
    exempt, shared = set(claim["own_ends"]), set(claim["shared"])
    tolerated = dict(claim["tolerated"])
    if not exempt <= own:
        refuse("all routes end in {0} only", sorted(own))
    must, may = common(ways, unit, exempt) or (set(), {})
    if shared - may.keys() != must or shared | tolerated.keys() != must | may.keys():
        refuse("they share {0}, within the tolerance {1}", sorted(must), sorted(may))
    for element, metres in tolerated.items():
        if element in shared or not abs(may[element] - metres) <= _ROUNDED_M:
            refuse("{0} reaches {1} m from A", element, may[element])
    return shared


def common(
    ways: Ways, unit: Unit, own: Collection[str], use: Callable[[Route], bool] = lambda _: True
) -> tuple[set[str], dict[str, float]] | None:
    """Find what takes every circuit down, apart from what may be tolerated, with its metres.

    A circuit goes down with what all routes of one segment pass. None: nothing bounds it.
    """
    passed = [[[r for r in routes if use(r)] for routes in segments] for segments in unit]
    bounded = [segments for segments in passed if all(segments)]
    if not bounded:
        return None
    both = set.intersection(*(
        set[str]().union(*(ways.shared(routes, own) for routes in segments)) for segments in bounded
    ))  # fmt: skip
    tolerable = {element for element in both if element.startswith(_TOLERABLE)}
    far = [(ways.far_m(r, tolerable), r) for r in flat(passed)] if tolerable else []
    reached = set[str]().union(*(m for m, _ in far))  # all else lies beyond
    metres = {e: max(m.get(e, FAR) for m, r in far if ways.meets(r, e, own)) for e in reached}
    near = {e: m for e, m in metres.items() if m <= ways.rules["entry_tolerance_m"]}
    return both - near.keys(), near


def may_share_group(ways: Ways, unit: Unit, own: set[str]) -> bool:
    """Whether a lost member of a risk group may lie where it makes all routes meet in the group.

    What is known of the group may lie in any gap, so that one more thing cuts off what is left.
    """
    if any(ways.is_unsure(route, own) for route in flat(unit)):
        return True
    if all(route.has_plant for route in flat(unit)) or ways.unsure_homes <= own:
        return False
    left = (min(sum(r.has_plant for r in routes) for routes in segments) for segments in unit)
    met = common(ways, unit, own, lambda route: route.has_plant)
    return sum(left) < 2 or met is None or any(met)


def may_share(
    ways: Ways, unit: Unit, own: Collection[str], sure: Callable[[Route], bool]
) -> set[str]:
    """Find what all routes may share if some are not sure; with "" if nothing bounds that.

    What the sure ones meet within the tolerance, or in one section, others may meet elsewhere.
    """
    if all(map(sure, flat(unit))):
        return set()
    left = None if has_unsure_end(ways, unit, own) else common(ways, unit, own, sure)
    return {""} if left is None else left[0] | left[1].keys()


def is_single(unit: Unit) -> bool:
    """Whether all routes are one and the same."""
    for routes in chain(*unit):
        links = {tuple(sorted(step[0] for step in route.steps)) for route in routes}
        is_sure = len(routes) == 1 or all(route.is_known for route in routes)
        if len(links) > 1 or not all(route.parts for route in routes) or not is_sure:
            return False
    working = [chain(*(segment[0].steps for segment in segments)) for segments in unit]
    return len({tuple(sorted(step[0] for step in steps)) for steps in working}) == 1
