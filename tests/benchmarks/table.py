"""One table for all measurements: netgraph, what a user writes today, the best library."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 3
SHORT_S, MOST_RUNS = 1.0, 21  # what is quick is run more often
HEAD = (
    "| question | who | median | times netgraph | note |",
    "|---|---|---|---|---|",
)


@dataclass(frozen=True)
class Timing:
    """Median seconds of one way to get an answer, and how they were measured."""

    who: str
    seconds: float
    note: str = ""


@dataclass(frozen=True)
class Question:
    """One question, netgraph's time first."""

    name: str
    timings: tuple[Timing, ...]

    def lines(self) -> list[str]:
        """Rows of a Markdown table, with the ratio to netgraph."""
        ours = self.timings[0].seconds
        return [
            f"| {self.name if i == 0 else ''} | {t.who} | {seconds(t.seconds)} "
            f"| {t.seconds / ours:,.1f} | {t.note} |"
            for i, t in enumerate(self.timings)
        ]


def median_seconds(call: Callable[[], object], runs: int = RUNS) -> float:
    """Median wall seconds of 3 to 21 runs after one that does not count (compilation, caches)."""
    call()
    spent = [timed(call) for _ in range(runs)]
    while sum(spent) < SHORT_S and len(spent) < MOST_RUNS:
        spent.append(timed(call))
    return statistics.median(spent)


def timed(call: Callable[[], object]) -> float:
    """Wall seconds of one run."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def seconds(value: float) -> str:
    """Seconds with three digits that mean something."""
    return f"{value * 1000:.3g} ms" if value < 1 else f"{value:,.3g} s"


def peak_mb() -> float:
    """Peak memory of this process so far, MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if platform.system() == "Linux" else peak / 1024**2


def machine() -> str:
    """Name the machine that measured."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123 - not a project path
            model = next(line.split(":")[1].strip() for line in file if "model name" in line)
    except (OSError, StopIteration):
        pass
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
