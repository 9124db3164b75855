"""Write an output folder as a whole or not at all.

Everything is written to a temporary folder first. A new output appears by one rename. In an
earlier output the files that netgraph wrote are exchanged one by one, and put back if that fails;
files of the user never move. `run.json` lists the files of an output, so the next run knows which
are netgraph's.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import OutputError
from netgraph.messages import Message
from netgraph.report.tables import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

RUN_FILE = "run.json"
_FILES = "files"  # the key of run.json that lists the files of the output
_TEMPORARY = ".netgraph-"


@contextmanager
def output_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder to write to; when the block ends well it becomes the output.

    Parameters
    ----------
    path
        The output folder: new, empty, or an earlier output of netgraph.

    Yields
    ------
    Path
        The folder to write into. It must hold `run.json` (a JSON object) in the end.

    Raises
    ------
    OutputError
        If `path` is a file, holds something else than an output of netgraph, or cannot be
        written. On this and every other error the earlier output is as it was.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100 — resolve() would follow a link to the output
    with _reported(path):
        earlier = _read_earlier(path)
        made = _make_parents(path)
        temporary = _make_hidden(path if path.is_dir() else path.parent, "new")
    try:
        with _reported(path, only_inside=temporary):
            yield temporary
        with _reported(path):
            _install(temporary, path, earlier)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        for folder in reversed(made):
            _remove_if_empty(folder)
        raise


def refuse_other_job(folder: Path, key: str) -> None:
    """Refuse the output folder of another job, which this one would take the place of.

    Parameters
    ----------
    folder
        Where to write.
    key
        What the run.json of this job has, and no other one's.

    Raises
    ------
    OutputError
        If a run.json in the folder lacks the key.
    """
    try:
        run = json.loads((folder / RUN_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return  # nothing of netgraph's: what else there is, is looked at when it is written
    if isinstance(run, dict) and key not in run:
        message = Message("{0} holds the output of another job: choose a folder of its own", folder)
        raise OutputError(message)


def _read_earlier(path: Path) -> tuple[str, ...]:
    """Return the files of the earlier output in `path`, or refuse the folder."""
    if path.exists() and not path.is_dir():
        message = Message("{0} is a file: choose a folder for the output", path)
        raise OutputError(message)
    if not path.is_dir() or all(entry.name.startswith(_TEMPORARY) for entry in path.iterdir()):
        return ()
    files = _listed_files(path / RUN_FILE)
    if files is None:
        message = Message(
            "{0} is not empty and is no output of netgraph (no {1} that lists its "
            "files): choose a new or empty folder",
            path,
            RUN_FILE,
        )
        raise OutputError(message)
    return files


def _listed_files(run_file: Path) -> tuple[str, ...] | None:
    """Return the files that a run.json lists, or None if it is not one of netgraph's."""
    try:
        run = json.loads(run_file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    files = run.get(_FILES) if isinstance(run, dict) else None
    if not isinstance(files, list):
        return None
    return tuple(name for name in files if isinstance(name, str) and _is_inside(name))


def _is_inside(name: str) -> bool:
    # The list is read back from a file that anybody may have edited: never reach out of the folder.
    parts = Path(name).parts
    return bool(parts) and ".." not in parts and not Path(name).is_absolute()


def _install(temporary: Path, path: Path, earlier: tuple[str, ...]) -> None:
    """Make the temporary folder the output."""
    files = _list_run(temporary)
    if not path.is_dir():
        temporary.rename(path)
        return
    _check_user_files(path, files, earlier)
    _exchange(temporary, path, files, earlier)
    shutil.rmtree(temporary, ignore_errors=True)
    folders = {parent for name in earlier for parent in Path(name).parents if parent.parts}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        _remove_if_empty(path / folder)


def _list_run(temporary: Path) -> tuple[str, ...]:
    """Add the list of files to run.json and return it."""
    run_file = temporary / RUN_FILE
    names = (p.relative_to(temporary).as_posix() for p in temporary.rglob("*") if p.is_file())
    files = tuple(sorted({*names, RUN_FILE}))
    run = json.loads(run_file.read_text("utf-8")) if run_file.exists() else {}
    write_json(run_file, {**run, _FILES: list(files)})
    return files


def _check_user_files(path: Path, files: tuple[str, ...], earlier: tuple[str, ...]) -> None:
    """Refuse to overwrite a file that the earlier run did not write."""
    own = set(earlier)
    foreign = sorted(name for name in files if name not in own and (path / name).exists())
    if foreign:
        message = Message(
            "{0}: {1} would be overwritten: move it away first", path, ", ".join(foreign)
        )
        raise OutputError(message)


def _exchange(
    temporary: Path, path: Path, files: tuple[str, ...], earlier: tuple[str, ...]
) -> None:
    """Move the earlier files out and the new ones in; on an error put everything back."""
    aside = _make_hidden(path, "old")
    moved: list[tuple[Path, Path]] = []
    try:
        for name in earlier:
            if (path / name).is_file():
                _move(path / name, aside / name, moved)
        for name in files:
            _move(temporary / name, path / name, moved)
    except BaseException:
        for source, target in reversed(moved):
            target.replace(source)
        shutil.rmtree(aside, ignore_errors=True)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)
    moved.append((source, target))


@contextmanager
def _reported(path: Path, *, only_inside: Path | None = None) -> Iterator[None]:
    """Turn an error of the file system into one sentence; with `only_inside`, of that folder."""
    try:
        yield
    except OSError as error:
        place = str(error.filename or "")
        if only_inside and error.errno != errno.ENOSPC and not place.startswith(str(only_inside)):
            raise
        message = Message(
            "cannot write {0}: {1} (is a file of it open?)", path, error.strerror or error
        )
        raise OutputError(message) from error


def _make_hidden(folder: Path, purpose: str) -> Path:
    """Create a folder of our own; unlike those of tempfile, others may read it by the umask."""
    hidden = folder / f"{_TEMPORARY}{purpose}-{uuid.uuid4().hex[:12]}"
    hidden.mkdir()
    return hidden


def _make_parents(path: Path) -> list[Path]:
    """Create the folders above `path`; return those that were made, outermost first."""
    missing = [folder for folder in path.parents if not folder.exists()][::-1]
    for folder in missing:
        folder.mkdir()
    return missing


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # not empty, or gone: both are fine
        return
