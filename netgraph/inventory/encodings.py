"""Find out the encoding of text files that do not state it.

UTF-8 is tried first, then GB 18030, which includes GBK and GB 2312. A few short Chinese words in
GBK are by chance valid UTF-8 of rare letters; the other files of the folder then decide, since
they come out of one export.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

UTF_8 = frozenset({"utf-8", "utf-8-sig"})
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_EAST_ASIAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


def has_legacy_text(contents: Iterable[bytes]) -> bool:
    """Whether any of some files is neither marked nor UTF-8."""
    return any(_find_mark(content) is None and not _is_utf_8(content) for content in contents)


def find_text(
    content: bytes, encoding: str | None, *, beside_legacy: bool = False
) -> tuple[str, str] | None:
    """Decode a file.

    Parameters
    ----------
    content
        Its bytes.
    encoding
        What the user says; None to find out.
    beside_legacy
        Other files of the folder are not UTF-8.

    Returns
    -------
    tuple of str or None
        The text without a byte order mark, and the encoding; None if it is no text.

    Raises
    ------
    UsageError
        If Python does not know the encoding.
    """
    for candidate in [encoding] if encoding else _candidates(content, beside_legacy=beside_legacy):
        try:
            text = content.decode(candidate)
        except LookupError as error:
            message = Message(
                "the encoding {0!r} is not known; gb18030 or utf-8 are usual", candidate
            )
            raise UsageError(message) from error
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else (text.removeprefix("\ufeff"), candidate)
    return None


def _candidates(content: bytes, *, beside_legacy: bool) -> list[str]:
    marked = _find_mark(content)
    if marked:
        return [marked]
    if beside_legacy and not content.isascii() and _is_utf_8(content):
        is_chance = not _EAST_ASIAN.search(content.decode("utf-8"))
        return ["gb18030", "utf-8"] if is_chance else ["utf-8"]
    return ["utf-8", "gb18030"]


def _find_mark(content: bytes) -> str | None:
    return next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
