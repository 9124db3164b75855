"""How each layer looks in QGIS: the colours, shapes and dashes of the maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.report import labels
from netgraph.report.geopackage.qml import Category, LineLook, MarkerLook, categorised
from netgraph.report.maps.style import (
    MEDIUM_STROKES,
    PALE_GREEN,
    ROUTE_STROKES,
    SLATE,
    WORK_STROKES,
)
from netgraph.report.palette import (
    FINDING_COLOURS,
    GRADE_COLOURS,
    GREEN,
    GREY,
    INK,
    PAPER,
    SEVERITY_COLOURS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.report.labels import Language
    from netgraph.report.maps.style import Stroke

_MM_PER_POINT = 25.4 / 72
# Shape and size tell the tier: diamond, star, circle, small circle, as on the maps.
_TIER_SHAPES = {"diamond": ("diamond", 3.4), "gold": ("star", 4.2), "silver": ("circle", 2.8)}
_OTHER_TIER = ("circle", 1.8)
_SEVERITY_SHAPES = {
    "red": ("cross_fill", 4.0), "orange": ("triangle", 3.6), "yellow": ("hexagon", 3.2),
    "blue": ("diamond", 2.8), "info": ("circle", 1.8),
}  # fmt: skip
_OFFICE_SIZES = {"core": 4.2, "aggregation": 3.2, "access": 2.2, "external": 2.2}
_STRUCTURE_SHAPES = {
    "manhole": "circle", "handhole": "square", "pole": "triangle", "cabinet": "pentagon",
    "entrance": "arrowhead", "vault": "square", "riser": "line", "splice": "cross",
}  # fmt: skip


def layer_style(layer: str, lang: Language) -> str:
    """Return the QML of a layer; "" for one that has no style of its own."""
    makers = {
        "sites": _sites, "circuits": _circuits, "hazards": _severities, "causes": _severities,
        "plant": _plant, "offices": _offices, "structures": _structures, "findings": _findings,
        "risks": _risks, "sites_after": _sites_after, "works": _works, "new_plant": _new_plant,
        "alternatives": _alternatives,
    }  # fmt: skip
    if layer not in makers:
        return ""
    column, categories = makers[layer](lang)
    return categorised(column, list(categories))


def _sites(lang: Language) -> tuple[str, Iterator[Category]]:
    return _by_grade("grade", lang)


def _sites_after(lang: Language) -> tuple[str, Iterator[Category]]:
    """Colour by the grade that the works reach."""
    return _by_grade("grade_after", lang)


def _by_grade(column: str, lang: Language) -> tuple[str, Iterator[Category]]:
    def categories() -> Iterator[Category]:
        for grade, colour in GRADE_COLOURS.items():
            letter = labels.label("grade_letter", grade, lang)
            name = labels.label("grade", grade, lang)
            label = name if lang == "zh" else f"{letter} {name}"
            look = MarkerLook("circle", colour, 3.0, expressions=_by_tier())
            yield Category(grade, label if grade else labels.text("no_grade", lang), look)

    return column, categories()


def _by_tier() -> tuple[tuple[str, str], ...]:
    shapes = " ".join(f"WHEN \"tier\"='{t}' THEN '{s}'" for t, (s, _) in _TIER_SHAPES.items())
    sizes = " ".join(f"WHEN \"tier\"='{t}' THEN {size}" for t, (_, size) in _TIER_SHAPES.items())
    return (
        ("name", f"CASE {shapes} ELSE '{_OTHER_TIER[0]}' END"),
        ("size", f"CASE {sizes} ELSE {_OTHER_TIER[1]} END"),
    )


def _circuits(lang: Language) -> tuple[str, Iterator[Category]]:
    return "role", (
        Category(role, labels.label("part", role, lang), _look(ROUTE_STROKES[role], 0.5))
        for role in ("working", "protect")
    )


def _severities(lang: Language) -> tuple[str, Iterator[Category]]:
    return "severity", (
        Category(
            severity, labels.label("severity", severity, lang),
            MarkerLook(shape, SEVERITY_COLOURS[severity], size, edge=INK),
        )
        for severity, (shape, size) in reversed(_SEVERITY_SHAPES.items())
    )  # fmt: skip


def _plant(lang: Language) -> tuple[str, Iterator[Category]]:
    return "medium", (
        Category(medium, labels.label("medium", medium, lang), _look(stroke, 1.0))
        for medium, stroke in MEDIUM_STROKES.items()
    )  # fmt: skip


def _look(stroke: Stroke, scale: float) -> LineLook:
    width = stroke.width * _MM_PER_POINT * scale
    return LineLook(stroke.colour, round(width, 2), tuple(round(p * width, 2) for p in stroke.dash))


def _offices(lang: Language) -> tuple[str, Iterator[Category]]:
    return "role", (
        Category(
            role, labels.label("role", role, lang), MarkerLook("square", PAPER, size, INK, 0.5)
        )
        for role, size in _OFFICE_SIZES.items()
    )


def _structures(lang: Language) -> tuple[str, Iterator[Category]]:
    return "kind", (
        Category(kind, labels.label("element", kind, lang), MarkerLook(shape, SLATE, 1.4))
        for kind, shape in _STRUCTURE_SHAPES.items()
    )


def _findings(lang: Language) -> tuple[str, Iterator[Category]]:
    return "severity", (
        Category(severity, labels.label("finding_severity", severity, lang),
                 MarkerLook("triangle", colour, 3.0, INK))
        for severity, colour in FINDING_COLOURS.items()
    )  # fmt: skip


def _risks(lang: Language) -> tuple[str, Iterator[Category]]:
    """One symbol, larger where more circuits run through."""
    size = (("size", 'min(8, 1 + 0.35 * sqrt("circuits"))'),)
    look = MarkerLook("circle", GREY, 3.0, INK, 0.3, expressions=size)
    return "kind", iter([Category("", labels.label("element", "risk_group", lang), look)])


def _works(lang: Language) -> tuple[str, Iterator[Category]]:
    """Frame the sites, which lie above: a cross for the line, a square for equipment, a star."""
    shapes = {"line": ("cross_fill", 6.6), "equipment": ("square", 5.0), "both": ("star", 8.4)}
    return "queue", (
        Category(
            queue, labels.label("work_queue", queue, lang),
            MarkerLook(shape, GREEN, size, edge=INK, edge_width=0.25),
        )
        for queue, (shape, size) in shapes.items()
    )  # fmt: skip


def _new_plant(lang: Language) -> tuple[str, Iterator[Category]]:
    return "part", (
        Category(part, labels.label("work_part", part, lang), _look(stroke, 1.0))
        for part, stroke in reversed(WORK_STROKES.items())
    )


def _alternatives(lang: Language) -> tuple[str, Iterator[Category]]:
    """As new plant, thin and pale: it is not part of the plan."""
    return "part", (
        Category(part, labels.label("work_part", part, lang), LineLook(PALE_GREEN, 0.5, (1.6, 1.2)))
        for part in reversed(WORK_STROKES)
    )
