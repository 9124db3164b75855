"""Lines for the tests of geography: real ones where they are at hand, and random walks."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Proj

SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.fixture(scope="session")
def ofds_lines():
    """Spans of a published network, by a pattern under ofds_networks; skips without the data."""
    folder = SHARED / "ofds_networks"
    if not folder.is_dir():
        pytest.skip("the published networks (../shared/data/ofds_networks) are not here")

    def read(pattern):
        (path,) = folder.glob(pattern)
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [shapely.geometry.shape(feature["geometry"]) for feature in features]

    return read


@pytest.fixture(scope="session")
def srlg_regional():
    """Folder of the published lists of regional groups; skips without the data."""
    folder = SHARED / "srlg_regional"
    if not folder.is_dir():
        pytest.skip("the published lists (../shared/data/srlg_regional) are not here")
    return folder


@pytest.fixture(scope="session")
def near_metres():
    """Another way to metres: azimuthal equidistant around a place, after dense sampling."""

    def transform_around(centre):
        plane = Proj(f"+proj=aeqd +lon_0={centre.x} +lat_0={centre.y} +ellps=WGS84")

        def to_metres(geometry):
            dense = shapely.segmentize(geometry, 0.0005)
            return shapely.transform(
                dense, lambda points: np.column_stack(plane(points[:, 0], points[:, 1]))
            )

        return to_metres

    return transform_around
