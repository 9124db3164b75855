"""Recorded lengths, checked against what is drawn.

The Open Fibre Data Standard says kilometres, and its own CSV example has metres; without a check
a route of 276 km becomes one of 276,000. A fibre is never much shorter than its line and, with
slack, seldom more than a few times as long; these bounds are derived, not sourced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.plant.rules import plant_finding
from netgraph.messages import Message
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding

    Floats = NDArray[np.float64]

# Recorded over drawn length that can be believed. [derived]
_MIN_RATIO, _MAX_RATIO = 0.8, 5.0


def believable_lengths_m(
    ids: NDArray[np.object_], stated_km: Floats, reference_m: Floats
) -> tuple[Floats, list[Finding]]:
    """Turn stated kilometres into metres, where the drawing does not speak against it.

    Parameters
    ----------
    ids
        Ids of the spans, shape (n,).
    stated_km
        As stated, NaN if not; shape (n,).
    reference_m
        Length of the drawn line, else of the straight line between the nodes, else NaN.

    Returns
    -------
    tuple
        Metres of shape (n,), NaN where nothing is stated or the statement cannot be believed,
        and the findings. Without a reference the statement is believed.
    """
    metres = stated_km * M_PER_KM
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = metres / reference_m
    checkable = np.isfinite(ratio)
    fits = _is_believable(ratio)
    fits_as_metres = checkable & ~fits & _is_believable(ratio / M_PER_KM)
    contradicts = checkable & ~fits & ~fits_as_metres
    findings = []
    for row in np.flatnonzero(fits_as_metres):
        message = Message(
            "The length of {0:g} km can only be metres: the line measures {1:.1f} km.",
            stated_km[row],
            reference_m[row] / M_PER_KM,
        )
        findings.append(plant_finding("ND970", "spans", str(ids[row]), message))
    for row in np.flatnonzero(contradicts):
        message = Message(
            "The length of {0:g} km contradicts the line, which measures {1:.1f} km.",
            stated_km[row],
            reference_m[row] / M_PER_KM,
        )
        findings.append(plant_finding("ND971", "spans", str(ids[row]), message))
    metres[fits_as_metres] = stated_km[fits_as_metres]
    metres[contradicts] = np.nan
    return metres, findings


def _is_believable(ratio: Floats) -> NDArray[np.bool_]:
    return (ratio >= _MIN_RATIO) & (ratio <= _MAX_RATIO)
