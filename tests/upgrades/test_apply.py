"""Works done on paper: the tables change as they say, and read back the same."""

from __future__ import annotations

import numpy as np
import pytest
from workshop import workshop

from netgraph.errors import UsageError
from netgraph.inventory import read_inventory, write_inventory
from netgraph.upgrades.action import Action, Addition, Change, Increase, Kind, Removal
from netgraph.upgrades.apply import apply_actions


def _action(name="W1", **parts):
    return Action(name, Kind.REPLACE_DEVICE, "", {}, 1.0, (), **parts)


@pytest.fixture(scope="module")
def inventory():
    return workshop().inventory()


def test_cells_change_in_the_type_of_their_column(inventory):
    change = Change("equipment", "P1", {"manageable": True, "installed": "2026-10-01"})

    table = apply_actions(inventory, [_action(changes=(change,))]).table("equipment")

    row = table["id"].tolist().index("P1")
    assert table["manageable"][row] == 1
    assert table["manageable"].dtype == np.int8
    assert table["installed"][row] == np.datetime64("2026-10-01")


def test_a_row_without_an_id_is_named_by_its_key(inventory):
    change = Change("records", "S2/SP1", {"passed": "true"})

    after = apply_actions(inventory, [_action(changes=(change,))])

    assert "false" not in set(after.table("records")["passed"])


def test_what_is_counted_adds_up_over_several_works(inventory):
    works = [_action(f"W{i}", increases=(Increase("cables", "q1", "cores_used", 2),))
             for i in range(3)]  # fmt: skip

    cables = apply_actions(inventory, works).table("cables")

    assert cables["cores_used"][cables["id"].tolist().index("q1")] == 10


def test_equal_rows_of_several_works_are_added_once(inventory):
    row = Addition("links", {"id": "LX", "from_id": "P1", "to_id": "N-A2", "medium": "fibre"})

    after = apply_actions(
        inventory, [_action("W1", additions=(row,)), _action("W2", additions=(row,))]
    )

    assert after.table("links")["id"].tolist().count("LX") == 1
    assert after.table("links")["status"][-1] == "in_service"


def test_removals_take_only_the_rows_that_they_name(inventory):
    removal = Removal("circuit_links", "circuit_id", "C1")

    after = apply_actions(inventory, [_action(removals=(removal,))])

    before = set(inventory.table("circuit_links")["circuit_id"])
    assert set(after.table("circuit_links")["circuit_id"]) == before - {"C1"}


def test_unknown_rows_columns_and_missing_requirements_are_refused(inventory):
    for action, message in (
        (_action(changes=(Change("equipment", "P9", {"alarms": True}),)), "no row 'P9'"),
        (_action(changes=(Change("equipment", "P1", {"alarm": True}),)), "no column 'alarm'"),
        (_action(requires=("W2",)), "needs W2 as well"),
    ):
        with pytest.raises(UsageError, match=message):
            apply_actions(inventory, [action])


def test_an_inventory_with_works_reads_back_equal(inventory, tmp_path):
    parts = {
        "changes": (Change("equipment", "P1", {"manageable": True, "installed": "2026-10-01"}),),
        "additions": (Addition("spans", {"id": "N1", "from_id": "S3", "to_id": "A2",
                                         "medium": "duct", "length_m": 800.0}),),
    }  # fmt: skip
    after = apply_actions(inventory, [_action(**parts)])

    again = read_inventory(write_inventory(after, tmp_path / "after"))

    for name, table in after.tables.items():
        for column in table.recorded:
            one, other = table[column], again.table(name)[column]
            assert len(one) == len(other)
            if one.dtype.kind == "f":
                assert np.array_equal(one, other, equal_nan=True)
            elif one.dtype.kind == "M":
                assert np.array_equal(np.isnat(one), np.isnat(other))
            else:
                assert list(one) == list(other)
