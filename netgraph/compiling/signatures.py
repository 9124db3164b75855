"""Types of arguments as text, so that a kernel can be compiled before anybody calls it.

``int64`` is a number, ``float64[,]`` an array of two dimensions in C order, ``(int64 bool)`` a
tuple, and ``module:Name(int32[] bool[])`` a named tuple of that class, in `netgraph`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from numba.core import types

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(r"[^\s()]+|[()]")
_PACKAGE = "netgraph."


def write_types(kinds: tuple[Any, ...]) -> str:
    """Write the types of the arguments of a kernel.

    Raises
    ------
    ValueError
        For a type that kernels do not take.
    """
    return " ".join(map(_write, kinds))


def read_types(text: str) -> tuple[Any, ...]:
    """Read what :func:`write_types` wrote."""
    return tuple(_read_until_closed(iter(_TOKEN.findall(text))))


def _write(kind: Any) -> str:
    if isinstance(kind, types.BaseTuple):
        parts: Any = kind
        owner = getattr(kind, "instance_class", None)  # of named ones
        name = f"{owner.__module__.removeprefix(_PACKAGE)}:{owner.__qualname__}" if owner else ""
        return f"{name}({write_types(tuple(parts))})"
    if isinstance(kind, types.Array) and kind.layout == "C" and kind.mutable and kind.aligned:
        return f"{kind.dtype}[{',' * (kind.ndim - 1)}]"
    if isinstance(kind, types.Number | types.Boolean):
        return str(kind)
    message = f"a kernel takes no {kind}"
    raise ValueError(message)


def _read_until_closed(tokens: Iterator[str]) -> Iterator[Any]:
    owner = ""
    for part in tokens:
        if part == ")":
            return
        if part == "(":
            yield _tuple_of(owner, tuple(_read_until_closed(tokens)))
            owner = ""
        elif ":" in part:
            owner = part
        else:
            number, _, dimensions = part.partition("[")
            kind = getattr(types, number)
            yield types.Array(kind, len(dimensions), "C") if dimensions else kind


def _tuple_of(owner: str, kinds: tuple[Any, ...]) -> Any:
    if not owner:
        return types.Tuple(kinds)
    module, _, name = owner.partition(":")
    named = getattr(import_module(_PACKAGE + module), name)
    is_uniform = len(set(kinds)) == 1
    return (
        types.NamedUniTuple(kinds[0], len(kinds), named)
        if is_uniform
        else types.NamedTuple(kinds, named)
    )
