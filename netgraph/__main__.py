"""``python -m netgraph``."""

from __future__ import annotations

from netgraph.cli import run

if __name__ == "__main__":
    run()
