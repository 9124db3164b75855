"""Every message has a Chinese sentence, with the same values in it."""

from __future__ import annotations

import ast
import copy
import string
from pathlib import Path

import pytest

import netgraph
from netgraph.messages import Message, chinese_patterns, say_message


def _patterns() -> list[str]:
    """Patterns of all messages in the source: the first argument of each `Message(...)`."""
    found = []
    for path in sorted(Path(netgraph.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            of, *arguments = [getattr(item, "id", "") for item in (node.func, *node.args)]
            if of == "Message":
                found.append(ast.literal_eval(node.args[0]))
            elif arguments[:1] == ["Message"]:
                found.append(ast.literal_eval(node.args[1]))  # functools.partial(Message, ...)
    return found


def test_every_message_has_a_chinese_sentence_and_the_catalogue_holds_no_other() -> None:
    assert sorted(set(_patterns())) == sorted(chinese_patterns())


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
    assert english == "{0} {1}" or any("\u4e00" <= letter <= "\u9fff" for letter in chinese)


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
