"""Gather the workbook of a plan: what it costs and buys, then its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.works.lists import (
    Places,
    equipment_work_rows,
    frontier_rows,
    left_below_rows,
    ring_work_rows,
    site_change_rows,
)
from netgraph.report import labels
from netgraph.report.workbook import PlanBook, Sheet, SheetNote

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks

_NOTES = ("works_note_benefit", "works_note_before_after", "works_note_due", "outages_independent")


def plan_book(results: Results, works: PlannedWorks) -> PlanBook:
    """Gather what OUT/upgrades.xlsx holds.

    Parameters
    ----------
    results
        The assessment without the works; its language is the book's.

    Returns
    -------
    PlanBook
        For :func:`netgraph.report.workbook.write_book`. Every work that was proposed is listed,
        the chosen ones first.
    """
    lang: Language = "zh" if results.options.lang == "zh" else "en"
    places = Places(results, Naming(results))
    table = results.network.inventory.table("inventory")
    source = str(table["notes"][0]) if len(table) else ""
    told = [SheetNote(labels.text("source_note", lang, notes=source), is_strong=True)]
    card = results.scores.card
    return PlanBook(
        name=str(table["name"][0]) if len(table) else "",
        summary=works.summary,
        sheets=[
            Sheet("ring_works", ring_work_rows(works.works, places)),
            Sheet("equipment_works", equipment_work_rows(works.works, places)),
            Sheet("site_changes", site_change_rows(works, places)),
            Sheet("left_below", left_below_rows(works, places)),
            Sheet("frontier", frontier_rows(works)),
        ],
        notes=[
            *(told if source else []),
            SheetNote(card.note_zh if lang == "zh" else card.note_en),
            *(SheetNote(labels.text(name, lang)) for name in _NOTES),
        ],
        snapshot_date=results.network.inventory.snapshot_date,
        lang=lang,
    )
