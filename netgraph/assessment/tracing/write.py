"""Write a sheet: a page, its map and the record of the run, whole or not at all."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.report.maps.draw import write_map
from netgraph.report.output import RUN_FILE, output_folder, refuse_other_job
from netgraph.report.tables import write_json
from netgraph.report.trace.map import small_map
from netgraph.report.trace.picture import write_picture

if TYPE_CHECKING:
    from netgraph.report.trace.sheet import Trace

_KEY = "trace"  # of run.json: says that the folder holds a sheet and nothing else


def write_trace(trace: Trace, out: str | Path) -> Path:
    """Write OUT/trace.html, OUT/trace.png (the sheet), OUT/map.png (larger) and OUT/run.json.

    Parameters
    ----------
    out
        Folder; an earlier sheet in it is replaced, files of the user's own stay.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something else, such as a whole assessment;
        then nothing in it has changed.
    """
    folder = Path(out)
    refuse_other_job(folder, _KEY)
    with output_folder(folder) as place:
        image = small_map(trace.drawing)
        (place / "trace.html").write_text(trace.to_html(image), "utf-8")
        write_picture(trace, place / "trace.png", image)
        write_map(trace.drawing, place / "map.png")
        write_json(place / RUN_FILE, {
            "netgraph": version("netgraph-diversity"),
            "inputs": [{"path": p, "sha256": digest} for p, digest in trace.sources.items()],
            "snapshot_date": trace.snapshot_date or None,
            _KEY: {"table": trace.table, "id": trace.subject, "lang": trace.lang},
        })  # fmt: skip
    return folder
