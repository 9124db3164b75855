"""The tables of an assessment as files: those that do not hang on the searches, and the others."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from netgraph.assessment.measures.regional import regional_rows
from netgraph.assessment.measures.risk_groups import risk_group_rows
from netgraph.assessment.measures.separation import write_separation
from netgraph.assessment.unit_columns import searched_site_columns
from netgraph.collecting import uncollected
from netgraph.report.tables import TableDraft, draft_table, write_columns, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.assessment.value import Assessment

#: The largest first: what is made for them is gone before much is kept.
_KNOWN = (
    "hazards", "causes", "items", "circuits", "availability", "availability_sites", "rings",
    "ring_findings", "cities", "counties", "customers",
)  # fmt: skip


class TableFiles:
    """Writes the tables of one assessment into a folder, each once.

    Parameters
    ----------
    folder
        Must exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sites: TableDraft | None = None
        self.seconds = 0.0

    def write_known(self, known: Assessment) -> None:
        """Write what does not hang on the searches; for `assess` to call while they run."""
        self._sites = self._write_known(known)

    @uncollected()
    def _write_known(self, known: Assessment) -> TableDraft:
        """Write what does not hang on the searches; begin the table of sites."""
        start = time.perf_counter()
        for table in _KNOWN:
            write_columns(self._folder, table, known.columns(table))
        faults = known.rows("faults")
        if faults:
            write_table(self._folder, "faults", faults)
        radius_m = known.options.radius_m
        if radius_m is not None:
            write_table(self._folder, "regional", regional_rows(known.audit, radius_m))
        write_table(self._folder, "risk_groups", risk_group_rows(known, radius_m))
        sites = draft_table("sites", known.known_site_columns)
        self.seconds += time.perf_counter() - start
        return sites

    def write_rest(self, assessment: Assessment, *, separation: bool) -> None:
        """Write what is not written yet, and if it is asked for how far apart routes run."""
        sites = self._sites or self._write_known(assessment)
        start = time.perf_counter()
        sites.write(self._folder, searched_site_columns(assessment))
        write_columns(self._folder, "findings", assessment.columns("findings"))
        if separation:
            write_separation(assessment.audit, self._folder)
        self.seconds += time.perf_counter() - start

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every file, by its name."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self._folder.iterdir())
        }
