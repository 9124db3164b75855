"""An empty workbook with every table, to be filled in by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter

from netgraph.errors import OutputError, UsageError
from netgraph.inventory.placing import replacing
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from netgraph.inventory.schema import ColumnSpec, TableSpec

# Sheets whose names start with an underscore are not read.
ABOUT_SHEET = "_about"
_LAST_ROW = 1_048_575
# Ids in a general column lose their leading zeros, and long ones their digits.
_COLUMN_FORMATS = {
    "id": "@",
    "ref": "@",
    "text": "@",
    "date": "yyyy-mm-dd",
    "datetime": "yyyy-mm-dd hh:mm",
}
_ABOUT = (
    "One sheet is one table, one row one thing. Dark headings are mandatory in a table that is",
    "used; delete the sheets and the other columns that you do not need. A heading's comment says",
    "what belongs under it. Leave a cell empty where you do not know: it is never guessed.",
)


def write_template(path: str | Path, *, overwrite: bool = False) -> Path:
    """Write an empty inventory workbook: headings with comments, and lists of allowed values.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx``.
    overwrite
        Replace an existing file.

    Returns
    -------
    Path
        `path`.

    Raises
    ------
    UsageError
        If the suffix is another.
    OutputError
        If the file exists or the disk refuses.
    """
    path = Path(path)
    if path.suffix.lower() != ".xlsx":
        message = Message("{0}: a template is a workbook; give it the suffix .xlsx", path)
        raise UsageError(message)
    if path.exists() and not overwrite:
        message = Message("{0} exists; choose another place or move it away", path)
        raise OutputError(message)
    with replacing(path) as fresh, xlsxwriter.Workbook(str(fresh)) as book:
        head = {
            required: book.add_format({"bold": required, "bg_color": color, "border": 1})
            for required, color in ((True, "#BDD7EE"), (False, "#F2F2F2"))
        }
        forms = {
            kind: book.add_format({"num_format": form}) for kind, form in _COLUMN_FORMATS.items()
        }
        _write_about(book.add_worksheet(ABOUT_SHEET), head[True])
        for spec in load_schema().values():
            _write_sheet(book.add_worksheet(spec.name), spec, head, forms)
    return path


def _write_about(sheet: Worksheet, head: Format) -> None:
    for row, text in enumerate(_ABOUT):
        sheet.write_string(row, 0, text)
    top = len(_ABOUT) + 1
    for column, heading in enumerate(("table", "what it holds", "needed for")):
        sheet.write_string(top, column, heading, head)
    for row, spec in enumerate(load_schema().values(), start=top + 1):
        for column, text in enumerate((spec.name, spec.description, spec.needed_for)):
            sheet.write_string(row, column, text)
    for column, width in enumerate((16, 90, 60)):
        sheet.set_column(column, column, width)


def _write_sheet(
    sheet: Worksheet, spec: TableSpec, head: dict[bool, Format], forms: dict[str, Format]
) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(spec.columns.values()):
        sheet.write_string(0, place, column.name, head[column.required])
        sheet.write_comment(0, place, _comment_of(column), {"x_scale": 2})
        sheet.set_column(place, place, max(10, len(column.name) + 2), forms.get(column.type))
        choices = ("true", "false") if column.type == "bool" else column.allowed
        if column.type in {"bool", "enum"}:
            rule = {
                "validate": "list",
                "source": list(choices),
                "error_type": "warning",
                "error_title": column.name,
                "error_message": "This value is not one of the list.",
            }
            sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _comment_of(column: ColumnSpec) -> str:
    parts = [column.description, f"Type: {column.type}{', mandatory' * column.required}."]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.allowed:
        parts.append(f"Allowed: {', '.join(column.allowed)}.")
    if column.default:
        parts.append(f"Empty means {column.default}.")
    if column.references:
        parts.append(f"An id of {' or '.join(column.references)}.")
    return "\n".join(parts)
