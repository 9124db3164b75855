"""The closed loop: a register of works, and their proof by a newer inventory."""

from __future__ import annotations

from netgraph.works.model import Check, Demand, Event, Proof, Selection, Work
from netgraph.works.register import WorksRegister
from netgraph.works.states import State, Step

__all__ = [
    "Check",
    "Demand",
    "Event",
    "Proof",
    "Selection",
    "State",
    "Step",
    "Work",
    "WorksRegister",
]
