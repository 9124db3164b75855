"""Files of a network of nodes and spans: bytes to text, with the encoding and a digest."""

from __future__ import annotations

import codecs
import hashlib
import json
from typing import TYPE_CHECKING

from netgraph.errors import InputError
from netgraph.inventory.model import Source
from netgraph.messages import Message

if TYPE_CHECKING:
    from pathlib import Path

# UTF-8 is what the formats ask for; GB 18030 is what Chinese office software still writes.
_ENCODINGS = ("utf-8-sig", "gb18030")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> tuple[str, Source]:
    """Read a text file and say how.

    Parameters
    ----------
    path
        A file.

    Returns
    -------
    tuple
        The text, and the source with its digest and encoding.

    Raises
    ------
    InputError
        If the file cannot be read or is in none of the encodings that are tried.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        message = Message(
            "{0}: cannot be read ({1}); check the path.", path, error.strerror or error
        )
        raise InputError([message]) from error
    digest = hashlib.sha256(content).hexdigest()
    marked = [name for mark, name in _BYTE_ORDER_MARKS if content.startswith(mark)]
    for encoding in marked or _ENCODINGS:
        try:
            return content.decode(encoding), Source(str(path), digest, encoding)
        except UnicodeDecodeError:
            continue
    message = Message("{0}: is neither UTF-8 nor GB 18030 text; save it as UTF-8.", path)
    raise InputError([message])


def read_json(path: Path) -> tuple[object, Source]:
    """Read a JSON file.

    Raises
    ------
    InputError
        If the file cannot be read or is not JSON; the message has the line.
    """
    text, source = read_text(path)
    try:
        return json.loads(text), source
    except json.JSONDecodeError as error:
        message = Message(
            "{0}: is not valid JSON, line {1} column {2}: {3}; export the file again,"
            " or mend that line.",
            path,
            error.lineno,
            error.colno,
            error.msg,
        )
        raise InputError([message]) from error
    except RecursionError as error:
        message = Message("{0}: is nested too deeply to be a network; export the file again.", path)
        raise InputError([message]) from error
