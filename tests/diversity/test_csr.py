"""Ragged tables, against lists of lists; ids by number, against ids by word."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory.coded import Coded
from netgraph.inventory.raw import object_array
from netgraph.topology.csr import (
    csr_of_lists,
    csr_of_owners,
    csr_of_unique_pairs,
    flip_rows,
    one_below_the_other,
)
from netgraph.topology.ids import IdIndex, codes_of
from netgraph.topology.plant import ordered_rows

ROWS = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=6)
WORDS = st.lists(st.sampled_from(["", "a", "b", "ab", "c"]))


def lists_of(table):
    return [table.row(i).tolist() for i in range(len(table))]


@given(ROWS, st.randoms())
def test_pairs_in_any_order_make_the_sorted_distinct_entries_of_each_row(rows, random):
    pairs = [(i, value) for i, row in enumerate(rows) for value in row]
    random.shuffle(pairs)
    owners, values = np.array(pairs, dtype=np.int64).reshape(-1, 2).T

    assert lists_of(csr_of_unique_pairs(owners, values, len(rows))) == [
        sorted(set(row)) for row in rows
    ]
    assert lists_of(csr_of_owners(owners, len(rows))) == [
        [place for place, (owner, _) in enumerate(pairs) if owner == i] for i in range(len(rows))
    ]


@given(ROWS, ROWS, st.randoms())
def test_marked_rows_are_turned_around_and_tables_stand_below_each_other(rows, others, random):
    table = csr_of_lists(rows)
    mark = [random.random() < 0.5 for _ in rows]

    turned = table.indices[flip_rows(table, np.array(mark, dtype=bool))].tolist()

    expected = [row[::-1] if marked else row for row, marked in zip(rows, mark, strict=True)]
    assert turned == [value for row in expected for value in row]
    assert lists_of(one_below_the_other([table, csr_of_lists(others)])) == [*rows, *others]


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 1), st.sampled_from([1.0, np.nan]))))
def test_rows_are_ordered_by_several_keys_missing_numbers_last(rows):
    keys = [np.array([row[i] for row in rows]) for i in range(3)]

    order = ordered_rows(*keys)

    assert order.tolist() == sorted(range(len(rows)), key=lambda i: (*rows[i][:2], rows[i][2] != 1))


@given(WORDS, WORDS)
def test_an_id_names_the_one_row_that_has_it(known, wanted):
    coded = Coded.of_words(object_array(known))
    index = IdIndex(coded, is_one_table=False)

    expected = [known.index(w) if w and known.count(w) == 1 else -1 for w in wanted]
    assert index.positions(object_array(wanted)).tolist() == expected
    assert index.positions(Coded.of_words(object_array(wanted))).tolist() == expected
    assert index.positions(coded).tolist() == [
        known.index(w) if w and known.count(w) == 1 else -1 for w in known
    ]
    codes, names = codes_of(coded)
    assert names.tolist() == sorted({*known} - {""})
    assert [names[code] if code >= 0 else "" for code in codes] == known
