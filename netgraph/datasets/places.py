"""Seats of cities, counties and towns of Shanxi, at the coordinates that GeoNames gives them.

Names and coordinates: GeoNames (https://www.geonames.org), licensed under CC BY 4.0. The county
and city that a place belongs to were added by hand, as of the divisions of 2024. Counties whose
seat GeoNames does not have (Xinrong, Gaoping, Hejin, Xiaoyi, Fenyang) are left out.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Place:
    """A seat or a town: names, administrative city and county, and where it is (WGS 84)."""

    geonames_id: int
    name_zh: str
    name: str
    kind: str  # city, county or town
    city: str
    county: str
    lon: float
    lat: float


def shanxi_places() -> tuple[Place, ...]:
    """Return all places of the file, city by city: the city's seat, the counties', the towns."""
    text = files("netgraph.datasets").joinpath("shanxi_places.csv").read_text(encoding="utf-8")
    return tuple(
        Place(
            geonames_id=int(row["geonames_id"]),
            name_zh=row["name_zh"],
            name=row["name"],
            kind=row["kind"],
            city=row["city"],
            county=row["county"],
            lon=float(row["lon"]),
            lat=float(row["lat"]),
        )
        for row in csv.DictReader(text.splitlines())
    )
