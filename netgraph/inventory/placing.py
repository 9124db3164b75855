"""Put a file or folder in its place whole, or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import OutputError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a fresh place beside `path`, and rename what was made there to `path` at the end.

    Parameters
    ----------
    path
        File or folder, which may exist.

    Yields
    ------
    Path
        Where to make it; nothing stands there yet.

    Raises
    ------
    OutputError
        If the disk refuses. After any error, what stood at `path` stands there still, and nothing
        is left behind.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            fresh = Path(folder) / f"fresh{path.suffix}"
            yield fresh
            _swap(fresh, path, Path(folder) / "old")
    except OSError as error:
        message = Message("{0} cannot be written: {1}", path, error.strerror or error)
        raise OutputError(message) from error


def _swap(fresh: Path, path: Path, old: Path) -> None:
    if not path.exists():
        fresh.rename(path)
        return
    path.rename(old)
    try:
        fresh.rename(path)
    except OSError:
        old.rename(path)
        raise
    if old.is_dir():
        shutil.rmtree(old)
