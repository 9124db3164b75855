"""In what order and direction the pieces of a leg are passed, by their numbers and ends alone.

They are numbered from one end of the leg to the other, from either. Where they do not join up,
they are read from the end that they fit better: the more ends they meet, and of these the more at
the very place and not only in its building.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.verify.rows import Rows, Step

    Ends = tuple[str, str]


def is_in_order(rows: Rows, steps: Sequence[Step], recorded: Sequence[str], ends: Ends) -> bool:
    """Whether steps follow the recorded order, from the right end, each in its direction."""
    keys = [step[0] for step in steps]
    if keys not in (recorded, recorded[::-1]):
        return False
    before = [ends[0], *(step[2] for step in steps)]
    if any(_is_turned_away(rows, step, here) for step, here in zip(steps, before, strict=False)):
        return False
    if rows.joined(steps, ends[0], ends[1:]):
        return True
    return keys == keys[::-1] or _fit(rows, keys, ends) >= _fit(rows, keys[::-1], ends)


def is_open_either_way(rows: Rows, steps: Sequence[Step], ends: Ends) -> bool:
    """Whether steps do not join up, and fit their ends as well in the other order."""
    keys = [step[0] for step in steps]
    if rows.joined(steps, ends[0], ends[1:]) or keys[0] == keys[-1]:
        return False
    return _fit(rows, keys, ends) == _fit(rows, keys[::-1], ends) != (0, 0)


def _is_turned_away(rows: Rows, step: Step, here: str) -> bool:
    """Whether a piece would go on from where the one before ends if it were passed backwards."""
    _, a, b = step
    if rows.meet(here, a):
        return here == b != a  # both ends in one building: the very place decides
    return rows.meet(here, b)


def _fit(rows: Rows, keys: Sequence[str], ends: Ends) -> tuple[int, int]:
    """Count the ends that the first and last piece meet, and those met at the very place."""
    both = [(end, rows.ends(key)) for end, key in zip(ends, (keys[0], keys[-1]), strict=True)]
    met = [any(rows.meet(end, place) for place in places) for end, places in both]
    return sum(met), sum(end in places for end, places in both if end)
