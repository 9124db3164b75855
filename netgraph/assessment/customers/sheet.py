"""Gather the printable sheet of one customer (一户一案)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from netgraph.assessment.customers.actions import action_for
from netgraph.assessment.customers.sections import (
    action_section,
    doubt_section,
    hazard_section,
    site_section,
)
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.pdf_tables import grade_strip
from netgraph.diversity.causes import gather_causes
from netgraph.diversity.levels import Severity
from netgraph.report import labels
from netgraph.report.pdf import Figure, Report, Section

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.diversity.hazards import Cause
    from netgraph.diversity.verdict import Verdict
    from netgraph.report.labels import Language

_MAP_CM = 10.5


@dataclass(frozen=True)
class CustomerCase:
    """One customer, and what was found of it; computed when asked for."""

    assessment: Assessment
    customer_id: str

    @property
    def lang(self) -> Language:
        """Language of the sheet."""
        return "zh" if self.assessment.options.lang == "zh" else "en"

    @cached_property
    def naming(self) -> Naming:
        """Names of places and devices."""
        return Naming(self.assessment)

    @cached_property
    def name(self) -> str:
        """Name of the customer; its id where no name is recorded."""
        return self.naming.customer(self.customer_id)

    @cached_property
    def circuits(self) -> tuple[int, ...]:
        """Circuits of the customer."""
        customers = self.assessment.network.circuits.customer
        return tuple(i for i, owner in enumerate(customers) if owner == self.customer_id)

    @cached_property
    def standings(self) -> list[SiteStanding]:
        """Sites where its circuits begin, or that are its own; worst first."""
        begins = {int(self.assessment.network.circuits.a[c]) for c in self.circuits}
        return [
            s for s in self.assessment.standings
            if s.place in begins or (s.customer_id == self.customer_id and s.circuits)
        ]  # fmt: skip

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """One a group of circuits of its sites."""
        audit = self.assessment.audit
        circuits = (c for s in self.standings for c in s.circuits)
        units = dict.fromkeys(int(audit.units.group_of_circuit[c]) for c in circuits)
        return [audit.verdicts[unit] for unit in units]

    @cached_property
    def causes(self) -> list[Cause]:
        """Places with the hazards of this customer alone, worst first."""
        assessment, units = self.assessment, {v.unit for v in self.verdicts}
        own = [h for h in assessment.hazards_found if h.unit in units]
        minutes = assessment.availability_found.units.minutes_year
        found = gather_causes(assessment.audit, own, minutes)
        return [cause for cause in found if cause.severity is not Severity.INFO]

    @cached_property
    def actions(self) -> dict[str, str]:
        """Site id to what to do."""
        return {s.site_id: action_for(self.assessment, s) for s in self.standings}

    def say(self, phrase: str, **values: object) -> str:
        """Look up a phrase of the sheet and fill its places in."""
        return labels.label("customer_sheet", phrase, self.lang).format(**values)


def customer_sheet(case: CustomerCase, picture: Path) -> Report:
    """Gather what the sheet of a customer says.

    Parameters
    ----------
    case
        The customer.
    picture
        PNG of its map.

    Returns
    -------
    Report
        One or two pages, for :func:`netgraph.report.pdf.write_report`.
    """
    assessment, lang = case.assessment, case.lang
    table = assessment.network.inventory.table("inventory")
    date = assessment.network.inventory.snapshot_date
    snapshot = (
        labels.text("snapshot", lang, date=date.isoformat())
        if date else labels.text("snapshot_unknown", lang)
    )  # fmt: skip
    card = assessment.scores.card
    about = dict.fromkeys(filter(None, (case.customer_id, _industry(case), snapshot)))
    return Report(
        title=case.say("title", customer=case.name),
        subtitle=" · ".join(about),
        header=case.say("title", customer=case.name),
        sections=[
            Section(case.say("map"), [Figure(picture, case.say("map_key"), 1.0, _MAP_CM)]),
            site_section(case), hazard_section(case), action_section(case), doubt_section(case),
        ],
        notice=str(table["notes"][0]) if len(table) else "",
        figures=_figures(case),
        bar=_grades(case),
        small_print=[
            card.note_zh if lang == "zh" else card.note_en, labels.text("records_note", lang),
        ],
        snapshot_date=date,
        lang=lang,
        has_cover=False,
    )  # fmt: skip


def _industry(case: CustomerCase) -> str:
    table = case.assessment.network.inventory.table("customers")
    rows = (table["id"] == case.customer_id).nonzero()[0]
    return str(table["industry"][rows[0]]) if len(rows) else ""


def _figures(case: CustomerCase) -> list[tuple[str, str]]:
    rules = case.assessment.options.rules
    asked = [s for s in case.standings if rules.requires_diversity(s.tier)]
    met = sum(s.meets_requirement is True for s in asked)
    red = sum(cause.severity is Severity.RED for cause in case.causes)
    return [
        (f"{len(case.standings):,}", labels.label("column", "sites", case.lang)),
        (f"{len(case.circuits):,}", labels.label("column", "circuits", case.lang)),
        (f"{met:,} / {len(asked):,}", case.say("met")),
        (f"{red:,}", case.say("red_places")),
    ]


def _grades(case: CustomerCase) -> list[tuple[int, str, str]]:
    found = Counter(s.score.grade if s.score else "" for s in case.standings)
    return grade_strip({grade: found[grade] for grade in labels.identifiers("grade")}, case.lang)
