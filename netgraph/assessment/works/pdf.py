"""The chapter on works in the printable report of an assessment with a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.works.lists import YUAN, Places
from netgraph.report import labels
from netgraph.report.figures import two_digits
from netgraph.report.palette import GRADE_COLOURS
from netgraph.report.pdf import Bullets, Cell, Figure, Paragraph, Section, Table
from netgraph.report.workbook.cells import grade_text
from netgraph.report.workbook.formats import tint
from netgraph.report.works import plan_lines
from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from netgraph.assessment.results import Results
    from netgraph.report.labels import Language
    from netgraph.report.pdf import Block
    from netgraph.report.plan.model import PlannedWorks, Work

_MOST_WORKS = 12  # of each list
_SHARED = "shared_section"  # a work that others need, and that serves nobody by itself
_MOST_LETTERS = 60
_DASH = "—"
_CABLE = ("cable_in_duct_m", "cable_aerial_m")


def works_section(
    results: Results, works: PlannedWorks, pictures: Mapping[str, Path], title: str
) -> Section:
    """Gather the chapter: totals, what each kind costs, map, chart, the first works of each list.

    Parameters
    ----------
    pictures
        PNG files by name; "before_after" and "frontier" are shown if they are there.
    """
    lang: Language = "zh" if results.options.lang == "zh" else "en"
    places = Places(results, Naming(results))
    line = [work for work in works.chosen if work.is_line_work and work.reason != _SHARED]
    shared = sum(work.reason == _SHARED for work in works.chosen)
    devices = [work for work in works.chosen if not work.is_line_work]
    blocks: list[Block] = [
        Bullets(plan_lines(works.summary, lang)), _kinds(works, lang), _grades(works, lang),
    ]  # fmt: skip
    blocks += _picture(pictures, "frontier", 0.85, 8.5)
    blocks += _picture(pictures, "before_after", 1.0, 15.5)
    if line:
        shown = min(_MOST_WORKS, len(line))
        told = labels.text("works_line", lang, shown=shown, all=len(line), shared=shared)
        blocks += [Paragraph(told, "strong"), _line_table(line[:shown], places, lang)]
    if devices:
        shown = min(_MOST_WORKS, len(devices))
        told = labels.text("works_devices", lang, shown=shown, all=len(devices))
        blocks += [Paragraph(told, "strong"), _device_table(devices[:shown], places, lang)]
    return Section(title, blocks)


def _picture(pictures: Mapping[str, Path], name: str, width: float, most_cm: float) -> list[Block]:
    return [Figure(pictures[name], "", width, most_cm)] if name in pictures else []


def _heads(lang: Language, *names: str) -> list[str]:
    words = [labels.label("column", name, lang) for name in names]
    return [word[:1].upper() + word[1:] for word in words]


def _kinds(works: PlannedWorks, lang: Language) -> Table:
    rows = [
        (
            labels.label("upgrade_kind", kind.kind, lang), f"{kind.chosen:,}",
            f"{kind.proposed:,}", f"{kind.sites:,}", f"{kind.cost_yuan / YUAN:,.1f}",
        )
        for kind in works.summary.kinds
    ]  # fmt: skip
    names = ("kind", "works_chosen", "works_proposed", "sites", "cost_wan")
    return Table(_heads(lang, *names), rows, (2, 1, 1, 1, 1), (1, 2, 3, 4))


def _grades(works: PlannedWorks, lang: Language) -> Table:
    summary = works.summary
    rows = [
        (_grade(grade, lang), f"{count:,}", f"{summary.grades_after.get(grade, 0):,}")
        for grade, count in summary.grades_before.items()
    ]
    heads = _heads(lang, "grade", "sites_before", "sites_after")
    return Table(heads, rows, (1, 1, 1), (1, 2))


def _grade(grade: str | None, lang: Language) -> Cell | str:
    if not grade:
        return _DASH
    return Cell(grade_text(grade, lang), tint(GRADE_COLOURS.get(grade, "#FFFFFF")))


def _line_table(works: Sequence[Work], places: Places, lang: Language) -> Table:
    rows = []
    for work in works:
        cable = sum(work.lengths_m.get(name, 0.0) for name in _CABLE)
        plant = sum(work.lengths_m.values()) - cable
        rows.append((
            str(work.priority), labels.label("upgrade_kind", work.kind, lang),
            _short(places.sites(work.sites)), _km(plant), _km(cable), _wan(work),
            _grade(work.before.grade, lang), _grade(work.after.grade, lang),
            two_digits(work.circuit_minutes_avoided), _number(work.benefit_per_10k_yuan),
        ))  # fmt: skip
    names = (
        "priority", "kind", "sites", "plant_km", "cable_km", "cost_10k", "grade_before",
        "grade_after", "minutes_saved", "value_10k",
    )  # fmt: skip
    return Table(_heads(lang, *names), rows, (0, 4, 5, 0, 0, 0, 0, 0, 0, 0), (0, 3, 4, 5, 8, 9))


def _device_table(works: Sequence[Work], places: Places, lang: Language) -> Table:
    gap = "、" if lang == "zh" else ", "
    rows = [
        (
            str(work.priority), labels.label("upgrade_kind", work.kind, lang),
            _short(places.sites(work.sites)), work.element_id,
            _short(gap.join(labels.label("work_problem", name, lang) for name in work.problems)),
            _wan(work), _grade(work.before.grade, lang), _grade(work.after.grade, lang),
            _number(work.benefit_per_10k_yuan),
        )
        for work in works
    ]  # fmt: skip
    names = (
        "priority", "kind", "sites", "device", "problem", "cost_10k", "grade_before",
        "grade_after", "value_10k",
    )  # fmt: skip
    return Table(_heads(lang, *names), rows, (0, 2, 3, 0, 3, 0, 0, 0, 0), (0, 5, 8))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"


def _km(metres: float) -> str:
    return f"{metres / M_PER_KM:,.2f}" if metres else _DASH


def _wan(work: Work) -> str:
    return _DASH if work.cost_yuan is None else f"{work.cost_yuan / YUAN:,.2f}"


def _number(value: float | None) -> str:
    return _DASH if value is None or value != value else f"{value:,.0f}"  # noqa: PLR0124 - NaN
