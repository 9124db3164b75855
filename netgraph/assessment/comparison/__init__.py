"""What changed between two assessments of one network."""

from __future__ import annotations

from netgraph.assessment.comparison.find import Comparison, compare_runs
from netgraph.assessment.comparison.read import read_run
from netgraph.assessment.comparison.write import write_comparison

__all__ = ["Comparison", "compare_runs", "read_run", "write_comparison"]
