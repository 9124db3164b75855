"""Gather the workbook of an assessment: its tables, the lists that planners work from, notes."""

from __future__ import annotations

import functools
from dataclasses import astuple
from operator import itemgetter
from typing import TYPE_CHECKING

from netgraph.assessment.handover.carried import MOST_RESOURCES, carried_resources
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.workbook_lists import (
    equipment_rows,
    hazard_rows,
    ledger_rows,
    single_route_rows,
)
from netgraph.assessment.works.lists import YUAN, Places, ring_work_rows, works_of_elements
from netgraph.messages import say_message
from netgraph.report import labels
from netgraph.report.contract import table_specs
from netgraph.report.trace.words import record
from netgraph.report.workbook import Book, Sheet, SheetNote, sheet_specs
from netgraph.scoring.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.handover.carried import Carried, Resource
    from netgraph.assessment.standing import SiteStanding
    from netgraph.assessment.value import Assessment
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks, Work
    from netgraph.scoring import Scorecard
    from netgraph.scoring.scorecard import Item

    Row = tuple[object, ...]

_AREAS = ("cities", "counties", "customers")
_PLANNED = ("works", "work_kinds", "work_cost_wan")  # the last columns of the sheet of equipment


def workbook_of(
    assessment: Assessment, works: PlannedWorks | None = None, carried: Carried | None = None
) -> Book:
    """Gather what OUT/assessment.xlsx holds.

    Parameters
    ----------
    assessment
        The results.
    works
        The works of a plan for this inventory: the chosen ones fill the ring works, and stand
        beside the devices that they put right. An assessment by itself proposes none.
    carried
        What carries many circuits, if it is known already.

    Returns
    -------
    Book
        For :func:`netgraph.report.workbook.write_book`.
    """
    standings, naming = assessment.standings, Naming(assessment)
    carried = carried or carried_resources(assessment, naming)
    sheets = [
        Sheet("sites", _site_rows(assessment, standings)),
        Sheet("circuits", _circuit_rows(assessment)),
        Sheet("single_routes", single_route_rows(assessment, standings, naming)),
        Sheet("hazards", *hazard_rows(assessment, naming)),
        Sheet(
            "ring_works", ring_work_rows(works.chosen, Places(assessment, naming)) if works else ()
        ),
        _equipment(assessment, naming, works),
        Sheet("risks", [_resource_row(r, naming) for r in carried.resources], carried.left_out),
        Sheet("ledger", ledger_rows(assessment, standings, naming)),
        *(Sheet(area, sorted(assessment.rows(area), key=_badness(area))) for area in _AREAS),
        Sheet("findings", _finding_rows(assessment)),
        Sheet("scorecard", _scorecard_rows(assessment)),
    ]
    return Book(
        summary=assessment.summary,
        sheets=sheets,
        notes=_notes(assessment, works),
        snapshot_date=assessment.network.inventory.snapshot_date,
        lang=_language(assessment),
    )


def _equipment(assessment: Assessment, naming: Naming, works: PlannedWorks | None) -> Sheet:
    """Devices that fail items; with a plan, what it does about each and for how much."""
    rows = equipment_rows(assessment, naming)
    if works is None:
        names = [column.name for column in sheet_specs()["equipment"].columns]
        return Sheet("equipment", rows, columns=tuple(names[: -len(_PLANNED)]))
    planned = works_of_elements(works)
    return Sheet(
        "equipment",
        [(*row, *_planned(planned.get((str(row[3]), str(row[4])), ()))) for row in rows],
    )


def _planned(works: Sequence[Work]) -> Row:
    """Cells of :data:`_PLANNED`."""
    if not works:
        return (None,) * len(_PLANNED)
    costs = [work.cost_yuan or 0.0 for work in works]
    return (
        "; ".join(work.work_id for work in works),
        ";".join(dict.fromkeys(work.kind for work in works)), sum(costs) / YUAN,
    )  # fmt: skip


def _language(assessment: Assessment) -> Language:
    return "zh" if assessment.options.lang == "zh" else "en"


def _site_rows(assessment: Assessment, standings: Iterable[SiteStanding]) -> list[Row]:
    """Rows of sites.csv in the order and with the further columns of the sheet, worst first."""
    names = table_specs()["sites"].names
    further = ("importance", "severity", "outage_minutes_year")
    told = (*names, *further)
    pick = itemgetter(*(told.index(c.name) for c in sheet_specs()["sites"].columns))
    return [
        pick((
            *row, standing.importance, standing.severity.value if standing.circuits else None,
            standing.outage_minutes_year,
        ))
        for row, standing in zip(assessment.rows("sites"), standings, strict=True)
    ]  # fmt: skip


def _circuit_rows(assessment: Assessment) -> list[Row]:
    names = table_specs()["circuits"].names
    pick = itemgetter(*(names.index(c.name) for c in sheet_specs()["circuits"].columns))
    at, lang = names.index("missing_records"), _language(assessment)
    gap = "；" if lang == "zh" else "; "

    def told(row: Row) -> Row:
        if not row[at]:
            return row
        records = (record(words, lang) for words in str(row[at]).split("; "))
        return (*row[:at], gap.join(records), *row[at + 1 :])

    return [pick(told(row)) for row in assessment.rows("circuits")]


def _resource_row(resource: Resource, naming: Naming) -> Row:
    *told, lon, lat = astuple(resource)
    return (*told, naming.position(lon, lat))


def _badness(area: str) -> itemgetter[object]:
    """Sort areas by their names; the filters of the sheet do the rest."""
    return itemgetter(0, 1) if area == "counties" else itemgetter(0)


def _finding_rows(assessment: Assessment) -> list[Row]:
    lang = _language(assessment)
    say = functools.partial(say_message, lang=lang)
    return [
        (
            f.rule, f.severity, labels.label("inventory_table", f.table, lang), f.row_id,
            say(f.place), say(f.message), say(f.hint),
        )
        for f in assessment.findings
    ]  # fmt: skip


def _scorecard_rows(assessment: Assessment) -> list[Row]:
    card, zh = assessment.scores.card, assessment.options.lang == "zh"
    counts = {item.id: dict.fromkeys(Result, 0) for item in card.items}
    for score in assessment.scores.by_place.values():
        for item, result in score.items.items():
            counts[item][result.result] += 1
    return [
        (
            item.id, card.categories[item.category][0 if zh else 1], item.zh if zh else item.en,
            *(item.points.get(tier) for tier in labels.identifiers("tier")),
            item.source, _pass_rule(card, item, zh=zh), "; ".join(item.evidence),
            *(counts[item.id][result] for result in Result),
        )
        for item in card.items
    ]  # fmt: skip


def _pass_rule(card: Scorecard, item: Item, *, zh: bool) -> str:
    """Say when an item passes, with the card's own limits in the place of their names."""
    rule = (zh and item.pass_zh) or item.pass_rule
    limits = {
        "max_age_years": f"{card.max_age_years} {'年' if zh else 'years'}",
        "min_spare_cores": f"{card.min_spare_cores}",
        "max_core_occupancy": f"{card.max_core_occupancy:.0%}",
    }
    for name, limit in limits.items():
        rule = rule.replace(name, limit)
    return rule


def _notes(assessment: Assessment, works: PlannedWorks | None) -> list[SheetNote]:
    lang = _language(assessment)
    table = assessment.network.inventory.table("inventory")
    source = str(table["notes"][0]) if len(table) else ""
    card = assessment.scores.card
    notes = [card.note_zh if lang == "zh" else card.note_en]
    notes += [labels.text(name, lang) for name in ("best_note", "records_note")]
    notes += [labels.text("risks_note", lang, count=MOST_RESOURCES)]
    money = "no_prices_note" if works is None else "plan_note"
    notes += [labels.text("outages_independent", lang)]
    notes += [
        labels.text(
            money,
            lang,
            level=labels.label("price_level", works.summary.price_level, lang) if works else "",
        )
    ]
    said = [labels.text("source_note", lang, notes=source)] if source else []
    if homeless := assessment.summary.without_site:
        said.append(labels.text("without_site_note", lang, count=homeless))
    return [
        *(SheetNote(note, is_strong=True) for note in said),
        *(SheetNote(note) for note in notes if note),
    ]
