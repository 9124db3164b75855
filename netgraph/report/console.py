"""Print results for people: coloured in a terminal, plain text elsewhere (rich sees to it).

A colour never stands alone: grades have their letter, severities their word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.outages import print_expected_outages
from netgraph.report.palette import FINDING_COLOURS, GRADE_COLOURS, SEVERITY_COLOURS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from netgraph.diversity.plant.summary import PlantSummary
    from netgraph.report.labels import Language
    from netgraph.report.summary import CauseCount, Summary, UnitCount, WorstSite

_BAR_WIDTH = 36
_BAR = "█"
_MOST_CITIES, _MOST_CAUSES = 15, 10
_LONGEST_NAME = 60  # columns
# Pure yellow cannot be read on white: the theme of the terminal knows a better one.
_SEVERITY_STYLES = {**SEVERITY_COLOURS, "yellow": "yellow"}
_VERDICT_COLOURS = {"none": _SEVERITY_STYLES["red"]}
_COLON = {"zh": "：", "en": ": "}
_HAZARDS = ("red", "orange", "yellow")


def print_summary(summary: Summary, console: Console, lang: Language) -> None:
    """Print an assessment: grades, tiers, cities, levels, the worst causes and sites, findings.

    Parameters
    ----------
    summary
        What to print.
    console
        Where to; its width, colours and NO_COLOR are respected.
    lang
        "zh" or "en".
    """
    _print_head(summary, console, lang)
    console.print(_grades(summary, lang))
    console.print(_units("by_tier", "tier", summary.by_tier, lang))
    if summary.by_city:
        console.print(_units("by_city", "city", summary.by_city[:_MOST_CITIES], lang))
        _print_more("more_cities", len(summary.by_city) - _MOST_CITIES, console, lang)
    console.print(_levels(summary, lang))
    console.print(_severities(summary, lang))
    console.print(_causes(summary.causes[:_MOST_CAUSES], lang))
    in_all = max(summary.causes_in_all, len(summary.causes))
    _print_more("more_causes", in_all - _MOST_CAUSES, console, lang)
    if summary.worst_sites:
        console.print(_worst_sites(summary.worst_sites, lang))
        _print_more("more_sites", summary.sites - len(summary.worst_sites), console, lang)
    console.print()
    _print_counted(
        "data_findings", "finding_severity", summary.findings, FINDING_COLOURS, console, lang
    )
    _print_notes(summary, console, lang)
    if summary.outages:
        print_expected_outages(summary.outages, console, lang)


def print_plant_summary(
    summary: PlantSummary,
    console: Console,
    lang: Language,
    *,
    centres: Sequence[str] = (),
    findings: Mapping[str, int] | None = None,
) -> None:
    """Print the answer to the plant-only question.

    Parameters
    ----------
    summary
        The network in figures.
    console
        Where to.
    lang
        "zh" or "en".
    centres
        Names of the chosen centres.
    findings
        Data findings by severity; None prints nothing about them.
    """
    console.print(Text(labels.text("plant_summary", lang), style="bold"))
    if centres:
        console.print(labels.text("centre", lang) + _COLON[lang] + ", ".join(centres), markup=False)
    below = _table(labels.text("below_two", lang))
    below.add_column("")
    below.add_column(labels.label("column", "nodes", lang), justify="right")
    for name in ("link_disjoint", "node_disjoint"):
        count = getattr(summary, f"nodes_below_2_{name}")
        style = _SEVERITY_STYLES["red"] if count else GRADE_COLOURS["excellent"]
        below.add_row(labels.text(name, lang), Text(f"{count:,}", style=style))
    console.print(below)
    console.print(Text(labels.text("of_nodes", lang), style="dim"))
    if summary.nodes_without_centre:
        told = labels.text("without_centre", lang, count=f"{summary.nodes_without_centre:,}")
        console.print(Text(told, style=_SEVERITY_STYLES["red"]))
    console.print()
    if summary.risk_verdicts is not None:
        _print_counted(
            "risk_verdicts", "risk_verdict", summary.risk_verdicts, _VERDICT_COLOURS, console, lang
        )
        console.print()
    console.print(_plant_counts(summary, lang))
    if findings is not None:
        console.print()
        _print_counted(
            "data_findings", "finding_severity", findings, FINDING_COLOURS, console, lang
        )


def _plant_counts(summary: PlantSummary, lang: Language) -> Table:
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    counts.add_column("")
    counts.add_column("", justify="right")
    names = ("nodes", "spans", "spans_used", "components", "bridges", "articulation_points")
    for name in (*names, "isolated", "self_loops", "dangling", "duplicates"):
        group = "column" if name in {"nodes", "spans"} else "text"
        counts.add_row(labels.label(group, name, lang), f"{getattr(summary, name):,}")
    return counts


def _print_head(summary: Summary, console: Console, lang: Language) -> None:
    console.print(Text(summary.name or labels.text("assessment", lang), style="bold"))
    counts = [
        f"{labels.label('column', name, lang)} {getattr(summary, name):,}"
        for name in ("sites", "circuits", "customers")
    ]
    if summary.snapshot_date:
        counts.append(labels.text("snapshot", lang, date=summary.snapshot_date))
    console.print(Text(" · ".join(counts), style="dim"))


def _grades(summary: Summary, lang: Language) -> Table:
    """Return one bar a grade, with letter, number and share."""
    table = _table(labels.text("grades", lang), show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_column("", justify="right")
    table.add_column("")
    graded = {grade: summary.grades.get(grade, 0) for grade in (*labels.identifiers("grade"), "")}
    whole = max(sum(graded.values()), 1)
    for grade, count in graded.items():
        if not grade and not count:
            continue
        colour = GRADE_COLOURS[grade]
        bar = _BAR * round(_BAR_WIDTH * count / whole)
        name = _grade_name(grade, lang)
        table.add_row(
            Text(name, style=colour), f"{count:,}", f"{count / whole:.1%}", Text(bar, colour)
        )
    return table


def _grade_name(grade: str, lang: Language) -> str:
    if not grade:
        return labels.text("no_grade", lang)
    word, letter = labels.label("grade", grade, lang), labels.label("grade_letter", grade, lang)
    return word if word == letter else f"{letter} {word}"


def _units(heading: str, group: str, units: Sequence[UnitCount], lang: Language) -> Table:
    """Return sites of each tier or city by grade, with hazards and proven dual routes."""
    table = _table(labels.text(heading, lang))
    table.add_column(labels.label("column", group, lang), no_wrap=True)
    table.add_column(labels.label("column", "sites", lang), justify="right")
    for grade in labels.identifiers("grade"):
        letter = labels.label("grade_letter", grade, lang)
        table.add_column(Text(letter, style=GRADE_COLOURS[grade]), justify="right")
    for severity in _HAZARDS:
        word = labels.text("severity_sites", lang, word=labels.label("severity", severity, lang))
        table.add_column(Text(word, style=_SEVERITY_STYLES[severity]), justify="right")
    table.add_column(labels.label("column", "dual_route_ratio", lang), justify="right")
    for unit in units:
        table.add_row(
            labels.label(group, unit.name, lang) or "—",
            f"{unit.sites:,}",
            *(_count(unit.grades.get(grade, 0)) for grade in labels.identifiers("grade")),
            *(_count(unit.severities.get(severity, 0)) for severity in _HAZARDS),
            f"{unit.dual_proven / unit.dual_required:.1%}" if unit.dual_required else "—",
        )
    return table


def _severities(summary: Summary, lang: Language) -> Table:
    """Return how many sites, places and hazards there are of each severity."""
    table = _table(labels.text("by_severity", lang))
    table.add_column("")
    for severity in labels.identifiers("severity"):
        word = labels.label("severity", severity, lang)
        table.add_column(Text(word, style=_SEVERITY_STYLES.get(severity, "")), justify="right")
    for what, counts in summary.by_severity:
        numbers = (_count(counts.get(each, 0)) for each in labels.identifiers("severity"))
        table.add_row(labels.text(what, lang), *numbers)
    return table


def _levels(summary: Summary, lang: Language) -> Table:
    table = _table(labels.text("levels", lang), show_header=False)
    table.add_column("")
    table.add_column("", justify="right")
    for level, count in summary.levels.items():
        if count:
            table.add_row(labels.label("level", level, lang), f"{count:,}")
    for name, count in summary.requirement.items():
        words = labels.text("requirement", lang) + _COLON[lang] + labels.text(name, lang)
        table.add_row(Text(words, style="dim"), Text(f"{count:,}", style="dim"))
    return table


def _worst_sites(sites: Sequence[WorstSite], lang: Language) -> Table:
    """List the sites to look at first; near the end, where the eye is when a run is over."""
    table = _table(labels.text("worst_sites", lang))
    table.add_column("", justify="right")
    for name in ("severity", "site_id"):
        table.add_column(labels.label("column", name, lang), no_wrap=True)
    for name in ("name", "city"):
        table.add_column(labels.label("column", name, lang), overflow="fold")
    table.add_column(labels.label("column", "recorded_level", lang), no_wrap=True)
    table.add_column(labels.label("column", "score", lang), justify="right", no_wrap=True)
    table.add_column(labels.label("column", "grade", lang), no_wrap=True)
    for number, site in enumerate(sites, start=1):
        severity, worst = site.severity, site.grade.partition("~")[0]
        table.add_row(
            str(number),
            Text(
                labels.label("severity", severity, lang) if severity else "",
                style=_SEVERITY_STYLES.get(severity, ""),
            ),
            Text(site.site_id),
            _short(site.name),
            _short(site.city),
            labels.label("level", site.level, lang) if site.level else "",
            "" if site.score is None else f"{site.score:.1f}",
            Text(
                "~".join(_grade_name(grade, lang) for grade in site.grade.split("~") if grade),
                style=GRADE_COLOURS.get(worst, ""),
            ),
        )
    return table


def _causes(causes: Sequence[CauseCount], lang: Language) -> Table:
    table = _table(labels.text("worst_causes", lang))
    table.add_column(labels.label("column", "severity", lang), no_wrap=True)
    table.add_column(labels.label("column", "kind", lang), no_wrap=True)
    table.add_column(labels.label("column", "place", lang), overflow="fold")
    for name in ("metres", "sites", "circuits"):
        table.add_column(labels.label("column", name, lang), justify="right", no_wrap=True)
    table.add_column(labels.label("column", "worst_tier", lang), no_wrap=True)
    for cause in causes:
        colour = _SEVERITY_STYLES.get(cause.severity, "")
        table.add_row(
            Text(labels.label("severity", cause.severity, lang), style=colour),
            labels.label("kind", cause.kind, lang),
            _short(cause.place),
            "" if cause.metres is None else f"{cause.metres:,.0f}",
            f"{cause.sites:,}",
            f"{cause.circuits:,}",
            labels.label("tier", cause.worst_tier, lang),
        )
    return table


def _table(title: str, *, show_header: bool = True) -> Table:
    """Return an empty table with a heading flush left."""
    return Table(
        title=Text(f"\n{title}", style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD if show_header else None,
        show_header=show_header,
        pad_edge=False,
    )


def _short(name: str) -> Text:
    """Return a name on a line or two, whatever its length."""
    text = Text(name)
    text.truncate(_LONGEST_NAME, overflow="ellipsis")
    return text


def _count(count: int) -> str:
    return f"{count:,}" if count else "·"  # zeros would drown the numbers that matter


def _print_more(phrase: str, count: int, console: Console, lang: Language) -> None:
    if count > 0:
        console.print(Text(labels.text(phrase, lang, count=count), style="dim"))


def _print_counted(
    heading: str,
    group: str,
    counts: Mapping[str, int],
    colours: Mapping[str, str],
    console: Console,
    lang: Language,
) -> None:
    """Print one line such as `Hazards: red 12 · orange 3`."""
    line = Text(labels.text(heading, lang) + _COLON[lang], style="bold")
    parts = [
        Text(f"{labels.label(group, name, lang)} {counts[name]:,}", style=colours.get(name, ""))
        for name in labels.identifiers(group)
        if counts.get(name)
    ]
    line.append_text(
        Text(" · ", style="not bold").join(parts)
        if parts
        else Text(labels.text("none_found", lang), style="not bold")
    )
    console.print(line)


def _print_notes(summary: Summary, console: Console, lang: Language) -> None:
    """Print what the figures leave open."""
    for name in ("without_site", "provisional", "unconfirmed", "undecidable", "unproven"):
        count = getattr(summary, name)
        if count:
            console.print(Text("! " + labels.text(f"{name}_note", lang, count=f"{count:,}")))
    if summary.score_note:
        console.print(Text(summary.score_note, style="dim"))
