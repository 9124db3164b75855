"""Sums inside compiled loops are numpy's."""

from __future__ import annotations

import numpy as np
import pytest

from netgraph.diversity.compiled import entry
from netgraph.diversity.sharing import sums


@entry
def summed(values, low, high):
    return sums.sum_pairwise(values, low, high)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 9, 127, 128, 129, 136, 257, 1000, 1023, 4097])
def test_a_compiled_sum_is_numpys_to_the_last_bit(size):
    values = np.round(np.random.default_rng(size).random(size + 5) * 900, 1)
    assert summed(values, 3, size + 3) == values[3 : size + 3].sum()
