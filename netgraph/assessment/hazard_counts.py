"""How many hazards of each severity every site has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.hazards import severities_at
from netgraph.diversity.levels import SEVERITY_RANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netgraph.diversity.hazards import Hazard
    from netgraph.topology.csr import Ints


def hazards_of_places(found: Sequence[Hazard], n_places: int) -> Ints:
    """Count hazards by place of the site and severity; shape (places, severities), worst first.

    Hazards of groups whose site is not known are left out.
    """
    site, severity = severities_at(found)
    pair = (site * len(SEVERITY_RANK) + severity)[site >= 0]
    return np.bincount(pair, minlength=n_places * len(SEVERITY_RANK)).reshape(n_places, -1)


def hazards_of(counts: Ints, places: Iterable[int]) -> dict[str, int]:
    """Add up the hazards of some sites by severity, the worst first."""
    added = counts[list(places)].sum(axis=0).tolist()
    return dict(zip((severity.value for severity in SEVERITY_RANK), added, strict=True))
