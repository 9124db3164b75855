"""What the items of all sites look at, indexed once; and rows judged by columns and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.ledger import Ledger, as_facts
from netgraph.scoring.results import FAILS, HOLDS, OPEN
from netgraph.scoring.row_names import RowNames
from netgraph.scoring.scope import build_scope
from netgraph.topology.csr import Csr, csr_of_pairs
from netgraph.topology.places import OFFICE, PLACE_TABLES, SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory import Table
    from netgraph.scoring.ledger import Subjects
    from netgraph.scoring.results import Values
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


class FactBase:
    """Everything that the items read, indexed once for all sites."""

    def __init__(self, audit: Audit) -> None:
        self.audit = audit
        self.network: LayeredNetwork = audit.network
        self.inventory = audit.network.inventory
        self.ledger = Ledger(self.inventory.table("records"))
        self.names = RowNames(audit.network)
        self.scope = build_scope(audit)
        self.equipment_at = _group(self.network.equipment.location, len(self.network.places))
        self.cables_at = _cables_at(self.network)
        equipment = self.inventory.table("equipment")
        self.is_cpe = equipment["kind"] == "cpe"
        self.is_customer_owned = equipment["owner"] == "customer"
        self.has_lost_room = (equipment["room_id"] != "") & (self.network.equipment.room < 0)

    def judged(
        self, table: str, item: str, rows: Ints, judge: Callable[[Table, Ints], Values],
        scopes: Callable[[Ints], Sequence[Subjects]] | None = None,
    ) -> tuple[Values, Ints]:  # fmt: skip
        """Judge rows of a table by their columns; complete what these leave open by records.

        Of a contradiction between a row and its own record the worse stands.

        Parameters
        ----------
        rows
            Rows; each is judged once, however often it is named.
        judge
            Gives what the columns of some rows say.
        scopes
            Gives the subjects around rows at some positions in `rows`, the nearest first; those
            that their table names by default.

        Returns
        -------
        values, numbers
            A fact a row, and the number of the row that states it.
        """
        at = np.full(len(self.inventory.table(table)), -1, dtype=np.int64)
        at[rows] = np.arange(len(rows))
        each = np.flatnonzero(at >= 0)
        first = at[each]
        at[each] = np.arange(len(each))
        values, numbers = judge(self.inventory.table(table), each), self.names.numbers(table, each)
        if self.ledger.of_item(item):
            subjects = self.inventory.table(table)["id"][each]
            values = self._worse(item, subjects, values)
            open_ = np.flatnonzero(values == OPEN)
            around = scopes(first[open_]) if scopes else self._around(table, each[open_])
            records, whose = self.ledger.nearest(item, [subjects[open_], *around])
            values[open_] = as_facts(records)
            told = np.flatnonzero(as_facts(records) != OPEN)
            named = (f"records:{subject}/{item}" for subject in whose[told].tolist())
            numbers[open_[told]] = self.names.words(named)
        return values[at[rows]], numbers[at[rows]]

    def _worse(self, item: str, subjects: Subjects, values: Values) -> Values:
        """Let a row's own record turn what its columns say for the worse; note it."""
        records = self.ledger.own(item, subjects)
        is_told = (records == HOLDS) | (records == FAILS)
        odd = is_told & (values != OPEN) & (records != values)
        for row in np.flatnonzero(odd).tolist():
            computed = "pass" if values[row] == HOLDS else "fail"
            self.ledger.contradict(subjects[row], item, int(records[row]), computed)
        return np.where(odd, FAILS, values).astype(np.int8)

    def _around(self, table: str, rows: Ints) -> list[Subjects]:
        """Subjects around rows, the nearest first."""
        if table in {"offices", "sites"}:
            return areas(self.inventory.table(table), rows)
        equipment = self.network.equipment
        place = (equipment.location if table == "equipment" else equipment.room_location)[rows]
        found = [self.inventory.table(table)["room_id"][rows]] if table == "equipment" else []
        levels = [np.full(len(rows), "", dtype=object) for _ in range(4)]
        for kind in (OFFICE, SITE):
            here = np.flatnonzero((place >= 0) & (self.network.places.kind[place] == kind))
            homes = self.network.places.rows[place[here]]
            of_kind = self.inventory.table(PLACE_TABLES[kind])
            named = areas(of_kind, homes)
            levels[0][here] = of_kind["id"][homes]
            for level, names in zip(levels[-len(named) :], named, strict=True):
                level[here] = names
        return [*found, *levels]


def areas(table: Table, rows: Ints) -> list[Subjects]:
    """Name the customer (of a site), county and city of rows."""
    names = (*(("customer_id",) if table.name == "sites" else ()), "county", "city")
    return [table[name][rows] for name in names]


def _group(owner: Ints, n_rows: int) -> Csr:
    known = np.flatnonzero(owner >= 0)
    return csr_of_pairs(owner[known], known, n_rows)


def _cables_at(network: LayeredNetwork) -> Csr:
    """Home to the cables in service that end there."""
    cables, home = network.cables, network.places.padded_home
    number = np.arange(len(cables))
    homes = np.concatenate([home[cables.a], home[cables.b]])
    alive = np.concatenate([cables.is_in_service, cables.is_in_service]) & (homes >= 0)
    n_homes = int(home.max(initial=-1)) + 1
    return csr_of_pairs(homes[alive], np.concatenate([number, number])[alive], n_homes)
