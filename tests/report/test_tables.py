from __future__ import annotations

import ast
import csv
import json
import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import netgraph
from netgraph.assessment.corridors.find import CorridorRow
from netgraph.assessment.impact.routes import RegroomedRow
from netgraph.assessment.impact.rows import CircuitRow, ContactRow
from netgraph.assessment.measures.separation import SeparationRow
from netgraph.errors import OutputError
from netgraph.report.cells import Coded, plain_values
from netgraph.report.contract import UNIT_TABLES, table_specs
from netgraph.report.labels import groups, identifiers, label, text
from netgraph.report.tables import (
    check_rows,
    draft_table,
    kind_of,
    write_columns,
    write_csv,
    write_json,
    write_table,
)

FINDING = ("ND903", "error", "spans", "S1", "to_id X is no structure", "correct to_id")


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_every_value_has_one_spelling(tmp_path):
    columns = ["site_id", "met", "lon", "shared_length_m", "ratio", "score", "circuits", "name"]
    rows = [
        ["a", True, 112.5489, 12.25, 0.81, 92.0, 2, "x"],
        ["b", np.False_, np.float64(-0.00000001), -0.04, 1, 34.34782608, np.int64(3), None],
        ["c", None, math.nan, math.nan, None, np.float64("inf"), None, ""],
    ]
    write_csv(tmp_path / "t.csv", columns, rows)
    assert read(tmp_path / "t.csv")[1:] == [
        ["a", "true", "112.5489000", "12.2", "0.8100", "92", "2", "x"],
        ["b", "false", "0.0000000", "0.0", "1.0000", "34.3478", "3", ""],
        ["c", "", "", "", "", "", "", ""],
    ]


def test_a_table_with_columns_that_come_later_is_the_table(tmp_path):
    rows = [
        (f"C-{k}", "cable", "a, b", "", None, k, 1, 1, 1, "gold", 112.5, 37.8, "red", 9 - k)
        for k in (3, 1, 2)
    ]
    columns = list(zip(*rows, strict=True))
    (tmp_path / "late").mkdir()
    draft = draft_table("causes", [*columns[:2], None, *columns[3:-1], None])
    late = draft.write(tmp_path / "late", [columns[2], columns[-1]])
    assert late.read_bytes() == write_columns(tmp_path, "causes", columns).read_bytes()


def test_a_table_opens_in_excel_and_has_plain_line_feeds(tmp_path):
    write_csv(tmp_path / "t.csv", ["name"], [["太原市"], ["两\r\n行"]])
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw == '\ufeffname\n太原市\n"两\r\n行"\n'.encode()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_text_reads_back_as_it_was(tmp_path_factory, ids):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    write_csv(path, ["id", "other"], [[value, "x"] for value in ids])
    assert [row[0] for row in read(path)[1:]] == ids


def test_text_that_looks_like_a_formula_is_not_altered(tmp_path):
    write_csv(tmp_path / "t.csv", ["id"], [["=1+1"], ["@a"], ["007"]])
    assert [row[0] for row in read(tmp_path / "t.csv")[1:]] == ["=1+1", "@a", "007"]


def test_broken_text_is_escaped_rather_than_fatal(tmp_path):
    write_csv(tmp_path / "t.csv", ["id"], [["a\ud800"]])
    write_json(tmp_path / "t.json", {"id": "a\ud800"})
    assert read(tmp_path / "t.csv")[1] == ["a\\ud800"]
    assert json.loads((tmp_path / "t.json").read_text("utf-8")) == {"id": "a\ud800"}


def test_the_kind_is_read_off_the_name():
    assert [kind_of(c) for c in ("lat", "metres", "link_pair_m", "dual_route_ratio", "score")] == [
        "degrees",
        "metres",
        "metres",
        "ratio",
        "",
    ]


def test_the_contract_sorts_rows_by_id_as_plain_strings(tmp_path):
    rows = [[node, "", 2, 2, 0, None, None, None] for node in ("N9", "N10", "n1")]
    path = write_table(tmp_path, "nodes", rows)
    assert [row[0] for row in read(path)] == ["node_id", "N10", "N9", "n1"]


def test_columns_and_rows_write_the_same_table(tmp_path):
    values = ["N9", "N10", "n1"]
    columns = [
        Coded(np.array([2, 0, 1]), values), ["x, y", "", 'say "z"'], np.array([2, 1, 0]),
        [2, None, 1], Coded(np.array([0, -1, 0]), (3, None)), np.array([-0.04, np.nan, 12.25]),
        [None, 1.0, np.inf], [1e7, 0.05, None],
    ]  # fmt: skip
    rows = list(zip(*map(plain_values, columns), strict=True))
    by_rows = write_table(tmp_path, "nodes", rows).read_bytes()
    assert write_columns(tmp_path, "nodes", columns).read_bytes() == by_rows
    assert by_rows.decode("utf-8-sig").splitlines()[1:] == [
        'N10,"say ""z""",0,1,3,12.2,,',
        "N9,,1,,,,1.0,0.1",
        'n1,"x, y",2,2,3,0.0,,10000000.0',
    ]


def test_columns_of_a_mismatch_tell_its_row(tmp_path):
    columns = [["N1", "N2"], ["", ""], [1, "two"], [1, 1], [0, 0], *([None, None] for _ in "abc")]
    with pytest.raises(OutputError, match=r"table nodes, row N2: routes_link_disjoint is 'two'"):
        write_columns(tmp_path, "nodes", columns)


def test_the_contract_names_table_row_and_column_of_a_mismatch(tmp_path):
    bad = ("N1", "", 2.0, 2, 0, None, None, None)
    with pytest.raises(OutputError, match=r"table nodes, row N1: routes_link_disjoint is 2\.0"):
        write_table(tmp_path, "nodes", [bad])
    assert not (tmp_path / "nodes.csv").exists()


@pytest.mark.parametrize(
    ("table", "row", "trouble"),
    [
        ("findings", (*FINDING[:1], "fatal", *FINDING[2:]), "severity is 'fatal', expected one of"),
        ("findings", (*FINDING[:3], 7, *FINDING[4:]), "row_id is 7, expected text"),
        ("findings", FINDING[:5], "shorter"),
        ("nodes", ("N1", "", True, 2, 0, None, None, None), "is True, expected count"),
        ("nodes", ("N1", "", 1, 2, 0, "far", None, None), "shortest_m is 'far', expected metres"),
    ],
)
def test_a_row_against_the_contract_is_described(table, row, trouble):
    (problem,) = check_rows(table, [row])
    assert trouble in problem


def test_a_key_may_occur_once_but_a_finding_twice():
    node = ("N1", "", 2, 2, 0, None, None, None)
    assert check_rows("nodes", [node, node]) == ("table nodes: N1 occurs 2 times",)
    assert check_rows("findings", [FINDING, FINDING]) == ()


def test_the_contract_is_sound():
    numbers = {"count", "number", "modelled", "metres", "degrees", "ratio"}
    kinds = {"id", "text", "enum", "bool", *numbers}
    for spec in table_specs().values():
        assert len(set(spec.names)) == len(spec.names)
        assert spec.sort_positions[:1] in {(0,), ()}
        for column in spec.columns:
            assert column.kind in kinds
            assert column.key in {"", "yes", "sort"}
            assert (column.kind == "enum") == bool(column.words()), column.name
            if column.kind in {"metres", "degrees", "ratio"}:
                assert kind_of(column.name) == column.kind


def test_tables_of_cities_counties_and_customers_count_the_same_things():
    counted = {table_specs()[name].names[-16:] for name in UNIT_TABLES}
    assert len(counted) == 1
    assert next(iter(counted))[0] == "sites"


def test_every_word_exists_in_both_languages():
    for group in groups():
        for identifier in identifiers(group):
            assert label(group, identifier, "zh")
            assert label(group, identifier, "en")


def test_an_unknown_id_is_shown_as_it_is():
    assert label("tier", "platinum", "zh") == "platinum"
    assert text("snapshot", "en", date="2026-01-31") == "data snapshot 2026-01-31"


def test_json_is_readable_and_ends_with_a_newline(tmp_path):
    write_json(tmp_path / "s.json", {"z": np.int64(1), "a": "太原"})
    assert (tmp_path / "s.json").read_text("utf-8") == '{\n  "z": 1,\n  "a": "太原"\n}\n'
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "s.json", {"a": math.nan})


def test_a_table_without_a_key_keeps_the_order_of_its_rows(tmp_path):
    nothing = (None, 0, 0, 0, 0, 0, None)
    path = write_table(tmp_path, "contacts", [(2, "b", "", *nothing), (10, "a", "", *nothing)])
    assert [row[0] for row in read(path)[1:]] == ["2", "10"]


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("separation", SeparationRow._fields),
        ("impact", [one.name for one in fields(CircuitRow)]),
        ("contacts", [one.name for one in fields(ContactRow)]),
        ("regrooming", [one.name for one in fields(RegroomedRow)]),
        ("corridors", [one.name for one in fields(CorridorRow)]),
    ],
)
def test_rows_with_named_values_have_the_columns_of_the_contract(table, columns):
    assert list(table_specs()[table].names) == list(columns)


def test_every_table_that_a_command_writes_is_in_the_contract():
    """Only the nodes of a plant go on with columns of the input, after those of the contract."""
    source = Path(netgraph.__file__).parent
    free = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "write_csv"
    }
    assert free == {"assessment/plant.py"}
    named = {
        (node.args[1].value, path.name)
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "write_table"
        and isinstance(node.args[1], ast.Constant)
    }  # fmt: skip
    assert {name for name, _ in named} <= set(table_specs())
    assert {"separation", "impact", "corridors", "risk_groups"} <= {name for name, _ in named}


def test_a_number_that_a_column_lacks_is_none_in_rows():
    assert plain_values(np.array([1.5, np.nan])) == [1.5, None]
    assert plain_values(np.array([1, 2])) == [1, 2]
