"""The file of the register: others at it, files of another kind, a newer layout, a lock."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

import pytest

from netgraph.errors import InputError, OutputError
from netgraph.works import WorksRegister, store
from netgraph.works.store import APPLICATION_ID, SCHEMA_VERSION, Store

_WRITER = """
import sys, time
from pathlib import Path
from netgraph.works import WorksRegister
path, go, plan, name, work, times = sys.argv[1:]
register = WorksRegister(path, wait_seconds=60)
Path(go + name).touch()
while not Path(go).exists():
    time.sleep(0.01)
print(len(register.open_plan(plan, by=name).new))
for turn in range(int(times)):
    register.note(work, by=name, why=str(turn))
"""


def test_two_processes_that_write_at_once_lose_nothing(shop, tmp_path):
    """Both make the register from one plan and note 25 things each about the same work."""
    path, go, work = tmp_path / "works.sqlite", tmp_path / "go", shop.ids["P1"]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, path, go, shop.folder, name, work, "25"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=dict(os.environ),
        )
        for name in ("Li", "Wang")
    ]  # fmt: skip
    while not all((tmp_path / f"go{name}").exists() for name in ("Li", "Wang")):
        assert all(writer.poll() is None for writer in writers), writers[0].communicate()
        time.sleep(0.05)
    go.touch()
    said = [writer.communicate(timeout=240) for writer in writers]

    assert [err for _, err in said] == ["", ""]
    assert sorted(int(out) for out, _ in said) == [0, len(shop.works)]
    events = WorksRegister(path).history(work)
    for name in ("Li", "Wang"):
        notes = [int(e.why) for e in events if e.step == "note" and e.by == name]
        assert notes == list(range(25))
    assert [e.step for e in events].count("open") == 1
    assert [e.number for e in events] == sorted({e.number for e in events})


def test_a_register_laid_out_while_it_is_looked_at_is_no_file_of_another_kind(
    tmp_path, monkeypatch
):
    """Another process lays the file out between the look at its marks and at its tables."""
    path, ours = tmp_path / "works.sqlite", store._numbers
    others: list[str] = []

    def numbers(connection):
        seen = ours(connection)
        if not others:
            others.append("at work")
            with suppress(OutputError), Store(path, wait_seconds=0.1).writing(create=True):
                others.append("laid out")
        return seen

    monkeypatch.setattr(store, "_numbers", numbers)
    with Store(path).writing(create=True) as connection:
        assert others
        assert ours(connection) == (APPLICATION_ID, SCHEMA_VERSION)


def test_of_two_people_who_take_the_same_step_one_is_told_that_it_is_done(submitted, shop):
    """The state is read under the lock: what was allowed a moment ago may be so no more."""
    other = WorksRegister(submitted.store.path)
    submitted.reopen(shop.ids["P1"], by="Zhang", why="first")

    with pytest.raises(Exception, match="is reopened: reopen is not possible"):
        other.reopen(shop.ids["P1"], by="Chen", why="second")


def test_a_locked_register_is_waited_for_and_then_named(submitted, shop):
    hurried = WorksRegister(submitted.store.path, wait_seconds=0.05)
    with submitted.store.writing():
        with pytest.raises(OutputError, match="being written by another process"):
            hurried.note(shop.ids["P1"], by="Zhang", why="now")
        assert len(hurried.works()) == len(shop.works)  # looking is always possible
    assert hurried.note(shop.ids["P1"], by="Zhang", why="now")


def test_a_read_only_register_can_be_read_and_says_so_when_it_is_to_be_written(
    submitted, shop, monkeypatch
):
    """Opened without the right to write, as the system would (root may write everything)."""
    connect = Store._connect
    monkeypatch.setattr(Store, "_connect", lambda self, _: connect(self, "ro"))

    assert len(submitted.works()) == len(shop.works)
    with pytest.raises(OutputError, match="is read-only: nothing was changed"):
        submitted.note(shop.ids["P1"], by="Zhang", why="now")


def test_there_is_no_register_until_a_plan_is_taken_in(tmp_path):
    path = tmp_path / "works.sqlite"

    with pytest.raises(InputError, match="netgraph works open PLAN_DIR makes one"):
        WorksRegister(path).works()

    assert not path.exists()


def test_a_file_of_another_kind_is_refused_and_left_as_it_is(shop, tmp_path):
    text, other = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("these are notes, and not a register at all\n" * 30, "utf-8")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE works (id TEXT)")
        connection.commit()
    for path in (text, other):
        content = path.read_bytes()
        with pytest.raises(InputError, match="is no works register of netgraph"):
            WorksRegister(path).works()
        with pytest.raises(InputError, match="is no works register of netgraph"):
            WorksRegister(path).open_plan(shop.folder, by="Zhang")
        assert path.read_bytes() == content


def test_a_register_of_a_newer_netgraph_is_refused(submitted, shop):
    with closing(sqlite3.connect(submitted.store.path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    content = submitted.store.path.read_bytes()

    for act in (submitted.works, lambda: submitted.open_plan(shop.folder, by="Zhang")):
        with pytest.raises(InputError, match="written by a newer netgraph"):
            act()

    assert submitted.store.path.read_bytes() == content


def test_an_error_in_the_middle_leaves_the_register_as_it_was(submitted, shop):
    def half():
        with submitted.store.writing() as connection:
            connection.execute("UPDATE works SET state = 'closed'")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()

    assert {work.state for work in submitted.works(shop.works)} == {"submitted"}


def test_an_empty_file_that_a_stopped_process_left_becomes_a_register(shop, tmp_path):
    path = tmp_path / "works.sqlite"
    path.touch()
    with pytest.raises(InputError, match="is no works register"):
        WorksRegister(path).works()

    assert len(WorksRegister(path).open_plan(shop.folder, by="Zhang").new) == len(shop.works)


def test_the_folder_of_a_new_register_must_be_there(shop, tmp_path):
    with pytest.raises(OutputError, match="there is no folder"):
        WorksRegister(tmp_path / "none" / "works.sqlite").open_plan(shop.folder, by="Zhang")
