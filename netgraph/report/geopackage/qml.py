"""QML, the style language of QGIS: symbols by category, as XML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_VERSION = "3.22.0"
_DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_EXPRESSION = "3"  # how QGIS numbers a property that an expression decides


@dataclass(frozen=True)
class MarkerLook:
    """A point: shape as QGIS calls it, colour, size in millimetres; expressions may decide."""

    shape: str
    colour: str
    size: float
    edge: str = "#FFFFFF"
    edge_width: float = 0.2
    expressions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LineLook:
    """A line: colour, width and dashes (on and off) in millimetres."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True)
class Category:
    """Features with one value of the column that decides; "" stands for all others."""

    value: str
    label: str
    look: MarkerLook | LineLook


def categorised(column: str, categories: Sequence[Category]) -> str:
    """Return the QML of a renderer that draws each value of a column in its own way."""
    root = ET.Element("qgis", version=_VERSION, styleCategories="Symbology")
    renderer = ET.SubElement(
        root, "renderer-v2", type="categorizedSymbol", attr=column, symbollevels="0",
        enableorderby="0", forceraster="0",
    )  # fmt: skip
    listed = ET.SubElement(renderer, "categories")
    symbols = ET.SubElement(renderer, "symbols")
    for number, category in enumerate(categories):
        ET.SubElement(
            listed, "category", render="true", symbol=str(number), value=category.value,
            label=category.label,
        )  # fmt: skip
        _symbol(symbols, str(number), category.look)
    return _DOCTYPE + ET.tostring(root, encoding="unicode")


def _symbol(parent: ET.Element, name: str, look: MarkerLook | LineLook) -> None:
    is_marker = isinstance(look, MarkerLook)
    symbol = ET.SubElement(
        parent, "symbol", type="marker" if is_marker else "line", name=name, alpha="1",
        clip_to_extent="1", force_rhr="0",
    )  # fmt: skip
    kind = "SimpleMarker" if is_marker else "SimpleLine"
    layer = ET.SubElement(
        symbol, "layer", {"class": kind, "enabled": "1", "pass": "0", "locked": "0"}
    )
    properties = _marker(look) if isinstance(look, MarkerLook) else _line(look)
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in properties.items():
        ET.SubElement(options, "Option", type="QString", name=key, value=value)
    if isinstance(look, MarkerLook) and look.expressions:
        _expressions(layer, look.expressions)


def _marker(look: MarkerLook) -> Mapping[str, str]:
    return {
        "name": look.shape, "color": _rgba(look.colour), "size": f"{look.size:g}",
        "size_unit": "MM", "outline_color": _rgba(look.edge), "outline_style": "solid",
        "outline_width": f"{look.edge_width:g}", "outline_width_unit": "MM",
    }  # fmt: skip


def _line(look: LineLook) -> Mapping[str, str]:
    return {
        "line_color": _rgba(look.colour), "line_width": f"{look.width:g}",
        "line_width_unit": "MM", "line_style": "solid",
        "capstyle": "flat" if look.dash else "round",
        "joinstyle": "round", "use_custom_dash": str(int(bool(look.dash))),
        "customdash": ";".join(f"{part:g}" for part in look.dash or (5, 2)),
        "customdash_unit": "MM",
    }  # fmt: skip


def _expressions(layer: ET.Element, expressions: Sequence[tuple[str, str]]) -> None:
    """Let expressions decide properties of a symbol, such as the shape by a second column."""
    holder = ET.SubElement(layer, "data_defined_properties")
    options = ET.SubElement(holder, "Option", type="Map")
    ET.SubElement(options, "Option", type="QString", name="name", value="")
    properties = ET.SubElement(options, "Option", type="Map", name="properties")
    for key, expression in expressions:
        one = ET.SubElement(properties, "Option", type="Map", name=key)
        ET.SubElement(one, "Option", type="bool", name="active", value="true")
        ET.SubElement(one, "Option", type="QString", name="expression", value=expression)
        ET.SubElement(one, "Option", type="int", name="type", value=_EXPRESSION)
    ET.SubElement(options, "Option", type="QString", name="type", value="collection")


def _rgba(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{red},{green},{blue},255"
