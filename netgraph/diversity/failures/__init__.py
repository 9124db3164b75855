"""Failure simulation: the risk catalogue, every single failure, exact double failures."""

from __future__ import annotations

from netgraph.diversity.failures.catalogue import RiskCatalogue, build_catalogue
from netgraph.diversity.failures.doubles import DoubleFailures, find_double_failures
from netgraph.diversity.failures.groups import RiskGroups
from netgraph.diversity.failures.singles import SingleFailures, find_single_failures
from netgraph.diversity.failures.srlg import srlg_numbers

__all__ = [
    "DoubleFailures",
    "RiskCatalogue",
    "RiskGroups",
    "SingleFailures",
    "build_catalogue",
    "find_double_failures",
    "find_single_failures",
    "srlg_numbers",
]
