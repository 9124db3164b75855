"""Leave some circuits in an inventory, on everybody's plant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netgraph.inventory.model import Inventory


def with_circuits(inventory: Inventory, stays: NDArray[np.bool_]) -> Inventory:
    """Leave out circuits, with their routes and faults; plant, links, sites and records all stay.

    The verdicts, levels and scores of a site are those of the whole inventory as long as all its
    circuits, and all that back them up, stay.

    Parameters
    ----------
    stays
        Which circuits stay; shape (circuits,).
    """
    circuits = inventory.table("circuits")
    ids = set(circuits["id"][stays].tolist())
    kept = {"circuits": circuits.select(stays)}
    for name in ("circuit_links", "faults"):
        table = inventory.table(name)
        kept[name] = table.select(among(table["circuit_id"], ids))
    return replace(inventory, tables={**inventory.tables, **kept})


def among(values: NDArray[np.object_], wanted: Iterable[str]) -> NDArray[np.bool_]:
    """Mark the values that are wanted."""
    chosen = set(wanted)
    return np.fromiter((value in chosen for value in values), dtype=bool, count=len(values))


def with_circuits_of(inventory: Inventory, sites: Iterable[str]) -> Inventory:
    """Leave out the circuits of other sites; what :func:`with_circuits` promises holds for these.

    Circuits back each other up at one site only.
    """
    return with_circuits(inventory, among(inventory.table("circuits")["a_id"], sites))
