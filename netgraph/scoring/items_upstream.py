"""Items about upstream equipment and offices that the ledgers decide (UP), spares and crew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.fact_base import areas
from netgraph.scoring.items_site import flags, younger_than
from netgraph.scoring.ledger import NOT_ASKED, as_facts
from netgraph.scoring.ragged import kept
from netgraph.scoring.results import (
    FAIL,
    FAILS,
    HOLDS,
    NOT_APPLICABLE,
    OPEN,
    PASS,
    UNKNOWN,
    Facts,
    Judged,
    all_hold,
    all_of,
    three_valued,
)
from netgraph.scoring.rooms import room_facts
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from netgraph.inventory import Table
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.items_site import Judge
    from netgraph.scoring.results import Values
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Csr, Ints


def office_power(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP5: every access office has two feeds, or one feed, a battery and a generator."""
    return _offices(sites, sites.access_offices, "UP5", _office_powered)


def aggregation_monitored(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP6: power and environment are monitored at the aggregation offices.

    An office without a role may be one.
    """
    offices, role = sites.offices, sites.network.places.role[sites.offices.indices]
    aggregation = kept(offices, role == "aggregation")
    bare = kept(offices, role == "")
    has_none = (aggregation.counts == 0) & (bare.counts == 0) & (offices.counts > 0)
    has_none &= sites.routes_are_known & sites.plant_is_known
    told = has_none[offices.owners]
    facts = [
        *room_facts(sites, aggregation, "UP6", flags("env_monitored")),
        Facts.alike(bare.owners, sites.office_numbers(bare.indices)), sites.unknown_routes,
    ]  # fmt: skip
    return all_hold(len(sites), facts).replaced(
        has_none, NOT_APPLICABLE, offices.owners[told], sites.office_numbers(offices.indices[told])
    )


def grounding(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP7: grounding and lightning protection to rule."""
    facts = sites.device_facts(sites.transport, "UP7", flags("grounding_ok"))
    return all_hold(len(sites), [facts, *sites.open_ends])


def manageable(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP8: everything end to end is manageable, the CPE included."""
    return _end_to_end(sites, "UP8", flags("manageable"))


def alarms(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP9: everything end to end has alarms, the CPE included."""
    return _end_to_end(sites, "UP9", flags("alarms"))


def _end_to_end(sites: SiteFacts, item: str, judge: Judge) -> Judged:
    """One fact a network element, the CPE included."""
    facts = sites.device_facts(sites.all_devices, item, judge)
    return all_hold(len(sites), [facts, *sites.open_ends, sites.open_cpe])


def in_nms(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP10: every circuit is watched by the network management platform."""
    return _of_circuits(sites, "UP10", flags("in_nms"))


def access_technology(sites: SiteFacts, card: Scorecard) -> Judged:
    """UP13: the leased line comes in by one of the accepted technologies."""

    def judge(table: Table, rows: Ints) -> Values:
        techs = table["access_tech"][rows].tolist()
        accepted = {tech: tech.strip().upper() in card.access_techs for tech in set(techs)}
        told = [accepted[tech] if tech else OPEN for tech in techs]
        return np.array(told, dtype=np.int8)

    return _of_circuits(sites, "UP13", judge)


def _of_circuits(sites: SiteFacts, item: str, judge: Judge) -> Judged:
    table = sites.circuits
    owner, rows = table.owners, sites.network.circuits.rows[table.indices]
    values, numbers = sites.base.judged(
        "circuits", item, rows, judge,
        lambda at: [subjects[owner[at]] for subjects in sites.scopes],
    )  # fmt: skip
    return all_hold(len(sites), [Facts(owner, values, numbers)])


def upstream_age(sites: SiteFacts, card: Scorecard) -> Judged:
    """UP11: the oldest transport element is younger than the limit."""
    judge = younger_than(card.max_age_years, sites.base.inventory.snapshot_date)
    facts = sites.device_facts(sites.transport, "UP11", judge)
    return all_hold(len(sites), [facts, *sites.open_ends])


def office_rooms(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """UP12: every office room on the routes meets the rule."""
    return _offices(sites, sites.offices, "UP12", flags("room_ok"))


def spares(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """SP1: spares recorded for the site and for every office on the routes."""
    every = np.arange(len(sites))
    records, numbers = sites.stated("SP1", every)
    own = Facts(every, as_facts(records), numbers)
    return all_hold(len(sites), [own, _spares_at(sites, sites.offices), sites.unknown_routes])


def _spares_at(sites: SiteFacts, offices: Csr) -> Facts:
    """One fact an office."""
    ledger, table = sites.base.ledger, sites.base.inventory.table("offices")
    each, back = np.unique(sites.network.places.rows[offices.indices], return_inverse=True)
    records, whose = ledger.nearest("SP1", [table["id"][each], *areas(table, each)])
    named = np.where(whose == "", table["id"][each], whose).tolist()
    numbers = sites.base.names.words(f"records:{subject}/SP1" for subject in named)
    return Facts(offices.owners, as_facts(records)[back], numbers[back])


def recorded(sites: SiteFacts, item: str) -> Judged:
    """IN1, IN2 and items of the user's own: the nearest record decides."""
    every = np.arange(len(sites))
    records, numbers = sites.stated(item, every)
    return Judged(results_of(records), csr_of_pairs(every, numbers, len(sites)))


def results_of(records: Values) -> Values:
    """Results that records state; unknown where there is none."""
    results = np.full(len(records), UNKNOWN, dtype=np.int8)
    for record, result in ((HOLDS, PASS), (FAILS, FAIL), (NOT_ASKED, NOT_APPLICABLE)):
        results[records == record] = result
    return results


def _offices(sites: SiteFacts, offices: Csr, item: str, judge: Judge) -> Judged:
    """One fact an office, or a room of it where the routes' equipment names rooms."""
    parts = room_facts(sites, offices, item, judge)
    return all_hold(len(sites), [*parts, sites.unknown_routes])


def _office_powered(table: Table, rows: Ints) -> Values:
    """Two feeds, or one feed with a battery and a generator; unknown feeds are unknown."""
    feeds, hours = table["power_feeds"][rows], table["battery_hours"][rows]
    battery = np.where(np.isnan(hours), OPEN, hours > 0)
    backup = all_of([battery, three_valued(table["generator"][rows])])
    enough = np.where(feeds == 1, backup, np.where(feeds >= 2, HOLDS, FAILS))
    return np.where(np.isnan(feeds), OPEN, enough).astype(np.int8)
