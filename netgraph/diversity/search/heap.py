"""A binary heap on arrays for the kernels: least key first, equal keys by least item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.compiled import inner

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Longs

# The size of an empty heap: numba compiles one more version for every number written out in a call.
EMPTY = np.int64(0)
TAKEN = -1.0  # the key of the least item once it was taken: see put

place = np.uint64  # a signed index is looked at for being negative whenever it is used


@inner
def push(keys: Floats, items: Longs, size: int, key: float, item: int) -> int:
    """Add an item and return the new size; the arrays must have room for it."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        least = keys[place(above)]
        if least < key or (least == key and items[place(above)] <= item):
            break
        keys[place(at)] = least
        items[place(at)] = items[place(above)]
        at = above
    keys[place(at)] = key
    items[place(at)] = item
    return size + 1


@inner
def drop_least(keys: Floats, items: Longs, size: int) -> int:
    """Remove the least item, which stands at position 0, and return the new size."""
    last = size - 1
    _sink(keys, items, last, keys[place(last)], items[place(last)])
    return last


@inner
def put(keys: Floats, items: Longs, size: int, key: float, item: int) -> int:
    """Add an item like :func:`push`, in the place of the least one where that was taken.

    A search takes the least item by setting its key to TAKEN. Most take one and add one: then this
    is half the work. No key may be negative.
    """
    if size > 0 and keys[0] == TAKEN:
        _sink(keys, items, size, key, item)
        return size
    return push(keys, items, size, key, item)


@inner
def drop_taken(keys: Floats, items: Longs, size: int) -> int:
    """Remove the least item if it was taken and nothing put in its place; return the size."""
    if size > 0 and keys[0] == TAKEN:
        return drop_least(keys, items, size)
    return size


@inner
def _sink(keys: Floats, items: Longs, size: int, key: float, item: int) -> None:
    """Let an item sink from position 0, as far as others are less."""
    at = 0
    below = 1
    while below < size:
        right = below + 1
        if right < size:
            a, b = keys[place(below)], keys[place(right)]
            is_less = b < a
            if b == a:  # rare: what comes before a branch that nobody can foresee costs the most
                is_less = items[place(right)] < items[place(below)]
            below += is_less
        least = keys[place(below)]
        if key < least or (key == least and item <= items[place(below)]):
            break
        keys[place(at)] = least
        items[place(at)] = items[place(below)]
        at = below
        below = 2 * at + 1
    keys[place(at)] = key
    items[place(at)] = item
