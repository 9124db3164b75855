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
_LAST = "lacking"  # of a list: it wraps as it must
_ENDLESS = 10_000  # characters, wider than any terminal
_ROOM = 24  # characters that it needs to be read
_NOBODY = "—"
_WHOLE = frozenset({"work_id", "state", "due"})  # columns that stay on one line
_LONGEST = 100  # of one cell in a list; `show` gives all of it
_NUMBERS = frozenset({"count", "number", "ratio"})


def print_works(rows: Rows, console: Console, lang: Language) -> None:
    """Print the list of works; rows as in `works`.

    Where the columns have no room side by side, what a work is, who has it and what is lacking
    stand below one another.
    """
    columns = [name for name in _LIST if name != _LAST]
    endless = console.options.update(width=_ENDLESS)
    needed = console.measure(_table("works", rows, columns, lang), options=endless).maximum
    is_lacking = any(_cells("works", rows, [_LAST], lang)[0][1])
    if needed + is_lacking * _ROOM <= console.width:
        console.print(_table("works", rows, _LIST, lang))
    else:
        console.print(_stacked(rows, lang))


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


def _cells(
    name: str, rows: Rows, shown: Sequence[str], lang: Language
) -> list[tuple[Column, list[str]]]:
    """Columns of a table with their cells as people read them."""
    spec = table_specs()[name]
    place_of = {column.name: place for place, column in enumerate(spec.columns)}
    return [
        (spec.columns[place], [show(spec.columns[place], row[place], lang) for row in rows])
        for place in (place_of[each] for each in shown)
    ]


def _table(name: str, rows: Rows, shown: Sequence[str], lang: Language) -> Table:
    """Give a table without the columns in which nothing stands."""
    filled = [(column, cells) for column, cells in _cells(name, rows, shown, lang) if any(cells)]
    table = Table(box=box.SIMPLE, pad_edge=False)
    for column, _ in filled:
        table.add_column(
            labels.label("works_column", column.name, lang),
            justify="right" if column.kind in _NUMBERS else "left",
            overflow="fold",
            no_wrap=column.name in _WHOLE,
        )
    for cells in zip(*(cells for _, cells in filled), strict=True):
        table.add_row(*(Text(_cut(cell)) for cell in cells))
    return table


def _stacked(rows: Rows, lang: Language) -> Table:
    """Give a list of works for a narrow terminal: four columns, a few lines a work."""
    found = {column.name: cells for column, cells in _cells("works", rows, _LIST, lang)}
    table = Table(box=box.SIMPLE, pad_edge=False)
    for name in ("work_id", "state", "due"):
        table.add_column(labels.label("works_column", name, lang), no_wrap=True)
    table.add_column(labels.text("register_what", lang), overflow="fold")
    names = [labels.label("works_column", name, lang) for name in ("verifier", "is_overdue", _LAST)]
    verifier, overdue, lacking = names
    colon, gap = ("：", "，") if lang == "zh" else (": ", ", ")
    for number in range(len(rows)):
        told = {name: cells[number] for name, cells in found.items()}
        people = [told["responsible"]]
        people += [f"{verifier}{colon}{told['verifier']}"] if told["verifier"] else []
        lines = [
            gap.join(part for part in (told["kind"], told["subject"], told["cities"]) if part),
            gap.join(part for part in people if part),
            f"{lacking}{colon}{_cut(told[_LAST])}" if told[_LAST] else "",
        ]
        due = "\n".join(part for part in (told["due"], told["is_overdue"] and overdue) if part)
        what = "\n".join(line for line in lines if line)
        table.add_row(told["work_id"], told["state"], due, Text(what))
    return table
