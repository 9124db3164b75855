"""Turn rings of new plant into works: the plant once, with the second routes of all its sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.topology import build_network
from netgraph.upgrades.action import Action, Addition, Kind, Survey
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.line_works import LineBench, PlantRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.upgrades.prices import Prices
    from netgraph.upgrades.routing import NewSpan, RingWork
    from netgraph.upgrades.settings import Settings


@dataclass(frozen=True)
class RingWorks:
    """Works of new plant, and the sites for which no recorded route can stay beside it."""

    actions: tuple[Action, ...]
    without_route: tuple[str, ...]


def propose_ring_works(
    audit: Audit, rings: Sequence[RingWork], prices: Prices, settings: Settings, *,
    search_seconds: float = 3.0,
) -> RingWorks:  # fmt: skip
    """Give every site of a ring the cheapest second route through the new plant.

    One recorded route stays, as with every work on the line; each ring uses its own new spans
    only, so that it can be built by itself. O(one audit), and a shortest route a site.
    """
    spans = {span.id: span for ring in rings for span in ring.spans}
    if not spans:
        return RingWorks((), ())
    extended = audit_routes(
        build_network(apply_actions(audit.network.inventory, [_only_plant(spans.values())])),
        audit.rules,
    )
    index = extended.network.places.index
    wanted = {index.find(route.site_id) for ring in rings for route in ring.routes} - {None}
    places = sorted(place for place in wanted if place is not None)
    achievable = find_achievable(extended, seconds=search_seconds, sites=places)
    bench = LineBench(extended, achievable, prices, settings)
    lost: list[str] = []
    for ring in rings:
        own = {span.id for span in ring.spans}
        shut = _elements(extended, [name for name in spans if name not in own])
        seconds = []
        for route in ring.routes:
            place = index.find(route.site_id)
            answers: Sequence[LayerAnswer] = ()
            if place is not None:
                answers = achievable.answers["spans"].get(place, ())
            found = None
            if place is not None and len(answers) == 1:
                found = bench.routes.find(place, answers[0], with_spans=True, shut=shut)
            if place is None or found is None:
                lost.append(route.site_id)
            else:
                seconds.append((place, found))
        if seconds:
            bench.add_ring(ring, seconds, _plant_rows(ring.spans, prices))
    return RingWorks(tuple(bench.actions()), tuple(dict.fromkeys(lost)))


def _elements(audit: Audit, span_ids: Sequence[str]) -> list[int]:
    network = audit.network
    rows = network.spans.index.positions(np.array(span_ids, dtype=object))
    return [int(element) for element in network.elements.number("spans", rows)]


def _span_row(span: NewSpan) -> Addition:
    return Addition("spans", {
        "id": span.id, "from_id": span.from_id, "to_id": span.to_id, "medium": span.medium,
        "trench_id": span.trench_id, "length_m": round(span.length_m, 3), "owner": "operator",
        "status": "in_service", "geometry": span.geometry,
    })  # fmt: skip


def _only_plant(spans: Iterable[NewSpan]) -> Action:
    """Make an action that builds spans and nothing else."""
    rows = tuple(_span_row(span) for span in spans)
    return Action("", Kind.NEW_PLANT, "", {}, None, (), additions=rows)


def _plant_rows(spans: Sequence[NewSpan], prices: Prices) -> PlantRows:
    metres: dict[str, float] = {}
    for span in spans:
        metres[span.medium] = round(metres.get(span.medium, 0.0) + span.length_m, 3)
    costs = [span.cost_yuan for span in spans]
    known = [cost for cost in costs if cost is not None and not np.isnan(cost)]
    survey = [Survey.DEFAULT_PRICE] if prices.is_default else []
    if any(span.is_generated for span in spans):
        survey.append(Survey.GENERATED_CORRIDOR)
    return PlantRows(
        tuple(_span_row(span) for span in spans),
        metres,
        float(sum(known)) if len(known) == len(costs) else None,
        tuple(survey),
    )
