"""A plan of works as plain values: what every list, layer, map and page of it is made from.

It is built from rows of the output contract, so that a plan read back from its folder shows the
same as one that was just made.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely

from netgraph.report.contract import table_specs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from netgraph.report.works import PlanSummary

    Row = Sequence[object]

#: Tables that a plan is built from.
PLAN_TABLES = (
    "upgrades", "equipment_works", "frontier", "greedy", "upgrade_sites", "work_lines",
)  # fmt: skip
#: Kinds of new plant; the other parts of a work run in plant that is there.
NEW_PLANT = ("duct", "pole_line", "buried", "other_plant")
_LENGTHS = ("duct_m", "pole_line_m", "buried_m", "cable_in_duct_m", "cable_aerial_m")
_GRADES = ("excellent", "good", "fair", "poor")


@dataclass(frozen=True)
class WorkPart:
    """What a work builds of one kind: metres, and where it runs (lines, degrees)."""

    part: str
    length_m: float
    geometry: BaseGeometry | None = field(repr=False)


@dataclass(frozen=True)
class Standing:
    """Sites before or after; None where not known.

    Mean score, worst grade and worst level; expected outage minutes and faults, modelled, summed.
    """

    score: float | None
    grade: str | None
    level: str | None
    outage_minutes_year: float | None = None
    faults_month: float | None = None


@dataclass(frozen=True)
class Work:
    """One work of a plan; columns of upgrades.csv or equipment_works.csv.

    Attributes
    ----------
    priority
        1 is the first to do.
    lengths_m
        New plant and new cable by medium, of works on the line.
    table, element_id, model, problems, quantities
        What is put right, of works on equipment.
    parts
        Where a work on the line runs.
    """

    work_id: str
    kind: str
    priority: int
    is_chosen: bool
    is_line_work: bool
    sites: tuple[str, ...]
    cost_yuan: float | None
    price_level: str
    before: Standing
    after: Standing
    circuits: int
    circuit_minutes_avoided: float | None
    benefit: float | None
    benefit_per_10k_yuan: float | None
    survey_reasons: tuple[str, ...]
    reason: str
    evidence: tuple[str, ...] = ()
    from_id: str = ""
    to_id: str = ""
    ring: tuple[str, ...] = ()
    lengths_m: Mapping[str, float] = field(default_factory=dict)
    cores: int | None = None
    requires: tuple[str, ...] = ()
    constraints: str = ""
    table: str = ""
    element_id: str = ""
    model: str = ""
    problems: tuple[str, ...] = ()
    quantities: str = ""
    parts: tuple[WorkPart, ...] = ()

    @property
    def builds_plant(self) -> bool:
        """Whether something is dug or put up."""
        return any(self.lengths_m.get(name, 0.0) > 0 for name in _LENGTHS[:3])


@dataclass(frozen=True)
class SiteChange:
    """One site before the works and after, as re-assessed; why it stays below what is asked for.

    `bottlenecks` are ids of what nothing leads around; those of one risk are joined by ``+``.
    """

    site_id: str
    tier: str
    before: Standing
    after: Standing
    works: tuple[str, ...]
    why_not: str
    bottlenecks: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrontierPoint:
    """The best choice for a budget, and what the list by value per cost gives for it."""

    budget_yuan: float
    cost_yuan: float
    benefit: float
    bound: float | None
    is_proven: bool
    works: int
    greedy_cost_yuan: float
    greedy_benefit: float
    grades: Mapping[str, int]


@dataclass(frozen=True)
class PlannedWorks:
    """A whole plan.

    Attributes
    ----------
    works
        All that were proposed, in order of priority: the chosen ones first.
    greedy
        The list by value per cost: cost and benefit so far, step by step.
    """

    summary: PlanSummary
    works: tuple[Work, ...]
    sites: tuple[SiteChange, ...]
    frontier: tuple[FrontierPoint, ...]
    greedy: tuple[tuple[float, float], ...]

    @property
    def chosen(self) -> tuple[Work, ...]:
        """The works of the plan."""
        return tuple(work for work in self.works if work.is_chosen)

    def of_site(self) -> Mapping[str, tuple[Work, ...]]:
        """Give the chosen works that serve each site, in order of priority."""
        found: dict[str, list[Work]] = defaultdict(list)
        for work in self.chosen:
            for site in work.sites:
                found[site].append(work)
        return {site: tuple(works) for site, works in found.items()}


def planned_works(summary: PlanSummary, rows: Mapping[str, Iterable[Row]]) -> PlannedWorks:
    """Build a plan from the rows of its tables.

    Parameters
    ----------
    rows
        Each of :data:`PLAN_TABLES` to its rows, in the columns of the output contract.
    """
    named = {name: _named(name, rows[name]) for name in PLAN_TABLES}
    parts: dict[str, list[WorkPart]] = defaultdict(list)
    for row in named["work_lines"]:
        wkt = row["geometry"]
        geometry = shapely.from_wkt(wkt) if wkt else None
        parts[row["project_id"]].append(WorkPart(row["part"], row["length_m"] or 0.0, geometry))
    works = [_line_work(row, parts[row["project_id"]]) for row in named["upgrades"]]
    works += [_equipment_work(row) for row in named["equipment_works"]]
    return PlannedWorks(
        summary=summary,
        works=tuple(sorted(works, key=lambda work: (work.priority, work.work_id))),
        sites=tuple(_site(row) for row in named["upgrade_sites"]),
        frontier=tuple(_point(row) for row in named["frontier"]),
        greedy=tuple(
            (row["cumulative_cost_yuan"], row["cumulative_benefit"]) for row in named["greedy"]
        ),
    )


def _named(table: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    names = table_specs()[table].names
    return [dict(zip(names, row, strict=True)) for row in rows]


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


def _common(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "work_id": row["project_id"], "kind": row["kind"], "priority": row["priority"],
        "is_chosen": bool(row["chosen"]), "sites": _words(row["sites"]),
        "cost_yuan": row["cost_yuan"], "price_level": row["price_level"] or "",
        "circuits": row["circuits"] or 0,
        "circuit_minutes_avoided": row["circuit_minutes_avoided_year"],
        "benefit": row["benefit"], "benefit_per_10k_yuan": row["benefit_per_10k_yuan"],
        "survey_reasons": _words(row["survey_reasons"]), "reason": row["reason"] or "",
        "evidence": _words(row["evidence"]),
        "before": _standing(row, "before"), "after": _standing(row, "after"),
    }  # fmt: skip


def _standing(row: Mapping[str, Any], when: str) -> Standing:
    return Standing(
        row[f"score_{when}"], row[f"grade_{when}"] or None, row[f"level_{when}"] or None,
        row[f"outage_minutes_{when}"], row[f"faults_month_{when}"],
    )  # fmt: skip


def _line_work(row: Mapping[str, Any], parts: Iterable[WorkPart]) -> Work:
    return Work(
        **_common(row), is_line_work=True, from_id=row["from_id"] or "", to_id=row["to_id"] or "",
        ring=_words(row["ring"]), lengths_m={name: row[name] or 0.0 for name in _LENGTHS},
        cores=row["cores"], requires=_words(row["requires"]),
        constraints=row["constraints"] or "", parts=tuple(parts),
    )  # fmt: skip


def _equipment_work(row: Mapping[str, Any]) -> Work:
    return Work(
        **_common(row), is_line_work=False, table=row["table"] or "",
        element_id=row["element_id"] or "", model=row["model"] or "",
        problems=_words(row["problem"]), quantities=row["quantities"] or "",
    )  # fmt: skip


def _site(row: Mapping[str, Any]) -> SiteChange:
    return SiteChange(
        row["site_id"], row["tier"] or "", _standing(row, "before"), _standing(row, "after"),
        _words(row["works"]), row["why_not"] or "", _words(row["bottlenecks"]),
    )  # fmt: skip


def _point(row: Mapping[str, Any]) -> FrontierPoint:
    return FrontierPoint(
        budget_yuan=row["budget_yuan"], cost_yuan=row["cost_yuan"], benefit=row["benefit"],
        bound=row["bound"], is_proven=bool(row["proven"]), works=row["works"],
        greedy_cost_yuan=row["greedy_cost_yuan"], greedy_benefit=row["greedy_benefit"],
        grades={grade: row[grade] for grade in _GRADES},
    )  # fmt: skip
