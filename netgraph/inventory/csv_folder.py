"""Read a folder of CSV files, one a table."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netgraph.errors import UsageError
from netgraph.inventory.columns import canonical_name
from netgraph.inventory.findings import INFO, Finding
from netgraph.inventory.model import Source
from netgraph.inventory.raw import RawInventory, RawTable, unique_headings
from netgraph.inventory.schema import load_schema

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from netgraph.inventory.schema import TableSpec

_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t"
# Cells beyond the last heading are looked for in this many further columns.
_OVERHANG = 2
_SHOWN_ROWS = 5
_QUOTE = "Put cells that hold a comma between quotation marks."


class _UnreadableError(Exception):
    """What makes one file unreadable."""


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
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or not path.is_file():
            continue
        spec = load_schema().get(canonical_name(path.stem))
        if spec is None:
            lines = np.zeros(0, dtype=np.int64)
            reading.tables.append(RawTable(path.stem, {}, lines, path.name))
            continue
        try:
            _read_file(path, spec, encoding, reading)
        except _UnreadableError as error:
            reading.problems.append(f"{spec.name}: {path.name} {error}")
    return RawInventory(
        tuple(reading.tables),
        tuple(reading.sources),
        tuple(reading.findings),
        tuple(reading.problems),
    )


def _read_file(path: Path, spec: TableSpec, encoding: str | None, reading: _Reading) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"cannot be opened: {error.strerror}. Close it elsewhere, or mend its rights."
        raise _UnreadableError(message) from error
    text, used = _decode(content, encoding)
    reading.sources.append(Source(str(path), hashlib.sha256(content).hexdigest(), used))
    if used not in {"utf-8", "utf-8-sig"}:
        message = f"the text is not UTF-8; it was read as {used}"
        hint = "If names look wrong, give the encoding."
        found = Finding("ND909", INFO, spec.name, "", message, hint, path.name)
        reading.findings.append(found)
    reading.tables.append(_table_of(text, spec, path.name))


def _decode(content: bytes, encoding: str | None) -> tuple[str, str]:
    """Decode a file; the text without a byte order mark, and the encoding that was used."""
    marked = next(
        (name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None
    )
    candidates = [encoding] if encoding else [marked] if marked else ["utf-8", "gb18030"]
    for candidate in candidates:
        try:
            text = content.decode(candidate)
        except LookupError as error:
            message = f"the encoding {candidate!r} is not known; gb18030 or utf-8 are usual"
            raise UsageError(message) from error
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            message = "is not text. Save it as CSV again."
            raise _UnreadableError(message)
        return text.removeprefix("\ufeff"), candidate
    message = f"is not text in {' or '.join(candidates)}. Give its encoding, or save it as UTF-8."
    raise _UnreadableError(message)


def _table_of(text: str, spec: TableSpec, name: str) -> RawTable:
    body = text.lstrip("\r\n")
    if not body.strip():
        message = "is empty. Write the headings, or remove the file."
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
            message = "cannot be parsed: a quotation mark is opened and never closed. Close it."
        else:
            message = (
                f"has a row with far more cells than its {width - _OVERHANG} headings. {_QUOTE}"
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
        message = f"has more cells than its {width} headings in {count} rows ({rows}). {_QUOTE}"
        raise _UnreadableError(message)
