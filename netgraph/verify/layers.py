"""Check what searches claim on cables or spans: take risks out of a graph made of the raw rows."""

from __future__ import annotations

import functools
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING

import networkx as nx

from netgraph.verify.checker import check_pair
from netgraph.verify.circuits import can_serve, find_demands
from netgraph.verify.rows import PLACES
from netgraph.verify.ways import NOTHING, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from netgraph.verify.circuits import Demand
    from netgraph.verify.rows import Step
    from netgraph.verify.ways import Certificate, Ways

_PATCH_POINTS = {"cabinet", "splice"}


class Layer:
    """Cables or spans as a graph; a building is one node, an outside point a node of its own.

    `used` names the links of each site's circuits.
    """

    def __init__(self, ways: Ways, name: str, used: defaultdict[str, set[str]]) -> None:
        self.ways, self.rows, self.name, self.used = ways, ways.rows, name, used
        self.graph = nx.Graph()  # an edge knows its cables or spans
        self.using, self.members = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        self.standing = defaultdict[str, set[str]](set)
        self.lacking = dict[str, set[str] | frozenset[str]]()
        self.parting: dict[tuple[str, Demand], set[str]] = defaultdict(set)
        self.turned: dict[tuple[str, str], Step] = {}  # by where it begins, and its id
        self.own = functools.cache(self._own)
        self.demands = functools.cache(functools.partial(find_demands, ways))
        for row in self.rows.tables[name]:
            self._add(f"{name}:{row['id']}")
        self.records = ways.open.union(*ways.unsure.values(), *self.lacking.values())
        self.free = {key for key, lacking in self.lacking.items() if not lacking}
        lacking = self.lacking.items()
        self.full = {key for key, what in lacking if what and what <= {"room", "cores of " + key}}
        for element, groups in ways.groups.items():
            for group in groups:
                self.members[group].add(element)
        for place in self.rows.place.values():
            self.standing[self._node(place)].add(place)
        passing = {node for node in self.standing if self._passes(node)}
        self.through = passing.union(*(self.standing[node] for node in passing))
        self.taken = functools.cache(self._taken)
        self.beside = nx.to_dict_of_dicts(self.graph)

    def _node(self, place: str) -> str:
        return self.rows.home(place) or place

    def _add(self, key: str) -> None:
        a, b = map(self._node, self.rows.ends(key))
        elements = self.rows.down(key)
        if a != b and "" not in {a, b} and not elements & self.rows.dead:
            self.graph.add_edge(a, b)
            self.lacking[key] = self._lacking(key) or NOTHING
            keys = self.graph.edges[a, b]
            keys.setdefault("all", set()).add(key)
            keys.setdefault("free", set()).update(() if self.lacking[key] else (key,))
            for element in elements:
                self.using[element].add(key)

    def _lacking(self, key: str) -> set[str]:
        """Say what keeps routes off: the owner, a lack of room, or a record that is missing."""
        row, rules = self.rows.of[key], self.ways.rules
        is_foreign = row["owner"] not in {"", "operator"} and not rules["admit_foreign"]
        lacking = {"owner"} if is_foreign else set()
        if self.name == "spans":
            is_full = row["bores_total"] <= row["bores_used"] and rules["require_free_bore"]
            return lacking | ({"room"} if is_full else set())
        spare = row["cores_total"] - row["cores_used"] - row["cores_bad"]
        if spare < rules["spare_cores"]:
            lacking.add("room")
        elif spare != spare:  # noqa: PLR0124 - NaN: one of the three is not recorded
            lacking.add("cores of " + key)
        return lacking if self.ways.is_whole(key) else {*lacking, "cable_spans:" + row["id"]}

    def _own(self, site: str) -> set[str]:
        """List full cables and spans of a site's circuits: their cores and bores are free to it."""
        legs = self.rows.legs
        cables = {part for link in self.used[site] for part in chain(*legs.get(link, ()))}
        passed = cables.union(*(chain(*legs.get(cable, ())) for cable in cables))
        return passed & self.full

    def _passes(self, node: str) -> bool:
        """Whether a route may run through a node: never through another customer's premises."""
        alive = self.standing[node] - self.rows.dead
        if any(place.startswith("offices:") for place in alive):
            return True
        if any(place.startswith("sites:") for place in self.standing[node]):
            return False
        kinds = {self.rows.of[place].get("kind") for place in alive}
        return self.name == "spans" or bool(kinds & _PATCH_POINTS)

    def _taken(self, element: str) -> set[str]:
        """Cables or spans that an element takes along; what stands in a building fails with it."""
        beside = self.standing[self._node(element)] if element.startswith(PLACES) else ()
        return set[str]().union(*(self.using[each] for each in {element, *beside}))

    def _gone(self, risk: str, own: set[str]) -> set[str]:
        """Cables or spans that a risk takes along, but not what ends in one's own ends."""
        found = set[str]()
        for element in self.members.get(risk, {risk}):
            node, lost = self._node(element), self.taken(element)
            if node in own and node in self.graph:
                lost = lost.difference(*(keys["all"] for keys in self.graph[node].values()))
            found |= lost
        return found

    def _lasting(self, asked: Demand) -> set[str]:
        """List the ends that never fail: those that all routes may reach."""
        return {self._node(self.rows.place[end]) for end in {*asked[0]} - {*asked[1]}}

    def _parts(self, risk: str, sites: Collection[str], asked: Demand) -> bool:
        """Whether no site reaches an end without a risk; an end may fail if routes part there.

        Walks from both sides at once, until one side has nowhere to go.
        """
        start, goals = (
            {self._node(self.rows.place[place]) for place in side} for side in (sites, asked[0])
        )
        lasting = start | self._lasting(asked)
        gone = self._gone(risk, lasting)
        own = set[str]().union(*map(self.own, sites)) - gone
        seen, queues = (set(start), set(goals)), (list(start), list(goals))
        while all(queues):
            side = int(len(seen[0]) > len(seen[1]))
            here = queues[side].pop()
            for node, keys in self.beside.get(here, {}).items():
                if node in seen[side] or (keys["free"] <= gone and own.isdisjoint(keys["all"])):
                    continue
                if node in seen[1 - side] and (node in self.through or node in start | goals):
                    return False
                seen[side].add(node)
                queues[side].extend([node] if node in self.through else [])
        return start.isdisjoint(goals)

    def check(self, certificate: Certificate) -> str | None:
        """Refuse what the rows do not bear out; return the level that the rest proves, if any."""
        slots = tuple(map(tuple, certificate.get("routes_to", ())))
        asked = tuple(certificate.get("ends", ())), tuple(certificate.get("apart", ())), slots
        sites, kind = certificate.get("sites") or [certificate["site"]], certificate["kind"]
        for site in sites:
            if asked not in self.demands(site):
                refuse("no circuit of {0} asks for routes to {1}", site, asked[0])
        if kind == "separating_risk":
            self._check_separation(certificate["risk"], sites, asked)
            return None
        if kind == "pair":
            self._check_pair(certificate, sites[0], asked)
            return str(certificate["claim"]["level"])
        missing = set(certificate.get("missing", ()))
        if kind != "missing" or not missing <= self.records:
            refuse("not all of {0} is missing", sorted(missing))
        return "undecidable"

    def _check_separation(self, risk: str, sites: Collection[str], asked: Demand) -> None:
        for site in [] if self._parts(risk, sites, asked) else sites:  # together, else one by one
            if not self._parts(risk, [site], asked):
                refuse("{0} does not part {1} from {2}", risk, site, asked[0])
        for site in sites:
            self.parting[site, asked].add(risk)

    def _walk(self, here: str, passed: Sequence[str]) -> list[Step]:
        """Turn each of some cables or spans so that it begins where the one before it ends."""
        found = []
        for id_ in passed:
            step = self.turned.get((here, id_))
            if step is None:
                key = f"{self.name}:{id_}"
                if key not in self.rows.of:
                    refuse("there is no {0}", key)
                a, b = self.rows.ends(key)
                step = (key, a, b) if self._node(a) == self._node(here) else (key, b, a)
                self.turned[here, id_] = step
            found.append(step)
            here = step[2]
        return found

    def _check_pair(self, certificate: Certificate, site: str, asked: Demand) -> None:
        ends, apart, slots = asked
        a, own = self.rows.place[site], self.own(site)
        claim, routes = certificate["claim"], certificate["routes"]
        steps = [self._walk(a, route.get("passed", [])) for route in routes]
        closed = {key for key, _, _ in chain(*steps)} - self.free - own
        blocked = {b for each in steps for _, _, b in each[:-1]} - self.through
        if closed or blocked:
            refuse("a route may not run there: {0}", sorted(closed | blocked))
        check_pair(self.ways, claim, steps, a, [self.rows.place[end] for end in ends])
        reached = [self._node(each[-1][2]) for each in steps if each]
        at = {end: self._node(self.rows.place[end]) for end in ends}
        if len({*reached}) == 1 and {*reached} <= {at[end] for end in apart}:
            refuse("both routes reach one end")
        stops = [{end for end in ends if at[end] == node} for node in reached]
        if len(steps) > 2 and not can_serve(slots, stops):
            refuse("no circuits of {0} can take {1} such routes", site, len(steps))
        if claim.get("disjoint_otherwise"):
            mine = {self._node(a)} | self._lasting(asked)
            known = [self._gone(risk, mine) for risk in self.parting[site, asked]]
            for risk in claim["shared"]:
                if not any(edges <= self._gone(risk, mine) for edges in known):
                    self._check_separation(risk, [site], asked)
