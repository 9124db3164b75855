"""Columns of words as numbers, and as one text, against plain lists of strings."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory import coded, from_columns
from netgraph.inventory.coded import Coded, Vocabulary, are_equal, find_first, joined
from netgraph.inventory.packed import END, PackedTexts, are_all_different, ranks
from netgraph.inventory.raw import object_array

# Short and long, alike in their first 8 or 16 bytes, of one byte a character and of more.
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(["", "a", "b", "ab", "12345678", "123456789", "1234567890123456-1"]),
        st.text(st.characters(exclude_characters=END, exclude_categories=["Cs"]), max_size=30),
        st.sampled_from(["人井 1", "人井 2", "x" * 60, "x" * 60 + "y", "a\0", "\0"]),
    )
)
WORDS = st.lists(st.sampled_from(["", "a", "b", "ab", "c", f"a{END}b"]))


@pytest.fixture(autouse=True, scope="module", params=["word by word", "by their bytes"])
def lookup(request):
    """Few words are looked up one by one, many as numbers in arrays: let few be as many."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "by their bytes":
            patch.setattr(coded, "_FEW", 0)
        yield


@given(TEXTS)
def test_texts_in_one_piece_get_the_numbers_of_their_first_places(texts):
    packed = PackedTexts.find(END.join(texts), len(texts))

    codes, distinct = packed.number()

    assert packed.texts() == texts
    assert packed.is_filled.tolist() == [text != "" for text in texts]
    assert distinct.texts() == list(dict.fromkeys(texts))
    assert [distinct.texts()[code] for code in codes] == texts


@given(TEXTS, st.randoms())
def test_some_rows_of_texts_in_one_piece_are_those_texts(texts, random):
    keep = [random.random() < 0.5 for _ in texts]

    some = PackedTexts.find(END.join(texts), len(texts)).take(np.array(keep, dtype=bool))

    assert some.texts() == [text for text, kept in zip(texts, keep, strict=True) if kept]


@given(st.lists(st.integers(0, 80), max_size=60), st.booleans())
def test_ranks_are_those_of_numpy_whether_numbers_are_few_or_many_or_ascend(numbers, is_sorted):
    keys = np.array(sorted(numbers) if is_sorted else numbers, dtype=np.uint64) << np.uint64(56)

    distinct, places = ranks(keys)

    expected = np.unique(keys, return_inverse=True)
    assert distinct.tolist() == expected[0].tolist()
    assert places.tolist() == expected[1].tolist()
    assert are_all_different(keys) == (len(distinct) == len(keys))


@given(TEXTS, TEXTS)
def test_words_of_which_none_is_new_or_long_are_known_at_once(known, wanted):
    vocabulary = Vocabulary()
    vocabulary.number(known)
    packed = PackedTexts.find(END.join(wanted), len(wanted))

    codes = vocabulary.find_known(packed)

    if codes is None:
        assert any(
            word not in {"", *known} or len(word.encode()) > 8 or word.endswith("\0")
            for word in wanted
        )
    else:
        assert codes.tolist() == vocabulary.number(wanted).tolist()
        assert set(wanted) <= {"", *known}


def test_texts_that_hold_what_stands_between_them_are_not_taken():
    assert PackedTexts.find(END.join(["a", f"b{END}c"]), 2) is None


@given(st.lists(st.one_of(WORDS, TEXTS), min_size=1), st.booleans())
def test_a_vocabulary_spells_every_word_that_it_numbered(columns, spelled):
    vocabulary = Vocabulary()
    coded = []
    for words in columns:
        coded.append(Coded(vocabulary.number(words), vocabulary))
        if spelled:
            assert coded[-1].cells().tolist() == words

    numbers = {
        word: code
        for column, words in zip(coded, columns, strict=True)
        for word, code in zip(words, column.codes.tolist(), strict=True)
    }
    assert len(set(numbers.values())) == len(numbers)
    assert [column.cells().tolist() for column in coded] == columns
    for column, words in zip(coded, columns, strict=True):
        assert column.equals("a").tolist() == [word == "a" for word in words]
        assert column.equals("").tolist() == [word == "" for word in words]
        known = ["b", "", "b"]
        assert column.place_in(known).tolist() == [
            known.index(word) if word in known else -1 for word in words
        ]


@given(TEXTS, TEXTS, TEXTS)
def test_words_keep_their_numbers_when_a_small_vocabulary_grows(few, many, further):
    vocabulary = Vocabulary()
    before = vocabulary.number(few)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "_FEW", -1)
        codes = vocabulary.number([*many, *few, *further])

    assert codes[len(many) : len(many) + len(few)].tolist() == before.tolist()
    assert vocabulary.words[codes].tolist() == [*many, *few, *further]
    assert vocabulary.number(few).tolist() == before.tolist()
    short = [word for word in few if len(word.encode()) <= 8 and not word.endswith("\0")]
    packed = PackedTexts.find(END.join(short), len(short))
    assert vocabulary.find_known(packed).tolist() == vocabulary.number(short).tolist()


@given(WORDS, WORDS, st.booleans())
def test_words_are_found_where_they_stand_first_whatever_numbers_they_have(known, wanted, shared):
    vocabulary = Vocabulary()
    among = Coded(vocabulary.number(known), vocabulary)
    others = vocabulary if shared else Vocabulary()
    column = Coded(others.number(wanted), others)

    found = find_first(column, among)

    assert found.tolist() == [known.index(word) if word in known else -1 for word in wanted]
    both = joined([among, column])
    assert both.cells().tolist() == [*known, *wanted]
    assert are_equal(both, Coded.of_words(both.cells())).all()
    assert are_equal(both, both.take(np.arange(len(both))[::-1])).tolist() == [
        one == other for one, other in zip([*known, *wanted], [*known, *wanted][::-1], strict=True)
    ]


@pytest.mark.parametrize("rows", [np.array([2, 0]), np.array([True, False, True])])
def test_some_rows_of_a_table_are_the_same_rows_of_every_column(rows):
    spans = {"id": ["S1", "S2", "S3"], "from_id": ["A", "B", "A"], "to_id": ["B", "C", "C"]}
    spans["medium"] = ["duct"] * 3
    table = from_columns({"spans": {**spans, "length_m": [1.0, 2.0, 3.0]}}).table("spans")

    some = table.select(rows)

    for name, column in table.columns.items():
        np.testing.assert_array_equal(some[name], column[rows])
    assert some.lines.tolist() == table.lines[rows].tolist()
    assert some.coded("from_id").cells().tolist() == object_array(spans["from_id"])[rows].tolist()


@given(WORDS, WORDS)
def test_rows_may_be_added_behind_the_others(words, more):
    vocabulary = Vocabulary()
    column = Coded(vocabulary.number(words), vocabulary)

    longer = column.extended(more)

    assert longer.cells().tolist() == [*words, *more]
    assert column.cells().tolist() == words


def test_other_columns_take_the_place_of_some_and_leave_the_rest():
    table = from_columns({"customers": {"id": ["K1", "K2"], "name": ["a", "b"]}}).table("customers")

    other = table.with_columns({"name": object_array(["c", "d"])})

    assert other["id"].tolist() == ["K1", "K2"]
    assert other["name"].tolist() == ["c", "d"]
    assert other.coded("name").cells().tolist() == ["c", "d"]
    assert table["name"].tolist() == ["a", "b"]
