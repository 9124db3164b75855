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

    #: Text or number of a cell, and its format; None where the cell stays empty.
    Cell = tuple[str | float, Format] | None
    #: What a cell shows of a value.
    Shows = Callable[[object], Cell]


class BulkSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types
    """A worksheet of which all rows but the first few come as one table."""

    def __init__(self) -> None:
        super().__init__()
        self._table_columns: list[list[str]] = []
        self._table_start = 0
        self.dim_rowmax: int | None = None

    def write_table(
        self, start: int, rows: Sequence[Sequence[object]], columns: Sequence[Shows]
    ) -> None:
        """Write rows from a line on; nothing else may be written there or below.

        Parameters
        ----------
        start
            Line of the first row, from 0.
        rows
            Values, as many in each row as there are columns; at least one row.
        columns
            What the cells of each column show.
        """
        self._table_start = start
        self._table_columns = [
            self._bodies([row[place] for row in rows], shows) for place, shows in enumerate(columns)
        ]
        self._check_dimensions(start, 0)
        self._check_dimensions(start + len(rows) - 1, len(columns) - 1)

    def _bodies(self, values: Sequence[object], shows: Shows) -> list[str]:
        """Put down each cell but for its address; empty ones are ""."""
        known: dict[object, str] = {}
        count, bodies = 0, []
        for value in values:
            kind = type(value)
            body = known.get((kind, value)) if kind is not float else None
            if body is None:
                cell = shows(value)
                body = "" if cell is None else self._body(*cell)
                if kind is not float:  # floats seldom come twice
                    known[kind, value] = body
            bodies.append(body)
            count += ' t="s"' in body
        self.str_table.count += count
        return bodies

    def _body(self, content: str | float, form: Format) -> str:
        style = form._get_xf_index()
        if not isinstance(content, str):
            return f'" s="{style}"><v>{content:.16G}</v></c>'
        strings = self.str_table.string_table
        number = strings.setdefault(content, len(strings))
        self.str_table.unique_count = len(strings)
        return f'" s="{style}" t="s"><v>{number}</v></c>'

    def _write_rows(self) -> None:
        """Put down the rows above the table as ever, then those of the table."""
        last = self.dim_rowmax
        if self._table_columns:
            self.dim_rowmax = self._table_start - 1
        super()._write_rows()
        self.dim_rowmax = last
        names = [xl_col_to_name(place) for place in range(len(self._table_columns))]
        for number, bodies in enumerate(
            zip(*self._table_columns, strict=True), start=self._table_start
        ):
            if number in self.row_info:
                self._write_row(number, None, self.row_info[number])
            else:
                self.fh.write(f'<row r="{number + 1}">')
            self.fh.write(
                "".join(
                    f'<c r="{name}{number + 1}{body}'
                    for name, body in zip(names, bodies, strict=True)
                    if body
                )
            )
            self.fh.write("</row>")
        self._table_columns = []
