"""An invented province as tables: names for numbers, and the columns that only scores need."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from netgraph.datasets.province.offices import ACCESS
from netgraph.datasets.province.plane import to_degrees
from netgraph.units import segment_lengths_m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from netgraph.datasets.province.customers import Circuits, Sites
    from netgraph.datasets.province.offices import Offices
    from netgraph.datasets.province.plane import Plane
    from netgraph.datasets.rows import Columns, Value

    Ints = NDArray[np.int64]
    Names = NDArray[np.object_]

SNAPSHOT_DATE = "2026-06-30"
NOTES = (
    "INVENTED province for load tests: everything but the places of the towns is generated from a "
    "seed (seats: GeoNames, CC BY 4.0). 虚构数据，仅供测试。"
)
_TIERS = ("diamond", "gold", "silver", "standard")
_ROLES = ("core", "aggregation", "access")
_PROTECTIONS = ("msp_1p1", "sncp", "none", "lsp_1to1")
_BRIDGE_EVERY = 115  # spans
_PARALLEL_EVERY = 3700
_ZONES_PER_SPAN = 0.0005
_ZONE_KM = 0.8
_TOWN_KM = 4.0


# What stands where there is no value.
NOTHING: Names = np.array([None], dtype=object)


#: Share of the ducts without a free bore: few, or no route of hundreds of ducts would have one.
_FULL_DUCTS = 0.0005


def _plain(column: NDArray[Any] | Sequence[Value]) -> Sequence[Value]:
    return column.tolist() if isinstance(column, np.ndarray) else column


def name_all(prefix: str, count: int, start: int = 0) -> Names:
    """Return ids of equal width: prefix and number."""
    width = max(3, len(str(start + count)))
    names = [f"{prefix}{number:0{width}}" for number in range(start, start + count)]
    return np.array(names, dtype=object)


@dataclass
class ProvinceTables:
    """The parts of a province, and the tables under construction."""

    rng: Generator
    plane: Plane
    offices: Offices
    sites: Sites
    circuits: Circuits
    tables: Columns = field(default_factory=dict)

    def put(self, table: str, /, **columns: NDArray[Any] | Sequence[Value]) -> None:
        """Add a table; a single word stands for a whole column."""
        rows = max(len(c) for c in columns.values() if not isinstance(c, str))
        self.tables[table] = {
            name: [column] * rows if isinstance(column, str) else list(_plain(column))
            for name, column in columns.items()
        }

    def flags(self, count: int, *, true: float, missing: float = 0.03) -> list[Value]:
        """Return that many yes-or-no values: mostly recorded, mostly true."""
        draws = self.rng.random(count)
        values = np.where(draws < missing, NOTHING, draws < missing + true * (1 - missing))
        return list(values.tolist())

    @cached_property
    def manhole(self) -> Names:
        """Ids of the points of the streets."""
        return name_all("M", len(self.plane.xy))

    @cached_property
    def entrance(self) -> Names:
        """Ids of the entrances: one for each access cable of a site that has two."""
        return name_all("E", int(self.has_entrance.sum()))

    @cached_property
    def has_entrance(self) -> NDArray[np.bool_]:
        """Access cables that enter through an entrance of their own."""
        return self.sites.second_cable[self.sites.of_cable] >= 0

    @cached_property
    def office(self) -> Names:
        """Ids of the offices."""
        return name_all("O", len(self.offices.at))

    @cached_property
    def site(self) -> Names:
        """Ids of the sites."""
        return name_all("S", len(self.sites))

    @cached_property
    def customer(self) -> Names:
        """Ids of the customers."""
        return name_all("G", int(self.sites.customer.max()) + 1)

    @cached_property
    def circuit(self) -> Names:
        """Ids of the circuits."""
        return name_all("C", len(self.circuits.site))

    @cached_property
    def cable(self) -> Names:
        """Ids of the cables: those between offices, then those to the sites."""
        return name_all("F", len(self.offices.links.ends) + len(self.sites.of_cable))

    @cached_property
    def link(self) -> Names:
        """Ids of the links, in the numbering of the circuits' routes."""
        return name_all("L", len(self.cable) + len(self.sites))

    def counties(self, seat: Ints) -> dict[str, list[Value]]:
        """Return the columns city and county for things near seats."""
        places = [self.plane.seats[number] for number in seat.tolist()]
        return {"city": [p.city for p in places], "county": [p.county for p in places]}


def degrees(xy: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return the columns lon and lat of points in kilometres."""
    lon, lat = np.round(to_degrees(xy), 6).T
    return {"lon": lon, "lat": lat}


def add_places(province: ProvinceTables) -> None:
    """Add offices, rooms, sites and structures."""
    rng, offices, sites, plane = province.rng, province.offices, province.sites, province.plane
    n = len(offices.at)
    office_xy = plane.xy[offices.at] + 0.01
    power: dict[str, NDArray[Any] | list[Value]] = {
        "power_feeds": rng.choice([1, 2, 2], n),
        "battery_hours": rng.choice([4.0, 8.0], n),
        "generator": province.flags(n, true=0.7),
        "env_monitored": province.flags(n, true=0.8),
        "room_ok": province.flags(n, true=0.9),
    }
    where = province.counties(plane.seat[offices.at])
    province.put(
        "offices",
        id=province.office,
        name=[f"{c}{i}局" for i, c in enumerate(where["county"])],
        role=np.array(_ROLES, dtype=object)[offices.role],
        **where,
        building_id=name_all("BO", n),
        **degrees(office_xy),
        **power,
    )
    province.put("rooms", id=name_all("R", n), location_id=province.office, **power)
    seat = plane.seat[sites.manhole[: len(sites)]]
    ranks = np.array(["province", "city", "county", "branch"], dtype=object)
    province.put(
        "sites",
        id=province.site,
        customer_id=province.customer[sites.customer],
        name=[f"网点{i}" for i in range(len(sites))],
        importance=ranks[rng.choice(4, len(sites), p=(0.01, 0.05, 0.24, 0.7))],
        **province.counties(seat),
        building_id=name_all("BS", len(sites)),
        claimed_route=_claims(province),
        **degrees(sites.xy),
        power_feeds=rng.choice([1, 1, 2], len(sites)),
        ups=province.flags(len(sites), true=0.8),
        generator=province.flags(len(sites), true=0.3),
        room_ok=province.flags(len(sites), true=0.9),
    )
    _add_structures(province)


def _claims(province: ProvinceTables) -> NDArray[np.object_]:
    claims = np.array(["single", "dual", "ring", None], dtype=object)
    dual = province.sites.second_cable >= 0
    return np.where(
        dual,
        claims[province.rng.choice(4, len(dual), p=(0.05, 0.7, 0.2, 0.05))],
        claims[province.rng.choice(4, len(dual), p=(0.6, 0.15, 0.05, 0.2))],
    )


def _add_structures(province: ProvinceTables) -> None:
    plane, sites = province.plane, province.sites
    entered = np.flatnonzero(province.has_entrance)
    # The second entrance of a building lies opposite the first one.
    side = np.where(entered < len(sites), -0.012, 0.012)
    entrance_xy = sites.xy[sites.of_cable[entered]] + side[:, None] * (1.0, 0.0)
    kinds = np.array(["manhole", "handhole", "cabinet", "pole"], dtype=object)
    urban = np.array((0.9, 0.08, 0.02, 0.0))
    rural = np.array((0.3, 0.08, 0.02, 0.6))
    draws = [province.rng.choice(4, len(plane.xy), p=share) for share in (urban, rural)]
    building = name_all("BS", len(sites))[sites.of_cable[entered]]
    province.put(
        "structures",
        id=np.concatenate([province.manhole, province.entrance]),
        kind=[*kinds[np.where(_is_urban(province), *draws)].tolist(), *["entrance"] * len(entered)],
        **degrees(np.concatenate([plane.xy, entrance_xy])),
        building_id=[*[None] * len(plane.xy), *building.tolist()],
        surveyed=province.flags(len(plane.xy) + len(entered), true=0.3),
    )


def _is_urban(province: ProvinceTables) -> NDArray[np.bool_]:
    plane = province.plane
    is_urban: NDArray[np.bool_] = np.hypot(*(plane.xy - plane.seat_xy[plane.seat]).T) < _TOWN_KM
    return is_urban


def add_spans(province: ProvinceTables) -> None:
    """Add the spans: streets, then stretches to the offices and sites, then parallel ducts."""
    plane, rng = province.plane, province.rng
    base = len(plane.spans)
    twins = rng.choice(base, max(1, base // _PARALLEL_EVERY), replace=False)
    a, b = _span_ends(province, twins)
    n = len(a)
    medium = _media(province, base, n)
    trench: Names = np.full(n, None, dtype=object)
    # Of half of the parallel ducts somebody recorded that they lie in one trench.
    known = twins[::2]
    trench[known] = trench[n - len(twins) + np.arange(0, len(twins), 2)] = name_all("T", len(known))
    bores = np.where(medium == "duct", rng.choice([4.0, 6.0, 9.0], n), np.nan)
    used = np.minimum(np.floor(rng.random(n) * 7), bores - 1)
    used = np.where(rng.random(n) < _FULL_DUCTS, bores, used)
    province.put(
        "spans",
        id=name_all("D", n),
        from_id=a,
        to_id=b,
        medium=medium,
        trench_id=trench,
        length_m=_lengths(province, a, b),
        bores_total=[None if np.isnan(x) else int(x) for x in bores.tolist()],
        bores_used=[None if np.isnan(x) else int(x) for x in used.tolist()],
        owner=np.where(rng.random(n) < 0.01, "other", "operator"),
    )
    _add_zones(province)


def _span_ends(province: ProvinceTables, twins: Ints) -> tuple[Names, Names]:
    """Return the ends of all spans, as `cable_paths` numbers them."""
    plane, sites = province.plane, province.sites
    street = province.manhole[plane.spans]
    site, manhole = province.site[sites.of_cable], province.manhole[sites.manhole]
    door = manhole.copy()
    door[province.has_entrance] = province.entrance
    offices = province.offices
    beside = plane.spans[offices.second].sum(axis=1) - offices.at
    office = [province.office, province.office]
    a = [street[:, 0], *office, site, province.entrance, street[twins, 0]]
    b = [
        street[:, 1],
        province.manhole[offices.at],
        province.manhole[beside],
        door,
        manhole[province.has_entrance],
        street[twins, 1],
    ]
    return np.concatenate(a), np.concatenate(b)


def _media(province: ProvinceTables, base: int, count: int) -> Names:
    plane, rng = province.plane, province.rng
    medium: Names = np.full(count, "duct", dtype=object)
    rural = np.flatnonzero(~_is_urban(province)[plane.spans[:, 0]])
    medium[rural] = np.array(["pole_line", "buried"], dtype=object)[rng.choice(2, len(rural))]
    medium[rng.choice(base, max(1, base // _BRIDGE_EVERY), replace=False)] = "bridge"
    return medium


def _lengths(province: ProvinceTables, a: Names, b: Names) -> NDArray[np.float64]:
    """Return recorded lengths: the straight distance and a little more."""
    at: dict[str, int] = {}
    lon: list[Value] = []
    lat: list[Value] = []
    for table in ("structures", "offices", "sites"):
        columns = province.tables[table]
        at |= {str(name): len(lon) + i for i, name in enumerate(columns["id"])}
        lon += columns["lon"]
        lat += columns["lat"]
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    i = np.array([at[name] for name in a.tolist()])
    j = np.array([at[name] for name in b.tolist()])
    metres = segment_lengths_m(x[i], y[i], x[j], y[j])
    return np.round(np.maximum(metres, 1.0) * (1 + 0.05 * province.rng.random(len(i))), 1)


def _add_zones(province: ProvinceTables) -> None:
    """Add flood zones: explicit risk groups of the spans around some bridges."""
    plane, rng = province.plane, province.rng
    medium = np.array(province.tables["spans"]["medium"][: len(plane.spans)], dtype=object)
    middle = plane.xy[plane.spans].mean(axis=1)
    bridges = np.flatnonzero(medium == "bridge")
    count = max(1, round(len(plane.spans) * _ZONES_PER_SPAN))
    centres = rng.choice(bridges, min(count, len(bridges)), replace=False)
    members = cKDTree(middle).query_ball_point(middle[centres], _ZONE_KM)
    names = name_all("RG", len(centres))
    spans = province.tables["spans"]["id"]
    province.put("risk_groups", id=names, kind="flood_zone", name=[f"漫滩{n}" for n in names])
    province.put(
        "risk_members",
        risk_id=np.repeat(names, [len(m) for m in members]),
        table="spans",
        element_id=[spans[i] for m in members for i in sorted(m)],
    )


def is_access(province: ProvinceTables) -> NDArray[np.bool_]:
    """Tell of each office whether it is an access office."""
    answer: NDArray[np.bool_] = province.offices.role == ACCESS
    return answer


def tier_names(province: ProvinceTables) -> Names:
    """Return the tier of each circuit."""
    return np.array(_TIERS, dtype=object)[province.circuits.tier]


def protections(province: ProvinceTables, count: int) -> Names:
    """Return the protection of that many links."""
    share = (0.5, 0.25, 0.15, 0.1)
    return np.array(_PROTECTIONS, dtype=object)[province.rng.choice(4, count, p=share)]
