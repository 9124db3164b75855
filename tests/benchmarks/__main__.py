"""``make bench``: one table, side by side in one run, also written to reports/benchmarks.md."""

from __future__ import annotations

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks import bench_assess, bench_failures, bench_search, bench_upgrades
from tests.benchmarks.province import make_province
from tests.benchmarks.table import HEAD, machine, peak_mb

REPORT = Path(__file__).parents[2] / "reports" / "benchmarks.md"


def main() -> None:
    """Measure everything and write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=main.__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the province")
    parser.add_argument("--out", type=Path, default=REPORT, help="file to write")
    asked = parser.parse_args()
    start = time.perf_counter()
    sys.stdout.write("".join(f"{line}\n" for line in HEAD))
    # First, while this process is small: assess runs in processes of its own.
    lines = list(_show(bench_assess.whole_runs(asked.scale)))
    province = make_province(asked.scale)
    for module in (bench_search, bench_assess, bench_failures, bench_upgrades):
        lines += _show(module.questions(province))
    day, minutes = datetime.now(tz=UTC).date(), (time.perf_counter() - start) / 60
    head = [
        "# Benchmarks",
        "",
        f"Seeded province (invented): {province.describe()}. Measured {day} on {machine()}, all in",
        f"one run of {minutes:.0f} minutes; peak memory of the measuring process, other libraries",
        f"included, {peak_mb():,.0f} MB. Kernels: median of 3 to 21 runs after one that does not",
        "count; `assess`: new processes. Machines differ and are shared: read the ratios.",
        "",
        "`make bench` measures again.",
        "",
        *HEAD,
    ]
    asked.out.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")


def _show(questions):
    for question in questions:
        for line in question.lines():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            yield line


if __name__ == "__main__":
    main()
