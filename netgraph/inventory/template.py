"""An empty workbook with every table, to be filled in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netgraph.errors import OutputError, UsageError
from netgraph.inventory.placing import replacing
from netgraph.inventory.schema import load_aliases, load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from netgraph.inventory.schema import ColumnSpec, TableSpec

#: Languages of the explanations.
TemplateLanguage = Literal["zh", "en"]

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
_TYPES_ZH = {
    "id": "编号", "ref": "编号", "text": "文本", "enum": "选项", "float": "数字", "int": "整数",
    "bool": "是/否", "date": "日期", "datetime": "日期时间", "geometry": "几何",
}  # fmt: skip


@dataclass(frozen=True)
class _Words:
    """What a template says besides the schema."""

    about: tuple[str, ...]
    headings: tuple[str, str, str]
    refused: str


_WORDS: dict[TemplateLanguage, _Words] = {
    "en": _Words(
        (
            "One sheet is one table, one row one thing. Dark headings are mandatory in a table",
            "that is used; delete the sheets and the other columns that you do not need. A",
            "heading's comment says what belongs under it. Leave a cell empty where you do not",
            "know: it is never guessed.",
        ),
        ("table", "what it holds", "needed for"),
        "This value is not one of the list.",
    ),
    "zh": _Words(
        (
            "一张工作表即一个表，一行即一个对象。深色表头为所用表的必填列；不需要的工作表与其余列可以删除。",
            "表头的批注说明该列填什么。表名与列名请勿改动；选项也可填批注中括号内的中文。",
            "不清楚的单元格请留空：程序不会猜测。",
        ),
        ("表", "内容", "用途"),
        "该值不在选项之列。",
    ),
}


def write_template(
    path: str | Path, *, overwrite: bool = False, lang: TemplateLanguage = "en"
) -> Path:
    """Write an empty inventory workbook: headings with comments, and lists of allowed values.

    Parameters
    ----------
    path
        A file that ends in ``.xlsx``.
    overwrite
        Replace an existing file.
    lang
        Of the explanations; names of tables and columns are the same in every language.

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
    import xlsxwriter

    with replacing(path) as fresh, xlsxwriter.Workbook(str(fresh)) as book:
        head = {
            required: book.add_format({"bold": required, "bg_color": color, "border": 1})
            for required, color in ((True, "#BDD7EE"), (False, "#F2F2F2"))
        }
        forms = {
            kind: book.add_format({"num_format": form}) for kind, form in _COLUMN_FORMATS.items()
        }
        _write_about(book.add_worksheet(ABOUT_SHEET), head[True], lang)
        for spec in load_schema().values():
            _write_sheet(book.add_worksheet(spec.name), spec, (head, forms), lang)
    return path


def _write_about(sheet: Worksheet, head: Format, lang: TemplateLanguage) -> None:
    words = _WORDS[lang]
    for row, text in enumerate(words.about):
        sheet.write_string(row, 0, text)
    top = len(words.about) + 1
    for column, heading in enumerate(words.headings):
        sheet.write_string(top, column, heading, head)
    for row, spec in enumerate(load_schema().values(), start=top + 1):
        told = (spec.description, spec.needed_for)
        if lang == "zh":
            told = (spec.description_zh, spec.needed_for_zh)
        for column, text in enumerate((spec.name, *told)):
            sheet.write_string(row, column, text)
    for column, width in enumerate((16, 90, 60)):
        sheet.set_column(column, column, width)


def _write_sheet(
    sheet: Worksheet,
    spec: TableSpec,
    formats: tuple[dict[bool, Format], dict[str, Format]],
    lang: TemplateLanguage,
) -> None:
    head, forms = formats
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(spec.columns.values()):
        sheet.write_string(0, place, column.name, head[column.required])
        sheet.write_comment(0, place, _COMMENTS[lang](column), {"x_scale": 2})
        sheet.set_column(place, place, max(10, len(column.name) + 2), forms.get(column.type))
        choices = ("true", "false") if column.type == "bool" else column.allowed
        if column.type in {"bool", "enum"}:
            rule = {
                "validate": "list",
                "source": list(choices),
                "error_type": "warning",
                "error_title": column.name,
                "error_message": _WORDS[lang].refused,
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


def _chinese_comment_of(column: ColumnSpec) -> str:
    parts = [
        column.description_zh, f"类型：{_TYPES_ZH[column.type]}{'，必填' * column.required}。"
    ]  # fmt: skip
    if column.unit:
        parts.append(f"单位：{column.unit}。")
    if column.allowed:
        chinese: dict[str, str] = {}
        for alias, values in load_aliases().items():
            for value in values if not alias.isascii() else ():
                chinese.setdefault(value, alias)
        words = (f"{v}（{chinese[v]}）" if v in chinese else v for v in column.allowed)
        parts.append(f"可填：{'、'.join(words)}。")
    if column.default:
        parts.append(f"留空即 {column.default}。")
    if column.references:
        parts.append(f"填 {' 或 '.join(column.references)} 表中的编号。")
    return "\n".join(parts)


_COMMENTS: dict[TemplateLanguage, Callable[[ColumnSpec], str]] = {
    "en": _comment_of,
    "zh": _chinese_comment_of,
}
