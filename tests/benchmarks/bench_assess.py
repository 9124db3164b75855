"""The audit of all circuits, and the whole of assess, on the seeded province."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from netgraph.datasets import example_columns
from netgraph.diversity.audit.run import run as audit
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns, write_inventory
from netgraph.topology import build_network
from tests.benchmarks.table import Question, Timing, median_seconds, timed

_SAMPLE = 400


def questions() -> list[Question]:
    """Measure; the user's ways are sampled and say so."""
    inventory = from_columns(example_columns("province"))
    network = build_network(inventory)
    rules = load_rules()
    ours = median_seconds(_shared_sets(network, rules))
    whole_audit = median_seconds(lambda: audit.audit_routes(network, rules), 2)
    share = _SAMPLE / len(network.circuits)
    by_sets = timed(lambda: _shared_by_sets(network)) / share
    by_frames = timed(lambda: _shared_by_frames(network)) / share
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "province.gpkg"
        write_inventory(inventory, source)
        cold, warm = _assess(source, folder), _assess(source, folder)
    return [
        Question(
            "elements that all routes of each group share",
            (
                Timing("netgraph", ours, "every circuit and group"),
                Timing("Python sets", by_sets, f"{_SAMPLE} circuits, extrapolated"),
                Timing("pandas merge", by_frames, f"{_SAMPLE} circuits, extrapolated"),
            ),
        ),
        Question("verdicts of every circuit and group", (Timing("netgraph", whole_audit),)),
        Question(
            "assess, GeoPackage to tables, new process, no map",
            (
                Timing("netgraph", warm[0], f"peak {warm[1]:,.0f} MB"),
                Timing("netgraph, first run", cold[0], "the compiled kernels may be cached"),
            ),
        ),
    ]


def _shared_sets(network, rules):
    """Prepare everything but the shared sets themselves, as the kernels of the search do."""
    units, paths = audit.build_units(network), audit.build_paths(network)
    risks = audit.build_risks(network, rules)
    section = audit.sections_of_entries(network)
    evidence = audit.weigh_units(network, units, section)
    arrays = audit._walk_arrays(network, paths, risks, section)
    wired = audit._wired_in(network, section)
    near_m = rules.entry_tolerance_m
    return lambda: audit._unit_sets(network, units, evidence, arrays, wired, near_m)


def _routes(network, circuit):
    rows = network.circuits.routes_of(circuit)
    return [network.circuits.routes.links.row(int(r)) for r in rows]


def _shared_by_sets(network):
    elements = network.elements.of_link
    return [
        set.intersection(*[
            {e for link in links for e in elements.row(int(link)).tolist()}
            for links in _routes(network, circuit)
        ])
        for circuit in range(_SAMPLE)
    ]  # fmt: skip


def _shared_by_frames(network):
    elements = network.elements.of_link
    table = pd.DataFrame({"link": elements.owners, "element": elements.indices})
    rows = [
        (circuit, number, int(link))
        for circuit in range(_SAMPLE)
        for number, links in enumerate(_routes(network, circuit))
        for link in links
    ]
    routes = pd.DataFrame(rows, columns=["circuit", "route", "link"])
    touched = routes.merge(table, on="link")[["circuit", "route", "element"]].drop_duplicates()
    counts = touched.groupby(["circuit", "element"]).size()
    return counts[counts > 1]


def _assess(source: Path, folder: str) -> tuple[float, float]:
    """Wall seconds and peak MB of one run of the command."""
    script = (
        "import resource, sys; from netgraph.cli import main; sys.argv[0] = 'netgraph'\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    command = [
        sys.executable,
        "-c",
        script,
        "assess",
        str(source),
        "-o",
        f"{folder}/out",
        "--no-maps",
        "--no-html",
        "--no-workbook",
        "--no-gpkg",
        "--no-pdf",
    ]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, float(done.stdout.split()[-1])
