"""A binary heap on arrays for the kernels: least key first, equal keys by least item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Longs

# The size of an empty heap: numba compiles one more version for every number written out in a call.
EMPTY = np.int64(0)


@inner
def push(keys: Floats, items: Longs, size: int, key: float, item: int) -> int:
    """Add an item and return the new size; the arrays must have room for it."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] < key or (keys[above] == key and items[above] <= item):
            break
        keys[at] = keys[above]
        items[at] = items[above]
        at = above
    keys[at] = key
    items[at] = item
    return size + 1


@inner
def drop_least(keys: Floats, items: Longs, size: int) -> int:
    """Remove the least item, which stands at position 0, and return the new size."""
    last = size - 1
    key, item = keys[last], items[last]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= last:
            break
        right = below + 1
        if right < last and (
            keys[right] < keys[below]
            or (keys[right] == keys[below] and items[right] < items[below])
        ):
            below = right
        if key < keys[below] or (key == keys[below] and item <= items[below]):
            break
        keys[at] = keys[below]
        items[at] = items[below]
        at = below
    keys[at] = key
    items[at] = item
    return last
