"""Find what cures what: score the network with works done on paper, and read the evidence.

For each way in which the routes could run, the sites are scored three times: with nothing else
done, with every work on equipment, power and records done, and with those works where they change
only what is recorded as wrong. The first tells what fails, the second what can be cured at all,
the third which rows lack a record besides: a work cures those too, and must be among the chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.run import audit_routes
from netgraph.inventory.narrowing import with_circuits_of
from netgraph.scoring import score_sites
from netgraph.scoring.results import Result
from netgraph.topology import build_network
from netgraph.upgrades.apply import CellReader, apply_actions
from netgraph.upgrades.capacities import find_capacities
from netgraph.upgrades.device_outages import outages_with_device_works
from netgraph.upgrades.model import AS_IS, Configuration, Cure, PlanModel, SiteModel
from netgraph.upgrades.routed import line_kinds, outages_of, score_routed
from netgraph.upgrades.site_units import recorded_level
from netgraph.upgrades.stopping import RequestSince

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.availability import Rates
    from netgraph.diversity.levels import Level
    from netgraph.inventory import Inventory
    from netgraph.scoring import Scores
    from netgraph.upgrades.action import Action, Change, Kind
    from netgraph.upgrades.routed import Routed
    from netgraph.upgrades.settings import Settings


_SWITCHING_ITEM = "UP1"


def build_model(  # noqa: PLR0913 - what is known of the network, and four keywords
    audit: Audit, scores: Scores, actions: Sequence[Action], settings: Settings,
    sites: Sequence[str], *, rates: Rates | None = None,
    routed: Mapping[Kind, Routed] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PlanModel:  # fmt: skip
    """Reckon what every action and bundle of actions buys each site.

    Parameters
    ----------
    audit, scores
        Of the inventory as it is.
    sites
        Site ids whose benefit counts.
    routed
        What :func:`score_routed` gave for these works, so that it is not done again.
    rates
        Failure rates: with them, outage minutes avoided are a part of the benefit.

    Returns
    -------
    PlanModel
        Exact as long as the works are chosen within its capacities. Where somebody asks to stop
        meanwhile, works of the kinds not weighed yet buy nothing, and are not chosen. Cost: up to
        three audits and scorings for each kind of work on the line.
    """
    index = audit.network.places.index
    places = [place for site in sites if (place := index.find(site)) is not None]
    bench = _Bench(audit, scores, tuple(actions), rates, routed or {}, places)
    kinds = line_kinds(actions)
    found: dict[str, list[Configuration]] = {site: [] for site in sites}
    request = RequestSince()
    for done, kind in enumerate((None, *kinds)):
        if progress:
            progress(done, len(kinds) + 1)
        if kind is not None and request.is_made:
            break
        for site, configuration in bench.configurations(kind, sites):
            found[site].append(configuration)
    number_of = {action.id: number for number, action in enumerate(actions)}
    rivals: dict[str, list[int]] = {}
    for number, action in enumerate(actions):
        for site in action.routed_sites:
            rivals.setdefault(site, []).append(number)
    card = scores.card
    return PlanModel(
        action_ids=tuple(action.id for action in actions),
        costs=tuple(np.nan if a.cost_yuan is None else a.cost_yuan for a in actions),
        requires=tuple(tuple(number_of[name] for name in a.requires) for a in actions),
        exclusive=tuple(tuple(group) for group in rivals.values() if len(group) > 1),
        capacities=find_capacities(audit, card, actions),
        sites=tuple(
            SiteModel(
                site, settings.tier_weight.get(bench.tier(site), 0.0), bench.full_marks(site),
                tuple(configurations),
            )
            for site, configurations in found.items()
            if configurations
        ),
        grades=tuple(sorted(g.min_pct for g in card.grades if g.min_pct > 0)),
        grade_weight=settings.grade,
        point_weight=settings.point,
        minute_weight=settings.outage_minute,
        outages_with=outages_with_device_works(audit, rates, actions) if rates else {},
    )  # fmt: skip


@dataclass(frozen=True)
class _Scored:
    """Scores of one variant, its levels and outages by place: (minutes a year, faults)."""

    scores: Scores
    levels: Mapping[int, Level]
    outages: Mapping[int, tuple[float, float]]

    def outage(self, place: int) -> tuple[float, float]:
        """Minutes a year and faults a month of a site; NaN where not known."""
        return self.outages.get(place, (np.nan, np.nan))


@dataclass(frozen=True)
class _Three:
    """Scored with nothing else done, with everything, and with known wrongs put right."""

    bare: _Scored
    whole: _Scored
    stated: _Scored


class _Bench:
    """Scores variants of one inventory."""

    def __init__(
        self, audit: Audit, scores: Scores, actions: tuple[Action, ...], rates: Rates | None,
        routed: Mapping[Kind, Routed], places: Collection[int],
    ) -> None:  # fmt: skip
        self._routed, self._places = routed, places
        self._audit, self._card, self._rates = audit, scores.card, rates
        self._actions = actions
        known = set(audit.network.inventory.table("circuits")["id"].tolist())
        self._works = tuple(_of_circuits(known, a) for a in actions if not a.is_line_work)
        #: Row to the works that change it, and the columns that each gives a new value.
        self._row_actions: dict[str, dict[int, list[Change]]] = {}
        self._works_at: dict[str, list[int]] = {}
        for number, action in enumerate(actions):
            if not action.is_line_work:
                for change in action.changes:
                    able = self._row_actions.setdefault(change.row, {})
                    able.setdefault(number, []).append(change)
                for site in action.sites:
                    self._works_at.setdefault(site, []).append(number)
        #: Whether a work cures a row for an item: works in offices stand behind thousands of sites.
        self._known: dict[tuple[int, str, str], bool] = {}
        self._columns = {
            item.id: frozenset(name.partition(".")[::2] for name in item.evidence)
            for item in scores.card.items
        }
        self._cells = CellReader(audit.network.inventory)
        self._stated = tuple(_stated(self._cells, work) for work in self._works)
        places = audit.network.places.ids
        self._score = {str(places[p]): score for p, score in scores.by_place.items()}
        levels = {place: recorded_level(audit, place) for place in self._places}
        self._as_is = _Scored(scores, levels, outages_of(audit, rates))
        a_ends = audit.network.circuits.a
        self._circuits = np.bincount(a_ends[a_ends >= 0], minlength=len(places))

    def tier(self, site: str) -> str:
        """Tier of a site."""
        return self._score[site].tier if site in self._score else ""

    def full_marks(self, site: str) -> int:
        """Full marks of a site."""
        return self._score[site].full_marks if site in self._score else 0

    def configurations(
        self, kind: Kind | None, sites: Iterable[str]
    ) -> Iterable[tuple[str, Configuration]]:
        """Give each site its configuration on the routes that works of a kind make."""
        line_of = {
            site: number
            for number, action in enumerate(self._actions)
            if action.kind is kind
            for site in action.routed_sites
        }
        three = self._score_three(kind)
        index = self._audit.network.places.index
        for site in sites:
            place = index.find(site)
            if place is None or place not in three.bare.scores.by_place:
                continue
            if kind is None or site in line_of:
                yield site, self._configuration(site, place, line_of.get(site, AS_IS), three)

    def _score_three(self, kind: Kind | None) -> _Three:
        inventory, places = self._audit.network.inventory, self._places
        bare = self._as_is
        if kind is not None:
            routed = self._routed.get(kind)
            if routed is None:
                lines = [action for action in self._actions if action.kind is kind]
                routed = score_routed(self._audit, self._card, lines, self._rates)[kind]
            inventory, places = routed.inventory, list(routed.levels)
            bare = _Scored(routed.scores, routed.levels, routed.outages)
        whole = self._scored(inventory, self._works, places, with_outages=True)
        pairs = zip(self._stated, self._works, strict=True)
        if all(stated is work for stated, work in pairs):
            return _Three(bare, whole, whole)
        if kind is not None:  # of these nothing but the scores is asked for
            ids = self._audit.network.places.ids
            inventory = with_circuits_of(inventory, [str(ids[place]) for place in places])
        return _Three(bare, whole, self._scored(inventory, self._stated, places))

    def _scored(
        self, inventory: Inventory, works: Iterable[Action], places: Collection[int], *,
        with_outages: bool = False,
    ) -> _Scored:  # fmt: skip
        known = set(inventory.table("circuits")["id"].tolist())
        done = apply_actions(inventory, [_of_circuits(known, work) for work in works])
        audit = audit_routes(build_network(done), self._audit.rules)
        outages = outages_of(audit, self._rates) if with_outages else {}
        return _Scored(score_sites(audit, self._card, sites=places), {}, outages)

    def _configuration(self, site: str, place: int, line: int, three: _Three) -> Configuration:
        bare, whole, stated = (
            variant.scores.by_place[place] for variant in (three.bare, three.whole, three.stated)
        )
        marks = {item.id: item.points.get(bare.tier, 0) for item in self._card.items}
        switched = self._avoided(place, three.bare, three.whole)
        cures = []
        for item, result in bare.items.items():
            is_open = result.result in {Result.FAIL, Result.UNKNOWN}
            if not is_open or whole.items[item].result is not Result.PASS:
                continue
            rows = list(result.evidence)
            if stated.items[item].result is not Result.PASS:
                rows += stated.items[item].evidence
            needed = self._needed(item, rows) or self._everything(site)
            # Works on equipment shorten outages by switching, which is what this item asks for.
            minutes = switched if item == _SWITCHING_ITEM else 0.0
            cures.append(Cure(item, marks[item], tuple(sorted(needed)), minutes))
        minutes_year, faults_month = three.bare.outage(place)
        return Configuration(
            line=line, raw=bare.raw, applicable=bare.applicable, cures=tuple(cures),
            circuit_minutes_avoided=self._avoided(place, self._as_is, three.bare),
            level=three.bare.levels[place].value,
            minutes_year=minutes_year, faults_month=faults_month,
        )  # fmt: skip

    def _avoided(self, place: int, before: _Scored, after: _Scored) -> float:
        """Circuit minutes a year less; 0 where a figure is not known."""
        fewer = before.outage(place)[0] - after.outage(place)[0]
        return 0.0 if np.isnan(fewer) else float(fewer * self._circuits[place])

    def _needed(self, item: str, rows: Sequence[str]) -> set[tuple[int, ...]]:
        """Actions that cure each row; a row that no work changes passes already."""
        found = set()
        for row in dict.fromkeys(rows):
            able = tuple(a for a in self._row_actions.get(row, ()) if self._cures(a, row, item))
            if able:
                found.add(able)
        return found

    def _cures(self, number: int, row: str, item: str) -> bool:
        """Whether an action changes what an item reads of a row."""
        key = number, row, item
        if key not in self._known:
            self._known[key] = self._changes_what_is_read(number, row, item)
        return self._known[key]

    def _changes_what_is_read(self, number: int, row: str, item: str) -> bool:
        table, _, name = row.partition(":")
        if table == "records" or number in self._row_actions.get(f"records:{name}/{item}", ()):
            return True
        return any(
            (table, column) in self._columns[item]
            and self._cells.differs(table, name, column, value)
            for change in self._row_actions[row][number]
            for column, value in change.values.items()
        )

    def _everything(self, site: str) -> set[tuple[int, ...]]:
        """Every work that serves the site: for an item whose rows do not tell what cures it."""
        return {(number,) for number in self._works_at.get(site, ())}


def _of_circuits(known: Collection[str], action: Action) -> Action:
    """Keep of a work what it changes about these circuits, and everything else."""
    changes = tuple(c for c in action.changes if c.table != "circuits" or c.row_id in known)
    return action if len(changes) == len(action.changes) else replace(action, changes=changes)


def _stated(cells: CellReader, action: Action) -> Action:
    """Keep of a work what changes cells that are recorded; the work itself where that is all."""
    changes: list[Change] = []
    is_whole = True
    for change in action.changes:
        values = {
            column: value
            for column, value in change.values.items()
            if cells.find(change.table, change.row_id, column) is not None
        }
        if len(values) == len(change.values):
            changes.append(change)
            continue
        is_whole = False
        if values:
            changes.append(replace(change, values=values))
    return action if is_whole else replace(action, changes=tuple(changes))
