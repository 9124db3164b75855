"""Which files are wanted beside the tables; free of what it takes to write them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netgraph.report.plan.model import PlannedWorks


@dataclass(frozen=True)
class Handover:
    """Which files to write beside the tables; all of them unless told otherwise.

    Attributes
    ----------
    city_maps
        A map of each city as well, where maps are drawn; only when told.
    works
        The works of a plan for the same inventory (`UpgradePlan.works`, or what
        :func:`netgraph.assessment.works.read.check_fits` gives of a plan that was read): the files
        show them too.
    """

    workbook: bool = True
    geopackage: bool = True
    charts: bool = True
    pdf: bool = True
    city_maps: bool = False
    works: PlannedWorks | None = None

    @classmethod
    def none(cls) -> Handover:
        """Write none of them."""
        return cls(workbook=False, geopackage=False, charts=False, pdf=False)


@contextmanager
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Note how long a block takes."""
    start = time.perf_counter()
    yield
    seconds[name] = round(time.perf_counter() - start, 3)
