from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.errors import InputError
from netgraph.inventory import datum
from netgraph.units import segment_lengths_m

LON = st.floats(74, 134)
LAT = st.floats(18, 53)


def test_the_shift_at_taiyuan_is_about_560_m():
    lon, lat = np.array([112.55]), np.array([37.87])
    shifted = datum.wgs84_to_gcj02(lon, lat)

    assert 540 < segment_lengths_m(lon, lat, *shifted)[0] < 580


def test_the_shift_is_that_of_the_published_example():
    """README of github.com/wandergis/coordtransform, function wgs84togcj02."""
    lon, lat = datum.wgs84_to_gcj02(np.array([116.404]), np.array([39.915]))

    expected = [116.41024449916938, 39.91640428150164]
    np.testing.assert_allclose([lon[0], lat[0]], expected, atol=1e-12)


def test_the_second_shift_is_that_of_the_published_example():
    """The same README, function gcj02tobd09."""
    lon, lat = datum.gcj02_to_bd09(np.array([116.404]), np.array([39.915]))

    expected = [116.41036949371029, 39.92133699351021]
    np.testing.assert_allclose([lon[0], lat[0]], expected, atol=1e-9)


def test_nothing_is_shifted_outside_china():
    lon, lat = np.array([2.35, 30.1]), np.array([48.86, -1.9])

    np.testing.assert_array_equal(datum.wgs84_to_gcj02(lon, lat), (lon, lat))
    np.testing.assert_array_equal(datum.to_wgs84(lon, lat, "gcj02"), (lon, lat))


@given(st.lists(st.tuples(LON, LAT), min_size=1, max_size=20))
def test_the_inverse_recovers_wgs84_to_a_billionth_of_a_degree(points):
    lon, lat = np.array(points).T
    gcj = datum.wgs84_to_gcj02(lon, lat)

    np.testing.assert_allclose(datum.to_wgs84(*gcj, "gcj02"), (lon, lat), atol=1e-9, rtol=0)
    bd = datum.gcj02_to_bd09(*gcj)
    np.testing.assert_allclose(datum.to_wgs84(*bd, "bd09"), (lon, lat), atol=1e-9, rtol=0)


def test_missing_positions_stay_missing():
    lon, lat = datum.to_wgs84(np.array([np.nan, 112.5]), np.array([np.nan, 37.8]), "gcj02")

    assert np.isnan([lon[0], lat[0]]).all()
    assert np.isfinite([lon[1], lat[1]]).all()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490"])
def test_wgs84_and_cgcs2000_need_no_conversion(crs):
    assert datum.find_transformer(crs) is None


@pytest.mark.parametrize("crs", ["EPSG:4610", "EPSG:4214", "EPSG:2383", "EPSG:2433"])
def test_datums_without_an_accurate_transformation_are_refused(crs):
    with pytest.raises(InputError, match="no accurate transformation"):
        datum.find_transformer(crs)


def test_a_pipeline_of_the_user_is_taken():
    pipeline = (
        "+proj=pipeline +step +inv +proj=tmerc +lon_0=114 +x_0=500000 +ellps=GRS80 "
        "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )

    lon, _ = datum.find_transformer(pipeline).transform(500000.0, 4187000.0)

    assert lon == pytest.approx(114.0)


def test_an_unknown_reference_system_is_refused():
    with pytest.raises(InputError, match="not a reference system that PROJ knows"):
        datum.find_transformer("EPSG:999999")
