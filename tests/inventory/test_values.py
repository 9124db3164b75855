from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netgraph.inventory import values
from netgraph.inventory.coded import Vocabulary
from netgraph.inventory.raw import object_array


def _messages(defects):
    return [defect.message for defect in defects]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (" M1 ", "M1"),
        ("007", "007"),
        ("1001.0", "1001"),
        (1001.0, "1001"),
        (1001, "1001"),
        ("1.10", "1.10"),
        ("10.01.0", "10.01.0"),
        (None, ""),
        ("NULL", ""),
        (float("nan"), ""),
        ("\u3000光交 1\xa0", "光交 1"),
    ],
)
def test_an_id_is_read_the_same_from_text_and_from_a_number(cell, expected):
    ids, defects = values.parse_ids(object_array([cell, "other"]), Vocabulary())

    assert ids.cells().tolist() == [expected, "other"]
    assert not defects


def test_full_width_and_invisible_characters_in_ids_are_normalised_and_reported():
    ids, defects = values.parse_ids(
        object_array(["\uff27\uff2a-01", "M1\u200b", "人井\uff081\uff09"]), Vocabulary()
    )

    assert ids.cells().tolist() == ["GJ-01", "M1", "人井(1)"]
    assert [defect.rule for defect in defects] == ["ND904"] * 3
    assert "read as 'GJ-01'" in defects[0].message


@pytest.mark.parametrize("cell", ["1.23457E+11", 1.2345678901234567e19, date(2026, 3, 1)])
def test_an_id_that_a_spreadsheet_damaged_is_reported(cell):
    _, defects = values.parse_ids(object_array([cell]), Vocabulary())

    assert [defect.rule for defect in defects] == ["ND905"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *((cell, 1) for cell in (True, "TRUE", "true", 1, 1.0, "1", "是", "yes", "Y", "t")),
        *((cell, 0) for cell in (False, "False", 0, 0.0, "0", "否", "No", "n")),
        *((cell, -1) for cell in (None, "", " ", "NULL", float("nan"))),
    ],
)
def test_booleans_are_read_in_their_usual_spellings(cell, expected):
    flags, defects = values.parse_booleans(object_array([cell]))

    assert flags.dtype == np.int8
    assert flags.tolist() == [expected]
    assert not defects


def test_a_wrong_boolean_becomes_unknown():
    flags, defects = values.parse_booleans(object_array(["maybe", "yes", 2]))

    assert flags.tolist() == [-1, 1, -1]
    assert _messages(defects) == [
        "is 'maybe', which is not one of true, false",
        "is '2', which is not one of true, false",
    ]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Diamond", "diamond"), ("钻石级", "diamond"), (" 金牌 ", "gold"), ("STANDARD", "standard")],
)
def test_tiers_are_read_in_any_case_and_in_chinese(cell, expected):
    allowed = ("diamond", "gold", "silver", "standard")

    assert values.parse_enums(object_array([cell]), allowed, "")[0].cells().tolist() == [expected]


def test_an_alias_counts_only_where_its_word_is_allowed():
    assert values.parse_enums(object_array(["环"]), ("ring", "chain"), "")[0].cells() == ["ring"]
    assert len(values.parse_enums(object_array(["环"]), ("duct",), "")[1]) == 1


def test_a_wrong_status_is_never_taken_for_in_service():
    allowed = ("in_service", "planned", "retired")
    words, defects = values.parse_enums(object_array(["", None, "broken"]), allowed, "in_service")

    assert words.cells().tolist() == ["in_service", "in_service", ""]
    assert len(defects) == 1


def test_a_wrong_medium_is_unknown():
    words, _ = values.parse_enums(object_array(["canal", ""]), ("duct", "unknown"), "unknown")

    assert words.cells().tolist() == ["unknown", "unknown"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("12.5", 12.5),
        (" 12 ", 12.0),
        ("1,234.5", 1234.5),
        ("\uff11\uff12", 12.0),
        (7, 7.0),
        ("1e3", 1000),
    ],
)
def test_numbers_are_read_as_people_write_them(cell, expected):
    numbers, defects = values.parse_numbers(object_array([cell]))

    assert numbers.tolist() == [expected]
    assert not defects


@pytest.mark.parametrize("cell", ["12 km", "inf", "1,23", "--", "1_0km"])
def test_what_is_no_number_is_missing_and_reported(cell):
    numbers, defects = values.parse_numbers(object_array([cell, "3", ""]))

    assert np.isnan(numbers[[0, 2]]).all()
    assert numbers[1] == 3
    assert _messages(defects) == [f"is {cell!r}, which is not a number"]


def test_a_length_of_zero_or_less_is_missing():
    numbers, defects = values.parse_numbers(object_array([0, -5, 1e-7, 2]), ">0")

    assert np.isnan(numbers[:3]).all()
    assert _messages(defects)[:2] == ["is 0, which is not above 0", "is -5, which is not above 0"]


def test_a_count_with_a_fraction_is_missing():
    numbers, defects = values.parse_numbers(object_array([1.5, 2.0]), ">=0", whole=True)

    assert np.isnan(numbers[0])
    assert _messages(defects) == ["is 1.5, which is not a whole number"]


@given(st.lists(st.floats(-1e15, 1e15)))
def test_a_rounded_number_survives_being_written_with_sixteen_digits(numbers):
    rounded = values.round_numbers(np.array(numbers, dtype=float))

    assert [float(f"{number:.16G}") for number in rounded] == rounded.tolist()
    assert values.round_numbers(rounded).tolist() == rounded.tolist()


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False, width=32))))
def test_numbers_are_read_the_same_from_cells_and_from_their_text(cells):
    texts = ["" if cell is None else repr(cell) for cell in cells]

    from_cells, _ = values.parse_numbers(object_array(cells))
    from_texts, _ = values.parse_numbers(object_array(texts))

    np.testing.assert_array_equal(from_cells, from_texts)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-01",
        "2026/3/1",
        "2026.03.01",
        "2026年3月1日",
        "2026-03-01 00:00",
        date(2026, 3, 1),
    ],
)
def test_dates_are_read_with_the_year_first(cell):
    days, defects = values.parse_dates(object_array([cell, None]))

    assert days.dtype == np.dtype("datetime64[D]")
    assert days[0] == np.datetime64("2026-03-01")
    assert np.isnat(days[1])
    assert not defects


@pytest.mark.parametrize("cell", ["03/01/2026", "2026-02-30", "2026", 44927, "soon"])
def test_ambiguous_or_impossible_dates_are_missing(cell):
    days, defects = values.parse_dates(object_array([cell]))

    assert np.isnat(days[0])
    assert len(defects) == 1


def test_times_are_kept_to_the_minute():
    cells = object_array(["2026-03-01T12:30:59", "2026/3/1 12:30", "2026-03-01"])
    times, _ = values.parse_dates(cells, minutes=True)

    expected = ["2026-03-01T12:30", "2026-03-01T12:30", "2026-03-01T00:00"]
    assert times.tolist() == np.array(expected, dtype="datetime64[m]").tolist()


@given(st.lists(st.text(max_size=6), max_size=8))
def test_ids_are_stable_under_reading_twice(texts):
    once, _ = values.parse_ids(object_array(texts), Vocabulary())
    twice, defects = values.parse_ids(once.cells(), Vocabulary())

    assert twice.cells().tolist() == once.cells().tolist()
    assert not [defect for defect in defects if defect.rule == "ND904"]


def test_empty_cells_share_the_text_of_their_default():
    column, _ = values.parse_enums(
        np.array([None, "planned", None], dtype=object), ("planned",), "now"
    )
    assert column.cells().tolist() == ["now", "planned", "now"]
    assert column.cells()[0] is column.cells()[2]
