"""A queue for searches over thousands of nodes: what is due soon in a heap, the rest in buckets.

R. Brown, "Calendar queues", Commun. ACM 31(10), 1988. Only the items of one bucket stand in the
heap (:mod:`heap`): they come out in the same order, but most go through few places of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import inner
from netgraph.diversity.search.heap import place, push, put

if TYPE_CHECKING:
    from netgraph.diversity.search._types import Floats, Ints, Longs

_BUCKETS = 2048  # a power of two
_LAST = _BUCKETS - 1
_NONE = -1
_SHARE = 16  # buckets for the length of an edge: some ten items each where a search gets large


class Wheel(NamedTuple):
    """A queue; the size of its heap is with the search."""

    keys: Floats  # the heap
    items: Longs
    head: Ints  # by bucket, in turn: its first entry
    following: Ints  # by entry: the next one of its bucket, or the next one that is free
    entry_key: Floats
    entry_item: Longs
    state: Longs  # the bucket that is due, how many entries wait, the first free one, those made
    per_m: Floats  # one number: buckets a metre


_DUE, _WAITING, _FREE, _MADE = range(4)


@inner
def new_wheel(room: int, length_m: Floats) -> Wheel:
    """Return a queue for so many items at most, of searches over edges of these lengths."""
    total_m = 1.0
    for e in range(len(length_m)):
        total_m += length_m[e]
    return Wheel(
        np.empty(room),
        np.empty(room, dtype=np.int64),
        np.empty(_BUCKETS, dtype=np.int32),
        np.empty(room, dtype=np.int32),
        np.empty(room),
        np.empty(room, dtype=np.int64),
        np.zeros(4, dtype=np.int64),
        np.full(1, _SHARE * len(length_m) / total_m),
    )


@inner
def begin(wheel: Wheel, item: int) -> int:
    """Empty the queue but for one item of key 0; return the size of its heap."""
    for b in range(_BUCKETS):
        wheel.head[b] = _NONE
    wheel.state[_DUE] = wheel.state[_WAITING] = wheel.state[_MADE] = 0
    wheel.state[_FREE] = _NONE
    wheel.keys[0], wheel.items[0] = 0.0, item
    return 1


@inner
def add(wheel: Wheel, size: int, key: float, item: int) -> int:
    """Add an item; return the size of the heap."""
    bucket = np.int64(key * wheel.per_m[0])
    if bucket <= wheel.state[_DUE]:
        return put(wheel.keys, wheel.items, size, key, item)
    _wait(wheel, bucket, key, item)
    return size


@inner
def _wait(wheel: Wheel, bucket: int, key: float, item: int) -> None:
    """Put an item into its bucket, or into the last one if that is too far."""
    state = wheel.state
    at = place(min(bucket, state[_DUE] + _LAST) & _LAST)
    k = state[_FREE]
    if k == _NONE:
        k = state[_MADE]
        state[_MADE] += 1
    else:
        state[_FREE] = wheel.following[place(k)]
    wheel.entry_key[place(k)], wheel.entry_item[place(k)] = key, item
    wheel.following[place(k)] = wheel.head[at]
    wheel.head[at] = k
    state[_WAITING] += 1


@inner
def turn_on(wheel: Wheel) -> int:
    """Bring the next bucket into the heap, which is empty; return its size, 0 if nothing waits."""
    state, size = wheel.state, 0
    while state[_WAITING] > 0 and size == 0:
        due = state[_DUE] + 1
        while wheel.head[place(due & _LAST)] == _NONE:
            due += 1
        state[_DUE] = due
        k = np.int64(wheel.head[place(due & _LAST)])
        wheel.head[place(due & _LAST)] = _NONE
        while k != _NONE:
            following = np.int64(wheel.following[place(k)])
            wheel.following[place(k)], state[_FREE] = state[_FREE], k
            state[_WAITING] -= 1
            key, item = wheel.entry_key[place(k)], wheel.entry_item[place(k)]
            bucket = np.int64(key * wheel.per_m[0])
            if bucket <= due:
                size = push(wheel.keys, wheel.items, size, key, item)
            else:
                _wait(wheel, bucket, key, item)
            k = following
    return size
