"""Maps of one city: its sites, and what lies between them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from matplotlib.figure import Figure

import netgraph as ng
from netgraph.assessment import Handover, write_assessment
from netgraph.assessment.handover.map_drawing import (
    assessment_drawing,
    city_drawing,
    city_frames,
)
from netgraph.datasets import example_columns
from netgraph.errors import UsageError
from netgraph.inventory import from_columns


@pytest.fixture(scope="module")
def assessment():
    """The example twin_ring with its first two sites in a city of their own."""
    columns = example_columns("twin_ring")
    city = list(columns["sites"]["city"])
    city[:2] = ["East/West", "East/West"]
    return ng.assess(from_columns({**columns, "sites": {**columns["sites"], "city": city}}))


def test_a_city_shows_all_of_its_sites_and_no_other_and_nothing_outside_its_frame(assessment):
    whole = assessment_drawing(assessment, "en")
    frames = city_frames(assessment)
    assert len(frames) == 2
    shown = 0
    for city, frame in frames.items():
        drawing = city_drawing(assessment, "en", city)
        names = sorted(s.name for s in assessment.standings if s.city == city)
        assert sorted(drawing.sites.names) == names
        assert city in drawing.sheet.title
        assert len(drawing.plant.geometries) <= len(whole.plant.geometries)
        box = shapely.box(*frame).buffer(1e-9)
        assert all(box.covers(line) for line in drawing.plant.geometries)
        for points in (drawing.offices, drawing.places, drawing.hazards):
            assert shapely.contains_xy(box, points.x, points.y).all()
        shown += len(drawing.sites)
    assert shown == sum(np.isfinite(whole.sites.x))


def test_an_unknown_city_is_told_with_those_that_there_are(assessment):
    some = next(iter(city_frames(assessment)))
    with pytest.raises(UsageError, match=some):
        assessment.plot(Figure().add_subplot(), city="Atlantis")


def test_city_maps_are_written_when_asked_for(assessment, tmp_path):
    wanted = Handover(workbook=False, geopackage=False, charts=False, pdf=False, city_maps=True)

    write_assessment(assessment, tmp_path / "out", html=False, handover=wanted)

    folder = tmp_path / "out" / "maps" / "cities"
    assert sorted(path.name for path in folder.iterdir()) == ["01-East_West.png", "02-太原市.png"]
