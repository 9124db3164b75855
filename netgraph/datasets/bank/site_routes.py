"""The kinds of access that the invented sites have, one function each.

Each lays the cables and links of one site and returns its routes; what is wrong with the routes
is in its name, and nothing else is wrong with them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from netgraph.datasets.bank.access import ENTRANCE_KM, Access, Routes
from netgraph.datasets.bank.offices import CORE_1
from netgraph.datasets.bank.plant import stretch
from netgraph.datasets.draw import draw, pick

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netgraph.datasets.bank.mix import Site
    from netgraph.datasets.bank.transport import Transport

_BESIDE_KM = 0.003
# How often there is more plant than the routes use.
_SECOND_LEAD_IN = 0.35
_DARK_CABLE = 0.3
_PLANNED_CABLE = 0.06
_TRENCH_RECORDED = 0.6
_RISKS = {"flood_zone": "漫滩", "bridge": "桥", "road_works": "施工区"}


def add_access(
    net: Transport, site: Site, neighbours: Mapping[str, Access]
) -> tuple[Access, Routes]:
    """Place a site, lay its cables and links, and return its routes."""
    access = Access(net, site)
    access.place()
    if site.kind.route == "daisy_chain":
        return access, _daisy_chain(access, neighbours[f"{site.town.code}/0"])
    return access, _BUILDERS[site.kind.route](access)


def _two_ways(access: Access) -> tuple[list[str], list[str]]:
    return (
        access.onward(access.lead_in(1, access.corner("A")), "A"),
        access.onward(access.lead_in(2, access.corner("B")), "B"),
    )


def _diverse(access: Access) -> Routes:
    first, second = _two_ways(access)
    return access.both(access.lay(first), access.lay(second))


def _no_spans(access: Access) -> Routes:
    first, second = _two_ways(access)
    return access.both(access.lay(first), access.lay(second, recorded=False))


def _one_entrance(access: Access) -> Routes:
    """Share an entrance and a handhole, both within the tolerance at the building."""
    entrance, plant = access.enter(3), access.net.plant
    x, y = access.at_km
    at = access.site.town.frame.to_lon_lat(x, y - 2 * ENTRANCE_KM)
    handhole = plant.add_structure(f"H{access.name}", "handhole", at)
    plant.add_span(entrance, handhole)
    ways = []
    for plane in "AB":
        plant.add_span(handhole, access.corner(plane))
        way = [access.site.id, entrance, handhole, access.corner(plane)]
        ways.append(access.onward(way, plane))
    return access.both(access.lay(ways[0]), access.lay(ways[1]))


def _one_device(access: Access) -> Routes:
    first, second = _two_ways(access)
    office = access.office("A")
    a = access.link("A", access.lay(first))
    b = access.link("B", access.lay(second), to=office.equipment("A"))
    up = access.net.upward(office, "A", through="B")
    return Routes((a, *access.up("A")), (b, *up))


def _one_cable(access: Access) -> Routes:
    way = access.onward(access.lead_in(1, access.corner("A")), "A")
    cable = access.lay(way, scarce=draw("scarce", access.site.id) < 0.03)
    routes = access.both(cable, cable)
    _add_unused_plant(access)
    return routes


def _one_link(access: Access) -> Routes:
    way = access.onward(access.lead_in(1, access.corner("A")), "A")
    link = access.link("A", access.lay(way))
    other = access.net.upward(access.office("A"), "A", through="B")
    return Routes((link, *access.up("A")), (link, *other))


def _no_second(access: Access) -> Routes:
    way = access.onward(access.lead_in(1, access.corner("A")), "A")
    link = access.link("A", access.lay(way))
    return Routes((link, *access.up("A")), use="first")


def _radio(access: Access) -> Routes:
    """Work on a cable and protect over radio, although a second cable lies there unused."""
    way = access.onward(access.lead_in(1, access.corner("A")), "A")
    fibre = access.link("A", access.lay(way))
    radio = access.link("B", medium="radio")
    access.lay(access.onward(access.lead_in(2, access.corner("B")), "B"))
    return Routes((fibre, *access.up("A")), (radio, *access.up("B")), use="first")


def _one_manhole(access: Access) -> Routes:
    """Let the eastern cable cross the manhole at which the western one turns."""
    row = access.row
    shared = access.corner("A", row)
    first = access.onward(access.lead_in(1, shared), "A")
    second = access.onward([*access.lead_in(2, shared), access.corner("B", row)], "B")
    return access.both(access.lay(first), access.lay(second))


def _one_risk(access: Access) -> Routes:
    """Let both lead-ins cross the same bridge or zone."""
    plant, identity = access.net.plant, f"RG-{access.name}"
    kind = pick(tuple(_RISKS), "risk", access.site.id)
    ways = []
    medium = "bridge" if kind == "bridge" else "duct"
    name = f"{access.site.town.short_name}{_RISKS[kind]}"
    plant.rows.add("risk_groups", id=identity, kind=kind, name=name)
    for number, plane in enumerate("AB", start=1):
        way = access.lead_in(number, access.corner(plane), medium)
        span = plant.spans_between[stretch(*way[1:])][0]
        plant.rows.add("risk_members", risk_id=identity, table="spans", element_id=span)
        ways.append(access.onward(way, plane))
    return access.both(access.lay(ways[0]), access.lay(ways[1]))


def _one_trench(access: Access) -> Routes:
    """Lead both cables along one street: one duct, two ducts in a trench, or a pole line."""
    plant, row = access.net.plant, access.row
    # Up the street, for the offices stand at its upper end.
    x, y = access.corner("A", row + 1), access.corner("A", row)
    first = access.onward([*access.lead_in(1, x), y], "A")
    single = len(set(access.office("A").corner.values())) == 1 and (
        access.office("A") is access.office("B")
    )
    if single:
        second = [*access.lead_in(2, x), *first[3:]]
        return access.both(access.lay(first), access.lay(second))
    variant = pick(("duct", "two ducts", "handholes", "poles"), "trench", access.site.id)
    if variant == "handholes":
        second = access.onward([*_beside(access, x, y), access.corner("B", row)], "B")
        routes = access.both(access.lay(first), access.lay(second))
        _add_dark_cable(access)
        return routes
    second = access.onward([*access.lead_in(2, x), y, access.corner("B", row)], "B")
    street = plant.spans_between[stretch(x, y)]
    instead = None
    if variant == "poles":
        plant.span[street[0]] |= {"medium": "pole_line", "bores_total": None, "bores_used": None}
    elif variant == "two ducts":
        if len(street) == 1:
            plant.add_span(x, y)
        # Where nobody recorded the trench, it can only be suspected.
        if draw("trench recorded", access.site.id) < _TRENCH_RECORDED:
            _share_trench(access, *street[:2])
        instead = {street[0]: street[1]}
    routes = access.both(access.lay(first), access.lay(second, instead=instead))
    _add_dark_cable(access)
    return routes


def _beside(access: Access, x: str, y: str) -> list[str]:
    """Add a duct of its own, with handholes of its own, in the trench of a street."""
    plant, frame = access.net.plant, access.site.town.frame
    ends = []
    for number, crossing in enumerate((x, y), start=1):
        east, north = frame.to_km(*plant.position[crossing])
        at = frame.to_lon_lat(east + _BESIDE_KM, north)
        ends.append(plant.add_structure(f"H{access.name}-{number}", "handhole", at))
    span = plant.add_span(*ends)
    plant.add_span(ends[1], access.corner("B", access.row))
    _share_trench(access, plant.spans_between[stretch(x, y)][0], span)
    return [*access.lead_in(2, ends[0]), ends[1]]


def _share_trench(access: Access, *spans: str) -> None:
    for span in spans:
        access.net.plant.span[span]["trench_id"] = f"T-{access.site.town.code}-{spans[0][1:]}"


def _add_unused_plant(access: Access) -> None:
    """Give some sites with one cable more plant than they use."""
    if draw("second lead-in", access.site.id) < _SECOND_LEAD_IN:
        way = access.lead_in(2, access.corner("B"))
        if draw("planned", access.site.id) < _PLANNED_CABLE:
            first = access.net.plant.route_of_cable[access.cables[0]]
            access.lay(way + list(first[first.index(access.corner("A")) :]), status="planned")
    _add_dark_cable(access)


def _add_dark_cable(access: Access) -> None:
    """Give some sites in cities a further cable that no circuit uses."""
    town = access.site.town
    kind = access.site.kind
    if town.uplinks != "city" or kind.unmanageable or kind.unprotected:
        return
    if draw("dark", access.site.id) >= _DARK_CABLE:
        return
    plant, east = access.net.plant, access.net.offices[f"O-{town.code}E"]
    way = access.lead_in(3, access.corner("B"))
    taken = {*way, *plant.route_of_cable[access.cables[0]]}
    for cable in access.net.cables_up[access.site.offices["A"], "A"]:
        taken.update(plant.route_of_cable[cable])
    rest = plant.path(way[-1], east.id, avoid=taken)
    access.lay(way + rest[1:])


def _daisy_chain(access: Access, through: Access) -> Routes:
    """Reach the office through another branch: its cable ends there and goes on in that one's."""
    plant = access.net.plant
    start = access.lead_in(1, access.corner("A"))
    end = through.lead_in(2, through.corner("A"))
    way = start + plant.path(start[-1], end[-1], avoid=access.site.town.half("B"))[1:]
    cable = access.lay(way + end[-2::-1])
    a, b = (access.link(plane, cable, through.cables[0]) for plane in "AB")
    return Routes((a, *access.up("A")), (b, *access.up("B")))


def _ring(access: Access) -> Routes:
    """Put the CPE on a ring of its own with the centre; nobody recorded the protect route."""
    net, identity = access.net, f"R-{access.name}"
    net.plant.rows.add(
        "systems",
        id=identity,
        name=f"环{access.name}",
        kind="ring",
        technology="MSTP",
        protection="ms_spring",
    )
    core = net.offices[CORE_1].equipment("A")
    onward = {"A": ("FI-01-A",), "B": ("FI-01-B", "F-CORE")}
    routes = []
    for plane, way in zip("AB", _two_ways(access), strict=True):
        values = {"system_id": identity, "protection": "ms_spring"}
        link = access.link(plane, access.lay(way), **values)
        office = access.office(plane)
        up = net.add_link(
            f"L-{access.name}-R{plane}",
            (office.equipment(plane), core),
            values | {"section": "uplink"},
            (*net.cables_up[office.id, plane], *onward[plane]),
        )
        routes.append((link, up))
    return Routes(routes[0], routes[1], use="ring")


_BUILDERS: Mapping[str, Callable[[Access], Routes]] = MappingProxyType(
    {
        "diverse": _diverse,
        "no_spans": _no_spans,
        "one_entrance": _one_entrance,
        "one_device": _one_device,
        "one_cable": _one_cable,
        "one_link": _one_link,
        "no_second": _no_second,
        "no_second_unconfirmed": _no_second,
        "no_second_recorded": _no_second,
        "radio": _radio,
        "one_manhole": _one_manhole,
        "one_risk": _one_risk,
        "one_trench": _one_trench,
        "ring": _ring,
    }
)
