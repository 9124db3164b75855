"""The solver of plans, ended in the middle of its work."""

import highspy
import numpy as np
import pytest
from scipy.sparse import csr_array

from netgraph.diversity.integer_programs import INFINITY, Program
from netgraph.upgrades.solver import open_solver, run

_SHARES, _COLUMNS = 5, 40


@pytest.fixture(scope="module")
def market():
    """A market split: forty customers, five goods that two sellers shall halve; hours of work."""
    weights = np.random.default_rng(1).integers(1, 100, (_SHARES, _COLUMNS)).astype(float)
    half = weights.sum(axis=1) // 2
    return Program(
        cost=np.ones(_COLUMNS), rows=csr_array(weights), lower=half, upper=half,
        most=np.ones(_COLUMNS), is_whole=np.ones(_COLUMNS, dtype=bool),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "is_stopped"), [(60.0, lambda: True), (0.1, lambda: False)], ids=["asked", "clock"]
)
def test_a_solver_that_was_ended_solves_the_next_program(market, seconds, is_stopped):
    solver = open_solver(market, gap=0.0)
    run(solver, seconds, is_stopped)
    assert solver.getModelStatus() in {
        highspy.HighsModelStatus.kInterrupt, highspy.HighsModelStatus.kTimeLimit,
    }  # fmt: skip
    # Twenty of the forty, so that each good is covered: a tree of some hundred nodes.
    for row, least in enumerate(market.lower.tolist()):
        solver.changeRowBounds(row, least, INFINITY)
    costs = np.random.default_rng(2).integers(20, 30, _COLUMNS).astype(float)
    solver.changeColsCost(_COLUMNS, np.arange(_COLUMNS, dtype=np.int32), costs)
    run(solver, 60.0, lambda: False)
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert solver.getInfo().mip_node_count > 1
