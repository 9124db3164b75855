"""What is told of a command that was written wrongly, in the language that is spoken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

#: What the library of the command line says, in English only; the more particular ones first.
_SAYS: tuple[tuple[str, Callable[..., Message]], ...] = (
    (r"Missing argument '(.+)'\.", lambda name: Message("Missing argument {0}.", name)),
    (r"Missing option (.+)\.", lambda name: Message("Missing option {0}.", name)),
    (r"Missing command\.", lambda: Message("Missing command.")),
    (
        r"No such option: (\S+) \(Possible options: (.+)\)",
        lambda name, near: Message("No such option: {0}; near to it: {1}.", name, near),
    ),
    (r"No such option: (\S+)", lambda name: Message("No such option: {0}.", name)),
    (
        r"No such command (.+)\. Did you mean (.+)\?",
        lambda name, near: Message("No such command {0}; near to it: {1}.", name, near),
    ),
    (r"No such command (.+)\.", lambda name: Message("No such command {0}.", name)),
    (
        r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)",
        lambda words: Message("Nothing is known to do with {0}.", words),
    ),
    (r"Option '(.+)' requires an argument\.", lambda name: Message("{0} needs a value.", name)),
    (r"Option '(.+)' does not take a value\.", lambda name: Message("{0} takes no value.", name)),
    (
        r"Invalid value for '(.+)': (.+)",
        lambda name, why: Message("Invalid value for {0}: {1}", name, _value_message(why)),
    ),
)
_VALUE_SAYS: tuple[tuple[str, Callable[..., Message]], ...] = (
    (
        r"'(.+)' is not one of (.+)\.",
        lambda value, known: Message("{0} is none of {1}.", value, known),
    ),
    (
        r"'(.+)' does not match the formats .+",
        lambda value: Message("{0} is no date; write it as 2026-06-30.", value),
    ),
    (r".+ is not a valid int(?: range)?\.", lambda: Message("give a whole number.")),
    (r".+ is not a valid float(?: range)?\.", lambda: Message("give a number.")),
    (
        r".+ is not in the range (\S+)<=x<=(\S+)\.",
        lambda least, most: Message("give {0} to {1}.", least, most),
    ),
    (
        r".+ is not in the range x>=(\S+)\.",
        lambda least: Message("give {0} or more.", least),
    ),
    (
        r".+ is not in the range x<=(\S+)\.",
        lambda most: Message("give {0} or less.", most),
    ),
)


def misuse_message(told: str) -> str:
    """Return what the library says as a message; a sentence that is not known stays English."""
    return _message(told, _SAYS)


def _value_message(told: str) -> str:
    return _message(told, _VALUE_SAYS)


def _message(told: str, says: tuple[tuple[str, Callable[..., Message]], ...]) -> str:
    for pattern, message in says:
        found = re.fullmatch(pattern, told, re.DOTALL)
        if found:
            return message(*found.groups())
    return told
