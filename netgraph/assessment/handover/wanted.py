"""Which files are wanted beside the tables; free of what it takes to write them."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Handover:
    """Which files to write beside the tables; all of them unless told otherwise."""

    workbook: bool = True
    geopackage: bool = True
    charts: bool = True
    pdf: bool = True

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
