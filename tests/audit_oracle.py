"""The rule of the shared set, told again in plain sets: slow, and without a line of the product.

Reads the rows that a :class:`builders.PlantBuilder` collects. What the routes of a unit have in
common, which of it is tolerated, what keeps a verdict from being proven, and the level that follows
are worked out element by element, as the design words them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations

TOLERANCE_M = 50.0
WIRELESS = {"radio", "cellular", "satellite"}
LEVELS = [
    "single_route", "same_link", "same_cable", "same_trench", "same_structure", "same_risk_group",
    "same_device", "same_office",
]  # fmt: skip
LEVEL_OF = {
    "link": "same_link", "cable": "same_cable", "span": "same_trench", "trench": "same_trench",
    "suspect": "same_trench", "structure": "same_structure", "risk": "same_risk_group",
    "device": "same_device", "room": "same_office", "location": "same_office",
    "building": "same_office",
}  # fmt: skip
TOLERABLE = {"span", "trench", "suspect", "structure"}
PLANT = {"cable", "span", "trench", "suspect", "structure", "risk"}
INDOOR = {"device", "room", "location", "building"}


@dataclass
class Opinion:
    """What the oracle says of one unit."""

    level: str
    is_complete: bool
    logical: bool | None
    plant: bool | None
    physical: bool | None
    shared: set = field(default_factory=set)
    tolerated: set = field(default_factory=set)


class World:
    """The tables, looked up by id."""

    def __init__(self, rows):
        self.t = {name: {row["id"]: row for row in rows.get(name, ()) if "id" in row} for name in (
            "offices", "sites", "structures", "spans", "cables", "links", "equipment", "rooms",
            "circuits", "risk_groups",
        )}  # fmt: skip
        self.rows = rows
        self.known_homes = {}
        self.cable_spans = self._lists("cable_spans", ("cable_id",), "span_id")
        self.link_cables = self._lists("link_cables", ("link_id", "role"), "cable_id")
        self.link_links = self._lists("link_links", ("link_id", "role"), "carrier_id")
        self.groups_of, self.members, self.lost = {}, {}, {}
        for row in rows.get("risk_members", ()):
            if row["risk_id"] in self.t["risk_groups"]:
                key = (self._kind_of_table(row["table"]), row["element_id"])
                self.groups_of.setdefault(key, set()).add(("risk", row["risk_id"]))
                kept = self.members if row["element_id"] in self.t[row["table"]] else self.lost
                kept.setdefault(row["risk_id"], set()).add(key)
        self._suspicions()
        for link in self.t["links"]:
            met = self._met_by_both_legs(link)
            if met:
                self.groups_of[("link", link)] = self.groups_of.get(("link", link), set()) | met

    def _lists(self, table, keys, value):
        found = {}
        for row in sorted(self.rows.get(table, ()), key=lambda r: r["seq"]):
            key = tuple(row.get(k) or "" for k in keys)
            found.setdefault(key, []).append(row[value])
        return found

    @staticmethod
    def _kind_of_table(table):
        return {
            "offices": "location", "sites": "location", "structures": "structure", "spans": "span",
            "cables": "cable", "equipment": "device", "rooms": "room", "links": "link",
        }[table]  # fmt: skip

    def _suspicions(self):
        """Spans between the same two points, unless both trenches are recorded."""
        for one, two in combinations(self.t["spans"].values(), 2):
            ends = {one["from_id"], one["to_id"]}
            if ends != {two["from_id"], two["to_id"]} or len(ends) < 2:
                continue
            if not all(self.is_place(end) for end in ends) or self.meet(*ends):
                continue
            if not (one.get("trench_id") and two.get("trench_id")):
                name = ("suspect", f"{one['id']}~{two['id']}")
                for span in (one, two):
                    self.groups_of.setdefault(("span", span["id"]), set()).add(name)

    # What carries nothing ------------------------------------------------------------------------

    def is_dead(self, table, name):
        """Whether a record says that it is not in service; what is not recorded says nothing."""
        return self.t[table].get(name, {}).get("status", "in_service") != "in_service"

    def is_place_dead(self, name):
        return any(self.is_dead(table, name) for table in ("offices", "sites", "structures"))

    def is_run_dead(self, table, name):
        """A span or cable that is not in service, or ends at a place that is not."""
        row = self.t[table].get(name, {})
        ends = (row.get("from_id"), row.get("to_id"))
        return self.is_dead(table, name) or any(map(self.is_place_dead, ends))

    def is_link_dead(self, link):
        """Whether something that the link needs is not in service, on either leg."""
        row = self.t["links"].get(link, {})
        devices = (row.get("from_id"), row.get("to_id"))
        if self.is_dead("links", link) or any(self.is_dead("equipment", d) for d in devices):
            return True
        if any(map(self.is_place_dead, self.ends(link) if row else ())):
            return True
        return any(
            self.is_run_dead("cables", cable)
            or any(self.is_run_dead("spans", s) for s in self.cable_spans.get((cable,), ()))
            for cables, _ in self.legs(link)
            for cable in cables
        ) or any(self.is_link_dead(c) for _, carriers in self.legs(link) for c in carriers)

    # Places --------------------------------------------------------------------------------------

    def place(self, name):
        for table in ("offices", "sites", "structures"):
            if name in self.t[table]:
                return table, self.t[table][name]
        return None

    def is_place(self, name):
        return self.place(name) is not None

    def home(self, name):
        found = self.place(name)
        if found is None:
            return None
        table, row = found
        if row.get("building_id"):
            return "building", row["building_id"]
        return None if table == "structures" else ("own", name)

    def meet(self, p, q):
        if not (self.is_place(p) and self.is_place(q)):
            return False
        return p == q or (self.home(p) is not None and self.home(p) == self.home(q))

    def at_place(self, name):
        """Elements of a place: itself and its building."""
        found = self.place(name)
        if found is None:
            return set()
        table, row = found
        kind = "structure" if table == "structures" else "location"
        return {(kind, name)} | (
            {("building", row["building_id"])} if row.get("building_id") else set()
        )

    def home_of(self, element):
        """Building that an element stands in."""
        if element not in self.known_homes:
            self.known_homes[element] = self._home_of(*element)
        return self.known_homes[element]

    def _home_of(self, kind, name):
        if kind in {"structure", "location"}:
            return self.home(name)
        if kind in {"device", "room"}:
            table = "equipment" if kind == "device" else "rooms"
            return self.home(self.t[table][name]["location_id"])
        if kind in {"span", "trench"}:
            key = "id" if kind == "span" else "trench_id"
            return self._common_home([s for s in self.t["spans"].values() if s.get(key) == name])
        if kind == "building":
            return kind, name
        return self._home_of_cable(name) if kind == "cable" else self._home_of_link(name)

    def _home_of_cable(self, cable):
        """A cable stands in a building if all of it, every span, does."""
        if not self.is_cable_complete(cable):
            return None
        spans = [self.t["spans"][s] for s in self.cable_spans[cable,]]
        return self._common_home([self.t["cables"][cable], *spans])

    def _home_of_link(self, link):
        homes = {self.home(end) for end in self.ends(link)}
        for cables, carriers in self.legs(link):
            if carriers or not self._is_leg_complete(link, cables, carriers):
                return None
            homes |= {self._home_of_cable(c) for c in cables}
        return next(iter(homes)) if len(homes) == 1 and self.legs(link) else None

    def _common_home(self, spans):
        homes = {self.home(s[end]) for s in spans for end in ("from_id", "to_id")}
        return next(iter(homes)) if len(homes) == 1 else None

    # Chains --------------------------------------------------------------------------------------

    def follow(self, pieces, start, end):
        """Orient pieces [(id, a, b)] from start: [(id, entry, exit)], and whether they join up."""
        if not pieces:
            return [], False
        ways = [self._walk(order, start, end) for order in (pieces, pieces[::-1])]
        joined = [way for way, joins in ways if joins]
        if joined:  # the better of two that both lead from building to building
            return max(joined, key=lambda w: (w[0][1] == start) + (w[-1][2] == end)), True
        right, turned = (self._fits(order, start, end) for order in (pieces, pieces[::-1]))
        if len(pieces) > 1 and right == turned != (0, 0):  # its record may begin at either end
            return [], False
        return self._walk(pieces[::-1] if turned > right else pieces, start, end)

    def _fits(self, pieces, start, end):
        """How many of its ends a broken chain meets, and how many of them by their ids."""
        ends = [(start, pieces[0][1:]), (end, pieces[-1][1:])]
        met = sum(any(self.meet(place, other) for other in piece) for place, piece in ends)
        return met, sum(place in piece for place, piece in ends)

    def _walk(self, pieces, start, end):
        at, way = start, []
        for name, a, b in pieces:
            if not (self.is_place(a) and self.is_place(b)):
                return way, False
            if self.meet(at, a) and not (self.meet(at, b) and at == b and at != a):
                way.append((name, a, b))
            elif self.meet(at, b):
                way.append((name, b, a))
            else:
                return way, False
            at = way[-1][2]
        return way, self.meet(at, end)

    def known_spans(self, cable):
        names = [s for s in self.cable_spans.get((cable,), []) if s in self.t["spans"]]
        return [(s, self.t["spans"][s]["from_id"], self.t["spans"][s]["to_id"]) for s in names]

    def along(self, pieces, own_ends, start):
        """Oriented pieces and whether they join up, travelled from `start`, one of the own ends.

        What is complete is read from its own first end to its second, then turned if need be.
        """
        way, joins = self.follow(pieces, *own_ends)
        if start == own_ends[0]:
            return way, joins
        if joins:
            return [(name, exit_, entry) for name, entry, exit_ in reversed(way)], True
        return self.follow(pieces, start, own_ends[0])

    def is_cable_complete(self, cable):
        row = self.t["cables"][cable]
        spans = self.known_spans(cable)
        joins = self.follow(spans, row["from_id"], row["to_id"])[1]
        return joins and len(spans) == len(self.cable_spans.get((cable,), []))

    # Links ---------------------------------------------------------------------------------------

    def link_end(self, link, end):
        name = self.t["links"][link][end]
        return self.t["equipment"].get(name, {}).get("location_id", name)

    def ends(self, link):
        return self.link_end(link, "from_id"), self.link_end(link, "to_id")

    def legs(self, link):
        """Legs as (cables, carriers); a role that is not given is the working one."""
        found = {}
        for n, table in enumerate((self.link_cables, self.link_links)):
            for (name, role), parts in table.items():
                if name == link:
                    leg = found.setdefault("protect" if role == "protect" else "working", ([], []))
                    leg[n].extend(parts)
        return list(found.values())

    def is_wireless(self, link):
        return self.t["links"][link].get("medium") in WIRELESS

    def is_link_complete(self, link):
        if not all(self.is_place(end) for end in self.ends(link)):
            return False
        legs = self.legs(link)
        if not legs:
            return self.is_wireless(link)
        return all(self._is_leg_complete(link, *leg) for leg in legs)

    def is_carried(self, link):
        """What carries the link is recorded, down to cables: no link below it is lost."""
        legs = self.legs(link)
        return all(
            self._is_leg_joined(link, *leg) and all(self.is_carried(c) for c in leg[1])
            for leg in legs
        ) and (bool(legs) or self.is_wireless(link))

    def _is_leg_complete(self, link, cables, carriers):
        return (
            self._is_leg_joined(link, cables, carriers)
            and all(self.is_cable_complete(c) for c in cables)
            and all(self.is_link_complete(c) for c in carriers)
        )

    def _is_leg_joined(self, link, cables, carriers):
        if bool(cables) == bool(carriers):
            return False
        known = all(c in self.t["cables"] for c in cables)
        known = known and all(c in self.t["links"] for c in carriers)
        if not known:
            return False
        pieces = [(c, self.t["cables"][c]["from_id"], self.t["cables"][c]["to_id"]) for c in cables]
        pieces += [(c, *self.ends(c)) for c in carriers]
        return self.follow(pieces, *self.ends(link))[1]

    def own_elements(self, link):
        row = self.t["links"][link]
        found = {("link", link)}
        for end in ("from_id", "to_id"):
            found |= self.at_place(self.link_end(link, end))
            device = self.t["equipment"].get(row[end])
            if device:
                found.add(("device", device["id"]))
                if device.get("room_id") in self.t["rooms"]:
                    found.add(("room", device["room_id"]))
        return found

    def met_on(self, link):
        """What any leg, or the only one, runs through."""
        found = self.own_elements(link)
        for cables, carriers in self.legs(link):
            found |= set().union(*map(self.cable_elements, cables))
            found |= set().union(*(self.met_on(c) for c in carriers if c in self.t["links"]))
        return found

    def carried_by(self, link):
        """What both legs, or the only leg, run through."""
        legs = self._elements_of_legs(link)
        return set.intersection(*legs) if legs else set()

    def _elements_of_legs(self, link):
        found = []
        for cables, carriers in self.legs(link):
            leg = set()
            for cable in cables:
                leg |= self.cable_elements(cable)
            for carrier in carriers:
                if carrier in self.t["links"]:
                    leg |= self.own_elements(carrier) | self.carried_by(carrier)
            found.append(leg)
        return found

    def _met_by_both_legs(self, link):
        """Risk groups that take both legs down, each in another place than the other one."""
        legs = self._elements_of_legs(link)
        if len(legs) < 2:
            return set()
        apart = [leg - self.own_elements(link) - set.intersection(*legs) for leg in legs]
        return set.intersection(*(self._groups_met(elements) for elements in apart))

    def _groups_met(self, elements):
        below = (self._met_by_both_legs(name) for kind, name in elements if kind == "link")
        return set().union(*(self.groups_of.get(e, set()) for e in elements), *below)

    def cable_elements(self, cable):
        row = self.t["cables"].get(cable)
        if row is None:
            return set()
        found = {("cable", cable)} | self.at_place(row["from_id"]) | self.at_place(row["to_id"])
        for name in self.cable_spans.get((cable,), []):
            span = self.t["spans"].get(name)
            if span:
                found |= {("span", name)} | self.at_place(span["from_id"])
                found |= self.at_place(span["to_id"])
                if span.get("trench_id"):
                    found.add(("trench", span["trench_id"]))
        return found

    def offices_on(self, link):
        """Every office that a link ends at or runs through, on any leg."""
        found = set(self.ends(link))
        for cables, carriers in self.legs(link):
            for cable in cables:
                found |= {name for kind, name in self.cable_elements(cable) if kind == "location"}
            for carrier in carriers:
                if carrier in self.t["links"]:
                    found |= self.offices_on(carrier)
        return {name for name in found if name in self.t["offices"]}

    def measured(self, link, start, at):
        """[(span, entry, exit, metres at entry, metres at exit)] along every leg, and the end."""
        found, last = [], at
        if self._has_two_ways_below(link) or self._lacks_a_part(link):  # no one length along it
            at = math.inf
        for cables, carriers in self.legs(link):
            metres = at
            parts = [(c, *(self.t["cables"][c][e] for e in ("from_id", "to_id"))) for c in cables
                     if c in self.t["cables"]]  # fmt: skip
            parts += [(c, *self.ends(c)) for c in carriers if c in self.t["links"]]
            way, joins = self.along(parts, self.ends(link), start)
            for name, entry, _ in way:
                if name in self.t["links"]:
                    steps, metres = self.measured(name, entry, metres)
                else:
                    steps, metres = self._measured_cable(name, entry, metres)
                found += steps
            for name in {part[0] for part in parts} - {step[0] for step in way}:
                found += self.nowhere(name)
            last = max(last, metres if joins else math.inf)
        if self.legs(link):
            return found, last
        return found, self._bare_m(self.ends(link), start, at)

    def _bare_m(self, ends, start, at):
        """Metres after a link or cable of which nothing is recorded: none if it is indoors at A."""
        is_indoors = at == 0 and self.meet(*ends) and self.home(start) is not None
        return at if is_indoors else math.inf

    def _has_two_ways_below(self, link):
        below = [c for leg in self.legs(link) for c in leg[1] if c in self.t["links"]]
        return any(len(self.legs(c)) > 1 or self._has_two_ways_below(c) for c in below)

    def _lacks_a_part(self, link):
        """Something unknown lies somewhere on the link or below it."""
        return any(
            any(c not in self.t["cables"] or self._names_unknown_span(c) for c in cables)
            or any(c not in self.t["links"] or self._lacks_a_part(c) for c in carriers)
            for cables, carriers in self.legs(link)
        )

    def _names_unknown_span(self, cable):
        return any(s not in self.t["spans"] for s in self.cable_spans.get((cable,), []))

    def _measured_cable(self, cable, start, at):
        row = self.t["cables"][cable]
        if not self.cable_spans.get((cable,)):
            return [], self._bare_m((row["from_id"], row["to_id"]), start, at)
        spans = self.known_spans(cable)
        way, joins = self.along(spans, (row["from_id"], row["to_id"]), start)
        joins = joins and len(spans) == len(self.cable_spans.get((cable,), []))
        found = []
        for span, entry, exit_ in way:
            length = self.t["spans"][span].get("length_m")
            before = at
            if at > 0 or not self.meet(entry, exit_) or self.home(entry) is None:
                at += math.inf if length is None else length
            found.append((span, entry, exit_, before, at))
        if len(way) < len(self.cable_spans.get((cable,), [])):
            passed = {span for span, _, _ in way}
            found += [step for step in self.nowhere(cable) if step[0] not in passed]
        return found, at if joins else math.inf

    def nowhere(self, name):
        """Spans of a cable or link behind a gap: nobody knows how far from A."""
        found = []
        if name in self.t["links"]:
            for leg in self.legs(name):
                for part in (*leg[0], *leg[1]):
                    found += self.nowhere(part)
        for span in self.cable_spans.get((name,), []):
            row = self.t["spans"].get(span)
            if row:
                found.append((span, row["from_id"], row["to_id"], math.inf, math.inf))
        return found


class Route:
    """One route of a circuit."""

    def __init__(self, world, links, start, ends, problem):
        self.world = world
        self.links = links
        self.ends = ends
        pieces = [(link, *world.ends(link)) for link in links]
        way, self.is_known, self.end = [], False, None
        for end in ends:
            way, joins = world.follow(pieces, start, end)
            if joins and not problem:
                self.is_known, self.end = True, end
                break
        self.way = way
        self.has_plant = self.is_known and all(world.is_link_complete(link) for link in links)
        self.is_carried = self.is_known and all(world.is_carried(link) for link in links)
        self.is_wired = not any(world.is_wireless(link) for link in links)
        self.elements = set().union(
            *(world.own_elements(link) | world.carried_by(link) for link in links)
        )

    def reach(self, is_first):
        """How far from A each span, structure and trench reaches."""
        far, at = {}, 0.0 if is_first else math.inf
        for link, entry, _ in self.way:
            steps, at = self.world.measured(link, entry, at)
            self._mark(far, steps)
        for link in set(self.links) - {step[0] for step in self.way}:
            self._mark(far, self.world.nowhere(link))
        return far

    def _mark(self, far, steps):
        for span, a, b, before, after in steps:
            trench = self.world.t["spans"][span].get("trench_id")
            marks = [(("span", span), after), (("trench", trench), after)]
            marks += [(("structure", a), before), (("structure", b), after)]
            marks += [(name, after) for name in self.world.groups_of.get(("span", span), ())]
            for name, metres in marks:
                far[name] = max(far.get(name, 0.0), metres)


class Circuit:
    """A circuit as segments of routes."""

    def __init__(self, world, row):
        self.row = row
        self.world = world
        rows = [r for r in world.rows.get("circuit_links", ()) if r["circuit_id"] == row["id"]]
        by_segment = {}
        for r in sorted(rows, key=lambda r: r["seq"]):
            by_segment.setdefault(r.get("segment") or "", {}).setdefault(r["role"], []).append(
                r["link_id"]
            )
        has_protect = any("protect" in roles for roles in by_segment.values())
        wants = row.get("protection") in {"path", "ring"} and not has_protect
        self.is_unconfirmed = not row.get("protection") and not has_protect
        self.segments = []
        at = row["a_id"]
        listed = list(by_segment.values()) or [{}]
        for n, roles in enumerate(listed):
            ends = [e for e in (row["b_id"], row.get("b2_id")) if e]
            working = self._route(roles.get("working", []), at, ends)
            if n + 1 < len(listed):
                end = self._last(roles.get("working", []), at)
                ends = [end]
                working = self._route(roles.get("working", []), at, ends)
                at = end
            start = working.start
            routes = [working]
            if "protect" in roles:
                routes.append(self._route(roles["protect"], start, ends))
            elif wants:
                routes.append(self._route([], start, ends))
            self.segments.append(routes)

    def _route(self, names, start, ends):
        known = [name for name in names if name in self.world.t["links"]]
        recorded = known
        if any(map(self.world.is_link_dead, names)):
            known = []  # it carries nothing: where the route runs today, nobody knows
        route = Route(self.world, known, start, ends, not names or len(known) < len(names))
        route.recorded = recorded
        route.start = start
        return route

    def _last(self, names, start):
        pieces = [(n, *self.world.ends(n)) for n in names if n in self.world.t["links"]]
        way, _ = self.world.follow(pieces, start, None)
        return way[-1][2] if len(way) == len(names) and way else None

    @property
    def routes(self):
        return [route for segment in self.segments for route in segment]

    def only_way(self):
        way = []
        for first, *others in self.segments:
            if not first.links or any(sorted(o.links) != sorted(first.links) for o in others):
                return None
            if others and not all(r.is_known for r in (first, *others)):
                return None
            way += sorted(first.links)
        return tuple(sorted(way))


class Unit:
    """One circuit, or a group of them."""

    def __init__(self, world, circuits):
        self.world = world
        self.circuits = circuits
        self.routes = [route for circuit in circuits for route in circuit.routes]
        self.own = self._own_homes()
        self.contents = {}
        self.reaches = {
            id(route): route.reach(n == 0)
            for circuit in circuits
            for n, segment in enumerate(circuit.segments)
            for route in segment
        }

    def _own_homes(self):
        ends = None
        for circuit in self.circuits:
            for route in circuit.segments[-1]:
                reached = [route.end] if route.is_known else route.ends
                homes = {self.world.home(end) for end in reached}
                ends = homes if ends is None else ends & homes
        own = {self.world.home(circuit.row["a_id"]) for circuit in self.circuits}
        return (own | ends) - {None}

    def on(self, route):
        """Elements of a route that do not stand in the unit's own ends, and their risk groups."""
        if id(route) not in self.contents:
            self.contents[id(route)] = self._on(route)
        return self.contents[id(route)]

    def _on(self, route):
        rest = {e for e in route.elements if self.world.home_of(e) not in self.own}
        return rest.union(*(self.world.groups_of.get(e, set()) for e in rest))

    def common(self, counts):
        """What all of the routes that count have in common; None if they bound nothing."""
        found = None
        for circuit in self.circuits:
            mine = set()
            for segment in circuit.segments:
                routes = [self.on(route) for route in segment if counts(route)]
                if not routes:
                    break
                mine |= set.intersection(*routes)
            else:
                found = mine if found is None else found & mine
        if found is None:
            return None, set()
        tolerated = {
            e for e in found
            if e[0] in TOLERABLE and all(
                self.reaches[id(r)].get(e, math.inf) <= TOLERANCE_M
                for r in self.routes if counts(r) and e in self.on(r)
            )
        }  # fmt: skip
        return found - tolerated, tolerated

    def may_share(self, counts, kinds):
        """Room for more: what is tolerated where these pass it, others may meet elsewhere."""
        rest, tolerated = self.common(counts)
        return rest is None or any(e[0] in kinds for e in rest | tolerated)

    def logical(self, shared):
        if any(kind == "link" for kind, _ in shared):
            return False
        standby = {
            self.world.t["equipment"][name].get("hot_standby")
            for kind, name in shared
            if kind == "device"
        }
        return False if False in standby else None if None in standby else True

    def unhoused(self):
        bare = set()
        for circuit in self.circuits:
            b_ends = {circuit.row["b_id"], circuit.row.get("b2_id")}
            for route in circuit.routes:
                ends = b_ends & {route.end} if route.is_known else b_ends
                for link in route.recorded:
                    bare |= self.world.offices_on(link) - ends - {circuit.row["a_id"]}
        return {o for o in bare if not self.world.t["offices"][o].get("building_id")}

    def has_unsure_end(self):
        """A route may end at either of two centres: nobody knows which is its own."""
        starts = {self.world.home(circuit.row["a_id"]) for circuit in self.circuits}
        return bool(self.own - starts) and any(
            not route.is_known and self._may_end_elsewhere(circuit)
            for circuit in self.circuits
            for route in circuit.segments[-1]
        )

    def _may_end_elsewhere(self, circuit):
        first, second = circuit.row["b_id"], circuit.row.get("b2_id")
        return not self.world.is_place(first) or (
            bool(second) and self.world.home(second) != self.world.home(first)
        )

    def may_meet_lost(self):
        """Routes may meet in a group of which nobody knows a member: by a known one, or a gap."""
        for group, lost in self.world.lost.items():
            known = {
                e for e in self.world.members.get(group, ())
                if self.world.home_of(e) not in self.own
            }  # fmt: skip
            is_met = any(
                known & self.world.met_on(link) for route in self.routes for link in route.links
            )
            if len(lost) > 1 or is_met or (known and self._has_gap_and_hangs_on_one()):
                return True
        return False

    def _has_gap_and_hangs_on_one(self):
        """What lies in a gap is lost; one thing more cuts off all that is left."""
        if all(route.has_plant for route in self.routes):
            return False
        rest, tolerated = self.common(lambda r: r.has_plant)
        left = [
            min(sum(r.has_plant for r in segment) for segment in circuit.segments)
            for circuit in self.circuits
        ]
        return bool(rest or tolerated) or sum(left) < 2

    def opinion(self):
        ways = {circuit.only_way() for circuit in self.circuits}
        if len(ways) == 1 and None not in ways:
            return Opinion(
                "single_route", is_complete=True, logical=False, plant=False, physical=False
            )
        shared, tolerated = self.common(lambda _: True)
        is_carried = all(r.is_carried for r in self.routes)
        has_plant = all(r.has_plant for r in self.routes)
        unsure, is_lost = self.has_unsure_end(), self.may_meet_lost()
        logical = self.logical(shared)
        if logical and (
            unsure
            or (not is_carried and self.may_share(lambda r: r.is_carried, {"link", "device"}))
        ):
            logical = None
        plant = not any(kind in PLANT for kind, _ in shared)
        if plant and (
            unsure or is_lost or (not has_plant and self.may_share(lambda r: r.has_plant, PLANT))
        ):
            plant = None
        indoor = not any(kind in INDOOR for kind, _ in shared)
        if indoor and (
            unsure
            or self.unhoused()
            or (not has_plant and self.may_share(lambda r: r.has_plant, INDOOR))
        ):
            indoor = None
        physical = False if False in (plant, indoor) else None if None in (plant, indoor) else True
        level = self.level(shared, (logical, plant, physical))
        is_complete = has_plant and not self.unhoused() and not is_lost
        return Opinion(level, is_complete, logical, plant, physical, shared, tolerated)

    def level(self, shared, aspects):
        if shared:
            return min((LEVEL_OF[kind] for kind, _ in shared), key=LEVELS.index)
        if None in aspects:
            return "undecidable"
        if any(not r.is_wired for r in self.routes):
            rest, _ = self.common(lambda r: r.is_wired and r.has_plant)
            if rest is None or rest:
                return "radio_backup"
        return "diverse"


def opinions(rows):
    """Opinion on every circuit by id, and on every group of several by (group, site)."""
    world = World(rows)
    circuits = {
        row["id"]: Circuit(world, row)
        for row in rows.get("circuits", ())
        if row.get("status", "in_service") == "in_service"
    }
    found = {name: Unit(world, [circuit]).opinion() for name, circuit in circuits.items()}
    groups = {}
    for circuit in circuits.values():
        if circuit.row.get("group_id") and world.is_place(circuit.row["a_id"]):
            key = (circuit.row["group_id"], circuit.row["a_id"])
            groups.setdefault(key, []).append(circuit)
    for key, members in groups.items():
        if len(members) > 1:
            found[key] = Unit(world, members).opinion()
    return found
