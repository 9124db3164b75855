"""The main job: assess an inventory, look at the result, write it."""

from __future__ import annotations

from netgraph.assessment.handover.wanted import Handover
from netgraph.assessment.options import Options
from netgraph.assessment.run import assess
from netgraph.assessment.value import Assessment
from netgraph.assessment.write import assessment_output, write_assessment

__all__ = [
    "Assessment", "Handover", "Options", "assess", "assessment_output", "write_assessment",
]  # fmt: skip
