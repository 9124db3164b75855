"""Lists whose entries are kept in columns and made when somebody asks for them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

Entry_co = TypeVar("Entry_co", covariant=True)


class View(Sequence[Entry_co]):
    """A list over columns; who derives from it counts the entries and makes one of them."""

    @overload
    def __getitem__(self, at: int) -> Entry_co: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Entry_co, ...]: ...
    def __getitem__(self, at: int | slice) -> Entry_co | tuple[Entry_co, ...]:
        """Make one entry, or several."""
        wanted = range(len(self))[at]
        return self._one(wanted) if isinstance(wanted, int) else self._some(wanted)

    @abstractmethod
    def _one(self, at: int) -> Entry_co:
        """Make the entry at a position, counted from 0."""

    def _some(self, at: range) -> tuple[Entry_co, ...]:
        return tuple([self._one(i) for i in at])
