"""Print a comparison: diverse groups lost first, then counts, then cities and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.palette import SEVERITY_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from netgraph.report.labels import Language

    #: Name, mean share before and after, groups lost, whether it needs attention.
    UnitRow = tuple[str, float | None, float | None, int, bool]

_MOST_GROUPS, _MOST_UNITS = 20, 15
_TWO = 2
_HAZARDS = ("red", "orange", "yellow")
_RED = SEVERITY_COLOURS["red"]


def print_changes(
    summary: Mapping[str, object],
    lost: Sequence[Sequence[str]],
    units: Sequence[tuple[str, Sequence[UnitRow]]],
    console: Console,
    lang: Language,
) -> None:
    """Print a comparison.

    Parameters
    ----------
    summary
        What summary.json holds.
    lost
        Groups that were diverse: group, site, city, tier, level before and after, what they share.
    units
        Kind (city, customer) and its units, those that fall most first.
    """
    undated = labels.text("changes_undated", lang)
    dates = {
        "before": summary["snapshot_before"] or undated,
        "after": summary["snapshot_after"] or undated,
    }
    console.print(Text(labels.text("changes_title", lang, **dates), "bold"))
    if lost:
        head = labels.text("changes_lost", lang, count=f"{len(lost):,}")
        console.print(Text(f"! {head}", f"bold {_RED}"))
        console.print(_groups(lost[:_MOST_GROUPS], lang))
        if len(lost) > _MOST_GROUPS:
            left_out = labels.text("left_out", lang, count=f"{len(lost) - _MOST_GROUPS:,}")
            console.print(Text(left_out, "dim"))
    else:
        console.print(labels.text("changes_none_lost", lang))
    _print_counts(summary, console, lang)
    _print_series(summary, console, lang)
    for kind, rows in units:
        if len(rows) > 1:
            console.print(_units(kind, rows[:_MOST_UNITS], lang))


def _groups(lost: Sequence[Sequence[str]], lang: Language) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("unit", "site"):
        table.add_column(labels.text(f"impact_{name}", lang), overflow="fold")
    table.add_column(labels.label("column", "city", lang))
    table.add_column(labels.label("column", "tier", lang))
    table.add_column(labels.text("changes_before", lang))
    table.add_column(labels.text("changes_after", lang))
    table.add_column(labels.text("changes_shared", lang), overflow="fold")
    for unit, site, city, tier, before, after, shared in lost:
        table.add_row(
            Text(unit), Text(site), Text(city), labels.label("tier", tier, lang),
            labels.label("level", before, lang), Text(labels.label("level", after, lang), _RED),
            Text(shared.replace(";", "; ")),
        )  # fmt: skip
    return table


def _print_counts(summary: Mapping[str, object], console: Console, lang: Language) -> None:
    groups, sites, hazards = summary["groups"], summary["sites"], summary["hazards"]
    assert isinstance(groups, dict)  # noqa: S101 - for the type checker
    assert isinstance(sites, dict)  # noqa: S101
    assert isinstance(hazards, dict)  # noqa: S101
    console.print(labels.text("changes_gained", lang, count=f"{groups['gained']:,}"))
    console.print(labels.text("changes_sites", lang, **sites))
    told = {
        change: "/".join(f"{counts[severity]:,}" for severity in _HAZARDS)
        for change, counts in hazards.items()
    }
    console.print(labels.text("changes_hazards", lang, **told))


def _print_series(summary: Mapping[str, object], console: Console, lang: Language) -> None:
    """Print the share of full marks of all sites in every run, where there are more than two."""
    series = summary["series"]
    assert isinstance(series, list)  # noqa: S101 - for the type checker
    if len(series) > _TWO:
        undated = labels.text("changes_undated", lang)
        told = [f"{p['snapshot'] or undated} {p['ratio']:.1%}" for p in series if p["ratio"]]
        console.print(labels.text("changes_series", lang, series=" → ".join(told)))


def _units(kind: str, units: Sequence[UnitRow], lang: Language) -> Table:
    title = Text(f"\n{labels.text(f'changes_of_{kind}', lang)}", "bold")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=title, title_justify="left")
    table.add_column(labels.label("series_kind", kind, lang))
    for name in ("changes_before", "changes_after", "changes_difference"):
        table.add_column(labels.text(name, lang), justify="right")
    table.add_column(labels.label("change", "lost", lang), justify="right")
    table.add_column("")
    for name, before, after, lost, needs_attention in units:
        known = before is not None and after is not None
        shift = f"{100 * (after - before):+.1f}" if before is not None and after is not None else ""
        table.add_row(
            Text(name or labels.text("all_units", lang)),
            "" if before is None else f"{before:.1%}", "" if after is None else f"{after:.1%}",
            shift if known else "", f"{lost:,}" if lost else "·",
            Text(f"▼ {labels.text('changes_attention', lang)}" if needs_attention else "", _RED),
        )  # fmt: skip
    return table
