"""Read a folder of CSV files, one a table."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netgraph.inventory.columns import canonical_name
from netgraph.inventory.encodings import UTF_8, find_text, has_legacy_text
from netgraph.inventory.findings import INFO, Finding
from netgraph.inventory.model import Source
from netgraph.inventory.raw import RawInventory, RawTable, unique_headings
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.schema import TableSpec

_DELIMITERS = ",;\t"
# Cells beyond the last heading are looked for in this many further columns.
_OVERHANG = 2
_SHOWN_ROWS = 5
_QUOTE = Message("Put cells that hold a comma between quotation marks.")


class _UnreadableError(Exception):
    """What makes one file unreadable."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass
class _Reading:
    """What was read so far."""

    tables: list[RawTable] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_csv_folder(folder: Path, *, encoding: str | None = None) -> RawInventory:
    """Read every CSV file of a folder that is named after a table.

    Parameters
    ----------
    folder
        Where the files are; commas, semicolons or tabs between the cells.
    encoding
        Of all files. Without it each file is UTF-8 (with or without a byte order mark), UTF-16
        with one, or else GB 18030, which includes GBK.

    Returns
    -------
    RawInventory
        Cells as text. Files that are named after no table are listed unread.

    Raises
    ------
    UsageError
        If Python does not know the encoding.
    """
    reading = _Reading()
    contents: dict[Path, bytes] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or not path.is_file():
            continue
        if canonical_name(path.stem) in load_schema():
            contents |= _content_of(path, reading)
        else:
            lines = np.zeros(0, dtype=np.int64)
            reading.tables.append(RawTable(path.stem, {}, lines, path.name))
    beside_legacy = has_legacy_text(contents.values())
    for path, content in contents.items():
        spec = load_schema()[canonical_name(path.stem)]
        decoded = find_text(content, encoding, beside_legacy=beside_legacy)
        try:
            _read_text(path, spec, decoded, content, reading)
        except _UnreadableError as error:
            reading.problems.append(Message("{0}: {1} {2}", spec.name, path.name, error.problem))
    return RawInventory(
        tuple(reading.tables),
        tuple(reading.sources),
        tuple(reading.findings),
        tuple(reading.problems),
    )


def read_csv_table(path: Path, table: str, *, encoding: str | None = None) -> RawInventory:
    """Read one CSV file, whatever its name, as the rows of one table of the schema.

    Parameters
    ----------
    path
        The file.
    table
        Name of the table.
    encoding
        As for a folder.

    Returns
    -------
    RawInventory
        With that table, or with the problem that keeps it from being read.
    """
    reading = _Reading()
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = Message(
            "{0}: cannot be opened: {1}. Check the path.", path, error.strerror or error
        )
        return RawInventory((), problems=(problem,))
    try:
        decoded = find_text(content, encoding)
        _read_text(path, load_schema()[table], decoded, content, reading)
    except _UnreadableError as error:
        reading.problems.append(Message("{0}: {1} {2}", table, path.name, error.problem))
    return RawInventory(
        tuple(reading.tables),
        tuple(reading.sources),
        tuple(reading.findings),
        tuple(reading.problems),
    )


def _content_of(path: Path, reading: _Reading) -> dict[Path, bytes]:
    try:
        return {path: path.read_bytes()}
    except OSError as error:
        problem = Message(
            "{0}: {1} cannot be opened: {2}", canonical_name(path.stem), path.name, error.strerror
        )
        reading.problems.append(Message("{0}. Close it elsewhere, or mend its rights.", problem))
        return {}


def _read_text(
    path: Path,
    spec: TableSpec,
    decoded: tuple[str, str] | None,
    content: bytes,
    reading: _Reading,
) -> None:
    if decoded is None:
        message = Message(
            "is not text in this encoding. Give its encoding, or save it as CSV in UTF-8."
        )
        raise _UnreadableError(message)
    text, used = decoded
    reading.sources.append(Source(str(path), hashlib.sha256(content).hexdigest(), used))
    if used not in UTF_8:
        message = Message("the text is not UTF-8; it was read as {0}", used)
        hint = Message("If names look wrong, give the encoding.")
        found = Finding("ND909", INFO, spec.name, "", message, hint, path.name)
        reading.findings.append(found)
    reading.tables.append(_table_of(text, spec, path.name))


def _table_of(text: str, spec: TableSpec, name: str) -> RawTable:
    body = text.lstrip("\r\n")
    if not body.strip():
        message = Message("is empty. Write the headings, or remove the file.")
        raise _UnreadableError(message)
    blank = text[: len(text) - len(body)].replace("\r\n", "\n")
    delimiter = max(_DELIMITERS, key=body.split("\n", 1)[0].count)
    stream = io.StringIO(body, newline="")
    headings = next(csv.reader(stream, delimiter=delimiter))
    frame = _parse_text(stream.read(), delimiter, len(headings))
    lines = np.arange(len(frame), dtype=np.int64) + len(blank) + 2
    _refuse_overhang(frame, lines, len(headings))
    unread = np.full(len(frame), "", dtype=object)
    columns = {
        heading: frame[n].to_numpy() if canonical_name(heading) in spec.columns else unread
        for n, heading in enumerate(unique_headings(headings))
    }
    return RawTable(spec.name, columns, lines, name)


def _parse_text(body: str, delimiter: str, width: int) -> pd.DataFrame:
    """Parse the rows below the headings; columns are numbered, short rows filled up."""
    width += _OVERHANG
    # An empty row of the full width in front, for the parser takes the first for the measure; and
    # no choice of columns, for then it drops what stands beyond them without a word.
    head = f"{delimiter.join(map(str, range(width)))}\n{delimiter * (width - 1)}\n"
    try:
        frame = pd.read_csv(
            # Bytes: the parser takes them twice as fast as a text stream.
            io.BytesIO(f"{head}{body}".encode("utf-8", "surrogatepass")),
            sep=delimiter,
            index_col=False,
            dtype=object,
            na_filter=False,
            skip_blank_lines=False,
            low_memory=False,
        )
    except pd.errors.ParserError as error:
        if "EOF inside string" in str(error):
            message = Message(
                "cannot be parsed: a quotation mark is opened and never closed. Close it."
            )
        else:
            message = Message(
                "has a row with far more cells than its {0} headings. {1}",
                width - _OVERHANG,
                _QUOTE,
            )
        raise _UnreadableError(message) from error
    return frame.iloc[1:].rename(columns=int)


def _refuse_overhang(frame: pd.DataFrame, lines: NDArray[np.int64], width: int) -> None:
    """Refuse cells beyond the last heading; empty ones are an editor's habit."""
    overhang = frame[[width + n for n in range(_OVERHANG)]].to_numpy()
    long = (overhang != "").any(axis=1)
    if long.any():
        rows = ", ".join(str(line) for line in lines[long][:_SHOWN_ROWS])
        count = int(long.sum())
        message = Message(
            "has more cells than its {0} headings in {1} rows ({2}). {3}",
            width,
            count,
            rows,
            _QUOTE,
        )
        raise _UnreadableError(message)
