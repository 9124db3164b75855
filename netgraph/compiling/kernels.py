"""The two kinds of compiled functions: those that Python calls, and those inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from numba import njit

from netgraph.compiling.compiler import EntryCompiler, InnerCompiler
from netgraph.compiling.kept import KernelCache

if TYPE_CHECKING:
    from collections.abc import Callable

    _Function = TypeVar("_Function", bound=Callable[..., Any])

# numba's published types do not know its options about wrappers, nor its events.
_compiled = njit(  # type: ignore[call-overload]
    nogil=True, no_cfunc_wrapper=True, error_model="numpy", pipeline_class=EntryCompiler
)
inner = njit(  # type: ignore[call-overload]
    no_cpython_wrapper=True, no_cfunc_wrapper=True, error_model="numpy",
    pipeline_class=InnerCompiler,
)  # fmt: skip


_unkept: set[str] = set()


def are_kept() -> bool:
    """Whether there is a folder to keep the machine code in; else every run compiles anew."""
    return not _unkept


def entry(function: _Function) -> _Function:
    """Compile a function for Python to call, and keep the machine code on disk.

    Numba takes what it kept for fresh as long as the function's own file is unchanged; here the
    files of the inner functions and numbers that it imports count as well. It lets other threads
    run meanwhile (:func:`in_threads`). Where no folder can be written, nothing is kept.
    """
    compiled: Any = _compiled(function)
    try:
        compiled._cache = KernelCache(function)
    except RuntimeError:  # no folder: neither beside the package nor the user's own
        _unkept.add(function.__module__)
    made: _Function = compiled
    return made
