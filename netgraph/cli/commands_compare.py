"""`netgraph compare`: what changed since the last audit."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from netgraph.cli.formats import Format, FormatOption, show_written
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for, print_text


class FailOnChange(StrEnum):
    """Which change makes the exit code 1."""

    NEVER = "never"
    LOST = "lost"
    WORSE = "worse"


def compare(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="What assess wrote last time.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="What it wrote now.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write.")],
    fail_on: Annotated[
        FailOnChange,
        typer.Option(
            "--fail-on",
            help="Exit 1 if a diverse group was lost; worse: or a site fell, or a red hazard is "
            "new.",
        ),
    ] = FailOnChange.NEVER,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare two assessments: diverse pairs lost, sites fallen, hazards new and gone."""
    from netgraph.assessment.comparison import compare_runs, write_comparison
    from netgraph.report.changes import print_changes

    found = compare_runs(old, new)
    write_comparison(found, out, lang=lang.value)
    lost = [
        (row.unit_id, row.site_id, row.city, row.tier, row.level_before, row.level_after,
         row.elements)
        for row in found.lost
    ]  # fmt: skip
    cities = [
        (row.city, row.before_ratio, row.after_ratio, row.groups_lost, row.needs_attention)
        for row in found.units
    ]
    show_written(
        form, out, "group_changes",
        lambda: print_changes(found.summary(), lost, cities, console_for(sys.stdout), lang.value),
    )  # fmt: skip
    print_text("written_to", path=out)
    is_bad = {"never": False, "lost": bool(found.lost), "worse": found.is_worse}[fail_on.value]
    if is_bad:
        raise typer.Exit(1)
