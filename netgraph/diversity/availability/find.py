"""Expected outage minutes and faults of every circuit, group and site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.classes import build_classes
from netgraph.diversity.availability.components import build_components
from netgraph.diversity.availability.drafts import draft_rows
from netgraph.diversity.availability.rates import MINUTES_PER_YEAR
from netgraph.diversity.availability.solve import Cases, solve_cases
from netgraph.diversity.availability.structure import build_structure
from netgraph.diversity.availability.value import Availability, Outages
from netgraph.diversity.sharing.alike import equal_columns
from netgraph.topology.csr import Csr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability.components import Components
    from netgraph.diversity.availability.drafts import Drafts
    from netgraph.diversity.availability.formulas import Formula
    from netgraph.diversity.availability.rates import Rates
    from netgraph.diversity.availability.structure import Structure

_MONTHS = 12.0
_NO_MEMBER = "membership (geometry) of what may belong to a risk group that fails"
_NO_LENGTH = "a length on the way: length_m or geometry of its spans"


def find_availability(audit: Audit, rates: Rates) -> Availability:
    """Compute the expected outages of all circuits, groups and sites.

    Exact for components that fail independently of each other, each repaired on its own; a figure
    that would take too many routes at once is an upper bound and says so. Where a record is missing
    there is no figure. What is met in two sections, or serves circuits of several tiers, is given
    the higher rate and the longest repair. The time is linear in the ways on distinct routes.

    Parameters
    ----------
    audit
        The recorded routes, and what is missing on them.
    rates
        Failure rates, repair times and targets.

    Returns
    -------
    Availability
    """
    components = build_components(audit, rates)
    structure = build_structure(audit, components)
    drafts = draft_rows(audit, structure, rates)
    rows = _solve(components, structure, drafts, rates)
    return Availability(
        rates=rates,
        units=_part(rows, 0, drafts.n_units),
        sites=_part(rows, drafts.n_units, len(rows)),
        site_places=drafts.places,
        switching=structure.switching,
    )


def _solve(components: Components, structure: Structure, drafts: Drafts, rates: Rates) -> Outages:
    pairs, of_row = np.unique(equal_columns(drafts.formula, drafts.hours), return_inverse=True)
    atoms_of = _atoms_of(drafts.formulas)
    cases = Cases(
        np.array([formula.shape for formula in drafts.formulas], dtype=np.int64),
        structure.shapes.plain,
        atoms_of,
        drafts.profiles,
        np.column_stack([drafts.formula[pairs], drafts.hours[pairs]]),
    )
    figures = solve_cases(cases, structure.atoms, build_classes(components), rates.manual_switch_h)
    values = np.array([figures.down, figures.failures, figures.shared_down])[:, of_row]

    def on_rows(mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return _over(atoms_of, _over(structure.atoms[0], mark))[drafts.formula]

    is_assumed = on_rows(components.is_assumed)
    missing = dict(drafts.missing)
    for mark, lacking in ((components.is_unknown, _NO_LENGTH), (components.is_open, _NO_MEMBER)):
        for row in np.flatnonzero(on_rows(mark)).tolist():
            missing[row] = (*missing.get(row, ()), lacking)
    for row, others in drafts.sums.items():
        values[:, row] = values[:, others].sum(axis=1)
        is_assumed[row] = is_assumed[others].any()
        found = dict.fromkeys(text for other in others for text in missing.get(other, ()))
        missing |= {row: tuple(found)} if found else {}
    values[:, list(missing)] = np.nan
    return Outages(
        minutes_year=np.minimum(values[0], 1.0) * MINUTES_PER_YEAR,
        faults_month=values[1] / _MONTHS,
        shared_minutes_year=np.minimum(values[2], 1.0) * MINUTES_PER_YEAR,
        target_minutes_year=drafts.target_minutes,
        is_bound=drafts.is_bound,
        is_length_assumed=is_assumed,
        missing=missing,
    )


def _atoms_of(formulas: list[Formula]) -> Csr:
    counts = np.array([len(formula.atoms) for formula in formulas], dtype=np.int64)
    flat = np.array([atom for formula in formulas for atom in formula.atoms], dtype=np.int64)
    return Csr(np.append(0, np.cumsum(counts)), flat)


def _over(table: Csr, mark: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows with a marked entry."""
    result = np.zeros(len(table), dtype=bool)
    if mark.any():
        result[table.owners[mark[table.indices]]] = True
    return result


def _part(rows: Outages, low: int, high: int) -> Outages:
    at = slice(low, high)
    return Outages(
        minutes_year=rows.minutes_year[at],
        faults_month=rows.faults_month[at],
        shared_minutes_year=rows.shared_minutes_year[at],
        target_minutes_year=rows.target_minutes_year[at],
        is_bound=rows.is_bound[at],
        is_length_assumed=rows.is_length_assumed[at],
        missing={row - low: m for row, m in rows.missing.items() if low <= row < high},
    )
