"""Print an impact for people: what the planned routes break, then whom to call about what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.palette import SEVERITY_COLOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from netgraph.assessment.impact.find import Impact
    from netgraph.assessment.impact.routes import RegroomedRow
    from netgraph.assessment.impact.rows import CircuitRow
    from netgraph.report.labels import Language

_MOST_ROWS = 40
_ID_WIDTH, _LIMIT_WIDTH = 8, 6
_STYLES = {
    "down": SEVERITY_COLOURS["red"],
    "unprotected": SEVERITY_COLOURS["orange"],
    "undecidable": SEVERITY_COLOURS["blue"],
}


def print_impact(found: Impact, console: Console, lang: Language) -> None:
    """Print an impact; at most so many rows of each table, the files have them all."""
    if found.regroomed_rows:
        _print_regrooming(found, console, lang)
    if found.failed:
        names = ", ".join(_element(one.table, one.id, one.name) for one in found.failed)
        heading = labels.text("impact_failed", lang)
        console.print(Text.assemble((heading, "bold"), " ", names))
        console.print(_counts(found, lang))
        if found.circuit_rows:
            console.print(_circuits(found.circuit_rows[:_MOST_ROWS], lang))
            _print_more(len(found.circuit_rows), console, lang)


def _element(table: str, identifier: str, name: str) -> str:
    return f"{table}:{identifier} ({name})" if name else f"{table}:{identifier}"


def _counts(found: Impact, lang: Language) -> Text:
    """Return one line such as `circuits: down 3 (cut off 1) · unprotected 12`."""
    s = found.summary
    down, cut_off = labels.label("impact", "down", lang), labels.text("impact_cut_off", lang)
    parts = [
        f"{down} {s.circuits_down:,} ({cut_off} {s.circuits_cut_off:,})",
        f"{labels.label('impact', 'unprotected', lang)} {s.circuits_unprotected:,}",
        f"{labels.label('impact', 'undecidable', lang)} {s.circuits_undecidable:,}",
        f"{labels.text('impact_sites', lang)} {s.sites_cut_off:,}",
        f"{labels.text('impact_customers', lang)} {s.customers_affected:,}",
    ]
    return Text(" · ".join(parts))


def _circuits(rows: Sequence[CircuitRow], lang: Language) -> Table:
    """Who to call about what; the service stands in the file, what backs up only where it does."""
    is_backed_up = any(row.backed_up_by for row in rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column(labels.text("impact_status", lang), no_wrap=True)
    table.add_column(labels.text("impact_circuit", lang), overflow="fold", min_width=_ID_WIDTH)
    for name in ("customer", "site"):
        table.add_column(labels.text(f"impact_{name}", lang), overflow="fold")
    table.add_column(labels.label("column", "tier", lang), no_wrap=True)
    table.add_column(labels.text("impact_limit", lang), max_width=_LIMIT_WIDTH)
    if is_backed_up:
        table.add_column(labels.text("impact_backed_up_by", lang), overflow="fold")
    for row in rows:
        limit = "" if row.repair_limit_h is None else f"{row.repair_limit_h:g} h"
        table.add_row(
            f"{row.rank}", _status(row, lang), Text(row.circuit_id),
            Text(row.customer or row.customer_id), Text(row.site or row.site_id),
            labels.label("tier", row.tier, lang), limit,
            *([Text(row.backed_up_by)] if is_backed_up else []),
        )  # fmt: skip
    return table


def _status(row: CircuitRow, lang: Language) -> Text:
    """Return the word for the status, and for what was lost or may be."""
    word = labels.label("impact", row.status, lang)
    more = labels.label("impact", row.lost, lang) if row.status == "unprotected" else ""
    if row.may_be:
        more = labels.label("impact", row.may_be, lang) + "?"
    if row.is_cut_off:
        more = labels.text("impact_cut_off", lang)
    return Text(f"{word} ({more})" if more else word, style=_STYLES[row.status])


def _print_regrooming(found: Impact, console: Console, lang: Language) -> None:
    s = found.summary
    bad = [row for row in found.regroomed_rows if row.is_violation]
    style = SEVERITY_COLOURS["red"] if s.groups_broken else ""
    heading = labels.text("impact_violations", lang)
    console.print(Text.assemble((heading, "bold"), " ", (f"{s.violations}", style)))
    count = labels.text("impact_regroomed", lang, judged=s.regroomed, broken=s.groups_broken)
    console.print(Text(count, style="dim"))
    if bad:
        console.print(_violations(bad[:_MOST_ROWS], lang))
        _print_more(len(bad), console, lang)


def _violations(rows: Sequence[RegroomedRow], lang: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("unit", "customer"):
        table.add_column(labels.text(f"impact_{name}", lang), overflow="fold")
    table.add_column(labels.label("column", "tier", lang))
    for name in ("before", "after", "reason"):
        table.add_column(labels.text(f"impact_{name}", lang), overflow="fold")
    for row in rows:
        after = labels.label("level", row.level_after, lang)
        table.add_row(
            Text(row.unit_id), Text(row.customer_id), labels.label("tier", row.tier, lang),
            labels.label("level", row.level_before, lang),
            Text(after, style=SEVERITY_COLOURS["red"] if row.stops_being_diverse else ""),
            Text(row.reason),
        )  # fmt: skip
    return table


def _print_more(count: int, console: Console, lang: Language) -> None:
    if count > _MOST_ROWS:
        more = labels.text("impact_more", lang, count=f"{count - _MOST_ROWS:,}")
        console.print(Text(more, style="dim"))
