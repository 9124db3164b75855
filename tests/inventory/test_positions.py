from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import Transformer

from netgraph.errors import InputError
from netgraph.inventory import from_columns
from netgraph.inventory.datum import gcj02_to_bd09, wgs84_to_gcj02


def _points(pairs, **inventory):
    """Structures at some positions, and nothing else."""
    lon, lat = (list(values) for values in zip(*pairs, strict=True))
    ids = [f"M{number}" for number in range(len(pairs))]
    columns = {"structures": {"id": ids, "kind": ["pole"] * len(ids), "lon": lon, "lat": lat}}
    if inventory:
        inventory.setdefault("snapshot_date", "2026-10-01")
        columns["inventory"] = {name: [value] for name, value in inventory.items()}
    return from_columns(columns)


def _positions(inventory):
    table = inventory.table("structures")
    return list(zip(table["lon"].tolist(), table["lat"].tolist(), strict=True))


def _found(inventory):
    return [(finding.rule, finding.row_id) for finding in inventory.findings]


def test_positions_are_kept_to_nine_decimals():
    inventory = _points([(112.12345678949, 37.0)])

    assert _positions(inventory) == [(112.123456789, 37.0)]
    assert inventory.crs == "EPSG:4326"
    assert not inventory.findings


@pytest.mark.parametrize(
    ("pair", "why"),
    [
        ((0, 0), "empty positions"),
        ((37.8, 112.5), "swapped"),
        ((212.5, 37.8), "not on the earth"),
        ((112.5, 190.0), "not on the earth"),
    ],
)
def test_an_impossible_position_is_named_and_missing_never_repaired(pair, why):
    inventory = _points([(112.5, 37.8), pair])

    assert _positions(inventory)[0] == (112.5, 37.8)
    assert np.isnan(_positions(inventory)[1]).all()
    assert _found(inventory) == [("ND906", "M1")]
    assert why in inventory.findings[0].message


def test_a_pair_that_fits_only_when_swapped_is_found_by_where_the_others_lie():
    """In France both orders are possible by themselves: 48 east, 2 north is in Kenya's sea."""
    paris = [(2.3 + 0.01 * step, 48.8 + 0.01 * step) for step in range(8)]

    inventory = _points([*paris, (48.85, 2.35)])

    assert _found(inventory) == [("ND906", "M8")]
    assert "looks swapped" in inventory.findings[0].message


def test_a_far_point_is_not_called_swapped_when_swapping_does_not_bring_it_home():
    paris = [(2.3 + 0.01 * step, 48.8) for step in range(8)]

    assert not _points([*paris, (55.5, -21.1)]).findings


@pytest.mark.parametrize("pair", [(None, 37.8), (112.5, None), (None, None), (112.5, "")])
def test_half_a_position_is_none(pair):
    inventory = _points([(112.5, 37.8), pair])

    assert np.isnan(_positions(inventory)[1]).all()
    assert _found(inventory) == [("ND907", "M1")]


def test_a_point_geometry_is_folded_into_lon_and_lat():
    inventory = from_columns(
        {
            "structures": {
                "id": ["M1", "M2", "M3"],
                "kind": ["pole"] * 3,
                "geometry": ["POINT (112.5 37.8)", "POINT Z (112.6 37.9 800)", "MULTIPOINT (1 2)"],
            }
        }
    )

    assert _positions(inventory) == [(112.5, 37.8), (112.6, 37.9), (1.0, 2.0)]
    assert inventory.table("structures")["geometry"].tolist() == [None] * 3
    assert inventory.table("structures").recorded == {"id", "kind", "lon", "lat"}


def test_a_geometry_that_contradicts_lon_and_lat_is_reported():
    inventory = from_columns(
        {
            "structures": {
                "id": ["M1"],
                "kind": ["pole"],
                "lon": [112.5],
                "lat": [37.8],
                "geometry": ["POINT (112.51 37.8)"],
            }
        }
    )

    assert _positions(inventory) == [(112.5, 37.8)]
    assert _found(inventory) == [("ND908", "M1")]
    assert "lie 880." in inventory.findings[0].message


def test_projected_coordinates_are_converted_and_the_inventory_says_so():
    east, north = Transformer.from_crs(4490, 4547, always_xy=True).transform(112.5, 37.8)

    inventory = _points([(east, north), (0, 0)], crs="EPSG:4547")

    np.testing.assert_allclose(_positions(inventory)[0], (112.5, 37.8), atol=1e-9)
    assert _found(inventory) == [("ND906", "M1"), ("ND911", "")]
    assert inventory.table("inventory")["crs"].tolist() == ["EPSG:4326"]


def test_easting_and_northing_in_the_wrong_order_are_found():
    east, north = Transformer.from_crs(4490, 4547, always_xy=True).transform(112.5, 37.8)

    inventory = _points([(north, east)], crs="EPSG:4547")

    assert ("ND906", "M0") in _found(inventory)
    assert np.isnan(_positions(inventory)[0]).all()


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "GCJ02"])
def test_web_map_coordinates_are_converted(datum):
    lon, lat = wgs84_to_gcj02(np.array([112.5]), np.array([37.8]))
    if datum == "bd09":
        lon, lat = gcj02_to_bd09(lon, lat)

    inventory = _points([(lon[0], lat[0])], datum=datum)

    np.testing.assert_allclose(_positions(inventory)[0], (112.5, 37.8), atol=1.1e-9)
    assert _found(inventory) == [("ND911", "")]
    assert inventory.table("inventory")["datum"].tolist() == ["wgs84"]


@pytest.mark.parametrize("crs", [None, "planar"])
def test_plane_coordinates_without_a_system_are_kept_and_reported(crs):
    pairs = [(500_000.0 + step, 4_180_000.123456) for step in range(3)]

    inventory = _points(pairs, **({"crs": crs} if crs else {}))

    assert inventory.crs == ""
    assert _positions(inventory) == pairs
    assert [finding.rule for finding in inventory.findings] == ["ND910"]


def test_small_plane_coordinates_need_to_be_called_planar():
    pairs = [(0.0, 0.0), (60.0, 120.0)]

    inventory = _points(pairs, crs="planar")

    assert _positions(inventory) == pairs


def test_lines_without_any_point_tell_plane_coordinates_too():
    inventory = from_columns(
        {
            "spans": {
                "id": ["P1"],
                "from_id": ["a"],
                "to_id": ["b"],
                "medium": ["duct"],
                "geometry": ["LINESTRING (500000 4180000, 500100 4180000)"],
            }
        }
    )

    assert inventory.crs == ""


@pytest.mark.parametrize("crs", ["EPSG:4610", "EPSG:4214", "nonsense"])
def test_an_unusable_reference_system_stops_the_run_with_all_other_problems(crs):
    with pytest.raises(InputError) as caught:
        from_columns(
            {
                "inventory": {"snapshot_date": ["2026-10-01"], "crs": [crs]},
                "customers": {"id": ["K1", "K1"], "name": ["a", "b"]},
            }
        )

    assert len(caught.value.problems) == 2
    assert crs in caught.value.problems[1]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("LINESTRING (112.5 37.8, 0 0)", "the line passes lon 0, lat 0"),
        ("LINESTRING (37.8 112.5, 37.9 112.5)", "looks swapped"),
        ("LINESTRING (112.5 37.8, 500000 4180000)", "not on the earth"),
    ],
)
def test_a_line_with_an_impossible_vertex_is_missing(diamond, line, why):
    diamond["spans"]["geometry"][0] = line

    inventory = from_columns(diamond)

    assert _found(inventory) == [("ND906", "P1")]
    assert why in inventory.findings[0].message
    assert inventory.table("spans")["geometry"][0] is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("LINESTRING (112.5 37.8", "not well-known text"),
        ("somewhere", "not well-known text"),
        ("POINT (112.5 37.8)", "is a Point and not one line"),
        ("MULTILINESTRING ((0 1, 1 1), (2 2, 3 3))", "is a MultiLineString and not one line"),
    ],
)
def test_an_unusable_geometry_is_missing(diamond, text, why):
    diamond["spans"]["geometry"][1] = text

    inventory = from_columns(diamond)

    assert _found(inventory) == [("ND913", "P2")]
    assert why in inventory.findings[0].message


def test_the_parts_of_a_line_are_joined_where_they_meet(diamond):
    diamond["spans"]["geometry"][1] = (
        "MULTILINESTRING Z ((112.5 37.82 1, 112.505 37.815 1), (112.505 37.815 1, 112.51 37.81 1))"
    )

    line = from_columns(diamond).table("spans")["geometry"][1]

    assert line.wkt == "LINESTRING (112.5 37.82, 112.505 37.815, 112.51 37.81)"


def test_only_the_first_inventory_row_counts(diamond):
    diamond["inventory"] = {"snapshot_date": ["2026-10-01", "2025-10-01"]}

    inventory = from_columns(diamond)

    assert inventory.snapshot_date.isoformat() == "2026-10-01"
    assert _found(inventory) == [("ND912", "")]


def test_no_inventory_row_means_no_snapshot_date(diamond):
    del diamond["inventory"]

    inventory = from_columns(diamond)

    assert inventory.snapshot_date is None
    assert not inventory.findings
    assert math.isfinite(inventory.table("sites")["lon"][0])
