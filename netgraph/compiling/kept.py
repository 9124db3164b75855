"""Machine code on disk: when it is fresh, and which process compiles what is missing.

Several processes may want the same kernel at its first run: the one that locks it compiles it, the
others wait for what it keeps, and compile something else of the list meanwhile.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import pickle
import re
import sys
import time
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numba.core import event
from numba.core.caching import FunctionCache, IndexDataCacheFile
from numba.core.runtime.nrt import rtsys

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is to be done while another process compiles what this one wants; false when nothing is.
in_the_meantime: list[Callable[[], bool]] = []
#: The kind of event while this process waits for another one.
AWAITING = "netgraph:await"

# What this module does with machine code changes none of it.
_IMPORT = re.compile(
    r"^from (netgraph\.(?:compiling\.(?!kept)|diversity\.)\S+) import", re.MULTILINE
)
_PAUSE_SECONDS = 0.02
_MOST_SECONDS = 120.0  # then the other process has been stopped, and this one does it


class KernelCache(FunctionCache):
    """Numba's cache of one function, shared with other processes."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        base = self._impl.filename_base
        stamp = (self._impl.locator.get_source_stamp(), sources_stamp(function.__module__))
        self._cache_file = _Files(self.cache_path, base, stamp)
        self._lock = _Lock(Path(self.cache_path, "kernels.lock"), zlib.crc32(base.encode()))

    def is_filled(self) -> bool:
        """Whether something fresh is kept."""
        return bool(self._cache_file._load_index())

    def take(self) -> bool:
        """Be the one who compiles it, unless it is kept or another process is at it."""
        if self.is_filled() or not self._lock.take():
            return False
        if self.is_filled():  # meanwhile
            self._lock.give_back()
            return False
        return True

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Load what is kept; wait for it while another process compiles it."""
        found = self._load(sig, target_context)
        if found is not None or self._lock.is_taken:
            return found
        if not self._lock.take():
            last = time.monotonic() + _MOST_SECONDS
            with event.trigger_event(AWAITING):
                while not self._lock.take() and time.monotonic() < last:
                    if not any(do() for do in in_the_meantime):
                        time.sleep(_PAUSE_SECONDS)
        found = self._load(sig, target_context)
        if found is not None:
            self._lock.give_back()
        return found

    def _load(self, sig: Any, target_context: Any) -> Any:
        """Load it as numba does, but for what only compiling needs: a fifth of a second."""
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)
        return None  # another process was at the files

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep it if there is room; this process has it anyway."""
        try:
            super().save_overload(sig, data)
        except OSError:
            return
        finally:
            self._lock.give_back()


class _Files(IndexDataCacheFile):
    """An index that names no machine code before it is there, and that nobody has to understand.

    What an earlier version kept, and this one cannot read because a type has moved, is nothing.
    """

    def save(self, key: Any, data: Any) -> None:
        kept = self._load_index()
        name = kept.setdefault(key, self._data_name(len(kept) + 1))
        self._save_data(name, data)
        self._save_index(kept)

    def _load_index(self) -> dict[Any, str]:
        try:
            return super()._load_index()
        except (AttributeError, ImportError, EOFError, pickle.UnpicklingError):
            return {}


class _Lock:
    """One byte of a file, held by one process; it lets go of it when it ends, however it ends."""

    _files: dict[Path, int] = {}  # noqa: RUF012 -- closing any of them would let go of all

    def __init__(self, path: Path, byte: int) -> None:
        self._path, self._byte, self.is_taken = path, byte & 0x7FFFFFFF, False

    def take(self) -> bool:
        """Take it if nobody has it; where files cannot be locked, everybody does for himself."""
        try:
            self.is_taken = self._change(is_taking=True)
        except OSError:
            self.is_taken = True
        return self.is_taken

    def give_back(self) -> None:
        if self.is_taken:
            self.is_taken = False
            try:
                self._change(is_taking=False)
            except OSError:
                return

    def _change(self, *, is_taking: bool) -> bool:
        if self._path not in self._files:
            self._files[self._path] = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644)
        file = self._files[self._path]
        try:
            if sys.platform == "win32":
                os.lseek(file, self._byte, os.SEEK_SET)
                msvcrt.locking(file, msvcrt.LK_NBLCK if is_taking else msvcrt.LK_UNLCK, 1)
            else:
                how = fcntl.LOCK_EX | fcntl.LOCK_NB if is_taking else fcntl.LOCK_UN
                fcntl.lockf(file, how, 1, self._byte)
        except (BlockingIOError, PermissionError):
            return False
        return True


@functools.cache
def sources_stamp(module: str) -> str:
    """Return a stamp of the source of a module and of all from the kernels that it imports."""
    stamp = hashlib.sha256()
    for name in sorted(_sources(module)):
        stamp.update(_read(name).encode())
    return stamp.hexdigest()


def _sources(module: str) -> set[str]:
    found, open_ones = {module}, [module]
    while open_ones:
        imported = _imported(open_ones.pop()) - found
        found |= imported
        open_ones += imported
    return found


@functools.cache
def _imported(module: str) -> frozenset[str]:
    return frozenset(_IMPORT.findall(_read(module)))


@functools.cache
def _read(module: str) -> str:
    found = importlib.util.find_spec(module)
    if found is None or found.origin is None:
        return ""
    path = Path(found.origin)
    return path.read_text(encoding="utf-8") if path.suffix == ".py" and path.exists() else ""
