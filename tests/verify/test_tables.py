"""Every verdict in the tables is held to certificates and rows: who alters a cell is caught."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from math import inf

import pytest
from adversarial_plants import draw_adversary
from builders import PlantBuilder
from commands import read_rows, write_rows
from random_plants import aged, draw_plant

import netgraph as ng
from netgraph.diversity.certificates import as_plain, certify
from netgraph.report.contract import table_specs
from netgraph.report.tables import table_csv
from netgraph.verify.items import NOT_JUDGED
from netgraph.verify.run import Certificates
from netgraph.verify.scores import SUMMARY_HELD, read_scorecard
from netgraph.verify.tables import KEYS, NOT_HELD_COLUMNS

CARD = read_scorecard()
#: What only the hash of the table holds: `netgraph verify` says so.
UNHELD = {name: set(columns) for name, columns in NOT_HELD_COLUMNS.items()}
#: Of routes that are not known, and of what shares a risk group, the rows do not tell these.
POSITIONS = ("first_common_point", "distance_from_a_m")
HELD = [
    (table, column)
    for table, unheld in UNHELD.items()
    for column in table_specs()[table].names
    if column not in unheld and column not in KEYS[table]
]


def _tables(assessment):
    return {
        name: list(csv.DictReader(io.StringIO(table_csv(name, assessment.rows(name)))))
        for name in UNHELD
    }


def _checked(inventory):
    """A checker that has seen every certificate of an assessment, its tables and its summary."""
    assessment = ng.assess(inventory, ng.Options(search_seconds=0))
    rules = asdict(assessment.options.rules)
    rules["required"] = {tier: level or "" for tier, level in rules["required"].items()}
    checker = Certificates(inventory, rules)
    for number, line in enumerate(certify(assessment.audit, assessment.achievable), start=1):
        checker.take(number, json.dumps(as_plain(line)))
    assert checker.refused == []
    return checker, _tables(assessment), json.loads(json.dumps(assessment.summary.as_json()))


@pytest.fixture(scope="module")
def checked():
    return _checked(aged(draw_plant(5), 5).inventory())


def _other(column, value):
    """Something else that could stand in a cell."""
    if column.startswith(("level_", "group_level", "recorded_level", "achievable", "required")):
        return "separated" if value != "separated" else "diverse"
    if value[:1].isdigit() or column in {"single_points", "unknown_items"}:
        return str(float(value or 0) + 1)
    return {"true": "false", "false": "true"}.get(value, "true" if value == "" else "other")


def _is_told(checker, circuit, column):
    return checker.proven.columns[circuit].get(column, inf) != inf


@pytest.mark.parametrize(("table", "column"), HELD)
def test_an_altered_cell_is_named_with_its_table_row_and_column(checked, table, column):
    checker, tables, _ = checked
    rows = [
        row for row in tables[table]
        if (column != "result" or row["item_id"] not in NOT_JUDGED)
        and (column not in POSITIONS or _is_told(checker, row["circuit_id"], column))
    ]  # fmt: skip
    altered = [{**row, column: _other(column, row[column])} if row in rows else row
               for row in tables[table]]  # fmt: skip

    reasons = set(map(str, checker.contradictions({**tables, table: altered}, CARD)))

    assert rows
    for row in rows:
        key = "/".join(row[name] for name in KEYS[table])
        said = f"{table}.csv, row {key}, column {column}: the tables say "
        said += repr(_other(column, row[column]))
        assert any(reason.startswith(said) for reason in reasons)


@pytest.mark.parametrize("item", NOT_JUDGED)
def test_an_altered_result_that_is_judged_again_in_part_is_named(checked, item):
    """Either the rows say else, or its points no longer go with it."""
    checker, tables, _ = checked
    better = [{**row, "result": "pass"} if row["item_id"] == item else row
              for row in tables["items"]]  # fmt: skip
    sites = {row["site_id"] for row, other in zip(better, tables["items"], strict=True)
             if row != other}  # fmt: skip

    reasons = list(map(str, checker.contradictions({**tables, "items": better}, CARD)))

    for site in sites:
        assert any(f"items.csv, row {site}/{item}, column " in reason for reason in reasons)


def _with_ranks(tables, ranks):
    rows = [{**row, "rank": ranks.get(row["site_id"], row["rank"])} for row in tables["sites"]]
    return {**tables, "sites": rows}


def test_a_site_ranked_before_a_worse_one_is_named_with_the_ranks_that_it_may_have(checked):
    checker, tables, _ = checked
    first, *_, last = sorted(tables["sites"], key=lambda row: int(row["rank"]))
    swapped = {first["site_id"]: last["rank"], last["site_id"]: first["rank"]}

    reasons = list(map(str, checker.contradictions(_with_ranks(tables, swapped), CARD)))

    for row in (first, last):
        said = f"row {row['site_id']}, column rank: the tables say '{swapped[row['site_id']]}'"
        assert any(said in reason for reason in reasons)


def test_two_sites_of_one_rank_are_named():
    """Two sites alike in all that decides: either may be first, but not both."""
    plan = PlantBuilder().office("K")
    for name in "RS":
        plan.site(name).way(f"w{name}", f"{name} m{name} K").circuit(
            f"x{name}", name, "K", f"w{name}"
        )
    checker, tables, _ = _checked(plan.inventory())
    assert list(checker.contradictions(tables, CARD)) == []
    assert list(checker.contradictions(_with_ranks(tables, {"R": "2", "S": "1"}), CARD)) == []

    (reason,) = map(str, checker.contradictions(_with_ranks(tables, {"R": "2", "S": "2"}), CARD))

    assert "column rank: another site has this rank" in reason


def _figures(value):
    """Every figure of a summary that is held, with where it stands."""
    for name in SUMMARY_HELD:
        if isinstance(value[name], dict):
            yield from ((name, key) for key in value[name])
        elif name in {"by_tier", "by_city"}:
            yield from ((name, 0, figure) for figure in ("sites", "circuits", "dual_proven"))
        else:
            yield (name,)


def test_an_altered_figure_of_the_summary_is_named(checked):
    checker, tables, summary = checked
    assert list(checker.contradictions(tables, CARD, summary)) == []
    for path in _figures(summary):
        altered = json.loads(json.dumps(summary))
        *before, last = path
        inner = altered
        for step in before:
            inner = inner[step]
        inner[last] += 1

        (reason,) = map(str, checker.contradictions(tables, CARD, altered))

        assert reason.startswith("summary.json, " + path[0])


def test_a_score_by_another_scorecard_is_refused_unless_it_is_given(twin_ring):
    run = json.loads((twin_ring.out / "run.json").read_text("utf-8"))
    run["scorecard"]["points"]["IN1"]["gold"] += 1
    (twin_ring.out / "run.json").write_text(json.dumps(run), "utf-8")

    found = twin_ring.verify()

    assert found.refused_by_kind["scorecard"] == 1
    assert "Say with --scorecard" in str(found.refused[0])


@pytest.mark.parametrize("table", UNHELD)
def test_a_row_taken_out_put_in_or_doubled_is_named(checked, table):
    checker, tables, _ = checked
    key, rows = KEYS[table][0], tables[table]
    other = {**rows[0], key: "INVENTED"}

    for altered in (rows[1:], [*rows, other], [rows[0], *rows]):
        reasons = list(map(str, checker.contradictions({**tables, table: altered}, CARD)))
        wrong = [reason for reason in reasons if reason.startswith(f"{table}.csv, row ")]
        assert any(name in wrong[0] for name in (rows[0][key], "INVENTED"))


@pytest.mark.parametrize(
    ("draw", "seed"), [
        (draw_plant, 3), (draw_plant, 4), (draw_adversary, 3), (draw_adversary, 43),
        (lambda seed: draw_plant(seed, joins_sites=True), 3),
        (lambda seed: draw_plant(seed, joins_sites=True), 7),  # x4: both legs in one trench
        (lambda seed: aged(draw_plant(seed), seed), 4),
    ],
)  # fmt: skip
def test_the_tables_of_a_random_plant_say_what_is_proven(draw, seed):
    """Sections, segments, groups, radio, retired rows, circuits between sites, lost records."""
    checker, tables, summary = _checked(draw(seed).inventory())

    assert list(checker.contradictions(tables, CARD, summary)) == []


@pytest.mark.parametrize("run", ["bank", "twin_ring_run"])
def test_the_tables_of_the_examples_say_what_is_proven(run, request):
    assert request.getfixturevalue(run).verify().refused == ()


@pytest.mark.parametrize("table", ["circuits", "hazards", "causes"])
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

    assert any("column single_points" in reason for reason in twin_ring.verify().refused)
