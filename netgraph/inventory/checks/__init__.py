"""Checks of the records against each other: one check is one function that returns findings."""

from __future__ import annotations

from netgraph.inventory.checks.run import check_inventory

__all__ = ["check_inventory"]
