"""What the map of two networks shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.plant.lines import plant_lines
from netgraph.report.maps.corridor_map import CorridorDrawing
from netgraph.report.maps.drawings import Lines, Points, Sheet

if TYPE_CHECKING:
    from netgraph.assessment.corridors.find import Corridors
    from netgraph.inventory.plant import PlantNetwork


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
