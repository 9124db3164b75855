"""What the solver prints does not reach the standard output."""

from __future__ import annotations

import ctypes
import os

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint

from netgraph.diversity.integer_programs import milp, silent_solver


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
    found = milp(
        np.array([1.0, 3.0]),
        integrality=np.ones(2),
        bounds=Bounds(0.0, 5.0),
        constraints=LinearConstraint(np.ones((1, 2)), 2.5, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    assert found.x.tolist() == [3.0, 0.0]
