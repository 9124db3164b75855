"""`netgraph compare`: what changed since the last audit."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, print_text
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netgraph.assessment.comparison.rows import UnitChange
    from netgraph.report.changes import UnitRow

_FEWEST_RUNS = 2


class FailOnChange(StrEnum):
    """Which change makes the exit code 1."""

    NEVER = "never"
    LOST = "lost"
    WORSE = "worse"


def compare(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="OLD... NEW", help="What assess wrote, oldest first; two or more."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    fail_on: Annotated[
        FailOnChange,
        typer.Option(
            "--fail-on",
            help="Exit 1: never; lost: a diverse group was lost; worse: or a site fell, or a red "
            "hazard is new.",
        ),
    ] = FailOnChange.NEVER,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare assessments: diverse pairs lost, sites fallen, hazards new and gone.

    The last two are compared; with earlier ones, cities and customers are followed through all.
    """
    from netgraph.assessment.comparison import compare_runs, write_comparison
    from netgraph.report.changes import print_changes

    if len(runs) < _FEWEST_RUNS:
        message = Message(
            "compare needs two outputs of assess or more: the oldest first, the newest last."
        )
        raise UsageError(message)
    *earlier, old, new = runs
    found = compare_runs(old, new, earlier=earlier)
    write_comparison(found, out, lang=lang.value)
    lost = [
        (row.unit_id, row.site_id, row.city, row.tier, row.level_before, row.level_after,
         row.elements)
        for row in found.lost
    ]  # fmt: skip
    names = found.new.customers
    units = [
        ("city", [_row(row) for row in (*found.cities, found.whole)]),
        ("customer", [_row(row, names) for row in found.customers]),
    ]
    show_written(
        form, out, "group_changes",
        lambda: print_changes(found.summary(), lost, units, console_for(sys.stdout), lang.value),
    )  # fmt: skip
    print_text("written_to", path=out)
    is_bad = {"never": False, "lost": bool(found.lost), "worse": found.is_worse}[fail_on.value]
    if is_bad:
        raise typer.Exit(1)


def _row(row: UnitChange, names: Mapping[str, str] | None = None) -> UnitRow:
    """Name, mean share before and after, groups lost, whether it needs attention."""
    name = (names or {}).get(row.unit) or row.unit
    return name, row.before_ratio, row.after_ratio, row.groups_lost, row.needs_attention
