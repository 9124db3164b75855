"""Cells to typed columns, one function a type.

Every function takes cells of shape (n,) and returns the typed column and the defects. The work is
done once per distinct value wherever values repeat, so that a table of a million references costs
as much as its distinct ids.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from netgraph.inventory.coded import Coded
from netgraph.inventory.distinct import is_missing, number_cells
from netgraph.inventory.packed import PackedTexts
from netgraph.inventory.schema import load_aliases
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from netgraph.inventory.coded import Vocabulary
    from netgraph.inventory.raw import Cells

MISSING_TEXTS = frozenset({"", "null", "(null)", "<null>", "nan", "n/a", "#n/a"})
DATE_HINT = Message("Write the date as YYYY-MM-DD.")
_NOT_WHOLE = functools.partial(Message, "is {0}, which is not a whole number")
_NOT_ABOVE_0 = functools.partial(Message, "is {0}, which is not above 0")
_BELOW_0 = functools.partial(Message, "is {0}, which is below 0")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
# What calls for a closer look at ids that are joined by bars.
_SUSPICIOUS_PARTS = (" ", "+", ".0|", "null|", "null)|", "null>|", "nan|", "n/a|")
_EXCEL_INTEGER = re.compile(r"-?[0-9]+\.0")
_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_DATE = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"(?:[T ]([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?)?",
)


@dataclass(frozen=True, eq=False)
class Defect:
    """The same wrong cell in some rows.

    Parameters
    ----------
    rule
        Code of the finding.
    rows
        Positions, shape (k,).
    message
        What is wrong, to follow the name of the column.
    hint
        What to do.
    """

    rule: str
    rows: NDArray[np.intp]
    message: Message
    hint: Message


def text_of(value: object) -> str:
    """One cell as text, the same whether a file holds it as text or as a number."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return number_text(float(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return str(value).strip()


def number_text(value: float) -> str:
    """Write a number shortest, whole numbers without a point."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def parse_ids(cells: Cells, vocabulary: Vocabulary) -> tuple[Coded, list[Defect]]:
    """Ids and references: trimmed, half-width, without the ``.0`` that spreadsheets append.

    Parameters
    ----------
    cells
        Shape (n,).
    vocabulary
        Of the ids of all tables; it grows by those of this column.

    Returns
    -------
    Coded of shape (n,)
        Strings, ``""`` for missing.
    list of Defect
        Ids that were normalised, or that a spreadsheet turned into ``1.2E+11``.
    """
    if isinstance(cells, PackedTexts):
        known = vocabulary.find_known(cells)
        if known is not None:  # and so clean
            return Coded(known, vocabulary), []
        codes, packed = cells.number()
        if _are_clean(packed.joined("|"), len(packed)):
            return Coded(vocabulary.number_distinct(packed)[codes], vocabulary), []
        found: NDArray[Any] | list[str] = packed.texts()
    else:
        codes, found = number_cells(cells)
        if not set(map(type, found)) - {str} and _are_clean("|".join([*found, ""]), len(found)):
            return _spread(codes, found.tolist(), vocabulary), []
    texts = _texts_of(found)
    clean = [_clean_id(text) for text in texts]
    changed = {
        code: Message("is {0!r}; read as {1!r}", text, clean[code])
        for code, text in enumerate(texts)
        if clean[code] != text and not (text.isascii() and text.isprintable())
    }
    damaged = {
        code: Message("is {0!r}, which a spreadsheet made of another id", text)
        for code, text in enumerate(texts)
        if ("+" in text and _SCIENTIFIC.fullmatch(text)) or isinstance(found[code], date)
    }
    hint = Message("Write ids with half-width characters and without invisible ones.")
    defects = _defects(codes, changed, hint, rule="ND904")
    hint = Message("Format the column as text and enter the id again.")
    return _spread(codes, clean, vocabulary), defects + _defects(codes, damaged, hint, rule="ND905")


def _number(cells: Cells) -> tuple[NDArray[np.intp], NDArray[Any] | list[str]]:
    """Tell distinct cells: codes of shape (n,), -1 for missing, and the cells they stand for."""
    if not isinstance(cells, PackedTexts):
        return number_cells(cells)
    codes, distinct = cells.number()
    return codes, distinct.texts()


def _are_clean(joined: str, count: int) -> bool:
    """Tell at once, in the usual case, that no id of a column needs to be normalised."""
    is_plain = joined.isascii() and joined.isprintable() and joined.count("|") == count
    folded = joined.lower()
    return is_plain and not any(part in folded for part in _SUSPICIOUS_PARTS)


def _clean_id(text: str) -> str:
    text = _CONTROL.sub("", text).replace("\n", " ").replace("\t", " ").strip()
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()
    if text.endswith(".0") and _EXCEL_INTEGER.fullmatch(text):
        return text[:-2]
    return "" if text.lower() in MISSING_TEXTS else text


def parse_texts(cells: Cells) -> tuple[Coded, list[Defect]]:
    """Free text, trimmed, with plain line ends; shape (n,), ``""`` for missing."""
    codes, texts = _distinct(cells)
    plain = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    clean = [_CONTROL.sub("", text).strip() for text in plain]
    return Coded.of_distinct(codes, clean, missing=""), []


def parse_enums(cells: Cells, allowed: Sequence[str], default: str) -> tuple[Coded, list[Defect]]:
    """Words of a closed list, in any case and by their known other spellings.

    An empty cell is the default. A wrong word is never the default: it becomes ``unknown`` where
    that is allowed, and missing elsewhere.

    Parameters
    ----------
    cells
        Shape (n,).
    allowed
        The list.
    default
        Meaning of an empty cell.

    Returns
    -------
    Coded of shape (n,)
        Strings.
    list of Defect
        Wrong words.
    """
    codes, texts = _distinct(cells)
    wrong = "unknown" if "unknown" in allowed else ""
    found = [_find_word(text, allowed, default) for text in texts]
    messages = {
        code: Message("is {0!r}, which is not one of {1}", text, ", ".join(allowed))
        for code, text in enumerate(texts)
        if found[code] is None
    }
    defects = _defects(codes, messages, Message("Write one of the allowed values."))
    words = [wrong if word is None else word for word in found]
    return Coded.of_distinct(codes, words, missing=default), defects


def _find_word(text: str, allowed: Sequence[str], default: str) -> str | None:
    if text in allowed:
        return text
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    if folded in MISSING_TEXTS:
        return default
    word = re.sub(r"[ -]+", "_", folded)
    if word in allowed:
        return word
    return next((value for value in load_aliases().get(folded, ()) if value in allowed), None)


def parse_booleans(cells: Cells) -> tuple[NDArray[np.int8], list[Defect]]:
    """Read true, false and unknown in the usual spellings: int8 of shape (n,) with 1, 0 and -1."""
    words, defects = parse_enums(cells, ("true", "false"), "")
    hint = Message("Write true or false, or leave the cell empty where it is not known.")
    defects = [Defect(defect.rule, defect.rows, defect.message, hint) for defect in defects]
    column = np.full(len(cells), -1, dtype=np.int8)
    column[words.equals("true")] = 1
    column[words.equals("false")] = 0
    return column, defects


def parse_numbers(
    cells: Cells, bound: str = "", *, whole: bool = False, exact: bool = False
) -> tuple[NDArray[np.float64], list[Defect]]:
    """Read numbers, a comma for thousands allowed; float64 of shape (n,) with NaN for missing.

    Parameters
    ----------
    cells
        Shape (n,).
    bound
        ``>0`` or ``>=0``; what violates it becomes missing.
    whole
        Refuse fractions.
    exact
        Do not round.

    Returns
    -------
    ndarray of float64, shape (n,)
        Rounded to 6 decimals (1 µm in metres) by :func:`round_numbers`, unless `exact`.
    list of Defect
        What is no number, or out of bounds.
    """
    numbers, defects = _floats_of(cells, is_whole=whole)
    if not exact and not (isinstance(cells, np.ndarray) and cells.dtype.kind in "iu"):
        numbers = round_numbers(numbers)
    faults: list[tuple[NDArray[np.bool_], Callable[[str], Message], Message]] = []
    if whole:
        hint = Message("Write a whole number.")
        faults.append((numbers != np.floor(numbers), _NOT_WHOLE, hint))
    hint = Message("Write the true value, or leave it empty.")
    if bound == ">0":
        faults.append((numbers <= 0, _NOT_ABOVE_0, hint))
    elif bound == ">=0":
        faults.append((numbers < 0, _BELOW_0, hint))
    for fault, message_of, cure in faults:
        for row in np.flatnonzero(fault & ~np.isnan(numbers)):
            message = message_of(number_text(float(numbers[row])))
            defects.append(Defect("ND902", np.array([row]), message, cure))
            numbers[row] = np.nan
    return numbers, defects


def round_numbers(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round to 6 decimals, large numbers to whole ones.

    Then every format returns the same number: a workbook holds no more than 15 to 16 digits.
    """
    is_small = np.abs(numbers) < 1e9
    return np.where(is_small, np.round(np.where(is_small, numbers, 0.0), 6), np.round(numbers))


def _floats_of(cells: Cells, *, is_whole: bool) -> tuple[NDArray[np.float64], list[Defect]]:
    if isinstance(cells, PackedTexts):
        return _floats_one_by_one(cells)
    is_numeric = cells.dtype.kind in "iuf" and not np.isinf(cells).any()
    if is_whole and not is_numeric:  # they repeat (places in an order), measurements do not
        return _floats_one_by_one(cells)
    if cells.dtype != object:
        numbers = cells.astype(np.float64)
        numbers[np.isinf(numbers)] = np.nan
        return numbers, []
    numbers = np.full(len(cells), np.nan)
    present = ~is_missing(cells) & (cells != "")
    try:
        numbers[present] = cells[present].astype(np.float64)
    except (TypeError, ValueError):
        return _floats_one_by_one(cells)
    return _floats_one_by_one(cells) if np.isinf(numbers).any() else (numbers, [])


def _floats_one_by_one(cells: Cells) -> tuple[NDArray[np.float64], list[Defect]]:
    codes, texts = _distinct(cells)
    found = [_find_number(text) for text in texts]
    messages = {
        code: Message("is {0!r}, which is not a number", text)
        for code, text in enumerate(texts)
        if found[code] is None
    }
    defects = _defects(codes, messages, Message("Write digits only, in the unit of the column."))
    distinct = np.array([np.nan if number is None else number for number in found] + [np.nan])
    return distinct[codes], defects


def _find_number(text: str) -> float | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in MISSING_TEXTS:
        return float("nan")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if np.isfinite(number) else None


def parse_dates(
    cells: Cells, *, minutes: bool = False
) -> tuple[NDArray[np.datetime64], list[Defect]]:
    """Dates with the year first, of shape (n,), NaT for missing.

    Parameters
    ----------
    cells
        Shape (n,).
    minutes
        Keep the time of day: datetime64[m] instead of datetime64[D].

    Returns
    -------
    ndarray of datetime64, shape (n,)
        The dates.
    list of Defect
        What is no date. Day-first and month-first dates are refused, for nobody can tell them
        apart.
    """
    codes, texts = _distinct(cells)
    found = [_find_date(text) for text in texts]
    hint = Message("Write the time as YYYY-MM-DD HH:MM.") if minutes else DATE_HINT
    messages = {
        code: Message("is {0!r}, which is not a date", text)
        for code, text in enumerate(texts)
        if found[code] is None
    }
    defects = _defects(codes, messages, hint)
    distinct = np.array([*(day or "NaT" for day in found), "NaT"], dtype="datetime64[m]")
    column = distinct[codes]
    return (column if minutes else column.astype("datetime64[D]")), defects


def _find_date(text: str) -> str | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if text.lower() in MISSING_TEXTS:
        return "NaT"
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute).isoformat()  # noqa: DTZ001 - local time
    except ValueError:
        return None


def _distinct(cells: Cells) -> tuple[NDArray[np.intp], list[str]]:
    """Tell distinct cells: codes of shape (n,), -1 for missing, and each cell as text."""
    codes, found = _number(cells)
    return codes, _texts_of(found)


def _texts_of(found: NDArray[Any] | list[str]) -> list[str]:
    if isinstance(found, np.ndarray) and found.dtype.kind == "M":
        found = found.astype("datetime64[us]").astype(object)
    return [text_of(value) for value in found]


def _defects(
    codes: NDArray[np.intp], messages: dict[int, Message], hint: Message, rule: str = "ND902"
) -> list[Defect]:
    """One defect for each distinct wrong cell, with the rows that hold it."""
    if not messages:
        return []
    rows = np.flatnonzero(np.isin(codes, list(messages)))
    rows = rows[np.argsort(codes[rows], kind="stable")]
    groups = np.split(rows, np.flatnonzero(np.diff(codes[rows])) + 1)
    return [Defect(rule, group, messages[int(codes[group[0]])], hint) for group in groups]


def _spread(codes: NDArray[np.intp], ids: list[str], vocabulary: Vocabulary) -> Coded:
    return Coded(vocabulary.number([*ids, ""])[codes], vocabulary)
