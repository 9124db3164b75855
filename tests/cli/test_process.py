"""The command as a process: how it starts, how it is stopped, and who may stop listening."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from commands import ROOT, everything_in, finish, start

from netgraph.datasets import example_columns
from netgraph.inventory import from_columns, write_inventory

COMMANDS = ("assess", "check", "diversity", "example", "template")

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_fits_a_hundred_columns_and_names_every_option(netgraph, monkeypatch, command, flag):
    monkeypatch.setitem(netgraph.environment, "COLUMNS", "100")

    outcome = netgraph(*filter(None, [command, flag]))

    assert (outcome.code, outcome.err) == (0, "")
    assert max(len(line) for line in outcome.out.splitlines()) <= 100
    assert "…" not in outcome.out
    for name in COMMANDS if not command else ["Usage"]:
        assert name in outcome.out


def test_the_version_is_that_of_the_project(netgraph):
    version = next(
        line.split('"')[1]
        for line in (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
        if line.startswith("version = ")
    )

    assert netgraph("--version") == (0, f"netgraph {version}\n", "")


def test_help_and_version_load_nothing_heavy():
    code = (
        "import sys; sys.argv = ['netgraph', '--version']\n"
        "from netgraph.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numba', 'matplotlib', 'geopandas', 'pandas', 'scipy', 'networkx', 'numpy'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_an_assessment_to_tables_loads_no_data_frames_and_no_linear_algebra(tmp_path):
    """What is loaded is waited for."""
    inventory = from_columns(example_columns("twin_ring"))
    given = write_inventory(inventory, tmp_path / "twin_ring.gpkg")
    words = ["netgraph", "assess", str(given), "-o", str(tmp_path / "out")]
    words += ["--no-maps", "--no-html", "--no-workbook", "--no-gpkg", "--no-pdf"]
    code = (
        f"import sys; sys.argv = {words!r}\n"
        "from netgraph.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'matplotlib', 'geopandas', 'pandas', 'networkx', 'scipy.linalg', 'numpy.f2py'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or None)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "tables" / "sites.csv").exists()


@posix
@pytest.mark.parametrize(
    ("name", "command", "earlier"),
    [("SIGINT", ["assess"], True), ("SIGTERM", ["diversity", "--centre", "K"], False)],
)
def test_a_run_that_is_stopped_while_writing_leaves_everything_as_it_was(
    netgraph, twin_ring, tmp_path, name, command, earlier
):
    """With an earlier output the new one grows hidden in it, else beside it."""
    words = [*command, twin_ring, "-o", tmp_path / "out"]
    if earlier:
        assert netgraph(*words).code == 0
    before = everything_in(tmp_path)
    process = start(*words)
    _wait_for_hidden_folder(tmp_path, process)
    number = getattr(signal, name)

    process.send_signal(number)
    outcome = finish(process)

    assert outcome.code == 128 + number
    assert outcome.err.endswith("Stopped; nothing is left half written.\n")
    assert everything_in(tmp_path) == before


def _wait_for_hidden_folder(folder, process):
    for _ in range(20_000):
        if any(folder.glob(".netgraph-*")) or any(folder.glob("*/.netgraph-*")):
            return
        assert process.poll() is None
        time.sleep(0.005)
    pytest.fail("the run did not begin to write")


@posix
@pytest.mark.parametrize(
    "options",
    [["--fail-on", "never"], ["--fail-on", "error"], ["--fail-on", "error", "--format", "csv"]],
)
def test_a_reader_that_goes_away_changes_nothing(twin_ring, options):
    read_end, write_end = os.pipe()
    os.close(read_end)
    process = start("check", twin_ring, *options, stdout=write_end, stderr=subprocess.PIPE)
    os.close(write_end)

    outcome = finish(process)

    assert outcome.code == (options[1] == "error")
    assert not outcome.err


def test_a_terminal_that_lacks_chinese_is_no_reason_to_fail(twin_ring, tmp_path):
    """Such as a Windows console or a C locale: names come out as question marks."""
    tables_alone = "--no-maps", "--no-html", "--no-workbook", "--no-gpkg", "--no-pdf"
    words = ["assess", twin_ring, "-o", tmp_path / "out", *tables_alone]
    process = start(*words, environment={"PYTHONIOENCODING": "ascii"})

    outcome = finish(process)

    assert outcome.code == 0
    assert "Sites per grade" in outcome.out
