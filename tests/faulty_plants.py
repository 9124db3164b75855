"""Small invented networks whose records have every kind of fault, drawn from a seed.

Rows are lost and ids doubled, ends name nobody, cables and links have gaps, links have two legs or
run through other links, buildings, roles and lengths are not known. Nothing is tuned to give one
verdict or another: what a run says of such records must be borne out by the records all the same.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from builders import PlantBuilder

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    Graph = Mapping[str, list[tuple[str, str]]]

_NOTHING_LOST = {"inventory", "circuits", "risk_groups"}
_MEMBERS = ("spans", "structures", "offices", "sites", "cables", "equipment", "links", "rooms")
_NAMES = (
    ("spans", "from_id"), ("cables", "to_id"), ("links", "from_id"), ("equipment", "location_id"),
    ("circuit_links", "link_id"), ("circuits", "b_id"), ("circuits", "a_id"),
)  # fmt: skip
_LENGTHS_M = (0.0, 5.0, 20.0, 30.0, 49.0, 50.0, 51.0, 200.0, 300.0, None)


def draw_faulty_plant(seed: int) -> PlantBuilder:
    """Draw up to three sites, five offices, and some forty spans; a third has hardly a fault."""
    drawing = _Drawing(seed)
    drawing.draw_places()
    drawing.draw_spans()
    drawing.draw_cables()
    drawing.draw_equipment()
    drawing.draw_links()
    drawing.draw_circuits()
    drawing.draw_risk_groups()
    drawing.spoil()
    return drawing.plan


class _Drawing:
    """What is drawn so far: graphs of the places that spans, cables and links join."""

    def __init__(self, seed: int) -> None:
        self.random, self.plan = random.Random(seed), PlantBuilder()
        self.faults = self.pick((0, 0, 1, 1, 3, 6))
        self.offices = [f"O{n}" for n in range(self.pick((3, 4, 5)))]
        self.sites = [f"S{n}" for n in range(self.pick((2, 2, 3)))]
        self.points = [f"m{n}" for n in range(self.pick((5, 7, 9)))]
        self.places = [*self.offices, *self.sites, *self.points]
        self.spans, self.cables, self.links = ({p: [] for p in self.places} for _ in range(3))
        self.devices: dict[str, list[str]] = {}
        self.used: set[str] = set()

    def pick(self, choices: Sequence):
        return self.random.choice(choices)

    def is_so(self, per_cent: float) -> bool:
        return self.random.random() * 100 < per_cent

    def status(self, per_cent: float) -> dict[str, str]:
        is_gone = self.is_so(per_cent * self.faults / 6)
        return {"status": self.pick(("retired", "planned"))} if is_gone else {}

    def draw_places(self) -> None:
        for n, name in enumerate(self.offices):
            home = None if self.is_so(2 * self.faults) else "B0" if self.is_so(15) else f"B{n}"
            role = self.pick(("core", "aggregation", "access", "access"))
            role = None if self.is_so(2 * self.faults) else role
            self.plan.office(name, role, building_id=home, **self.status(3))
        for n, name in enumerate(self.sites):
            home = self.pick((None, None, f"H{n}", f"H{n}", "B0", "H0"))
            self.plan.site(name, building_id=home, **self.status(1))
        for name in self.points:
            kind = self.pick(("manhole", "pole", "cabinet", "splice", "entrance"))
            home = self.pick((None, None, None, None, "B0", "H0"))
            self.plan.structure(name, kind, building_id=home, **self.status(2))

    def draw_spans(self) -> None:
        for site in self.sites:
            for _ in range(self.pick((2, 3, 4))):
                self._span(site, self.pick([*self.points, *self.offices]))
        for office in self.offices:
            for _ in range(2):
                others = {*self.points, *self.offices} - {office}
                self._span(office, self.pick(sorted(others)))
        for _ in range(self.random.randint(6, 18)):
            self._span(*self.random.sample(self.places, 2))

    def _span(self, a: str, b: str) -> None:
        name = f"p{len(self.plan.rows.get('spans', ()))}"
        trench = self.pick((None, None, f"T-{name}", f"T-{name}", f"T-{name}", "T1", "T2"))
        length_m = self.pick(_LENGTHS_M)
        self.plan.span(name, a, b, length_m=length_m, trench_id=trench, **self.status(1.5))
        _join(self.spans, name, a, b)

    def draw_cables(self) -> None:
        for site in self.sites:
            for _ in range(3):
                self._cable(site, self.pick(self.offices))
        closures = [
            row["id"]
            for row in self.plan.rows["structures"]
            if row["kind"] in {"cabinet", "splice"}
        ]
        for _ in range(self.random.randint(5, 12)):
            self._cable(*self.random.sample([*self.offices, *self.sites, *closures], 2))

    def _cable(self, a: str, b: str) -> None:
        way = self.find_way(self.spans, a, b, 5, self.used if self.is_so(85) else ())
        if not way:
            return
        self.used.update(way)
        name = f"c{len(self.plan.rows.get('cables', ()))}"
        self.plan.cable(name, *self.turned(a, b), self.spoilt(way, "p99"), **self.status(1.5))
        _join(self.cables, name, a, b)

    def draw_equipment(self) -> None:
        for place in [*self.offices, *self.sites]:
            if self.is_so(50):
                self.plan.add("rooms", id=f"R-{place}", location_id=place)
            for n in range(self.pick((0, 1, 1, 2))):
                name, room = f"d-{place}-{n}", self.pick((None, f"R-{place}"))
                self.devices.setdefault(place, []).append(name)
                self.plan.device(
                    name, place, hot_standby=self.pick((True, False, None)), room_id=room,
                    **self.status(1),
                )  # fmt: skip

    def draw_links(self) -> None:
        for site in self.sites:
            for office in self.random.sample(self.offices, min(len(self.offices), 3)):
                self._link(site, office)
        for _ in range(self.random.randint(4, 9)):
            self._link(*self.random.sample([*self.offices, *self.sites], 2))

    def _link(self, a: str, b: str) -> None:
        way = self.find_way(self.cables, a, b, 3, self.used if self.is_so(85) else ())
        medium, carriers, protect = "fibre", (), ()
        if self.is_so(4):
            medium, way = self.pick(("radio", "cellular")), []
        elif self.is_so(10) and (carriers := self.find_way(self.links, a, b, 2) or ()):
            way = []
        elif way is None:
            return
        elif self.is_so(15):
            protect = self.find_way(self.cables, a, b, 3, way) or ()
        self.used.update(way)
        name = f"l{len(self.plan.rows.get('links', ()))}"
        section = self.pick(("access", "uplink", "intra_province", "inter_province"))
        self.plan.link(
            name, *self.turned(*map(self._end, (a, b))), self.spoilt(way, "c99"), protect=protect,
            carriers=carriers, medium=medium, section=section if self.is_so(20) else None,
            **self.status(1),
        )  # fmt: skip
        _join(self.links, name, a, b)

    def _end(self, place: str) -> str:
        """A device at a place, or the place itself."""
        return self.pick(self.devices[place]) if place in self.devices and self.is_so(50) else place

    def draw_circuits(self) -> None:
        for n in range(self.random.randint(5, 9)):
            site, second = self.pick(self.sites), self.pick(self.offices)
            others = sorted({*self.sites} - {site})
            centre = self.pick(self.offices) if self.is_so(85) else self.pick(others)
            b2 = second if self.is_so(25) else None
            working = self.find_way(self.links, site, centre, 3)
            end = second if b2 and self.is_so(60) else centre
            protect = self.find_way(self.links, site, end, 3, working or ())
            if working:
                self._circuit(f"x{n}", (site, centre, b2), working, protect or [])

    def _circuit(
        self, name: str, ends: tuple[str, str, str | None], working: list[str], protect: list[str]
    ) -> None:
        site, centre, b2 = ends
        group, protection = self.pick((None, "G1", "G2")), self.pick((None, "none", "path", "path"))
        self.plan.circuit(
            name, site, centre, b2_id=b2, group_id=group, protection=protection, **self.status(1)
        )
        working = self.spoilt(working, "l99")
        is_cut = len(working) > 1 and self.is_so(20)
        parts = (working[:1], working[1:]) if is_cut else (working,)
        for number, part in enumerate(parts, start=1):
            self.plan.route(name, "working", part, segment=str(number))
        self.plan.route(name, "protect", self.spoilt(protect, "l98"), segment=str(len(parts)))

    def draw_risk_groups(self) -> None:
        for n in range(self.pick((0, 0, 1, 2, 3))):
            tables = [self.pick(_MEMBERS) for _ in range(self.pick((1, 2, 2, 3)))]
            members = [
                f"{table}:{self.pick(self.plan.rows[table])['id']}"
                for table in tables if self.plan.rows.get(table)
            ]  # fmt: skip
            lost = [f"spans:gone{n}"] if self.is_so(8 * self.faults) else []
            self.plan.risk(f"r{n}", *dict.fromkeys([*members, *lost]))

    def spoil(self) -> None:
        """Lose rows and positions, double ids, and let ends name nobody."""
        rows = self.plan.rows
        for table in sorted(rows.keys() - _NOTHING_LOST) if self.faults else ():
            for row in [row for row in rows[table] if self.is_so(self.faults / 12)]:
                rows[table].remove(row)
        for tables in (("structures", "sites"), ("offices", "sites"), ("equipment", "offices")):
            one, other = (rows.get(table) for table in self.random.sample(tables, 2))
            if one and other and self.is_so(2 * self.faults):
                self.pick(one)["id"] = self.pick(other)["id"]
        for table, column in _NAMES:
            for row in rows.get(table, ()):
                if self.is_so(self.faults / 15):
                    row[column] = self.pick((None, "nowhere"))
        for row in (row for table in ("structures", "offices", "sites") for row in rows[table]):
            if self.is_so(2 * self.faults):
                row["lon"] = row["lat"] = None

    def find_way(
        self, graph: Graph, start: str, end: str, most: int, avoid: Collection[str] = ()
    ) -> list[str] | None:
        """Walk at random, past what is to be avoided where that is all there is."""
        for _ in range(6):
            at, seen, way = start, {start}, []
            while at != end and len(way) < most:
                on = [step for step in graph[at] if step[1] not in seen]
                if not on:
                    break
                name, at = self.pick([step for step in on if step[0] not in avoid] or on)
                seen.add(at)
                way.append(name)
            if way and at == end:
                return way
        return None

    def turned(self, a: str, b: str) -> tuple[str, str]:
        return (a, b) if self.is_so(70) else (b, a)

    def spoilt(self, way: Sequence[str], unknown: str) -> list[str]:
        """Lose a piece, read it from the other end, add one that no table has, or mix it up."""
        way = list(way)
        if way and self.is_so(self.faults):
            way.pop(self.random.randrange(len(way)))
        if way and self.is_so(self.faults / 2):
            way.append(unknown)
        if self.is_so(self.faults / 3):
            self.random.shuffle(way)
        return way[::-1] if self.is_so(20) else way


def _join(graph: Graph, name: str, a: str, b: str) -> None:
    graph[a].append((name, b))
    graph[b].append((name, a))
