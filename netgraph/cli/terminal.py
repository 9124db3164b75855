"""What the terminal shows: progress on stderr, data on stdout, errors with their cure."""

from __future__ import annotations

import os
import signal
import sys
from collections import Counter
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, NoReturn, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from netgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netgraph.inventory import Finding

SEVERITIES = ("error", "warning", "info")
_STAGES = {
    "read": "Reading the inventory",
    "check": "Checking the records",
    "network": "Building the network",
    "audit": "Auditing the routes",
    "availability": "Computing expected outages",
    "hazards": "Gathering the hazards",
    "rings": "Looking at the rings",
    "prepare": "Preparing the searches (compiled at the first run)",
    "search": "Searching today's plant",
    "score": "Scoring the sites",
    "write": "Writing tables and maps",
    "propose": "Drawing up works",
    "cuts": "Looking at what cuts sites off",
    "protect": "Ring protection: yuan proven to be needed, of the best plan",
    "weigh": "Weighing the works",
    "choose": "Choosing works",
    "frontier": "Cost against benefit",
    "reassess": "Assessing again with the works done",
}
_MOST_SHOWN, _MOST_OF_A_RULE = 12, 3
_FILE_WIDTH = 100  # of tables that go to a file or a pipe, which has no width of its own


class _Console(Console):
    """A console whose reader may go away (`netgraph ... | head`) without ending the run."""

    def on_broken_pipe(self) -> None:
        """Drop the rest; the exit code stays what the run says."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def console_for(stream: TextIO) -> Console:
    """Return a console on a stream; plain when it is no terminal, NO_COLOR honoured."""
    if stream.isatty():
        return _Console(file=stream, highlight=False)
    width = None if os.environ.get("COLUMNS", "").isdigit() else _FILE_WIDTH
    return _Console(file=stream, highlight=False, soft_wrap=True, width=width)


def fail(problems: Sequence[str]) -> NoReturn:
    """Print what is wrong, all of it, and exit with 2."""
    console = console_for(sys.stderr)
    for problem in problems:
        console.print(f"[bold red]error[/] {escape(problem)}")
    sys.exit(2)


def day_of(text: str | None, option: str) -> date | None:
    """Read a date that an option was given; None stays None."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{option} {text}: not a date; write it as 2026-06-30."
        raise UsageError(message) from error


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None] | None]:
    """Give a progress callback (stage, done, all); None when stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console_for(sys.stderr), transient=True) as progress:
        tasks: dict[str, object] = {}

        def update(stage: str, done: int, whole: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(_STAGES.get(stage, stage), total=whole)
            progress.update(tasks[stage], completed=done, total=whole)  # type: ignore[arg-type]

        yield update


@contextmanager
def heeding_interrupts() -> Iterator[None]:
    """Let Ctrl-C end the optimisation that runs, which keeps its best plan so far.

    Elsewhere it ends the run, as it does outside of this block.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        if callable(before):
            before(signal.SIGINT, None)
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def tell_of_compilation() -> None:
    """Say why the first run takes longer."""
    console_for(sys.stderr).print("Compiling the searches; only the first run waits for it ...")


def print_findings(
    findings: Sequence[Finding], *, most: int | None = _MOST_SHOWN, stream: TextIO | None = None
) -> None:
    """Print findings to stderr (or a stream), the worst first, with the place in the source.

    With `most`, only so many, and few of each rule, so that one rule cannot hide the others.
    """
    console = console_for(stream or sys.stderr)
    order = sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), f))
    shown = order if most is None else _few_of_each_rule(order)[:most]
    colours = {"error": "red", "warning": "yellow", "info": "blue"}
    for finding in shown:
        where = f"{finding.table} {finding.row_id}".rstrip()
        if finding.place:
            where += f" ({finding.place})"
        console.print(
            f"[{colours[finding.severity]}]{finding.severity}[/] {finding.rule} {escape(where)}: "
            f"{escape(finding.message.rstrip('.'))}. [dim]{escape(finding.hint)}[/]"
        )
    if len(order) > len(shown):
        console.print(f"... and {len(order) - len(shown)} more; all are in tables/findings.csv.")


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
