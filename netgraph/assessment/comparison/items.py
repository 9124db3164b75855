"""The items of the scorecard before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.comparison.rows import ItemChange

if TYPE_CHECKING:
    from netgraph.assessment.comparison.read import Run


def item_changes(old: Run, new: Run) -> tuple[ItemChange, ...]:
    """One row an item that both runs know; those whose share of passing sites fell most first."""
    rows = [
        ItemChange(
            item, len(old.items[item]), len(new.items[item]), _share(old, item), _share(new, item)
        )
        for item in sorted(old.items.keys() & new.items.keys())
    ]
    return tuple(sorted(rows, key=_shift))


def _share(run: Run, item: str) -> float | None:
    results = run.items[item]
    return sum(results) / len(results) if results else None


def _shift(row: ItemChange) -> float:
    if row.before_ratio is None or row.after_ratio is None:
        return 1.0
    return row.after_ratio - row.before_ratio
