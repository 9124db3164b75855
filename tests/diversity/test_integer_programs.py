"""What the solver prints does not reach the standard output."""

from __future__ import annotations

import ctypes
import os

import numpy as np
import pytest

from netgraph.diversity.integer_programs import (
    INFINITY,
    Program,
    silent_solver,
    solve,
    sparse_rows,
)


@pytest.mark.skipif(os.name == "nt", reason="prints by the C library of POSIX systems")
def test_lines_of_compiled_code_are_dropped_and_those_before_and_after_are_kept(capfd):
    print_line = ctypes.CDLL(None).puts
    os.write(1, b"before\n")
    with silent_solver():
        print_line(b"stray")
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_output_is_back_after_an_error(capfd):
    with pytest.raises(ValueError, match="stop"), silent_solver():
        int("stop")
    os.write(1, b"after\n")
    assert capfd.readouterr().out == "after\n"


def test_a_program_is_solved():
    rows = sparse_rows(np.array([0, 0]), np.array([1, 0]), np.ones(2), (1, 2))
    most, whole = np.full(2, 5.0), np.ones(2, dtype=bool)
    found = solve(
        Program(np.array([1.0, 3.0]), rows, np.array([2.5]), np.array([INFINITY]), most, whole)
    )
    assert (found.x.tolist(), found.is_optimal, found.bound) == ([3.0, 0.0], True, 3.0)


def test_a_program_without_a_solution_says_so():
    rows = sparse_rows(np.array([0]), np.array([0]), np.ones(1), (1, 1))
    found = solve(
        Program(np.ones(1), rows, np.array([2.0]), np.array([INFINITY]), np.ones(1), np.ones(1) > 0)
    )
    assert (found.x, found.is_infeasible, found.is_optimal) == (None, True, False)


def test_rows_are_grouped_whatever_the_order_and_may_be_empty():
    """Rows 0 and 2 of three:  0: 5 at column 1;  2: 7 at column 0, 6 at column 2."""
    row, column = np.array([2, 0, 2]), np.array([2, 1, 0])
    rows = sparse_rows(row, column, np.array([6.0, 5.0, 7.0]), (3, 3))
    assert rows.indptr.tolist() == [0, 1, 1, 3]
    assert rows.indices.tolist() == [1, 0, 2]
    assert rows.data.tolist() == [5.0, 7.0, 6.0]
    more = rows.with_row(np.array([1]), np.array([9.0]))
    assert (more.shape, more.indptr.tolist(), more.data.tolist()[-1]) == (
        (4, 3),
        [0, 1, 1, 3, 4],
        9,
    )
