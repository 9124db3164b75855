from __future__ import annotations

import json
from pathlib import Path

import pytest

from netgraph.errors import InputError, OutputError
from netgraph.report.output import output_folder


def write_run(out, **files):
    """Write an output of netgraph: run.json and the given tables."""
    with output_folder(out) as folder:
        (folder / "tables").mkdir()
        for name, content in files.items():
            (folder / "tables" / f"{name}.csv").write_text(content)
        (folder / "run.json").write_text('{"netgraph_version": "1"}')


def write_half(out, error):
    """Fail in the middle of writing."""
    with output_folder(out) as folder:
        (folder / "half.csv").write_text("half")
        raise error


def snapshot(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_new_output_appears_with_its_parents(tmp_path):
    write_run(tmp_path / "a" / "b", sites="1")
    assert list(snapshot(tmp_path / "a" / "b")) == ["run.json", "tables/sites.csv"]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def test_run_json_lists_the_files_of_the_output(tmp_path):
    write_run(tmp_path / "out", sites="1")
    run = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run == {"netgraph_version": "1", "files": ["run.json", "tables/sites.csv"]}


def test_an_empty_folder_is_filled(tmp_path):
    write_run(tmp_path, sites="1")
    assert list(snapshot(tmp_path)) == ["run.json", "tables/sites.csv"]


def test_a_second_run_replaces_what_the_first_wrote(tmp_path):
    write_run(tmp_path / "out", sites="1", old="1")
    write_run(tmp_path / "out", sites="2", new="2")
    files = snapshot(tmp_path / "out")
    assert list(files) == ["run.json", "tables/new.csv", "tables/sites.csv"]
    assert files["tables/sites.csv"] == "2"


def test_files_of_the_user_survive(tmp_path):
    out = tmp_path / "out"
    write_run(out, sites="1")
    (out / "notes.txt").write_text("mine")
    (out / "tables" / "pivot.xlsx").write_text("mine too")
    write_run(out, sites="2")
    files = snapshot(out)
    assert files["notes.txt"] == "mine"
    assert files["tables/pivot.xlsx"] == "mine too"
    assert files["tables/sites.csv"] == "2"


def test_a_file_of_the_user_is_never_overwritten(tmp_path):
    out = tmp_path / "out"
    write_run(out, sites="1")
    (out / "tables" / "new.csv").write_text("mine")
    before = snapshot(out)
    with pytest.raises(OutputError, match=r"tables/new\.csv would be overwritten: move it away"):
        write_run(out, sites="2", new="2")
    assert snapshot(out) == before


@pytest.mark.parametrize("error", [InputError(["x"]), KeyboardInterrupt(), ZeroDivisionError()])
def test_an_error_in_the_middle_leaves_the_earlier_output_as_it_was(tmp_path, error):
    out = tmp_path / "out"
    write_run(out, sites="1")
    before = snapshot(out)
    with pytest.raises(type(error)):
        write_half(out, error)
    assert snapshot(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_error_in_a_first_run_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError):
        write_half(tmp_path / "a" / "b", ZeroDivisionError())
    assert list(tmp_path.iterdir()) == []


def test_an_error_while_files_are_exchanged_puts_them_back(tmp_path, monkeypatch):
    out = tmp_path / "out"
    write_run(out, a="1", b="1", c="1")
    before = snapshot(out)
    replace = Path.replace

    def locked(self, target):
        if self.name == "b.csv" and "netgraph-new" in str(self):
            raise PermissionError(13, "Permission denied", str(self))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", locked)
    with pytest.raises(OutputError, match=r"cannot write .*out: Permission denied"):
        write_run(out, a="2", b="2", c="2")
    assert snapshot(out) == before


def test_a_folder_with_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(OutputError, match=r"is no output of netgraph.*choose a new or empty"):
        write_run(tmp_path, sites="1")
    assert list(snapshot(tmp_path)) == ["thesis.docx"]


@pytest.mark.parametrize("content", ["not json", "[]", '{"other": "tool"}'])
def test_a_run_json_of_another_tool_is_no_output_of_netgraph(tmp_path, content):
    (tmp_path / "run.json").write_text(content)
    with pytest.raises(OutputError, match="is no output of netgraph"):
        write_run(tmp_path, sites="1")


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OutputError, match="is a file: choose a folder"):
        write_run(tmp_path / "out")


def test_an_edited_list_of_files_cannot_reach_out_of_the_folder(tmp_path):
    out = tmp_path / "out"
    write_run(out, sites="1")
    (tmp_path / "precious.txt").write_text("mine")
    listed = ["../precious.txt", str(tmp_path / "precious.txt"), "run.json", "tables/sites.csv"]
    (out / "run.json").write_text(json.dumps({"files": listed}))
    write_run(out, sites="2")
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_an_unreadable_input_is_not_blamed_on_the_output(tmp_path):
    with pytest.raises(FileNotFoundError), output_folder(tmp_path / "out"):
        (tmp_path / "nowhere" / "sites.csv").read_text()


def test_a_full_disk_is_one_sentence(tmp_path):
    with (
        pytest.raises(OutputError, match="No space left on device"),
        output_folder(tmp_path / "out"),
    ):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []
