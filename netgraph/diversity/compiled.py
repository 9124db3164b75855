"""How the kernels are compiled: entries are kept on disk, inner functions live inside them.

Compiling is what a user waits for at the first run. Inner functions therefore get none of the
wrappers that Python would need to call them, and kernels avoid what is slow to compile although it
is quick to run: assignment to slices, sorting, reductions and masks.
"""

from __future__ import annotations

from numba import njit

# numba's published types do not know its options about wrappers.
entry = njit(cache=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
inner = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
