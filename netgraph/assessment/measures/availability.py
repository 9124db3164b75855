"""Expected outages as rows of the output tables, and their sums over the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.measures.faults import observed_outages
from netgraph.diversity.availability.structure import AUTOMATIC, SWITCHING_NAMES
from netgraph.report.figures import modelled_basis
from netgraph.report.outages import ExpectedOutages

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.diversity.availability import Outages

    Row = tuple[object, ...]


def availability_rows(results: Results) -> list[Row]:
    """Rows of availability.csv: one a circuit."""
    circuits, found = results.network.circuits, results.availability_found
    ids = np.append(results.network.places.ids, "")
    return [
        (
            circuit_id, ids[circuits.a[i]], circuits.customer[i], circuits.tier[i],
            *_figures(found.units, i),
            bool(found.switching[i] == AUTOMATIC), SWITCHING_NAMES[found.switching[i]],
            *_doubts(found.units, i),
        )
        for i, circuit_id in enumerate(circuits.ids)
    ]  # fmt: skip


def availability_site_rows(results: Results) -> list[Row]:
    """Rows of availability_sites.csv: one a site in service with circuits."""
    places, found = results.network.places, results.availability_found
    table = results.network.inventory.table("sites")
    counts = np.bincount(
        results.network.circuits.a[results.network.circuits.a >= 0], minlength=len(places)
    )
    rows: list[Row] = []
    for i, place in enumerate(found.site_places.tolist()):
        row = places.rows[place]
        rows.append((
            places.ids[place], table["customer_id"][row], results.tiers[place], table["city"][row],
            table["county"][row], int(counts[place]), *_figures(found.sites, i),
            *_doubts(found.sites, i),
        ))  # fmt: skip
    return rows


def _figures(rows: Outages, i: int) -> tuple[object, ...]:
    return (
        float(rows.minutes_year[i]), float(rows.faults_month[i]),
        float(rows.target_minutes_year[i]), rows.meets_target(i),
        float(rows.shared_minutes_year[i]),
    )  # fmt: skip


def _doubts(rows: Outages, i: int) -> tuple[object, ...]:
    return (
        bool(rows.is_bound[i]), bool(rows.is_length_assumed[i]), "; ".join(rows.missing.get(i, ())),
        modelled_basis(rows.minutes_year[i]),
    )  # fmt: skip


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
