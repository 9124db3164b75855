"""Hazards that are new, gone or lasting, by their stable ids."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import HazardChange
from netgraph.assessment.comparison.sites import number
from netgraph.diversity.levels import PASSING, SEVERITY_RANK, Severity

if TYPE_CHECKING:
    from netgraph.assessment.comparison.read import Cells, Run

_ORDER = {"new": 0, "lasting": 1, "gone": 2}


def hazard_changes(old: Run, new: Run) -> tuple[HazardChange, ...]:
    """List all hazards of both runs; new ones of groups that were diverse come first."""
    diverse = {
        circuit["group_id"] or circuit_id
        for circuit_id, circuit in old.circuits.items()
        if circuit["group_level"] in PASSING
    }
    found = [
        _row(hazard_id, old.hazards.get(hazard_id, {}), new.hazards.get(hazard_id, {}), diverse)
        for hazard_id in old.hazards.keys() | new.hazards.keys()
    ]
    found.sort(key=_badness)
    return tuple(replace(row, rank=rank) for rank, row in enumerate(found, start=1))


def _row(hazard_id: str, before: Cells, after: Cells, diverse: set[str]) -> HazardChange:
    told = after or before
    change = "lasting" if before and after else "new" if after else "gone"
    return HazardChange(
        hazard_id=hazard_id,
        change=change,
        was_diverse=told["group_id"] in diverse,
        site_id=told["site_id"],
        group_id=told["group_id"],
        kind=told["kind"],
        severity_before=before.get("severity", ""),
        severity_after=after.get("severity", ""),
        from_structure=told["from_structure"],
        to_structure=told["to_structure"],
        elements=told["elements"],
        shared_length_before_m=number(before.get("shared_length_m", "")),
        shared_length_after_m=number(after.get("shared_length_m", "")),
        rank=0,
    )


def _badness(row: HazardChange) -> tuple[int, bool, int, str]:
    severity = Severity(row.severity_after or row.severity_before)
    return _ORDER[row.change], not row.was_diverse, SEVERITY_RANK[severity], row.hazard_id
