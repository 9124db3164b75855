"""Turn rings of new plant into works: the plant once, with the second routes of all its sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.inventory.narrowing import with_circuits_of
from netgraph.topology import build_network
from netgraph.upgrades.action import Action, Addition, Kind, Reason, Survey
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.guides import guides_of
from netgraph.upgrades.line_bench import LineBench
from netgraph.upgrades.line_drafts import LineOrder, PlantRows
from netgraph.upgrades.ring_order import in_order
from netgraph.upgrades.site_units import needy_units
from netgraph.upgrades.stopping import RequestSince

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.inventory import Inventory
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.routing import RingWork
    from netgraph.upgrades.settings import Settings


@dataclass(frozen=True)
class RingWorks:
    """Works of new plant, and the sites for which no recorded route can stay beside it."""

    actions: tuple[Action, ...]
    without_route: tuple[str, ...]


def propose_ring_works(
    audit: Audit, rings: Sequence[RingWork], prices: Prices, settings: Settings,
    tiers: Sequence[str], *, search_seconds: float = 3.0,
    progress: Callable[[int, int], None] | None = None,
) -> RingWorks:  # fmt: skip
    """Give every site of a ring the cheapest second route through the new plant.

    One recorded route stays, as with every work on the line; each ring uses its own new spans
    only, so that it can be built by itself. O(one audit), and a shortest route a site.

    Parameters
    ----------
    tiers
        Tier of each place.
    progress
        Called with the rings drawn up and all of them.
    """
    rings = [ring for ring in rings if ring.spans]  # the others are new cable in existing spans
    spans = {span.id: span for ring in rings for span in ring.spans}
    if not spans:
        return RingWorks((), ())
    rows = [row for ring in rings for row in _rows(ring)]
    mine = with_circuits_of(
        audit.network.inventory, [site_id for ring in rings for site_id in _sites(ring)]
    )
    extended = audit_routes(build_network(apply_actions(mine, [_only_plant(rows)])), audit.rules)
    index = extended.network.places.index
    wanted = {index.find(site_id) for ring in rings for site_id in _sites(ring)} - {None}
    places = sorted(place for place in wanted if place is not None)
    achievable = find_achievable(extended, seconds=search_seconds, sites=places)
    bench = LineBench(extended, achievable, prices, settings)
    guessed = _without_length(audit.network.inventory)
    bench.lay([span for ring in rings for span in ring.laid])
    guides = guides_of(extended.network, [guide for ring in rings for guide in ring.guides])
    lost: list[str] = []
    request = RequestSince()
    for done, ring in enumerate(rings):
        if progress:
            progress(done, len(rings))
        own = {span.id for span in ring.spans}
        shut = _elements(extended, [name for name in spans if name not in own])
        seconds = []
        for site_id in _sites(ring):
            if request.is_made:
                lost.append(site_id)
                continue
            place = index.find(site_id)
            units = [] if place is None else needy_units(extended, place, tiers[place])
            found = (
                bench.find(place, units, "spans", shut=shut, guides=guides)
                if place is not None
                else []
            )
            if place is None or not found:
                lost.append(site_id)
            else:
                seconds.append((place, found))
                bench.lay_along(found)
        if seconds:
            told = in_order(extended.network, ring, seconds, audit.rules)
            bench.add_ring(_order(ring), told, seconds, _plant_rows(ring, prices, guessed))
    return RingWorks(tuple(bench.actions()), tuple(dict.fromkeys(lost)))


def _sites(ring: RingWork) -> list[str]:
    """Sites that have routes on a ring, in order."""
    names = [route.site_id for route in ring.routes] + [guide.site_id for guide in ring.guides]
    return list(dict.fromkeys(names))


def _order(ring: RingWork) -> LineOrder:
    if ring.entrances:
        return LineOrder(Kind.SECOND_ENTRANCE, Reason.NOT_BY_CORRIDORS)
    return LineOrder(Kind.NEW_PLANT, Reason.NOT_IN_EXISTING_SPANS)


def _elements(audit: Audit, span_ids: Sequence[str]) -> list[int]:
    network = audit.network
    rows = network.spans.index.positions(np.array(span_ids, dtype=object))
    return [int(element) for element in network.elements.number("spans", rows)]


def _rows(ring: RingWork) -> list[Addition]:
    """Rows of the entrances and spans of a ring."""
    entrances = [
        Addition("structures", {
            "id": entrance.id, "kind": "entrance", "lon": entrance.lon, "lat": entrance.lat,
            "status": "in_service",
        })
        for entrance in ring.entrances
    ]  # fmt: skip
    return entrances + [
        Addition("spans", {
            "id": span.id, "from_id": span.from_id, "to_id": span.to_id, "medium": span.medium,
            "trench_id": span.trench_id, "length_m": round(span.length_m, 3), "owner": "operator",
            "status": "in_service", "geometry": span.geometry,
        })
        for span in ring.spans
    ]  # fmt: skip


def _only_plant(rows: Sequence[Addition]) -> Action:
    """Make an action that builds plant and nothing else."""
    return Action("", Kind.NEW_PLANT, "", {}, None, (), additions=tuple(rows))


def _without_length(inventory: Inventory) -> frozenset[str]:
    """Corridors that are neither measured nor drawn: they are taken to run straight."""
    table = inventory.table("corridors")
    bare = ~np.isfinite(table["length_m"]) & shapely.is_missing(table["geometry"])
    return frozenset(table["id"][bare].tolist())


def _plant_rows(ring: RingWork, prices: Prices, guessed: Collection[str]) -> PlantRows:
    """Sum up the plant of a ring; `guessed` are corridors of which the length is assumed."""
    quantities: dict[str, float] = {"entrance": len(ring.entrances)} if ring.entrances else {}
    for span in ring.spans:
        quantities[span.medium] = round(quantities.get(span.medium, 0.0) + span.length_m, 3)
    costs = [span.cost_yuan for span in ring.spans]
    costs += [entrance.cost_yuan for entrance in ring.entrances]
    known = [cost for cost in costs if cost is not None and not np.isnan(cost)]
    survey = [Survey.DEFAULT_PRICE] if prices.is_default else []
    if any(span.is_generated for span in ring.spans):
        survey.append(Survey.GENERATED_CORRIDOR)
    if any(span.corridor_id in guessed for span in ring.spans):
        survey.append(Survey.LENGTH_ASSUMED)
    if ring.entrances:
        survey.append(Survey.GENERATED_ENTRANCE)
    return PlantRows(
        tuple(_rows(ring)),
        quantities,
        float(sum(known)) if len(known) == len(costs) else None,
        tuple(survey),
    )
