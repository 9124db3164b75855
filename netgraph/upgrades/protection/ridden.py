"""Planned routes on links, cables and spans, told by ids: what works on the line begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.upgrades.protection.layered.plant import BUILD
from netgraph.upgrades.protection.new_parts import new_parts
from netgraph.upgrades.routing import GuideRoutes, RiddenStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.upgrades.protection.layered.refine import Refined, Step
    from netgraph.upgrades.protection.model import ProtectionModel

_TABLES = ("links", "cables", "spans")


def ridden_routes(
    model: ProtectionModel, refined: Refined, demands: Iterable[int]
) -> tuple[GuideRoutes, ...]:
    """Tell the routes of some demands by ids; of those that have two."""
    ids = model.audit.network.places.ids
    return tuple(
        GuideRoutes(
            str(ids[model.site[demand]]),
            tuple(str(ids[place]) for place in model.b_ends[demand]),
            *(_told(model, route) for route in refined.routes[demand]),
        )
        for demand in demands
        if demand in refined.routes
    )


def _told(model: ProtectionModel, route: Sequence[Step]) -> tuple[RiddenStep, ...]:
    network = model.audit.network
    tables = network.links, network.cables, network.spans
    found: list[RiddenStep] = []
    for step in route:
        if step.kind != BUILD:
            name = str(tables[step.kind].ids[step.item])
            found.append(RiddenStep(_TABLES[step.kind], name, step.is_reversed))
            continue
        spans = new_parts(model, step.item).spans
        found += [
            RiddenStep("spans", span.id, step.is_reversed)
            for span in (spans[::-1] if step.is_reversed else spans)
        ]
    return tuple(found)
