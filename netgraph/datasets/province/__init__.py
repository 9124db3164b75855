"""A whole province of invented customers, from a seed: the load for measurements.

At scale 1 it has 531 customers, 7,700 sites, 15,413 circuits (64 % of them protected), about
100,000 structures and 126,000 spans, 2,640 offices, 12,000 cables and 1,000 bridges. Shapes and
sizes are made to be like those of a real province, its diversity is not: times measured on it mean
something, percentages of diverse sites do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.datasets.province.customers import make_circuits, make_sites
from netgraph.datasets.province.offices import make_offices
from netgraph.datasets.province.plane import make_plane
from netgraph.datasets.province.services import (
    add_cables,
    add_circuits,
    add_equipment,
    add_links,
    add_records,
)
from netgraph.datasets.province.tables import (
    NOTES,
    SNAPSHOT_DATE,
    ProvinceTables,
    add_places,
    add_spans,
)
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from netgraph.datasets.rows import Columns

_POINTS, _OFFICES, _SITES, _CIRCUITS, _CUSTOMERS = 96_300, 2_640, 7_700, 15_413, 531
_COUNTIES = 98
_SMALLEST_SCALE = 0.01


def province_columns(seed: int = 0, scale: float = 1.0) -> Columns:
    """Return the example as plain columns: table -> column -> list.

    Parameters
    ----------
    seed
        Equal seeds and scales give equal tables, with the same version of numpy and scipy.
    scale
        Shrinks or stretches every count; 0.01 is the smallest.

    Raises
    ------
    UsageError
        If the scale is smaller than 0.01.
    """
    if not scale >= _SMALLEST_SCALE:
        msg = Message(
            "The scale of the example province must be at least {0}, not {1}.",
            _SMALLEST_SCALE,
            scale,
        )
        raise UsageError(msg)
    rng = np.random.default_rng(seed)
    plane = make_plane(rng, round(_POINTS * scale), max(4, round(_COUNTIES * min(1.0, 4 * scale))))
    offices = make_offices(rng, plane, round(_OFFICES * scale))
    owners = max(3, round(_CUSTOMERS * scale))
    sites = make_sites(rng, plane, offices, round(_SITES * scale), owners)
    circuits = make_circuits(rng, offices, sites, round(_CIRCUITS * scale))
    parts = ProvinceTables(rng, plane, offices, sites, circuits)
    parts.tables["inventory"] = {
        "snapshot_date": [SNAPSHOT_DATE],
        "crs": ["EPSG:4326"],
        "name": [f"province seed {seed} scale {scale:g}"],
        "notes": [NOTES],
    }
    for add in (
        add_places,
        add_spans,
        add_cables,
        add_equipment,
        add_links,
        add_circuits,
        add_records,
    ):
        add(parts)
    return parts.tables
