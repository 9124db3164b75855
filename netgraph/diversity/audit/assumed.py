"""Groups that nobody recorded: circuits that agree in what the rules name are assumed to be one.

An assumption, not a record. The name of such a group begins with ``assumed:`` wherever it shows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.rules import GROUPED_BY

if TYPE_CHECKING:
    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork

ASSUMED = "assumed:"


def with_assumed_groups(network: LayeredNetwork, rules: Rules) -> LayeredNetwork:
    """Propose a group for circuits without one that agree in all of `rules.assume_by`.

    A circuit of which one of these is not recorded, or its A end not known, is left alone, and so
    is one that no other agrees with. O(circuits).
    """
    circuits, table = network.circuits, network.inventory.table("circuits")
    columns = [GROUPED_BY[word] for word in GROUPED_BY if word in rules.assume_by]
    keys = list(zip(*(table[name][circuits.rows].tolist() for name in columns), strict=True))
    members: dict[tuple[str, ...], list[int]] = {}
    for circuit, key in enumerate(keys):
        if all(key) and not circuits.group[circuit] and circuits.a[circuit] >= 0:
            members.setdefault(key, []).append(circuit)
    group, is_assumed = circuits.group.copy(), circuits.is_group_assumed.copy()
    taken = set(group.tolist())
    for key, rows in members.items():
        name = _name_of(key)
        if len(rows) > 1 and name not in taken:
            group[rows], is_assumed[rows] = name, True
    if not is_assumed.any():
        return network
    return replace(network, circuits=replace(circuits, group=group, is_group_assumed=is_assumed))


def _name_of(key: tuple[str, ...]) -> str:
    """Name a group by what its circuits agree in; different keys have different names."""
    return ASSUMED + "/".join(word.replace("%", "%25").replace("/", "%2F") for word in key)


def is_assumed(network: LayeredNetwork, circuits: tuple[int, ...]) -> bool:
    """Whether circuits that are judged together are so by assumption only."""
    return len(circuits) > 1 and bool(np.all(network.circuits.is_group_assumed[list(circuits)]))
