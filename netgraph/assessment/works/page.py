"""The works of a plan on the web page: a table, the sites of each work, its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.report.figures import MODELLED_DECIMALS, round_modelled
from netgraph.report.web.model import PageColumn, PageTable, PageWorks
from netgraph.topology.csr import csr_of_lists

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.assessment.standing import SiteStanding
    from netgraph.report.plan.model import PlannedWorks, Work

_TOLERANCE = 1e-5  # of a degree: about a metre, as fine as the page draws


def page_works(works: PlannedWorks, standings: Sequence[SiteStanding]) -> PageWorks:
    """Give the chosen works, in order of priority; sites by their rows of the page."""
    row_of = {standing.site_id: row for row, standing in enumerate(standings)}
    chosen = works.chosen
    parts = [(number, part) for number, work in enumerate(chosen) for part in work.parts]
    drawn = [(number, part) for number, part in parts if part.geometry is not None]
    shapes = np.array([part.geometry for _, part in drawn], dtype=object)
    lines, owner = shapely.get_parts(shapely.simplify(shapes, _TOLERANCE), return_index=True)
    return PageWorks(
        table=PageTable("works", tuple(_columns(chosen))),
        sites=csr_of_lists([[row_of[s] for s in work.sites if s in row_of] for work in chosen]),
        lines=lines,
        line_work=np.array([drawn[i][0] for i in owner.tolist()], dtype=np.int64),
        line_part=[drawn[i][1].part for i in owner.tolist()],
        price_level=works.summary.price_level,
        cost_yuan=works.summary.cost_yuan,
    )


def _columns(works: Sequence[Work]) -> Iterable[PageColumn]:
    def words(name: str, group: str, values: Iterable[str | None]) -> PageColumn:
        return PageColumn(name, "word", [value or "" for value in values], group)

    def numbers(name: str, values: Iterable[float | None], decimals: int = 0) -> PageColumn:
        return PageColumn(name, "number", list(values), decimals=decimals)

    yield numbers("priority", (work.priority for work in works))
    yield PageColumn("work_id", "text", [work.work_id for work in works])
    yield words("kind", "upgrade_kind", (work.kind for work in works))
    yield numbers("sites", (len(work.sites) for work in works))
    yield PageColumn("subject", "text", [_subject(work) for work in works])
    for name, columns in (
        ("plant_m", ("duct_m", "pole_line_m", "buried_m")),
        ("cable_m", ("cable_in_duct_m", "cable_aerial_m")),
    ):
        yield numbers(name, (_metres(work, columns) for work in works))
    yield numbers("cost_yuan", (work.cost_yuan for work in works))
    for side in ("before", "after"):
        yield numbers(f"score_{side}", (getattr(work, side).score for work in works), 1)
        yield words(f"grade_{side}", "grade", (getattr(work, side).grade for work in works))
        yield words(f"level_{side}", "level", (getattr(work, side).level for work in works))
    minutes = (round_modelled(work.circuit_minutes_avoided) for work in works)
    yield numbers("minutes_avoided", minutes, MODELLED_DECIMALS)
    yield numbers("circuits", (work.circuits for work in works))
    yield numbers("value", (work.benefit_per_10k_yuan for work in works), 1)
    yield words("reason", "upgrade_reason", (work.reason for work in works))
    yield PageColumn("constraints", "text", [work.constraints for work in works])
    yield PageColumn("survey", "text", [";".join(work.survey_reasons) for work in works])


def _subject(work: Work) -> str:
    """Name what it is done to: a device or place, or from where to where."""
    if work.is_line_work:
        return " – ".join(dict.fromkeys(end for end in (work.from_id, work.to_id) if end))
    return work.element_id


def _metres(work: Work, columns: Iterable[str]) -> float | None:
    metres = sum(work.lengths_m.get(name, 0.0) for name in columns)
    return metres or None
