"""Work in a thread of its own, beside what its caller does meanwhile."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Result = TypeVar("_Result")
    #: Called with how much is done, and how much there is.
    Tell = Callable[[int, int], None]


@contextmanager
def beside(
    work: Callable[[Tell], _Result], tell: Tell | None = None
) -> Iterator[Callable[[], _Result]]:
    """Run some work in a thread while the body runs.

    If the body ends early, by an error or because somebody stops it, the work ends when it tells
    its progress the next time.

    Parameters
    ----------
    work
        Gets what it tells its progress to.
    tell
        The caller's progress: hears of the work while it is waited for, so that what is told of
        other things meanwhile is not mixed up with it.

    Yields
    ------
    Callable
        Waits for the work, and returns its result or raises its error.
    """
    progress = _Progress(tell)
    with ThreadPoolExecutor(1, "beside") as pool:
        future = pool.submit(work, progress.told)

        def wait() -> _Result:
            progress.listen()
            return future.result()

        try:
            yield wait
        except BaseException:
            progress.end()
            raise


class _Ended(Exception):  # noqa: N818 -- nothing went wrong, and nobody is told
    """Nobody waits for the work any more."""


class _Progress:
    """Passes on what the work tells, while somebody waits for it."""

    def __init__(self, tell: Tell | None) -> None:
        self._tell, self._last = tell, (0, 1)
        self._is_heard = self._is_ended = False
        self._lock = Lock()

    def told(self, done: int, whole: int) -> None:
        """Hear how far the work is; called by its threads."""
        with self._lock:
            if self._is_ended:
                raise _Ended
            self._last = done, whole
            self._pass_on()

    def listen(self) -> None:
        """Pass on from now on what is told, and what was told last."""
        with self._lock:
            self._is_heard = True
            self._pass_on()

    def end(self) -> None:
        """Have the work end when it tells the next time."""
        self._is_ended = True

    def _pass_on(self) -> None:
        if self._is_heard and self._tell is not None:
            self._tell(*self._last)
