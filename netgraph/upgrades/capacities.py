"""What works compete for: spare cores and free bores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.upgrades.model import Capacity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.scoring import Scorecard
    from netgraph.upgrades.action import Action


def find_capacities(
    audit: Audit, card: Scorecard, actions: Sequence[Action]
) -> tuple[Capacity, ...]:
    """Cores and bores that works compete for.

    A cable with enough spare cores keeps them: no work may spoil what other sites are scored for.
    """
    uses: dict[tuple[str, str], dict[int, int]] = {}
    for number, action in enumerate(actions):
        for increase in action.increases:
            entry = uses.setdefault((increase.table, increase.row_id), {})
            entry[number] = entry.get(number, 0) + increase.by
    found = []
    for (table, name), taken in sorted(uses.items()):
        left = _cores_left(audit, card, name) if table == "cables" else _bores_left(audit, name)
        if not np.isnan(left):
            found.append(Capacity(f"{table}:{name}", left, taken))
    return tuple(found)


def _cores_left(audit: Audit, card: Scorecard, name: str) -> float:
    cables = audit.network.cables
    row = cables.index.find(name)
    if row is None or np.isnan(cables.spare_cores[row]):
        return float("nan")
    spare, total, used = (
        float(values[row]) for values in (cables.spare_cores, cables.cores_total, cables.cores_used)
    )
    healthy = min(spare - card.min_spare_cores, np.floor(card.max_core_occupancy * total) - used)
    return float(healthy if healthy >= 0 else spare)


def _bores_left(audit: Audit, name: str) -> float:
    if not audit.rules.require_free_bore:
        return float("nan")
    spans = audit.network.spans
    row = spans.index.find(name)
    return float("nan") if row is None else float(spans.free_bores[row])
