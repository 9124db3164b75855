"""The commands, and what an error means for the exit code."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

import typer

from netgraph.cli.commands_assess import assess, check
from netgraph.cli.commands_compare import compare
from netgraph.cli.commands_corridors import corridors
from netgraph.cli.commands_customer import customer
from netgraph.cli.commands_doctor import doctor
from netgraph.cli.commands_example import example, template
from netgraph.cli.commands_impact import impact
from netgraph.cli.commands_plant import diversity
from netgraph.cli.commands_simulate import simulate
from netgraph.cli.commands_trace import trace
from netgraph.cli.commands_upgrades import upgrades
from netgraph.cli.commands_verify import verify
from netgraph.cli.terminal import console_for, fail
from netgraph.cli.works import works_app
from netgraph.errors import InputError, NetgraphError

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer(
    name="netgraph",
    help="Route diversity, shared risk and scores for leased circuits, from a planner's tables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    assess, verify, check, trace, customer, compare, diversity, corridors, impact, simulate,
    upgrades, example, template, doctor,
):  # fmt: skip
    app.command()(command)
app.add_typer(works_app)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Route diversity, shared risk and scores for leased circuits, from a planner's tables."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"netgraph {installed('netgraph-diversity')}")
        raise typer.Exit


class _Stopped(BaseException):
    """Somebody asked the process to stop; what is half written is cleaned up on the way out."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> None:
    """Run the command line; a user's mistake is a message and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks Chinese shows "?" instead
            stream.reconfigure(errors="replace")
    try:
        with _stoppable():
            app()
    except InputError as error:
        fail(error.problems)
    except NetgraphError as error:
        fail(str(error).splitlines())
    except _Stopped as stop:
        console_for(sys.stderr).print("Stopped; nothing is left half written.")
        sys.exit(128 + stop.number)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closing terminal into an exception."""

    def stop(number: int, _frame: object) -> None:
        raise _Stopped(number)

    names = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
