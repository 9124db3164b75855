from __future__ import annotations

import csv
from importlib import resources

import numpy as np
import pytest

from netgraph.errors import UsageError
from netgraph.inventory import from_columns, load_schema
from netgraph.inventory.rules import load_rules
from netgraph.inventory.schema import load_aliases

SCHEMA = load_schema()


def _rows(name):
    source = resources.files("netgraph.inventory") / "schema" / name
    return list(csv.DictReader(source.read_text(encoding="utf-8").splitlines()))


def test_the_schema_is_loaded_once_and_cannot_be_changed():
    assert load_schema() is SCHEMA
    with pytest.raises(TypeError):
        SCHEMA["spans"] = SCHEMA["cables"]


def test_every_column_of_the_schema_belongs_to_a_described_table():
    assert {row["table"] for row in _rows("columns.csv")} == set(SCHEMA)
    assert len(SCHEMA) == 21


@pytest.mark.parametrize("spec", SCHEMA.values(), ids=list(SCHEMA))
def test_keys_and_references_resolve_within_the_schema(spec):
    assert set(spec.key) <= set(spec.columns)
    for column in spec.columns.values():
        assert column.description.endswith(".")
        assert set(column.references) <= {name for name, table in SCHEMA.items() if table.has_id}
        assert column.default == "" or column.default in column.allowed
        if column.type == "enum":
            assert column.allowed
        elif column.allowed:
            assert column.type in {"int", "float"}
            assert column.allowed in {(">0",), (">=0",)}


def test_every_table_of_things_has_a_status_that_is_in_service_by_default():
    things = {name for name, spec in SCHEMA.items() if spec.is_thing}

    assert {"offices", "spans", "cables", "equipment", "links", "circuits"} <= things
    for name in things:
        assert SCHEMA[name].columns["status"].default == "in_service"
        assert SCHEMA[name].columns["owner"].allowed == ("operator", "customer", "other")


def test_columns_that_carry_metres_or_hours_say_so_in_name_or_unit():
    for spec in SCHEMA.values():
        for column in spec.columns.values():
            assert not column.name.endswith("_m") or column.unit == "m"
            assert not column.name.endswith(("_h", "_hours")) or column.unit == "h"


def test_aliases_stand_for_words_that_some_column_allows():
    columns = [column for spec in SCHEMA.values() for column in spec.columns.values()]
    allowed = {"true", "false"}.union(*(column.allowed for column in columns))

    assert {value for values in load_aliases().values() for value in values} <= allowed


def test_rule_codes_are_unique_and_within_the_range_of_the_inventory():
    rows = _rows("rules.csv")

    assert len(load_rules()) == len(rows)
    # ND992 joined the inventory after ND950 to ND991 were taken elsewhere.
    assert all("ND900" <= code <= "ND949" or code >= "ND992" for code in load_rules())


def test_an_empty_inventory_has_every_table_and_every_column():
    inventory = from_columns({})

    assert list(inventory.tables) == list(SCHEMA)
    for name, table in inventory.tables.items():
        assert len(table) == 0
        assert not table.is_recorded
        assert list(table.columns) == list(SCHEMA[name].columns)
    assert inventory.table("spans")["length_m"].dtype == np.float64
    assert inventory.table("sites")["ups"].dtype == np.int8


def test_an_unknown_table_name_is_refused_with_the_known_ones():
    with pytest.raises(UsageError, match="no table 'span'; the tables are inventory, offices"):
        from_columns({}).table("span")


def test_an_inventory_shows_itself_in_text_and_in_notebooks(diamond):
    diamond["spans"]["length_m"][0] = -1
    inventory = from_columns(diamond)

    assert "4 spans" in repr(inventory)
    assert "<td>spans</td><td style='text-align:right'>4</td>" in inventory._repr_html_()
    assert "1 error, 0 warning, 0 info" in inventory._repr_html_()


def test_a_notebook_speaks_the_language_of_the_locale(diamond, monkeypatch):
    monkeypatch.setenv("NETGRAPH_LANG", "zh")

    assert "读入时发现：错误 0，警告 0，提示 0" in from_columns(diamond)._repr_html_()
