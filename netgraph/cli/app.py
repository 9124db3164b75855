"""The commands, and what an error means for the exit code."""

from __future__ import annotations

import sys

import typer

from netgraph.cli.commands_assess import assess, check
from netgraph.cli.commands_example import example, template
from netgraph.cli.commands_plant import diversity
from netgraph.cli.terminal import console_for, fail
from netgraph.errors import InputError, NetgraphError

app = typer.Typer(
    name="netgraph",
    help="Route diversity, shared risk and scores for leased circuits, from a planner's tables.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (assess, check, diversity, example, template):
    app.command()(command)


@app.callback(invoke_without_command=True)
def root(
    version: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Route diversity, shared risk and scores for leased circuits, from a planner's tables."""
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"netgraph {installed('netgraph-diversity')}")
        raise typer.Exit


def main() -> None:
    """Run the command line; a user's mistake is a message and exit code 2, never a traceback."""
    try:
        app()
    except InputError as error:
        fail(error.problems)
    except NetgraphError as error:
        fail(str(error).splitlines())
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        console_for(sys.stderr).print("Stopped; nothing was written.")
        sys.exit(130)
