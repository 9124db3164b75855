"""``make bench``: one table, side by side in one run, also written to reports/benchmarks.md."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import bench_assess, bench_failures, bench_search, bench_upgrades
from tests.benchmarks.table import machine, peak_mb

REPORT = Path(__file__).parents[2] / "reports" / "benchmarks.md"


def main() -> None:
    """Measure everything and write the table."""
    lines = ["| question | who | median | times netgraph | note |", "|---|---|---|---|---|"]
    for module in (bench_search, bench_failures, bench_assess, bench_upgrades):
        for question in module.questions():
            lines += question.lines()
            sys.stdout.write("\n".join(question.lines()) + "\n")
    day = datetime.now(tz=UTC).date()
    head = [
        "# Benchmarks",
        "",
        f"Seeded province (invented): 531 customers, 15,413 circuits. Measured {day} on",
        f"{machine()}; peak memory of the measuring process {peak_mb():,.0f} MB.",
        "Machines differ and are shared: read the ratios.",
        "",
    ]
    REPORT.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
