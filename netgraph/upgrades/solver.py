"""HiGHS as the plans use it: silent, on one thread, and stopped when somebody asks for it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import highspy
import numpy as np

from netgraph.diversity.integer_programs import silent_solver
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from highspy.highs import HighsCallbackEvent
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

INFINITY = highspy.kHighsInf
_LOOK_EVERY_S = 0.05
_PROBING = 1 << 15  # the bit of this rule of the presolve
_FEASIBLE = 2  # of HiGHS: 0 no solution, 1 one that breaks a limit


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise cost x, with lower <= rows x <= upper and 0 <= x <= most; some x whole.

    `rows` is of shape (rows, columns), `lower` and `upper` of shape (rows,), the others of shape
    (columns,).
    """

    cost: Floats
    rows: csr_array
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
    """

    x: Floats | None
    bound: float
    is_optimal: bool


def open_solver(program: Program, *, gap: float) -> highspy.Highs:
    """Load a program into a solver that ends where `gap` (a share of the cost) is proven."""
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
        # Probing looks at no clock and hears no interrupt: on programs of plans it takes up to
        # sixty times as long as all the rest, and saves nothing.
        solver.setOptionValue("presolve_rule_off", _PROBING)
        solver.passModel(loaded)
    return solver


def run(
    solver: highspy.Highs, seconds: float, is_stopped: Callable[[], bool] = is_stop_asked
) -> None:
    """Solve for so many seconds at most; ended where somebody asks for it.

    The solver runs in a thread of its own: only then is an interrupt heard while it is at work. It
    may be run again after it was ended.
    """
    seconds = max(seconds, 0.1)
    solver.setOptionValue("time_limit", solver.getRunTime() + seconds)
    # Between its looks at the clock it may overrun, the more so on a loaded machine.
    deadline = time.monotonic() + seconds + _LOOK_EVERY_S
    ending = threading.Event()
    with silent_solver(), _ended_by(solver, ending):
        solver.startSolve()
        try:
            while not solver.wait(_LOOK_EVERY_S)[0]:
                if is_stopped() or time.monotonic() > deadline:
                    ending.set()
        except BaseException:
            ending.set()
            solver.wait()
            raise


@contextmanager
def _ended_by(solver: highspy.Highs, ending: threading.Event) -> Iterator[None]:
    """Let an event end the solver while it is at work within this block.

    The package's own `cancelSolve` will not do: the solver remembers it, and ends every later solve
    before it begins.
    """

    def heed(asked: HighsCallbackEvent) -> None:
        asked.interrupt(ending.is_set())

    moments = (solver.cbSimplexInterrupt, solver.cbIpmInterrupt, solver.cbMipInterrupt)
    for moment in moments:
        moment.subscribe(heed)
    try:
        yield
    finally:
        for moment in moments:
            moment.unsubscribe(heed)


def solve(program: Program, *, gap: float, seconds: float) -> Answer:
    """Solve a program once."""
    solver = open_solver(program, gap=gap)
    run(solver, seconds)
    info, status = solver.getInfo(), solver.getModelStatus()
    is_optimal = status == highspy.HighsModelStatus.kOptimal
    values = np.array(solver.getSolution().col_value)
    has_one = len(values) > 0 and info.primal_solution_status == _FEASIBLE
    is_mip = program.is_whole.any()
    bound = info.mip_dual_bound if is_mip else info.objective_function_value
    if not (is_mip or is_optimal):
        bound = -np.inf
    return Answer(values if has_one else None, float(bound), is_optimal)
