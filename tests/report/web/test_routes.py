"""The routes that the page puts together say the same as the audit."""

from __future__ import annotations

import numpy as np

from netgraph.assessment.handover.web_tables import page_units
from netgraph.topology.paths import walk_route


def spans_of_link(model, link, above=()):
    """Spans of a link, walked down as network.js does."""
    plant = model.plant
    found = set()
    for leg in range(plant.legs.indptr[link], plant.legs.indptr[link + 1]):
        for part in plant.leg_parts.row(leg).tolist():
            if part % 2 == 0:
                found |= set(plant.cable_spans.row(part // 2).tolist())
            elif part // 2 not in above:
                found |= spans_of_link(model, part // 2, (*above, link))
    return found


def test_every_route_comes_down_to_the_spans_that_the_audit_walks(bank, bank_model):
    network, routes = bank.network, bank.network.circuits.routes
    two_legged = set(np.flatnonzero(network.links.legs.counts > 1).tolist())
    for route in range(len(routes)):
        links = bank_model.routes.links.row(route).tolist()
        walk = walk_route(network, bank.audit.paths, route, -1)
        walked = set(walk.span[walk.span >= 0].tolist())
        shown = set().union(*(spans_of_link(bank_model, link) for link in links))
        carriers = {c for link in links for c in network.links.carriers.row(link).tolist()}
        if two_legged & {*links, *carriers}:
            assert walked <= shown
        else:
            assert walked == shown


def test_what_is_drawn_as_shared_is_what_the_verdict_calls_shared(bank, bank_model):
    network, offset = bank.network, bank.network.elements.offset
    n_spans = len(network.spans)
    for row, unit in enumerate(page_units(bank)):
        verdict = bank.audit.verdicts[unit]
        told = bank_model.routes.unit_shared.row(row)
        shared = set(verdict.shared)
        spans = {e - offset["spans"] for e in shared if 0 <= e - offset["spans"] < n_spans}
        shown = {e - offset["spans"] for e in told.tolist() if 0 <= e - offset["spans"] < n_spans}
        for cable in range(len(network.cables)):
            if cable + offset["cables"] in told:
                shown |= set(network.cables.spans.row(cable).tolist())
        suspects = [e - len(network.elements) for e in shared if e >= len(network.elements)]
        members = {
            int(m) - offset["spans"]
            for group in suspects
            if bank.audit.risks.is_suspect[group]
            for m in bank.audit.risk_members.row(group)
        }
        # A cable is never tolerated near the entrance, so neither are its spans.
        cables = [c for c in range(len(network.cables)) if c + offset["cables"] in shared]
        within = {int(span) for c in cables for span in network.cables.spans.row(c)}
        assert shown == spans | members | within


def test_every_site_has_its_routes_score_and_best_pair(bank_model):
    tables = {table.name: table for table in bank_model.tables}
    sites = len(tables["sites"].columns[0].values)

    assert len(bank_model.scores.results) == sites == 389
    for best in bank_model.best:
        assert len(best.routes) == 2 * sites
        assert len(best.unavoidable) == len(best.shared) == len(best.levels) == sites
    for results, evidence in zip(
        bank_model.scores.results, bank_model.scores.evidence, strict=True
    ):
        assert len(results) == len(bank_model.scores.items)
        assert sum(letter != "-" for letter in results) == len(evidence)


def test_sites_stand_in_the_order_of_their_rank(bank_model):
    (ranks,) = (c.values for c in bank_model.tables[0].columns if c.name == "rank")

    assert list(ranks) == list(range(1, 390))
