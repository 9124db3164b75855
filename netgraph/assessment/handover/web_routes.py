"""Plant, routes, what they share and the best pairs, as the web page resolves them.

Everything stays factorised, circuit to links to cables to spans: the page walks down when a site
is chosen, so that a province fits into a few megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.handover.web_tables import page_units
from netgraph.report.web.model import PageBest, PageElements, PagePlant, PageRoutes
from netgraph.topology.csr import Csr, csr_of_lists, gather, unique_rows
from netgraph.topology.elements import CABLE, LOCATION, POINT, SPAN
from netgraph.topology.places import OFFICE, SITE, STRUCTURE
from netgraph.topology.routes import PROTECT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.assessment.results import Results
    from netgraph.assessment.standing import SiteStanding
    from netgraph.diversity.achievable.find import LayerAnswer
    from netgraph.diversity.audit.run import Audit
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


def page_plant(results: Results, names: Sequence[tuple[float, float, str, int]]) -> PagePlant:
    """Give the places and the plant, whole."""
    network = results.network
    places, spans, cables, links = network.places, network.spans, network.cables, network.links
    words = np.where(places.kind == OFFICE, places.role, places.structure_kind)
    words[places.kind == SITE] = "site"
    return PagePlant(
        place_ids=places.ids,
        place_names=[str(name) for name in places.names[places.kind <= SITE]],
        place_word=[str(word) for word in words],
        lon=places.lon,
        lat=places.lat,
        span_ids=spans.ids,
        span_a=spans.a,
        span_b=spans.b,
        span_medium=[str(medium) or "unknown" for medium in spans.medium],
        span_trench=spans.trench,
        span_geometry=spans.geometry,
        is_drawn=spans.is_in_service,
        cable_ids=cables.ids,
        cable_a=cables.a,
        cable_b=cables.b,
        cable_spans=cables.spans,
        link_ids=links.ids,
        link_a=links.a_place,
        link_b=links.b_place,
        is_wireless=links.is_wireless,
        legs=links.legs,
        leg_parts=_leg_parts(network),
        names=names,
    )


def _leg_parts(network: LayeredNetwork) -> Csr:
    """Leg to twice a cable, or twice a lower link plus one, in their recorded order."""
    links = network.links
    order = np.argsort(links.legs.indices, kind="stable")
    sides = (links.leg_cables, 2 * links.leg_cables.indices), (
        links.leg_carriers, 2 * links.leg_carriers.indices + 1,
    )  # fmt: skip
    owners = np.concatenate([table.owners for table, _ in sides])
    codes = np.concatenate([values for _, values in sides])
    sort = np.argsort(owners, kind="stable")
    counts = np.bincount(owners, minlength=len(links.leg_cables))
    table = Csr(np.concatenate([[0], np.cumsum(counts)]), codes[sort])
    # The page counts legs link by link: leg k of the page is entry k of `legs`.
    return table if np.array_equal(links.legs.indices, order) else _reordered(table, links.legs)


def _reordered(table: Csr, legs: Csr) -> Csr:
    values, owners = gather(table, legs.indices)
    counts = np.bincount(owners, minlength=len(legs.indices))
    return Csr(np.concatenate([[0], np.cumsum(counts)]), values)


def page_elements(results: Results) -> PageElements:
    """Give the names of what else can fail."""
    network, risks = results.network, results.audit.risks
    names = network.inventory.table("risk_groups")["name"]
    return PageElements(
        blocks={**network.elements.offset, "risks": len(network.elements)},
        trenches=[str(i) for i in network.spans.trench_ids],
        equipment=[str(i) for i in network.equipment.ids],
        rooms=[str(i) for i in network.equipment.room_ids],
        buildings=[str(i) for i in network.places.building_ids],
        risk_groups=[
            f"{names[k]} {name}" if k < len(names) and names[k] else str(name)
            for k, name in enumerate(risks.ids)
        ],
        is_suspect=np.asarray(risks.is_suspect, dtype=bool),
    )


def page_routes(results: Results) -> PageRoutes:
    """Give every circuit's routes, and what each unit shares."""
    audit, circuits = results.audit, results.network.circuits
    routes = circuits.routes
    verdicts = [audit.verdicts[unit] for unit in page_units(results)]
    return PageRoutes(
        of_circuit=csr_of_lists([circuits.routes_of(c) for c in range(len(circuits))]),
        is_protect=routes.role == PROTECT,
        links=routes.links,
        unit_circuits=csr_of_lists([verdict.circuits for verdict in verdicts]),
        unit_shared=_told(audit, [verdict.shared for verdict in verdicts]),
        unit_tolerated=_told(audit, [verdict.tolerated for verdict in verdicts]),
    )


def page_best(results: Results, standings: Sequence[SiteStanding], layer: str) -> PageBest:
    """Give the best pair of every site on "cables" or "spans"."""
    by_place = results.achievable.by_place
    answers: list[LayerAnswer | None] = [
        getattr(by_place[s.place], layer) if s.place in by_place else None for s in standings
    ]
    return PageBest(
        layer=layer,
        levels=[answer.level if answer else "" for answer in answers],
        is_connected=[bool(answer and answer.is_connected) for answer in answers],
        is_disjoint_otherwise=[
            answer.is_disjoint_otherwise if answer else None for answer in answers
        ],
        total_m=np.array([answer.total_m if answer else np.nan for answer in answers]),
        routes=csr_of_lists(
            [route for answer in answers for route in (_two_ways(answer) if answer else ((), ()))]
        ),
        shared=_told(results.audit, [a.shared if a else () for a in answers]),
        unavoidable=csr_of_lists([a.unavoidable if a else () for a in answers]),
    )


def _two_ways(answer: LayerAnswer) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Draw the second of two routes like all further ones of a group of circuits."""
    first, *others = answer.routes
    return first, tuple(dict.fromkeys(item for route in others for item in route))


def _told(audit: Audit, elements: Sequence[Sequence[int]]) -> Csr:
    """Leave out what follows from the rest; spans of a suspected trench stand for it too.

    Spans of a listed cable, points at the ends of listed spans and buildings of listed places go.
    """
    network, offset = audit.network, audit.network.elements.offset
    table = csr_of_lists(elements)
    given, owner, kind = table.indices, table.owners, audit.kind[table.indices]
    width = len(audit.kind)

    def keys(values: Ints, rows: Ints) -> Ints:
        return rows * width + values

    is_cable, is_span, is_group = kind == CABLE, kind == SPAN, given >= len(network.elements)
    is_place = (kind == LOCATION) | (kind == POINT)
    inside, cable = gather(network.cables.spans, given[is_cable] - offset["cables"])
    spans, places = given[is_span] - offset["spans"], given[is_place] - offset["places"]
    ends = np.concatenate([network.spans.a[spans], network.spans.b[spans]])
    is_outside = (ends >= 0) & (network.places.kind[ends] == STRUCTURE)
    houses = network.places.building[places]
    implied = np.sort(np.concatenate([
        keys(inside + offset["spans"], owner[is_cable][cable]),
        keys(ends[is_outside] + offset["places"], np.tile(owner[is_span], 2)[is_outside]),
        keys(houses[houses >= 0] + offset["buildings"], owner[is_place][houses >= 0]),
    ]))  # fmt: skip
    groups, group_owner = given[is_group] - len(network.elements), owner[is_group]
    is_suspect = audit.risks.is_suspect[groups]
    members, group = gather(audit.risk_members, groups[is_suspect])
    own = keys(given, owner)
    at = np.searchsorted(implied, own)
    follows = np.append(implied, -1)[at] == own
    kept = np.sort(np.concatenate([
        own[~follows], keys(members, group_owner[is_suspect][group]),
    ]))  # fmt: skip
    rows, told = np.divmod(kept, width)
    counts = np.bincount(rows, minlength=len(table))
    return unique_rows(Csr(np.concatenate([[0], np.cumsum(counts)]), told))
