"""The invented bank itself: its sites, the equipment at them, their circuits, the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.datasets.bank.offices import CORE_1
from netgraph.datasets.draw import draw, pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.datasets.bank.access import Routes
    from netgraph.datasets.bank.mix import Site
    from netgraph.datasets.rows import Rows, Value

BANK = "BANK"
_CHECKED_ON = "2026-05-20"
# How often a site whose routes lack nothing else has one of these small faults.
_SMALL_FAULT = 0.05
# What the ledger of a site claims, by how it is built: it is often wrong.
_CLAIMS: dict[str, tuple[str | None, ...]] = {
    "one_cable": ("single", "single", "single", "dual", None),
    "one_link": ("single", "dual"),
    "daisy_chain": ("single",),
    "one_trench": ("ring", "dual"),
    "one_manhole": ("ring", "dual"),
    "one_risk": ("dual",),
    "one_device": ("ring",),
    "ring": ("ring",),
    "no_spans": ("dual",),
    "radio": ("single", "dual"),
    "no_second": ("single",),
    "no_second_unconfirmed": (None,),
    "no_second_recorded": ("dual",),
}
_PROTECTION: dict[str, str | None] = {
    "no_second": "none",
    "no_second_unconfirmed": None,
    "ring": "ring",
}


def add_bank(rows: Rows) -> None:
    """Add the customer."""
    rows.add("customers", id=BANK, name="示例银行（虚构）", industry="finance")


def add_site(rows: Rows, site: Site, at: tuple[float, float]) -> None:
    """Add the row of a site and of the equipment at it."""
    kind, place = site.kind, site.town.place
    generator = not kind.single_power and draw("generator", site.id) < 0.3
    rows.add(
        "sites",
        id=site.id,
        customer_id=BANK,
        name=site_name(site),
        importance=site.importance,
        tier="diamond",
        city=place.city,
        county=place.county,
        building_id=f"B-{site.id}",
        claimed_route=pick(_CLAIMS.get(kind.route, ("dual", "ring")), "claim", site.id),
        lon=at[0],
        lat=at[1],
        power_feeds=1 if kind.single_power or draw("feeds", site.id) < 0.5 else 2,
        ups=not kind.single_power,
        generator=generator,
        room_ok=not _has_small_fault(site, "room"),
    )
    _add_cpe(rows, site)


def _has_small_fault(site: Site, what: str) -> bool:
    kind = site.kind
    plain = kind.route == "one_cable" and not (
        kind.unmanageable or kind.unprotected or kind.single_power
    )
    return plain and draw("fault", what, site.id) < _SMALL_FAULT


def site_name(site: Site) -> str:
    """Return the invented name of a branch."""
    town = site.town.short_name
    if site.number == 0:
        if site.importance == "province":
            return "示例银行总行"
        return f"示例银行{town}{'分行' if site.importance == 'city' else '支行'}"
    return f"示例银行{town}第{site.number + 1}支行"


def _add_cpe(rows: Rows, site: Site) -> None:
    kind = site.kind
    year = 2016 if _has_small_fault(site, "age") else pick((2019, 2020, 2021, 2022), site.id)
    labels: Value = not _has_small_fault(site, "labels")
    rows.add(
        "equipment",
        id=f"P-{site.id[2:]}",
        kind="cpe",
        location_id=site.id,
        owner="operator",
        model="MSTP-155M" if kind.unmanageable else "MSTP-622M",
        manageable=not kind.unmanageable,
        hot_standby=not kind.unprotected,
        protection_switching=not kind.unprotected,
        alarms=not kind.unmanageable,
        grounding_ok=True,
        labels_ok=None if _has_small_fault(site, "unknown labels") else labels,
        room_ok=True,
        installed=f"{year}-09-01",
    )


def add_circuits(rows: Rows, site: Site, routes: Routes) -> None:
    """Add the two circuits of a site, which back each other up, with their routes."""
    kind = site.kind
    for number in (1, 2):
        circuit = f"C-{site.id[2:]}-{number}"
        rows.add(
            "circuits",
            id=circuit,
            customer_id=BANK,
            a_id=site.id,
            b_id=CORE_1,
            group_id=f"G-{site.id[2:]}",
            tier="diamond",
            service="leased_line",
            access_tech="MSTP",
            bandwidth_mbps=pick((2, 4, 10, 20), circuit) if site.number else 100,
            protection=_PROTECTION.get(kind.route, "path"),
            repair_limit_h=4,
            in_nms=not kind.unmanageable,
        )
        working, protect = routes.of_circuit(number)
        _add_route(rows, circuit, "working", working)
        _add_route(rows, circuit, "protect", protect)


def _add_route(rows: Rows, circuit: str, role: str, links: Iterable[str]) -> None:
    for seq, link in enumerate(links, start=1):
        rows.add("circuit_links", circuit_id=circuit, role=role, seq=seq, link_id=link)


def add_records(rows: Rows, subjects: Iterable[str], cities: Iterable[str]) -> None:
    """Add the records of spares (by site and office), instruments and vehicles (by city)."""
    checked: dict[str, Value] = {"passed": "true", "checked_on": _CHECKED_ON}
    for subject in subjects:
        rows.add("records", subject_id=subject, item_id="SP1", **checked)
    for city in cities:
        for item in ("IN1", "IN2"):
            rows.add("records", subject_id=city, item_id=item, **checked)
