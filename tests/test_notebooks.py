"""Every notebook runs from top to bottom, and is committed without its outputs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest import mock

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# The event loop of the kernel's client warns about itself on some Python versions.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class _ThisPython(KernelManager):
    """Start the kernel with the Python that runs the tests, whatever is registered."""

    @property
    def kernel_spec(self):
        arguments = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=arguments, language="python", display_name="Python 3")


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)

    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs"), "strip it: jupyter nbconvert --clear-output --inplace"
        assert cell.get("execution_count") is None
    assert notebook.metadata.kernelspec.name == "python3"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A running kernel; starting one and importing what all use takes longer than their cells."""
    manager = _ThisPython()
    # A profile of nobody's: neither settings nor history of whoever runs the tests.
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    profile = {"IPYTHONDIR": str(tmp_path_factory.mktemp("profile"))}
    with mock.patch.dict(os.environ, {**environment, **profile}, clear=True):
        manager.start_kernel(cwd=str(ROOT / "notebooks"))
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, kernel):
    notebook = nbformat.read(path, as_version=4)
    forget = nbformat.v4.new_code_cell("%reset -f")  # all names of the notebook before it
    notebook.cells.insert(0, forget)
    names = nbformat.v4.new_code_cell("sorted(name for name in globals() if name[0] != '_')")
    notebook.cells.insert(1, names)
    client = NotebookClient(notebook, timeout=300, km=kernel)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()

    (nothing_but_the_shell,) = names.outputs
    assert "netgraph" not in nothing_but_the_shell.data["text/plain"]

    for cell in notebook.cells:
        if ".plot(" in cell.source and cell.cell_type == "code":
            data = [output.get("data", {}) for output in cell.outputs]
            assert any("image/png" in kinds for kinds in data), f"no picture of:\n{cell.source}"
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("text/html" in output.get("data", {}) for output in shown)
    assert not [output for output in shown if output.get("name") == "stderr"], "a warning"
