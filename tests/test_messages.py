"""Every message has a Chinese sentence, with the same values in it."""

from __future__ import annotations

import ast
import copy
import re
import string
from typing import TYPE_CHECKING

import pytest
from sources import MODULES, nodes
from typer.core import TyperGroup

from netgraph.cli.app import _command_line
from netgraph.cli.help import paragraphs
from netgraph.cli.language import Lang
from netgraph.messages import Message, chinese_patterns, join_messages, say_message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typer._click.core import Command


def _patterns() -> list[str]:
    """Patterns of all messages in the source: the first argument of each `Message(...)`.

    `refuse(...)` of the checker makes one of its arguments.
    """
    found = []
    for path in MODULES:
        for node in nodes(path):
            if not isinstance(node, ast.Call):
                continue
            of, *arguments = [getattr(item, "id", "") for item in (node.func, *node.args)]
            if of == "Message" or (of == "refuse" and path.parent.name == "verify"):
                if isinstance(node.args[0], ast.Name | ast.Call):  # put together of others
                    continue
                found.append(ast.literal_eval(node.args[0]))
            elif arguments[:1] == ["Message"]:
                found.append(ast.literal_eval(node.args[1]))  # functools.partial(Message, ...)
    return found


def test_every_message_has_a_chinese_sentence_and_the_catalogue_holds_no_other() -> None:
    assert sorted({*_patterns(), *_help()} - {""}) == sorted(chinese_patterns())


def _help() -> Iterator[str]:
    """Sentences of the help of every command and option."""
    commands: list[Command] = [_command_line(Lang.EN)]
    for command in commands:
        context = command.make_context("netgraph", [], resilient_parsing=True)
        yield command.short_help or ""
        yield from paragraphs(command.help or "")
        for parameter in command.get_params(context):
            yield from paragraphs(getattr(parameter, "help", None) or "")
        commands += command.commands.values() if isinstance(command, TyperGroup) else ()


def _places(pattern: str) -> set[tuple[str, str, str]]:
    return {
        (name, spec or "", conversion or "")
        for _, name, spec, conversion in string.Formatter().parse(pattern)
        if name is not None
    }


@pytest.mark.parametrize("english", chinese_patterns())
def test_the_chinese_sentence_holds_the_same_values_in_the_same_form(english: str) -> None:
    chinese = chinese_patterns()[english]
    assert _places(chinese) == _places(english)
    has_words = any(letter.isalpha() for letter in re.sub(r"\{[^}]*\}|run\.json", "", english))
    assert not has_words or any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


def test_a_message_is_its_english_sentence_and_can_be_said_in_chinese() -> None:
    status = Message("of unknown status")
    message = Message("{0} {1!r} is {2}", "cable_id", "C1", status)
    assert message == "cable_id 'C1' is of unknown status"
    assert say_message(message, "en") == message
    assert say_message(message, "zh") == "cable_id 'C1' 的状态为 未知"


def test_a_message_stays_one_when_it_is_copied() -> None:
    message = Message("the id {0!r} is also in {1}", "S{1}", "sites")
    other = copy.deepcopy(message)
    assert other == message
    assert say_message(other, "zh") == "编号 'S{1}' 也出现在 sites 中"


def test_what_is_no_message_is_said_as_it_is() -> None:
    assert say_message("{0} 100 %", "zh") == "{0} 100 %"


def test_joined_messages_are_each_said_in_chinese() -> None:
    joined = join_messages([Message("a verifier"), "X", Message("a due date")], ", ")
    assert joined == "a verifier, X, a due date"
    assert say_message(joined, "zh") == "验证人, X, 期限"


def _is_plain(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _plain_errors(function: ast.FunctionDef) -> Iterator[int]:
    """Lines of a function in which an error is given a sentence that is no message."""
    named = {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Name)
    }
    for call in ast.walk(function):
        if getattr(getattr(call, "func", None), "id", "") in ERRORS:
            told = [part for argument in call.args for part in ast.walk(argument)]
            told = [named.get(getattr(part, "id", ""), part) for part in told]
            in_messages = {
                part for t in told if isinstance(t, ast.Call) for part in ast.walk(t) if part != t
            }
            yield from (t.lineno for t in told if _is_plain(t) and t not in in_messages)


ERRORS = ("InputError", "UsageError", "OutputError")


def test_no_error_is_raised_with_a_sentence_that_is_english_alone() -> None:
    found = [
        f"{path.name}:{line}"
        for path in MODULES
        for function in nodes(path)
        if isinstance(function, ast.FunctionDef)
        for line in _plain_errors(function)
    ]

    assert found == []
