"""Small plants in a plane, in metres; all of them are invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from netgraph.inventory import from_columns
from netgraph.inventory.plant import plant_network_from_inventory

SHARED_DATA = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    if not SHARED_DATA.is_dir():
        pytest.skip("the published networks are not at hand (../shared/data)")
    return SHARED_DATA


@pytest.fixture(scope="session")
def plant():
    """Build a network: nodes ``{id: (x, y)}``, spans ``[(id, from, to, {column: value})]``.

    Nodes are manholes; ids that begin with ``S`` are customer sites. Without other columns, each
    span lies in a trench of its own.
    """
    return build_plant


def build_plant(nodes, spans, **tables):
    sites = [name for name in nodes if name.startswith("S")]
    holes = [name for name in nodes if not name.startswith("S")]
    rows = [{"trench_id": f"trench of {name}", **more} for name, _, _, more in spans]
    columns = {
        "inventory": {"snapshot_date": ["2026-06-30"], "crs": ["planar"]},
        "structures": {
            "id": holes,
            "kind": ["manhole"] * len(holes),
            "lon": [float(nodes[name][0]) for name in holes],
            "lat": [float(nodes[name][1]) for name in holes],
        },
        "customers": {"id": ["C"], "name": ["C"]},
        "sites": {
            "id": sites,
            "customer_id": ["C"] * len(sites),
            "name": [f"site {name}" for name in sites],
            "lon": [float(nodes[name][0]) for name in sites],
            "lat": [float(nodes[name][1]) for name in sites],
        },
        "spans": {
            "id": [name for name, _, _, _ in spans],
            "from_id": [start for _, start, _, _ in spans],
            "to_id": [end for _, _, end, _ in spans],
            "medium": ["duct"] * len(spans),
            **{
                column: [row.get(column) for row in rows]
                for column in ("trench_id", "length_m", "geometry", "status")
            },
        },
        **tables,
    }
    return plant_network_from_inventory(from_columns(columns))
