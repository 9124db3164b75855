"""What a plan of works comes to: printed, and as HTML."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.figures import MODELLED, round_modelled, two_digits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from netgraph.report.labels import Language

_MOST_BOTTLENECKS = 8


@dataclass(frozen=True)
class KindTotal:
    """Chosen works of one kind, how many were proposed, the sites served, the cost."""

    kind: str
    chosen: int
    proposed: int
    sites: int
    cost_yuan: float


@dataclass(frozen=True)
class RingTotal:
    """Ring protection: works as drawn up, and what no plan for the same sites can cost less than.

    Attributes
    ----------
    cost_yuan
        All proposed works of new plant and second entrances, cable and shared sections included.
    lower_bound_yuan
        No works that protect these sites cost less: new plant, and new cable wherever no link or
        cable of today takes a route from end to end.
    """

    works: int
    sites: int
    cost_yuan: float
    lower_bound_yuan: float

    @property
    def gap(self) -> float:
        """Part of the cost of the works that is not proven to be needed."""
        return max(0.0, 1.0 - self.lower_bound_yuan / self.cost_yuan) if self.cost_yuan else 0.0


@dataclass(frozen=True)
class PlanSummary:
    """A plan in figures.

    Attributes
    ----------
    bound, gap, is_proven
        No choice within the budget has more benefit than the bound (for a target: costs less).
    records_cost_yuan, survey_cost_yuan
        Cost of works that rest on the records, and of works that need a survey first.
    mismatches
        Sites whose prediction differs from the re-assessment; 0 is expected.
    reasons
        Why sites stay below what is asked for: how many for each reason.
    bottlenecks
        What nothing leads around, and for how many of these sites, the most first.
    rings
        What ring protection costs, where any was drawn up.
    is_stopped
        Somebody asked to stop: the best plan until then.
    cheapest_yuan
        Cost of the cheapest work with all that it requires; None where none has a price.
    """

    sites: int
    proposed: int
    chosen: int
    cost_yuan: float
    price_level: str
    budget_yuan: float | None
    target: str
    benefit: float
    bound: float
    gap: float
    is_proven: bool
    greedy_cost_yuan: float
    greedy_benefit: float
    records_cost_yuan: float
    survey_cost_yuan: float
    kinds: tuple[KindTotal, ...]
    grades_before: Mapping[str, int]
    grades_after: Mapping[str, int]
    circuit_minutes_avoided: float
    unpriced: int
    missing_prices: tuple[str, ...]
    mismatches: int
    reasons: Mapping[str, int]
    bottlenecks: Mapping[str, int] = field(default_factory=dict)
    rings: RingTotal | None = None
    is_stopped: bool = False
    cheapest_yuan: float | None = None
    outage_basis: str = MODELLED

    def as_json(self) -> dict[str, object]:
        """Plain values for summary.json."""
        minutes = round_modelled(self.circuit_minutes_avoided)
        return asdict(self) | {"circuit_minutes_avoided": minutes}


def print_plan(summary: PlanSummary, console: Console, lang: Language) -> None:
    """Print the plan: works by kind, sites by grade before and after, gap, totals.

    Parameters
    ----------
    console
        Where to; its width, colours and NO_COLOR are respected.
    """
    console.print(Text(labels.text("works_title", lang), style="bold"))
    console.print(_table(_kind_heading(lang), _kind_rows(summary, lang)))
    heading = ["", *(labels.label("grade", grade, lang) for grade in summary.grades_before)]
    console.print(_table(heading, _grade_rows(summary, lang)))
    for line in plan_lines(summary, lang):
        console.print(Text(line))


def plan_html(summary: PlanSummary, lang: Language) -> str:
    """Show the same for notebooks."""
    grades = ["", *(labels.label("grade", grade, lang) for grade in summary.grades_before)]
    lines = "".join(f"<p>{escape(line)}</p>" for line in plan_lines(summary, lang))
    return (
        _html(_kind_heading(lang), _kind_rows(summary, lang))
        + _html(grades, _grade_rows(summary, lang))
        + lines
    )


def _kind_heading(lang: Language) -> list[str]:
    names = ("works_kind", "works_chosen", "works_proposed", "works_sites", "works_cost")
    return [labels.text(name, lang) for name in names]


def _kind_rows(summary: PlanSummary, lang: Language) -> list[list[str]]:
    return [
        [
            labels.label("upgrade_kind", kind.kind, lang), f"{kind.chosen:,}",
            f"{kind.proposed:,}", f"{kind.sites:,}", f"{kind.cost_yuan:,.0f}",
        ]
        for kind in summary.kinds
    ]  # fmt: skip


def _grade_rows(summary: PlanSummary, lang: Language) -> list[list[str]]:
    return [
        [labels.text(name, lang), *(f"{count:,}" for count in counts.values())]
        for name, counts in (
            ("works_before", summary.grades_before),
            ("works_after", summary.grades_after),
        )
    ]


def plan_lines(summary: PlanSummary, lang: Language) -> list[str]:
    """Cost with its price level, what is proven, and what must be looked at."""
    lines = [labels.text("works_stopped", lang)] if summary.is_stopped else []
    lines += [
        labels.text(
            "works_total", lang, cost=f"{summary.cost_yuan:,.0f}",
            level=labels.label("price_level", summary.price_level, lang),
        ),
        labels.text(
            "works_apart", lang, records=f"{summary.records_cost_yuan:,.0f}",
            survey=f"{summary.survey_cost_yuan:,.0f}",
        ),
        _proof(summary, lang),
    ]  # fmt: skip
    if not summary.target:
        lines.append(labels.text(
            "works_greedy", lang, benefit=f"{summary.greedy_benefit:,.1f}",
            cost=f"{summary.greedy_cost_yuan:,.0f}",
        ))  # fmt: skip
    if rings := summary.rings:
        lines.append(labels.text(
            "works_rings", lang, works=f"{rings.works:,}", sites=f"{rings.sites:,}",
            cost=f"{rings.cost_yuan:,.0f}", bound=f"{rings.lower_bound_yuan:,.0f}",
            gap=f"{100 * rings.gap:.0f}",
        ))  # fmt: skip
    avoided = summary.circuit_minutes_avoided
    lines.append(labels.text("works_minutes", lang, minutes=two_digits(avoided)))
    if not summary.chosen:
        lines.append(_nothing_chosen(summary, lang))
    lines += [
        f"{labels.label('upgrade_why_not', reason, lang)}: {count:,}"
        for reason, count in summary.reasons.items()
    ]
    if summary.bottlenecks:
        told = list(summary.bottlenecks.items())
        points = [f"{point} ({count:,})" for point, count in told[:_MOST_BOTTLENECKS]]
        points += ["…"] if len(told) > len(points) else []
        lines.append(labels.text("works_bottlenecks", lang, points=", ".join(points)))
    if summary.unpriced:
        names = ", ".join(summary.missing_prices)
        lines.append(labels.text("works_unpriced", lang, count=summary.unpriced, prices=names))
    if summary.mismatches:
        lines.append(labels.text("works_mismatch", lang, count=summary.mismatches))
    return lines


def _nothing_chosen(summary: PlanSummary, lang: Language) -> str:
    budget, cheapest = summary.budget_yuan, summary.cheapest_yuan
    if budget is None or cheapest is None or cheapest <= budget:
        return labels.text("works_nothing", lang)
    return labels.text("works_too_dear", lang, cost=f"{cheapest:,.0f}")


def _proof(summary: PlanSummary, lang: Language) -> str:
    if summary.target:
        name = "works_least" if summary.is_proven else "works_least_unproven"
        grade = labels.label("grade", summary.target, lang)
        return labels.text(name, lang, grade=grade, bound=f"{max(summary.bound, 0.0):,.0f}")
    name = "works_optimum" if summary.is_proven else "works_gap"
    return labels.text(
        name, lang, benefit=f"{summary.benefit:,.1f}", gap=f"{100 * summary.gap:.2f}"
    )


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for number, name in enumerate(heading):
        table.add_column(name, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _html(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heading)
    body = "".join(
        "<tr>" + "".join(f"<td style='text-align:right'>{escape(cell)}</td>" for cell in row)
        + "</tr>" for row in rows
    )  # fmt: skip
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
