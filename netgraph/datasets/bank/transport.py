"""Transport of the invented bank network: cables between offices, links and systems.

Plane A: access equipment, a city's first aggregation office, the first core office. Plane B: the
second aggregation office, the second core office, and over to the first, which is the centre. In
the backbone both planes ride on wavelength rings; a city's two planes go opposite ways round.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from netgraph.datasets.bank.offices import CAPITAL, CORE_1, CORE_2, Office
from netgraph.datasets.bank.streets import route_along
from netgraph.datasets.bank.towns import RINGS, Town, home_of
from netgraph.datasets.draw import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.datasets.bank.plant import Plant
    from netgraph.datasets.bank.ways import Ways
    from netgraph.datasets.rows import Value

CORE_LINK = "L-CORE"
CORE_CABLE = "F-CORE"
PLANES = ("A", "B")


@dataclass
class Transport:
    """The network between the offices under construction."""

    plant: Plant
    towns: dict[str, Town]
    offices: dict[str, Office]
    ways: Ways
    corridors: dict[frozenset[str], list[str]]
    # The cables from an office to the aggregation office of a plane.
    cables_up: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _uplinks: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def city_of(self, town: Town) -> Town:
        """Return the seat of the city that a town belongs to."""
        return self.towns[f"{town.code[:2]}00"]

    def aggregation(self, town: Town, plane: str) -> Office:
        """Return the aggregation office of a plane for a town."""
        return self.offices[f"O-{self.city_of(town).code}{plane}"]

    def top(self, city: Town, plane: str) -> Office:
        """Return where a city's plane joins the backbone: in the capital the core office."""
        if city.place.city == CAPITAL:
            return self.offices[CORE_1 if plane == "A" else CORE_2]
        return self.aggregation(city, plane)

    def upward(self, office: Office, plane: str, *, through: str) -> list[str]:
        """Return the links from equipment of a plane up to the centre, going up in a plane."""
        links = [self.uplink(office, plane, through=through)]
        links.append(f"L-I{office.town.code[:2]}-{through}")
        return links + ([CORE_LINK] if through == "B" else [])

    def uplink(self, office: Office, plane: str, *, through: str) -> str:
        """Return the link from equipment of an office to the aggregation office of a plane."""
        key = (office.id, plane, through)
        if key not in self._uplinks:
            code = plane if plane == through else plane + through
            top = self.aggregation(office.town, through)
            self._uplinks[key] = self.add_link(
                f"U-{office.id[2:]}-{code}",
                (office.equipment(plane), top.equipment(through)),
                {
                    "section": "uplink",
                    "system_id": self.system(office.town, through),
                    "protection": "sncp",
                },
                self.cables_up[office.id, through],
            )
        return self._uplinks[key]

    def system(self, town: Town, plane: str) -> str:
        """Return the access system of a plane in the city of a town."""
        return f"SDH-{town.code[:2]}-{plane}"

    def add_link(
        self,
        identity: str,
        ends: tuple[str, str],
        values: Mapping[str, Value],
        cables: Sequence[str] = (),
    ) -> str:
        """Add a link with its cables in order and return its id."""
        row = {"medium": "fibre", "owner": "operator", **values}
        self.plant.rows.add("links", id=identity, from_id=ends[0], to_id=ends[1], **row)
        for seq, cable in enumerate(cables, start=1):
            self.plant.rows.add("link_cables", link_id=identity, seq=seq, cable_id=cable)
        return identity

    def lay(self, identity: str, start: Office, end: Office, plane: str) -> str:
        """Lay a cable between two offices in the plant of one plane and return its id."""
        a, b = start.town, end.town
        if a is b:
            route = self.streets(a, start.id, end.id, plane)
        else:
            hubs = [self.towns[code].hub(plane) for code in self._way(a, b, plane)]
            route = self.streets(a, start.id, hubs[0], plane)
            route += route_along(hubs, self.corridors)[1:]
            route += self.streets(b, hubs[-1], end.id, plane)[1:]
        cores = 48 if start.role == "access" else 144
        used = round(cores * (0.3 + 0.4 * draw("used", identity)))
        return self.plant.add_cable(identity, route, cores=cores, used=used)

    def streets(self, town: Town, start: str, end: str, plane: str) -> list[str]:
        """Return a way through the half of a town that belongs to a plane."""
        other = "B" if plane == "A" else "A"
        return self.plant.path(start, end, avoid=town.half(other))

    def _way(self, a: Town, b: Town, plane: str) -> list[str]:
        if (a.code, b.code, plane) in self.ways:
            return self.ways[a.code, b.code, plane]
        return self.ways[b.code, a.code, plane][::-1]


def add_access_network(net: Transport) -> None:
    """Lay the cables from the access offices up, and the ties between aggregation offices."""
    for code, town in net.towns.items():
        if town.uplinks == "city":
            first, second = (net.aggregation(town, plane) for plane in PLANES)
            route = net.plant.path(first.id, second.id)
            net.plant.add_cable(f"FT-{code[:2]}", route, cores=96, used=40)
            for plane in PLANES:
                _add_system(net, net.system(town, plane), "star", town, plane)
    ranked = sorted(net.offices.values(), key=lambda o: o.town.uplinks == "township")
    for office in ranked:
        if office.role == "access":
            _add_cables_up(net, office)


def _add_cables_up(net: Transport, office: Office) -> None:
    town, name = office.town, office.id[2:]
    tie = f"FT-{town.code[:2]}"
    if town.uplinks == "township":
        home = net.offices.get(f"O-{_home(net, town)}") or net.offices[f"O-{_home(net, town)}W"]
        cable = net.lay(f"FU-{name}-A", office, home, "A")
        up = (cable, *net.cables_up[home.id, "A"])
        net.cables_up[office.id, "A"] = up
        net.cables_up[office.id, "B"] = (*up, tie)
        return
    single = len(set(office.corner.values())) == 1 and len(office.corner) == 2
    for plane in office.corner:
        if plane == "B" and single:
            net.cables_up[office.id, "B"] = (*net.cables_up[office.id, "A"], tie)
        else:
            cable = net.lay(f"FU-{name}-{plane}", office, net.aggregation(town, plane), plane)
            net.cables_up[office.id, plane] = (cable,)


def _home(net: Transport, township: Town) -> str:
    return home_of(township, list(net.towns.values())).code


def _add_system(net: Transport, identity: str, kind: str, town: Town | None, plane: str) -> None:
    where = town.short_name if town else "省干"
    net.plant.rows.add(
        "systems",
        id=identity,
        name=f"{where}{plane}平面",
        kind=kind,
        technology="OTN" if kind == "ring" else "MSTP",
        protection="oduk_sncp" if kind == "ring" else "sncp",
    )


def add_backbone(net: Transport) -> None:
    """Add the wavelength rings, the cities' links that ride on them, and the core link."""
    cable = net.lay(CORE_CABLE, net.offices[CORE_2], net.offices[CORE_1], "B")
    for plane in PLANES:
        _add_system(net, f"SDH-I-{plane}", "mesh", None, plane)
    core = tuple(net.offices[office].equipment("B") for office in (CORE_2, CORE_1))
    net.add_link(CORE_LINK, (core[0], core[1]), _backbone_values("SDH-I-B"), (cable,))
    for name, ring in RINGS.items():
        for plane in PLANES:
            _add_ring(net, name, ring, plane)
    for plane in PLANES:
        capital = net.towns["0100"]
        low, high = net.aggregation(capital, plane), net.top(capital, plane)
        cable = net.lay(f"FI-01-{plane}", low, high, plane)
        ends = (low.equipment(plane), high.equipment(plane))
        net.add_link(f"L-I01-{plane}", ends, _backbone_values(f"SDH-I-{plane}"), (cable,))


def _backbone_values(system: str) -> dict[str, Value]:
    return {"section": "intra_province", "system_id": system, "protection": "oduk_sncp"}


def _add_ring(net: Transport, name: str, ring: tuple[str, ...], plane: str) -> None:
    seats = {t.place.city: t for t in net.towns.values() if t.uplinks == "city"}
    system = f"WDM-{name}-{plane}"
    _add_system(net, system, "ring", None, f"{name}{plane}")
    tops = [net.top(seats[city], plane) for city in ring]
    hops = []
    for low, high in pairwise([*tops, tops[0]]):
        pair = f"{low.town.code[:2]}{high.town.code[:2]}-{plane}"
        cable = net.lay(f"FW-{pair}", low, high, plane)
        ends = (low.multiplexer(plane), high.multiplexer(plane))
        hops.append(net.add_link(f"L-W{pair}", ends, _backbone_values(system), (cable,)))
    for index, city in enumerate(ring[1:], start=1):
        # Hops before the city lead back to the capital, those after it lead on; plane A takes
        # the way with fewer hops, plane B the other one.
        arms = sorted((hops[:index][::-1], hops[index:]), key=len)
        number = seats[city].code[:2]
        ends = (net.top(seats[city], plane).equipment(plane), tops[0].equipment(plane))
        link = f"L-I{number}-{plane}"
        net.add_link(link, ends, _backbone_values(f"SDH-I-{plane}"))
        for seq, carrier in enumerate(arms[0 if plane == "A" else 1], start=1):
            net.plant.rows.add("link_links", link_id=link, seq=seq, carrier_id=carrier)
