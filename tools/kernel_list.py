"""Print the kernels that an assessment asks for, with the types of their arguments, in order.

``netgraph/diversity/kernels.csv`` is its output: the first run compiles by it. Make it anew where
an argument of a kernel has changed.

    python tools/kernel_list.py 0.04 > netgraph/diversity/kernels.csv
"""

from __future__ import annotations

import csv
import sys
from typing import Any

import netgraph as ng
from netgraph.compiling.kept import KernelCache
from netgraph.compiling.signatures import write_types
from netgraph.datasets import example_columns


def main() -> None:
    """Assess a province of that scale, and print what it has compiled or read from disk."""
    asked: dict[tuple[str, str, str], None] = {}
    load = KernelCache.load_overload

    def note(cache: KernelCache, signature: tuple[Any, ...], context: Any) -> Any:
        function = cache._py_func
        asked[function.__module__, function.__name__, write_types(signature)] = None
        return load(cache, signature, context)

    KernelCache.load_overload = note
    found = ng.assess(ng.from_columns(example_columns("province", scale=float(sys.argv[1]))))
    found.rows("rings")  # the tables ask for one more
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["module", "kernel", "arguments"])
    writer.writerows(asked)


if __name__ == "__main__":
    main()
