"""Expected outages of a network in figures, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from netgraph.report import labels
from netgraph.report.figures import round_modelled, two_digits

if TYPE_CHECKING:
    from rich.console import Console

    from netgraph.report.labels import Language


@dataclass(frozen=True)
class PublishedCase:
    """The case that the example restates, to set figures beside it.

    One bank before and after its unmanageable and unprotected devices were replaced and 28 sites
    put on rings (China Unicom Shanxi, 集团客户专网网络评估的探索).
    """

    circuits: int = 778
    faults_month_before: float = 27.0
    faults_month_after: float = 8.0


@dataclass(frozen=True)
class ObservedOutages:
    """Recorded faults of some circuits.

    Attributes
    ----------
    faults, months, faults_month
        How many there were, in how many months.
    restored_in_time, restored_late, still_open, in_time_ratio
        Restored within the repair time of the circuit, not so, still open and not yet late; and
        the share in time of those that are decided.
    circuit_minutes_year
        Minutes down a year, summed over the circuits.
    """

    faults: int
    months: float
    faults_month: float
    restored_in_time: int
    restored_late: int
    still_open: int
    in_time_ratio: float | None
    circuit_minutes_year: float


@dataclass(frozen=True)
class ExpectedOutages:
    """Modelled outages, summed over the circuits; components are taken to fail independently.

    Attributes
    ----------
    circuits, circuits_unknown
        Circuits with a figure, and those without one for lack of records.
    faults_month, circuit_minutes_year
        Sums over the circuits: one cut that takes down ten circuits counts ten times.
    median_minutes_year
        Of the circuits; None without any figure.
    sites_meeting_target, sites_missing_target, sites_unknown
        Sites by whether the expected minutes keep what their tier is promised.
    switched_automatically
        Circuits whose every switching point is recorded as switching by itself.
    observed
        What the faults table says; None without it.
    """

    circuits: int = 0
    circuits_unknown: int = 0
    faults_month: float = 0.0
    circuit_minutes_year: float = 0.0
    median_minutes_year: float | None = None
    sites_meeting_target: int = 0
    sites_missing_target: int = 0
    sites_unknown: int = 0
    switched_automatically: int = 0
    is_modelled: bool = True
    assumes_independent_failures: bool = True
    published_case: PublishedCase = PublishedCase()
    observed: ObservedOutages | None = None

    def rounded(self) -> ExpectedOutages:
        """Return the same with the modelled figures as they are written: two digits."""
        return replace(
            self,
            faults_month=round_modelled(self.faults_month),
            circuit_minutes_year=round_modelled(self.circuit_minutes_year),
            median_minutes_year=round_modelled(self.median_minutes_year),
        )


def print_expected_outages(outages: ExpectedOutages, console: Console, lang: Language) -> None:
    """Print the sums, the word modelled, and what they assume; nothing without a figure."""
    if not outages.circuits:
        return
    case = outages.published_case
    console.print()
    console.print(Text(labels.text("expected_outages", lang), style="bold"))
    figures = {
        "faults": two_digits(outages.faults_month),
        "circuits": f"{outages.circuits:,}",
        "per_hundred": two_digits(100 * outages.faults_month / outages.circuits),
        "median": two_digits(outages.median_minutes_year),
        "met": f"{outages.sites_meeting_target:,}",
        "sites": f"{outages.sites_meeting_target + outages.sites_missing_target:,}",
        "unknown": f"{outages.circuits_unknown:,}",
        "before": two_digits(100 * case.faults_month_before / case.circuits),
        "after": two_digits(100 * case.faults_month_after / case.circuits),
    }
    seen = outages.observed
    if seen:
        figures |= {
            "seen": two_digits(seen.faults_month),
            "count": f"{seen.faults:,}",
            "months": f"{seen.months:,.1f}",
            "in_time": "—" if seen.in_time_ratio is None else f"{seen.in_time_ratio:.1%}",
            "minutes": f"{seen.circuit_minutes_year:,.0f}",
            "modelled": two_digits(outages.circuit_minutes_year),
        }
    lines = ["outages_observed"] if seen else []
    lines += ["outages_faults", "outages_case", "outages_minutes"]
    lines += ["outages_unknown"] if outages.circuits_unknown else []
    for line in lines:
        console.print(labels.text(line, lang, **figures), markup=False)
    console.print(Text(labels.text("outages_independent", lang), style="dim"))
