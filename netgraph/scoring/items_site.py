"""Items about the customer's premises and the operator's equipment there (CE, CPE)."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np

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
    any_of,
    three_valued,
)
from netgraph.topology.csr import csr_of_pairs, gather_positions
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from numpy.typing import NDArray

    from netgraph.inventory import Table
    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.results import Values
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Csr, Ints

    Judge = Callable[[Table, Ints], Values]


def two_entrances(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001 - one signature for all items
    """CE1: two cables enter by different first structures and different first spans."""
    network = sites.network
    home = network.places.home[sites.places]
    cables = _cables_into(sites, home)
    point, span = _entrances(sites, cables, home)
    result = np.full(len(sites), UNKNOWN, dtype=np.int8)
    owner: list[int] = []
    named: list[int] = []
    bounds, numbers = cables.indptr.tolist(), sites.numbers("cables", cables.indices).tolist()
    ways = list(zip(point.tolist(), span.tolist(), strict=True))
    for site, (low, high) in enumerate(pairwise(bounds)):
        known = [k for k in range(low, high) if ways[k][0] >= 0]
        apart = next(
            (
                (first, second) for first, second in combinations(known, 2)
                if ways[first][0] != ways[second][0] and ways[first][1] != ways[second][1]
            ),
            None,
        )  # fmt: skip
        told = range(low, high) if apart is None else apart
        if apart is not None:
            result[site] = PASS
        elif len(known) == high - low > 0:
            result[site] = FAIL
        owner += [site] * len(told)
        named += [numbers[k] for k in told]
    bare = np.flatnonzero(cables.counts == 0)
    return Judged(
        result,
        csr_of_pairs(
            np.concatenate([np.array(owner, dtype=np.int64), bare]),
            np.concatenate([
                np.array(named, dtype=np.int64), sites.numbers("sites", sites.rows[bare])
            ]),
            len(sites),
        ),
    )  # fmt: skip


def _cables_into(sites: SiteFacts, home: Ints) -> Csr:
    """Cables that end in the building of each site and do not stay in it, each once."""
    network, table = sites.network, sites.base.cables_at
    positions, owner = gather_positions(table, home)
    cables = table.indices[positions]
    indoors = network.elements.home[network.elements.offset["cables"] + cables] == home[owner]
    owner, cables = owner[~indoors], cables[~indoors]
    _, first = np.unique(owner * len(network.cables) + cables, return_index=True)
    first.sort()
    return csr_of_pairs(owner[first], cables[first], len(sites))


def _entrances(sites: SiteFacts, into: Csr, home: Ints) -> tuple[Ints, Ints]:
    """First structure and first span outside the building of each cable; -1 if not recorded.

    The structure is the entrance that the span begins at, or the first point outside.
    """
    cables, places = sites.network.cables, sites.network.places
    cable, building = into.indices, home[into.owners]
    at_start = (cables.a[cable] >= 0) & (places.home[cables.a[cable]] == building)
    # Steps run from A to B, unless they are recorded the other way; and then from the building.
    is_turned = cables.walk.is_backwards[cable] == at_start
    at, way = gather_positions(cables.spans, cable)
    low, count = cables.spans.indptr[cable], cables.spans.counts[cable]
    at = np.where(is_turned[way], 2 * low[way] + count[way] - 1 - at, at)
    near, far = cables.walk.entry[at], cables.walk.exit_[at]
    near, far = np.where(at_start[way], (near, far), (far, near))
    outside = np.flatnonzero(cables.is_complete[cable][way] & (places.home[far] != building[way]))
    ways, first = np.unique(way[outside], return_index=True)
    step = outside[first]
    point, span = np.full((2, len(cable)), -1, dtype=np.int64)
    is_entrance = places.kind[near[step]] == STRUCTURE
    point[ways] = np.where(is_entrance, near[step], far[step])
    span[ways] = cables.spans.indices[at[step]]
    return point, span


def reliable_power(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """CE2: two feeds, or one feed and a UPS or generator."""
    return _of_site(sites, "CE2", _powered)


def _powered(table: Table, rows: Ints) -> Values:
    feeds = table["power_feeds"][rows]
    backup = any_of([three_valued(table[name][rows]) for name in ("ups", "generator")])
    enough = np.where(feeds >= 2, HOLDS, np.where(feeds == 1, backup, FAILS))
    return np.where(np.isnan(feeds), OPEN, enough).astype(np.int8)


def site_room(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """CE3: the customer's room is in order."""
    return _of_site(sites, "CE3", flags("room_ok"))


def _of_site(sites: SiteFacts, item: str, judge: Judge) -> Judged:
    values, numbers = sites.base.judged("sites", item, sites.rows, judge)
    return all_hold(len(sites), [Facts(np.arange(len(sites)), values, numbers)])


def flags(*columns: str) -> Judge:
    """Judge rows by columns that all have to be true."""
    return lambda table, rows: all_of([three_valued(table[name][rows]) for name in columns])


def cpe_standby(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """CPE1: control, cross-connect and line boards 1+1."""
    return _cpe(sites, "CPE1", flags("hot_standby"))


def cpe_manageable(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """CPE2: remotely manageable."""
    return _cpe(sites, "CPE2", flags("manageable"))


def cpe_age(sites: SiteFacts, card: Scorecard) -> Judged:
    """CPE3: younger than the age limit at the snapshot date."""
    return _cpe(sites, "CPE3", younger_than(card.max_age_years, sites.base.inventory.snapshot_date))


def cpe_room(sites: SiteFacts, card: Scorecard) -> Judged:  # noqa: ARG001
    """CPE4: room, cabling and labels in order."""
    return _cpe(sites, "CPE4", flags("room_ok", "labels_ok"))


def _cpe(sites: SiteFacts, item: str, judge: Judge) -> Judged:
    """Judge the operator's CPE.

    Without any: not applicable only if the customer's own is recorded, and no other.
    """
    found = all_hold(len(sites), [sites.device_facts(sites.cpe, item, judge)])
    own, none = sites.customer_cpe, sites.cpe.counts == 0
    is_customers = none & (own.counts > 0) & sites.routes_are_known
    bare = np.flatnonzero(none & ~is_customers)
    told = is_customers[own.owners]
    result = np.where(is_customers, NOT_APPLICABLE, UNKNOWN)
    return found.replaced(
        none, result.astype(np.int8),
        np.concatenate([own.owners[told], bare]),
        np.concatenate([
            sites.numbers("equipment", own.indices[told]), sites.numbers("sites", sites.rows[bare])
        ]),
    )  # fmt: skip


def younger_than(limit_years: int, snapshot: date | None) -> Judge:
    """Judge equipment by its age at the snapshot date; a date in the future is no evidence."""

    def judge(table: Table, rows: Ints) -> Values:
        installed = table["installed"][rows].astype("datetime64[D]")
        if snapshot is None:
            return np.full(len(rows), OPEN, dtype=np.int8)
        is_known = ~np.isnat(installed) & (installed <= np.datetime64(snapshot))
        year, in_year = _day_of_year(installed)
        this_year, today = _day_of_year(np.array([snapshot], dtype="datetime64[D]"))
        is_younger = this_year - year - (today < in_year) < limit_years
        return np.where(is_known, is_younger, OPEN).astype(np.int8)

    return judge


def _day_of_year(days: NDArray[np.datetime64]) -> tuple[Ints, Ints]:
    """Years, and numbers that grow from day to day of a year, the same in every year."""
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    in_year = 32 * (months - years).astype(np.int64) + (days - months).astype(np.int64)
    return years.astype(np.int64), in_year
