"""What an assessment comes to, in figures: the value behind summary.json and the console."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING

from netgraph.messages import default_language
from netgraph.report.summary_html import summary_html

if TYPE_CHECKING:
    from netgraph.report.labels import Language
    from netgraph.report.outages import ExpectedOutages


@dataclass(frozen=True)
class UnitCount:
    """Sites of one tier, city, county or customer.

    `grades` counts sites by grade ("" = without), `severities` sites by their worst hazard,
    `hazards` counts hazards by severity.
    `dual_required` sites are those whose tier asks for diversity and that have circuits,
    `dual_proven` of them are proven diverse.
    """

    name: str
    sites: int
    circuits: int
    grades: Mapping[str, int] = field(default_factory=dict)
    provisional: int = 0
    hazards: Mapping[str, int] = field(default_factory=dict)
    dual_required: int = 0
    dual_proven: int = 0
    severities: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class CauseCount:
    """One place that causes hazards: what is shared, from where to where, and whom it hits."""

    cause_id: str
    severity: str
    kind: str
    from_structure: str
    to_structure: str
    metres: float | None
    circuits: int
    sites: int
    worst_tier: str = ""
    from_name: str = ""
    to_name: str = ""

    @property
    def place(self) -> str:
        """Where it is: one name, or from and to."""
        start = self.from_name or self.from_structure
        end = self.to_name or self.to_structure
        return start if start == end or not end else f"{start} – {end}"


@dataclass(frozen=True)
class WorstSite:
    """One of the sites to look at first.

    `grade` is the grade, or "worse~better" where missing records leave it open; `score` and
    `ratio` are None where a site has none, `severity`, `level` and `grade` are "".
    """

    site_id: str
    name: str
    city: str
    tier: str
    severity: str
    level: str
    score: float | None
    ratio: float | None
    grade: str


@dataclass(frozen=True)
class Summary:
    """An assessment in figures.

    Attributes
    ----------
    name, snapshot_date
        Of the inventory; the date in ISO form, or None if it is not recorded.
    customers, sites, circuits
        How many there are.
    grades, grades_best
        Sites by grade, and by the grade they would have if every unknown item passed.
    provisional
        Sites whose two grades differ.
    levels
        Sites by recorded level, worst first; sites without circuits are left out.
    requirement
        Sites whose tier asks for diversity: met, not_met, undecided.
    by_tier, by_city
        Counts of sites; tiers from the highest, cities worst first.
    hazards
        Hazards by severity: one a group of circuits and place.
    site_severities, cause_severities
        Sites by their worst hazard; places with hazards, each once.
    worst_sites
        The first ten of the ranking.
    causes
        The worst causes, worst first, and how many there are in all.
    findings
        Data findings by severity.
    unconfirmed
        Circuits without any record of a second route, counted as single-routed.
    without_site
        Circuits that count at no site, for their A end is no site in service. Those of the sites
        and these are all circuits.
    undecidable
        Sites that cannot be decided for lack of records.
    unproven
        Searches that hit their limit.
    score_note
        Where the points come from; shown with every score.
    outages
        Modelled outages, summed over the circuits; None where they were not computed.
    """

    sites: int
    circuits: int
    customers: int = 0
    name: str = ""
    snapshot_date: str | None = None
    grades: Mapping[str, int] = field(default_factory=dict)
    grades_best: Mapping[str, int] = field(default_factory=dict)
    provisional: int = 0
    levels: Mapping[str, int] = field(default_factory=dict)
    requirement: Mapping[str, int] = field(default_factory=dict)
    by_tier: tuple[UnitCount, ...] = ()
    by_city: tuple[UnitCount, ...] = ()
    hazards: Mapping[str, int] = field(default_factory=dict)
    site_severities: Mapping[str, int] = field(default_factory=dict)
    cause_severities: Mapping[str, int] = field(default_factory=dict)
    worst_sites: tuple[WorstSite, ...] = ()
    causes: tuple[CauseCount, ...] = ()
    causes_in_all: int = 0
    findings: Mapping[str, int] = field(default_factory=dict)
    unconfirmed: int = 0
    without_site: int = 0
    undecidable: int = 0
    unproven: int = 0
    score_note: str = ""
    outages: ExpectedOutages | None = None

    @property
    def by_severity(self) -> tuple[tuple[str, Mapping[str, int]], ...]:
        """What is counted by severity (a phrase of the catalogue), and the counts."""
        return (
            ("sites_counted", self.site_severities),
            ("causes_counted", self.cause_severities),
            ("hazards_counted", self.hazards),
        )

    def as_json(self) -> dict[str, object]:
        """Return what summary.json holds."""
        written = replace(self, outages=self.outages.rounded()) if self.outages else self
        return {part.name: _plain(getattr(written, part.name)) for part in fields(written)}

    def to_html(self, lang: Language | None = None) -> str:
        """Return the summary as HTML, as a notebook shows it."""
        return summary_html(self, lang or default_language())


def _plain(value: object) -> object:
    """Turn frozen values into what JSON has; `dataclasses.asdict` would garble a Counter."""
    if is_dataclass(value):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
