"""The commands, and what an error means for the exit code."""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from functools import cache
from io import TextIOWrapper
from typing import TYPE_CHECKING, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

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
from netgraph.cli.help import SpokenCommand, SpokenGroup
from netgraph.cli.language import LOCALE_LANG, Lang, LangOption, asked_language, speak
from netgraph.cli.memory import give_memory_back, leave, take_the_process
from netgraph.cli.misuse import misuse_message
from netgraph.cli.terminal import fail, print_text, print_usage
from netgraph.cli.works import works_app
from netgraph.errors import NetgraphError

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
_COMPLETION = {
    "install_completion": "Set up completion for this shell.",
    "show_completion": "Print the completion script.",
}


app = typer.Typer(
    name="netgraph",
    help=_SUMMARY,
    cls=SpokenGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command, words in _COMMANDS.items():
    app.command(short_help=words, cls=SpokenCommand)(command)
app.add_typer(works_app, short_help="Follow chosen works from the plan to their proof.")


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
    lang: LangOption = LOCALE_LANG,  # noqa: ARG001 - known before, for the help
) -> None:
    """Route diversity, shared risk and scores of leased circuits."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"netgraph {installed('netgraph-diversity')}")
        raise typer.Exit


def run() -> NoReturn:
    """Run the command line as a process of its own, and end it."""
    take_the_process()
    try:
        main()
    except SystemExit as end:
        leave(end.code)
    leave(0)


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
    give_memory_back()
    line = _command_line(speak(asked_language(sys.argv[1:])))
    try:
        with _stoppable():
            code = line.main(standalone_mode=False)
    except TyperException as error:
        _explain(error)
    except typer.Abort:
        print_text("stopped")
        sys.exit(1)
    except NetgraphError as error:
        fail(error.problems)
    except _Stopped as stop:
        print_text("stopped")
        sys.exit(128 + stop.number)
    sys.exit(code)


def _explain(error: TyperException) -> NoReturn:
    """Tell what is wrong with a command that cannot be understood, and how it is written."""
    told = error.format_message()
    if told:  # otherwise the help was printed, since nothing was asked for
        context = getattr(error, "ctx", None)
        if context is not None:
            print_usage(context)
        fail([misuse_message(told)])
    sys.exit(error.exit_code)


@cache
def _command_line(lang: Lang) -> TyperGroup:
    """Return the commands; without --lang they speak the language that is asked for.

    They are made of the signatures of all commands, once for each language.
    """
    found = typer.main.get_command(app)
    if not isinstance(found, TyperGroup):
        raise TypeError(found)
    for option in found.params:
        if option.name in _COMPLETION:
            setattr(option, "help", _COMPLETION[option.name])  # noqa: B010 - of options alone
    _speak_by_default(found, lang)
    return found


def _speak_by_default(group: TyperGroup, lang: Lang) -> None:
    for command in (group, *group.commands.values()):
        for option in command.params:
            if option.name == "lang":
                option.default = lang
        if isinstance(command, TyperGroup) and command is not group:
            _speak_by_default(command, lang)


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
