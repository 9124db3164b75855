"""The commands, and what an error means for the exit code."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from io import TextIOWrapper
from typing import TYPE_CHECKING

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

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
from netgraph.cli.terminal import fail, print_text
from netgraph.cli.works import works_app
from netgraph.errors import InputError, NetgraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SUMMARY = "Route diversity, shared risk and scores of leased circuits."
#: In the order in which a planner meets them; one line each, so that the help fits a screen.
_COMMANDS: dict[Callable[..., None], str] = {
    assess: "Audit every circuit, score every site; write it all.",
    check: "List everything that is wrong with an inventory.",
    trace: "Both routes of a circuit or site on one sheet.",
    customer: "One printable sheet per customer.",
    compare: "What changed since the last assessment.",
    impact: "What a cut or planned work takes down, whom to call.",
    simulate: "Fail every risk in turn: which one hurts most.",
    upgrades: "Works, what they cost and buy, the best for a budget.",
    diversity: "Disjoint routes in a network of nodes and spans.",
    corridors: "Metres that two networks share along the way.",
    verify: "Hold the verdicts of a run to the raw tables.",
    example: "Write an example inventory (invented).",
    template: "Write an empty workbook to fill in.",
    doctor: "Versions, drivers, fonts: is everything there?",
}
#: What an option takes, where its type does not say it.
_VALUES = {
    "out": "DIR", "encoding": "NAME", "as_of": "DATE", "hazard_kind": "COLUMN", "centre": "NODE",
    "objective": "WHAT", "fail_on": "WHAT", "form": "FORM",
}  # fmt: skip
_VALUES_BY_TYPE = {
    "<bool>": "", "<path>": "FILE", "<list[Path]>": "FILE", "<str>": "TEXT", "<list[str]>": "TEXT",
    "<int>": "N", "<int range>": "N", "<float>": "N", "<float range>": "N",
}  # fmt: skip
_COMPLETION = {
    "install_completion": "Set up completion for this shell.",
    "show_completion": "Print the completion script.",
}


app = typer.Typer(
    name="netgraph",
    help=_SUMMARY,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command, words in _COMMANDS.items():
    app.command(short_help=words)(command)
app.add_typer(works_app, short_help="Follow chosen works from the plan to their proof.")


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Route diversity, shared risk and scores of leased circuits."""
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
            _command_line()()
    except InputError as error:
        fail(error.problems)
    except NetgraphError as error:
        fail(str(error).splitlines())
    except _Stopped as stop:
        print_text("stopped")
        sys.exit(128 + stop.number)


def _command_line() -> Callable[[], object]:
    """Return the commands with less around their help: the help of each one fits a screen."""
    found = typer.main.get_command(app)
    for option in found.params:
        if option.name in _COMPLETION:
            setattr(option, "help", _COMPLETION[option.name])  # noqa: B010 - of options alone
    _name_values(found)
    return found


def _name_values(command: object) -> None:
    """Say in a word what an option takes: `<bool>` and `<float range>` say nothing to a planner."""
    if not isinstance(command, TyperCommand | TyperGroup):
        return
    for option in command.params:
        if isinstance(option, TyperOption) and option.metavar is None:
            shown = str(option.display_type(None))  # type: ignore[arg-type] # no type asks for it
            option.metavar = _VALUES.get(str(option.name), _VALUES_BY_TYPE.get(shown))
    for part in command.commands.values() if isinstance(command, TyperGroup) else ():
        _name_values(part)


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
