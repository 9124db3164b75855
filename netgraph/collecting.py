"""Spare the garbage collector where millions of values are made that all stay in use."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the search for reference cycles; also a decorator.

    Verdicts, hazards and rows are trees: nothing in them is ever found, but every value that is
    made brings on another walk over all of them. It took a third of an assessment.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
