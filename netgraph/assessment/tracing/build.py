"""One circuit or site on a sheet: from an inventory or an assessment to the value that is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from netgraph.assessment.options import Options
from netgraph.assessment.results import Results
from netgraph.assessment.tracing.answers import merge_alike, score_note, standing, unit_trace
from netgraph.assessment.tracing.better_ways import alternatives, other_answers
from netgraph.assessment.tracing.case import case_of_inventory, case_of_results
from netgraph.assessment.tracing.certified import certificate_notes
from netgraph.assessment.tracing.drawing import trace_drawing
from netgraph.assessment.tracing.lanes import named_place
from netgraph.report.trace.sheet import Named, Trace

if TYPE_CHECKING:
    from netgraph.assessment.tracing.case import Case, Progress
    from netgraph.inventory import Inventory


def trace(
    source: Inventory | Results,
    subject: str,
    options: Options | None = None,
    *,
    lang: str | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Put one circuit, or one site with all its circuits, on a sheet.

    Parameters
    ----------
    source
        An inventory, or an assessment of one, of which nothing is then worked out again.
    subject
        Id of a circuit or of a site, or the exact name of a site.
    options
        Thresholds, scorecard, date, limit of the search; only for an inventory.
    lang
        "zh" or "en"; that of the options or of the assessment when omitted.
    progress
        Called from time to time with (stage, done, all).

    Returns
    -------
    Trace
        From an inventory: the audit of everything, and the searches of the one site; exact, or
        they say `unproven`.

    Raises
    ------
    UsageError
        If nothing is called so, or several things are.
    """
    if isinstance(source, Results):
        case = case_of_results(source, subject, lang or source.options.lang)
    else:
        options = options or Options()
        if lang is not None:
            options = replace(options, lang=lang)
        case = case_of_inventory(source, subject, options, progress or _no_progress)
    return _sheet(case)


def _no_progress(stage: str, done: int, whole: int) -> None:
    """Say nothing."""


def _sheet(case: Case) -> Trace:
    network, places = case.network, case.network.places
    inventory, table = network.inventory, network.inventory.table("inventory")
    ends = dict.fromkeys(
        int(place)
        for circuit in case.subject.circuits
        for place in (network.circuits.b[circuit], network.circuits.b2[circuit])
        if place >= 0
    )
    return Trace(
        subject=case.subject.id,
        table=case.subject.table,
        site=named_place(places, case.place),
        customer=_customer(case),
        centres=tuple(named_place(places, place) for place in ends),
        standing=standing(case),
        units=merge_alike(unit_trace(case, unit) for unit in case.units),
        alternatives=alternatives(case),
        other_answers=other_answers(case),
        certificates=certificate_notes(case),
        score=score_note(case),
        inventory=str(table["name"][0]) if len(table) else "",
        snapshot_date=inventory.snapshot_date.isoformat() if inventory.snapshot_date else "",
        attribution=str(table["notes"][0]) if len(table) else "",
        lang="zh" if case.lang == "zh" else "en",
        drawing=trace_drawing(case),
        sources={source.path: source.sha256 for source in inventory.sources},
    )


def _customer(case: Case) -> Named:
    """Name the customer of the subject's first circuit."""
    wanted = str(case.network.circuits.customer[case.subject.circuits[0]])
    table = case.network.inventory.table("customers")
    rows = (table["id"] == wanted).nonzero()[0]
    return Named("customer", wanted, str(table["name"][rows[0]]) if len(rows) else "")
