"""Pairs that keep clear of plant whose risk groups are not fully known.

The best pair of a site may run where a lost member of a risk group leaves open what it shares
(:mod:`netgraph.topology.memberships`), though another pair, not as short, shares nothing and is
sure. That one is looked for on the rest of the plant.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.achievable.answers import answer_all
from netgraph.diversity.achievable.parts import find_parts
from netgraph.diversity.levels import PASSING
from netgraph.topology.csr import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.diversity.achievable.demands import Demand
    from netgraph.diversity.achievable.layer_answers import LayerAnswer, LayerAnswers
    from netgraph.diversity.achievable.layer_search import LayerSearch
    from netgraph.diversity.achievable.layers import SearchLayer
    from netgraph.diversity.audit.basis import AuditBasis


def prefer_sure_pairs(
    audit: AuditBasis, layer: SearchLayer, demands: Sequence[Demand],
    answers: LayerAnswers, prepare: Callable[[SearchLayer], LayerSearch],
) -> None:  # fmt: skip
    """Put a diverse pair that is sure in the place of one that is not, where a pass finds one.

    Parameters
    ----------
    answers
        In the order of the demands; those that stay undecidable are left as they are. Nothing is
        done where no answer rests on such plant, nor where any two routes do.
    prepare
        Makes a layer ready to be searched.
    """
    if not answers.has_unsure or audit.network.elements.doubts_everywhere:
        return
    rest = _without_unsure(audit, layer, demands)
    search, position = prepare(rest), Counter[int]()
    for demand in demands:
        at = {site: position[site] for site in demand.sites}
        position.update(demand.sites)
        sites = tuple(site for site in demand.sites if answers[site][at[site]].unsure)
        if not sites:
            continue
        asked = replace(demand, sites=sites)
        again = answer_all(audit, rest, [asked], [find_parts(search, asked)])
        for site in sites:
            before, after = answers[site][at[site]], again[site][0]
            if after.level in PASSING:
                answers.put(site, at[site], _joined(before, after))


def _joined(before: LayerAnswer, sure: LayerAnswer) -> LayerAnswer:
    """Take a pair for another one, which may be shorter and knows what no route avoids."""
    return replace(sure, is_shortest=False, unavoidable=before.unavoidable)


def _without_unsure(
    audit: AuditBasis, layer: SearchLayer, demands: Sequence[Demand]
) -> SearchLayer:
    """Close what meets unsure elements, but for those at the ends that are asked for."""
    elements, places = audit.network.elements, audit.network.places
    ends = {place for demand in demands for place in (*demand.sites, *demand.b_ends)}
    is_unsure = (elements.unsure.counts > 0) & ~np.isin(elements.home, places.home[list(ends)])
    of_item = elements.of_cable if layer.name == "cables" else elements.of_span
    met, edge = gather(of_item, layer.item)
    is_sure = np.ones(len(layer.item), dtype=bool)
    is_sure[edge[is_unsure[met]]] = False
    return replace(
        layer, is_usable=layer.is_usable & is_sure, is_doubtful=layer.is_doubtful & is_sure,
        is_admitted=layer.is_admitted & is_sure,
    )  # fmt: skip
