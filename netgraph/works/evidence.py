"""Hold works to a newer inventory: judged by the measure of the plan, demand by demand.

A demand passes on positive evidence only. What is gone, renamed, empty or not decidable is
missing; what is there and is not as it should be has failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.positions import locate_all
from netgraph.diversity.audit.reasons import reason_for
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.levels import RANK, Level, worst
from netgraph.scoring import score_sites
from netgraph.scoring.results import Result
from netgraph.topology import build_network
from netgraph.works.cells import CellJudge
from netgraph.works.model import Cause, Check, Demand, Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.diversity.rules import Rules
    from netgraph.diversity.verdict import Verdict
    from netgraph.inventory import Inventory
    from netgraph.scoring import Scorecard
    from netgraph.scoring.results import ItemResult

_MOST_NAMES = 3


class Evidence:
    """A newer inventory, judged."""

    def __init__(self, inventory: Inventory, rules: Rules, card: Scorecard) -> None:
        self._audit = audit_routes(build_network(inventory), rules)
        self._scores = score_sites(self._audit, card)
        self._cells = CellJudge(inventory)
        self._index = self._audit.network.places.index

    def checks(self, demands: Sequence[Demand], sites: Sequence[str]) -> tuple[Check, ...]:
        """Judge everything that one work is held to; a work without demands proves nothing.

        Parameters
        ----------
        demands
            Of one work.
        sites
            Sites that it serves.
        """
        if not demands:
            return (Check(Demand("", ""), Proof.MISSING, Cause.NOTHING_TO_CHECK),)
        rows = frozenset(demand.row for demand in demands if demand.row)
        return tuple(self._check(demand, sites, rows) for demand in demands)

    def _check(self, demand: Demand, sites: Sequence[str], rows: AbstractSet[str]) -> Check:
        if demand.aspect == "cell":
            return self._cell(demand)
        if demand.aspect == "level":
            return self._level(demand)
        if demand.site_id:
            return self._item_of_site(demand)
        return self._item_of_rows(demand, sites, rows)

    def _cell(self, demand: Demand) -> Check:
        if demand.column == "a_id":  # where a site is gone, its circuit is not another's
            fault = self._cells.find_fault("sites", demand.expected)
            if fault is not None:
                return Check(demand, Proof.MISSING, *fault)
        return self._cells.judge(demand)

    def _place(self, demand: Demand, site: str) -> int | Check:
        """Place number of a site in service that has circuits, or why there is none."""
        fault = self._cells.find_fault("sites", site)
        if fault is not None:
            return Check(demand, Proof.MISSING, *fault)
        place = self._index.find(site)
        if place is None or place not in self._scores.by_place:
            return Check(demand, Proof.MISSING, Cause.NO_CIRCUIT, f"sites:{site}")
        return place

    def _level(self, demand: Demand) -> Check:
        place = self._place(demand, demand.site_id)
        if isinstance(place, Check):
            return place
        members = np.flatnonzero(self._audit.network.circuits.a == place).tolist()
        units = dict.fromkeys(int(self._audit.units.group_of_circuit[c]) for c in members)
        groups = [self._audit.verdicts[unit] for unit in units]
        wanted = Level(demand.expected)
        short = [g for g in groups if _is_short(g, wanted)]
        if short:
            return self._level_check(demand, Proof.FAILED, Cause.DIFFERS, short)
        doubtful = [g for g in groups if g.level is Level.UNDECIDABLE]
        if doubtful:
            return self._level_check(demand, Proof.MISSING, Cause.UNDECIDABLE, doubtful)
        partial = [g for g in groups if not g.is_complete]
        if partial:
            return self._level_check(demand, Proof.MISSING, Cause.INCOMPLETE, partial)
        found = worst(g.level for g in groups)
        return Check(demand, Proof.PASSED, None, found.value if found else "")

    def _level_check(
        self, demand: Demand, proof: Proof, cause: Cause, groups: Sequence[Verdict]
    ) -> Check:
        verdict = min(groups, key=lambda group: (RANK[group.level], group.name))
        (located,) = locate_all(self._audit, [verdict])
        english, chinese = (
            f"{verdict.name}: {reason_for(self._audit, verdict, located, lang)}"
            for lang in ("en", "zh")
        )
        return Check(demand, proof, cause, verdict.level.value, english, chinese)

    def _item_of_site(self, demand: Demand) -> Check:
        """Hold one site to an item as a whole."""
        place = self._place(demand, demand.site_id)
        if isinstance(place, Check):
            return place
        judged = self._scores.by_place[place].items.get(demand.item_id)
        if judged is None:
            return Check(demand, Proof.MISSING, Cause.NOT_JUDGED)
        return _judged(demand, judged)

    def _item_of_rows(self, demand: Demand, sites: Sequence[str], rows: AbstractSet[str]) -> Check:
        """Hold the sites to an item as far as it rests on rows of the work.

        Where it fails on account of other rows, that is the matter of other works. One site at
        least must be there; which are not is said where none is.
        """
        places = [self._place(demand, site) for site in sites]
        there = [place for place in places if not isinstance(place, Check)]
        if not there:
            lost = [place for place in places if isinstance(place, Check)]
            return lost[0] if lost else Check(demand, Proof.MISSING, Cause.NO_SUCH_ROW, "sites:")
        results = [
            judged
            for place in there
            if (judged := self._scores.by_place[place].items.get(demand.item_id)) is not None
        ]
        if not results:
            return Check(demand, Proof.MISSING, Cause.NOT_JUDGED)
        found = [
            _judged(demand, judged, rows)
            for judged in results
            if judged.result is Result.PASS or not rows or rows & set(judged.evidence)
        ]
        for proof in (Proof.FAILED, Proof.MISSING):
            first = next((check for check in found if check.proof is proof), None)
            if first is not None:
                return first
        return Check(demand, Proof.PASSED, None, Result.PASS.value)


def _is_short(group: Verdict, wanted: Level) -> bool:
    """Whether a decided level is below the wanted one; a wireless second route is no cable."""
    if group.level is Level.UNDECIDABLE:
        return False
    is_wireless = group.level is Level.RADIO_BACKUP and wanted is not Level.RADIO_BACKUP
    return is_wireless or RANK[group.level] < RANK[wanted]


def _judged(demand: Demand, judged: ItemResult, own: AbstractSet[str] = frozenset()) -> Check:
    """Turn the result of an item into a check; of its rows those of the work are named, if any."""
    rows = _names([row for row in judged.evidence if row in own] or judged.evidence)
    if judged.result is Result.PASS:
        return Check(demand, Proof.PASSED, None, judged.result.value)
    if judged.result is Result.FAIL:
        return Check(demand, Proof.FAILED, Cause.FAILS, rows)
    cause = Cause.UNKNOWN_ITEM if judged.result is Result.UNKNOWN else Cause.NOT_APPLICABLE
    return Check(demand, Proof.MISSING, cause, rows)


def _names(rows: Iterable[str]) -> str:
    names = list(rows)
    more = f" +{len(names) - _MOST_NAMES}" if len(names) > _MOST_NAMES else ""
    return "; ".join(names[:_MOST_NAMES]) + more
