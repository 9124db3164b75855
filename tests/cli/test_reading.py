"""The inventory is read by a copy of the process, which must be no different."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from netgraph.cli import reading
from netgraph.cli.reading import start_reading
from netgraph.errors import InputError
from netgraph.inventory import read_inventory, write_inventory

linux = pytest.mark.skipif(
    not hasattr(os, "memfd_create"), reason="only Linux has memory without a name"
)

_SCRIPT = """
import os, signal, sys
from pathlib import Path
from netgraph.cli.memory import take_the_process
from netgraph.cli.reading import start_reading

take_the_process()
os.cpu_count = lambda: 2
path, ending = Path(sys.argv[1]), sys.argv[2]
reading = start_reading(path, encoding=None, checks=ending != "alone")
assert type(reading).__name__ == "_Copied", type(reading)
if ending == "killed":
    os.kill(reading._process, signal.SIGSTOP)  # else it may have ended by now
    os.kill(reading._process, signal.SIGKILL)

from netgraph.errors import InputError
from netgraph.inventory import check_inventory, read_inventory


def everything(read):
    try:
        inventory = read()
    except InputError as error:
        return error.problems, [getattr(p, "pattern", None) for p in error.problems]
    tables = {
        name: {column: table[column].tolist() for column in table.columns}
        for name, table in inventory.tables.items()
    }
    rest = inventory.findings, inventory.sources, inventory.crs, inventory.snapshot_date
    return repr((tables, rest, [f.message.pattern for f in inventory.findings]))


taken_over, known = everything(reading.result), everything(lambda: read_inventory(path))
assert reading._process and taken_over == known, (taken_over, known)
found = reading.find_findings()
if ending == "checked" and isinstance(taken_over, str):
    expected = check_inventory(read_inventory(path))
    assert found == expected, (found, expected)
    assert [f.message.pattern for f in found] == [f.message.pattern for f in expected]
    assert [f.place for f in found] == [f.place for f in expected]
else:
    assert found is None, found
print(len(taken_over))
"""


def _compare(path, ending="alone"):
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(path), ending],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return int(done.stdout)


@linux
@pytest.mark.parametrize("ending", ["alone", "checked", "killed"])
def test_a_copy_reads_and_finds_what_is_read_and_found_at_once_even_where_it_is_killed(
    twin_ring, ending
):
    sites = twin_ring / "sites.csv"
    sites.write_text(sites.read_text("utf-8") + "S9,,nowhere,,,,\n", "utf-8")

    assert _compare(twin_ring, ending) > 1000


@linux
def test_a_geopackage_comes_over_whole(twin_ring, tmp_path):
    written = write_inventory(read_inventory(twin_ring), tmp_path / "a.gpkg")

    assert _compare(written, "checked") > 1000


@linux
def test_what_the_copy_cannot_read_is_told_by_this_process(tmp_path):
    (tmp_path / "sites.csv").write_text("name\nwithout an id\n", "utf-8")

    assert _compare(tmp_path, "checked") > 0
    assert _compare(tmp_path / "nowhere") > 0


@linux
def test_where_the_system_makes_no_copy_a_thread_reads(twin_ring, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(reading, "_can_be_copied", lambda: True)
    monkeypatch.setattr(os, "memfd_create", refuse)

    started = start_reading(twin_ring, encoding=None)

    assert type(started).__name__ == "_InThread"
    assert repr(started.result()) == repr(read_inventory(twin_ring))
    assert started.find_findings() is None


def test_the_process_of_somebody_else_is_not_copied(twin_ring, tmp_path):
    started = start_reading(twin_ring, encoding=None)

    assert type(started).__name__ == "_InThread"
    assert repr(started.result()) == repr(read_inventory(twin_ring))
    assert started.find_findings() is None
    assert started.done()
    with pytest.raises(InputError, match="there is no such file or folder"):
        start_reading(tmp_path / "nowhere", encoding=None).result()
