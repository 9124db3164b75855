"""The Excel workbook of an assessment: summary, tables, the six lists, data findings, scorecard.

`columns.csv` and `sheets.csv` say which columns each sheet has, of which kind, under which heading
in either language; :mod:`netgraph.assessment.handover.workbook` fills the rows.
"""

from __future__ import annotations

from netgraph.report.workbook.model import Book, PlanBook, Sheet, SheetNote
from netgraph.report.workbook.specs import sheet_specs
from netgraph.report.workbook.write import write_book

__all__ = ["Book", "PlanBook", "Sheet", "SheetNote", "sheet_specs", "write_book"]
