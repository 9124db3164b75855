"""What a failure simulation comes to: its figures, printed and as HTML.

Worst risks are shown by family, because the building of the centre always comes first otherwise:
what a digger or a flood meets outside, what stands indoors, and what fails as a group.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from html import escape
from typing import TYPE_CHECKING

from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from netgraph.report.labels import Language

#: Kinds of risk by family; every other kind is a group.
INDOORS = frozenset({"site", "office", "building", "room", "equipment", "link"})
OUTSIDE = frozenset({
    "span", "pole_line", "tunnel", "bridge", "trench", "cable", "structure", "manhole", "handhole",
    "pole", "cabinet", "entrance", "vault", "riser", "splice",
})  # fmt: skip
FAMILIES = ("outside", "indoors", "groups")


@dataclass(frozen=True)
class RiskCount:
    """One of the worst risks; `equal` counts the others that hit exactly the same routes."""

    risk_id: str
    kind: str
    name: str
    circuits_down: int
    circuits_unprotected: int
    sites_down: int
    customers_down: int
    worst_tier: str
    equal: int


@dataclass(frozen=True)
class PairCount:
    """One of the worst pairs of risks; classes as in :class:`RiskCount`."""

    first_risk: str
    first_name: str
    second_risk: str
    second_name: str
    extra_circuits_down: int
    circuits_down: int
    sites_down: int


@dataclass(frozen=True)
class FailureSummary:
    """A failure simulation in figures.

    Attributes
    ----------
    risks, risks_exempt
        In the catalogue, and left out of it.
    risks_without_circuits
        Hit no route of any circuit; they are in no table.
    risk_classes
        Risks that hit exactly the same routes count once.
    circuits_undecidable
        Circuits of which some needed record is missing on every way: no risk is known to leave
        them up.
    kinds
        Kind of risk to how many hit a circuit.
    worst
        By family, worst first.
    threshold, pairs, pairs_listed
        Least extra circuits of a listed pair, pairs with an extra circuit and listed ones; None
        where double failures were not asked for.
    """

    circuits: int
    sites: int
    customers: int
    risks: int
    risks_exempt: int
    risks_without_circuits: int
    risk_classes: int
    circuits_undecidable: int
    kinds: Mapping[str, int]
    worst: Mapping[str, tuple[RiskCount, ...]]
    threshold: int | None = None
    pairs: int | None = None
    pairs_listed: int | None = None
    worst_pairs: tuple[PairCount, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """Plain values for summary.json."""
        return asdict(self)


def print_failures(summary: FailureSummary, console: Console, lang: Language) -> None:
    """Print the worst risks of each family, and the worst pairs.

    Parameters
    ----------
    summary
        What to print.
    console
        Where to; its width, colours and NO_COLOR are respected.
    lang
        "zh" or "en".
    """
    console.print(Text(labels.text("failure_simulation", lang), style="bold"))
    counts = [
        f"{labels.label('column', name, lang)} {getattr(summary, name):,}"
        for name in ("circuits", "sites", "customers")
    ]
    counts.append(labels.text("risk_counts", lang, risks=f"{summary.risks:,}",
                              classes=f"{summary.risk_classes:,}"))  # fmt: skip
    console.print(Text(" · ".join(counts), style="dim"))
    for family in FAMILIES:
        if summary.worst.get(family):
            heading = labels.text(f"worst_{family}", lang)
            console.print(_table(heading, *_risk_table(summary.worst[family], lang)))
    if summary.worst_pairs:
        console.print(_table(labels.text("worst_pairs", lang), *_pair_table(summary, lang)))
    for note in _notes(summary, lang):
        console.print(Text(note))


def failures_html(summary: FailureSummary, lang: Language) -> str:
    """Return the summary as one `div` of small tables; names are escaped."""
    parts = [f"<b>{escape(labels.text('failure_simulation', lang))}</b>"]
    for family in FAMILIES:
        if summary.worst.get(family):
            heading = labels.text(f"worst_{family}", lang)
            parts.append(_html(heading, *_risk_table(summary.worst[family], lang)))
    if summary.worst_pairs:
        parts.append(_html(labels.text("worst_pairs", lang), *_pair_table(summary, lang)))
    parts += [f"<small>{escape(note)}</small>" for note in _notes(summary, lang)]
    return "<div>" + "".join(f"<div>{part}</div>" for part in parts) + "</div>"


_NUMBER_WIDTH = 10  # headings of two words break
_ID_WIDTH, _WORD_WIDTH = 26, 8
_RISK_NUMBERS = ("circuits_down", "circuits_unprotected", "sites_down", "customers_down")


def _risk_table(
    risks: Sequence[RiskCount], lang: Language
) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    """Columns (heading, is a number) and rows."""
    columns = [(labels.label("column", name, lang), False) for name in ("kind", "risk")]
    # A column of noughts would only take the ids their room.
    numbers = [name for name in _RISK_NUMBERS if any(getattr(risk, name) for risk in risks)]
    columns += [(labels.label("column", name, lang), True) for name in numbers]
    columns.append((labels.label("column", "worst_tier", lang), False))
    columns.append((labels.label("column", "equal", lang), True))
    rows = [
        [
            risk_kind(risk.kind, lang), f"{risk.risk_id}\n{risk.name}".rstrip(),
            *(f"{getattr(risk, name):,}" for name in numbers),
            labels.label("tier", risk.worst_tier, lang), f"+{risk.equal:,}" if risk.equal else "",
        ]
        for risk in risks
    ]  # fmt: skip
    return columns, rows


def _pair_table(
    summary: FailureSummary, lang: Language
) -> tuple[list[tuple[str, bool]], list[list[str]]]:
    numbers = ("extra_circuits_down", "circuits_down", "sites_down")
    columns = [
        (labels.label("column", name, lang), False) for name in ("first_risk", "second_risk")
    ]
    columns += [(labels.label("column", name, lang), True) for name in numbers]
    rows = [
        [
            f"{pair.first_risk}\n{pair.first_name}".rstrip(),
            f"{pair.second_risk}\n{pair.second_name}".rstrip(),
            *(f"{getattr(pair, name):,}" for name in numbers),
        ]
        for pair in summary.worst_pairs
    ]
    return columns, rows


def risk_kind(kind: str, lang: Language) -> str:
    """Word for a kind of risk."""
    word = labels.label("risk", kind, lang)
    return word if word != kind else labels.label("element", kind, lang)


def _notes(summary: FailureSummary, lang: Language) -> list[str]:
    notes = []
    if summary.circuits_undecidable:
        count = f"{summary.circuits_undecidable:,}"
        notes.append("! " + labels.text("circuits_undecidable_note", lang, count=count))
    if summary.pairs is not None:
        notes.append(
            labels.text(
                "pairs_note",
                lang,
                pairs=f"{summary.pairs:,}",
                listed=f"{summary.pairs_listed or 0:,}",
                threshold=summary.threshold,
            )
        )
    return notes


def _table(title: str, columns: list[tuple[str, bool]], rows: list[list[str]]) -> Table:
    """Lay a table out; ids with a name below them get what width the numbers leave."""
    table = Table(
        title=Text(f"\n{title}", style="bold"), title_justify="left", box=box.SIMPLE_HEAD,
        pad_edge=False,
    )  # fmt: skip
    for place, (heading, is_number) in enumerate(columns):
        lines = [line for row in rows for line in row[place].split("\n")]
        widest = max(map(cell_len, lines), default=0)
        table.add_column(
            heading,
            justify="right" if is_number else "left",
            overflow="fold",
            min_width=None if is_number else min(widest, _ID_WIDTH),
            max_width=_NUMBER_WIDTH if is_number else max(widest, _WORD_WIDTH),
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _html(title: str, columns: list[tuple[str, bool]], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{escape(heading)}</th>" for heading, _ in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>".replace("\n", "<br>") for cell in row) + "</tr>"
        for row in rows
    )
    return f"<table><caption>{escape(title)}</caption><tr>{head}</tr>{body}</table>"
