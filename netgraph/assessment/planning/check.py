"""Assess an inventory with works done on paper, and hold the prediction to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.audit.run import audit_routes
from netgraph.diversity.availability import find_availability
from netgraph.scoring import score_sites
from netgraph.topology import build_network
from netgraph.upgrades.apply import apply_actions
from netgraph.upgrades.site_units import recorded_level

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.assessment.results import Results
    from netgraph.inventory import Inventory
    from netgraph.scoring import Scores
    from netgraph.upgrades.action import Action
    from netgraph.upgrades.model import PlanModel


@dataclass(frozen=True, eq=False)
class Reassessed:
    """The changed inventory, its scores, levels and expected outages.

    Attributes
    ----------
    levels
        Site id to the worst level of its groups.
    minutes_year, faults_month
        Site id to the expected outages, where they are known.
    """

    inventory: Inventory
    scores: Scores
    levels: Mapping[str, str]
    minutes_year: Mapping[str, float]
    faults_month: Mapping[str, float]
    site_scores: Mapping[str, tuple[int, int, str]]


def reassess(results: Results, actions: Sequence[Action]) -> Reassessed:
    """Apply works and judge the result by the same rules; O(one audit and scoring)."""
    inventory = apply_actions(results.network.inventory, actions)
    audit = audit_routes(build_network(inventory), results.options.rules)
    scores = score_sites(audit, results.options.card)
    found = find_availability(audit, results.options.rates)
    ids = audit.network.places.ids
    names = [str(ids[place]) for place in found.site_places.tolist()]

    def known(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> dict[str, float]:
        pairs = zip(names, values.tolist(), strict=True)
        return {name: value for name, value in pairs if not np.isnan(value)}

    return Reassessed(
        inventory=inventory,
        scores=scores,
        levels={str(ids[p]): recorded_level(audit, p).value for p in scores.by_place},
        minutes_year=known(found.sites.minutes_year),
        faults_month=known(found.sites.faults_month),
        site_scores={
            str(ids[p]): (score.raw, score.applicable, score.grade)
            for p, score in scores.by_place.items()
        },
    )


def find_mismatches(model: PlanModel, chosen: AbstractSet[int], after: Reassessed) -> list[str]:
    """Sites whose predicted points, marks, grade or level differ from the re-assessed ones."""
    card = after.scores.card
    found = []
    for number, site in enumerate(model.sites):
        outcome = model.outcome(number, chosen)
        predicted = (
            outcome.raw, outcome.applicable, card.grade_of(outcome.raw, outcome.applicable)
        )  # fmt: skip
        level = outcome.configuration.level
        if after.site_scores[site.site_id] != predicted or after.levels[site.site_id] != level:
            found.append(site.site_id)
    return found
