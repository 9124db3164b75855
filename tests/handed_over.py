"""A small assessment, and one whose names are as bad as names can be."""

from __future__ import annotations

import functools

import netgraph as ng
from netgraph.assessment import Options
from netgraph.datasets import example_columns
from netgraph.inventory import from_columns

HOSTILE = (
    "=1+1", "+86 351", "@SUM(A1)", "<script>alert(1)</script>", "人" * 4000,
    '🏦 #let x = 1 $y$ *b* _i_ \\ "q"',
)  # fmt: skip


@functools.cache
def small_assessment(lang="en"):
    """Assess the example twin_ring: two rings, six sites."""
    return ng.assess(from_columns(example_columns("twin_ring")), Options(lang=lang))


@functools.cache
def hostile_assessment():
    """Assess twin_ring with hostile names of sites, customers and offices."""
    columns = {name: dict(table) for name, table in example_columns("twin_ring").items()}
    for table in ("sites", "customers", "offices"):
        names = columns[table]["name"]
        columns[table]["name"] = [HOSTILE[i % len(HOSTILE)] for i in range(len(names))]
    return ng.assess(from_columns(columns), Options())
