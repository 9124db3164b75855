"""Repeatable choices: a number from a name, the same on every machine and in every version."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")


def draw(*keys: object) -> float:
    """Return a number in [0, 1) that depends on the keys alone.

    Unlike a stream of random numbers, it does not shift when something is added elsewhere.
    """
    digest = blake2b("/".join(map(str, keys)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def pick(options: Sequence[T], *keys: object) -> T:
    """Return one of the options."""
    return options[int(draw(*keys) * len(options))]


def shuffled(items: Iterable[T], *keys: object) -> list[T]:
    """Return the items in an order that depends on the keys and on each item alone."""
    return sorted(items, key=lambda item: draw(*keys, item))
