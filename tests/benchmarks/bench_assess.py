"""The audit of all circuits, and the whole of assess, on the seeded province."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from netgraph.datasets import example_columns
from netgraph.diversity.audit import run as audit
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns, write_inventory
from tests.benchmarks.table import Question, Timing, median_seconds, seconds, timed

_SAMPLE = 400
_TABLES_ALONE = ("--no-maps", "--no-html", "--no-workbook", "--no-gpkg", "--no-pdf")
# Runs the command as its own process does, and prints the peak memory of that process, MB.
_SCRIPT = """
import platform, resource, sys
from netgraph.cli import main
from netgraph.cli.memory import leave, take_the_process
sys.argv[0] = "netgraph"
take_the_process()
try:
    main()
except SystemExit as end:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print("peak", peak / (1024 if platform.system() == "Linux" else 1024**2), file=sys.stderr)
    leave(end.code)
"""


class _Run(NamedTuple):
    seconds: float
    peak_mb: float
    stages: dict[str, float]
    unproven: int


def questions(province):
    """Measure; the user's ways are sampled and say so."""
    network, rules = province.network, load_rules()
    sample = min(_SAMPLE, len(network.circuits))
    whole = len(network.circuits) / sample
    note = f"{sample} circuits, extrapolated"
    return [
        Question(
            f"elements that all routes of each of {len(network.circuits):,} circuits share",
            (
                Timing("netgraph", median_seconds(_shared_sets(network, rules)),
                       "every circuit and group; by section and aspect"),
                Timing("Python sets",
                       timed(lambda: _shared_by_sets(network, sample)) * whole, note),
                Timing("pandas merge",
                       timed(lambda: _shared_by_frames(network, sample)) * whole, note),
            ),
        ),
        Question(
            "verdicts of every circuit and group, level by level",
            (Timing("netgraph", median_seconds(lambda: audit.audit_routes(network, rules), 2)),),
        ),
    ]  # fmt: skip


def whole_runs(scale):
    """Measure the command in processes of its own; nobody else answers the whole question."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "province.gpkg"
        write_inventory(from_columns(example_columns("province", scale=scale)), source)
        cold, warm = _assess(source, Path(folder)), _assess(source, Path(folder))
    stages = sorted(warm.stages.items(), key=lambda stage: -stage[1])
    rest = warm.seconds - sum(warm.stages.values())
    spent = ", ".join(f"{name} {seconds(value)}" for name, value in stages if value >= 0.1)
    yield Question(
        "assess, GeoPackage to tables, no map, page, workbook or report",
        (
            Timing("netgraph", warm.seconds,
                   f"peak {warm.peak_mb:,.0f} MB; {warm.unproven:,} answers unproven after 3 s"),
            Timing("netgraph, first run", cold.seconds,
                   f"peak {cold.peak_mb:,.0f} MB; everything compiled, in two processes"),
            Timing("where the time goes", warm.seconds, f"{spent}, start and reading {rest:.1f} s"),
        ),
    )  # fmt: skip


def _assess(source: Path, folder: Path) -> _Run:
    """One run of the command, with a cache of kernels that is empty at the first one."""
    out = folder / "out"
    command = [sys.executable, "-c", _SCRIPT, "assess", str(source), "-o", str(out)]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(folder / "kernels")}
    start = time.perf_counter()
    done = subprocess.run(
        [*command, *_TABLES_ALONE], capture_output=True, text=True, check=True, env=environment
    )
    spent = time.perf_counter() - start
    stages = json.loads((out / "run.json").read_text(encoding="utf-8"))["seconds"]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return _Run(spent, float(done.stderr.split()[-1]), stages, summary["unproven"])


def _shared_sets(network, rules):
    """Prepare everything but the shared sets themselves, as the kernels of the search do."""
    basis, paths = audit.prepare_audit(network, rules), audit.build_paths(network)
    units, risks = basis.units, basis.risks
    section = audit.sections_of_entries(network)
    evidence = audit.weigh_units(network, units, section)
    wired = audit._wired_in(network, section)
    ends = audit.common_section_ends(units, audit.section_homes(network, section))
    near_m = rules.entry_tolerance_m

    def find():
        classes = audit.classes_of(network, paths, risks, section, near_m)
        arrays = audit.walk_arrays(network, paths, classes, section, near_m)
        return audit.unit_sets(network, units, evidence, arrays, wired, ends)

    return find


def _routes(network, circuit):
    rows = network.circuits.routes_of(circuit)
    return [network.circuits.routes.links.row(int(r)) for r in rows]


def _shared_by_sets(network, sample):
    elements = network.elements.of_link
    return [
        set.intersection(*[
            {e for link in links for e in elements.row(int(link)).tolist()}
            for links in _routes(network, circuit)
        ])
        for circuit in range(sample)
    ]  # fmt: skip


def _shared_by_frames(network, sample):
    elements = network.elements.of_link
    table = pd.DataFrame({"link": elements.owners, "element": elements.indices})
    rows = [
        (circuit, number, int(link))
        for circuit in range(sample)
        for number, links in enumerate(_routes(network, circuit))
        for link in links
    ]
    routes = pd.DataFrame(rows, columns=["circuit", "route", "link"])
    touched = routes.merge(table, on="link")[["circuit", "route", "element"]].drop_duplicates()
    counts = touched.groupby(["circuit", "element"]).size()
    return counts[counts > 1]
