"""Functions inside kernels: what they are handed, hand back and hold, against Python itself."""

from __future__ import annotations

import gc
from typing import Any, NamedTuple

import numpy as np
import pytest
from numba.core.runtime import rtsys
from numba.core.runtime._nrt_python import memsys_disable_stats, memsys_enable_stats

from netgraph.diversity import compiled


class _Pair(NamedTuple):
    first: Any
    second: Any


class _Nest(NamedTuple):
    pair: _Pair
    table: Any
    flags: Any
    step: int


def _program(inner, entry):  # noqa: C901 -- one program
    """Return an outer function of inner ones, compiled or as Python runs them."""

    @inner
    def grown(values, n):
        """Hand back its own argument, or a new array."""
        if n < len(values):
            return values
        more = np.zeros(2 * n + 1, np.int64)
        more[: len(values)] = values
        return more

    @inner
    def swapped(pair):
        """Make a tuple of parts that somebody else holds."""
        return _Pair(pair.second, pair.first)

    @inner
    def total(nest, is_negative):
        """Read two dimensions, part of a part, and a number of a tuple."""
        sum_ = 0
        for row in range(nest.table.shape[0]):
            for column in range(0, nest.table.shape[1], nest.step):
                sum_ += nest.table[row, column]
        for value in nest.pair.first[1:3]:
            sum_ += value
        return -sum_ if is_negative else sum_

    @inner
    def passed_on(nest, is_negative):
        return total(nest, not is_negative) + nest.table[-1, -1]

    @inner
    def is_set(flags, i, is_other):
        return flags[i] != is_other

    @inner
    def checked(n):
        if n > 50:
            raise ValueError
        return n

    @inner
    def checked_twice(n):
        return checked(n) + checked(n + 1)

    @entry
    def run(nest, n):
        pair, values = nest.pair, nest.pair.first
        seen, never = 0, 0
        for i in range(checked_twice(n) // 2):
            values = grown(values, i)
            values[i] = i * i
            if is_set(nest.flags, i % len(nest.flags), i % 3 == 0):
                pair = swapped(pair)
                seen += 1
        for i in range(5, 2):
            never += i + 1
        for i in range(-3, 2):
            seen += i * i
        for i in range(n, 0, -2):
            seen += i
        nest = _Nest(pair, nest.table, nest.flags, 1)
        sums = (total(nest, False), passed_on(nest, True), seen, never)  # noqa: FBT003 -- kernels take no names
        return pair.first, pair.second, values[:n], sums, nest.flags

    return run


def _plain(function):
    return function


@pytest.fixture(scope="module")
def kernel():
    return _program(compiled.inner, compiled.entry)


def _nest(n_values):
    pair = _Pair(np.arange(n_values, dtype=np.int64), np.arange(7, dtype=np.int64)[::-1].copy())
    table = np.arange(12, dtype=np.float64).reshape(3, 4)
    return _Nest(pair, table, np.array([True, False, False, True]), 2)


@pytest.mark.parametrize("n", [0, 1, 2, 9, 40])
@pytest.mark.parametrize("n_values", [0, 4, 100])
def test_inner_functions_read_hand_back_and_loop_as_in_python(kernel, n, n_values):
    ours, pythons = _nest(n_values), _nest(n_values)
    found, expected = kernel(ours, n), _program(_plain, _plain)(pythons, n)
    for mine, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(mine, other)
    for mine, other in zip(ours.pair, pythons.pair, strict=True):
        np.testing.assert_array_equal(mine, other)  # what was written through an argument


def test_a_failure_of_an_inner_function_is_that_of_the_kernel(kernel):
    with pytest.raises(ValueError, match=r"^$"):
        kernel(_nest(4), 50)  # 51 fails, two calls down


def test_no_array_is_left_behind_and_none_is_freed_twice(kernel):
    memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats()
        for n in (0, 3, 40):
            kernel(_nest(4), n)
        gc.collect()
        after = rtsys.get_allocation_stats()
    finally:
        memsys_disable_stats()
    assert after.mi_alloc > before.mi_alloc
    assert after.mi_alloc - before.mi_alloc == after.mi_free - before.mi_free
    assert after.alloc - before.alloc == after.free - before.free
