"""Score every site for its tier: items, points, three figures and a grade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring import items_line as line
from netgraph.scoring import items_services as services
from netgraph.scoring import items_site as premises
from netgraph.scoring import items_upstream as upstream
from netgraph.scoring.fact_base import FactBase
from netgraph.scoring.facts import SiteFacts
from netgraph.scoring.ledger import NO_RECORD
from netgraph.scoring.results import FAIL, RESULTS, UNKNOWN
from netgraph.scoring.scores import JudgedItem, ScoredItems, Scores, add_up
from netgraph.topology.places import SITE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from numpy.typing import NDArray

    from netgraph.diversity.audit.run import Audit
    from netgraph.scoring.results import Flags, Judged
    from netgraph.scoring.scorecard import Item, Scorecard
    from netgraph.topology.csr import Ints

#: The rule behind each item; an item of the user's own is decided by the records alone.
ITEM_RULES: Mapping[str, Callable[[SiteFacts, Scorecard], Judged]] = {
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
    "UP2": services.services_spread,
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


def score_sites(
    audit: Audit, card: Scorecard, progress: Callable[[int, int], None] | None = None, *,
    sites: Collection[int] | None = None,
) -> Scores:  # fmt: skip
    """Score every site in service that has a circuit.

    Every item is judged for all sites at once; O(what the circuits of the sites use).

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
    base, places = FactBase(audit), audit.network.places
    is_scored = (places.kind == SITE) & places.is_in_service & (base.scope.circuits.counts > 0)
    if sites is not None:
        is_wanted = np.zeros(len(places), dtype=bool)
        is_wanted[list(sites)] = True
        is_scored &= is_wanted
    wanted = np.flatnonzero(is_scored)
    all_tiers = tiers_of_places(audit, card)
    tiers = [all_tiers[place] for place in wanted.tolist()]
    items = ScoredItems(
        wanted, tuple(_judge_items(base, card, wanted, tiers, progress)), base.names
    )
    findings = sorted(base.ledger.contradictions.values())
    return Scores(card, add_up(card, items, tiers), tuple(findings), items)


def tiers_of_places(audit: Audit, card: Scorecard) -> list[str]:
    """Tier of every place: of its circuits, else its own; "" for what is no site."""
    circuits, places = audit.network.circuits, audit.network.places
    names = [*(tier.id for tier in card.tiers), ""]  # the highest first
    own = np.full(len(places), len(names) - 1)
    sites = np.flatnonzero(places.kind == SITE)
    own[sites] = _ranks(audit.network.inventory.table("sites")["tier"], names)[places.rows[sites]]
    found, known = np.full(len(places), len(names) - 1), circuits.a >= 0
    np.minimum.at(found, circuits.a[known], _ranks(circuits.tier, names)[known])
    found = np.where(found == len(names) - 1, own, found)
    return list(map(names.__getitem__, found.tolist()))


def _ranks(tiers: NDArray[np.object_], names: list[str]) -> Ints:
    """Give the place of each tier among some names; the last one of any other."""
    rank = {name: place for place, name in enumerate(names)}
    return np.array([rank.get(tier, len(names) - 1) for tier in tiers.tolist()], dtype=np.int64)


def _judge_items(
    base: FactBase, card: Scorecard, places: Ints, tiers: list[str],
    progress: Callable[[int, int], None] | None,
) -> Iterator[JudgedItem]:  # fmt: skip
    """Judge each item for the sites whose tier includes it."""
    names = sorted(set(tiers))
    tier = np.array([names.index(name) for name in tiers], dtype=np.int64)
    facts: dict[bytes, tuple[Ints, SiteFacts]] = {}  # many items are asked of the same tiers
    for done, item in enumerate(card.items):
        points = np.array([item.points.get(name, 0) for name in names], dtype=np.int64)[tier]
        asked = points > 0
        if not asked.any():
            continue
        if asked.tobytes() not in facts:
            numbers = np.flatnonzero(asked)
            facts[asked.tobytes()] = numbers, SiteFacts(base, places[numbers])
        numbers, sites = facts[asked.tobytes()]
        yield JudgedItem(item.id, numbers, _judge(sites, card, item), points[numbers])
        if progress:
            progress(done, len(card.items))


def _judge(sites: SiteFacts, card: Scorecard, item: Item) -> Judged:
    rule = ITEM_RULES.get(item.id)
    if rule is None:
        return upstream.recorded(sites, item.id)
    computed = rule(sites, card)
    if item.id == "SP1" or not sites.base.ledger.of_item(item.id):  # SP1 reads the records itself
        return computed
    is_open = computed.result == UNKNOWN
    found = _with_records(sites, item.id, computed, ~is_open)
    # Records settle what the ledgers leave open, never what the graph leaves open.
    return _settled(sites, item.id, found, is_open) if item.source == "record" else found


def _settled(sites: SiteFacts, item: str, computed: Judged, is_open: Flags) -> Judged:
    """Give what the nearest records state where nothing else tells."""
    rows = np.flatnonzero(is_open)
    records, numbers = sites.stated(item, rows)
    told = records != NO_RECORD
    is_told = np.zeros(len(sites), dtype=bool)
    is_told[rows[told]] = True
    result = computed.result.copy()
    result[rows[told]] = upstream.results_of(records[told])
    return computed.replaced(is_told, result, rows[told], numbers[told])


def _with_records(sites: SiteFacts, item: str, computed: Judged, is_told: Flags) -> Judged:
    """Set a record of the very site beside what was computed; the worse result stands."""
    records = sites.base.ledger.own(item, sites.ids)
    stated = upstream.results_of(records)
    odd = is_told & (records != NO_RECORD) & (stated != computed.result)
    for row in np.flatnonzero(odd).tolist():
        sites.base.ledger.contradict(
            sites.ids[row], item, int(records[row]), RESULTS[computed.result[row]].value
        )
    fails = odd & ((stated == FAIL) | (computed.result == FAIL))
    rows, old = np.flatnonzero(fails), computed.evidence
    numbers = sites.base.names.words(f"records:{name}/{item}" for name in sites.ids[rows].tolist())
    of_these = fails[old.owners]
    return computed.replaced(
        fails, FAIL, np.concatenate([rows, old.owners[of_these]]),
        np.concatenate([numbers, old.indices[of_these]]),
    )  # fmt: skip
