"""What the terminal shows: progress on stderr, data on stdout, errors with their cure.

The library that draws it is loaded by those who show something: a command begins to read before.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NoReturn, TextIO

from netgraph.cli.language import spoken_language
from netgraph.errors import UsageError
from netgraph.messages import Message, say_message
from netgraph.report import labels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rich.console import Console
    from typer import Context

    from netgraph.inventory import Finding

SEVERITIES = ("error", "warning", "info")  # the readers that define them take a second to load
_MOST_SHOWN, _MOST_OF_A_RULE = 12, 3
_FILE_WIDTH = 100  # of tables that go to a file or a pipe, which has no width of its own


def console_for(stream: TextIO) -> Console:
    """Return a console on a stream; plain when it is no terminal, NO_COLOR honoured."""
    from netgraph.cli.console import CleanConsole

    if stream.isatty():
        return CleanConsole(file=stream, highlight=False)
    width = None if os.environ.get("COLUMNS", "").isdigit() else _FILE_WIDTH
    return CleanConsole(file=stream, highlight=False, soft_wrap=True, width=width)


def fail(problems: Sequence[str]) -> NoReturn:
    """Print what is wrong, all of it, and exit with 2."""
    from rich.markup import escape

    console = console_for(sys.stderr)
    error = labels.label("finding_severity", "error", spoken_language())
    for problem in problems:
        told = say_message(problem, spoken_language())
        console.print(f"[bold red]{error}[/] {escape(told)}")
    sys.exit(2)


def print_usage(context: Context) -> None:
    """Print to stderr how a command is written, and where its options are told."""
    console, lang = console_for(sys.stderr), spoken_language()
    console.print(context.get_usage(), markup=False)
    hint = labels.text("see_help", lang, command=f"{context.command_path} --help")
    console.print(hint, style="dim", markup=False)


def day_of(text: str | None, option: str) -> date | None:
    """Read a date that an option was given; None stays None."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = Message("{0} {1}: not a date; write it as 2026-06-30.", option, text)
        raise UsageError(message) from error


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a progress callback (stage, done, all); None when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as bars

    columns = (
        bars.TextColumn("{task.description}"), bars.BarColumn(), bars.MofNCompleteColumn(),
        bars.TimeElapsedColumn(),
    )  # fmt: skip
    with bars.Progress(*columns, console=console_for(sys.stderr), transient=True) as progress:
        tasks: dict[str, object] = {}

        def update(stage: str, done: int, whole: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(
                    labels.label("stage", stage, spoken_language()), total=whole
                )
            progress.update(tasks[stage], completed=done, total=whole)  # type: ignore[arg-type]

        yield update


def tell_of_stopping() -> None:
    """Say that the run comes to its end with the best plan so far."""
    print_text("stopping")


def tell_of_compilation() -> None:
    """Say why the first run takes longer, or every run does."""
    from netgraph.compiling.kernels import are_kept

    print_text("compiling" if are_kept() else "compiling_unkept")


def print_text(identifier: str, *, stream: TextIO | None = None, **values: object) -> None:
    """Print a phrase of the catalogue to stderr (or a stream), in the language of the run."""
    text = labels.text(identifier, spoken_language(), **values)
    console_for(stream or sys.stderr).print(text, markup=False)


def print_findings(
    findings: Sequence[Finding], *, most: int | None = _MOST_SHOWN, stream: TextIO | None = None,
    rest: str = "findings_more",
) -> None:  # fmt: skip
    """Print findings to stderr (or a stream), the worst first, with the place in the source.

    With `most`, only so many, and few of each rule, so that one rule cannot hide the others; the
    text `rest` says where the others are.
    """
    from rich.markup import escape

    console, lang = console_for(stream or sys.stderr), spoken_language()
    colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
    order = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f))
    shown = order if most is None else _few_of_each_rule(order)[:most]
    colours = {"error": "red", "warning": "yellow", "info": "blue"}
    for finding in shown:
        where = f"{finding.table} {finding.row_id}".rstrip()
        if finding.place:
            where += f" ({say_message(finding.place, lang)})"
        severity = labels.label("finding_severity", finding.severity, lang)
        message, hint = (say_message(part, lang) for part in (finding.message, finding.hint))
        console.print(
            f"[{colours[finding.severity]}]{severity}[/] {finding.rule} {escape(where)}{colon}"
            f"{escape(message.rstrip('.。'))}{stop}[dim]{escape(hint)}[/]"
        )
    if len(order) > len(shown):
        print_text(rest, stream=stream, count=f"{len(order) - len(shown):,}")


def _few_of_each_rule(findings: Sequence[Finding]) -> list[Finding]:
    seen: Counter[str] = Counter()
    few = []
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= _MOST_OF_A_RULE:
            few.append(finding)
    return few


def reaches(findings: Sequence[Finding], fail_on: str) -> bool:
    """Whether a finding is as severe as `fail_on` (or worse); "never" is never reached."""
    if fail_on == "never":
        return False
    worst = SEVERITIES.index(fail_on)
    return any(SEVERITIES.index(finding.severity) <= worst for finding in findings)
