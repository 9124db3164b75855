"""What `--help` shows: in the language that is spoken, and short enough for a screen."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING

from typer.core import TyperCommand, TyperGroup, TyperOption

from netgraph.cli.language import spoken_language
from netgraph.messages import say_text
from netgraph.report import labels

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter

_GROUP = "help"
#: What an option takes, where its type does not say it; labels of the catalogue.
_VALUES = {
    "out": "DIR", "encoding": "NAME", "as_of": "DATE", "hazard_kind": "COLUMN", "centre": "NODE",
    "objective": "WHAT", "fail_on": "WHAT", "form": "FORM", "lang": "LANG", "tier": "TIER",
    "radius_m": "METRES", "search_seconds": "SECONDS", "plan_seconds": "SECONDS",
    "separation_m": "METRES", "within_m": "METRES",
}  # fmt: skip
_VALUES_BY_TYPE = {
    "boolean": "", "path": "FILE", "text": "TEXT", "int": "N", "int range": "N",
    "float": "N", "float range": "N",
}  # fmt: skip
#: Options of the commands that have most, under headings of their own.
_PANELS = {
    "panel_basis": (
        "rules", "scorecard", "rates", "prices", "weights", "hazard", "hazard_kind", "radius_m",
        "as_of", "objective", "search_seconds", "plan_seconds", "encoding",
    ),
    "panel_written": ("plan", "apply", "certificates", "separation", "city_maps"),
}  # fmt: skip
_MANY = 20  # options, from which on they are put under headings
#: Flags that leave a file out: told in one line below the options.
_LEFT_OUT = ("no_maps", "no_html", "no_workbook", "no_gpkg", "no_pdf")


class SpokenCommand(TyperCommand):
    """A command whose help is in the language of the run."""

    def get_usage(self, ctx: Context) -> str:
        """Return the line that shows how the command is written."""
        return _said_usage(super().get_usage(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Print the help."""
        _prepare(self, ctx)
        super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """A group of commands whose help is in the language of the run."""

    def get_usage(self, ctx: Context) -> str:
        """Return the line that shows how the group is written."""
        return _said_usage(super().get_usage(ctx))

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Print the help."""
        _prepare(self, ctx)
        for command in self.commands.values():
            command.short_help = _said(command.short_help or _first(command.help or ""))
        super().format_help(ctx, formatter)


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a help text, each on one line: what is looked up as a sentence."""
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def _prepare(command: SpokenCommand | SpokenGroup, ctx: Context) -> None:
    """Put everything that the help of a command shows into the language that is spoken."""
    from typer import rich_utils

    rich_utils.OPTIONS_PANEL_TITLE = _word("options")
    rich_utils.ARGUMENTS_PANEL_TITLE = _word("arguments")
    rich_utils.COMMANDS_PANEL_TITLE = _word("commands")
    rich_utils.DEFAULT_STRING = _word("default")
    rich_utils.REQUIRED_LONG_STRING = _word("required")
    rich_utils.ENVVAR_STRING = _word("variable")
    rich_utils.RANGE_STRING = ""  # the help says in words what is allowed
    command.help = _said(command.help or "")
    parameters = command.get_params(ctx)
    options = [each for each in parameters if isinstance(each, TyperOption)]
    for option in options:
        _name_value(option)
    for argument in parameters:
        if not isinstance(argument, TyperOption):  # its name tells what it is, not its type
            argument.type = copy(argument.type)  # many parameters have it in common
            setattr(argument.type, "get_metavar", lambda param, ctx: "")  # noqa: ARG005, B010
    for parameter in parameters:
        parameter.help = _said(getattr(parameter, "help", None) or "")  # type: ignore[attr-defined]
    if len(options) >= _MANY:
        _group(options)
    flags = [option for option in options if option.name in _LEFT_OUT]
    if len(flags) > 1:
        for option in flags:
            option.hidden = True
        command.epilog = _word("left_out").format(" ".join(option.opts[0] for option in flags))


def _name_value(option: TyperOption) -> None:
    """Say in a word what an option takes: `<float range>` says nothing to a planner."""
    name = option.metavar
    if name is None:
        name = _VALUES.get(str(option.name), _VALUES_BY_TYPE.get(option.type.name))
    option.metavar = labels.label("metavar", name, spoken_language()) if name else name


def _group(options: list[TyperOption]) -> None:
    headings = {name: heading for heading, names in _PANELS.items() for name in names}
    for option in options:
        heading = headings.get(str(option.name))
        if heading:
            option.rich_help_panel = _word(heading)


def _said_usage(usage: str) -> str:
    for written, word in (
        ("Usage: ", "usage"), ("[OPTIONS]", "usage_options"),
        ("COMMAND [ARGS]...", "usage_commands"),
    ):  # fmt: skip
        usage = usage.replace(written, _word(word))
    usage = re.sub(r"\[\[([^\]]+)\]\.\.\.\]\.\.\.", r"[\1]...", usage)
    return re.sub(r"\{([^}]+)\}", r"\1", usage)


def _said(text: str) -> str:
    return "\n\n".join(say_text(part, spoken_language()) for part in paragraphs(text))


def _first(text: str) -> str:
    return next(iter(paragraphs(text)), "")


def _word(name: str) -> str:
    return labels.label(_GROUP, name, spoken_language())
