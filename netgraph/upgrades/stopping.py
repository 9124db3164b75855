"""Stop early on request: the first Ctrl-C keeps what there is, the second ends the run.

A request is only noted. Whoever works in steps looks at it between two of them, so that nothing is
broken off half-way. Where something is looked for or improved, any request ends that; what makes
use of what was found (checks, weighs, lists) is ended only by a request that is made meanwhile.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@dataclass
class _Request:
    is_made: bool = False


_request = _Request()


class StoppedError(Exception):
    """What was being made is of no use half-finished, and somebody asked to stop."""


def is_stop_asked() -> bool:
    """Whether somebody has asked to come to an end with what there is."""
    return _request.is_made


def stop_if_asked() -> None:
    """End what is of no use half-finished, if somebody asks to.

    Raises
    ------
    StoppedError
        Somebody has asked.
    """
    if _request.is_made:
        raise StoppedError


def nobody(_done: int, _whole: int) -> None:
    """Tell nobody how far it is."""


class RequestSince:
    """Tells whether somebody has asked to stop since it was made, and not before."""

    def __init__(self) -> None:
        self._was_made = _request.is_made

    @property
    def is_made(self) -> bool:
        """Whether there is a request from after the start."""
        return _request.is_made and not self._was_made


@contextmanager
def heeding_interrupts(tell: Callable[[], None] | None = None) -> Iterator[None]:
    """Note the first interrupt from the keyboard within this block; a second one is as outside.

    Signals reach the main thread only: elsewhere, and within another such block, nothing changes.

    Parameters
    ----------
    tell
        Called at the first interrupt.
    """
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or not callable(before) or isinstance(before, _Noting):
        yield
        return
    signal.signal(signal.SIGINT, _Noting(before, tell))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _request.is_made = False


@dataclass(frozen=True)
class _Noting:
    """A handler of interrupts that notes the first and hands the others on."""

    before: Callable[[int, FrameType | None], object]
    tell: Callable[[], None] | None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if _request.is_made:
            self.before(number, frame)
            return
        _request.is_made = True
        if self.tell:
            self.tell()
