"""The data block of the page: the model as compact JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.report import labels
from netgraph.report.web.pack import (
    pack,
    pack_numbers,
    pack_paths,
    pack_rows,
    pack_runs,
    pack_steps,
    pack_strings,
    pack_words,
)
from netgraph.report.web.words import page_words
from netgraph.topology.csr import csr_of_lists

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netgraph.report.labels import Language
    from netgraph.report.web.model import (
        PageBest,
        PageColumn,
        PageElements,
        PageHead,
        PageModel,
        PagePlant,
        PageRoutes,
        PageScores,
        PageWorks,
    )
    from netgraph.report.web.pack import Json
    from netgraph.topology.csr import Ints

_LANGUAGES: tuple[Language, Language] = ("zh", "en")
_UNITS_A_DEGREE = 100_000  # 1.1 m: enough to look at, not to measure
_NO_PLACE = -(10**9)
_FIRST_TABLES = frozenset({"sites", "customers", "works"})
_FLAGS = {True: "t", False: "f", None: "-"}
#: Groups of the catalogue that the page looks words up in.
_GROUPS = (
    "tier", "grade", "grade_letter", "level", "kind", "severity", "finding_severity", "section",
    "confidence", "result", "claimed_route", "medium", "role", "element", "part", "upgrade_kind",
    "upgrade_reason", "work_part", "survey_reason", "work_constraint", "price_level",
    "inventory_table",
)  # fmt: skip


@dataclass(frozen=True)
class PageData:
    """The model as JSON values: what the first screen shows, and the rest, block by block."""

    first: Mapping[str, Json]
    later: Mapping[str, Json]


def page_data(model: PageModel) -> PageData:
    """Give the whole model as JSON values; O(rows and vertices)."""
    tables = (*model.tables, *([model.works.table] if model.works else ()))
    packed = {table.name: {c.name: _column(c) for c in table.columns} for table in tables}
    later = {
        "rows": {name: table for name, table in packed.items() if name not in _FIRST_TABLES},
        "network": _network(model.plant),
        "elements": _elements(model.elements),
        "routes": _routes(model.routes),
        "scores": _scores(model.scores),
        "best": {best.layer: _best(best) for best in model.best},
    }
    return PageData(
        first={
            "head": _head(model.head),
            "words": _words(),
            "lengths": {table.name: len(table.columns[0].values) for table in tables},
            "tables": {name: table for name, table in packed.items() if name in _FIRST_TABLES},
            "plant": _plant(model.plant),
            "works": None if model.works is None else _works(model.works),
            "later": list(later),
        },
        later=later,
    )


def _head(head: PageHead) -> Json:
    return {
        "name": head.name,
        "lang": head.lang,
        "date": head.snapshot_date,
        "notes": head.attribution,
        "invented": head.is_invented,
        "scoreNote": _by_language(head.score_note),
        "withoutSite": head.without_site,
        "leftOut": dict(head.left_out),
        "version": head.version,
    }


def _by_language(words: Mapping[Language, str]) -> Json:
    return {str(lang): phrase for lang, phrase in words.items()}


def _words() -> Json:
    """Words of the page in both languages, group by group."""
    return {
        lang: {
            **{
                group: {i: labels.label(group, i, lang) for i in labels.identifiers(group)}
                for group in _GROUPS
            },
            "web": {name: words[lang] for name, words in page_words().items()},
        }
        for lang in _LANGUAGES
    }


def _column(column: PageColumn) -> Json:
    packed: dict[str, Json] = {"k": column.kind}
    if column.group:
        packed["g"] = column.group
    values = column.values
    if column.kind in {"text", "word"}:
        text_of = {value: "" if value is None else str(value) for value in dict.fromkeys(values)}
        return {**packed, "x": pack_words(list(map(text_of.__getitem__, values)))}
    if column.kind == "flag":
        return {**packed, "x": "".join(_FLAGS[None if v is None else bool(v)] for v in values)}
    if column.kind in {"number", "ratio"}:
        numbers = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
        return {
            **packed,
            "x": pack_numbers(numbers, 4 if column.kind == "ratio" else column.decimals),
        }
    return {**packed, "x": pack(np.array(values, dtype=np.int64))}


def _grid(degrees: NDArray[np.float64]) -> Ints:
    """Whole units of a hundred-thousandth of a degree; unknown is far outside."""
    known = np.isfinite(degrees)
    units = np.rint(np.where(known, degrees, 0.0) * _UNITS_A_DEGREE).astype(np.int64)
    return np.where(known, units, _NO_PLACE)


def _plant(plant: PagePlant) -> Json:
    """Give what the map draws of the plant."""
    lon, lat = _grid(plant.lon), _grid(plant.lat)
    return {
        "places": {
            "word": pack_words(plant.place_word),
            "x": pack_steps(lon),
            "y": pack_steps(lat),
        },
        "spans": {
            "a": pack_steps(plant.span_a),
            "b": pack_steps(plant.span_b),
            "medium": pack_words(plant.span_medium),
            "off": pack_steps(np.flatnonzero(~plant.is_drawn)),
            **_lines(plant, lon, lat),
        },
        "names": [
            [round(x * _UNITS_A_DEGREE), round(y * _UNITS_A_DEGREE), name, rank]
            for x, y, name, rank in plant.names
        ],
    }


def _network(plant: PagePlant) -> Json:
    """Give what routes run through, and what everything is called."""
    return {
        "places": {
            "id": pack_strings(plant.place_ids.tolist()),
            "name": pack_words(plant.place_names),
        },
        "spans": {
            "id": pack_strings(plant.span_ids.tolist()),
            "trench": pack_steps(plant.span_trench),
        },
        "cables": {
            "id": pack_strings(plant.cable_ids.tolist()),
            "a": pack_steps(plant.cable_a),
            "b": pack_steps(plant.cable_b),
            "spans": pack_runs(plant.cable_spans),
        },
        "links": {
            "id": pack_strings(plant.link_ids.tolist()),
            "a": pack_steps(plant.link_a),
            "b": pack_steps(plant.link_b),
            "wireless": pack_steps(np.flatnonzero(plant.is_wireless)),
            "legs": pack(plant.legs.counts),
            "parts": pack_rows(plant.leg_parts),
        },
    }


def _lines(plant: PagePlant, lon: Ints, lat: Ints) -> Mapping[str, Json]:
    """Vertices of the drawn spans: the first less the span's first end, then step by step."""
    counts = shapely.get_num_coordinates(plant.span_geometry)
    if not counts.any():
        return {"n": "", "vx": "", "vy": ""}
    points = shapely.get_coordinates(plant.span_geometry)
    first = np.cumsum(counts)[counts > 0] - counts[counts > 0]
    start = plant.span_a[counts > 0]
    packed: dict[str, Json] = {"n": pack(counts)}
    for name, values, at in (("vx", points[:, 0], lon), ("vy", points[:, 1], lat)):
        units = _grid(values)
        steps = np.diff(units, prepend=0)
        steps[first] = units[first] - np.where(start >= 0, at[start], 0)
        packed[name] = pack(steps)
    return packed


def _elements(elements: PageElements) -> Json:
    return {
        "blocks": dict(elements.blocks),
        "trenches": pack_strings(elements.trenches),
        "equipment": pack_strings(elements.equipment),
        "rooms": pack_strings(elements.rooms),
        "buildings": pack_strings(elements.buildings),
        "risks": pack_strings(elements.risk_groups),
        "suspects": pack_steps(np.flatnonzero(elements.is_suspect)),
    }


def _routes(routes: PageRoutes) -> Json:
    return {
        "circuit": pack_rows(routes.of_circuit),
        "protect": pack_steps(np.flatnonzero(routes.is_protect)),
        "links": pack_paths(routes.links),
        "unitCircuits": pack_rows(routes.unit_circuits),
        "shared": pack_paths(routes.unit_shared, is_ordered=False),
        "tolerated": pack_paths(routes.unit_tolerated, is_ordered=False),
    }


def _scores(scores: PageScores) -> Json:
    rows: dict[str, int] = {}
    lists: dict[tuple[str, ...], int] = {}
    used = [lists.setdefault(evidence, len(lists)) for site in scores.evidence for evidence in site]
    names = sorted({row for evidence in lists for row in evidence})
    rows = {name: i for i, name in enumerate(names)}
    return {
        "items": [
            {"id": i, "category": category, "words": _by_language(words), "points": dict(points)}
            for i, category, words, points in scores.items
        ],
        "categories": {name: _by_language(words) for name, words in scores.categories.items()},
        "results": "".join(scores.results),
        "rows": pack_strings(names),
        "lists": pack_rows(csr_of_lists([[rows[name] for name in each] for each in lists])),
        "used": pack(used),
        "more": pack([count for site in scores.evidence_more for count in site]),
    }


def _best(best: PageBest) -> Json:
    return {
        "level": pack_words(best.levels),
        "connected": _flags(best.is_connected),
        "otherwise": _flags(best.is_disjoint_otherwise),
        "total": pack_numbers(best.total_m, 0),
        "routes": pack_paths(best.routes),
        "shared": pack_paths(best.shared, is_ordered=False),
        "unavoidable": pack_paths(best.unavoidable, is_ordered=False),
    }


def _flags(values: Sequence[bool | None]) -> str:
    return "".join(_FLAGS[None if value is None else bool(value)] for value in values)


def _works(works: PageWorks) -> Json:
    points = shapely.get_coordinates(works.lines)
    counts = shapely.get_num_coordinates(works.lines)
    return {
        "sites": pack_rows(works.sites),
        "priceLevel": works.price_level,
        "cost": works.cost_yuan,
        "n": pack(counts),
        "x": pack_steps(_grid(points[:, 0])),
        "y": pack_steps(_grid(points[:, 1])),
        "work": pack(works.line_work),
        "part": pack_words(works.line_part),
    }
