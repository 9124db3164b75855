"""The text form of GML (Graph Modelling Language): keys, values and brackets.

A parser of its own, because the well-kept one builds a graph at once and stops at exactly the
defects that must be named here: duplicated labels, parallel links without a flag, links to nodes
that do not exist.

Source: Himsolt, "GML: A portable Graph File Format", University of Passau, 1997.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from netgraph.errors import InputError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    Pairs = list[tuple[str, "str | int | float | Pairs"]]

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]*
    | "(?P<text>[^"]*)"
    | (?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])
    | (?P<key>[A-Za-z_]\w*)
    | (?P<bracket>[\[\]])
    """,
    re.VERBOSE,
)
_MAX_DEPTH = 50


def parse_gml(text: str) -> Pairs:
    """Parse GML into nested lists of keys and values, in the order of the file.

    Parameters
    ----------
    text
        The file. Character entities in texts (``&amp;``, ``&#233;``) are resolved.

    Returns
    -------
    list of (key, value)
        A value is a text, a number or such a list.

    Raises
    ------
    InputError
        If the text is not GML; the message has the line.
    """
    stack: list[Pairs] = [[]]
    key = ""
    for kind, value, line in _tokens(text):
        if kind == "bracket":
            if value == "[":
                if not key or len(stack) > _MAX_DEPTH:
                    raise _broken(line, "'[' without a key before it")
                inner: Pairs = []
                stack[-1].append((key, inner))
                stack.append(inner)
            else:
                if key or len(stack) == 1:
                    raise _broken(line, Message("']' where a value or the end was expected"))
                stack.pop()
            key = ""
        elif kind == "key" and not key:
            key = value
        elif key:
            stack[-1].append((key, _value(kind, value)))
            key = ""
        else:
            raise _broken(line, Message("{0!r} without a key before it", value))
    if key or len(stack) > 1:
        raise _broken(text.count("\n") + 1, Message("the file ends within a list"))
    return stack[0]


def _value(kind: str, value: str) -> str | int | float:
    if kind == "number":
        return int(value) if re.fullmatch(r"[+-]?\d+", value) else float(value)
    return unescape(value)


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _broken(line, Message("cannot read {0!r}", text[position : position + 20]))
        if match.lastgroup is not None:
            yield match.lastgroup, match[match.lastgroup], line
        line += match[0].count("\n")
        position = match.end()


def _broken(line: int, what: str) -> InputError:
    problem = Message("line {0}: {1}; export the GML file again, or mend that line.", line, what)
    return InputError([problem])
