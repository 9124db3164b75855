"""`netgraph doctor`: what it looks at, and what it says when something is missing."""

from __future__ import annotations

import pyogrio

from netgraph.assessment.environment import DRIVERS, PACKAGES, check_environment


def test_doctor_lists_versions_drivers_font_and_kernels(netgraph):
    outcome = netgraph("doctor")

    assert outcome.code == 0, outcome.out
    for word in (*PACKAGES, *DRIVERS, "netgraph", "Python", "GDAL", "PROJ", "Chinese font"):
        assert word in outcome.out


def test_a_missing_driver_is_named_with_its_cure(netgraph, monkeypatch):
    monkeypatch.setattr(pyogrio, "list_drivers", dict)

    outcome = netgraph("doctor")

    assert outcome.code == 1
    assert "driver GPKG" in outcome.out
    assert "install pyogrio from its wheel" in outcome.out


def test_a_place_for_kernels_that_cannot_be_written_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "nowhere"))

    (kernels,) = (check for check in check_environment() if check.name == "compiled kernels")

    assert not kernels.is_good
    assert "NUMBA_CACHE_DIR" in kernels.hint
