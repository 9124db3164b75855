"""Score every site for its tier: items, points, three figures and a grade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring import items_line as line
from netgraph.scoring import items_site as premises
from netgraph.scoring import items_upstream as upstream
from netgraph.scoring.facts import FactBase
from netgraph.scoring.results import ItemResult, Result
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory import Finding
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.scorecard import Item, Scorecard

#: The rule behind each item; an item of the user's own is decided by the records alone.
ITEM_RULES: Mapping[str, Callable[[SiteFacts, Scorecard], ItemResult]] = {
    "CE1": premises.two_entrances,
    "CE2": premises.reliable_power,
    "CE3": premises.site_room,
    "CPE1": premises.cpe_standby,
    "CPE2": premises.cpe_manageable,
    "CPE3": premises.cpe_age,
    "CPE4": premises.cpe_room,
    "LN1": line.access_diverse,
    "LN2": line.access_b_diverse,
    "LN3": line.backbone_plant,
    "LN4": line.backbone_logical,
    "LN5": line.spare_cores,
    "UP1": line.protected_throughout,
    "UP2": line.services_spread,
    "UP3": line.uplink_diverse,
    "UP4": line.direct_access,
    "UP5": upstream.office_power,
    "UP6": upstream.aggregation_monitored,
    "UP7": upstream.grounding,
    "UP8": upstream.manageable,
    "UP9": upstream.alarms,
    "UP10": upstream.in_nms,
    "UP11": upstream.upstream_age,
    "UP12": upstream.office_rooms,
    "UP13": upstream.access_technology,
    "SP1": upstream.spares,
}

_RESULT_OF_RECORD = {
    "true": Result.PASS,
    "false": Result.FAIL,
    "not_applicable": Result.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class SiteScore:
    """Score of one site for its tier.

    Attributes
    ----------
    place
        Place number of the site.
    tier
        Highest tier of its circuits (its own where no circuit has one), "" if neither has.
    items
        Result of each item that the tier includes, by item id.
    raw, raw_best, applicable, known_points
        Points earned; points if every unknown passed; marks that apply; marks of known items.
    score, score_best
        Rescaled to the tier's full marks; None where nothing applies.
    """

    place: int
    tier: str
    items: Mapping[str, ItemResult]
    raw: int
    raw_best: int
    applicable: int
    known_points: int
    full_marks: int
    score: float | None
    score_best: float | None
    grade: str
    grade_best: str

    @property
    def is_provisional(self) -> bool:
        """Missing records could change the grade."""
        return self.grade != self.grade_best

    @property
    def unknown_items(self) -> int:
        """Number of items whose result is unknown."""
        return sum(item.result is Result.UNKNOWN for item in self.items.values())


@dataclass(frozen=True)
class Scores:
    """Scores of all sites (by place number) and what contradicts in the records."""

    card: Scorecard
    by_place: Mapping[int, SiteScore]
    findings: tuple[Finding, ...]


def score_sites(
    audit: Audit, card: Scorecard, progress: Callable[[int, int], None] | None = None, *,
    sites: Collection[int] | None = None,
) -> Scores:  # fmt: skip
    """Score every site in service that has a circuit.

    Parameters
    ----------
    audit, card
        The verdicts, and the scorecard.
    progress
        Called with (done, all) from time to time.
    sites
        Places of the sites to score; all when omitted.

    Returns
    -------
    Scores
        Points are all or nothing; an unknown item earns none and is flagged.
    """
    base, marked = FactBase(audit), _Marked(card)
    places = audit.network.places
    counts = base.scope.circuits.counts
    wanted = np.flatnonzero((places.kind == SITE) & places.is_in_service & (counts > 0)).tolist()
    if sites is not None:
        wanted = sorted(set(wanted) & set(sites))
    scores: dict[int, SiteScore] = {}
    for done, place in enumerate(wanted):
        scores[place] = _score(base.of_site(place), marked)
        if progress and done % 100 == 0:
            progress(done, len(wanted))
    return Scores(card, scores, tuple(sorted(base.contradictions.values())))


def tiers_of_places(audit: Audit, card: Scorecard) -> list[str]:
    """Tier of every place: of its circuits, else its own; "" for what is no site."""
    circuits, places = audit.network.circuits, audit.network.places
    own = audit.network.inventory.table("sites")["tier"]
    tiers = [""] * len(places)  # most are no sites
    for place in np.flatnonzero(places.kind == SITE).tolist():
        tiers[place] = card.highest_tier(frozenset({own[places.rows[place]]}))
    found: dict[int, set[str]] = {}
    for place, tier in zip(circuits.a.tolist(), circuits.tier, strict=True):
        if place >= 0:
            found.setdefault(place, set()).add(tier)
    for place, several in found.items():
        tiers[place] = card.highest_tier(frozenset(several)) or tiers[place]
    return tiers


class _Marked:
    """The items of a scorecard that count for each tier."""

    def __init__(self, card: Scorecard) -> None:
        self.card = card
        self._of_tier: dict[str, list[tuple[Item, int]]] = {}

    def items(self, tier: str) -> list[tuple[Item, int]]:
        """Items that a tier includes, with their marks."""
        if tier not in self._of_tier:
            marks = [(item, item.points.get(tier, 0)) for item in self.card.items]
            self._of_tier[tier] = [(item, points) for item, points in marks if points > 0]
        return self._of_tier[tier]


def _score(site: SiteFacts, marked: _Marked) -> SiteScore:
    card, tier = marked.card, _tier(site, marked.card)
    items: dict[str, ItemResult] = {}
    total = dict.fromkeys(Result, 0)
    for item, marks in marked.items(tier):
        items[item.id] = found = _judge(site, card, item)
        total[found.result] += marks
    raw, open_ = total[Result.PASS], total[Result.UNKNOWN]
    applicable = raw + total[Result.FAIL] + open_
    full = card.full_marks.get(tier, 0)
    return SiteScore(
        place=site.place,
        tier=tier,
        items=items,
        raw=raw,
        raw_best=raw + open_,
        applicable=applicable,
        known_points=applicable - open_,
        full_marks=full,
        score=raw * full / applicable if applicable else None,
        score_best=(raw + open_) * full / applicable if applicable else None,
        grade=card.grade_of(raw, applicable),
        grade_best=card.grade_of(raw + open_, applicable),
    )


def _tier(site: SiteFacts, card: Scorecard) -> str:
    circuits = site.network.circuits
    tiers = frozenset(circuits.tier[c] for c in site.circuits)
    own = site.base.inventory.table("sites")["tier"][site.row]
    return card.highest_tier(tiers) or card.highest_tier(frozenset({own}))


def _judge(site: SiteFacts, card: Scorecard, item: Item) -> ItemResult:
    rule = ITEM_RULES.get(item.id)
    if rule is None:
        return upstream.recorded(site, item.id)
    computed = rule(site, card)
    if item.id == "SP1":  # its rule reads the records itself
        return computed
    if computed.result is Result.UNKNOWN:
        found = site.base.ledger.find(item.id, site.scopes)
        # Records settle what the ledgers leave open, never what the graph leaves open.
        return computed if found is None or item.source != "record" else _stated(item, *found)
    record = site.base.ledger.passed.get((site.site_id, item.id))
    return computed if record is None else _with_record(site, item, computed, record)


def _stated(item: Item, subject: str, record: str) -> ItemResult:
    return ItemResult(_RESULT_OF_RECORD[record], (f"records:{subject}/{item.id}",))


def _with_record(site: SiteFacts, item: Item, computed: ItemResult, record: str) -> ItemResult:
    """Set a record of the very site beside what was computed; the worse result stands."""
    stated = _stated(item, site.site_id, record)
    if stated.result is computed.result:
        return computed
    site.base.contradict(site.site_id, item.id, record, computed.result.value)
    if Result.FAIL in (stated.result, computed.result):
        return ItemResult(Result.FAIL, (*stated.evidence, *computed.evidence))
    return computed
