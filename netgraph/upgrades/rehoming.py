"""Re-homing: a second centre for the circuits of a site that cannot have two routes to the first.

The second home is recorded with the circuits (`b2_id`), so that an assessment judges them by it. It
stands in another building on record: a centre where the customer ends other circuits, or a core
office. Several are tried, and the cheapest with which the site reaches its required level is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.levels import Level
from netgraph.inventory.narrowing import with_circuits_of
from netgraph.topology import build_network
from netgraph.topology.plant import straight_m
from netgraph.upgrades.action import Action, Change, Kind
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.line_bench import LineBench
from netgraph.upgrades.line_drafts import LineOrder
from netgraph.upgrades.site_units import needy_units
from netgraph.upgrades.stopping import is_stop_asked

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.action import Reason
    from netgraph.upgrades.line_drafts import UnitRoutes
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.settings import Settings
    from netgraph.upgrades.site_units import Unit

#: Second centres that are tried for a site [D].
_TRIED = 3


@dataclass(frozen=True)
class _Offer:
    """What one site could do with one second centre."""

    place: int
    centre: str
    found: tuple[UnitRoutes, ...]


def propose_rehoming(
    audit: Audit, places: Collection[int], prices: Prices, settings: Settings,
    tiers: Sequence[str], reason: Reason, *, search_seconds: float = 3.0,
) -> list[Action]:  # fmt: skip
    """Propose a second home for sites that no cheaper work brings to the level required.

    Parameters
    ----------
    places
        Sites (places). One whose circuits back each other up to different centres, or have a
        second home already, gets none.
    reason
        Why no cheaper kind is enough.

    Returns
    -------
    list of Action
        One a site at most, and the new links that several share. O(audits), one a centre tried.
    """
    wanted = {place: needy_units(audit, place, tiers[place]) for place in sorted(places)}
    offers = {
        place: second_centres(audit, place, units)
        for place, units in wanted.items()
        if units and all(len(unit.ends) == 1 and len(unit.ends[0]) == 1 for unit in units)
    }
    best: dict[int, tuple[float, int]] = {}
    benches: list[tuple[LineBench, dict[int, _Offer]]] = []
    for turn in range(_TRIED):
        homes = {place: found[turn] for place, found in offers.items() if turn < len(found)}
        if not homes or is_stop_asked():
            break
        bench, made = _try(audit, wanted, homes, (prices, settings), tiers, search_seconds)
        for place, offer in made.items():
            cost = bench.priced(_order(reason, offer), place, offer.found)
            if place not in best or cost < best[place][0]:
                best[place] = cost, turn
        benches.append((bench, made))
    for place, (_, turn) in sorted(best.items()):
        bench, made = benches[turn]
        bench.add_site(_order(reason, made[place]), place, made[place].found)
    every = [action for bench, _ in benches for action in bench.actions()]
    return list({action.id: action for action in every}.values())


def _order(reason: Reason, offer: _Offer) -> LineOrder:
    return LineOrder(Kind.RE_HOME, reason, offer.centre)


def second_centres(audit: Audit, place: int, units: Sequence[Unit]) -> list[str]:
    """Ids of places that could be a second home, the best first.

    Other centres of the same customer come first, then core offices; the near before the far.
    All stand in recorded buildings other than those of the centres of today.
    """
    network = audit.network
    places, circuits = network.places, network.circuits
    today = {end for unit in units for ends in unit.ends for end in ends}
    if any(places.building[end] < 0 for end in today):
        return []
    customers = network.inventory.table("circuits")["customer_id"]
    mine = {customers[c] for unit in units for c in unit.circuits}
    theirs = np.isin(customers, list(mine))
    ends = np.unique(np.concatenate([circuits.b[theirs], circuits.b2[theirs]]))
    core = np.flatnonzero(places.role == "core")
    is_theirs = np.isin(np.arange(len(places)), ends)
    found = np.union1d(ends[ends >= 0], core).astype(np.int64)
    shut = places.home[[place, *today]]
    found = found[
        places.is_in_service[found] & (places.building[found] >= 0)
        & ~np.isin(places.home[found], shut)
    ]  # fmt: skip
    planar = network.inventory.crs == ""
    metres = straight_m(places, np.full(len(found), place), found, planar=planar)
    order = np.lexsort((found, np.nan_to_num(metres, nan=np.inf), ~is_theirs[found]))
    return [str(places.ids[p]) for p in found[order].tolist()[:_TRIED]]


def _try(
    audit: Audit, wanted: Mapping[int, Sequence[Unit]], homes: Mapping[int, str],
    drawing: tuple[Prices, Settings], tiers: Sequence[str], search_seconds: float,
) -> tuple[LineBench, dict[int, _Offer]]:  # fmt: skip
    """Give each site one second home on paper, and look for two routes."""
    ids = audit.network.circuits.ids
    changes = tuple(
        Change("circuits", str(ids[circuit]), {"b2_id": centre})
        for place, centre in homes.items()
        for unit in wanted[place]
        for circuit in unit.circuits
    )
    paper = Action("", Kind.RE_HOME, "", {}, None, (), changes=changes)
    mine = with_circuits_of(
        audit.network.inventory, [str(audit.network.places.ids[place]) for place in homes]
    )
    homed = audit_routes(build_network(apply_actions(mine, [paper])), audit.rules)
    achievable = find_achievable(homed, seconds=search_seconds, sites=sorted(homes))
    bench = LineBench(homed, achievable, *drawing)
    offers = {}
    for place, centre in homes.items():
        units = needy_units(homed, place, tiers[place])
        for layer in ("cables", "spans"):
            if not _reaches(achievable, homed, (place, tiers[place]), layer, units):
                continue
            found = bench.find(place, units, layer)
            if found:
                offers[place] = _Offer(place, centre, tuple(found))
                break
    return bench, offers


def _reaches(
    achievable: Achievable, audit: Audit, site: tuple[int, str], layer: str,
    units: Sequence[Unit],
) -> bool:  # fmt: skip
    """Whether the searches promise every unit the level that its tier requires."""
    place, tier = site
    levels = {a.b_ends: a.level for a in achievable.answers[layer].get(place, ())}
    found = [levels.get(unit.ends[0], "") for unit in units]
    return bool(found) and all(
        level in set(Level) and audit.rules.meets(Level(level), tier) for level in found
    )
