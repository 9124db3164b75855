"""What works are weighed on: the chosen sites with their circuits, on everybody's plant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netgraph.diversity.achievable.find import find_achievable
from netgraph.diversity.audit.run import audit_routes
from netgraph.inventory.narrowing import among, with_circuits
from netgraph.scoring import score_sites
from netgraph.topology import build_network

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netgraph.assessment.results import Results
    from netgraph.diversity.achievable.find import Achievable
    from netgraph.diversity.audit.run import Audit
    from netgraph.scoring import Scores


@dataclass(frozen=True, eq=False)
class Scope:
    """The sites that are planned for, as they are.

    Attributes
    ----------
    places
        The sites (places).
    audit, scores, achievable
        Of an inventory with at least all circuits of these sites.
    """

    places: tuple[int, ...]
    audit: Audit
    scores: Scores
    achievable: Achievable

    @property
    def site_ids(self) -> list[str]:
        """Ids of the sites."""
        ids = self.audit.network.places.ids
        return [str(ids[place]) for place in self.places]


def whole_scope(results: Results, places: Sequence[int]) -> Scope:
    """Take everything as it was assessed."""
    return Scope(tuple(places), results.audit, results.scores, results.achievable)


def narrow_scope(
    results: Results, places: Sequence[int], progress: Callable[[int, int], None] | None = None
) -> Scope:
    """Leave out the circuits of other sites: each audit of works to come is the quicker for it.

    The verdicts and scores of the sites are those of the whole inventory, and so are the searches
    for what today's plant could achieve, which are made here. O(one audit) and the searches.
    """
    network, options = results.network, results.options
    wanted = [str(network.places.ids[place]) for place in places]
    circuits = network.inventory.table("circuits")
    inventory = with_circuits(network.inventory, among(circuits["a_id"], wanted))
    audit = audit_routes(build_network(inventory), options.rules)
    achievable = find_achievable(
        audit, seconds=options.search_seconds, progress=progress, sites=places,
        objective=options.objective, rates=options.rates,
    )  # fmt: skip
    return Scope(tuple(places), audit, score_sites(audit, options.card, sites=places), achievable)
