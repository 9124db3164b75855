"""From formulas to figures: every distinct formula once, over classes of components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.availability.by_mask import CaseArrays, TermArrays, WayArrays, sum_by_mask
from netgraph.diversity.availability.components import ACCESS, BACKBONE, BOTH
from netgraph.diversity.availability.formulas import shape_of
from netgraph.diversity.levels import Section
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.availability.classes import RiskClasses
    from netgraph.diversity.availability.formulas import Formula, Ordered, Shape
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

_ACCESS_BITS = sum(
    1 << SECTION_BIT[s] for s in (Section.ACCESS_A, Section.UPLINK, Section.ACCESS_B)
)
_MASKS = np.arange(1 << len(Section))
#: Which rate a component has that is met in these sections.
_LEVEL = np.where(_MASKS & _ACCESS_BITS == 0, BACKBONE,
                  np.where(_MASKS & ~_ACCESS_BITS == 0, ACCESS, BOTH))  # fmt: skip


class Cases(NamedTuple):
    """Distinct pairs of a formula and hours to repair.

    Attributes
    ----------
    formulas, hours
        Formulas, and hours to repair by section.
    pairs
        Positions in the two; shape (cases, 2).
    """

    formulas: list[Ordered]
    hours: list[tuple[float, ...]]
    pairs: Ints


@dataclass(frozen=True, eq=False)
class Figures:
    """What the cases come to (see :class:`formulas.Solved`); arrays of shape (cases,)."""

    down: Floats
    failures: Floats
    shared_down: Floats


def solve_cases(
    cases: Cases, atoms: tuple[Csr, Ints], classes: RiskClasses, manual_switch_h: float
) -> Figures:
    """Compute distinct cases; linear in the classes on their atoms.

    Parameters
    ----------
    cases
        Formulas over the atoms.
    atoms
        Atom to ways, and the section of each entry.
    classes
        The components.
    manual_switch_h
        Hours of a fault in which nobody has switched yet.
    """
    figures = np.full((3, len(cases.pairs)), np.nan)
    of_formula = _atoms_of(cases.formulas)
    of_case, _ = gather(of_formula, cases.pairs[:, 0])
    sizes = of_formula.counts[cases.pairs[:, 0]]
    ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(1 << sizes)]).astype(np.int64)
    sums = sum_by_mask(
        CaseArrays(ptr, of_case, cases.pairs[:, 1].copy(), start),
        WayArrays(
            atoms[0].indptr, atoms[0].indices, atoms[1],
            classes.of_way.indptr, classes.of_way.indices,
        ),
        _terms(cases, classes, manual_switch_h),
    )  # fmt: skip
    for shape, members in _by_shape(cases):
        width = 1 << shape.n_atoms
        at = start[members][:, None] + np.arange(width)
        figures[:, members] = _solve_shape(shape, sums[:, at])
    return Figures(*figures)


def _atoms_of(formulas: list[Ordered]) -> Csr:
    counts = np.array([len(formula.atoms) for formula in formulas], dtype=np.int64)
    flat = np.array([atom for formula in formulas for atom in formula.atoms], dtype=np.int64)
    return Csr(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), flat)


def _by_shape(cases: Cases) -> Iterator[tuple[Shape, Ints]]:
    """Cases whose formulas differ only in their atoms."""
    shapes: dict[Formula, int] = {}
    of_formula = np.array(
        [shapes.setdefault(formula.plain, len(shapes)) for formula in cases.formulas],
        dtype=np.int64,
    )
    of_case = of_formula[cases.pairs[:, 0]]
    for formula, number in shapes.items():
        members = np.flatnonzero(of_case == number)
        if len(members):
            yield shape_of(formula), members


def _terms(cases: Cases, classes: RiskClasses, manual_switch_h: float) -> TermArrays:
    """Tabulate what each class adds, by the hours of its repair and by its rate."""
    hours = np.array(cases.hours, dtype=np.float64).reshape(-1, len(Section))
    has = _MASKS[:, None] >> np.arange(len(Section)) & 1 == 1
    longest = np.where(has[None], hours[:, None, :], 0.0).max(axis=2)
    values, which = np.unique(longest, return_inverse=True)
    up = np.array([classes.log_up(repair_h) for repair_h in values.tolist()])
    calm = np.array([classes.log_up_at_first(h, manual_switch_h) for h in values.tolist()])
    rate = np.array([classes.rates_at_first(h, manual_switch_h) for h in values.tolist()])
    shape = (len(values), len(classes.rate), len(classes))
    return TermArrays(
        which.reshape(longest.shape).astype(np.int64), _LEVEL.astype(np.int64),
        up.reshape(shape), calm.reshape(shape), classes.rates(), rate.reshape(shape),
    )  # fmt: skip


def _solve_shape(shape: Shape, sums: Floats) -> Floats:
    """Compute cases from their sums (4, cases, masks of atoms); shape (3, cases)."""
    up, calm, rate, rate_calm = sums
    cases, width = len(up), 1 << shape.n_bits
    log_up, failing = np.zeros((cases, width)), np.zeros((cases, width))
    # A fault is in its first hours, or in the rest of its repair: two components in one.
    n = 1 << shape.n_atoms
    log_up[:, :n] += up - calm
    log_up[:, shape.with_first_hours] += calm
    failing[:, :n] += rate - rate_calm
    failing[:, shape.with_first_hours] += rate_calm
    solved = shape.solve(log_up, failing, up)
    return np.array([solved.down, solved.failures, solved.shared_down])
