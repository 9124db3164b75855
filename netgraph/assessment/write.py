"""Write an assessment: tables, maps, summary and the record of the run, whole or not at all."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from netgraph.assessment.handover.wanted import Handover
from netgraph.assessment.write_tables import TableFiles
from netgraph.collecting import uncollected
from netgraph.diversity.certificates import as_plain, certify
from netgraph.inventory.hazard_groups import HAZARDS
from netgraph.report.output import output_folder
from netgraph.report.tables import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.assessment.value import Assessment
    from netgraph.report.plan.model import PlannedWorks


def write_assessment(
    assessment: Assessment, out: str | Path, *, maps: bool = True, certificates: bool = False,
    separation: bool = False, html: bool = True, handover: Handover | None = None,
) -> Path:  # fmt: skip
    """Write OUT/tables, OUT/maps, OUT/report.html, the handover, OUT/summary.json and OUT/run.json.

    Parameters
    ----------
    out
        Folder; an earlier output in it is replaced as a whole, files of the user's own stay.
    maps
        Draw the maps too.
    certificates
        Write OUT/certificates.jsonl too: evidence for every verdict, for `verify_certificates`.
    separation
        Write OUT/tables/separation.csv too: how far apart the routes of every pair run.
    html
        Write OUT/report.html: the map, every site's sheet and the tables as one page.
    handover
        Which of OUT/assessment.xlsx, OUT/assessment.gpkg, OUT/charts and OUT/report.pdf to write;
        all of them when omitted. It may bring the works of a plan for the same inventory, which
        then are shown in all of them, on the page and in the maps.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If the folder cannot be written, or holds something that is no output of netgraph; then
        nothing of it has changed.
    """
    with assessment_output(out) as output:
        output.write(
            assessment, maps=maps, certificates=certificates, separation=separation, html=html,
            handover=handover,
        )  # fmt: skip
    return Path(out)


@contextmanager
def assessment_output(out: str | Path) -> Iterator[AssessmentOutput]:
    """Begin an output before the assessment is done; it appears when the block ends well.

    Raises
    ------
    OutputError
        See :func:`write_assessment`; at once where the folder cannot be used.
    """
    with output_folder(Path(out)) as folder:
        yield AssessmentOutput(folder)


class AssessmentOutput:
    """An assessment that is being written, part by part; see :func:`assessment_output`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        tables = folder / "tables"
        tables.mkdir()
        self._tables = TableFiles(tables)

    def write_known(self, known: Assessment) -> None:
        """Write what does not hang on the searches; for `assess` to call while they run."""
        self._tables.write_known(known)
        _ = known.summary  # kept, and only two of its figures change

    @uncollected()
    def write(
        self, assessment: Assessment, *, maps: bool, certificates: bool, separation: bool,
        html: bool, handover: Handover | None,
    ) -> None:  # fmt: skip
        """Write what is not written yet; see :func:`write_assessment`."""
        seconds, wanted, folder = dict(assessment.seconds), handover or Handover(), self._folder
        self._tables.write_rest(assessment, separation=separation)
        seconds["tables"] = round(self._tables.seconds, 3)
        if maps:
            from netgraph.assessment.handover.maps import write_city_maps, write_maps

            start = time.perf_counter()
            drawings = folder / "maps"
            drawings.mkdir()
            write_maps(assessment, drawings, wanted.works)
            if wanted.city_maps:
                write_city_maps(assessment, drawings / "cities")
            seconds["maps"] = round(time.perf_counter() - start, 3)
        if html:
            from netgraph.assessment.handover.web import write_page

            start = time.perf_counter()
            write_page(assessment, folder / "report.html", wanted.works)
            seconds["html"] = round(time.perf_counter() - start, 3)
        if wanted != Handover.none():
            from netgraph.assessment.handover.choose import write_handover

            write_handover(assessment, folder, wanted, seconds)
        if certificates:
            start = time.perf_counter()
            _write_certificates(assessment, folder / "certificates.jsonl")
            seconds["certificates"] = round(time.perf_counter() - start, 3)
        write_json(folder / "summary.json", assessment.summary.as_json())
        run = _run_record(assessment, seconds, wanted.works)
        if certificates:  # so that `verify_certificates` tells a table that was altered afterwards
            run["tables"] = self._tables.hashes()
        write_json(folder / "run.json", run)


def _write_certificates(assessment: Assessment, path: Path) -> None:
    """Write one JSON object a line; the same bytes for the same tables, whatever the format."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for certificate in certify(assessment.audit, assessment.achievable):
            stream.write(encode(as_plain(certificate)) + "\n")


def _run_record(
    assessment: Assessment, seconds: dict[str, float], works: PlannedWorks | None
) -> dict[str, object]:
    inventory = assessment.network.inventory
    card = assessment.options.card
    return {
        "netgraph": version("netgraph-diversity"),
        "inputs": [
            {"path": s.path, "sha256": s.sha256, **({"encoding": s.encoding} if s.encoding else {})}
            for s in inventory.sources
        ]
        + [
            {"path": areas.source.path, "sha256": areas.source.sha256, "used_as": HAZARDS}
            for areas in assessment.areas
        ],
        "snapshot_date": inventory.snapshot_date.isoformat() if inventory.snapshot_date else None,
        "options": assessment.options.as_record(),
        "scorecard": {
            "note": card.note_en,
            "full_marks": dict(card.full_marks),
            "points": {item.id: dict(item.points) for item in card.items},
            "wording": {item.id: {"zh": item.zh, "en": item.en} for item in card.items},
        },
        "counts": {
            **{name: len(table) for name, table in inventory.tables.items() if len(table)},
            "unproven": assessment.achievable.unproven,
        },
        "findings": [
            {
                "rule": f.rule,
                "severity": f.severity,
                "row": f"{f.table}:{f.row_id}",
                "place": f.place,
            }
            for f in assessment.findings
            if f.place
        ],
        **(
            {}
            if works is None
            else {
                "plan": {
                    "chosen": [work.work_id for work in works.chosen],
                    "cost_yuan": works.summary.cost_yuan,
                    "price_level": works.summary.price_level,
                }
            }
        ),
        "seconds": seconds,
    }
