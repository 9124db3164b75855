"""Duties that have no option in common, directly or by way of others: problems of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.upgrades.protection.duty import components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.duty import Duty


class Group(NamedTuple):
    """Duties over options numbered from 0, the price of each, and its number in the problem."""

    duties: tuple[Duty, ...]
    cost_yuan: NDArray[np.float64]
    options: Ints


def apart(duties: Sequence[Duty], cost_yuan: NDArray[np.float64]) -> list[Group]:
    """Split duties into groups, in the order of their first duties; O(options of all duties)."""
    if not duties:
        return []
    n = len(duties)
    option = np.concatenate([duty.option for duty in duties])
    owner = np.repeat(np.arange(n), [len(duty.option) for duty in duties])
    label = components(n + len(cost_yuan), owner, n + option)[:n]
    _, first = np.unique(label, return_index=True)
    number = np.empty(len(cost_yuan), dtype=np.int64)
    found = []
    for group in label[np.sort(first)].tolist():
        mine = np.flatnonzero(label == group).tolist()
        options = np.unique(np.concatenate([duties[i].option for i in mine]))
        number[options] = np.arange(len(options))
        own = tuple(replace(duties[i], option=number[duties[i].option]) for i in mine)
        found.append(Group(own, cost_yuan[options], options))
    return found
