"""The inventory: schema, readers, checks with rule codes, and the value that they make."""

from __future__ import annotations

from netgraph.inventory.checks import check_inventory
from netgraph.inventory.findings import Finding
from netgraph.inventory.model import Inventory, Source, Table
from netgraph.inventory.parse import from_columns
from netgraph.inventory.read import read_inventory
from netgraph.inventory.schema import ColumnSpec, TableSpec, load_schema
from netgraph.inventory.template import write_template
from netgraph.inventory.write import write_inventory

__all__ = [
    "ColumnSpec",
    "Finding",
    "Inventory",
    "Source",
    "Table",
    "TableSpec",
    "check_inventory",
    "from_columns",
    "load_schema",
    "read_inventory",
    "write_inventory",
    "write_template",
]
