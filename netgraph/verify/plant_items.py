"""Items that the plant decides: entrances, the B end, spare cores, devices, customers between.

Each looks at one site, and gives its facts, or a result.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netgraph.verify.scope import Fact, Scope

_BELOW = {"access", "aggregation"}


def two_entrances(s: Scope) -> str:
    """CE1: two cables enter by different first structures and different first spans."""
    home = s.rows.home(f"sites:{s.row['id']}")
    into = sorted(cable for cable in s.items.ending[home] if s.rows.home(cable) != home)
    ways = [_entrance(s, cable, home) for cable in into]
    known = [way for way in ways if way]
    if any(p != q and one != two for (p, one), (q, two) in combinations(known, 2)):
        return "pass"
    return "fail" if len(known) == len(ways) > 0 else "unknown"


def _entrance(s: Scope, cable: str, home: str) -> tuple[str, str] | None:
    """Name the first structure and span of a cable out of a building; None if not recorded."""
    if cable not in s.ways.legs or not s.ways.is_whole(cable):
        return None
    (steps,) = s.ways.legs[cable]
    if s.rows.home(s.rows.ends(cable)[0]) != home:
        steps = [*map(s.rows.turned, reversed(steps))]
    first = next(((a, key, b) for key, a, b in steps if s.rows.home(b) != home), None)
    if first is None:
        return None
    a, span, b = first
    return (a if a.startswith("structures:") else b), span


def access_at_b(s: Scope) -> str | None:
    """LN2: two routes into the centre; None where only the run can tell (a tolerance at B)."""
    facts: list[Fact] = []
    for (_, subject, site), group in s.passed.groups.items():
        circuits = s.rows.units[subject, site]
        ends = {c["b_id"] for c in circuits} | {c["b2_id"] for c in circuits if c["b2_id"]}
        if not all(s.rows.place.get(end, "").startswith("offices:") for end in ends):
            facts.append(False if group[0] else None)
    return "fail" if False in facts else None if facts or not s.passed.groups else "not_applicable"


def spare_cores(s: Scope) -> Iterator[Fact]:
    """LN5: enough spare cores on every access cable, and not too many in use."""
    yield from s.open_routes()
    limits = s.items.card["parameters"]
    for link in s.access:
        legs = s.rows.legs.get(link, ())
        has_cables = legs or link in s.ways.wireless
        yield from (None for _ in range(not (has_cables and s.ways.are_joined(link))))
        for cable in {part for leg in legs for part in leg if part.startswith("cables:")}:
            if cable in s.rows.of:
                row = s.rows.of[cable]
                total, used = row["cores_total"], row["cores_used"]
                spare = total - used - row["cores_bad"]
                is_enough = (
                    spare >= limits["min_spare_cores"]
                    and used <= limits["max_core_occupancy"] * total
                )
                yield is_enough if spare == spare and total > 0 else None  # noqa: PLR0124 - NaN


def services_spread(s: Scope) -> str:
    """UP2: no element of an access or aggregation office, and no system, carries all circuits."""
    circuits = s.rows.units["", s.row["id"]]
    if len(circuits) == 1:
        is_astray = s.row["customer_id"] in s.items.astray
        return "unknown" if is_astray else "not_applicable"
    loads = [_load(s, circuit["id"]) for circuit in circuits]
    if not s.are_known:
        return "unknown"
    if set.intersection(*(devices | systems for devices, systems, _ in loads)):
        return "fail"
    return "pass" if all(d and systems and told for d, systems, told in loads) else "unknown"


def _load(s: Scope, circuit: str) -> tuple[set[str], set[str], bool]:
    """List the elements below the core, and the systems, that a working route takes.

    And whether the rows tell all of them.
    """
    of, devices, systems, is_told = s.rows.of, set[str](), set[str](), True
    links = {"links:" + id_ for role, _, id_ in s.rows.of_circuit[circuit] if role == "working"}
    for link in links & of.keys():
        row, own = of[link], of[link]["system_id"]
        for id_, place in zip((row["from_id"], row["to_id"]), s.rows.ends(link), strict=True):
            device, role = "equipment:" + id_, of[place].get("role") if place else None
            if role not in _BELOW:  # an office without a role may be below
                is_told &= role not in {None, ""} or place[:8] not in {"", "offices:"}
                continue
            systems |= {own} - {""}
            is_told &= device in of
            if device in of:
                devices.add(device)
                systems |= {of[device]["system_id"]} - {""}
                is_told &= bool(of[device]["system_id"] or own)
    return devices, {"systems:" + id_ for id_ in systems}, is_told


def direct_access(s: Scope) -> Iterator[Fact]:
    """UP4: no other customer's site on the access section."""
    yield from s.open_routes()
    circuits, own = s.rows.units["", s.row["id"]], s.row["customer_id"]
    ends = {s.row["id"], *(c[end] for c in circuits for end in ("b_id", "b2_id"))}
    for link in s.access:
        is_whole = s.ways.is_whole(link) and "" not in s.rows.ends(link)
        yield is_whole or None
        for site in s.items.below(link)["sites"] - {f"sites:{end}" for end in ends}:
            theirs = s.rows.of[site]["customer_id"]
            yield own == theirs if own and theirs else None


RULES: dict[str, Callable[[Scope], Iterator[Fact] | str | None]] = {
    "CE1": two_entrances, "LN2": access_at_b, "LN5": spare_cores, "UP2": services_spread,
    "UP4": direct_access,
}  # fmt: skip
