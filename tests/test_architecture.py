"""The layout holds: imports run downwards, modules stay short, the package starts quickly."""

from __future__ import annotations

import ast
import functools
import importlib
import pkgutil
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from numba import njit
from sources import MODULES, PACKAGE, nodes, parsed

import netgraph
from netgraph.diversity.compiled import search_clock

ROOT = Path(__file__).parents[1]
MOST_LINES = 450
# What no file may name: where packages come from, and where somebody's machine keeps things.
_HOSTS = r"\b(?:py" r"pi|python" r"hosted|ana" r"conda|npm" r"js)\.(?:org|com)\b"
_PLACES = r"(?<![\w.])/(?:home|Users|work|root|mnt)/\w"
_FORBIDDEN = re.compile(f"{_HOSTS}|{_PLACES}")


def _name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_imports_run_downwards_only(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)

    code = lint_imports(no_cache=True, no_logo=True)

    assert code == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_enough_to_be_read_in_one_go(path):
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_every_module_can_be_imported_and_every_public_name_is_there():
    found = [netgraph.__name__]
    found += [m.name for m in pkgutil.walk_packages(netgraph.__path__, "netgraph.")]
    for name in found:
        if name == "netgraph.__main__":
            continue
        module = importlib.import_module(name)
        for public in getattr(module, "__all__", ()):
            assert hasattr(module, public), f"{name}.{public}"
        assert module.__doc__, name


def test_importing_netgraph_is_quick_and_loads_nothing_heavy():
    heavy = {"numpy", "pandas", "geopandas", "shapely", "matplotlib", "numba", "scipy", "networkx"}
    code = "import sys, netgraph; print(*sorted(name.split('.')[0] for name in sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert not heavy & set(done.stdout.split())


def test_data_frames_and_maps_stay_out_of_the_layers_below():
    """The searches read arrays; only the report draws."""
    barred = {
        "diversity": {"pandas", "geopandas", "matplotlib"},
        "topology": {"matplotlib"},
        "scoring": {"pandas", "geopandas", "matplotlib"},
        "inventory": {"matplotlib"},
        "datasets": {"matplotlib", "pandas", "geopandas"},
    }
    for path in MODULES:
        layer = path.relative_to(PACKAGE).parts[0]
        named = {name.split(".")[0] for name, _ in _imports(path)}
        assert not named & barred.get(layer, set()), path


def test_no_package_takes_a_private_name_of_another():
    for path in MODULES:
        for module, names in _imports(path):
            if not module.startswith("netgraph"):
                continue
            home = _name(path) if path.name == "__init__.py" else _name(path).rpartition(".")[0]
            for name in (*module.split("."), *names):
                if name.startswith("_") and not name.startswith("__"):
                    owner = module.partition("._")[0]
                    assert home == owner or home.startswith(f"{owner}."), f"{path}: {module}"


def test_every_module_postpones_its_annotations():
    for path in MODULES:
        body = parsed(path).body
        if len(body) > 1:  # more than a docstring
            assert any(
                isinstance(line, ast.ImportFrom) and line.module == "__future__" for line in body
            ), path


def test_no_file_names_a_package_host_or_a_place_on_somebodys_machine():
    for path in _committed():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # the font
        found = _FORBIDDEN.search(text)
        assert not found, f"{path.relative_to(ROOT)}: {found}"


def test_committed_example_data_stays_small():
    size = sum(path.stat().st_size for path in _committed() if path.is_relative_to(ROOT / "data"))

    assert size < 3_000_000


@functools.cache
def _imports(path):
    """Return (module, names) of every import statement, also of those inside functions."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(alias.name, ()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, tuple(alias.name for alias in node.names)))
    return found


def _committed():
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - whichever git is there
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in files if path.is_file()]


def test_the_search_clock_stands_still_while_something_is_compiled():
    square = njit(lambda number: number * number)
    started, clock = time.monotonic(), search_clock()

    assert square(3) == 9

    assert search_clock() - clock < time.monotonic() - started
