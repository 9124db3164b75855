"""Set a report as PDF: the same report gives the same bytes."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime, time
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import typst
from matplotlib import font_manager

from netgraph.errors import OutputError
from netgraph.messages import Message
from netgraph.report.fonts import (
    BUNDLED_FAMILY,
    LATIN_FAMILY,
    REPLACEMENT,
    font_families,
    missing_characters,
)
from netgraph.report.pdf.model import Bullets, Figure, Paragraph, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from netgraph.report.pdf.model import Block, Report

    Plain = dict[str, object]

_UNDATED = (2000, 1, 1)  # a PDF must bear some date; today's would differ
_TEMPLATE = "report.typ"
_MOST_LETTERS = 400  # of one text: more is no sentence, and a table cell cannot break
_LONG_WORD = re.compile(r"[^\s\u2e80-\uffff]{14}(?=[^\s\u2e80-\uffff])")
_BREAK_HERE = "\u200b"


def write_report(report: Report, path: Path) -> None:
    """Set a report as PDF, with page numbers and a running header, fonts embedded.

    Parameters
    ----------
    report
        What it holds. Text is set as text: nothing in it is read as markup.
    path
        Made here.

    Raises
    ------
    OutputError
        If typst refuses the report (a mistake of netgraph, not of the user's data).

    Warns
    -----
    MissingGlyphWarning
        Once for each set of characters that no font at hand has; they are drawn as boxes.
    """
    families = _families(report)
    with tempfile.TemporaryDirectory(prefix="netgraph-") as name:
        folder = Path(name)
        plain = _plain(report, families, folder)
        (folder / "data.json").write_text(json.dumps(plain), "utf-8")
        template = resources.files("netgraph.report.pdf").joinpath(_TEMPLATE).read_text("utf-8")
        (folder / _TEMPLATE).write_text(template, "utf-8")
        compiler = typst.Compiler(
            str(folder / _TEMPLATE), root=str(folder), font_paths=_font_folders(families),
            ignore_system_fonts=True,
        )  # fmt: skip
        try:
            made = compiler.compile(format="pdf", timestamp=_moment(report.snapshot_date))
        except (typst.TypstError, RuntimeError) as error:
            message = Message("{0}: the report could not be set ({1})", path, error)
            raise OutputError(message) from error
    if not isinstance(made, bytes):
        message = Message("{0}: the report could not be set as one file", path)
        raise OutputError(message)
    path.write_bytes(made)


def _families(report: Report) -> list[str]:
    """Fonts: the bundled one, or NETGRAPH_FONT; warns once of characters that none has."""
    texts: list[str] = []

    def gather(text: str) -> str:
        texts.append(text)
        return text

    _translate(asdict(report), gather)
    # A Chinese letter asks for the font that has them: a report looks the same in English.
    return font_families([*texts, "网"], known=())


def _font_folders(families: Iterable[str]) -> list[str]:
    """Folders of the font files, and nothing else: system fonts would change the page breaks."""
    folders = {Path(mpl.get_data_path()) / "fonts" / "ttf"}
    for family in families:
        if family not in {LATIN_FAMILY, BUNDLED_FAMILY}:
            folders.add(Path(font_manager.findfont(family)).parent)
    bundled = resources.files("netgraph.report") / "fonts"
    return [str(bundled), *sorted(map(str, folders))]


def _moment(day: date | None) -> datetime:
    return datetime.combine(day or datetime(*_UNDATED, tzinfo=UTC).date(), time(), tzinfo=UTC)


def _plain(report: Report, families: Sequence[str], folder: Path) -> Plain:
    """Turn the report into what the template reads; pictures are copied beside it."""
    day = report.snapshot_date
    content = asdict(report)
    content["sections"] = [
        {
            "title": section.title, "on_new_page": section.on_new_page,
            "blocks": [_block(block, folder) for block in section.blocks],
        }
        for section in report.sections
    ]  # fmt: skip
    lacking: dict[str, bool] = {}
    shown = _translate(content, lambda text: _settable(text, families, lacking))
    assert isinstance(shown, dict)  # noqa: S101 - for the type checker
    date_parts = (day.year, day.month, day.day) if day else _UNDATED
    return {**shown, "fonts": list(families), "date": date_parts, "snapshot_date": None}


def _block(block: Block, folder: Path) -> Plain:
    match block:
        case Paragraph():
            return {"kind": "paragraph", **asdict(block)}
        case Bullets():
            return {"kind": "bullets", "items": list(block.items)}
        case Table():
            return {"kind": "table", **asdict(block)}
        case Figure():
            name = f"{len(list(folder.glob('*.png')))}.png"
            shutil.copyfile(block.path, folder / name)
            return {"kind": "figure", **asdict(block), "path": name}


def _translate(value: object, change: Callable[[str], str]) -> object:
    """Change every text of nested values."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _translate(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_translate(one, change) for one in value]
    return value


def _settable(text: str, families: Sequence[str], lacking: dict[str, bool]) -> str:
    """Return text that can be set: one line, not endless, boxes for what no font has."""
    line = " ".join(text.split())
    if len(line) > _MOST_LETTERS:
        line = line[: _MOST_LETTERS - 1] + "…"
    for character in set(line) - lacking.keys():
        lacking[character] = bool(missing_characters(character, families))
    line = "".join(REPLACEMENT if lacking[character] else character for character in line)
    return _LONG_WORD.sub(lambda found: found[0] + _BREAK_HERE, line)
