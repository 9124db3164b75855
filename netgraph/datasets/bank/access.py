"""How each invented site reaches its access offices: entrances, cables, links.

A dual-routed site stands between the two halves of its town, so that one cable leaves it to the
west (plane A) and one to the east (plane B).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netgraph.datasets.bank.plant import stretch
from netgraph.datasets.draw import draw, pick

if TYPE_CHECKING:
    from netgraph.datasets.bank.mix import Site
    from netgraph.datasets.bank.offices import Office
    from netgraph.datasets.bank.transport import Transport

ENTRANCE_KM = 0.015
_SIDES = {1: (-ENTRANCE_KM, 0.0), 2: (ENTRANCE_KM, 0.0), 3: (0.0, -ENTRANCE_KM)}


@dataclass(frozen=True)
class Routes:
    """The routes of a site as links from its CPE to the centre.

    `use` says how its two circuits take them: `crossed` (each protects with the other's working
    route), `first` (both work on the first, the second protects if there is one) or `ring` (one
    each way round, no protect route on record).
    """

    first: tuple[str, ...]
    second: tuple[str, ...] = ()
    use: str = "crossed"

    def of_circuit(self, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the recorded working and protect route of the first or second circuit."""
        working, protect = self.first, self.second
        if number == 2 and self.use != "first":
            working, protect = protect, working
        return working, () if self.use == "ring" else protect


@dataclass
class Access:
    """The access of one site under construction."""

    net: Transport
    site: Site
    at_km: tuple[float, float] = (0.0, 0.0)
    column: int = 0
    row: int = 0
    cables: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the site's number as it stands in the ids of its parts."""
        return self.site.id[2:]

    def office(self, plane: str) -> Office:
        """Return the access office of a plane."""
        return self.net.offices[self.site.offices[plane]]

    def corner(self, plane: str, row: int | None = None) -> str:
        """Return the crossing to the west (plane A) or east (plane B) of the site."""
        low = self.row + (draw("corner", self.site.id) < 0.5)
        column = self.column + (plane == "B")
        return self.site.town.node(column, low if row is None else row)

    def place(self) -> None:
        """Choose a block of the town for the site and put it there."""
        town, identity = self.site.town, self.site.id
        middle = town.columns // 2 - 1
        dual = len(set(self.site.offices.values())) == 2 or (
            len(set(self.office("A").corner.values())) == 2
        )
        self.column = middle if dual else int(draw("column", identity) * (middle + 1))
        core = town.rows // 2 if town.code == "0100" else -1
        rows = [row for row in range(town.rows - 1) if row != core]
        self.row = pick(rows, "row", identity)
        shift = [0.3 + 0.4 * draw("block", axis, identity) for axis in "xy"]
        self.at_km = town.node_km(self.column + shift[0], self.row + shift[1])
        self.net.plant.position[identity] = town.frame.to_lon_lat(*self.at_km)

    def enter(self, number: int) -> str:
        """Add an entrance of the building with its stretch inside; return it."""
        plant, identity = self.net.plant, f"E{self.name}-{number}"
        if identity not in plant.structure:
            x, y = self.at_km
            dx, dy = _SIDES[number]
            at = self.site.town.frame.to_lon_lat(x + dx, y + dy)
            plant.add_structure(identity, "entrance", at, building=f"B-{self.site.id}")
            plant.add_span(self.site.id, identity, "indoor")
        return identity

    def lead_in(self, number: int, to: str, medium: str = "duct") -> list[str]:
        """Open a way from the site through an entrance to a point of the street."""
        entrance = self.enter(number)
        if stretch(entrance, to) not in self.net.plant.spans_between:
            self.net.plant.add_span(entrance, to, medium)
        return [self.site.id, entrance, to]

    def onward(self, way: list[str], plane: str) -> list[str]:
        """Continue a way to the access office of a plane, within the plane's streets."""
        town, plant = self.site.town, self.net.plant
        other = town.half("B" if plane == "A" else "A")
        rest = plant.path(way[-1], self.office(plane).id, avoid=other | set(way[:-1]))
        return way + rest[1:]

    def lay(self, way: list[str], **options: object) -> str:
        """Lay the site's next access cable and return its id."""
        number = len(self.cables) + 1
        scarce = options.pop("scarce", False)
        cable = self.net.plant.add_cable(
            f"F-{self.name}-{number}",
            way,
            cores=12,
            used=11 if scarce else 4,
            **options,  # type: ignore[arg-type]
        )
        self.cables.append(cable)
        return cable

    def link(self, plane: str, *cables: str, to: str = "", **more: str) -> str:
        """Add the access link of a plane and return its id."""
        end = to or self.office(plane).equipment(plane)
        values = {
            "section": "access",
            "system_id": self.net.system(self.site.town, plane),
            "protection": "none" if self.site.kind.unprotected else "msp_1p1",
        }
        ends = (f"P-{self.name}", end)
        return self.net.add_link(f"L-{self.name}-{plane}", ends, values | more, cables)

    def up(self, plane: str) -> list[str]:
        """Return the links from the access office of a plane to the centre."""
        return self.net.upward(self.office(plane), plane, through=plane)

    def both(self, first: str, second: str) -> Routes:
        """Return the two routes whose access links ride on these cables."""
        a, b = self.link("A", first), self.link("B", second)
        return Routes((a, *self.up("A")), (b, *self.up("B")))
