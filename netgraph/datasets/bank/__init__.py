"""One bank in Shanxi, as tables of raw records: 389 sites, 778 circuits, all Diamond.

It restates a published case: a bank whose branches all reach the provincial centre, of which 8
sites are excellent, 325 good, 38 fair and 18 poor, with unmanageable devices, missing protection
switching, single power and single-route access as the causes. **Everything but the places is
invented**: plant, offices, equipment, routes and records; only the seats of cities and counties
and the townships stand at real coordinates (GeoNames, CC BY 4.0). No score, grade or verdict is
stored: they must come out of the records.
"""

from __future__ import annotations

from netgraph.datasets.bank.access import Access
from netgraph.datasets.bank.customers import (
    add_bank,
    add_circuits,
    add_records,
    add_site,
)
from netgraph.datasets.bank.mix import Site, bank_sites
from netgraph.datasets.bank.offices import add_equipment, add_office, bank_offices
from netgraph.datasets.bank.plant import Plant, stretch
from netgraph.datasets.bank.site_routes import add_access
from netgraph.datasets.bank.streets import add_corridor, add_streets
from netgraph.datasets.bank.towns import Town, bank_towns, corridors
from netgraph.datasets.bank.transport import Transport, add_access_network, add_backbone
from netgraph.datasets.bank.ways import plan_ways, plane_b_roads
from netgraph.datasets.rows import Columns, Rows

SNAPSHOT_DATE = "2026-06-30"
NOTES = (
    "INVENTED example: plant, offices, equipment, circuits and records are made up; only the seats "
    "of cities and counties stand at real coordinates (GeoNames, CC BY 4.0). 示例数据，纯属虚构。"
)
# The routes of so many of the sites without a fault were surveyed.
_SURVEYED = 3


def bank_columns() -> Columns:
    """Return the example as plain columns: table -> column -> list."""
    rows = Rows()
    rows.add("inventory", snapshot_date=SNAPSHOT_DATE, crs="EPSG:4326", name="bank", notes=NOTES)
    add_bank(rows)
    towns = bank_towns()
    net = _build_network(rows, towns)
    sites = bank_sites(towns)
    _add_customers(net, sites)
    cities = dict.fromkeys(t.place.city for t in towns)
    add_records(rows, [*(s.id for s in sites), *net.offices], cities)
    net.plant.measure()
    return rows.columns()


def _build_network(rows: Rows, towns: list[Town]) -> Transport:
    plant = Plant(rows)
    by_code = {town.code: town for town in towns}
    ways = plan_ways(towns)
    served, roads = plane_b_roads(towns, ways)
    for town in towns:
        add_streets(plant, town, planes="AB" if town.code in served else "A")
    along: dict[frozenset[str], list[str]] = {}
    for pair in corridors(towns):
        for plane in "AB":
            if plane == "A" or frozenset(pair) in roads:
                a, b = (by_code[code] for code in pair)
                along[stretch(a.hub(plane), b.hub(plane))] = add_corridor(plant, a, b, plane)
    offices = bank_offices(towns)
    for office in offices.values():
        add_office(plant, office)
        add_equipment(rows, office)
    net = Transport(plant, by_code, offices, ways, along)
    add_access_network(net)
    add_backbone(net)
    return net


def _add_customers(net: Transport, sites: list[Site]) -> None:
    rows, placed = net.plant.rows, dict[str, Access]()
    surveyed: list[str] = []
    for site in sites:
        access, routes = add_access(net, site, placed)
        placed[f"{site.town.code}/{site.number}"] = access
        add_site(rows, site, net.plant.position[site.id])
        add_circuits(rows, site, routes)
        if site.kind.route == "diverse" and not site.kind.unmanageable | site.kind.unprotected:
            surveyed += [site.id] if len(surveyed) < _SURVEYED else []
            if site.id in surveyed:
                net.plant.survey(_cables_of(net, (*routes.first, *routes.second)))


def _cables_of(net: Transport, links: tuple[str, ...]) -> set[str]:
    """Return the cables that carry links, directly or through lower links."""
    carriers = [str(r["carrier_id"]) for r in net.plant.rows["link_links"] if r["link_id"] in links]
    wanted = {*links, *carriers}
    return {str(r["cable_id"]) for r in net.plant.rows["link_cables"] if r["link_id"] in wanted}
