"""Status words of published networks in the three words of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.plant.model import IN_SERVICE, PLANNED, RETIRED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

# Open Fibre Data Standard 0.3, codelists nodeStatus and spanStatus; the Topology Zoo's LinkStatus
# has two of the same words. `inactive` is built but not yet operational.
_WORDS: Mapping[str, str] = {
    "": IN_SERVICE,
    "operational": IN_SERVICE,
    "in_service": IN_SERVICE,
    "active": IN_SERVICE,
    "proposed": PLANNED,
    "planned": PLANNED,
    "underconstruction": PLANNED,
    "inactive": PLANNED,
    "decommissioned": RETIRED,
    "retired": RETIRED,
}


def canonical_statuses(stated: Iterable[str]) -> NDArray[np.object_]:
    """Translate statuses; an empty one means in service, a word that nobody defined `unknown`.

    Parameters
    ----------
    stated
        Words as stated; case, blanks and trailing commas do not matter.

    Returns
    -------
    ndarray of object
        ``in_service``, ``planned``, ``retired`` or ``unknown``, one for each word.
    """
    return np.array([_canonical(word) for word in stated], dtype=object)


def _canonical(word: str) -> str:
    key = word.strip().strip(",").strip().casefold()
    return _WORDS.get(key, _WORDS.get(key.replace(" ", "").replace("_", ""), UNKNOWN))
