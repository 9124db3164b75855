"""What the map of the worst single failures shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.assessment.handover.map_drawing import office_points, plant_lines
from netgraph.assessment.simulation.summary import find_worst
from netgraph.inventory.hazard_groups import join_layers
from netgraph.report.failures import risk_kind
from netgraph.report.maps.drawings import Areas, Lines, Places, Points, Sheet
from netgraph.report.maps.risk_map import RiskDrawing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.assessment.simulation.value import Simulation
    from netgraph.report.labels import Language
    from netgraph.topology import LayeredNetwork

_MOST = 10
_TOP_ROLE = "core"


def risk_drawing(simulation: Simulation, lang: str) -> RiskDrawing:
    """Gather the plant and the ten worst risks outside, one of each class.

    The centre's own building would always come first, and nobody can lay cable around it: what
    stands indoors is in the tables and the summary only.
    """
    catalogue, language = simulation.catalogue, _language(lang)
    network = catalogue.network
    worst = find_worst(simulation, _MOST)["outside"]
    number = {name: risk for risk, name in enumerate(catalogue.descriptions.ids.tolist())}
    lines = [_lines_of(network, number[risk.risk_id]) for risk in worst]
    at = np.array([
        _place(found, catalogue.places[number[risk.risk_id]])
        for found, risk in zip(lines, worst, strict=True)
    ]).reshape(-1, 2)  # fmt: skip
    known = np.flatnonzero(np.isfinite(at).all(axis=1)).tolist()
    shapes = [line for row in known for line in lines[row]]
    offices = office_points(network)
    return RiskDrawing(
        sheet=_sheet(network, language),
        plant=plant_lines(network),
        offices=offices,
        places=_names(offices),
        risks=Points(
            x=at[known, 0], y=at[known, 1],
            words=[risk_kind(worst[row].kind, language) for row in known],
            names=[worst[row].name or worst[row].risk_id.partition(":")[2] for row in known],
        ),
        lines=Lines(np.array([*shapes, None], dtype=object)[:-1], ["risk"] * len(shapes)),
        circuits_down=[worst[row].circuits_down for row in known],
        areas=_areas(simulation),
    )  # fmt: skip


def _areas(simulation: Simulation) -> Areas:
    """Hazard areas with the circuits that each takes down for certain."""
    catalogue, singles = simulation.catalogue, simulation.singles
    ids, kinds, _, shapes = join_layers(catalogue.network.inventory, simulation.areas)
    first = len(catalogue.network.elements)
    number = {name: first + row for row, name in enumerate(catalogue.groups.ids.tolist())}
    classes = singles.class_of_risk[[number[f"risk_groups:{name}"] for name in ids.tolist()]]
    down = np.append(singles.circuits_down, 0)[classes]
    return Areas(shapes, kinds.tolist(), down.tolist())


def _language(lang: str) -> Language:
    return "zh" if lang == "zh" else "en"


def _sheet(network: LayeredNetwork, lang: Language) -> Sheet:
    table = network.inventory.table("inventory")
    return Sheet(
        subtitle=str(table["name"][0]) if len(table) else "",
        snapshot_date=network.inventory.snapshot_date,
        crs=network.inventory.crs,
        attribution=str(table["notes"][0]) if len(table) else "",
        lang=lang,
    )


def _names(offices: Points) -> Places:
    """Name the core offices."""
    rows = [row for row, role in enumerate(offices.words) if role == _TOP_ROLE]
    return Places(
        x=offices.x[rows], y=offices.y[rows], words=["place"] * len(rows),
        names=[offices.names[row] for row in rows], ranks=[1] * len(rows),
    )  # fmt: skip


def _lines_of(network: LayeredNetwork, element: int) -> list[shapely.LineString]:
    """Lines of a span, or of all spans of a trench or cable; straight where not drawn."""
    offset, spans, places = network.elements.offset, network.spans, network.places
    rows: list[int] = []
    if offset["spans"] <= element < offset["spans"] + len(spans):
        rows = [element - offset["spans"]]
    elif offset["cables"] <= element < offset["cables"] + len(network.cables):
        rows = network.cables.spans.row(element - offset["cables"]).tolist()
    elif offset["trenches"] <= element < offset["trenches"] + len(spans.trench_ids):
        rows = np.flatnonzero(spans.trench == element - offset["trenches"]).tolist()
    found = []
    for row in rows:
        ends = [int(spans.a[row]), int(spans.b[row])]
        straight = np.column_stack([places.lon[ends], places.lat[ends]])
        if spans.geometry[row] is not None:
            found.append(spans.geometry[row])
        elif min(ends) >= 0 and np.isfinite(straight).all():
            found.append(shapely.LineString(straight))
    return found


def _place(lines: list[shapely.LineString], own: NDArray[np.float64]) -> tuple[float, float]:
    """Middle of the middle line, else the place of the risk itself."""
    if not lines:
        return float(own[0]), float(own[1])
    middle = lines[len(lines) // 2].interpolate(0.5, normalized=True)
    return middle.x, middle.y
