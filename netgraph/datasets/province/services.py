"""Cables, equipment, links, circuits and records of an invented province as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.datasets.province.tables import (
    NOTHING,
    ProvinceTables,
    is_access,
    name_all,
    protections,
    tier_names,
)
from netgraph.datasets.province.walks import Walks, join, single, stack

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.datasets.rows import Value

    Ints = NDArray[np.int64]

_UNCONFIRMED = 0.1


def add_cables(province: ProvinceTables) -> None:
    """Add the cables between offices and to the sites, with their spans."""
    offices, sites, rng = province.offices, province.sites, province.rng
    links = offices.links.ends
    start = np.concatenate([province.office[links[:, 0]], province.site[sites.of_cable]])
    end = np.concatenate([province.office[links[:, 1]], province.office[sites.office]])
    between = np.arange(len(start)) < len(links)
    total = np.where(between, rng.choice([48, 96, 144], len(start)), 12)
    province.put(
        "cables",
        id=province.cable,
        from_id=start,
        to_id=end,
        cores_total=total,
        cores_used=np.floor(total * (0.2 + 0.7 * rng.random(len(start)))).astype(np.int64),
        cores_bad=rng.choice([0, 0, 0, 1], len(start)),
        owner="operator",
    )
    paths = _cable_paths(province)
    spans = np.array(province.tables["spans"]["id"], dtype=object)
    # Of one access cable in a hundred nobody recorded where it runs.
    lost = ~between & (rng.random(len(start)) < 0.01)
    keep = ~lost[paths.owners]
    province.put(
        "cable_spans",
        cable_id=province.cable[paths.owners[keep]],
        seq=paths.places[keep] + 1,
        span_id=spans[paths.values[keep]],
    )


def _cable_paths(province: ProvinceTables) -> Walks:
    """Return the spans of every cable from one termination to the other."""
    offices, sites = province.offices, province.sites
    base = len(province.plane.spans)
    door = base + 2 * len(offices.at)
    start, end = offices.links.ends.T
    between = _from_door_to_door(province, offices.paths, start, end)
    has_entrance = province.has_entrance
    inner = np.cumsum(has_entrance) - 1 + door + len(sites.of_cable)
    counts = has_entrance.astype(np.int64)
    street = Walks(inner[has_entrance], np.concatenate([[0], np.cumsum(counts)]))
    first = single(door + np.arange(len(sites.of_cable)))
    nowhere = np.full(len(sites.office), -1)
    return stack(
        between,
        join(first, street, _from_door_to_door(province, sites.paths, nowhere, sites.office)),
    )


def _from_door_to_door(province: ProvinceTables, paths: Walks, start: Ints, end: Ints) -> Walks:
    """Add to paths between manholes the stretch into the office at each end (-1: no office).

    A path that arrives over the span to the manhole beside enters from there.
    """
    offices, base = province.offices, len(province.plane.spans)
    n = len(offices.at)
    long = paths.counts > 1
    low = np.where(long, paths.start[:-1], 0)
    high = np.where(long, paths.start[1:] - 1, 0)
    values = np.append(paths.values, -1)
    by_second = [
        long & (office >= 0) & offices.doors(office, values[span])
        for office, span in ((start, low), (end, high))
    ]
    doors = [
        Walks(
            (base + office + n * second)[office >= 0],
            np.concatenate([[0], np.cumsum(office >= 0)]),
        )
        for office, second in zip((start, end), by_second, strict=True)
    ]
    return join(doors[0], paths.without_ends(*by_second), doors[1])


def add_equipment(province: ProvinceTables) -> None:
    """Add one element for each office and one CPE for each site."""
    n_offices, n_sites = len(province.office), len(province.site)
    n = n_offices + n_sites
    years = province.rng.choice(np.arange(2012, 2026), n, p=_ages())
    cpe_owner = np.where(province.rng.random(n_sites) < 0.1, "customer", "operator")
    province.put(
        "equipment",
        id=np.concatenate([_elements(province), _cpes(province)]),
        kind=["transport"] * n_offices + ["cpe"] * n_sites,
        location_id=np.concatenate([province.office, province.site]),
        room_id=[*name_all("R", n_offices).tolist(), *[None] * n_sites],
        owner=["operator"] * n_offices + cpe_owner.tolist(),
        manageable=province.flags(n, true=0.92),
        hot_standby=province.flags(n, true=0.8),
        protection_switching=province.flags(n, true=0.85),
        alarms=province.flags(n, true=0.92),
        grounding_ok=province.flags(n, true=0.95),
        labels_ok=province.flags(n, true=0.9),
        room_ok=province.flags(n, true=0.9),
        installed=[f"{year}-06-15" for year in years.tolist()],
    )


def _ages() -> NDArray[np.float64]:
    weight: NDArray[np.float64] = np.linspace(0.3, 1.5, 14)
    share: NDArray[np.float64] = weight / weight.sum()
    return share


def _elements(province: ProvinceTables) -> NDArray[np.object_]:
    return name_all("N", len(province.office))


def _cpes(province: ProvinceTables) -> NDArray[np.object_]:
    return name_all("P", len(province.site))


def add_links(province: ProvinceTables) -> None:
    """Add a link on every cable, and a second one on every site's first cable."""
    sites, between = province.sites, province.offices.links.ends
    element, cpe = _elements(province), _cpes(province)
    of_site = np.concatenate([sites.of_cable, np.arange(len(sites))])
    at_office = np.concatenate([sites.office, sites.office[: len(sites)]])
    n = len(province.link)
    access = np.any(is_access(province)[between], axis=1)
    section = ["uplink" if low else "intra_province" for low in access.tolist()]
    province.put("systems", id=["SYS-A", "SYS-B"], kind="mesh", technology=["MSTP", "OTN"])
    province.put(
        "links",
        id=province.link,
        from_id=np.concatenate([element[between[:, 0]], cpe[of_site]]),
        to_id=np.concatenate([element[between[:, 1]], element[at_office]]),
        section=[*section, *["access"] * (n - len(section))],
        system_id=np.where(np.arange(n) % 2 == 0, "SYS-A", "SYS-B"),
        medium="fibre",
        owner="operator",
        protection=protections(province, n),
    )
    cable = np.concatenate([province.cable, province.cable[len(between) :][: len(sites)]])
    province.put(
        "link_cables", link_id=province.link, seq=np.ones(n, dtype=np.int64), cable_id=cable
    )


def add_circuits(province: ProvinceTables) -> None:
    """Add customers, circuits and their routes."""
    circuits, sites, rng = province.circuits, province.sites, province.rng
    n = len(circuits.site)
    groups = name_all("BG", len(sites))
    industries = ["finance", "energy", "court", "health", "education"]
    province.put(
        "customers",
        id=province.customer,
        name=[f"虚构客户{i}" for i in range(len(province.customer))],
        industry=rng.choice(industries, len(province.customer)),
    )
    homes = np.append(province.site, NOTHING)[circuits.head]
    centre = province.office[circuits.office]
    second = np.append(province.office, NOTHING)[circuits.second_home]
    unprotected = np.where(rng.random(n) < _UNCONFIRMED, NOTHING, "none")
    province.put(
        "circuits",
        id=province.circuit,
        customer_id=province.customer[sites.customer[circuits.site]],
        a_id=province.site[circuits.site],
        b_id=np.where(circuits.head >= 0, homes, centre),
        b2_id=second,
        group_id=np.where(circuits.is_grouped, groups[circuits.site], NOTHING),
        tier=tier_names(province),
        service=rng.choice(["leased_line", "internet", "vpn"], n),
        access_tech=rng.choice(["SDH", "MSTP", "PTN", "xPON"], n),
        bandwidth_mbps=rng.choice([2, 10, 50, 100, 1000], n),
        protection=np.where(circuits.protect.counts > 0, "path", unprotected),
        repair_limit_h=rng.choice([4, 8, 12], n),
        in_nms=province.flags(n, true=0.9),
    )
    routes = stack(circuits.working, circuits.protect)
    roles = np.array(["working", "protect"], dtype=object)
    province.put(
        "circuit_links",
        circuit_id=province.circuit[routes.owners % n],
        role=roles[routes.owners // n],
        seq=routes.places + 1,
        link_id=province.link[routes.values],
    )


def add_records(province: ProvinceTables) -> None:
    """Add records of spares for most sites and offices, of instruments for most counties."""
    rng = province.rng
    subjects = np.concatenate([province.office, province.site])
    subjects = subjects[rng.random(len(subjects)) < 0.9]
    spares: list[Value] = subjects.tolist()
    seats = province.plane.seats
    counties = [p.county for p in seats if p.kind == "county"]
    cities = list(dict.fromkeys(p.city for p in seats))
    passed = np.where(rng.random(len(spares) + len(counties) + len(cities)) < 0.9, "true", "false")
    province.put(
        "records",
        subject_id=spares + list(counties) + list(cities),
        item_id=["SP1"] * len(spares) + ["IN1"] * len(counties) + ["IN2"] * len(cities),
        passed=passed.astype(object),
        checked_on="2026-05-20",
    )
