"""Print the works register: lists, rates, one work with its history."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from rich import box
from rich.table import Table
from rich.text import Text

from netgraph.report import labels
from netgraph.report.contract import table_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console

    from netgraph.report.contract import Column
    from netgraph.report.labels import Language

    Rows = Sequence[Sequence[object]]

_LIST = (
    "work_id", "state", "kind", "subject", "cities", "responsible", "verifier", "due",
    "is_overdue", "lacking",
)  # fmt: skip
_RATES = (
    "scope", "name", "works", "completion_ratio", "overdue", "on_time_ratio", "reopened_ratio",
    "recurrence_ratio", "mean_days",
)  # fmt: skip
_HISTORY = ("at", "by", "step", "to_state", "snapshot_date", "why", "lacking")
_NOBODY = "—"
_WHOLE = frozenset({"work_id", "state", "due"})  # columns that stay on one line
_LONGEST = 100  # of one cell in a list; `show` gives all of it
_NUMBERS = frozenset({"count", "number", "ratio"})


def print_works(rows: Rows, console: Console, lang: Language) -> None:
    """Print the list of works; rows as in `works`."""
    console.print(_table("works", rows, _LIST, lang))


def print_rates(rows: Rows, console: Console, lang: Language) -> None:
    """Print the rates; rows as in `works_rates`."""
    console.print(_table("works_rates", rows, _RATES, lang))


def print_history(rows: Rows, console: Console, lang: Language) -> None:
    """Print the history of one work; rows as in `works_history`."""
    console.print(Text(labels.text("register_history", lang), style="bold"))
    console.print(_table("works_history", rows, _HISTORY, lang))


def print_facts(row: Sequence[object], console: Console, lang: Language) -> None:
    """Print one work, a line a fact; a row as in `works`."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for column, value in zip(table_specs()["works"].columns, row, strict=True):
        told = show(column, value, lang)
        if told:
            table.add_row(labels.label("works_column", column.name, lang), Text(told))
    console.print(table)


def show(column: Column, value: object, lang: Language) -> str:
    """Write one value as a person reads it."""
    if value is None or value == "":
        return _NOBODY if column.name == "name" else ""
    if isinstance(value, bool):
        return labels.label("trace", "yes", lang) if value else ""
    if isinstance(value, float):
        return _number(value, column)
    if column.kind == "enum":
        return labels.label(column.allowed, str(value), lang)
    words = _WORDS.get(column.name)
    return words(str(value), lang) if words else str(value)


def _several(told: str, lang: Language) -> str:
    """Say several names that are joined by ";"."""
    return told.replace(";", "、" if lang == "zh" else ", ")


def _quantities(told: str, lang: Language) -> str:
    """Say "2 nms_onboarding; 1 ups" in words."""
    parts = (part.partition(" ") for part in told.split("; "))
    named = (f"{labels.label('price', what, lang)} × {amount}" for amount, _, what in parts)
    return ("、" if lang == "zh" else ", ").join(named)


_WORDS: Mapping[str, Callable[[str, Language], str]] = {
    "sites": _several,
    "cities": _several,
    "quantities": _quantities,
    "price_level": functools.partial(labels.label, "price_level"),
}


def _number(value: float, column: Column) -> str:
    if column.kind == "ratio":
        return f"{value:.0%}"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _table(name: str, rows: Rows, shown: Sequence[str], lang: Language) -> Table:
    spec = table_specs()[name]
    column_of: Mapping[str, tuple[int, Column]] = {
        column.name: (place, column) for place, column in enumerate(spec.columns)
    }
    filled = (column_of[each] for each in shown)
    wanted = [
        (place, column)
        for place, column in filled
        if any(show(column, row[place], lang) for row in rows)
    ]
    table = Table(box=box.SIMPLE, pad_edge=False)
    for _, column in wanted:
        table.add_column(
            labels.label("works_column", column.name, lang),
            justify="right" if column.kind in _NUMBERS else "left",
            overflow="fold",
            no_wrap=column.name in _WHOLE,
        )
    for row in rows:
        table.add_row(*(Text(_cut(show(column, row[place], lang))) for place, column in wanted))
    return table
