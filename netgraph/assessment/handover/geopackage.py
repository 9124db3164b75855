"""Gather the layers of OUT/assessment.gpkg."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.assessment.handover.carried import carried_resources
from netgraph.assessment.handover.map_drawing import plant_lines
from netgraph.assessment.handover.naming import Naming
from netgraph.assessment.handover.route_lines import route_lines
from netgraph.assessment.works.layers import work_layers
from netgraph.diversity.levels import SEVERITY_OF_LEVEL, Severity
from netgraph.messages import say_message
from netgraph.report.contract import table_specs
from netgraph.report.geopackage import Layer, fields_of_table, layer_style
from netgraph.report.geopackage.layer import field_of
from netgraph.topology.places import OFFICE, SITE, STRUCTURE
from netgraph.topology.routes import WORKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from netgraph.assessment.handover.carried import Carried
    from netgraph.assessment.value import Assessment
    from netgraph.report.geopackage import Field
    from netgraph.report.labels import Language
    from netgraph.report.plan.model import PlannedWorks
    from netgraph.topology import LayeredNetwork

    Shapes = NDArray[np.object_]

#: Of more routes than this only those with a hazard are drawn, with fewer points: a province's
#: routes would make a file of hundreds of megabytes.
ROUTES_DRAWN_EXACTLY = 5000
_COARSE_DEGREES = 5e-5  # about five metres
_PLACE_TABLES = {"offices": OFFICE, "sites": SITE, "structures": STRUCTURE}


def geopackage_layers(
    assessment: Assessment, carried: Carried | None = None, works: PlannedWorks | None = None
) -> list[Layer]:
    """Gather the layers, the uppermost first.

    Parameters
    ----------
    assessment
        The results. Columns are those of the tables of the same name; lengths are metres.
    carried
        What carries many circuits, if it is known already.
    works
        The works of a plan for this inventory, if there is one: layers `works` and `new_plant`.

    Returns
    -------
    list of Layer
        For :func:`netgraph.report.geopackage.write_layers`. Of a network with more than
        :data:`ROUTES_DRAWN_EXACTLY` routes only circuits with a hazard (red to blue) have lines,
        true to five metres; the others stand in the layer without one.
    """
    carried = carried or carried_resources(assessment, Naming(assessment))
    lang: Language = "zh" if assessment.options.lang == "zh" else "en"
    network = assessment.network
    above = [_hazards(assessment), _sites(assessment)]
    below = [
        _causes(assessment), _risks(carried), _findings(assessment), _circuits(assessment),
    ]  # fmt: skip
    planned = work_layers(network, works, lang) if works else []
    layers = [*_styled(above, lang), *planned, *_styled(below, lang)]
    return [*layers, *plant_layers(network, lang)]


def _points(lon: Iterable[float], lat: Iterable[float]) -> Shapes:
    x, y = (np.asarray(list(axis), dtype=np.float64) for axis in (lon, lat))
    known = np.isfinite(x) & np.isfinite(y)
    shapes = np.full(len(x), None, dtype=object)
    shapes[known] = shapely.points(x[known], y[known])
    return shapes


def _table_points(assessment: Assessment, table: str, description: str) -> Layer:
    """Make a layer of a table with columns lon and lat."""
    rows = sorted(assessment.rows(table), key=lambda row: str(row[0]))
    names = table_specs()[table].names
    lon, lat = (
        [np.nan if row[names.index(axis)] is None else row[names.index(axis)] for row in rows]
        for axis in ("lon", "lat")
    )
    return Layer(table, description, fields_of_table(table, rows), _points(lon, lat))  # type: ignore[arg-type]  # numbers


def _hazards(assessment: Assessment) -> Layer:
    return _table_points(assessment, "hazards", "What the routes of a group share, and where")


def _causes(assessment: Assessment) -> Layer:
    return _table_points(assessment, "causes", "Places with all the hazards they cause")


def _sites(assessment: Assessment) -> Layer:
    rows = assessment.rows("sites")
    places = assessment.network.places
    at = places.index.positions(np.array([row[0] for row in rows], dtype=object))
    shapes = _points(places.lon[at], places.lat[at])
    return Layer("sites", "Sites by grade and tier", fields_of_table("sites", rows), shapes)


def _risks(carried: Carried) -> Layer:
    resources = carried.resources
    kinds = {
        "resource_id": "id", "kind": "text", "cables": "count", "circuits": "count",
        "sites": "count", "customers": "count", "worst_tier": "text", "place": "text",
    }  # fmt: skip
    fields = [
        field_of(name, kind, [getattr(resource, name) for resource in resources])
        for name, kind in kinds.items()
    ]
    shapes = _points((r.lon for r in resources), (r.lat for r in resources))
    return Layer("risks", "What carries two circuits or more, heaviest first", fields, shapes)


def _findings(assessment: Assessment) -> Layer:
    """Place the findings about a place or span there; the others have no point."""
    network = assessment.network
    places, found = network.places, assessment.findings
    lon, lat = np.full(len(found), np.nan), np.full(len(found), np.nan)
    for i, finding in enumerate(found):
        if finding.table in _PLACE_TABLES:
            place = int(places.index.positions(np.array([finding.row_id], dtype=object))[0])
            if place >= 0 and places.kind[place] == _PLACE_TABLES[finding.table]:
                lon[i], lat[i] = places.lon[place], places.lat[place]
        elif finding.table == "spans":
            span = int(network.spans.index.positions(np.array([finding.row_id], dtype=object))[0])
            ends = [p for p in (network.spans.a[span], network.spans.b[span]) if span >= 0 <= p]
            if ends:
                lon[i], lat[i] = np.mean(places.lon[ends]), np.mean(places.lat[ends])
    lang, rows = assessment.options.lang, assessment.rows("findings")
    said = [(*row[:-2], *(say_message(str(text), lang) for text in row[-2:])) for row in rows]
    fields = fields_of_table("findings", said)
    return Layer("findings", "What is wrong with the data", fields, _points(lon, lat))


def _circuits(assessment: Assessment) -> Layer:
    """One feature a route, working or protect, with the verdict on its circuit."""
    routes, circuits = assessment.network.circuits.routes, assessment.network.circuits
    rows, owner = assessment.rows("circuits"), routes.circuit
    names = table_specs()["circuits"].names
    severity = [_severity(assessment, int(c)) for c in range(len(circuits))]
    shapes = _route_shapes(assessment, [severity[c] for c in owner])
    fields = [
        field_of("role", "text", ["working" if r == WORKING else "protect" for r in routes.role]),
        field_of("severity", "text", [severity[c] for c in owner]),
    ]
    by_circuit = fields_of_table("circuits", rows)
    first = by_circuit[names.index("circuit_id")]
    return Layer(
        "circuits", "Routes of the circuits, working and protect",
        [_taken(first, owner), *fields, *(_taken(f, owner) for f in by_circuit if f is not first)],
        shapes, "MultiLineString",
    )  # fmt: skip


def _route_shapes(assessment: Assessment, severities: Sequence[str]) -> Shapes:
    """Draw the routes, or of very many those with a hazard."""
    if len(severities) <= ROUTES_DRAWN_EXACTLY:
        return route_lines(assessment.audit, np.arange(len(severities)))
    drawn = np.flatnonzero(np.array(severities) != Severity.INFO.value)
    shapes = np.full(len(severities), None, dtype=object)
    shapes[drawn] = route_lines(assessment.audit, drawn, tolerance=_COARSE_DEGREES)
    return shapes


def _taken(column: Field, rows: NDArray[np.int64]) -> Field:
    missing = None if column.is_missing is None else column.is_missing[rows]
    return type(column)(column.name, column.values[rows], missing)


def _severity(assessment: Assessment, circuit: int) -> str:
    if not assessment.options.rules.requires_diversity(assessment.network.circuits.tier[circuit]):
        return Severity.INFO.value
    return SEVERITY_OF_LEVEL[assessment.audit.of_group(circuit).level].value


def plant_layers(network: LayeredNetwork, lang: Language) -> list[Layer]:
    """Give what is there today: offices, points of the plant, spans in service."""
    return _styled([_offices(network), _structures(network), _plant(network)], lang)


def _styled(layers: Iterable[Layer], lang: Language) -> list[Layer]:
    return [replace(layer, style=layer_style(layer.name, lang)) for layer in layers]


def _plant(network: LayeredNetwork) -> Layer:
    spans, places = network.spans, network.places
    alive = np.flatnonzero(spans.is_in_service & (spans.a >= 0) & (spans.b >= 0))
    lines = plant_lines(network)
    trenches = np.append(spans.trench_ids, "")
    fields = [
        field_of("span_id", "id", spans.ids[alive]),
        field_of("from_id", "id", places.ids[spans.a[alive]]),
        field_of("to_id", "id", places.ids[spans.b[alive]]),
        field_of("medium", "text", lines.words),
        field_of("trench_id", "id", trenches[spans.trench[alive]]),
        field_of("length_m", "metres", spans.length_m[alive]),
        field_of("is_measured", "bool", spans.is_measured[alive]),
        field_of("is_drawn", "bool", ~shapely.is_missing(spans.geometry[alive])),
    ]
    return Layer("plant", "Spans in service", fields, lines.geometries, "LineString")


def _offices(network: LayeredNetwork) -> Layer:
    names = ("name", "role", "city", "county", "building_id")
    return _place_layer(network, "offices", "Offices in service", names)


def _structures(network: LayeredNetwork) -> Layer:
    names = ("kind", "building_id")
    return _place_layer(network, "structures", "Points of the plant in service", names)


def _place_layer(
    network: LayeredNetwork, layer: str, description: str, names: Iterable[str]
) -> Layer:
    places, table = network.places, network.inventory.table(layer)
    found = np.flatnonzero((places.kind == _PLACE_TABLES[layer]) & places.is_in_service)
    rows = places.rows[found]
    fields = [field_of("id", "id", places.ids[found])]
    fields += [field_of(name, "text", table[name][rows]) for name in names]
    return Layer(layer, description, fields, _points(places.lon[found], places.lat[found]))
