"""The works of a plan as the lists that planners hand on: ring works, equipment, sites, money."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from netgraph.units import M_PER_KM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netgraph.assessment.handover.naming import Naming
    from netgraph.assessment.results import Results
    from netgraph.report.plan.model import PlannedWorks, SiteChange, Standing, Work

    Row = tuple[object, ...]

YUAN = 10_000.0  # of a list: 万元
_LENGTHS = ("duct_m", "pole_line_m", "buried_m", "cable_in_duct_m", "cable_aerial_m")
_MOST_NAMES = 20  # in one cell


class Places:
    """Looks up names of sites and places by their ids."""

    def __init__(self, results: Results, naming: Naming) -> None:
        self._places, self._equipment = results.network.places, results.network.equipment
        self._naming = naming
        self._standings = {standing.site_id: standing for standing in results.standings}

    def named(self, name: str) -> str:
        """Name of a place with its id; of a device its id and where it stands."""
        place = self._places.index.find(name)
        if place is not None:
            return self._naming.place(place)
        device = self._equipment.index.find(name)
        here = -1 if device is None else int(self._equipment.location[device])
        return f"{name}, {self._naming.place(here)}" if here >= 0 else name

    def ends(self, first: str, last: str) -> str:
        """From where to where."""
        return " – ".join(self.named(end) for end in dict.fromkeys((first, last)) if end)

    def sites(self, ids: Iterable[str]) -> str:
        """Sites for one cell."""
        return self.listed([self.named(site) for site in ids])

    def listed(self, names: Sequence[str]) -> str:
        """Names of rows for one cell."""
        return self._naming.listed(names, _MOST_NAMES)

    def of_element(self, table: str, element: str) -> str:
        """Where a device stands, or the place itself."""
        if table == "equipment":
            device = self._equipment.index.find(element)
            return (
                "" if device is None else self._naming.place(int(self._equipment.location[device]))
            )
        return self.named(element) if self._places.index.find(element) is not None else ""

    def of_site(self, site: SiteChange) -> Row:
        """Name, customer, city, county and tier of a site."""
        standing = self._standings.get(site.site_id)
        if standing is None:
            return ("", "", "", "", site.tier)
        customer = self._naming.customer(standing.customer_id)
        return (standing.name, customer, standing.city, standing.county, site.tier)


def ring_work_rows(works: Iterable[Work], places: Places) -> list[Row]:
    """Rows of 成环改造清单: works on the line, in order of priority."""
    return [_ring_work(work, places) for work in works if work.is_line_work]


def _ring_work(work: Work, places: Places) -> Row:
    before, after = work.before, work.after
    return (
        work.work_id, work.priority, work.kind, places.sites(work.sites),
        places.ends(work.from_id, work.to_id), work.is_chosen,
        *(_km(work.lengths_m.get(name)) for name in _LENGTHS), work.cores, _wan(work.cost_yuan),
        work.price_level, before.score, before.grade, after.score, after.grade, before.level,
        after.level, *_outages(before, after), _positive(work.circuit_minutes_avoided),
        work.circuits, work.benefit_per_10k_yuan, work.constraints,
        ";".join(work.survey_reasons), work.reason, places.listed(work.evidence),
        "; ".join(work.requires),
        " – ".join(places.named(name) for name in work.ring), None,
    )  # fmt: skip


def _km(metres: float | None) -> float | None:
    return metres / M_PER_KM if metres else None


def _wan(yuan: float | None) -> float | None:
    return None if yuan is None else yuan / YUAN


def _outages(before: Standing, after: Standing) -> Row:
    return (
        before.outage_minutes_year, after.outage_minutes_year,
        before.faults_month, after.faults_month,
    )  # fmt: skip


def _positive(minutes: float | None) -> float | None:
    return minutes if minutes is None or np.isfinite(minutes) else None


def equipment_work_rows(works: Iterable[Work], places: Places) -> list[Row]:
    """Rows of 设备整改清单: works on equipment, power and records, in order of priority."""
    return [
        (
            work.work_id, work.priority, work.is_chosen, places.sites(work.sites), work.table,
            work.element_id, places.of_element(work.table, work.element_id), work.model,
            ";".join(work.problems), work.kind, _pieces(work.quantities), _wan(work.cost_yuan),
            work.price_level, work.before.score, work.before.grade, work.after.score,
            work.after.grade, work.before.level, work.after.level,
            *_outages(work.before, work.after), _positive(work.circuit_minutes_avoided),
            work.circuits,
            work.benefit_per_10k_yuan, ";".join(work.survey_reasons), work.reason,
            places.listed(work.evidence), None,
        )
        for work in works if not work.is_line_work
    ]  # fmt: skip


def _pieces(quantities: str) -> float | None:
    """Pieces in all, of "1 ups; 2 battery"."""
    found = [float(number) for number in re.findall(r"(?:^|; )([0-9.]+) ", quantities)]
    return sum(found) if found else None


def site_change_rows(works: PlannedWorks, places: Places) -> list[Row]:
    """Rows of the sheet of sites before and after: those that change first, by grade and score."""
    return [
        (
            site.site_id, *places.of_site(site), site.before.score, site.before.grade,
            site.after.score, site.after.grade, site.before.level, site.after.level,
            *_outages(site.before, site.after), "; ".join(site.works),
        )
        for site in sorted(works.sites, key=_gain)
    ]  # fmt: skip


def _gain(site: SiteChange) -> tuple[float, str]:
    return (site.before.score or 0.0) - (site.after.score or 0.0), site.site_id


def left_below_rows(works: PlannedWorks, places: Places) -> list[Row]:
    """Rows of 未达标网点: sites below what is asked for, and why; the lowest score first."""
    left = [site for site in works.sites if site.why_not]
    return [
        (
            site.site_id, *places.of_site(site), site.after.level, site.after.score,
            site.after.grade, site.why_not, places.listed(site.bottlenecks),
        )
        for site in sorted(left, key=lambda site: (site.after.score or 0.0, site.site_id))
    ]  # fmt: skip


def frontier_rows(works: PlannedWorks) -> list[Row]:
    """Rows of cost against benefit."""
    return [
        (
            point.budget_yuan / YUAN, point.cost_yuan / YUAN, point.benefit, point.bound,
            point.is_proven, point.works, point.greedy_cost_yuan / YUAN, point.greedy_benefit,
            *point.grades.values(),
        )
        for point in works.frontier
    ]  # fmt: skip


def works_of_elements(works: PlannedWorks) -> Mapping[tuple[str, str], tuple[Work, ...]]:
    """Give the chosen works on each (table, row)."""
    found: dict[tuple[str, str], tuple[Work, ...]] = {}
    for work in works.chosen:
        if not work.is_line_work:
            key = (work.table, work.element_id)
            found[key] = (*found.get(key, ()), work)
    return found
