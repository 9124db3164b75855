"""All single failures and exact double failures of the seeded province."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from netgraph.assessment.measures.pairs import find_pairs
from netgraph.assessment.measures.separation import default_thresholds_m, separation_rows
from netgraph.datasets import example_columns
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.failures import (
    build_catalogue,
    find_double_failures,
    find_single_failures,
)
from netgraph.diversity.geometry import draw_lines
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns, read_inventory
from netgraph.topology import build_network
from netgraph.topology.paths import walk_route
from tests.benchmarks.table import Question, Timing, median_seconds, timed

_BANK = Path(__file__).parents[2] / "data" / "bank"
_RISKS, _PAIRS, _PROFILES, _SHARE = 50, 5, 20, 10
_BEND_DEG, _SWAY_DEG = 0.0015, 0.0001  # a bend every 150 m or so, some 10 m to the side


def questions(province):
    """Measure; what plain sets would take is sampled and says so."""
    network = province.network
    catalogue = build_catalogue(network, load_rules())
    singles = find_single_failures(catalogue)
    doubles = find_double_failures(singles)
    ours = (
        median_seconds(lambda: find_single_failures(catalogue)),
        median_seconds(lambda: find_double_failures(singles)),
    )
    contents = _contents(network)  # after our own runs: its sets keep the collector busy
    return [
        Question(
            "all single failures: circuits, sites, customers",
            (
                Timing(
                    "netgraph",
                    ours[0],
                    f"{len(catalogue):,} risks, {singles.n_classes:,} classes",
                ),
                Timing(
                    "scipy incidence product",
                    timed(lambda: _by_product(network, singles)),
                    "circuits down only, from the same links",
                ),
                Timing(
                    "pandas merge and group",
                    _seconds_by_pandas(network),
                    f"1 circuit in {_SHARE}, extrapolated; circuits down only",
                ),
                Timing(
                    "Python sets, circuit by circuit",
                    timed(lambda: _by_intersection(contents)),
                    "circuits down only, routes as ready-made sets",
                ),
                Timing(
                    "Python sets, every risk against every circuit",
                    _seconds_by_sets(contents, len(network.elements)),
                    f"{_RISKS} risks, extrapolated; circuits down only",
                ),
            ),
        ),
        Question(
            "exact double failures of all pairs of classes",
            (
                Timing(
                    "netgraph",
                    ours[1],
                    f"{doubles.pairs_in_all:,} pairs with extra circuits",
                ),
                Timing(
                    "Python sets, every pair against every circuit",
                    _seconds_of_pairs(contents, singles.n_classes),
                    f"{_PAIRS} pairs, extrapolated",
                ),
            ),
        ),
        _separation("bank", build_network(read_inventory(_BANK))),
        _separation("drawn province", build_network(_drawn(province.scale))),
    ]


def _drawn(scale):
    """Give every span of the province a bent line; it has none of its own."""
    columns = example_columns("province", scale=scale)
    at = {
        id_: point
        for table in ("offices", "sites", "structures")
        for id_, *point in zip(
            *(columns[table][name] for name in ("id", "lon", "lat")), strict=True
        )
    }
    spans, draw = columns["spans"], np.random.default_rng(1)
    lines = []
    for start, end in zip(spans["from_id"], spans["to_id"], strict=True):
        a, b = np.array(at[start]), np.array(at[end])
        n = max(1, int(np.hypot(*(b - a)) / _BEND_DEG))
        points = a + (b - a) * np.linspace(0, 1, n + 1)[:, None]
        points[1:-1] += draw.normal(0, _SWAY_DEG, (n - 1, 2))
        lines.append(shapely.to_wkt(shapely.linestrings(points), rounding_precision=7))
    return from_columns({**columns, "spans": {**spans, "geometry": lines}})


def _separation(name, network):
    """How far apart the routes of all protected pairs run, beside Shapely pair by pair."""
    audit = audit_routes(network, load_rules())
    pairs, within_m = list(find_pairs(audit)), default_thresholds_m()
    return Question(
        f"{name}: separation of all protected pairs at 2 to 250 m",
        (
            Timing(
                "netgraph",
                median_seconds(lambda: separation_rows(audit)),
                f"{len(pairs):,} pairs; runs, metres, least distance, crossings, verdict",
            ),
            Timing(
                "Shapely buffers, pair by pair",
                _seconds_by_shapely(audit, pairs, within_m),
                f"{_PROFILES} pairs, extrapolated; metres only, lines projected beforehand",
            ),
        ),
    )


def _seconds_by_shapely(audit, pairs, within_m):
    network = audit.network
    lines = draw_lines(network.spans.geometry, planar=network.inventory.crs == "")
    drawn = []
    for pair in random.Random(1).sample(pairs, _PROFILES):
        routes = []
        for route in (pair.first, pair.second):
            spans = walk_route(network, audit.paths, route, -1).span
            pieces = [
                lines.ends[lines.piece_start[span] : lines.piece_start[span + 1]]
                for span in spans[spans >= 0].tolist()
            ]
            line = shapely.multilinestrings(np.concatenate(pieces).reshape(-1, 2, 2))
            routes.append(shapely.line_merge(line))
        drawn.append(routes)

    def buffers():
        for first, second in drawn:
            for distance_m in within_m:
                first.intersection(second.buffer(distance_m)).length  # noqa: B018 - timed

    return timed(buffers) / _PROFILES * len(pairs)


def _route_content(network):
    """Incidence of routes and elements."""
    routes, elements = network.circuits.routes, network.elements
    tables = [
        sparse.csr_matrix(
            (np.ones(len(table.indices), dtype=np.int32), table.indices, table.indptr),
            shape=(len(table), width),
        )
        for table, width in (
            (routes.links, len(network.links)), (elements.of_link, len(elements)),
        )
    ]  # fmt: skip
    return (tables[0] @ tables[1]).sign()


def _by_product(network, singles):
    """Count the circuits of which an element is on every route; circuits have one segment here."""
    content, routes = _route_content(network), network.circuits.routes
    n = len(network.circuits)
    owner = sparse.csr_matrix(
        (np.ones(len(routes), dtype=np.int32), (routes.circuit, np.arange(len(routes)))),
        shape=(n, len(routes)),
    )
    hits = (owner @ content).tocsr()
    size = np.bincount(routes.circuit, minlength=n)
    is_down = hits.data == np.repeat(size, np.diff(hits.indptr))
    down = np.bincount(hits.indices[is_down], minlength=len(network.elements))
    number = singles.class_of_risk[: len(down)]
    ours = np.where(number >= 0, singles.circuits_down[number], 0)
    if not (ours == down).all():
        message = "the two ways to count disagree"
        raise AssertionError(message)


def _seconds_by_pandas(network):
    """Join routes with the elements of their links; keep what all routes of a circuit have."""
    routes, of_link = network.circuits.routes, network.elements.of_link
    circuit = routes.circuit[routes.links.owners]
    kept = circuit % _SHARE == 0
    links = pd.DataFrame(
        {
            "circuit": circuit[kept],
            "route": routes.links.owners[kept],
            "link": routes.links.indices[kept],
        }
    )
    elements = pd.DataFrame({"link": of_link.owners, "element": of_link.indices})
    n_routes = links.groupby("circuit")["route"].nunique()

    def merge():
        used = links.merge(elements, on="link").drop_duplicates(["route", "element"])
        n = used.groupby(["circuit", "element"]).size()
        is_down = n.to_numpy() == n_routes.loc[n.index.get_level_values("circuit")].to_numpy()
        n[is_down].groupby(level="element").size()

    return timed(merge) * _SHARE


def _contents(network):
    """A set of elements for every distinct route; the routes of every circuit."""
    routes, of_link = network.circuits.routes, network.elements.of_link
    known, by_circuit = {}, {}
    for route in range(len(routes)):
        links = tuple(sorted(set(routes.links.row(route).tolist())))
        if links not in known:
            known[links] = set(np.concatenate([of_link.row(link) for link in links]).tolist())
        by_circuit.setdefault(int(routes.circuit[route]), []).append(known[links])
    return list(by_circuit.values())


def _by_intersection(contents):
    """Count what all routes of each circuit share."""
    down = Counter()
    for circuit in contents:
        down.update(set.intersection(*circuit))
    return down


def _seconds_by_sets(contents, n_risks):
    risks = random.Random(1).sample(range(n_risks), _RISKS)

    def sets():
        for risk in risks:
            sum(all(risk in route for route in circuit) for circuit in contents)

    return timed(sets) / _RISKS * n_risks


def _seconds_of_pairs(contents, n_classes):
    draw = random.Random(1)
    pairs = [draw.sample(range(n_classes), 2) for _ in range(_PAIRS)]

    def sets():
        for g, h in pairs:
            sum(all(g in route or h in route for route in circuit) for circuit in contents)

    return timed(sets) / _PAIRS * n_classes * (n_classes - 1) / 2
