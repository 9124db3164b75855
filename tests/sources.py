"""The modules of the package as they are written, parsed once for all that look at them."""

from __future__ import annotations

import ast
import functools
import gc
from pathlib import Path

from netgraph.collecting import uncollected

PACKAGE = Path(__file__).parents[1] / "netgraph"
MODULES = sorted(PACKAGE.rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    """Give a module."""
    (module, *_) = nodes(path)
    assert isinstance(module, ast.Module)
    return module


def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Give all that is in a module, itself first."""
    return _all_nodes()[path]


@functools.cache
def _all_nodes() -> dict[Path, tuple[ast.AST, ...]]:
    with uncollected():
        found = {path: tuple(ast.walk(ast.parse(path.read_text("utf-8")))) for path in MODULES}
    gc.freeze()  # nearly a million of them, that stay: the search for cycles need not walk them
    return found
