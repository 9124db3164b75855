"""``python -m netgraph``."""

from __future__ import annotations

from netgraph.cli import main

if __name__ == "__main__":
    main()
