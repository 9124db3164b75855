"""Which circuit or site an id on the command line means; with the nearest ones if none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.errors import UsageError
from netgraph.messages import Message, join_messages
from netgraph.near_names import find_near_names
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from netgraph.topology import LayeredNetwork

_TABLES = ("circuits", "sites")
_MOST_NAMES = 8


@dataclass(frozen=True)
class Subject:
    """What is traced: `table` is circuits or sites, `place` the A end (-1 if unknown).

    `circuits` are those of the site, or the one that was asked for.
    """

    table: str
    id: str
    place: int
    circuits: tuple[int, ...]


def find_subject(network: LayeredNetwork, wanted: str) -> Subject:
    """Find a circuit or a site by its id, or a site by its exact name.

    Parameters
    ----------
    wanted
        An id or name; "circuits:" or "sites:" before it says which table is meant.

    Returns
    -------
    Subject

    Raises
    ------
    UsageError
        If nothing is called so (the nearest names are given), if several things are, or if what
        is called so has no route in service.
    """
    table, _, name = wanted.partition(":")
    tables = (table,) if table in _TABLES and name else _TABLES
    name = name if tables != _TABLES else wanted
    found = [(t, name) for t in tables if name in _ids(network, t)] or _by_name(
        network, name, tables
    )
    if not found:
        raise UsageError(_unknown(network, name, tables))
    if len(found) > 1:
        choices = ", ".join(f"{t}:{row_id}" for t, row_id in found)
        message = Message("{0!r} may mean several things: write one of {1}.", name, choices)
        raise UsageError(message)
    ((table, row_id),) = found
    return _circuit(network, row_id) if table == "circuits" else _site(network, row_id)


def _ids(network: LayeredNetwork, table: str) -> list[str]:
    return [str(row_id) for row_id in network.inventory.table(table)["id"]]


def _by_name(network: LayeredNetwork, name: str, tables: tuple[str, ...]) -> list[tuple[str, str]]:
    """Find sites with exactly this name."""
    sites = network.inventory.table("sites")
    if "sites" not in tables or not name:
        return []
    return [("sites", str(sites["id"][row])) for row in (sites["name"] == name).nonzero()[0]]


def _circuit(network: LayeredNetwork, circuit_id: str) -> Subject:
    circuit = network.circuits.index.find(circuit_id)
    if circuit is None:
        message = Message(
            "The circuit {0!r} is not in service: it has no route to trace.", circuit_id
        )
        raise UsageError(message)
    return Subject("circuits", circuit_id, int(network.circuits.a[circuit]), (circuit,))


def _site(network: LayeredNetwork, site_id: str) -> Subject:
    places = network.places
    place = int(((places.kind == SITE) & (places.ids == site_id)).nonzero()[0][0])
    circuits = (network.circuits.a == place).nonzero()[0].tolist()
    if not circuits:
        message = Message(
            "The site {0!r} has no circuit in service: there is no route to trace.", site_id
        )
        raise UsageError(message)
    return Subject("sites", site_id, place, tuple(circuits))


def _unknown(network: LayeredNetwork, name: str, tables: tuple[str, ...]) -> str:
    """Say that nothing is called so; what comes nearest, the nearest table first; how many more."""
    known: dict[str, list[str]] = {}  # tables, by name
    for table in tables:
        names = dict.fromkeys(_ids(network, table))
        if table == "sites":
            names |= dict.fromkeys(str(n) for n in network.inventory.table("sites")["name"] if n)
        for one in names:
            known.setdefault(one, []).append(table)
    near: dict[str, list[str]] = {}
    every = find_near_names(name, known, len(known))
    for one in every[:_MOST_NAMES]:
        for table in known[one]:
            near.setdefault(table, []).append(one)
    hints = [
        Message("sites {0}", text) if table == "sites" else Message("circuits {0}", text)
        for table, text in ((table, ", ".join(some)) for table, some in near.items())
    ]
    if len(every) > _MOST_NAMES:  # equally near ones may be among them
        more = Message(" and {0} more", len(every) - _MOST_NAMES)
        hints[-1] = join_messages((hints[-1], more), "")
    none = Message(", and none with a similar name")
    hint = Message("; the nearest are: {0}", join_messages(hints, "; ")) if hints else none
    if tables == _TABLES:
        return Message("There is no circuit or site {0!r}{1}.", name, hint)
    if tables == ("sites",):
        return Message("There is no site {0!r}{1}.", name, hint)
    return Message("There is no circuit {0!r}{1}.", name, hint)
