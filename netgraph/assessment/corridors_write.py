"""Write what two networks share: the table, the sums, the findings and the map."""

from __future__ import annotations

import time
from dataclasses import asdict, astuple
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.corridors import CorridorRow
from netgraph.diversity.plant_lines import plant_lines
from netgraph.report.corridor_map import CorridorDrawing, write_corridor_map
from netgraph.report.drawings import Lines, Points, Sheet
from netgraph.report.output import output_folder
from netgraph.report.tables import write_csv, write_json, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.corridors import Corridors
    from netgraph.inventory.plant import PlantNetwork

_COLUMNS = tuple(CorridorRow.__dataclass_fields__)


def write_corridors(answer: Corridors, out: str | Path, *, lang: str = "en") -> Path:
    """Write OUT/tables/corridors.csv and findings.csv, OUT/maps, summary.json and run.json.

    Parameters
    ----------
    answer
        What two networks share.
    out
        Folder: new, empty, or an earlier output.
    lang
        Language of the map, ``zh`` or ``en``.

    Raises
    ------
    OutputError
        If the folder cannot be written; then nothing in it has changed.
    """
    start = time.perf_counter()
    with output_folder(Path(out)) as folder:
        tables, maps = folder / "tables", folder / "maps"
        tables.mkdir()
        maps.mkdir()
        rows = sorted(answer.rows, key=lambda row: row.span_id)
        write_csv(tables / "corridors.csv", _COLUMNS, [astuple(row) for row in rows])
        write_table(tables, "findings", sorted(set(_findings(answer))))
        write_corridor_map(corridor_drawing(answer, lang), maps / "corridors.png")
        write_json(folder / "summary.json", asdict(answer.summary))
        write_json(folder / "run.json", _run_record(answer, time.perf_counter() - start))
    return Path(out)


def corridor_drawing(answer: Corridors, lang: str) -> CorridorDrawing:
    """Gather what the map of two networks shows."""
    network, other = answer.network, answer.other
    measured = answer.measured
    stretches = [line for k in range(len(measured)) for line in measured.stretches_of(k)]
    summary = answer.summary
    nodes = [_nodes(network), _nodes(other)]
    return CorridorDrawing(
        sheet=Sheet(
            crs=network.crs,
            lang="zh" if lang == "zh" else "en",
            attribution=" / ".join(filter(None, (network.name, other.name))),
        ),
        network=_lines(network, "network"),
        other=_lines(other, "other"),
        shared=Lines(np.array([*stretches, None], dtype=object)[:-1], ["shared"] * len(stretches)),
        nodes=Points(
            x=np.concatenate([points.x for points in nodes]),
            y=np.concatenate([points.y for points in nodes]),
            names=[name for points in nodes for name in points.names],
        ),
        names=(network.name, other.name),
        within_m=summary.within_m,
        total_m=summary.total_m,
        shared_m=summary.shared_m,
    )


def _lines(network: PlantNetwork, word: str) -> Lines:
    lines = plant_lines(network)
    return Lines(lines.geometry[lines.is_standing], [word] * int(lines.is_standing.sum()))


def _nodes(network: PlantNetwork) -> Points:
    nodes = network.nodes
    rows = np.flatnonzero(np.isfinite(nodes.lon) & np.isfinite(nodes.lat))
    names = [str(nodes.names[row] or nodes.ids[row]) for row in rows]
    return Points(x=nodes.lon[rows], y=nodes.lat[rows], names=names)


def _findings(answer: Corridors) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Collect the findings of both networks; each message begins with the network's name."""
    for network in (answer.network, answer.other):
        for f in network.findings:
            message = f"{network.name}: {f.message}" if network.name else f.message
            yield f.rule, f.severity, f.table, f.row_id, message, f.hint


def _run_record(answer: Corridors, seconds: float) -> dict[str, object]:
    sources = (*answer.network.sources, *answer.other.sources)
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [{"path": s.path, "sha256": s.sha256} for s in sources],
        "options": {"within_m": answer.summary.within_m},
        "counts": {"spans": answer.summary.spans, "other_spans": answer.summary.other_spans},
        "seconds": {"write": round(seconds, 3)},
    }
