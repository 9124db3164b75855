"""Example inventories. All of them are invented; only the places of `bank` stand where they are.

An example is a function that returns plain columns, table -> column -> list. It knows nothing of
the schema, so that the schema's reader is the first to judge it.
"""

from __future__ import annotations

import inspect
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from netgraph.datasets.bank import bank_columns
from netgraph.datasets.province import province_columns
from netgraph.datasets.twin_ring import twin_ring_columns
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netgraph.datasets.rows import Columns

EXAMPLES: Mapping[str, Callable[..., Columns]] = MappingProxyType(
    {"twin_ring": twin_ring_columns, "bank": bank_columns, "province": province_columns}
)


def example_columns(name: str, **options: Any) -> Columns:  # noqa: ANN401 (each example has its own)
    """Return the columns of an example: table -> column -> list.

    Parameters
    ----------
    name
        A key of :data:`EXAMPLES`.
    options
        What the example takes.

    Raises
    ------
    UsageError
        For an unknown name or option.
    """
    if name not in EXAMPLES:
        msg = Message("There is no example {0!r}: choose from {1}.", name, ", ".join(EXAMPLES))
        raise UsageError(msg)
    try:
        inspect.signature(EXAMPLES[name]).bind(**options)
    except TypeError as error:
        msg = Message("The example {0} does not take these options: {1}.", name, ", ".join(options))
        raise UsageError(msg) from error
    return EXAMPLES[name](**options)


__all__ = ["EXAMPLES", "example_columns"]
