"""Items about the customer's premises and the operator's equipment there (CE, CPE)."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from netgraph.scoring.results import (
    Fact,
    ItemResult,
    Result,
    all_hold,
    all_of,
    any_of,
    not_applicable,
    three_valued,
    unknown,
)
from netgraph.topology.places import STRUCTURE

if TYPE_CHECKING:
    from datetime import date

    from netgraph.scoring.facts import SiteFacts
    from netgraph.scoring.scorecard import Scorecard
    from netgraph.topology.csr import Ints


def two_entrances(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001 - one signature for all items
    """CE1: two cables enter by different first structures and different first spans."""
    network = site.network
    home = int(network.places.home[site.place])
    start = network.elements.offset["cables"]
    indoors = network.elements.home[start : start + len(network.cables)] == home
    cables = [int(c) for c in site.base.cables_at.row(home) if not indoors[c]]
    entrances = {c: _entrance(site, c, home) for c in dict.fromkeys(cables)}
    known = [(c, found) for c, found in entrances.items() if found is not None]
    for (first, a), (second, b) in combinations(known, 2):
        if a[0] != b[0] and a[1] != b[1]:
            both = (f"cables:{network.cables.ids[c]}" for c in (first, second))
            return ItemResult(Result.PASS, tuple(both))
    rows = tuple(f"cables:{network.cables.ids[c]}" for c in entrances)
    if len(known) < len(entrances) or not entrances:
        return unknown(*rows or (f"sites:{site.site_id}",))
    return ItemResult(Result.FAIL, rows)


def _entrance(site: SiteFacts, cable: int, home: int) -> tuple[int, int] | None:
    """First structure and first span outside the building of a cable; None if not recorded.

    The structure is the entrance that the span begins at, or the first point outside.
    """
    network = site.network
    cables, places = network.cables, network.places
    if not cables.is_complete[cable]:
        return None
    at_start = cables.a[cable] >= 0 and places.home[cables.a[cable]] == home
    rows = slice(cables.spans.indptr[cable], cables.spans.indptr[cable + 1])
    steps = list(
        zip(
            cables.spans.indices[rows].tolist(),
            cables.walk.entry[rows].tolist(),
            cables.walk.exit_[rows].tolist(),
            strict=True,
        )
    )
    if cables.walk.is_backwards[cable]:
        steps.reverse()
    if not at_start:
        steps = [(span, far, near) for span, near, far in reversed(steps)]
    for span, near, far in steps:
        if places.home[far] != home:
            return (near if places.kind[near] == STRUCTURE else far), span
    return None


def reliable_power(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """CE2: two feeds, or one feed and a UPS or generator."""
    table = site.base.inventory.table("sites")
    feeds = float(table["power_feeds"][site.row])
    backup = any_of(three_valued(float(table[name][site.row])) for name in ("ups", "generator"))
    return all_hold([site.fact(_powered(feeds, backup), "sites", site.row, "CE2")])


def _powered(feeds: float, backup: bool | None) -> bool | None:  # noqa: FBT001 - a three-valued fact
    if np.isnan(feeds):
        return None
    if feeds >= 2:
        return True
    return backup if feeds == 1 else False


def site_room(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """CE3: the customer's room is in order."""
    value = site.base.inventory.table("sites")["room_ok"][site.row]
    return all_hold([site.fact(three_valued(float(value)), "sites", site.row, "CE3")])


def cpe_standby(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """CPE1: control, cross-connect and line boards 1+1."""
    return _cpe(site, ("hot_standby",), "CPE1")


def cpe_manageable(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """CPE2: remotely manageable."""
    return _cpe(site, ("manageable",), "CPE2")


def cpe_age(site: SiteFacts, card: Scorecard) -> ItemResult:
    """CPE3: younger than the age limit at the snapshot date."""
    if not len(site.cpe):
        return _no_cpe(site)
    return all_hold(age_facts(site, site.cpe, card.max_age_years, "CPE3"))


def cpe_room(site: SiteFacts, card: Scorecard) -> ItemResult:  # noqa: ARG001
    """CPE4: room, cabling and labels in order."""
    return _cpe(site, ("room_ok", "labels_ok"), "CPE4")


def _cpe(site: SiteFacts, columns: tuple[str, ...], item: str) -> ItemResult:
    if not len(site.cpe):
        return _no_cpe(site)
    table = site.base.inventory.table("equipment")
    return all_hold(
        site.facts(
            site.cpe.tolist(),
            "equipment",
            item,
            lambda d: all_of(three_valued(float(table[name][d])) for name in columns),
        )
    )


def _no_cpe(site: SiteFacts) -> ItemResult:
    """No operator's CPE: not applicable only if the customer's own is recorded, and no other."""
    if site.customer_cpe and site.routes_are_known:
        return not_applicable(*site.customer_cpe)
    return unknown(f"sites:{site.site_id}")


def age_facts(site: SiteFacts, devices: Ints, limit_years: int, item: str) -> list[Fact]:
    """Give one fact a device: younger than the limit at the snapshot date."""
    installed = site.base.inventory.table("equipment")["installed"]
    snapshot = site.base.snapshot
    return site.facts(
        devices.tolist(),
        "equipment",
        item,
        lambda d: _is_younger(installed[d], snapshot, limit_years),
    )


def _is_younger(installed: np.datetime64, snapshot: date | None, limit_years: int) -> bool | None:
    if np.isnat(installed) or snapshot is None:
        return None
    day: date = installed.astype("datetime64[D]").item()
    if day > snapshot:
        return None  # a date in the future is no evidence
    years = snapshot.year - day.year - ((snapshot.month, snapshot.day) < (day.month, day.day))
    return years < limit_years
