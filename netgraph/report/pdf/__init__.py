"""The printable report: blocks of text, tables and pictures, set by typst with embedded fonts.

:mod:`netgraph.assessment.handover.pdf` says what is in it; `report.typ` how it looks.
"""

from __future__ import annotations

from netgraph.report.pdf.model import (
    Block,
    Bullets,
    Cell,
    Figure,
    Paragraph,
    Report,
    Section,
    Table,
)
from netgraph.report.pdf.write import write_report

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Figure",
    "Paragraph",
    "Report",
    "Section",
    "Table",
    "write_report",
]
