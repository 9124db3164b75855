"""Every verdict in the tables is held to certificates and rows: who alters a cell is caught."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict

import pytest
from adversarial_plants import draw_adversary
from commands import read_rows, write_rows
from random_plants import aged, draw_plant

import netgraph as ng
from netgraph.diversity.certificates import as_plain, certify
from netgraph.report.contract import table_specs
from netgraph.report.tables import table_csv
from netgraph.verify.run import Certificates

TIERS = ("diamond", "gold", "silver", "standard")
#: Names, places, lengths, sentences and scores: no verdicts of the audit or of a search.
UNHELD = {
    "circuits": {
        "single_route_m", "shared_length_m", "first_common_point", "distance_from_a_m",
        "missing_records", "reason",
    },
    "sites": {
        "name", "city", "county", "score", "full_marks", "ratio", "grade", "score_best",
        "grade_best", "provisional", "known_points", "unknown_items", "rank", "pair_on_cables_m",
        "pair_on_spans_m",
    },
}  # fmt: skip
HELD = [
    (table, column)
    for table, unheld in UNHELD.items()
    for column in table_specs()[table].names
    if column not in unheld and column != f"{table[:-1]}_id"
]


def _tables(assessment):
    return {
        name: list(csv.DictReader(io.StringIO(table_csv(name, assessment.rows(name)))))
        for name in UNHELD
    }


def _checked(inventory):
    """A checker that has seen every certificate of an assessment, and its tables."""
    assessment = ng.assess(inventory, ng.Options(search_seconds=0))
    rules = asdict(assessment.options.rules)
    rules["required"] = {tier: level or "" for tier, level in rules["required"].items()}
    checker = Certificates(inventory, rules)
    for number, line in enumerate(certify(assessment.audit, assessment.achievable), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.refused == []
    return checker, _tables(assessment)


@pytest.fixture(scope="module")
def checked():
    return _checked(aged(draw_plant(5), 5).inventory())


def _other(column, value):
    """Something else that could stand in a cell."""
    if column.startswith(("level_", "group_level", "recorded_level", "achievable", "required")):
        return "separated" if value != "separated" else "diverse"
    if column in {"circuits", "single_points"}:
        return str(int(value or 0) + 1)
    return {"true": "false", "false": "true"}.get(value, "true" if value == "" else "other")


@pytest.mark.parametrize(("table", "column"), HELD)
def test_an_altered_cell_is_named_with_its_table_row_and_column(checked, table, column):
    checker, tables = checked
    key = f"{table[:-1]}_id"
    for number, row in enumerate(tables[table]):
        changed = {**row, column: _other(column, row[column])}
        altered = {**tables, table: [*tables[table]]}
        altered[table][number] = changed

        (reason,) = {
            said for said in checker.contradictions(altered, TIERS) if f"row {row[key]}," in said
        }

        assert reason.startswith(f"{table}.csv, row {row[key]}, column {column}: the tables say")
        assert repr(changed[column]) in reason


@pytest.mark.parametrize("table", UNHELD)
def test_a_row_taken_out_put_in_or_doubled_is_named(checked, table):
    checker, tables = checked
    key, rows = f"{table[:-1]}_id", tables[table]
    other = {**rows[0], key: "INVENTED"}
    better = {**rows[0], "recorded_level": "separated"}

    for altered in (rows[1:], [*rows, other], [better, *rows]):
        (reason,) = checker.contradictions({**tables, table: altered}, TIERS)
        assert reason.startswith(f"{table}.csv, row ")
        assert any(name in reason for name in (rows[0][key], "INVENTED"))


@pytest.mark.parametrize(
    ("draw", "seed"), [
        (draw_plant, 3), (draw_plant, 4), (draw_adversary, 3), (draw_adversary, 43),
        (lambda seed: draw_plant(seed, joins_sites=True), 3),
        (lambda seed: aged(draw_plant(seed), seed), 4),
    ],
)  # fmt: skip
def test_the_tables_of_a_random_plant_say_what_is_proven(draw, seed):
    """Sections, segments, groups, radio, retired rows, circuits between sites, lost records."""
    checker, tables = _checked(draw(seed).inventory())

    assert list(checker.contradictions(tables, TIERS)) == []


@pytest.mark.parametrize("run", ["bank", "twin_ring_run"])
def test_the_tables_of_the_examples_say_what_is_proven(run, request):
    assert request.getfixturevalue(run).verify().refused == ()


@pytest.mark.parametrize("table", ["circuits", "hazards", "items"])
def test_any_other_cell_is_missed_in_the_table_that_the_run_wrote(twin_ring, table):
    path = twin_ring.out / "tables" / f"{table}.csv"
    rows = read_rows(path)
    rows[0][list(rows[0])[-1]] += " "
    write_rows(path, rows)

    found = twin_ring.verify()

    assert f"tables/{table}.csv is not the one that the run wrote." in found.refused
    assert found.refused_by_kind["table"] == 1


def test_a_table_without_a_column_is_refused_and_not_a_traceback(twin_ring):
    path = twin_ring.out / "tables" / "sites.csv"
    rows = [{k: v for k, v in row.items() if k != "single_points"} for row in read_rows(path)]
    write_rows(path, rows)

    assert "column single_points" in twin_ring.verify().refused[0]
