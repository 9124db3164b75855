"""Expected outages as rows of the output tables, and their sums over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.measures.faults import observed_outages
from netgraph.diversity.availability.structure import AUTOMATIC, SWITCHING_NAMES
from netgraph.report.cells import Coded
from netgraph.report.figures import MODELLED
from netgraph.report.outages import ExpectedOutages

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.diversity.availability import Outages
    from netgraph.report.cells import Cells


def availability_columns(results: Results) -> list[Cells]:
    """Columns of availability.csv: one row a circuit."""
    circuits, found = results.network.circuits, results.availability_found
    n = len(circuits)
    return [
        circuits.ids, Coded(circuits.a, [*results.network.places.ids.tolist(), ""]),
        circuits.customer, circuits.tier, *_figures(found.units, n),
        found.switching == AUTOMATIC, Coded(found.switching, SWITCHING_NAMES),
        *_doubts(found.units, n),
    ]  # fmt: skip


def availability_site_columns(results: Results) -> list[Cells]:
    """Columns of availability_sites.csv: one row a site in service with circuits."""
    places, found = results.network.places, results.availability_found
    table, rows = results.network.inventory.table("sites"), places.rows[found.site_places]
    a = results.network.circuits.a
    counts = np.bincount(a[a >= 0], minlength=len(places))
    n = len(rows)
    return [
        places.ids[found.site_places], table["customer_id"][rows],
        [results.tiers[place] for place in found.site_places.tolist()],
        table["city"][rows], table["county"][rows], counts[found.site_places],
        *_figures(found.sites, n), *_doubts(found.sites, n),
    ]  # fmt: skip


def _figures(rows: Outages, n: int) -> list[Cells]:
    """Columns of figures of the first n rows."""
    minutes, target = rows.minutes_year[:n], rows.target_minutes_year[:n]
    is_open = np.isnan(minutes) | np.isnan(target)
    meets = np.where(is_open, 2, minutes <= target)
    return [
        minutes, rows.faults_month[:n], target, Coded(meets, (False, True, None)),
        rows.shared_minutes_year[:n],
    ]  # fmt: skip


def _doubts(rows: Outages, n: int) -> list[Cells]:
    """Columns of what makes figures of the first n rows doubtful."""
    missing = [""] * n
    for row, records in rows.missing.items():
        if row < n:
            missing[row] = "; ".join(records)
    is_open = np.isnan(rows.minutes_year[:n]).astype(np.int8)
    return [
        rows.is_bound[:n], rows.is_length_assumed[:n], missing, Coded(is_open, (MODELLED, None)),
    ]  # fmt: skip


def expected_outages(results: Results) -> ExpectedOutages:
    """Sum the expected outages over the network."""
    found, n = results.availability_found, len(results.network.circuits)
    minutes, faults = found.units.minutes_year[:n], found.units.faults_month[:n]
    known = ~np.isnan(minutes)
    meets = [found.sites.meets_target(i) for i in range(len(found.sites))]
    return ExpectedOutages(
        circuits=int(known.sum()),
        circuits_unknown=int((~known).sum()),
        faults_month=float(faults[known].sum()),
        circuit_minutes_year=float(minutes[known].sum()),
        median_minutes_year=float(np.median(minutes[known])) if known.any() else None,
        sites_meeting_target=sum(m is True for m in meets),
        sites_missing_target=sum(m is False for m in meets),
        sites_unknown=sum(m is None for m in meets),
        switched_automatically=int((found.switching == AUTOMATIC).sum()),
        observed=observed_outages(results),
    )
