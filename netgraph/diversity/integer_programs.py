"""Integer programs for HiGHS: silent, on one thread, and the same on every run.

The standard output of a command is its summary: a stray line there breaks what reads it, and the
solver prints some now and then whatever its options say.
"""

from __future__ import annotations

import ctypes
import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import highspy
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INFINITY = np.inf  # what HiGHS takes for no limit
_STDOUT = 1
_FEASIBLE = 2  # of HiGHS: 0 no solution, 1 one that breaks a limit


class Rows(Protocol):
    """The coefficients of a program row by row, as ``scipy.sparse.csr_array`` keeps them."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""

    @property
    def indptr(self) -> NDArray[Any]:
        """Where each row begins, shape (rows + 1,)."""

    @property
    def indices(self) -> NDArray[Any]:
        """Column of each coefficient."""

    @property
    def data(self) -> NDArray[Any]:
        """The coefficients."""


class SparseRows(NamedTuple):
    """Rows made by :func:`sparse_rows`: no more than the solver needs, and no SciPy to load."""

    indptr: NDArray[np.int64]
    indices: NDArray[np.int32]
    data: Floats
    shape: tuple[int, int]

    def with_row(self, indices: NDArray[Any], data: Floats) -> SparseRows:
        """Return the rows with one more."""
        return SparseRows(
            np.append(self.indptr, self.indptr[-1] + len(indices)),
            np.concatenate((self.indices, indices)),
            np.concatenate((self.data, data)),
            (self.shape[0] + 1, self.shape[1]),
        )


def sparse_rows(
    row: NDArray[Any], column: NDArray[Any], data: Floats, shape: tuple[int, int]
) -> SparseRows:
    """Group coefficients by row, each by column; none may be named twice."""
    order = np.argsort(row.astype(np.int64) * shape[1] + column)
    counts = np.bincount(row, minlength=shape[0])
    indptr = np.concatenate(([0], np.cumsum(counts)))
    return SparseRows(indptr, column[order].astype(np.int32), data[order], shape)


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise cost x, with lower <= rows x <= upper and 0 <= x <= most; some x whole.

    `rows` is of shape (rows, columns), `lower` and `upper` of shape (rows,), the others of shape
    (columns,).
    """

    cost: Floats
    rows: Rows
    lower: Floats
    upper: Floats
    most: Floats
    is_whole: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answer:
    """What a solve came to.

    Attributes
    ----------
    x
        The best solution found, None without one.
    bound
        No solution costs less (minus infinity if nothing is proven).
    is_optimal
        Proven to be the best, within the gap that was asked for.
    is_infeasible
        Proven that there is no solution.
    """

    x: Floats | None
    bound: float
    is_optimal: bool
    is_infeasible: bool


def open_solver(program: Program, *, gap: float, rules_off: int = 0) -> highspy.Highs:
    """Load a program into a solver that ends where `gap` (a share of the cost) is proven.

    Parameters
    ----------
    rules_off
        Rules of the presolve that are left out, a bit each.
    """
    import highspy

    loaded = highspy.HighsLp()
    loaded.num_row_, loaded.num_col_ = program.rows.shape
    loaded.col_cost_, loaded.col_upper_ = program.cost, program.most
    loaded.col_lower_ = np.zeros(len(program.cost))
    loaded.row_lower_, loaded.row_upper_ = program.lower, program.upper
    loaded.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    loaded.a_matrix_.start_ = program.rows.indptr.astype(np.int32)
    loaded.a_matrix_.index_ = program.rows.indices.astype(np.int32)
    loaded.a_matrix_.value_ = program.rows.data
    kinds = highspy.HighsVarType
    if program.is_whole.any():
        loaded.integrality_ = [
            kinds.kInteger if is_whole else kinds.kContinuous
            for is_whole in program.is_whole.tolist()
        ]
    with silent_solver():
        solver = highspy.Highs()  # type: ignore[no-untyped-call]  # the package has no types
        solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own signature
        solver.setOptionValue("mip_rel_gap", gap)
        solver.setOptionValue("random_seed", 0)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("presolve_rule_off", rules_off)
        solver.passModel(loaded)
    return solver


def solve(program: Program, seconds: float = np.inf) -> Answer:
    """Solve a program to the end, or as far as it comes in so many seconds."""
    solver = open_solver(program, gap=0.0)
    if seconds < np.inf:
        solver.setOptionValue("time_limit", seconds)
    with silent_solver():
        solver.run()
    return answer_of(solver, is_whole=bool(program.is_whole.any()))


def answer_of(solver: highspy.Highs, *, is_whole: bool) -> Answer:
    """Read what a solver came to; `is_whole`: whether some x has to be whole."""
    import highspy

    info, status = solver.getInfo(), solver.getModelStatus()
    is_optimal = status == highspy.HighsModelStatus.kOptimal
    values = np.array(solver.getSolution().col_value)
    has_one = len(values) > 0 and info.primal_solution_status == _FEASIBLE
    bound = info.mip_dual_bound if is_whole else info.objective_function_value
    if not (is_whole or is_optimal):
        bound = -np.inf
    is_infeasible = status == highspy.HighsModelStatus.kInfeasible
    return Answer(values if has_one else None, float(bound), is_optimal, is_infeasible)


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
