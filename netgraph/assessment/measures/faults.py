"""Recorded faults beside the modelled ones: how many, how long, how many restored in time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.checks.ledgers import EARLIEST
from netgraph.report.outages import ObservedOutages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.assessment.results import Results
    from netgraph.topology.csr import Ints

    Row = tuple[object, ...]
    Key = tuple[str, str, str]  # scope, city, customer

_DAYS_PER_MONTH = 365 / 12


@dataclass(frozen=True, eq=False)
class FaultRecords:
    """Faults that can be counted: of a circuit in service, begun before the snapshot, over later.

    Attributes
    ----------
    circuit
        Circuit of each fault; shape (faults,).
    start, end
        When each began and was over, or the end of the records where that came first.
    is_in_time
        1 restored within the circuit's repair time, 0 not, -1 still open and not yet late.
    days
        Length of the records: from the month of the first fault to the snapshot, or to the last.
    """

    circuit: Ints
    start: NDArray[np.datetime64]
    end: NDArray[np.datetime64]
    is_in_time: NDArray[np.int8]
    days: float

    @property
    def months(self) -> float:
        """Length of the records in months."""
        return self.days / _DAYS_PER_MONTH


def read_faults(results: Results) -> FaultRecords | None:
    """Take the faults that can be counted; None without any.

    What is left out (no such circuit, restored before it started, a date that cannot be) is among
    the findings.
    """
    network = results.network
    table = network.inventory.table("faults")
    circuit = network.circuits.index.positions(table["circuit_id"])
    start, restored = table["started"], table["restored"]
    good = (circuit >= 0) & (start >= EARLIEST) & ~(restored < start)
    snapshot = network.inventory.snapshot_date
    if snapshot is not None:
        midnight = np.datetime64(snapshot, "D").astype(start.dtype)
        good &= start < midnight + np.timedelta64(1, "D")
    if not good.any():
        return None
    circuit, start, restored = circuit[good], start[good], restored[good]
    first = start.min().astype("datetime64[M]").astype(start.dtype)
    last = np.where(np.isnat(restored), start, restored).max()
    if snapshot is not None:
        last = min(max(last, midnight), midnight + np.timedelta64(1, "D"))
    end = np.where(np.isnat(restored), last, restored)
    minutes = (end - start) / np.timedelta64(1, "m")
    is_late = minutes > 60 * _repair_limits(results)[circuit]
    is_in_time = np.where(is_late, 0, np.where(np.isnat(restored), -1, 1)).astype(np.int8)
    days = max(float((last - first) / np.timedelta64(1, "D")), _DAYS_PER_MONTH)
    return FaultRecords(circuit, start, np.minimum(end, last), is_in_time, days)


def _repair_limits(results: Results) -> NDArray[np.float64]:
    """Hours in which each circuit is to be restored: its own limit, else its tier's."""
    network, rates = results.network, results.options.rates
    limits = network.inventory.table("circuits")["repair_limit_h"][network.circuits.rows]
    by_tier = np.array(
        [rates.repair_hours(tier, "access") for tier in network.circuits.tier.tolist()]
    )
    found: NDArray[np.float64] = np.where(np.isnan(limits), by_tier, limits)
    return found


def _down_minutes(faults: FaultRecords, n_circuits: int) -> NDArray[np.float64]:
    """Minutes that each circuit was down; what overlaps counts once."""
    minutes = np.zeros(n_circuits)
    reached: dict[int, np.datetime64] = {}
    for i in np.lexsort((faults.start, faults.circuit)).tolist():
        circuit = int(faults.circuit[i])
        start = max(faults.start[i], reached.get(circuit, faults.start[i]))
        end = max(faults.end[i], start)
        minutes[circuit] += (end - start) / np.timedelta64(1, "m")
        reached[circuit] = end
    return minutes


@dataclass(frozen=True)
class FaultCount:
    """Faults of some circuits, recorded and modelled."""

    circuits: int
    observed: ObservedOutages
    modelled_minutes_year: float
    modelled_faults_month: float
    circuits_unknown: int


def fault_rows(results: Results) -> list[Row]:
    """Rows of faults.csv: observed beside modelled, in all, by city and by customer."""
    return [(*key, *_row(count)) for key, count in _counts(results).items()]


def observed_outages(results: Results) -> ObservedOutages | None:
    """Sum the recorded faults over the network; None without any."""
    counts = _counts(results)
    return counts["network", "", ""].observed if counts else None


def _counts(results: Results) -> dict[Key, FaultCount]:
    faults = read_faults(results)
    if faults is None:
        return {}
    keys = _keys(results)
    members: dict[Key, list[int]] = defaultdict(list)
    for circuit, own in enumerate(keys):
        for key in own:
            members[key].append(circuit)
    down = _down_minutes(faults, len(keys))
    return {key: _count(results, faults, np.array(members[key]), down) for key in sorted(members)}


def _keys(results: Results) -> list[tuple[Key, Key, Key]]:
    network = results.network
    table, places = network.inventory.table("sites"), network.places
    n_offices = len(network.inventory.table("offices"))
    cities = [
        str(table["city"][places.rows[place]]) if n_offices <= place else ""
        for place in network.circuits.a.tolist()
    ]
    return [
        (("network", "", ""), ("city", city, ""), ("customer", "", str(customer)))
        for city, customer in zip(cities, network.circuits.customer.tolist(), strict=True)
    ]


def _count(
    results: Results, faults: FaultRecords, circuits: Ints, down: NDArray[np.float64]
) -> FaultCount:
    mine = np.isin(faults.circuit, circuits)
    in_time, late, still_open = (
        int((faults.is_in_time[mine] == value).sum()) for value in (1, 0, -1)
    )
    units = results.availability_found.units
    known = ~np.isnan(units.minutes_year[circuits])
    return FaultCount(
        circuits=len(circuits),
        observed=ObservedOutages(
            faults=int(mine.sum()),
            months=faults.months,
            faults_month=float(mine.sum() / faults.months),
            restored_in_time=in_time,
            restored_late=late,
            still_open=still_open,
            in_time_ratio=in_time / (in_time + late) if in_time + late else None,
            circuit_minutes_year=float(down[circuits].sum()) * 365 / faults.days,
        ),
        modelled_minutes_year=float(units.minutes_year[circuits][known].sum()),
        modelled_faults_month=float(units.faults_month[circuits][known].sum()),
        circuits_unknown=int((~known).sum()),
    )


def _row(count: FaultCount) -> Row:
    seen = count.observed
    return (
        count.circuits, seen.faults, seen.months, seen.faults_month, seen.restored_in_time,
        seen.restored_late, seen.still_open, seen.in_time_ratio, seen.circuit_minutes_year,
        count.modelled_minutes_year, count.modelled_faults_month, count.circuits_unknown,
    )  # fmt: skip
