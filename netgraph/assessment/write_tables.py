"""The tables of an assessment as files: those that do not hang on the searches, and the others."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from netgraph.assessment.measures.regional import regional_rows
from netgraph.assessment.measures.risk_groups import risk_group_rows
from netgraph.assessment.measures.separation import write_separation
from netgraph.collecting import uncollected
from netgraph.report.tables import write_columns, write_table

if TYPE_CHECKING:
    from pathlib import Path

    from netgraph.assessment.value import Assessment

_OF_SEARCHES = ("sites", "findings")
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
        self._is_known_written = False
        self.seconds = 0.0

    @uncollected()
    def write_known(self, known: Assessment) -> None:
        """Write what does not hang on the searches; for `assess` to call while they run."""
        start = time.perf_counter()
        for table in _KNOWN:
            write_columns(self._folder, table, known.columns(table))
        faults = known.rows("faults")
        if faults:
            write_table(self._folder, "faults", faults)
        radius_m = known.options.radius_m
        if radius_m is not None:
            write_table(self._folder, "regional", regional_rows(known.audit, radius_m))
        self._is_known_written = True
        self.seconds += time.perf_counter() - start

    def write_rest(self, assessment: Assessment, *, separation: bool) -> None:
        """Write what is not written yet, and if it is asked for how far apart routes run."""
        if not self._is_known_written:
            self.write_known(assessment)
        start = time.perf_counter()
        # Names of all elements fill the memory: there is room when the searches are over.
        groups = risk_group_rows(assessment, assessment.options.radius_m)
        write_table(self._folder, "risk_groups", groups)
        for table in _OF_SEARCHES:
            write_columns(self._folder, table, assessment.columns(table))
        if separation:
            write_separation(assessment.audit, self._folder)
        self.seconds += time.perf_counter() - start

    def hashes(self) -> dict[str, str]:
        """Return the SHA-256 of every file, by its name."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self._folder.iterdir())
        }
