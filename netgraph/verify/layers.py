"""Check what searches claim on cables or spans: take risks out of a graph made of the raw rows."""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx

from netgraph.verify.checker import check_pair
from netgraph.verify.circuits import CIRCUIT_ENDS, can_serve, find_demands
from netgraph.verify.rows import PLACES
from netgraph.verify.ways import FAR, Stretch, refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from netgraph.verify.circuits import Demand
    from netgraph.verify.rows import Step
    from netgraph.verify.ways import Certificate, Ways

Pair: TypeAlias = tuple[str, str]

#: Routes have their ends in common: from there they are cut into stretches of so many pieces.
_STRETCH = {"cables": 1, "spans": 32}
_MOST_STRETCHES = 4096  # that are kept: routes to one end come close to one another
_PATCH_POINTS = {"cabinet", "splice"}


class Layer:
    """Cables or spans as a graph; a building is one node, an outside point a node of its own.

    `used` names the links of each site's circuits.
    """

    def __init__(self, ways: Ways, name: str, used: defaultdict[str, set[str]]) -> None:
        self.ways, self.rows, self.name, self.used = ways, ways.rows, name, used
        self.between: dict[str, Pair] = {}  # nodes at the ends of each cable or span
        self.joining: dict[Pair, tuple[str, ...]] = {}  # what is free, by its nodes
        self.lacking: dict[str, set[str]] = {}
        self.using, self.members = (
            defaultdict[str, list[str]](list),
            defaultdict[str, set[str]](set),
        )
        self.standing = defaultdict[str, set[str]](set)
        self.parting: dict[tuple[str, Demand], set[str]] = defaultdict(set)
        self.metres = FAR  # of the pair that was checked last
        self.own, self.node = functools.cache(self._own), functools.cache(self._node)
        self.demands = functools.cache(functools.partial(find_demands, ways))
        self.stretch = functools.lru_cache(_MOST_STRETCHES)(self._stretch)
        self.named = {row["id"]: f"{name}:{row['id']}" for row in self.rows.tables[name]}
        for key in self.named.values():
            self._add(key)
        self.records = ways.open.union(*ways.unsure.values(), *self.lacking.values())
        lacking = self.lacking.items()
        self.full = {key for key, what in lacking if what <= {"room", "cores of " + key}}
        for element, groups in ways.groups.items():
            for group in groups:
                self.members[group].add(element)
        places = [key for key in self.rows.of if key.startswith(PLACES)]  # by an id of two, too
        for place in places:
            if place != self.node(place):
                self.standing[self.node(place)].add(place)
        nodes = {*map(self.node, places)}
        passing = {node for node in nodes if self._passes(node)}
        self.through = passing.union(*(self.standing.get(node, ()) for node in passing))
        self.taken = functools.cache(self._taken)
        self.chain: dict[Pair, Pair] = {}  # of free pairs: the chain of points that they are in
        self.beside = self._join_chains(nx.Graph([*self.joining]))

    def _node(self, place: str) -> str:
        return self.rows.home(place) or place

    def _add(self, key: str) -> None:
        a, b = map(self.node, self.rows.ends(key))
        elements = self.rows.down(key)
        if a != b and a and b and elements.isdisjoint(self.rows.dead):
            self.between[key] = pair = _pair(a, b)
            if lacking := self._lacking(key):
                self.lacking[key] = lacking
            else:
                self.joining[pair] = (*self.joining.get(pair, ()), key)
            for element in elements - {key}:
                self.using[element].append(key)

    def _join_chains(self, graph: nx.Graph) -> dict[str, list[tuple[str, Pair]]]:
        """Make one edge of each chain of points that only two others are beside; name it."""
        closed = set(chain(*map(self.between.__getitem__, self.lacking)))
        named = {row[end] for row in self.rows.tables["circuits"] for end in CIRCUIT_ENDS}
        closed |= {self.node(self.rows.place[id_]) for id_ in named & self.rows.place.keys()}
        ends = {
            node for node, degree in graph.degree
            if degree != 2 or node in closed or node not in self.through
        }  # fmt: skip
        beside = defaultdict[str, list[tuple[str, Pair]]](list)
        for start in sorted(ends):
            for there in graph[start]:
                before, here, pairs = start, there, [_pair(start, there)]
                while here not in ends:
                    before, here = here, next(n for n in graph[here] if n != before)
                    pairs.append(_pair(before, here))
                name = self.chain.get(pairs[0], pairs[0])
                self.chain |= dict.fromkeys(pairs, name)
                beside[start].append((here, name))
        return beside

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
        standing = self.standing.get(node, {node})
        alive = standing - self.rows.dead
        if any(place.startswith("offices:") for place in alive):
            return True
        if any(place.startswith("sites:") for place in standing):
            return False
        kinds = {self.rows.of[place].get("kind") for place in alive}
        return self.name == "spans" or bool(kinds & _PATCH_POINTS)

    def _taken(self, element: str) -> set[str]:
        """Cables or spans that an element takes along; what stands in a building fails with it."""
        beside = self.standing.get(self.node(element), ()) if element.startswith(PLACES) else ()
        return set[str]().union(*map(self._passing, {element, *beside}))

    def _passing(self, element: str) -> Collection[str]:
        """List the cables or spans that pass an element; only itself passes one of them."""
        return [element] if element in self.between else self.using.get(element, ())

    def _gone(self, risk: str, own: set[str], *, is_alone: bool = False) -> set[str]:
        """Cables or spans that a risk takes along; a place in one's own ends none that end there.

        If it is alone, what stands beside it in its building does not fail with it.
        """
        found = set[str]()
        for element in self.members.get(risk, {risk}):
            node = self.node(element)
            is_own = node in own and element.startswith((*PLACES, "buildings:"))
            lost = {*self._passing(element)} if is_alone else self.taken(element)
            found |= {key for key in lost if node not in self.between[key]} if is_own else lost
        return found

    def _lasting(self, asked: Demand) -> set[str]:
        """List the ends that never fail: those that all routes may reach."""
        return {self.node(self.rows.place[end]) for end in {*asked[0]} - {*asked[1]}}

    def _parts(
        self, risk: str, sites: Collection[str], asked: Demand, *, is_alone: bool = False
    ) -> bool:
        """Whether no site reaches an end without a risk; an end may fail if routes part there.

        Walks from both sides at once, until one side has nowhere to go.
        """
        lost = {self.rows.place[end] for end in asked[1]} & self.members.get(risk, {risk})
        start, goals = (
            {
                self.node(place)
                for place in map(self.rows.place.__getitem__, side)
                if place not in lost
            }
            for side in (sites, asked[0])
        )
        lasting = start | self._lasting(asked)
        gone = self._gone(risk, lasting, is_alone=is_alone)
        own = {self.between[key] for key in chain(*map(self.own, sites)) if key not in gone}
        cut = {self.between[key] for key in gone} - own
        left = {pair for pair in cut if gone.issuperset(self.joining.get(pair, ()))}
        cut = {self.chain.get(pair, pair) for pair in left}
        more = defaultdict[str, list[tuple[str, Pair]]](list)
        for a, b in (pair for pair in own if pair not in self.chain):
            more[a].append((b, (a, b)))
            more[b].append((a, (a, b)))
        seen, queues = (set(start), set(goals)), (list(start), list(goals))
        while all(queues):
            side = int(len(seen[0]) > len(seen[1]))
            here = queues[side].pop()
            for node, name in chain(self.beside.get(here, ()), more.get(here, ())):
                if node in seen[side] or name in cut:
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
            if asked not in {
                (*each[:2], some) for each in self.demands(site) for some in (each[2], ())
            }:
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

    def _check_separation(
        self, risk: str, sites: Collection[str], asked: Demand, *, is_alone: bool = False
    ) -> None:
        together = self._parts(risk, sites, asked, is_alone=is_alone)
        for site in [] if together else sites:  # one by one
            if not self._parts(risk, [site], asked, is_alone=is_alone):
                refuse("{0} does not part {1} from {2}", risk, site, asked[0])
        for site in sites:
            self.parting[site, asked].add(risk)

    def _stretch(self, here: str, keys: tuple[str, ...]) -> tuple[Stretch, set[str], set[str]]:
        """Turn cables or spans so that each begins where the one before ends, from a node.

        With those that are not free, and the points where routes may not change.
        """
        steps: list[Step] = []
        for key in keys:
            forwards, backwards = self.rows.turns(key)
            steps.append(forwards if self.node(forwards[1]) == here else backwards)
            here = self.node(steps[-1][2])
        closed = {key for key in keys if key not in self.between or key in self.lacking}
        return Stretch(self.ways, steps), closed, {b for _, _, b in steps[:-1]} - self.through

    def _walk(self, here: str, passed: Sequence[str], own: set[str]) -> list[Stretch]:
        """Follow a route stretch by stretch; refuse what is not free, but for one's own."""
        size, parts, wrong = _STRETCH[self.name], list[Stretch](), set[str]()
        try:
            keys = tuple(map(self.named.__getitem__, passed))
        except KeyError as error:
            refuse("there is no {0}", f"{self.name}:{error.args[0]}")
        for low in range(len(keys) % size - size, len(keys), size):
            if piece := keys[max(low, 0) : low + size]:
                if parts:
                    wrong |= {here} - self.through
                follow = self.stretch if low >= 0 else self._stretch  # the first is no other's
                part, closed, blocked = follow(self.node(here), piece)
                wrong |= closed - own | blocked
                parts.append(part)
                here = part.steps[-1][2]
        if wrong:
            refuse("a route may not run there: {0}", sorted(wrong))
        return parts

    def _check_pair(self, certificate: Certificate, site: str, asked: Demand) -> None:
        ends, apart, slots = asked
        a, own = self.rows.place[site], self.own(site)
        claim, routes = certificate["claim"], certificate["routes"]
        pair = [self._walk(a, route.get("passed", []), own) for route in routes]
        self.metres = sum((part.metres for part in chain(*pair)), 0.0)
        if claim.get("shortest") and not math.isfinite(self.metres):
            refuse("it cannot be the shortest: how long it is is not known")
        check_pair(self.ways, claim, pair, a, [self.rows.place[end] for end in ends])
        reached = [self.node(parts[-1].steps[-1][2]) for parts in pair if parts]
        at = {end: self.node(self.rows.place[end]) for end in ends}
        if len({*reached}) == 1 and {*reached} <= {at[end] for end in apart}:
            refuse("both routes reach one end")
        stops = [{end for end in ends if at[end] == node} for node in reached]
        if len(pair) > 2 and not can_serve(slots, stops):
            refuse("no circuits of {0} can take {1} such routes", site, len(pair))
        if claim.get("disjoint_otherwise"):
            mine = {self.node(a)} | self._lasting(asked)
            parting = self.parting[site, asked]
            settled = {known for known in parting if not known.startswith((*PLACES, "risk_groups"))}
            for risk in {*claim["shared"]} - settled:
                gone = self._gone(risk, mine, is_alone=True)
                if not any(self._gone(known, mine) <= gone for known in parting):
                    self._check_separation(risk, [site], asked, is_alone=True)


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)
