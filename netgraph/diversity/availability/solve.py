"""From formulas to figures: every distinct formula once, over classes of components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.audit.sections import SECTION_BIT
from netgraph.diversity.availability.by_mask import CaseArrays, TermArrays, WayArrays, sum_by_mask
from netgraph.diversity.availability.components import ACCESS, BACKBONE, BOTH
from netgraph.diversity.availability.formulas import prepare
from netgraph.diversity.levels import Section
from netgraph.topology.csr import Csr, gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.availability.classes import RiskClasses
    from netgraph.diversity.availability.formulas import Plain, Shape
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
    shape, shapes
        Shape of each formula, and the shapes.
    atoms
        Formula to atoms.
    hours
        Hours to repair by section.
    pairs
        Formula, and position of the hours; shape (cases, 2).
    """

    shape: Ints
    shapes: list[Plain]
    atoms: Csr
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
    of_case, _ = gather(cases.atoms, cases.pairs[:, 0])
    sizes = cases.atoms.counts[cases.pairs[:, 0]]
    ptr = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(1 << sizes)]).astype(np.int64)
    sums = sum_by_mask(
        CaseArrays(ptr, of_case, cases.pairs[:, 1].copy(), start),
        WayArrays(
            atoms[0].indptr, atoms[0].indices, atoms[1],
            classes.of_way.indptr, classes.of_way.indices,
        ),
        _terms(cases, classes, _sections_of(classes, atoms), manual_switch_h),
    )  # fmt: skip
    for shape, members in _by_shape(cases):
        width = 1 << shape.n_atoms
        at = start[members][:, None] + np.arange(width)
        figures[:, members] = _solve_shape(shape, sums[at].transpose(2, 0, 1))
    return Figures(*figures)


def _by_shape(cases: Cases) -> Iterator[tuple[Shape, Ints]]:
    """Cases whose formulas differ only in their atoms."""
    of_case = cases.shape[cases.pairs[:, 0]]
    for number in np.unique(of_case).tolist():
        yield prepare(cases.shapes[number]), np.flatnonzero(of_case == number)


def _sections_of(classes: RiskClasses, atoms: tuple[Csr, Ints]) -> Ints:
    """Mask of the sections in which some atom meets each class."""
    of_way = np.zeros(len(classes.of_way), dtype=np.int64)
    np.bitwise_or.at(of_way, atoms[0].indices, 1 << atoms[1])
    result = np.zeros(len(classes), dtype=np.int64)
    np.bitwise_or.at(result, classes.of_way.indices, of_way[classes.of_way.owners])
    return result


def _terms(
    cases: Cases, classes: RiskClasses, sections: Ints, manual_switch_h: float
) -> TermArrays:
    """Tabulate what each class adds, by the hours of its repair and by its rate.

    A rate that it has nowhere in its `sections` is left out: most classes have one.
    """
    hours = np.array(cases.hours, dtype=np.float64).reshape(-1, len(Section))
    has = _MASKS[:, None] >> np.arange(len(Section)) & 1 == 1
    longest = np.where(has[None], hours[:, None, :], 0.0).max(axis=2)
    values, which = np.unique(longest, return_inverse=True)
    adds = np.zeros((len(values), len(classes.rate), len(classes), 4))
    is_access, is_backbone = sections & _ACCESS_BITS != 0, sections & ~_ACCESS_BITS != 0
    asked = {ACCESS: is_access, BACKBONE: is_backbone, BOTH: is_access & is_backbone}
    for level, is_asked in asked.items():
        rated = classes.rated(level, is_asked)
        adds[:, level, :, 2] = rated.rates()
        for k, repair_h in enumerate(values.tolist()):
            adds[k, level, :, 0] = rated.log_up(repair_h)
            adds[k, level, :, 1] = rated.log_up_at_first(repair_h, manual_switch_h)
            adds[k, level, :, 3] = rated.rates_at_first(repair_h, manual_switch_h)
    return TermArrays(which.reshape(longest.shape).astype(np.int64), _LEVEL.astype(np.int64), adds)


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
