"""What pack.py writes, read back by a reader of its own that does what unpack.js does."""

from __future__ import annotations

import base64
import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.report.web.pack import (
    pack,
    pack_numbers,
    pack_paths,
    pack_runs,
    pack_steps,
    pack_strings,
    pack_words,
)
from netgraph.topology.csr import csr_of_lists

whole = st.integers(min_value=-(2**31) + 1, max_value=2**31 - 1)
rows = st.lists(st.lists(st.integers(min_value=0, max_value=40), max_size=12), max_size=8)


def read(text):
    numbers, number, scale = [], 0, 1
    for byte in base64.b64decode(text):
        number += (byte & 127) * scale
        scale *= 128
        if byte < 128:
            numbers.append(-(number + 1) // 2 if number % 2 else number // 2)
            number, scale = 0, 1
    return numbers


def read_runs(packed):
    counts, first, more = (read(packed[name]) for name in ("n", "v", "l"))
    table, last, run = [], 0, 0
    for count in counts:
        row = []
        for _ in range(count):
            step = -1 if more[run] < 0 else 1
            start = last + first[run]
            row += [start + step * k for k in range(abs(more[run]) + 1)]
            last = row[-1]
            run += 1
        table.append(row)
    return table


def read_strings(packed):
    strings, before = [], ""
    for text in packed:
        units = before.encode("utf-16-le", "surrogatepass")[: 2 * (ord(text[0]) - 48)]
        before = units.decode("utf-16-le", "surrogatepass") + text[1:]
        strings.append(before)
    return strings


@given(st.lists(whole))
def test_whole_numbers_come_back(values):
    assert read(pack(values)) == values
    assert np.cumsum(read(pack_steps(values)), dtype=np.int64).tolist() == values


@given(rows)
def test_ragged_tables_come_back_as_runs(table):
    assert read_runs(pack_runs(csr_of_lists(table))) == table


@given(rows)
def test_ragged_tables_come_back_renumbered(table):
    packed = pack_paths(csr_of_lists(table))
    (order,) = read_runs(packed["o"])

    assert [[order[i] for i in row] for row in read_runs(packed["r"])] == table


@given(rows)
def test_sets_come_back_in_some_order(table):
    packed = pack_paths(csr_of_lists(table), is_ordered=False)
    (order,) = read_runs(packed["o"])

    found = [sorted(order[i] for i in row) for row in read_runs(packed["r"])]
    assert found == [sorted(row) for row in table]


def test_a_second_row_like_the_first_costs_one_run():
    winding = [7, 3, 9, 1, 12, 5]

    packed = pack_paths(csr_of_lists([winding, winding, [8, *winding[2:]]]))

    assert read(packed["r"]["n"]) == [1, 1, 2]


@given(st.lists(st.text()))
def test_strings_come_back_with_emoji_and_all(strings):
    assert read_strings(pack_strings(strings)) == strings


@given(st.lists(st.sampled_from(["", "a", "ab", "\U0001f600a", "\U0001f600b"])))
def test_columns_of_words_come_back(values):
    packed = pack_words(values)
    if "s" in packed:
        assert read_strings(packed["s"]) == values
    else:
        assert [packed["w"][code] for code in read(packed["v"])] == values


@given(st.lists(st.floats(min_value=-1e5, max_value=1e5) | st.just(math.nan)))
def test_numbers_come_back_rounded_and_missing_ones_stay_missing(values):
    codes = read(pack_numbers(np.array(values, dtype=float), 1)["v"])

    for value, code in zip(values, codes, strict=True):
        if math.isnan(value):
            assert code == 0
        else:
            assert abs((code - 1 if code > 0 else code) / 10 - value) <= 0.05 + 1e-9
