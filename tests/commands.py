"""Run the real command, in this process (quick) or in one of its own, and read what it wrote."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from netgraph.cli import main

if TYPE_CHECKING:
    import pytest

ROOT = Path(__file__).parents[1]
BANK = ROOT / "data" / "bank"
SHARED = ROOT.parent / "shared" / "data"
#: Wide enough that no message is broken.
_ENVIRONMENT = {"COLUMNS": "300", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8", "MPLBACKEND": "agg"}


class Outcome(NamedTuple):
    """What a run left."""

    code: int
    out: str
    err: str


class Command:
    """`netgraph` with arguments, run in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.environment = dict(_ENVIRONMENT)

    def __call__(self, *arguments: object) -> Outcome:
        self._capsys.readouterr()
        words = ["netgraph", *map(str, arguments)]
        if words[1:2] == ["assess"] and "--no-maps" in words:
            # A test of the tables: spare the files that it does not look at.
            words += ["--no-html", "--no-workbook", "--no-gpkg", "--no-pdf"]
        with mock.patch.object(sys, "argv", words), mock.patch.dict(os.environ, self.environment):
            try:
                main()
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else int(end.code is not None)
        captured = self._capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(code, captured.out, captured.err)


def start(
    *arguments: object, environment: dict[str, str] | None = None, **options: object
) -> subprocess.Popen[str]:
    """Start `python -m netgraph` as a process of its own, as a user does."""
    return subprocess.Popen(
        [sys.executable, "-m", "netgraph", *map(str, arguments)],
        env={**os.environ, **_ENVIRONMENT, **(environment or {})},
        encoding="utf-8",
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
    )


def finish(process: subprocess.Popen[str]) -> Outcome:
    """Wait for a process."""
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in (err or "")
    return Outcome(process.returncode, out, err)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file, every cell as text."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write a CSV file; columns that a row does not name stay empty."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def read_tables(out: Path) -> dict[str, list[dict[str, str]]]:
    """Read every table of an output."""
    return {path.stem: read_rows(path) for path in sorted((out / "tables").glob("*.csv"))}


def table_bytes(out: Path) -> dict[str, bytes]:
    """Read the tables of an output byte by byte."""
    return {path.name: path.read_bytes() for path in sorted((out / "tables").iterdir())}


def everything_in(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }
