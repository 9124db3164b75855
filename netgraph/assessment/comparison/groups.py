"""Groups of circuits that lost their proven diversity, or gained it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import GroupChange
from netgraph.diversity.hazards import TIER_RANK
from netgraph.diversity.levels import PASSING, RANK, Level

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.assessment.comparison.read import Cells, Run

_NAMED = 30  # circuits of one group


def group_changes(old: Run, new: Run) -> tuple[GroupChange, ...]:
    """List groups whose proven diversity came or went; those lost first, worst tier first.

    A group is lost if a circuit that is in service in both runs was in a diverse group and is not
    any more, be it that the routes now meet or that the records no longer prove them apart.
    """
    changed: dict[tuple[str, str], list[str]] = {}
    for circuit, after in new.circuits.items():
        before = old.circuits.get(circuit)
        if before is None:
            continue
        was, is_ = _is_diverse(before), _is_diverse(after)
        if was != is_:
            key = ("lost" if was else "gained", after["group_id"] or circuit)
            changed.setdefault(key, []).append(circuit)
    elements = _elements(new)
    found = [
        _change(old, new, change, unit, circuits, elements)
        for (change, unit), circuits in changed.items()
    ]
    found.sort(key=_badness)
    return tuple(replace(row, rank=rank) for rank, row in enumerate(found, start=1))


def _is_diverse(circuit: Cells) -> bool:
    return circuit["group_level"] in PASSING


def _elements(run: Run) -> dict[str, list[str]]:
    """List what each group shares, by its hazards."""
    found: dict[str, list[str]] = {}
    for hazard in run.hazards.values():
        if hazard["kind"] != "proximity":
            found.setdefault(hazard["group_id"], []).append(hazard["elements"])
    return found


def _change(
    old: Run,
    new: Run,
    change: str,
    unit: str,
    circuits: list[str],
    elements: Mapping[str, list[str]],
) -> GroupChange:
    before = min((old.circuits[c] for c in circuits), key=lambda c: RANK[Level(c["group_level"])])
    after = new.circuits[circuits[0]]
    site = new.sites.get(after["site_id"], {})
    shared = dict.fromkeys(e for text in elements.get(unit, ()) for e in text.split(";") if e)
    return GroupChange(
        unit_id=unit,
        change=change,
        site_id=after["site_id"],
        customer_id=after["customer_id"],
        city=site.get("city", ""),
        tier=after["tier"],
        circuits=";".join(sorted(circuits)[:_NAMED]),
        level_before=before["group_level"],
        level_after=after["group_level"],
        requires_diversity=bool(site.get("required_level")),
        elements=";".join(shared) if change == "lost" else "",
        reason=after["reason"],
        rank=0,
    )


def _badness(row: GroupChange) -> tuple[bool, bool, int, int, str]:
    return (
        row.change != "lost", not row.requires_diversity, RANK[Level(row.level_after)],
        TIER_RANK.get(row.tier, len(TIER_RANK)), row.unit_id,
    )  # fmt: skip
