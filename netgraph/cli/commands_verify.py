"""`netgraph verify`: hold the certificates of a run against the raw tables."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from netgraph.cli.formats import Format, FormatOption, show_rows
from netgraph.cli.language import LOCALE_LANG, LangOption
from netgraph.cli.terminal import console_for
from netgraph.messages import say_message
from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.report.labels import Language
    from netgraph.verify import Verification

_MOST_SHOWN = 20
_COLUMNS = ("kind", "accepted", "not_checkable", "refused")


def verify(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="What assess --certificates wrote.")],
    inventory: Annotated[
        Optional[Path],
        typer.Option("--inventory", help="Where the inventory stands now; default: as assessed."),
    ] = None,
    scorecard: Annotated[
        Optional[Path],
        typer.Option(
            "--scorecard", help="The scorecard that it scored by; default: the shipped one."
        ),
    ] = None,
    lang: LangOption = LOCALE_LANG,
    form: FormatOption = Format.TABLE,
) -> None:
    """Check every verdict of a run against the raw tables, with none of the code that made it."""
    from netgraph.verify import verify_certificates

    found = verify_certificates(out, inventory, scorecard)
    kinds = sorted({*found.accepted, *found.not_checkable, *found.refused_by_kind})
    counts = (found.accepted, found.not_checkable, found.refused_by_kind)
    rows = [(kind, *(count.get(kind, 0) for count in counts)) for kind in kinds]
    show_rows(form, _COLUMNS, rows, asdict(found), lambda: _print(found, rows, lang.value))
    if not found.is_accepted:
        raise typer.Exit(1)


def _print(found: Verification, rows: Sequence[tuple[object, ...]], lang: Language) -> None:
    from rich.table import Table

    console = console_for(sys.stdout)
    table = Table(*(labels.text(f"verify_{name}", lang) for name in _COLUMNS))
    for row in rows:
        table.add_row(*map(str, row))
    if table.row_count:
        console.print(table)
    for reason in found.refused[:_MOST_SHOWN]:
        console.print(
            labels.text("verify_reason", lang, reason=say_message(reason, lang)), markup=False
        )
    if len(found.refused) > _MOST_SHOWN:
        more = len(found.refused) - _MOST_SHOWN
        console.print(labels.text("verify_more", lang, count=f"{more:,}"))
    if found.is_accepted:
        console.print(labels.text("verify_accepted_all", lang))
    if found.other_rules:
        rules = found.other_rules.items()
        what = "; ".join(f"{name} {said!r} ({usual!r})" for name, (said, usual) in rules)
        console.print(labels.text("verify_other_rules", lang, what=what), markup=False)
    if found.not_held:
        what = "; ".join(found.not_held)
        console.print(labels.text("verify_not_held", lang, what=what), markup=False)
