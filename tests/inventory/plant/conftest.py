"""Networks in the Open Fibre Data Standard, small enough to check by eye."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netgraph.inventory.plant import read_plant_network

SHARED_DATA = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    if not SHARED_DATA.is_dir():
        pytest.skip("the published networks are not at hand (../shared/data)")
    return SHARED_DATA


@pytest.fixture
def triangle():
    """Three places near the equator, 111 km apart along the axes; every span is drawn.

    ::

        C
        | \\
        |  \\  CB is drawn from B to C
        |   \\
        A----B
    """
    return {
        "id": "N1",
        "name": "Triangle",
        "nodes": [_node("A", 0.0, 0.0), _node("B", 1.0, 0.0), _node("C", 0.0, 1.0)],
        "spans": [
            _span("AB", "A", "B", [[0, 0], [1, 0]]),
            _span("CB", "C", "B", [[1, 0], [0, 1]]),
            _span("AC", "A", "C", [[0, 0], [0, 1]]),
        ],
    }


def _node(identifier, lon, lat):
    return {
        "id": identifier,
        "name": f"Place {identifier}",
        "status": "operational",
        "location": {"type": "Point", "coordinates": [lon, lat]},
    }


def _span(identifier, start, end, coordinates):
    return {
        "id": identifier,
        "name": f"{start} to {end}",
        "status": "operational",
        "start": start,
        "end": end,
        "route": {"type": "LineString", "coordinates": coordinates},
    }


@pytest.fixture
def read(tmp_path):
    """Write a network document and read it back."""

    def read_document(*networks):
        path = tmp_path / "network.json"
        path.write_text(json.dumps({"networks": list(networks)}), encoding="utf-8")
        return read_plant_network(path)

    return read_document


@pytest.fixture
def rules():
    """Rows of the findings by rule: ``{"ND952": ["AB"]}``."""

    def by_rule(network):
        found = {}
        for finding in network.findings:
            found.setdefault(finding.rule, []).append(finding.row_id)
        return found

    return by_rule
