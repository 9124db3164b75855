"""Read a plan back from its folder, and hold it to an assessment of the same inventory."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netgraph.errors import InputError
from netgraph.messages import Message
from netgraph.report.output import RUN_FILE
from netgraph.report.plan.model import PLAN_TABLES, planned_works
from netgraph.report.read_tables import read_table
from netgraph.report.works import KindTotal, PlanSummary, RingTotal

if TYPE_CHECKING:
    from netgraph.assessment.results import Results
    from netgraph.inventory import Inventory
    from netgraph.report.plan.model import PlannedWorks, SiteChange

_SHOWN = 5  # of sites that differ
_SCORE_ERROR = 1e-3  # scores are written with four decimals


@dataclass(frozen=True)
class ReadPlan:
    """A plan from a folder, and the SHA-256 of the files that it was made from."""

    folder: Path
    works: PlannedWorks
    inputs: tuple[str, ...]


def read_plan(folder: str | Path) -> ReadPlan:
    """Read what `netgraph upgrades` wrote.

    Raises
    ------
    InputError
        If the folder is no plan, or a table of it cannot be read.
    """
    folder = Path(folder)
    run, summary = (_read_json(folder, name) for name in (RUN_FILE, "summary.json"))
    inputs = run.get("inputs")
    names = {field.name for field in fields(PlanSummary)}
    if not isinstance(inputs, list) or set(summary) != names:
        raise InputError([_no_plan(folder)])
    kinds = tuple(KindTotal(**kind) for kind in summary["kinds"])
    rings = None if summary["rings"] is None else RingTotal(**summary["rings"])
    missing = tuple(summary["missing_prices"])
    told = PlanSummary(**{**summary, "kinds": kinds, "missing_prices": missing, "rings": rings})
    tables = {name: read_table(folder / "tables", name) for name in PLAN_TABLES}
    return ReadPlan(
        folder, planned_works(told, tables), tuple(sorted(str(each["sha256"]) for each in inputs))
    )


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    try:
        value = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError([_no_plan(folder)]) from error
    return value if isinstance(value, dict) else {}


def _no_plan(folder: Path) -> str:
    return Message(
        "{0}: no plan of works: give the folder that netgraph upgrades wrote (-o).", folder
    )


def check_source(plan: ReadPlan, inventory: Inventory) -> None:
    """Raise InputError if a plan was made from other files than an inventory was read from."""
    if plan.inputs != tuple(sorted(source.sha256 for source in inventory.sources)):
        message = Message(
            "{0}: the plan was made from another inventory, or from an earlier state "
            "of this one (the SHA-256 in its run.json differ). Run netgraph upgrades "
            "again.",
            plan.folder,
        )
        raise InputError([message])


def check_fits(plan: ReadPlan, results: Results) -> PlannedWorks:
    """Return the works of a plan that was made for the inventory of an assessment.

    Raises
    ------
    InputError
        If the plan was made from other files, or with other rules or another scorecard: then its
        sites stand otherwise before the works than they do here.
    """
    check_source(plan, results.network.inventory)
    known = {standing.site_id: standing for standing in results.standings}
    wrong = []
    for site in plan.works.sites:
        standing = known.get(site.site_id)
        score = standing.score if standing else None
        now = (
            (score.grade or None) if score else None,
            standing.level.value if standing and standing.level else None,
        )
        if now != (site.before.grade, site.before.level) or not _same(
            score.score if score else None, site.before.score
        ):
            wrong.append(site)
    if wrong:
        raise InputError([_differs(plan.folder, wrong)])
    return plan.works


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SCORE_ERROR


def _differs(folder: Path, sites: list[SiteChange]) -> str:
    named = ", ".join(site.site_id for site in sites[:_SHOWN])
    more = Message(" and {0} more", len(sites) - _SHOWN) if len(sites) > _SHOWN else ""
    return Message(
        "{0}: {1}{2} stand otherwise in the plan than in this assessment: it was made"
        " with other rules, hazard areas or another scorecard. Give both commands the"
        " same.",
        folder,
        named,
        more,
    )
