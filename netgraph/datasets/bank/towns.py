"""Where the invented bank network stands: towns at real seats, and corridors between them.

A town has two halves. Plane A of the network lives in its western half and leaves the town at a
vault in the west, plane B in its eastern half; this is what makes two routes diverse, and the
sites that are not diverse break the rule at one known place.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.datasets.draw import shuffled
from netgraph.datasets.places import Place, shanxi_places
from netgraph.datasets.rows import LocalFrame

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from numpy.typing import NDArray

# The seat of Wanbailin is a part of Taiyuan's own grid of streets.
_INSIDE_A_CITY = frozenset({"万柏林区"})
# Counties with two uplinks, by how many offices they have; the others hang on one cable.
TWO_OFFICES = 14
ONE_OFFICE = 15
TOWNSHIPS = 45
_APART_KM = 9.0
_LONGEST_CORRIDOR_KM = 120.0

# The rings of the backbone, in the order of their cities; both begin and end in Taiyuan.
RINGS: Mapping[str, tuple[str, ...]] = {
    "N": ("太原市", "忻州市", "朔州市", "大同市", "阳泉市"),
    "S": ("太原市", "吕梁市", "临汾市", "运城市", "晋城市", "长治市", "晋中市"),
}


@dataclass(frozen=True)
class Town:
    """A seat with its streets.

    `code` is two digits for the city and two for the town in it. `uplinks` is `city`, `two` (two
    offices, two uplinks), `one` (one office, two uplinks), `single` (one office, one uplink) or
    `township`.
    """

    code: str
    place: Place
    uplinks: str
    columns: int
    rows: int
    spacing_km: float

    @property
    def frame(self) -> LocalFrame:
        """The flat frame around the seat."""
        return LocalFrame(self.place.lon, self.place.lat)

    @property
    def half_width_km(self) -> float:
        """Half of the width of the grid of streets."""
        return (self.columns - 1) * self.spacing_km / 2

    def node(self, column: int, row: int) -> str:
        """Return the id of the manhole at a crossing."""
        return f"M{self.code}-{column}{row:X}"

    def node_km(self, column: float, row: float) -> tuple[float, float]:
        """Return where a point of the grid lies; fractions lie between the streets."""
        middle = (self.rows - 1) / 2
        return (
            column * self.spacing_km - self.half_width_km,
            (middle - row) * self.spacing_km,
        )

    @property
    def short_name(self) -> str:
        """Return the name without its rank; a township is named with its county."""
        name = _without_rank(self.place.name_zh)
        return _without_rank(self.place.county) + name if self.uplinks == "township" else name

    def half(self, plane: str) -> frozenset[str]:
        """Return the crossings in the half of the town that belongs to a plane."""
        middle = self.columns // 2
        columns = range(middle) if plane == "A" else range(middle, self.columns)
        return frozenset(self.node(c, r) for c in columns for r in range(self.rows))

    def hub(self, plane: str) -> str:
        """Return the id of the vault where the corridors of a plane meet."""
        return f"V{self.code}-{plane}"


def _without_rank(name: str) -> str:
    return name[:-1] if len(name) > 2 and name[-1] in "市县区镇乡" else name


def bank_towns() -> list[Town]:
    """Return the towns of the example: 11 cities, the counties, some townships."""
    places = [p for p in shanxi_places() if p.county not in _INSIDE_A_CITY]
    counties = [p for p in places if p.kind == "county"]
    order = [p.geonames_id for p in counties]
    order = shuffled(order, "uplinks")
    kinds = dict.fromkeys(order[:TWO_OFFICES], "two")
    kinds |= dict.fromkeys(order[TWO_OFFICES : TWO_OFFICES + ONE_OFFICE], "one")
    chosen = [p for p in places if p.kind != "town"]
    chosen += _spread_towns([p for p in places if p.kind == "town"], chosen)
    cities = list(dict.fromkeys(p.city for p in places))
    towns: list[Town] = []
    for number, city in enumerate(cities, start=1):
        rank = {"city": 0, "county": 1, "town": 2}
        members = [p for p in chosen if p.city == city]
        members.sort(key=lambda p: (rank[p.kind], p.geonames_id))
        towns += [
            _town(f"{number:02}{index:02}", place, kinds) for index, place in enumerate(members)
        ]
    return towns


def _town(code: str, place: Place, kinds: Mapping[int, str]) -> Town:
    if place.kind == "town":
        return Town(code, place, "township", columns=2, rows=2, spacing_km=0.3)
    if place.kind == "county":
        uplinks = kinds.get(place.geonames_id, "single")
        return Town(code, place, uplinks, columns=4, rows=3, spacing_km=0.35)
    if place.city == "太原市":
        return Town(code, place, "city", columns=8, rows=13, spacing_km=0.45)
    return Town(code, place, "city", columns=6, rows=7, spacing_km=0.4)


def _spread_towns(candidates: list[Place], seats: list[Place]) -> list[Place]:
    """Choose townships that stand apart from the seats and from one another."""
    chosen: list[Place] = []
    taken = list(seats)
    for identity in shuffled([p.geonames_id for p in candidates], "townships"):
        place = next(p for p in candidates if p.geonames_id == identity)
        offsets = _km([place, *taken])
        if np.hypot(*(offsets[1:] - offsets[0]).T).min() >= _APART_KM:
            chosen.append(place)
            taken.append(place)
        if len(chosen) == TOWNSHIPS:
            break
    return chosen


def _km(places: Iterable[Place]) -> NDArray[np.float64]:
    """Return rough plane coordinates in kilometres, shape (n, 2): for choosing neighbours."""
    km_per_degree = np.array((111.19 * math.cos(math.radians(37.5)), 111.19))
    degrees: NDArray[np.float64] = np.array([(p.lon, p.lat) for p in places])
    scaled: NDArray[np.float64] = degrees * km_per_degree
    return scaled


def corridors(towns: list[Town]) -> list[tuple[str, str]]:
    """Return the pairs of towns that a road connects: the Gabriel graph of the seats.

    Two seats are neighbours when no third one lies in the circle over their distance (Gabriel and
    Sokal, 1969); a township hangs on the seat of its county.
    """
    seats = [t for t in towns if t.uplinks != "township"]
    at = _km([t.place for t in seats])
    squared = ((at[:, None] - at[None]) ** 2).sum(axis=2)
    pairs = []
    for i in range(len(seats)):
        for j in range(i + 1, len(seats)):
            third = np.minimum.reduce(np.delete(squared[i] + squared[j], (i, j)))
            if third >= squared[i, j] and squared[i, j] <= _LONGEST_CORRIDOR_KM**2:
                pairs.append((seats[i].code, seats[j].code))
    return pairs + [(home_of(town, towns).code, town.code) for town in towns if town not in seats]


def home_of(township: Town, towns: list[Town]) -> Town:
    """Return the seat that a township hangs on: its county's, else the nearest."""
    seats = [t for t in towns if t.uplinks != "township"]
    same = [t for t in seats if t.place.county == township.place.county]
    at = _km([township.place, *(t.place for t in seats)])
    nearest = seats[int(np.hypot(*(at[1:] - at[0]).T).argmin())]
    return same[0] if same else nearest


@dataclass(frozen=True)
class RoadMap:
    """The corridors with their lengths, for routes from town to town."""

    km: Mapping[frozenset[str], float]

    @classmethod
    def of(cls, towns: list[Town], pairs: Iterable[tuple[str, str]]) -> RoadMap:
        """Measure the corridors between the towns."""
        at = dict(zip((t.code for t in towns), _km([t.place for t in towns]), strict=True))
        return cls({frozenset(p): float(np.hypot(*(at[p[0]] - at[p[1]]))) for p in pairs})

    def route(
        self, start: str, end: str, *, dear: frozenset[frozenset[str]] = frozenset()
    ) -> list[str]:
        """Return the shortest route as town codes; a dear corridor counts ten times its length."""
        neighbours: dict[str, dict[str, float]] = {}
        for pair, km in self.km.items():
            a, b = sorted(pair)
            cost = km * 10 if pair in dear else km
            neighbours.setdefault(a, {})[b] = cost
            neighbours.setdefault(b, {})[a] = cost
        return shortest_path(neighbours, start, end)


def shortest_path(
    neighbours: Mapping[str, Mapping[str, float]],
    start: str,
    end: str,
    *,
    avoid: Collection[str] = (),
) -> list[str]:
    """Return a shortest path (Dijkstra) that avoids some places; ties go to the smaller id.

    Raises
    ------
    ValueError
        If there is none.
    """
    before: dict[str, str] = {}
    queue = [(0.0, start, "")]
    while queue:
        cost, at, origin = heapq.heappop(queue)
        if at in before:
            continue
        before[at] = origin
        if at == end:
            break
        for other, step in neighbours.get(at, {}).items():
            if other not in before and (other == end or other not in avoid):
                heapq.heappush(queue, (cost + step, other, at))
    if end not in before:
        msg = f"no path from {start} to {end}"
        raise ValueError(msg)
    path = [end]
    while before[path[-1]]:
        path.append(before[path[-1]])
    return path[::-1]
