"""Leave in an inventory what concerns some customers: their circuits, on everybody's plant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.inventory.narrowing import among, with_circuits
from netgraph.messages import Message
from netgraph.near_names import find_near_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.inventory import Inventory

_MOST_NAMES = 5


def find_customers(inventory: Inventory, wanted: Iterable[str]) -> tuple[str, ...]:
    """Find customers by their ids or exact names.

    Parameters
    ----------
    wanted
        Ids or names; none of them means every customer that has circuits.

    Returns
    -------
    tuple of str
        Ids, in the order given, each once.

    Raises
    ------
    UsageError
        If somebody is unknown (the nearest names are given), ambiguous, or without circuits.
    """
    names = _names(inventory)
    served = {str(c) for c in inventory.table("circuits")["customer_id"] if c}
    words = list(wanted)
    if not words:
        return tuple(sorted(served))
    found = dict.fromkeys(_find(word, names) for word in words)
    idle = [customer for customer in found if customer not in served]
    if idle:
        message = Message(
            "No circuits are recorded for {0}: there is no sheet.", ", ".join(map(repr, idle))
        )
        raise UsageError(message)
    return tuple(found)


def _names(inventory: Inventory) -> dict[str, str]:
    """Every customer that any table names, with its name."""
    table = inventory.table("customers")
    names = dict(zip(map(str, table["id"]), map(str, table["name"]), strict=True))
    for other in ("sites", "circuits"):
        for customer in inventory.table(other)["customer_id"]:
            names.setdefault(str(customer), "")
    names.pop("", None)
    return names


def _find(word: str, names: dict[str, str]) -> str:
    if word in names:
        return word
    called = [customer for customer, name in names.items() if name == word]
    if len(called) == 1:
        return called[0]
    if called:
        message = Message("{0!r} may mean several customers: {1}.", word, ", ".join(called))
        raise UsageError(message)
    near = find_near_names(
        word, (text for pair in names.items() for text in pair if text), _MOST_NAMES
    )
    hint = Message("; the nearest are: {0}", ", ".join(near)) if near else ""
    message = Message("There is no customer {0!r}{1}.", word, hint)
    raise UsageError(message)


def narrowed(inventory: Inventory, customers: Sequence[str]) -> Inventory:
    """Leave out the circuits of other customers; plant, links, sites and records all stay.

    A circuit stays if it is one of theirs, begins at one of their sites, or backs up one that
    stays: so the verdicts, levels and scores of their sites are those of the whole inventory.
    """
    circuits, sites = inventory.table("circuits"), inventory.table("sites")
    own_sites = set(sites["id"][among(sites["customer_id"], customers)].tolist())
    stays = among(circuits["customer_id"], customers) | among(circuits["a_id"], own_sites)
    groups = set(circuits["group_id"][stays].tolist()) - {""}
    homes = set(circuits["a_id"][stays].tolist())
    stays |= among(circuits["group_id"], groups) | among(circuits["a_id"], homes)
    return with_circuits(inventory, stays)
