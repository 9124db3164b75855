"""Random small inventories in which routes share things, and records are missing."""

from __future__ import annotations

import random

import networkx as nx
from builders import PlantBuilder

_AGED = {
    "offices": 3, "sites": 3, "structures": 3, "spans": 3, "cables": 4, "equipment": 4, "links": 6,
    "circuits": 10,
}  # fmt: skip
_LENGTHS = [5.0, 20.0, 30.0, 49.0, 51.0, 200.0, None]


class _Draw:
    """One random inventory; every choice comes from the seed."""

    def __init__(self, seed: int, *, has_defects: bool, joins_sites: bool) -> None:
        self.random = random.Random(seed)
        self.has_defects, self.joins_sites = has_defects, joins_sites
        self.plan = PlantBuilder()
        self.spans = nx.MultiGraph()
        self.links = nx.MultiGraph()

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def defect(self, percent: int) -> bool:
        return self.has_defects and self.chance(percent)

    def places(self) -> None:
        plan = self.plan
        for n in range(1, 6):
            building = self.random.choice([f"B{n}", f"B{n}", f"B{n}", "B9", None])
            if building is None and not self.has_defects:
                building = f"B{n}"
            role = self.random.choice(["core", "aggregation", "access"])
            plan.office(f"O{n}", role, building_id=building)
        for n in range(1, 4):
            plan.site(f"S{n}", building_id=self.random.choice([None, None, f"H{n}", "B1"]))
        for n in range(1, 10):
            kind = self.random.choice(["manhole", "pole", "cabinet", "entrance"])
            building = self.random.choice([None] * 8 + ["B2", "H1"])
            plan.structure(f"m{n}", kind, building_id=building)
        self.offices = [f"O{n}" for n in range(1, 6)]
        self.sites = [f"S{n}" for n in range(1, 4)]
        self.points = [f"m{n}" for n in range(1, 10)]

    def plant(self) -> None:
        everything = self.offices + self.sites + self.points
        for n in range(30):
            a, b = self.random.sample(everything, 2)
            if n < len(self.sites):  # every site has a way out
                a, b = self.sites[n], self.random.choice(self.points)
            trench = self.random.choice([None] * 6 + ["T1", "T2"])
            name, length = f"p{n}", self.random.choice(_LENGTHS)
            self.plan.span(name, a, b, length_m=length, trench_id=trench)
            self.spans.add_edge(a, b, key=name)

    def _way(self, graph: nx.MultiGraph, a: str, b: str, most: int) -> list[str] | None:
        """Edges of a random simple path, or None."""
        at, seen, way = a, {a}, []
        while at != b and len(way) < most:
            steps = [(v, key) for _, v, key in graph.edges(at, keys=True) if v not in seen]
            if not steps:
                return None
            at, key = self.random.choice(sorted(steps))
            seen.add(at)
            way.append(key)
        return way if at == b else None

    def cables(self) -> None:
        self.cable_graph = nx.MultiGraph()
        ends = (
            self.offices
            + self.sites
            + [row["id"] for row in self.plan.rows["structures"] if row["kind"] == "cabinet"]
        )
        made = 0
        for _ in range(200):
            a, b = self.random.sample(ends, 2)
            way = self._way(self.spans, a, b, 4) if a in self.spans and b in self.spans else None
            if not way or made == 22:
                continue
            if self.defect(4):
                way.pop(self.random.randrange(len(way)))
            if self.chance(30):
                way.reverse()
            if self.defect(2):
                way.append("p99")  # a span that nothing records
            name, made = f"c{made}", made + 1
            self.plan.cable(name, a, b, way)
            self.cable_graph.add_edge(a, b, key=name)

    def equipment(self) -> None:
        for place in self.offices + self.sites:
            for n in range(self.random.randrange(3)):
                standby = self.random.choice([True, False, None])
                room = f"R-{place}" if self.chance(30) else None
                self.plan.device(f"{place}-d{n}", place, hot_standby=standby, room_id=room)
            if self.chance(80):
                self.plan.add("rooms", id=f"R-{place}", location_id=place)

    def transport(self) -> None:
        ends = self.offices + self.sites
        made = 0
        for _ in range(300):
            a, b = self.random.sample(ends, 2)
            way = None
            if a in self.cable_graph and b in self.cable_graph:
                way = self._way(self.cable_graph, a, b, 2)
            if made == 18 or (way is None and not self.chance(2)):
                continue
            name, made = f"l{made}", made + 1
            self._link(name, a, b, way)
            self.links.add_edge(a, b, key=name)

    def _link(self, name: str, a: str, b: str, way: list[str] | None) -> None:
        columns: dict[str, object] = {"medium": self.random.choice(["fibre"] * 5 + ["leased"])}
        carriers: list[str] = []
        if way is None or self.chance(8):
            media = ["radio", "cellular", "fibre"] if self.has_defects else ["radio", "cellular"]
            columns["medium"] = self.random.choice(media)
            way = []
        elif self.chance(12) and a in self.links and b in self.links:
            below = self._way(self.links, a, b, 2)
            if below:
                way, carriers = [], below
        other = self._way(self.cable_graph, a, b, 2) if way and self.chance(15) else None
        if way and self.chance(30):
            way.reverse()
        self.plan.link(
            name, self._end(a), self._end(b), way, protect=other or (), carriers=carriers, **columns
        )

    def _end(self, place: str) -> str:
        here = [r["id"] for r in self.plan.rows.get("equipment", ()) if r["location_id"] == place]
        return self.random.choice(here) if here and self.chance(60) else place

    def services(self) -> None:
        made, ends = 0, self.sites if self.joins_sites else self.offices
        for _ in range(400):
            site, centre = self.random.choice(self.sites), self.random.choice(ends)
            second = self.random.choice(ends) if self.chance(20) else None
            if site not in self.links or site == centre or made == 16:
                continue
            working = self._way(self.links, site, centre, 3) if centre in self.links else None
            if working is None:
                continue
            protection = self.random.choice([None, "none", "path", "path"])
            group = f"G{self.random.randrange(3)}" if self.chance(60) else None
            name, made = f"x{made}", made + 1
            self.plan.circuit(
                name, site, centre, b2_id=second, group_id=group, protection=protection
            )
            self._routes(name, site, second if second and self.chance(50) else centre, working)

    def _routes(self, name: str, site: str, end: str, working: list[str]) -> None:
        protect = None
        if self.chance(75) and end in self.links:
            protect = self._way(self.links, site, end, 3)
            for _ in range(8):  # prefer one that is another way
                if protect and set(protect) & set(working):
                    protect = self._way(self.links, site, end, 3) or protect
        if not protect and not self.has_defects:
            self.plan.change("circuits", name, protection="none")
        if protect and self.defect(6):
            protect = [*protect, "l99"]
        if len(working) > 1 and self.chance(20):  # only the last part is protected
            self.plan.route(name, "working", working[:1], segment="s1")
            self.plan.route(name, "working", working[1:], segment="s2")
            if protect and len(protect) > 1:
                self.plan.route(name, "protect", protect[1:], segment="s2")
            return
        self.plan.route(name, "working", working)
        if protect:
            self.plan.route(name, "protect", protect[::-1] if self.chance(20) else protect)

    def risks(self) -> None:
        tables = [
            "spans",
            "structures",
            "offices",
            "sites",
            "cables",
            "equipment",
            "links",
            "rooms",
        ]
        for n in range(3):
            members = []
            for table in self.random.choices(tables, k=3):
                rows = self.plan.rows.get(table, ())
                if rows:
                    members.append(f"{table}:{self.random.choice(rows)['id']}")
            self.plan.risk(f"r{n}", *members)


def aged(plan: PlantBuilder, seed: int) -> PlantBuilder:
    """A copy in which some rows are retired or planned: about one in thirty, and more circuits."""
    draw, old = random.Random(seed), plan.copy()
    for table, percent in _AGED.items():
        for row in old.rows.get(table, ()):
            if draw.randrange(100) < percent:
                row["status"] = draw.choice(["retired", "planned"])
    return old


def draw_plant(seed: int, *, joins_sites: bool = False) -> PlantBuilder:
    """A random inventory of three sites, five offices and about sixteen circuits.

    Odd seeds lack records here and there, even ones are complete but for lengths. Circuits end at
    offices, or join two sites.
    """
    draw = _Draw(seed, has_defects=seed % 2 == 1, joins_sites=joins_sites)
    draw.places()
    draw.plant()
    draw.cables()
    draw.equipment()
    draw.transport()
    draw.services()
    draw.risks()
    return draw.plan
