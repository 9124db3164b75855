"""Read an inventory in a process of its own while this one loads code.

Two threads would take turns at it: reading and loading are Python, and on a province each takes
half a second. The other process is a copy of this one from before anything large was loaded, and
hands over what it read in memory that both see. It may go on to check what it read while this one
builds the network.
"""

from __future__ import annotations

import contextlib
import copyreg
import io
import mmap
import os
import pickle
import select
import signal
import struct
import sys
import threading
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from netgraph.cli.memory import is_taken

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path
    from typing import NoReturn

    from netgraph.inventory import Finding, Inventory

_ALIGNED = 64  # bytes: arrays begin at multiples
_SIZES = struct.Struct("<q")


class Reading(Protocol):
    """An inventory that is being read."""

    def done(self) -> bool:
        """Whether nothing is waited for any more."""

    def result(self) -> Inventory:
        """Wait for the inventory, or raise what is wrong with it."""

    def find_findings(self) -> tuple[Finding, ...] | None:
        """Wait for what `check_inventory` finds; None where nobody checked."""


def start_reading(path: Path, *, encoding: str | None, checks: bool = False) -> Reading:
    """Begin to read an inventory, in another process or, where that cannot be had, a thread.

    A process is copied only where it is our own, has one thread, and the system has memory
    without a name to hand over what was read: on Linux.

    Parameters
    ----------
    checks
        Whether the other process is to check the inventory as well.
    """
    if _can_be_copied():
        with contextlib.suppress(OSError):  # no memory, or a sandbox forbids the calls
            return _Copied(path, encoding, checks=checks)
    from netgraph.inventory import read

    return _InThread(read.start_reading(path, encoding=encoding))


class _InThread:
    """Reads in a thread, which would take turns with this one at checking, too."""

    def __init__(self, future: Future[Inventory]) -> None:
        self.done, self.result = future.done, future.result

    def find_findings(self) -> None:
        return None


def _can_be_copied() -> bool:
    is_small = "numpy" not in sys.modules  # it starts threads, which a copy would lack
    has_calls = hasattr(os, "fork") and hasattr(os, "memfd_create")
    has_cores = (os.cpu_count() or 1) > 1
    return is_taken() and is_small and has_calls and has_cores and threading.active_count() == 1


class _Copied:
    """Reads in a copy of this process; what that cannot read, this one reads and tells."""

    def __init__(self, path: Path, encoding: str | None, *, checks: bool) -> None:
        self._path, self._encoding = path, encoding
        self._memory = os.memfd_create("inventory")
        self._told, tells = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _read_and_end(path, encoding, self._memory, tells, checks=checks)
        os.close(tells)

    def done(self) -> bool:
        return bool(select.select([self._told], [], [], 0)[0])

    def result(self) -> Inventory:
        is_read = os.read(self._told, 1) != b""  # empty once the other has ended
        try:
            if is_read:
                return _taken_over(self._memory)
        finally:
            os.close(self._memory)
        from netgraph.inventory import read_inventory

        return read_inventory(self._path, encoding=self._encoding)

    def find_findings(self) -> tuple[Finding, ...] | None:
        with os.fdopen(self._told, "rb") as file:
            told = file.read()
        os.waitpid(self._process, 0)
        size, found = told[: _SIZES.size], told[_SIZES.size :]
        if not size or len(found) < _SIZES.unpack(size)[0]:  # it ended before
            return None
        findings: tuple[Finding, ...] = pickle.loads(found)  # noqa: S301 - our own copy wrote it
        return findings


def _read_and_end(
    path: Path, encoding: str | None, memory: int, tells: int, *, checks: bool
) -> NoReturn:
    with contextlib.suppress(BaseException):  # the first process meets it again, and tells
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        from netgraph.inventory import check_inventory, read_inventory

        inventory = read_inventory(path, encoding=encoding)
        _hand_over(inventory, memory)
        os.write(tells, b".")
        if checks:
            found = pickle.dumps(check_inventory(inventory))
            with open(tells, "wb", closefd=False) as file:
                file.write(_SIZES.pack(len(found)) + found)
    os._exit(0)  # nothing of the first process is to be done twice


def _hand_over(inventory: Inventory, memory: int) -> None:
    """Write an inventory: sizes, then itself, then its arrays."""
    arrays: list[pickle.PickleBuffer] = []
    plain = io.BytesIO()
    pickler = pickle.Pickler(plain, protocol=5, buffer_callback=arrays.append)
    pickler.dispatch_table = copyreg.dispatch_table | {MappingProxyType: _take_apart}
    pickler.dump(inventory)
    parts = [memoryview(plain.getbuffer()), *(array.raw() for array in arrays)]
    sizes = [len(parts), *(part.nbytes for part in parts)]
    with open(memory, "wb", closefd=False) as file:
        file.write(b"".join(map(_SIZES.pack, sizes)))
        for part in parts:
            file.write(bytes(-file.tell() % _ALIGNED))
            file.write(part)


def _taken_over(memory: int) -> Inventory:
    """Return the inventory that was written; its arrays stay where they lie."""
    view = memoryview(mmap.mmap(memory, 0, access=mmap.ACCESS_COPY))
    (n_parts,) = _SIZES.unpack_from(view)
    at, parts = _SIZES.size * (n_parts + 1), []
    for (size,) in _SIZES.iter_unpack(view[_SIZES.size : at]):
        at += -at % _ALIGNED
        parts.append(view[at : at + size])
        at += size
    inventory: Inventory = pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - our own copy wrote it
    return inventory


def _take_apart(view: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:  # noqa: ANN401 - as pickle has it
    return _put_together, (dict(view),)


def _put_together(values: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(values)
