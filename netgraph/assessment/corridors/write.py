"""Write what two networks share: the table, the sums, the findings and the map."""

from __future__ import annotations

import time
from dataclasses import asdict, astuple
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.corridors.drawing import corridor_drawing
from netgraph.messages import default_language
from netgraph.report.maps.corridor_map import write_corridor_map
from netgraph.report.output import output_folder
from netgraph.report.tables import write_json, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.corridors.find import Corridors


def write_corridors(answer: Corridors, out: str | Path, *, lang: str | None = None) -> Path:
    """Write OUT/tables/corridors.csv and findings.csv, OUT/maps, summary.json and run.json.

    Parameters
    ----------
    answer
        What two networks share.
    out
        Folder: new, empty, or an earlier output.
    lang
        Language of the map, ``zh`` or ``en``; that of the locale when omitted.

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
        write_table(tables, "corridors", map(astuple, answer.rows))
        write_table(tables, "findings", sorted(set(_findings(answer))))
        write_corridor_map(
            corridor_drawing(answer, lang or default_language()), maps / "corridors.png"
        )
        write_json(folder / "summary.json", asdict(answer.summary))
        write_json(folder / "run.json", _run_record(answer, time.perf_counter() - start))
    return Path(out)


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
