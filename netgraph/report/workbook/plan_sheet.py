"""The first sheet of a plan's workbook, and the chart of cost against benefit as Excel draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.palette import AMBER, BLUE
from netgraph.report.workbook.blocks import Blocks
from netgraph.report.workbook.specs import sheet_specs
from netgraph.report.works import plan_lines

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

    from netgraph.report.labels import Language
    from netgraph.report.workbook.formats import Formats
    from netgraph.report.workbook.model import PlanBook, Sheet

_YUAN = 10_000.0  # of a figure


def write_plan_sheet(book: xlsxwriter.Workbook, content: PlanBook, formats: Formats) -> Worksheet:
    """Write what the plan costs and buys, by kind of work and by grade."""
    page = book.add_worksheet(labels.text("summary", content.lang))
    page.hide_gridlines(2)
    page.set_first_sheet()
    page.activate()
    writer = Blocks(page, formats, content.lang)
    _write_head(writer, content)
    for line in plan_lines(content.summary, content.lang):
        writer.note(line, "note")
    writer.line += 1
    writer.block("works_by_kind", _KIND_HEADINGS, _kind_rows(content))
    writer.block("grades", ("grade", "sites_before", "sites_after"), [
        (grade, count, content.summary.grades_after.get(grade, 0))
        for grade, count in content.summary.grades_before.items()
    ])  # fmt: skip
    writer.contents(content.sheets)
    writer.notes(content.notes)
    writer.set_up_print()
    return page


_KIND_HEADINGS = ("kind", "works_chosen", "works_proposed", "sites", "cost_wan")


def _write_head(writer: Blocks, content: PlanBook) -> None:
    lang, summary = content.lang, content.summary
    what = labels.text("works_title", lang)
    writer.text(f"{content.name} · {what}" if content.name else what, "title")
    writer.line += 1
    date = content.snapshot_date
    told = labels.text("snapshot", lang, date=date.isoformat()) if date else ""
    writer.text(told or labels.text("snapshot_unknown", lang), "note")
    writer.line += 1
    writer.figures((
        ("works_chosen", summary.chosen), ("cost_wan", round(summary.cost_yuan / _YUAN, 1)),
        ("sites", summary.sites),
    ))  # fmt: skip
    for note in content.notes:
        if note.is_strong:
            writer.note(note.text, "strong")
    writer.line += 1


def _kind_rows(content: PlanBook) -> list[tuple[object, ...]]:
    return [
        (
            labels.label("upgrade_kind", kind.kind, content.lang), kind.chosen, kind.proposed,
            kind.sites, kind.cost_yuan / _YUAN,
        )
        for kind in content.summary.kinds
    ]  # fmt: skip


def draw_frontier_chart(
    book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, lang: Language
) -> None:
    """Draw the table of cost and benefit below it; the axis of cost is logarithmic.

    Points are not joined: what lies between two budgets is not known.
    """
    names = [column.name for column in sheet_specs()[sheet.name].columns]
    chart = book.add_chart({"type": "scatter", "subtype": "marker_only"})
    last, title = len(sheet.rows), sheet_specs()[sheet.name].title(lang)
    for cost, benefit, name, colour in (
        ("cost_wan", "benefit", "frontier_best", BLUE),
        ("greedy_cost_wan", "greedy_benefit", "frontier_greedy", AMBER),
    ):
        x, y = names.index(cost), names.index(benefit)
        paid = [line for line, row in enumerate(sheet.rows, start=1) if row[x]]
        if not paid:  # a logarithmic axis has no zero
            continue
        chart.add_series({
            "name": labels.text(name, lang),
            "categories": [title, paid[0], x, last, x], "values": [title, paid[0], y, last, y],
            "marker": {"type": "circle", "size": 6, "fill": {"color": colour},
                       "border": {"color": colour}},
        })  # fmt: skip
    chart.set_x_axis({
        "name": labels.text("frontier_cost", lang), "log_base": 10, "num_format": "#,##0.##",
        "major_gridlines": {"visible": False}, "crossing": "min",
    })  # fmt: skip
    chart.set_y_axis({"name": labels.text("frontier_benefit", lang), "num_format": "#,##0"})
    chart.set_title({"name": labels.text("frontier_title", lang), "overlay": False})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 860, "height": 340})
    page.insert_chart(last + 2, 0, chart)
