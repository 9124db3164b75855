"""Results of items: pass, fail, unknown, not applicable; and how several facts make one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Result(StrEnum):
    """Result of an item; unknown is a result of its own and earns nothing."""

    PASS = "pass"  # noqa: S105 - a result, no password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


_RESULT_OF_VALUE = {True: Result.PASS, False: Result.FAIL, None: Result.UNKNOWN}


@dataclass(frozen=True)
class ItemResult:
    """Result of one item for one site, with the rows that it rests on ("table:id")."""

    result: Result
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One three-valued fact and the row that states it."""

    value: bool | None
    row: str


def all_hold(facts: Iterable[Fact]) -> ItemResult:
    """Pass only if every fact holds; a known false fails even if others are unknown.

    Without any fact the result is unknown: missing evidence earns no marks.

    >>> all_hold([Fact(True, "sites:S1"), Fact(None, "sites:S2")]).result.value
    'unknown'
    """
    gathered = list(facts)
    values = [fact.value for fact in gathered]
    worst = False if False in values else None if None in values or not values else True
    return ItemResult(
        _RESULT_OF_VALUE[worst],
        _once([fact.row for fact in gathered if fact.value is worst]),
    )


def not_applicable(*evidence: str) -> ItemResult:
    """Not applicable, on positive evidence."""
    return ItemResult(Result.NOT_APPLICABLE, _once(evidence))


def unknown(*evidence: str) -> ItemResult:
    """Unknown: the named rows are missing or silent."""
    return ItemResult(Result.UNKNOWN, _once(evidence))


def three_valued(value: float) -> bool | None:
    """1 is true, 0 is false, anything else is unknown."""
    return True if value == 1 else False if value == 0 else None


def all_of(values: Iterable[bool | None]) -> bool | None:
    """Three-valued and."""
    gathered = list(values)
    if False in gathered:
        return False
    return None if None in gathered else True


def any_of(values: Iterable[bool | None]) -> bool | None:
    """Three-valued or."""
    gathered = list(values)
    if True in gathered:
        return True
    return None if None in gathered else False


def _once(rows: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(rows))
