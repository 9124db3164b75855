"""Circuits by the raw rows: their routes segment by segment, and routes that lie apart."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

import networkx as nx

from netgraph.verify.lines import are_separated
from netgraph.verify.ways import FAR, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from netgraph.verify.rows import Row, Step
    from netgraph.verify.ways import Certificate, Route, Ways

    Unit = list[list[list[Route]]]  # circuits, their segments, their routes
    Links = dict[str, list[str]]  # by role
    Stated = Mapping[str, Mapping[str, Sequence[Step]]]  # by segment and role

    Slots = tuple[tuple[str, ...], ...]
    # Ends; those that not all routes may reach; the ends of each route if a group has three.
    Demand = tuple[tuple[str, ...], tuple[str, ...], Slots]

T = TypeVar("T")

CIRCUIT_ENDS = ("a_id", "b_id", "b2_id")
_MOST_ROUTES = 4  # of one group


def flat(unit: Iterable[Iterable[Iterable[T]]]) -> list[T]:
    """List the routes of a unit."""
    return list(chain(*chain(*unit)))


def find_demands(ways: Ways, site: str) -> set[Demand]:
    """Find what ends the circuits of a site ask for, and which of them not all routes may reach.

    All routes of a unit may reach an end that all its circuits have, but none if the rules require
    two centres of a circuit that has them. A site in the building of an end reaches it anyway.
    """
    rows = ways.rows
    found: set[Demand] = set()
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for circuit in rows.units["", site]:
        group = circuit["group_id"]
        groups[group, "" if group else circuit["id"]].append(circuit)
    for circuits in groups.values():
        named = [{c["b_id"], c["b2_id"]} - {""} for c in circuits]
        ends = [tuple(sorted(each & rows.place.keys())) for each in named]
        if ways.rules["require_two_centres"]:  # one of two that is not known leaves it open
            both = zip(named, ends, strict=True)
            ends = [() if len(each) > len(end) else end for each, end in both]
        if not all(ends):
            found |= {(each, (), ()) for each in ends}
            continue
        together = tuple(sorted(set(chain(*ends))))
        home_of = {end: rows.home(rows.place[end]) or end for end in together}
        homes = [{home_of[end] for end in each} for each in ends]
        common = set.intersection(*homes)
        if ways.rules["require_two_centres"] and any(len(each) > 1 for each in homes):
            common = set()
        if rows.home(rows.place.get(site, "")) in home_of.values():
            common = set(home_of.values())
        apart = tuple(end for end in together if home_of[end] not in common)
        each = zip(circuits, ends, strict=True)
        slots = [end for row, end in each for _ in range(1 + is_protected(rows.of_circuit, row))]
        found.add((together, apart, slots_of(slots) if len(circuits) > 1 else ()))
    return found


def is_protected(links: Mapping[str, Sequence[tuple[str, ...]]], circuit: Row) -> bool:
    """Whether a circuit has a protect route, by its own row or by one of its `circuit_links`."""
    roles = {role for role, *_ in links.get(circuit["id"], ())}
    return circuit["protection"] not in {"", "none"} or not roles <= {"working"}


def slots_of(ends: Sequence[tuple[str, ...]]) -> Slots:
    """List where each route of a unit may end, if there are three or more: of four at most.

    Of more, one with each choice of ends before another with the same, in alphabetical order.
    """
    turns = Counter[tuple[str, ...]]()
    ordered = []
    for each in ends:
        turns[each] += 1
        ordered.append((turns[each], each))
    kept = sorted(each for _, each in sorted(ordered)[:_MOST_ROUTES])
    return tuple(kept) if len(ends) > 2 else ()


def can_serve(slots: Slots, reached: Sequence[Collection[str]]) -> bool:
    """Whether each of some routes, by the ends that it reaches, can carry another circuit."""
    carries = nx.Graph()
    carries.add_nodes_from((route, "") for route in range(len(reached)))
    for route, ends in enumerate(reached):
        carries.add_edges_from(
            ((route, ""), slot) for slot, each in enumerate(slots) if not set(each).isdisjoint(ends)
        )
    found = nx.bipartite.maximum_matching(carries, [(r, "") for r in range(len(reached))])
    return all((route, "") in found for route in range(len(reached)))


def spell_out(ways: Ways, certificate: Certificate) -> str:
    """Spell out all that tells one certificate of a circuit from another, but for its id.

    Empty if its routes are not those of the circuit that it is about.
    """
    subject, site, routes = certificate["subject"], certificate["site"], certificate["routes"]
    circuits = ways.rows.units[subject, site]
    id_ = subject.partition(":")[2]
    if len(circuits) != 1 or any(route["circuit"] != id_ for route in routes):
        return ""
    row, links = circuits[0], ways.rows.of_circuit.get(id_, ())
    facts = [row[name] for name in (*CIRCUIT_ENDS, "protection")]
    alike = [{**route, "circuit": ""} for route in routes]
    return json.dumps([facts, links, {**certificate, "subject": "", "routes": alike}])


def follow_segments(
    ways: Ways, circuit: Row, certified: Sequence[Certificate]
) -> list[list[Route]]:
    """Follow the routes of a circuit, segment by segment, and hold them to circuit_links."""
    stated: dict[str, dict[str, Sequence[Step]]] = defaultdict(dict)
    for route in certified:
        stated[route["segment"]][route["role"]] = route.get("steps", [])
    named = [end for end in CIRCUIT_ENDS if circuit[end] or end != "b2_id"]
    a, *ends = (ways.rows.place.get(circuit[end], "") for end in named)
    recorded, start = _recorded(ways, circuit, stated), a
    found: list[list[Route]] = []
    for roles in stated.values():
        links = {role: sorted(step[0] for step in steps) for role, steps in roles.items()}
        known = [
            {role: sorted(k for k in keys if k in ways.rows.of) for role, keys in each.items()}
            for each in recorded
        ]
        if links not in known:
            refuse("the routes of {0} are {1}", circuit["id"], recorded)
        keys, is_last = recorded.pop(known.index(links)), len(found) == len(stated) - 1
        stop = roles["working"][-1][2] if roles["working"] else start
        goals, at = ends if is_last else [stop], FAR if found else 0.0
        found.append([
            ways.follow(
                [ways.stretch((step,)) for step in ways.hold(steps)], start, goals, at,
                is_listed=bool(steps) and len(keys[role]) == len(steps), homes=(a, *ends),
            )
            for role, steps in roles.items()
        ])  # fmt: skip
        start = stop
    if recorded:
        refuse("the routes of {0} are {1}, too", circuit["id"], recorded)
    return found


def _recorded(ways: Ways, circuit: Row, stated: Stated) -> list[Links]:
    """Links of each segment by the rows; a route that must exist and does not has none."""
    found: dict[str, Links] = defaultdict(lambda: {"working": []})
    for said, segment, link in ways.rows.of_circuit.get(circuit["id"], ()):
        role = "working" if said == "working" else "protect"
        found[segment].setdefault(role, []).append("links:" + link if said else "without a role")
    segments = list(found.values()) or [{"working": []}]
    if any("protect" in keys for keys in segments) or circuit["protection"] in {"", "none"}:
        return segments
    if circuit["protection"] != "ring" or not any("derived" in roles for roles in stated.values()):
        return [{**keys, "protect": []} for keys in segments]
    return _derived(ways, segments, stated)


def _derived(ways: Ways, segments: list[Links], stated: Stated) -> list[Links]:
    """Accept as second route of an arc of a ring what is left of the ring; arcs are segments."""
    arcs = [{r: [step[0] for step in steps] for r, steps in s.items()} for s in stated.values()]
    working = [sorted(chain(*(keys["working"] for keys in each))) for each in (arcs, segments)]
    if working[0] != working[1]:
        refuse("the working route is {0}", working[1])
    for arc in arcs:
        if not arc.keys() <= {"working", "derived"} or not all(arc.values()):
            refuse("an arc of a ring has no links")
        whole = sorted(chain(*arc.values()))
        systems = {ways.rows.of[link]["system_id"] for link in whole}
        if "derived" in arc and [whole] != [ways.rows.ring(system) for system in systems]:
            refuse("{0} is not the rest of a ring", arc["derived"])
    return arcs


def has_unsure_end(ways: Ways, unit: Unit, own: Collection[str]) -> bool:
    """Whether a route that is not known may end at another centre than that which is one's own."""
    starts = {ways.rows.home(segments[0][0].origin[0]) for segments in unit}
    ends = (route for segments in unit for route in segments[-1] if not route.is_known)
    may_differ = any(len(route.homes) > 1 or "" in route.homes for route in ends)
    return may_differ and not starts.issuperset(own)


def is_surveyed(ways: Ways, route: Route) -> bool:
    """Whether all of a route is recorded and drawn, between points that were surveyed."""
    return route.has_plant and all(ways.is_surveyed(step[0]) for step in route.steps)


def are_surveyed_apart(ways: Ways, unit: Unit) -> bool:
    """Whether all routes are surveyed, and two (the whole unit, or one circuit of it) lie apart."""
    rows = ways.rows
    if not all(is_surveyed(ways, route) for route in flat(unit)):
        return False
    for two in (flat(unit), *(flat([segments]) for segments in unit)):
        drawn = [
            [
                rows.of[e]["geometry"]
                for step in route.steps
                for e in rows.met(step[0])
                if e.startswith("spans:") and not rows.home(e)
            ]
            for route in two
        ]
        if len(drawn) == 2 and are_separated(drawn[0], drawn[1], ways.rules):
            return True
    return False
