"""Newer inventories to hold works to: the same records at a later date, changed here and there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np

from netgraph.assessment.planning.write import PlanFiles, write_upgrades
from netgraph.upgrades.action import Action, Addition, Change, Kind, Removal
from netgraph.upgrades.apply import apply_actions
from netgraph.works import Selection
from netgraph.works.model import Proof
from netgraph.works.verifying import Measure, verify_works

EVERYTHING = Selection()
_TABLES_ALONE = PlanFiles(workbook=False, geopackage=False, maps=False)
LATER = date(2026, 12, 15)


def write_plan(plan, folder):
    """Write the tables of a plan, which are all that the register reads."""
    return write_upgrades(plan, folder, _TABLES_ALONE)


def dated(inventory, day):
    """The same records with another snapshot date."""
    table = inventory.table("inventory")
    days = np.full(len(table), np.datetime64(day), dtype="datetime64[D]")
    columns = MappingProxyType({**table.columns, "snapshot_date": days})
    tables = {**inventory.tables, "inventory": replace(table, columns=columns)}
    return replace(inventory, tables=MappingProxyType(tables), snapshot_date=day)


def with_cells(inventory, table, row_id, **values):
    """The same records with some cells of one row changed; None empties a cell."""
    change = Change(table, row_id, values)
    return apply_actions(inventory, [Action("", Kind.NEW_CABLE, "", {}, None, (), (change,))])


def with_row(inventory, table, **values):
    """The same records with one row more."""
    row = Addition(table, values)
    return apply_actions(
        inventory, [Action("", Kind.NEW_CABLE, "", {}, None, (), additions=(row,))]
    )


def without_rows(inventory, table, column, value):
    """The same records without the rows that name something."""
    removal = Removal(table, column, value)
    work = Action("", Kind.NEW_CABLE, "", {}, None, (), removals=(removal,))
    return apply_actions(inventory, [work])


def renamed(inventory, old, new):
    """The same records with one id changed wherever it stands."""
    tables = {}
    for name, table in inventory.tables.items():
        columns = {
            column: np.array([new if v == old else v for v in values], dtype=object)
            if values.dtype == object and column != "geometry" else values
            for column, values in table.columns.items()
        }  # fmt: skip
        tables[name] = replace(table, columns=MappingProxyType(columns))
    return replace(inventory, tables=MappingProxyType(tables))


def verify(register, inventory, works=None, by="Wang", **measure):
    """Hold works to an inventory under some measure."""
    return verify_works(register, inventory, works, by=by, measure=Measure(**measure))


def states_of(register):
    """Work id to its state."""
    return {work.id: work.state for work in register.works()}


def open_checks(verification, work):
    """Checks of one work that did not pass."""
    (outcome,) = (o for o in verification.outcomes if o.work_id == work)
    return [check for check in outcome.checks if check.proof is not Proof.PASSED]


def dated_results(results, day):
    """The same results, of records with another snapshot date."""
    network = replace(results.network, inventory=dated(results.network.inventory, day))
    return replace(results, audit=replace(results.audit, network=network))
