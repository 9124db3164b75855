"""The web page of an assessment: gather what it shows, and render it."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from netgraph.assessment.handover.map_drawing import assessment_drawing
from netgraph.assessment.handover.web_routes import (
    page_best,
    page_elements,
    page_plant,
    page_routes,
)
from netgraph.assessment.handover.web_tables import page_tables
from netgraph.assessment.standing import circuits_without_site, site_standings
from netgraph.assessment.works.page import page_works
from netgraph.report.web import render_page
from netgraph.report.web.model import PageHead, PageModel, PageScores

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks

_INVENTED = ("invented", "synthetic", "虚构")
_MOST_EVIDENCE = 8


def assessment_page(
    results: Results, lang: str | None = None, works: PlannedWorks | None = None
) -> str:
    """Return the web page of an assessment: one self-contained HTML document.

    Parameters
    ----------
    lang
        "zh" or "en"; the language of the assessment when omitted. The page carries both.
    works
        The works of a plan for the same inventory, to be shown with it.
    """
    return render_page(page_model(results, lang or results.options.lang, works))


def write_page(results: Results, path: Path, works: PlannedWorks | None = None) -> None:
    """Write the web page in the language of the assessment; the same bytes on every machine."""
    path.write_text(assessment_page(results, works=works), encoding="utf-8", newline="\n")


def page_model(results: Results, lang: str, works: PlannedWorks | None = None) -> PageModel:
    """Gather what the page shows; O(rows of the tables and of the plant)."""
    standings = site_standings(results)
    tables, left_out = page_tables(results, standings)
    names = assessment_drawing(results, lang).places
    return PageModel(
        head=_head(results, "zh" if lang == "zh" else "en", standings, left_out),
        tables=tables,
        plant=page_plant(
            results,
            list(zip(names.x.tolist(), names.y.tolist(), names.names, names.ranks, strict=True)),
        ),
        elements=page_elements(results),
        routes=page_routes(results),
        scores=_scores(results, standings),
        best=tuple(page_best(results, standings, layer) for layer in ("cables", "spans")),
        works=None if works is None else page_works(works, standings),
    )


def _head(
    results: Results, lang: Language, standings: list[SiteStanding], left_out: dict[str, int]
) -> PageHead:
    inventory = results.network.inventory
    table, card = inventory.table("inventory"), results.scores.card
    notes = str(table["notes"][0]) if len(table) else ""
    date = inventory.snapshot_date
    return PageHead(
        name=str(table["name"][0]) if len(table) else "",
        lang=lang,
        snapshot_date=date.isoformat() if date else "",
        attribution=notes,
        is_invented=any(word in notes.lower() for word in _INVENTED),
        score_note={"zh": card.note_zh, "en": card.note_en},
        without_site=circuits_without_site(results, standings),
        left_out=left_out,
        version=version("netgraph-diversity"),
    )


def _scores(results: Results, standings: list[SiteStanding]) -> PageScores:
    card = results.scores.card
    letters, evidence, more = [], [], []
    for standing in standings:
        items = dict(standing.score.items) if standing.score else {}
        found = [items[item.id] for item in card.items if item.id in items]
        letters.append("".join(
            items[item.id].result.value[0] if item.id in items else "-" for item in card.items
        ))  # fmt: skip
        evidence.append([result.evidence[:_MOST_EVIDENCE] for result in found])
        more.append([max(0, len(result.evidence) - _MOST_EVIDENCE) for result in found])
    return PageScores(
        items=[
            (item.id, item.category, {"zh": item.zh, "en": item.en}, dict(item.points))
            for item in card.items
        ],
        categories={
            name: {"zh": words[0], "en": words[1]} for name, words in card.categories.items()
        },
        results=letters,
        evidence=evidence,
        evidence_more=more,
    )
