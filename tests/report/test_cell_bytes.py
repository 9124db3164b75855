"""Cells joined as bytes are those that the formatters write one by one."""

from __future__ import annotations

import csv
import io
import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netgraph.report.cell_bytes import count_cells, csv_blocks, text_cells
from netgraph.report.cells import Coded, column_cells, number_formatter
from netgraph.report.contract import Column

HALF_WAY = st.builds(
    lambda whole, shift: whole / 2 * 10.0**shift, st.integers(), st.integers(-9, 9)
)
NUMBERS = st.one_of(
    st.floats(-1e300, 1e300), st.floats(-2e6, 2e6), st.sampled_from([math.nan, math.inf]),
    HALF_WAY.filter(math.isfinite), st.integers(-(10**9), 10**9).map(lambda n: n / 1e4),
)  # fmt: skip


def texts(*columns):
    """Cells of columns that are written side by side, read back by the standard library."""
    whole = b"".join(csv_blocks(["h"] * len(columns), columns)).decode()
    rows = list(csv.reader(io.StringIO(whole, newline="")))[1:]
    return [list(column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize("kind", ["metres", "degrees", "ratio", "number", "modelled"])
@given(values=st.lists(NUMBERS, min_size=1, max_size=20))
@example([0.25, 0.35, 0.05, -0.05, 2.5, 1e22, 2.0**52 / 10, 1e15, -0.0, 9.96, 99.5, 995.0])
@example([math.nan, math.inf, -math.inf, 5e-324, 1.7e300])
def test_numbers_of_a_column_read_as_each_by_itself(kind, values):
    column = Column("c", kind, "", "", "")
    write = number_formatter(kind)
    expected = [write(value) for value in values]
    assert texts(column_cells(column, np.array(values)), text_cells(expected)) == [expected] * 2
    with_nothing = column_cells(column, [*values, None])
    assert texts(with_nothing, text_cells([*expected, ""]))[0] == [*expected, ""]


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1))
def test_whole_numbers_read_as_each_by_itself(values):
    expected = list(map(str, values))
    assert texts(count_cells(np.array(values)), text_cells(expected))[0] == expected


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=30),
    st.lists(st.sampled_from('a,"\n\rÄ太') , min_size=1, max_size=30),
    st.data(),
)  # fmt: skip
def test_texts_are_written_as_the_standard_library_reads_them(first, second, data):
    rows = np.array(data.draw(st.lists(st.integers(-len(first), len(first) - 1), min_size=1)))
    some = column_cells(Column("c", "text", "", "", ""), Coded(rows, first))
    others = (second * len(rows))[: len(rows)]
    assert texts(some, text_cells(others)) == [[first[i] for i in rows], others]
    assert texts(some)[0] == [first[i] for i in rows]


def test_a_table_of_more_rows_than_are_joined_at_once_is_whole():
    numbers = np.arange(5000)
    assert texts(count_cells(numbers), text_cells(["x"] * 5000))[0] == list(map(str, range(5000)))


def test_a_table_without_rows_is_its_heading():
    assert b"".join(csv_blocks(["a", "b,c"], [text_cells([]), count_cells(np.arange(0))])) == (
        b'a,"b,c"\n'
    )
