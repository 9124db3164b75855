"""The values of one column of a table, each different one looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")
_NONE = type(None)


class ValueColumn:
    """Values in the order of the rows; what is worked out of a value is worked out once.

    Parameters
    ----------
    values
        One a row; hashable. Values that are equal but not of one type (True, 1 and 1.0) are kept
        apart, since they do not read alike.
    """

    def __init__(self, values: Sequence[object]) -> None:
        kinds = set(map(type, values)) - {_NONE}
        self._keys: Sequence[object] = (
            values if len(kinds) <= 1 else list(zip(map(type, values), values, strict=True))
        )
        self._value_of = dict(zip(self._keys, values, strict=True))

    def each(self, make: Callable[[object], T]) -> Mapping[object, T]:
        """Make something of each different value; for :meth:`spread`."""
        return {key: make(value) for key, value in self._value_of.items()}

    def spread(self, made: Mapping[object, T]) -> list[T]:
        """Give what was made of the values, row by row."""
        return list(map(made.__getitem__, self._keys))


def columns_of_rows(rows: Sequence[Sequence[object]]) -> list[ValueColumn]:
    """Turn rows, at least one, into columns."""
    return [ValueColumn(values) for values in zip(*rows, strict=True)]
