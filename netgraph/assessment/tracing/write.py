"""Write a sheet: a page, its map and the record of the run, whole or not at all."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.errors import OutputError
from netgraph.report.maps.draw import write_map
from netgraph.report.output import RUN_FILE, output_folder
from netgraph.report.tables import write_json
from netgraph.report.trace.map import small_map

if TYPE_CHECKING:
    from netgraph.report.trace.sheet import Trace

_KEY = "trace"  # of run.json: says that the folder holds a sheet and nothing else


def write_trace(trace: Trace, out: str | Path) -> Path:
    """Write OUT/trace.html, OUT/trace.png and OUT/run.json.

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
    _check_earlier(folder)
    with output_folder(folder) as place:
        (place / "trace.html").write_text(trace.to_html(small_map(trace.drawing)), "utf-8")
        write_map(trace.drawing, place / "trace.png")
        write_json(place / RUN_FILE, {
            "netgraph": version("netgraph-diversity"),
            "inputs": [{"path": p, "sha256": digest} for p, digest in trace.sources.items()],
            "snapshot_date": trace.snapshot_date or None,
            _KEY: {"table": trace.table, "id": trace.subject, "lang": trace.lang},
        })  # fmt: skip
    return folder


def _check_earlier(folder: Path) -> None:
    """Refuse the folder of another job: a sheet would take the place of all that it wrote."""
    try:
        run = json.loads((folder / RUN_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return  # nothing of netgraph's: what else there is, is looked at when it is written
    if isinstance(run, dict) and _KEY not in run:
        message = f"{folder} holds the output of another job: choose a folder of its own"
        raise OutputError(message)
