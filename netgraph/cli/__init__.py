"""The command line: parse, call one function, map errors to exit codes.

Exit codes: 0 done; 1 findings at or above --fail-on; 2 unreadable input or misuse.
"""

from __future__ import annotations

from netgraph.cli.app import main, run

__all__ = ["main", "run"]
