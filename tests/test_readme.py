"""What the README says is so: every command, option, file and name in it."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from commands import Command, read_rows
from python_calamine import CalamineWorkbook
from typer.main import get_command
from works_bench import dated

from netgraph.cli.app import app
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns, read_inventory, write_inventory
from netgraph.works import WorksRegister

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)


def _commands():
    lines = "\n".join(text for language, text in BLOCKS if language == "sh").splitlines()
    words = (shlex.split(line.replace("\\", "/"), comments=True) for line in lines)
    return [parts[1:] for parts in words if parts and parts[0].rpartition("/")[2] == "netgraph"]


COMMANDS = _commands()


def test_the_readme_shows_every_command():
    commands = get_command(app).commands
    assert {words[0] for words in COMMANDS} == set(commands)
    steps = {words[1] for words in COMMANDS if words[0] == "works"}
    assert steps == set(commands["works"].commands)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_command_of_the_readme_has_only_options_that_exist(words):
    command = get_command(app).commands[words[0]]
    if words[0] == "works":
        command = command.commands[words[1]]
    known = {
        option
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
    }

    assert {word for word in words if word.startswith("-")} <= known


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with the files that the README speaks of, made from the small example."""
    monkeypatch.chdir(tmp_path)
    inventory = from_columns(example_columns("twin_ring"))
    write_inventory(inventory, tmp_path / "inventory.gpkg")
    for name, package in (
        ("my_rules", "diversity/rules"),
        ("my_card", "scoring/scorecard"),
        ("my_rates", "diversity/availability/rates"),
    ):
        shipped = ROOT / "netgraph" / f"{package}.toml"
        (tmp_path / f"{name}.toml").write_bytes(shipped.read_bytes())
    return tmp_path


def test_the_commands_for_ones_own_network_run_in_their_order(place, capsys):
    """The template is filled in by writing the small example over it; the large one is left out."""
    netgraph = Command(capsys)
    own = [
        words
        for words in COMMANDS
        if words[0] not in {"diversity", "corridors", "works"}
        and not {"bank", "demo/bank", "province"} & set(words)
    ]
    assert {words[0] for words in own} == set(get_command(app).commands) - {
        "diversity",
        "corridors",
        "works",
    }
    for words in own:
        outcome = netgraph(*words)
        assert outcome.code == (words[0] == "check" and (place / "filled").exists()), outcome.err
        if words[0] == "template":
            (place / words[1]).unlink()
            inventory = from_columns(example_columns("twin_ring"))
            write_inventory(inventory, place / words[1])
            (place / "filled").touch()
    assert len(read_rows(place / "out" / "tables" / "sites.csv")) == 6
    assert (place / "small" / "sites.csv").exists()


def test_the_closed_loop_of_the_readme_runs_in_its_order(place, capsys):
    """The works of the plan are done on paper, and the records are of a later day."""
    netgraph = Command(capsys)
    write_inventory(from_columns(example_columns("twin_ring")), place / "inventory.xlsx")
    plan = next(words for words in COMMANDS if words[0] == "upgrades")
    assert netgraph(*plan).code == 0
    later = dated(read_inventory(place / "upgraded"), date(2026, 12, 15))
    write_inventory(later, place / "next_quarter.xlsx")
    works = read_rows(place / "plan" / "tables" / "equipment_works.csv")
    at_s4 = next(w["project_id"] for w in works if w["chosen"] == "true" and "S4" in w["sites"])
    for words in COMMANDS:
        if words[0] == "works":
            outcome = netgraph(*(w.replace("W-0123456789", at_s4) for w in words))
            assert outcome.code == 0, (words, outcome.err)
    (work,) = WorksRegister(place / "works.sqlite").works(at_s4)
    assert (work.state, work.recurrences) == ("withdrawn", 1)
    assert CalamineWorkbook.from_path(place / "works.xlsx").sheet_names[0] == "工程台账"


def test_the_python_of_the_readme_runs(place):
    (code,) = (text for language, text in BLOCKS if language == "python")
    write_inventory(from_columns(example_columns("twin_ring")), place / "small")
    names = {}

    exec(code.replace("demo/bank", "small"), names)  # noqa: S102 - our own text

    assert len(names["assessment"].sites) == 6
    assert names["graph"].number_of_edges() > 50


def test_every_path_that_the_readme_names_is_there():
    for word in re.findall(r"`([\w./]+/[\w./]*)`", README):
        if word.startswith("demo/"):
            continue  # what `make demo` writes
        assert (ROOT / word).exists(), word
    layers = {path.parent.name for path in (ROOT / "netgraph").glob("*/__init__.py")}
    assert layers <= set(re.findall(r"netgraph/(\w+)", README))


def test_every_table_and_level_is_named_as_it_is_written(place, capsys):
    netgraph = Command(capsys)
    netgraph("assess", place / "inventory.gpkg", "-o", place / "out")

    for path in (place / "out" / "tables").iterdir():
        assert f"`{path.name}`" in README
    for row in read_rows(place / "out" / "tables" / "sites.csv"):
        assert f"`{row['recorded_level']}`" in README


def test_the_lines_of_make_demo_work_in_an_empty_folder(place, capsys):
    """The example is the small one, so that this is quick."""
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\ndemo:")[1].split("\n\n")[0]
    lines = [shlex.split(line.partition("netgraph ")[2]) for line in recipe.splitlines()]
    netgraph = Command(capsys)
    for words in filter(None, lines):
        outcome = netgraph(*("twin_ring" if word == "bank" else word for word in words))
        assert outcome.code == 0, outcome.err

    for told in re.findall(r"demo/out/[\w./]+\.\w+", README + recipe):
        assert (place / told).exists(), told
