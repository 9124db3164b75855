"""The plant-only question from file to answer: table of nodes, summary, findings and map."""

from __future__ import annotations

import time
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.plant.assess import assess_plant
from netgraph.diversity.plant.risks import SECONDS, PlantRiskRow, plant_risk_rows
from netgraph.diversity.plant.routes import ManyRoutesRow, many_routes_rows
from netgraph.diversity.plant.summary import find_cuts, plant_node_rows, plant_summary
from netgraph.messages import default_language
from netgraph.report.contract import table_specs
from netgraph.report.maps.draw import write_map
from netgraph.report.maps.drawings import Lines, PlantDrawing, Points, Sheet
from netgraph.report.output import output_folder
from netgraph.report.tables import write_csv, write_json, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.diversity.achievable.objective import Objective
    from netgraph.diversity.plant.assess import PlantDiversity
    from netgraph.diversity.plant.summary import PlantSummary

_WORDS = ("none", "one", "two")
_RISK_COLUMNS = (
    "risk_verdict",
    "risk_pair_m",
    "unavoidable_risks",
    "least_shared_risks",
    "unavoidable_risk_ids",
    "least_shared_risk_ids",
)
_MANY_COLUMNS = tuple(ManyRoutesRow.__dataclass_fields__)[1:]


def write_plant_answer(
    answer: PlantDiversity,
    out: str | Path,
    *,
    lang: str | None = None,
    routes: int = 2,
    objective: Objective = "risks",
    search_seconds: float = SECONDS,
) -> PlantSummary:
    """Write OUT/tables/nodes.csv and findings.csv, OUT/maps, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    lang
        Language of the map, "en" or "zh"; that of the locale when omitted.
    routes
        Up to how many disjoint routes are counted; above 2, nodes.csv has columns about them.
    objective
        What the least-sharing pair is least in, where risks are recorded.
    search_seconds
        Time for the searches of pairs that share no risk, and again for those of more routes; 0 is
        unlimited.

    Returns
    -------
    PlantSummary
        What summary.json says.

    Raises
    ------
    OutputError
        If the folder cannot be written; then nothing in it has changed.
    """
    start = time.perf_counter()
    options: dict[str, object] = {
        "routes": routes, "objective": objective, "search_seconds": search_seconds
    }  # fmt: skip
    risk_rows = (
        plant_risk_rows(answer, seconds=search_seconds, objective=objective)
        if answer.network.has_risk_records
        else None
    )
    many = many_routes_rows(answer, routes, seconds=search_seconds) if routes > 2 else None
    summary = plant_summary(answer, risk_rows)
    with output_folder(Path(out)) as folder:
        tables, maps = folder / "tables", folder / "maps"
        tables.mkdir()
        maps.mkdir()
        _write_nodes(tables, answer, risk_rows, many)
        findings = [
            (f.rule, f.severity, f.table, f.row_id, f.message, f.hint) for f in answer.findings
        ]
        write_table(tables, "findings", findings)
        write_map(plant_drawing(answer, lang or default_language()), maps / "plant.png")
        write_json(folder / "summary.json", asdict(summary))
        write_json(folder / "run.json", _run_record(answer, options, time.perf_counter() - start))
    return summary


def _write_nodes(
    folder: Path,
    answer: PlantDiversity,
    risk_rows: Sequence[PlantRiskRow] | None,
    many: Sequence[ManyRoutesRow] | None,
) -> None:
    """Write nodes.csv; with columns about risks and about more than two routes where asked for."""
    rows = {row.node_id: tuple(asdict(row).values()) for row in plant_node_rows(answer)}
    columns: list[str] = []
    more: list[tuple[int, dict[str, tuple[object, ...]]]] = []
    if risk_rows is not None:
        columns += _RISK_COLUMNS
        more.append((len(_RISK_COLUMNS), {row.node_id: _risk_cells(row) for row in risk_rows}))
    if many is not None:
        columns += _MANY_COLUMNS
        cells = {row.node_id: tuple(asdict(row).values())[1:] for row in many}
        more.append((len(_MANY_COLUMNS), cells))
    if not columns:
        write_table(folder, "nodes", rows.values())
        return
    joined = [_joined(node, row, more) for node, row in sorted(rows.items())]
    write_csv(folder / "nodes.csv", [*table_specs()["nodes"].names, *columns], joined)


def _joined(
    node: str, row: tuple[object, ...], more: list[tuple[int, dict[str, tuple[object, ...]]]]
) -> tuple[object, ...]:
    """Join a node's cells of several tables; empty where one of so many columns has no row."""
    found = [table.get(node, (None,) * n_columns) for n_columns, table in more]
    return (*row, *(cell for cells in found for cell in cells))


def _risk_cells(row: PlantRiskRow) -> tuple[object, ...]:
    """Verdict, metres, how many risks cannot be avoided and must be shared, and which."""
    named = row.unavoidable_risks, row.least_shared_risks
    counts = [None if risks is None else len(risks) for risks in named]
    ids = [None if risks is None else ";".join(risks) for risks in named]
    return (row.risk_verdict, row.risk_pair_m, *counts, *ids)


def plant_drawing(answer: PlantDiversity, lang: str) -> PlantDrawing:
    """Gather what the map of a plant shows."""
    network = answer.network
    nodes = network.nodes
    located = np.isfinite(nodes.lon) & np.isfinite(nodes.lat)
    is_centre = np.zeros(len(nodes.ids), dtype=bool)
    is_centre[answer.centres] = True
    return PlantDrawing(
        sheet=Sheet(title=network.name, crs=network.crs, lang="zh" if lang == "zh" else "en"),
        spans=_spans(answer),
        nodes=_points(answer, np.flatnonzero(located & ~is_centre)),
        centres=_points(answer, np.flatnonzero(located & is_centre)),
    )


def _points(answer: PlantDiversity, rows: NDArray[np.int64]) -> Points:
    nodes = answer.network.nodes
    return Points(
        x=nodes.lon[rows], y=nodes.lat[rows],
        words=[_WORDS[answer.routes_link_disjoint[row]] for row in rows],
        names=[str(nodes.names[row] or nodes.ids[row]) for row in rows],
    )  # fmt: skip


def _spans(answer: PlantDiversity) -> Lines:
    """Gather the used spans; bridges are marked, a span without geometry is drawn straight."""
    spans, nodes = answer.network.spans, answer.network.nodes
    bridges, _ = find_cuts(answer.graph.arrays)
    on_bridge = np.zeros(len(spans.ids), dtype=bool)
    for edge in bridges:
        on_bridge[list(answer.graph.span_rows[edge])] = True
    rows = np.flatnonzero(spans.used)
    geometries = spans.geometry[rows].copy()
    for k in np.flatnonzero(shapely.is_missing(geometries)):
        ends = [spans.from_nodes[rows[k]], spans.to_nodes[rows[k]]]
        points = np.stack([nodes.lon[ends], nodes.lat[ends]], axis=1)
        if np.isfinite(points).all():
            geometries[k] = shapely.LineString(points)
    return Lines(geometries, ["bridge" if on_bridge[row] else "span" for row in rows])


def _run_record(
    answer: PlantDiversity, options: dict[str, object], seconds: float
) -> dict[str, object]:
    network = answer.network
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [{"path": s.path, "sha256": s.sha256} for s in network.sources],
        "options": {"centres": [str(network.nodes.ids[row]) for row in answer.centres], **options},
        "counts": {"nodes": len(network.nodes.ids), "spans": len(network.spans.ids)},
        "findings": [
            {
                "rule": f.rule,
                "severity": f.severity,
                "row": f"{f.table}:{f.row_id}",
                "place": f.place,
            }
            for f in answer.findings
            if f.place
        ],
        "seconds": {"write": round(seconds, 3)},
    }


__all__ = ["assess_plant", "plant_drawing", "write_plant_answer"]
