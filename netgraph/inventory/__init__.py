"""The inventory: schema, readers, checks with rule codes, and the value that they make."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netgraph.inventory.checks import check_inventory as check_inventory
    from netgraph.inventory.findings import Finding as Finding
    from netgraph.inventory.model import Inventory as Inventory
    from netgraph.inventory.model import Source as Source
    from netgraph.inventory.model import Table as Table
    from netgraph.inventory.parse import from_columns as from_columns
    from netgraph.inventory.read import read_inventory as read_inventory
    from netgraph.inventory.schema import ColumnSpec as ColumnSpec
    from netgraph.inventory.schema import TableSpec as TableSpec
    from netgraph.inventory.schema import load_schema as load_schema
    from netgraph.inventory.template import write_template as write_template
    from netgraph.inventory.write import write_inventory as write_inventory

#: Where each public name lives; loaded when first used: who reads waits for no checks.
_HOMES = {
    "ColumnSpec": "schema",
    "Finding": "findings",
    "Inventory": "model",
    "Source": "model",
    "Table": "model",
    "TableSpec": "schema",
    "check_inventory": "checks",
    "from_columns": "parse",
    "load_schema": "schema",
    "read_inventory": "read",
    "write_inventory": "write",
    "write_template": "template",
}

__all__ = sorted(_HOMES)  # noqa: PLE0605 - a list of names, computed once from one place


def __getattr__(name: str) -> object:
    """Load a public name from where it lives."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
