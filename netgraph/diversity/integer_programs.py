"""HiGHS through SciPy, without the lines that it prints now and then whatever its options say.

The standard output of a command is its summary: a stray line there breaks what reads it.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import ArrayLike
    from scipy.optimize import Bounds, LinearConstraint, OptimizeResult

_STDOUT = 1


def milp(
    cost: ArrayLike,
    *,
    integrality: ArrayLike,
    bounds: Bounds,
    constraints: LinearConstraint,
    options: Mapping[str, float],
) -> OptimizeResult:
    """Solve a mixed-integer linear program; as ``scipy.optimize.milp``, and silent."""
    from scipy import optimize

    with silent_solver():
        return optimize.milp(
            cost,
            integrality=integrality,
            bounds=bounds,
            constraints=constraints,
            options=dict(options),
        )


@contextmanager
def silent_solver() -> Iterator[None]:
    """Drop what compiled code writes to the standard output of the process."""
    try:
        kept = os.dup(_STDOUT)
    except OSError:  # there is no standard output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    os.close(nowhere)
    try:
        yield
    finally:
        _flush()
        os.dup2(kept, _STDOUT)
        os.close(kept)


def _flush() -> None:
    """Empty the buffers of the C library, which would else be written later."""
    with suppress(OSError, AttributeError, TypeError):
        library = ctypes.CDLL("ucrtbase") if os.name == "nt" else ctypes.CDLL(None)
        library.fflush(None)
