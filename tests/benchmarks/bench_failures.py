"""All single failures and exact double failures of the seeded province."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from scipy import sparse

from netgraph.datasets import example_columns
from netgraph.diversity.failures import (
    build_catalogue,
    find_double_failures,
    find_single_failures,
)
from netgraph.diversity.rules import load_rules
from netgraph.inventory import from_columns
from netgraph.topology import build_network
from tests.benchmarks.table import Question, Timing, median_seconds, timed

_RISKS, _PAIRS = 50, 5


def questions() -> list[Question]:
    """Measure; what plain sets would take is sampled and says so."""
    network = build_network(from_columns(example_columns("province")))
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
    ]


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
