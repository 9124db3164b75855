"""Expected outages of sites with one work on equipment done: exact, for many works in one pass.

Works that no site has in common are done together on paper, so that the outages of a network are
reckoned as often as one site has such works, not once a work. Routes stay as they are, and so does
their audit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import compose, csr_of_pairs, stack, transpose, unique_rows
from netgraph.upgrades.apply import CellReader, apply_actions
from netgraph.upgrades.routed import outages_of
from netgraph.upgrades.stopping import RequestSince

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability import Rates
    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.action import Action, Change

#: All that works on equipment change of what expected outages rest on.
_READ = {"equipment": ("hot_standby", "protection_switching"), "links": ("protection",)}


@dataclass(frozen=True, eq=False)
class _Work:
    """What of a work bears on outages: sites (places) that it serves, and that it can change."""

    number: int
    changes: Action
    served: Ints
    touched: Ints


def outages_with_device_works(
    audit: Audit, rates: Rates, actions: Sequence[Action]
) -> dict[int, Mapping[str, tuple[float, float]]]:
    """Reckon the outages of the sites of each work with that work alone.

    Parameters
    ----------
    audit
        The recorded routes of at least all circuits of these sites.

    Returns
    -------
    dict
        Number of an action to site id to expected minutes a year and faults a month, NaN where not
        known. Works that change nothing on which outages rest are left out. Where somebody asks to
        stop, the figures not reckoned yet are NaN.
    """
    works = _bearing(audit, actions)
    ids = audit.network.places.ids
    found: dict[int, Mapping[str, tuple[float, float]]] = {}
    unknown = (np.nan, np.nan)
    request = RequestSince()
    for batch in _batches(works, len(ids)):
        changes = [work.changes for work in batch.works]
        outages = {} if request.is_made else outages_of(_with_devices(audit, changes), rates)
        for work in batch.works:
            places = work.served.tolist()
            found[work.number] = {str(ids[p]): outages.get(p, unknown) for p in places}
    return found


def _bearing(audit: Audit, actions: Sequence[Action]) -> list[_Work]:
    """Works that change a cell on which outages rest, with the sites that this may reach."""
    network = audit.network
    cells = CellReader(network.inventory)
    places_of = _places_of_rows(audit)
    position = {"equipment": network.equipment.index, "links": network.links.index}
    found = []
    for number, action in enumerate(actions):
        changes = () if action.is_line_work else _changes(cells, action)
        if not changes:
            continue
        rows = [(change.table, position[change.table].find(change.row_id)) for change in changes]
        touched = [places_of[table].row(row) for table, row in rows if row is not None]
        served = [network.places.index.find(site) for site in action.sites]
        found.append(_Work(
            number, replace(action, changes=changes, requires=()),
            np.array([place for place in served if place is not None], dtype=np.int64),
            np.unique(np.concatenate([*touched, np.empty(0, dtype=np.int64)])).astype(np.int64),
        ))  # fmt: skip
    return found


def _changes(cells: CellReader, action: Action) -> tuple[Change, ...]:
    found = []
    for change in action.changes:
        values = {
            column: value
            for column, value in change.values.items()
            if column in _READ.get(change.table, ())
            and cells.differs(change.table, change.row_id, column, value)
        }
        if values:
            found.append(replace(change, values=values))
    return tuple(found)


class _Batch:
    """Works of which none reaches a site that another one serves."""

    def __init__(self, n_places: int) -> None:
        self.works: list[_Work] = []
        self._is_served, self._is_touched = np.zeros((2, n_places), dtype=bool)

    def takes(self, work: _Work) -> bool:
        """Add a work if it keeps apart from the others; else say no."""
        if self._is_touched[work.served].any() or self._is_served[work.touched].any():
            return False
        self.works.append(work)
        self._is_served[work.served] = True
        self._is_touched[work.touched] = True
        return True


def _batches(works: Sequence[_Work], n_places: int) -> list[_Batch]:
    """Put each work into the first batch that takes it."""
    batches: list[_Batch] = []
    for work in works:
        if not any(batch.takes(work) for batch in batches):
            batches.append(_Batch(n_places))
            batches[-1].takes(work)
    return batches


def _with_devices(audit: Audit, changes: Sequence[Action]) -> Audit:
    """Give the audit as it is with other devices: their columns are all that differs."""
    network = audit.network
    inventory = apply_actions(network.inventory, changes)
    equipment, links = inventory.table("equipment"), inventory.table("links")
    return replace(audit, network=replace(
        network, inventory=inventory,
        equipment=replace(network.equipment, hot_standby=equipment["hot_standby"]),
        links=replace(network.links, protection=links["protection"]),
    ))  # fmt: skip


def _places_of_rows(audit: Audit) -> dict[str, Csr]:
    """Give, for each link and device, the places whose outages may change with it."""
    network, units = audit.network, audit.units
    links, circuits, n_places = network.links, network.circuits, len(network.places)
    routes = circuits.routes
    used = csr_of_pairs(routes.circuit[routes.links.owners], routes.links.indices, len(circuits))
    known = np.flatnonzero(circuits.a >= 0)
    # A site is down with one of its groups, and a group hangs on all of its circuits.
    groups = csr_of_pairs(circuits.a[known], units.group_of_circuit[known], n_places)
    judged = compose(unique_rows(groups), units.circuits)
    on_site = unique_rows(compose(compose(judged, used), _carried(links.carriers)))
    ends = np.stack([links.a_equipment, links.b_equipment], axis=1).reshape(-1)
    owners = np.repeat(np.arange(len(links)), 2)
    devices = csr_of_pairs(owners[ends >= 0], ends[ends >= 0], len(links))
    return {
        "links": transpose(on_site, len(links)),
        "equipment": transpose(unique_rows(compose(on_site, devices)), len(network.equipment)),
    }


def _carried(carriers: Csr) -> Csr:
    """Link to itself and to all links beneath it, on whichever leg."""
    itself = np.arange(len(carriers))
    below = unique_rows(stack([csr_of_pairs(itself, itself, len(carriers)), carriers]))
    while True:
        deeper = unique_rows(compose(below, below))
        if len(deeper.indices) == len(below.indices):
            return below
        below = deeper
