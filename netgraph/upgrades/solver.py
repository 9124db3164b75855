"""HiGHS as the plans use it: stopped when somebody asks for it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netgraph.diversity import integer_programs
from netgraph.diversity.integer_programs import answer_of, silent_solver
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import highspy
    from highspy.highs import HighsCallbackEvent

    from netgraph.diversity.integer_programs import Answer, Program

_LOOK_EVERY_S = 0.05
_PROBING = 1 << 15  # the bit of this rule of the presolve


def open_solver(program: Program, *, gap: float) -> highspy.Highs:
    """Load a program into a solver that ends where `gap` (a share of the cost) is proven.

    Probing is left out: it looks at no clock and hears no interrupt; on programs of plans it takes
    up to sixty times as long as all the rest, and saves nothing.
    """
    return integer_programs.open_solver(program, gap=gap, rules_off=_PROBING)


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
    return answer_of(solver, is_whole=bool(program.is_whole.any()))
