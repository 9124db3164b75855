"""Write tables as CSV and values as JSON, the same bytes on every machine and every run.

Rules: UTF-8 with BOM (so that Excel opens Chinese text), line feeds alone, true and false, missing
values empty, lon and lat with 7 decimals, metres with 1, ratios with 4, modelled figures with two
significant digits. Text is written as it is: an id must read back unchanged, also one that begins
with "=".
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from itertools import chain, islice
from numbers import Integral, Real
from operator import itemgetter
from types import NoneType
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import OutputError
from netgraph.messages import Message
from netgraph.report.contract import table_specs
from netgraph.report.figures import plain_two_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from netgraph.report.contract import Column, TableSpec

_DECIMALS = {"metres": 1, "degrees": 7, "ratio": 4}
_BLOCK = 4096  # rows written at once
_MOST_DECIMALS = 4  # of every other number, trailing zeros dropped
_JSON_INDENT = 2


def write_table(folder: Path, table: str, rows: Iterable[Sequence[object]]) -> Path:
    """Write one table of the output contract, sorted by its key as plain strings.

    A table without a key (a list to go through in its order) keeps the order of its rows.

    Parameters
    ----------
    folder
        Where `<table>.csv` goes; it must exist.
    table
        A name of the contract, such as "sites".
    rows
        One sequence a row, values in the order of the contract. None and NaN are missing.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    OutputError
        If a row does not match the contract (a mistake of the caller, not of the user's data).
    """
    spec = table_specs()[table]
    text = _sorted_text(spec, rows)
    path = folder / f"{table}.csv"
    _write_lines(path, spec.names, text)
    return path


def table_csv(table: str, rows: Iterable[Sequence[object]]) -> str:
    """Return what :func:`write_table` would write, without the byte order mark."""
    spec = table_specs()[table]
    return "".join(_csv_blocks(chain([spec.names], _sorted_text(spec, rows))))


def check_rows(table: str, rows: Iterable[Sequence[object]]) -> tuple[str, ...]:
    """Return what is wrong with rows by the contract, one sentence each; empty when all is well."""
    spec = table_specs()[table]
    problems: list[str] = []
    text: list[Sequence[str]] = []
    for row in rows:
        try:
            text += _format_rows(spec, [row])
        except OutputError as error:
            problems += error.problems
    return (*problems, *_find_repeated_keys(spec, text))


def write_csv(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    kinds: Mapping[str, str] | None = None,
) -> None:
    """Write any table by the rules of this module, in the order given.

    Parameters
    ----------
    path
        The file to write.
    columns
        The heading.
    rows
        One sequence a row. None and NaN are missing.
    kinds
        Column -> metres, degrees, ratio or number; by default read off the name (see `kind_of`).
    """
    chosen = [(kinds or {}).get(name) or kind_of(name) for name in columns]
    write = [_by_value if kind == "" else _number_formatter(kind) for kind in chosen]
    text = [[f(value) for f, value in zip(write, row, strict=True)] for row in rows]
    _write_lines(path, columns, text)


def write_json(path: Path, value: object) -> None:
    """Write JSON in UTF-8, keys in their order, Chinese readable, a newline at the end.

    NaN has no place in JSON and raises ValueError; numpy numbers are written as numbers.
    """
    text = json.dumps(
        value, ensure_ascii=False, indent=_JSON_INDENT, allow_nan=False, default=_plain
    )
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace", newline="\n")


def kind_of(column: str) -> str:
    """Return the kind that a column's name tells: degrees, metres, ratio, or "" for no number."""
    if column in {"lon", "lat"} or column.endswith(("_lon", "_lat")):
        return "degrees"
    if column == "metres" or column.endswith("_m"):
        return "metres"
    if column == "ratio" or column.endswith("_ratio"):
        return "ratio"
    return ""


def _write_lines(path: Path, heading: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    # A lone surrogate (broken JSON input) is no text: show it escaped rather than fail.
    with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
        file.writelines(_csv_blocks(chain([heading], rows)))


class _Lines(list[str]):
    """Lines that csv.writer hands over, kept: thousands are written to a file at once."""

    write = list.append


def _csv_blocks(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Write rows as CSV with plain line feeds, some thousand at a time.

    Told to end lines in LF, csv.writer (Python 3.11) leaves a lone carriage return in a value
    unquoted, and readers break the line there: it ends them in CR LF, of which the CR is dropped.
    """
    lines, rows = _Lines(), iter(rows)
    writer = csv.writer(lines)
    while block := list(islice(rows, _BLOCK)):
        plain = _plain_csv(block)
        if plain is not None:
            yield plain
            continue
        writer.writerows(block)
        yield "".join([line[:-2] + "\n" for line in lines])
        lines.clear()


def _plain_csv(rows: Sequence[Sequence[str]]) -> str | None:
    """Join rows of which no cell needs quotes, in the usual case; else None."""
    text = "\n".join(map(",".join, rows)) + "\n"
    commas = sum(map(len, rows)) - len(rows)
    is_plain = text.count(",") == commas and text.count("\n") == len(rows)
    if not is_plain or '"' in text or "\r" in text or min(map(len, rows)) < 2:
        return None  # an empty cell that stands alone is quoted as well
    return text


def _sorted_text(spec: TableSpec, rows: Iterable[Sequence[object]]) -> list[Sequence[str]]:
    text = _format_rows(spec, rows)
    if spec.sort_positions:
        text.sort(key=itemgetter(*spec.sort_positions))
    problems = _find_repeated_keys(spec, text)
    if problems:
        raise OutputError(problems)
    return text


def _format_rows(spec: TableSpec, rows: Iterable[Sequence[object]]) -> list[Sequence[str]]:
    gathered = list(rows)
    write = [_strict_formatter(column) for column in spec.columns]
    if not set(map(len, gathered)) - {len(write)}:
        columns = zip(*gathered, strict=True)
        try:
            formatted = [
                _format_column(f, values)
                for f, values in zip(write, columns, strict=bool(gathered))
            ]
            return list(zip(*formatted, strict=True))
        except (TypeError, ValueError):
            pass  # the rows, one by one, tell which is wrong
    return _format_row_by_row(spec, write, gathered)


def _format_row_by_row(
    spec: TableSpec, write: list[Callable[[object], str]], rows: list[Sequence[object]]
) -> list[Sequence[str]]:
    text: list[Sequence[str]] = []
    for row in rows:
        try:
            text.append([f(value) for f, value in zip(write, row, strict=True)])
        except (TypeError, ValueError) as error:
            message = Message("table {0}, row {1}: {2}", spec.name, row[0] if row else "", error)
            raise OutputError(message) from error
    return text


def _format_column(write: Callable[[object], str], values: Sequence[object]) -> list[str]:
    """Format each distinct value once; of one type only, for 1, 1.0 and True are equal."""
    if len(set(map(type, values)) - {NoneType}) > 1:
        return [write(value) for value in values]
    made = {value: write(value) for value in set(values)}
    return list(map(made.__getitem__, values))


def _find_repeated_keys(spec: TableSpec, text: Iterable[Sequence[str]]) -> list[str]:
    if not spec.is_unique:
        return []
    key_of = itemgetter(*spec.sort_positions)
    repeated = [(key, times) for key, times in Counter(map(key_of, text)).items() if times > 1]
    return [
        f"table {spec.name}: {key if isinstance(key, str) else '/'.join(key)} occurs {times} times"
        for key, times in repeated
    ]


def _strict_formatter(column: Column) -> Callable[[object], str]:
    """Return the formatter of a contract column; a mismatch raises TypeError or ValueError."""
    if column.kind in {"id", "text", "enum"}:
        return _word_formatter(column)
    convert = {"bool": _truth, "count": _count}.get(column.kind) or _number_formatter(column.kind)

    def write(value: object) -> str:
        try:
            return convert(value)
        except TypeError:
            message = f"{column.name} is {value!r}, expected {column.kind}"
            raise TypeError(message) from None

    return write


def _word_formatter(column: Column) -> Callable[[object], str]:
    words = column.words()

    def write(value: object) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            message = f"{column.name} is {value!r}, expected text"
            raise TypeError(message)
        if words and value and value not in words:
            message = f"{column.name} is {value!r}, expected one of {', '.join(sorted(words))}"
            raise ValueError(message)
        return value

    return write


def _number_formatter(kind: str) -> Callable[[object], str]:
    if kind == "modelled":
        return _modelled
    decimals = _DECIMALS.get(kind)
    if decimals is None:
        return _trimmed

    def write(value: object) -> str:
        if value is None:
            return ""
        number = _real(value)
        if not math.isfinite(number):
            return ""
        text = f"{number:.{decimals}f}"
        return text[1:] if float(text) == 0 and text[0] == "-" else text

    return write


def _trimmed(value: object) -> str:
    if value is None:
        return ""
    number = _real(value)
    if not math.isfinite(number):
        return ""
    text = f"{number:.{_MOST_DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _modelled(value: object) -> str:
    number = math.nan if value is None else _real(value)
    return plain_two_digits(number) if math.isfinite(number) else ""


def _real(value: object) -> float:
    if type(value) is float:  # most values are; the checks below are slow
        return value
    if isinstance(value, Real) and not isinstance(value, (bool, np.bool_)):
        return float(value)
    raise TypeError


def _truth(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    raise TypeError


def _count(value: object) -> str:
    if type(value) is int:  # as above
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Integral) and not isinstance(value, (bool, np.bool_)):
        return str(int(value))
    raise TypeError


def _by_value(value: object) -> str:
    """Format a value by its own type."""
    if isinstance(value, (bool, np.bool_)):
        return _truth(value)
    if isinstance(value, Integral):
        return _count(value)
    if isinstance(value, Real):
        return _trimmed(value)
    return "" if value is None else str(value)


def _plain(value: object) -> object:
    """Turn a numpy scalar into a plain number; anything else is a mistake of the caller."""
    if isinstance(value, np.generic):
        return value.item()
    message = f"{type(value).__name__} has no place in JSON"
    raise TypeError(message)
