"""Numbers for distinct cells, against data frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory.distinct import (
    Positions,
    first_alike,
    is_missing,
    number_cells,
)
from netgraph.inventory.raw import object_array

CELLS = st.lists(
    st.one_of(
        st.none(), st.sampled_from(["", "a", "b", "ab"]), st.integers(0, 3),
        st.sampled_from([0.5, 1.0, float("nan"), np.nan]), st.booleans(),
    )
)  # fmt: skip
WORDS = st.lists(st.sampled_from(["", "a", "b", "ab", "c"]))


@given(CELLS)
def test_cells_get_the_numbers_that_data_frames_give_them(values):
    cells = object_array(values)

    codes, distinct = number_cells(cells)

    expected_codes, expected = pd.factorize(cells)
    assert codes.tolist() == expected_codes.tolist()
    assert distinct.tolist() == expected.tolist()
    assert is_missing(cells).tolist() == pd.isna(cells).tolist()


@pytest.mark.parametrize(
    "cells",
    [
        np.array([3.0, np.nan, 1.0, 3.0]),
        np.array([], dtype=np.int64),
        np.array([5, 2, 5]),
        np.array([True, False, True]),
        np.array(["2024-01-02", "NaT", "2023-01-01", "2024-01-02"], dtype="datetime64[s]"),
    ],
)
def test_so_do_arrays_of_one_type(cells):
    codes, distinct = number_cells(cells)

    expected_codes, expected = pd.factorize(cells)
    assert codes.tolist() == expected_codes.tolist()
    assert distinct.tolist() == expected.tolist()


def test_what_data_frames_call_missing_is_missing():
    cells = object_array([pd.NA, pd.NaT, None, "", np.datetime64("NaT"), 0])

    assert is_missing(cells).tolist() == [True, True, True, False, True, False]
    assert number_cells(cells)[0].tolist() == [-1, -1, -1, 0, -1, 1]


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from([1.0, 2.0, np.nan]),
            st.sampled_from([-1, 0, 2**40, 2**61]),
        )
    )
)  # fmt: skip
def test_rows_alike_are_those_that_data_frames_call_duplicates(rows):
    columns = (
        object_array([word for word, _, _ in rows]), np.array([float(x) for _, x, _ in rows]),
        np.array([whole for *_, whole in rows], dtype=np.int64),
    )  # fmt: skip

    first = first_alike(*columns)

    frame = pd.DataFrame(dict(zip("abc", columns, strict=True)))
    assert (first != np.arange(len(rows))).tolist() == frame.duplicated().tolist()
    assert frame.iloc[first].reset_index(drop=True).equals(frame)


@given(WORDS, WORDS)
def test_a_value_is_found_where_it_stands_first(known, wanted):
    found = Positions(known, without=["c"]).find(object_array(wanted))

    for word, position in zip(wanted, found.tolist(), strict=True):
        is_known = word in known and word != "c"
        assert position == (known.index(word) if is_known else -1)
