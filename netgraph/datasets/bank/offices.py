"""Offices of the invented bank network: where they stand, and the equipment in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.datasets.draw import draw, pick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.datasets.bank.plant import Plant
    from netgraph.datasets.bank.towns import Town
    from netgraph.datasets.rows import Rows

CAPITAL = "太原市"
CORE_1 = "O-CORE1"
CORE_2 = "O-CORE2"
_VAULT_KM = 0.015
_ROLE_ZH = {"core": "枢纽局", "aggregation": "汇聚局", "access": "接入局"}


@dataclass(frozen=True)
class Office:
    """An office: `corner` names the crossing at which each plane's cables leave it.

    One crossing for both planes means one entrance.
    """

    id: str
    town: Town
    role: str
    corner: Mapping[str, str]

    def equipment(self, plane: str) -> str:
        """Return the id of its transport equipment in a plane."""
        return f"N-{self.id[2:]}-{plane}"

    def multiplexer(self, plane: str) -> str:
        """Return the id of its wavelength multiplexer (offices of the backbone only)."""
        return f"W-{self.id[2:]}-{plane}"


def bank_offices(towns: list[Town]) -> dict[str, Office]:
    """Return all offices by id."""
    offices = [office for town in towns for office in _offices_of(town)]
    return {office.id: office for office in offices}


def _offices_of(town: Town) -> list[Office]:
    code, left, right = town.code, town.columns // 2 - 1, town.columns // 2
    last = town.columns - 1
    both = {"A": town.node(left, 0), "B": town.node(right, 0)}
    if town.uplinks in {"single", "township"}:
        return [_office(f"O-{code}", town, "access", dict.fromkeys("AB", town.node(0, 0)))]
    if town.uplinks == "one":
        return [_office(f"O-{code}", town, "access", both)]
    west, east = {"A": town.node(0, 1)}, {"B": town.node(last, 1)}
    offices = [
        _office(f"O-{code}W", town, "access", west),
        _office(f"O-{code}E", town, "access", east),
    ]
    if town.uplinks == "two":
        return offices
    low = town.rows // 2 + 1
    offices += [
        _office(f"O-{code}M", town, "access", both),
        _office(f"O-{code}X", town, "access", dict.fromkeys("AB", town.node(0, town.rows - 1))),
        _office(f"O-{code}A", town, "aggregation", {"A": town.node(1, low)}),
        _office(f"O-{code}B", town, "aggregation", {"B": town.node(last - 1, low)}),
    ]
    if town.place.city == CAPITAL:
        middle = town.rows // 2
        gates = {"A": town.node(left, middle), "B": town.node(right, middle)}
        offices += [
            _office(CORE_1, town, "core", gates),
            _office(CORE_2, town, "core", {"B": town.node(last - 2, middle + 2)}),
        ]
    return offices


def _office(identity: str, town: Town, role: str, corner: dict[str, str]) -> Office:
    return Office(identity, town, role, corner)


def add_office(plant: Plant, office: Office) -> None:
    """Add an office with its cable vaults, one for each crossing at which cables leave it."""
    town = office.town
    cells = sorted(set(office.corner.values()))
    places = [_cell(town, corner) for corner in cells]
    # The building stands a little off its crossing, or halfway between its two.
    column = sum(c for c, _ in places) / len(places) + (0.3 if len(places) == 1 else 0.0)
    row = sum(r for _, r in places) / len(places) + 0.3
    if column > town.columns - 1:
        column -= 0.6
    x, y = town.node_km(column, min(row, town.rows - 1.2))
    plant.position[office.id] = town.frame.to_lon_lat(x, y)
    _add_row(plant.rows, office, plant.position[office.id])
    for number, corner in enumerate(cells, start=1):
        side = -_VAULT_KM if number == 1 else _VAULT_KM
        vault = plant.add_structure(
            f"U{office.id[2:]}-{number}",
            "vault",
            town.frame.to_lon_lat(x + side, y),
            building=f"B-{office.id}",
        )
        plant.add_span(office.id, vault, "indoor")
        plant.add_span(vault, corner)


def _cell(town: Town, corner: str) -> tuple[int, int]:
    return next(
        (c, r) for c in range(town.columns) for r in range(town.rows) if town.node(c, r) == corner
    )


def _add_row(rows: Rows, office: Office, at: tuple[float, float]) -> None:
    town = office.town
    # Some township offices have one feed and a battery, and nobody brings a generator.
    weak = has_weak_power(office)
    rows.add(
        "offices",
        id=office.id,
        name=office_name(office),
        role=office.role,
        city=town.place.city,
        county=town.place.county,
        building_id=f"B-{office.id}",
        lon=at[0],
        lat=at[1],
        power_feeds=1 if town.uplinks == "township" else 2,
        battery_hours=4 if town.uplinks == "township" else 8,
        generator=not weak,
        env_monitored=town.uplinks != "township",
        room_ok=True,
    )


def has_weak_power(office: Office) -> bool:
    """Tell whether the office fails the rule on office power."""
    return office.town.uplinks == "township" and draw("power", office.id) < 0.2


def office_name(office: Office) -> str:
    """Return the Chinese name of an office."""
    if office.role == "core":
        return "太原第一枢纽局（省中心）" if office.id == CORE_1 else "太原第二枢纽局"
    which = {"W": "城西", "E": "城东", "M": "城中", "X": "城郊", "A": "第一", "B": "第二"}
    middle = which.get(office.id[-1], "")
    return f"{office.town.short_name}{middle}{_ROLE_ZH[office.role]}"


def add_equipment(rows: Rows, office: Office) -> None:
    """Add the transport equipment of an office, and its room if it belongs to the backbone."""
    backbone = office.role != "access"
    if backbone:
        rows.add(
            "rooms",
            id=f"R-{office.id[2:]}",
            location_id=office.id,
            name=f"{office_name(office)}传输机房",
            power_feeds=2,
            battery_hours=8,
            generator=True,
            env_monitored=True,
            room_ok=True,
        )
    # The centre ends both planes; its multiplexer belongs to plane A.
    planes = ("A", "B") if office.id == CORE_1 else tuple(office.corner)
    for plane in planes:
        _add_element(rows, office, office.equipment(plane), "SDH-10G" if backbone else "MSTP-2.5G")
    if backbone:
        plane = "A" if "A" in office.corner else "B"
        _add_element(rows, office, office.multiplexer(plane), "WDM-40")


def _add_element(rows: Rows, office: Office, identity: str, model: str) -> None:
    year = pick((2019, 2020, 2021, 2022, 2023), "year", identity)
    rows.add(
        "equipment",
        id=identity,
        kind="transport",
        location_id=office.id,
        room_id=f"R-{office.id[2:]}" if office.role != "access" else None,
        owner="operator",
        model=model,
        manageable=True,
        hot_standby=True,
        protection_switching=True,
        alarms=True,
        grounding_ok=True,
        labels_ok=True,
        room_ok=True,
        installed=f"{year}-{1 + int(draw('month', identity) * 12):02}-15",
    )
