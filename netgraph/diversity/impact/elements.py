"""What ``TABLE:ID`` on the command line stands for: the elements that fail with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.near_names import find_near_names
from netgraph.topology.csr import transpose
from netgraph.topology.places import PLACE_TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netgraph.topology import LayeredNetwork

#: What can fail; trenches and buildings are named by the spans and places that refer to them.
FAILING_TABLES = (
    "spans", "trenches", "cables", "structures", "buildings", "rooms", "offices", "sites",
    "equipment", "links", "systems", "risk_groups",
)  # fmt: skip
_MOST_NAMES = 5


@dataclass(frozen=True)
class FailedElement:
    """One thing that fails, as it was named.

    Attributes
    ----------
    table, id
        What it is.
    name
        Its recorded name, empty without one.
    elements
        Numbers of the elements that fail with it (see :class:`netgraph.topology.Elements`): the
        thing itself, every section of a whole cable, the members of a risk group, the equipment
        and links of a system.
    possible
        Those that may fail with it for all that is recorded: possible members of a risk group.
    """

    table: str
    id: str
    name: str
    elements: tuple[int, ...]
    possible: tuple[int, ...] = ()


def resolve_elements(network: LayeredNetwork, wanted: Iterable[str]) -> tuple[FailedElement, ...]:
    """Resolve things that fail together, each named ``table:id``.

    Parameters
    ----------
    network
        The layered network.
    wanted
        ``spans:P12``, ``structures:M5``, ... of :data:`FAILING_TABLES`. An id alone will do where
        only one table has it. ``cables:ID`` may also name a whole cable (``cables.parent_id``).

    Returns
    -------
    tuple of FailedElement
        In the order given, each once.

    Raises
    ------
    UsageError
        For an unknown table, an unknown id (with the nearest ones) or an id that several tables
        have; all of them at once.
    """
    blocks = _Blocks(network)
    found: dict[tuple[str, str], FailedElement] = {}
    problems: list[str] = []
    for text in wanted:
        try:
            element = blocks.resolve(text)
        except UsageError as error:
            problems += error.problems
        else:
            found[element.table, element.id] = element
    if problems:
        raise UsageError(problems)
    return tuple(found.values())


class _Blocks:
    """Ids and element numbers of every table that can fail."""

    def __init__(self, network: LayeredNetwork) -> None:
        self._network = network

    def resolve(self, text: str) -> FailedElement:
        table, _, identifier = text.partition(":")
        if identifier and table in FAILING_TABLES:
            numbers = self._numbers(table, identifier)
            if numbers is None:
                raise UsageError(self._unknown(identifier, (table,)))
            name, possible = self._name(table, identifier), self._possible(table, identifier)
            return FailedElement(table, identifier, name, numbers, possible)
        if identifier and table.isidentifier() and not self._tables_of(text):
            near = find_near_names(table, FAILING_TABLES, 1)
            hint = Message("Is {0} meant? ", near[0]) if near else ""
            message = Message(
                "There is no table {0!r} of things that fail. {1}The tables are {2}.",
                table,
                hint,
                ", ".join(FAILING_TABLES),
            )
            raise UsageError(message)
        tables = self._tables_of(text)
        if len(tables) == 1:
            return self.resolve(f"{tables[0]}:{text}")
        if tables:
            choices = ", ".join(f"{name}:{text}" for name in tables)
            message = Message("{0!r} may mean several things: write one of {1}.", text, choices)
            raise UsageError(message)
        raise UsageError(self._unknown(text, FAILING_TABLES))

    def _tables_of(self, identifier: str) -> list[str]:
        return [name for name in FAILING_TABLES if self._numbers(name, identifier) is not None]

    def _numbers(self, table: str, identifier: str) -> tuple[int, ...] | None:
        """Element numbers of one thing; None if the table has no such id."""
        if not identifier:
            return None
        if table == "systems":
            return self._of_system(identifier)
        elements = self._network.elements
        if table == "risk_groups":
            risk = np.flatnonzero(elements.risk_ids == identifier)
            if len(risk) == 0:
                return None
            members = transpose(elements.risks, len(elements.risk_ids))
            return tuple(members.row(int(risk[0])).tolist())
        block = "places" if table in PLACE_TABLES else table
        is_it = self._ids(table) == identifier
        if table == "cables":
            is_it |= self._network.inventory.table("cables")["parent_id"] == identifier
        found = np.flatnonzero(is_it)
        return tuple((found + elements.offset[block]).tolist()) if len(found) else None

    def _possible(self, table: str, identifier: str) -> tuple[int, ...]:
        """Elements that may belong to a risk group; none of anything else."""
        elements = self._network.elements
        risk = np.flatnonzero(elements.risk_ids == identifier)
        if table != "risk_groups" or len(risk) == 0:
            return ()
        members = transpose(elements.possible_risks, len(elements.risk_ids))
        return tuple(members.row(int(risk[0])).tolist())

    def _of_system(self, identifier: str) -> tuple[int, ...] | None:
        inventory, offset = self._network.inventory, self._network.elements.offset
        members = [
            np.flatnonzero(inventory.table(name)["system_id"] == identifier) + offset[name]
            for name in ("equipment", "links")
        ]
        is_there = bool((inventory.table("systems")["id"] == identifier).any())
        numbers = tuple(np.concatenate(members).tolist())
        return numbers if is_there or numbers else None

    def _ids(self, table: str) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
        """Ids by position in the table's block; of places, those of other tables are blank."""
        network = self._network
        if table in PLACE_TABLES:
            is_here = network.places.kind == PLACE_TABLES.index(table)
            return np.where(is_here, network.places.ids, "")
        own = {
            "trenches": network.spans.trench_ids, "buildings": network.places.building_ids,
            "systems": network.inventory.table("systems")["id"],
            "risk_groups": network.elements.risk_ids,
        }  # fmt: skip
        return own[table] if table in own else network.inventory.table(table)["id"]

    def _name(self, table: str, identifier: str) -> str:
        if table in {"trenches", "buildings"}:
            return ""
        rows = self._network.inventory.table(table)
        if "name" not in rows.columns:
            return ""
        return next((str(name) for name in rows["name"][rows["id"] == identifier]), "")

    def _unknown(self, identifier: str, tables: tuple[str, ...]) -> str:
        what = tables[0] if len(tables) == 1 else Message("a table")
        elsewhere = (name for name in FAILING_TABLES if name not in tables)
        hints = [f"{table}:{identifier}" for table in elsewhere if identifier in self._ids(table)]
        known: dict[str, list[str]] = {}
        for table in tables:
            for name in filter(None, map(str, self._ids(table))):
                known.setdefault(name, []).append(table)
        near = find_near_names(identifier, known, _MOST_NAMES)
        hints += [f"{table}:{name}" for name in near for table in known[name]]
        tail = Message("; the nearest are: {0}", ", ".join(hints[:_MOST_NAMES])) if hints else ""
        return Message("There is no {0!r} in {1}{2}.", identifier, what, tail)
