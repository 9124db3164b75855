"""Tables of a hundred thousand cells and more, written a column at a time.

XlsxWriter makes an object of every cell and asks it again when the sheet is written: 9 microseconds
a cell, 11 s for a province. A sheet here takes whole columns of values, puts them down as what the
file holds of each, and joins them row by row: a tenth of that. Everything else about the sheet and
the workbook stays with XlsxWriter. It rests on what XlsxWriter does inside: how it numbers formats
and shared strings, and that `_write_rows` puts down the rows of a sheet; the tests read the result
back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsxwriter.format import Format

    from netgraph.report.workbook.columns import ValueColumn

    #: Text or number of a cell, and its format; None where the cell stays empty.
    Cell = tuple[str | float, Format] | None
    #: What a cell shows of a value.
    Shows = Callable[[object], Cell]

_IS_TEXT = ' t="s"'
_ROWS_AT_ONCE = 1000  # cells that are held as text at a time


class BulkSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """A worksheet of which all rows but the first few come as one table."""

    def __init__(self) -> None:
        super().__init__()
        self._table_columns: list[list[str]] = []
        self._table_start = 0
        self.dim_rowmax: int | None = None

    def write_table(
        self, start: int, rows: int, columns: Sequence[ValueColumn], shows: Sequence[Shows]
    ) -> None:
        """Write rows from a line on; nothing else may be written there or below.

        Parameters
        ----------
        start
            Line of the first row, from 0.
        rows
            How many rows there are, at least one.
        columns
            Their values.
        shows
            What the cells of each column show.
        """
        self._table_start = start
        self._table_columns = [
            self._bodies(column, show) for column, show in zip(columns, shows, strict=True)
        ]
        self._check_dimensions(start, 0)
        self._check_dimensions(start + rows - 1, len(columns) - 1)

    def _bodies(self, column: ValueColumn, shows: Shows) -> list[str]:
        """Put down each cell but for its address; empty ones are ""."""
        made = column.each(lambda value: self._body(shows(value)))
        bodies = column.spread(made)
        texts = {body for body in made.values() if _IS_TEXT in body}
        self.str_table.count += sum(map(texts.__contains__, bodies))
        return bodies

    def _body(self, cell: Cell) -> str:
        if cell is None:
            return ""
        content, form = cell
        style = form._get_xf_index()
        if not isinstance(content, str):
            return f'" s="{style}"><v>{content:.16G}</v></c>'
        strings = self.str_table.string_table
        number = strings.setdefault(content, len(strings))
        self.str_table.unique_count = len(strings)
        return f'" s="{style}"{_IS_TEXT}><v>{number}</v></c>'

    def _write_rows(self) -> None:
        """Put down the rows above the table as ever, then those of the table."""
        last = self.dim_rowmax
        if self._table_columns:
            self.dim_rowmax = self._table_start - 1
        super()._write_rows()
        self.dim_rowmax = last
        for first in range(0, len(self._table_columns and self._table_columns[0]), _ROWS_AT_ONCE):
            self._write_table_rows(first)
        self._table_columns = []

    def _write_table_rows(self, first: int) -> None:
        """Put down some rows of the table: cells column by column, then row by row."""
        columns = [bodies[first : first + _ROWS_AT_ONCE] for bodies in self._table_columns]
        start = self._table_start + first
        numbers = range(start + 1, start + 1 + len(columns[0]))
        cells = [
            [
                f'<c r="{name}{number}{body}' if body else ""
                for number, body in zip(numbers, bodies, strict=True)
            ]
            for name, bodies in zip(map(xl_col_to_name, range(len(columns))), columns, strict=True)
        ]
        for row, texts in enumerate(zip(*cells, strict=True), start=start):
            if row in self.row_info:
                self._write_row(row, None, self.row_info[row])
            else:
                self.fh.write(f'<row r="{row + 1}">')
            self.fh.write("".join(texts))
            self.fh.write("</row>")
