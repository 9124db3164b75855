"""Risk groups that the audit holds against a pair of routes: recorded ones, and suspicions.

A suspicion is a pair of spans that nothing shows to lie apart: they run between the same two
points, or are drawn closer together than two ducts of one trench. It is treated as a common
trench, and marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.diversity.geometry import find_parallel_spans, is_shown_apart
from netgraph.topology.csr import Csr, csr_of_pairs, gather, unique_rows
from netgraph.topology.elements import SPAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.rules import Rules
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.topology.plant import Spans


@dataclass(frozen=True)
class RiskTable:
    """Risk groups by element.

    Attributes
    ----------
    of_element
        Element to risk groups. A link with two legs belongs to a group that both of them meet, each
        by an element of its own.
    ids, kinds, is_suspect, is_possible
        One a risk group; a suspicion is named after its two spans. The last ones are recorded
        groups once more, with all that may belong to them: sharing one of these proves nothing,
        but leaves open whether the group itself is shared.
    """

    of_element: Csr
    ids: NDArray[np.object_]
    kinds: NDArray[np.object_]
    is_suspect: NDArray[np.bool_]
    is_possible: NDArray[np.bool_]

    @property
    def is_recorded(self) -> NDArray[np.bool_]:
        """Groups of the inventory, with what belongs to them for certain."""
        return ~self.is_suspect & ~self.is_possible

    def members(self, kind: NDArray[np.int8]) -> Csr:
        """Give the elements (of some kinds) of each group; of a suspicion its two spans alone."""
        element, group = self.of_element.owners, self.of_element.indices
        kept = ~self.is_suspect[group] | (kind[element] == SPAN)
        return csr_of_pairs(group[kept], element[kept], len(self))

    def __len__(self) -> int:
        """Count the risk groups."""
        return len(self.ids)


def build_risks(network: LayeredNetwork, rules: Rules) -> RiskTable:
    """Join the recorded risk groups with the suspicions and with what may belong to groups."""
    elements = network.elements
    pairs = find_suspected_trenches(network, rules)
    n = len(elements.risk_ids)
    suspects = np.repeat(np.arange(len(pairs)) + n, 2)
    members = pairs.reshape(-1) + elements.offset["spans"]
    open_, maybe = _possible_members(network, n + len(pairs))
    rows = np.concatenate([elements.risks.owners, members, maybe[0]])
    columns = np.concatenate([elements.risks.indices, suspects, maybe[1]])
    kinds = np.full(len(pairs), "suspected_trench", dtype=object)
    number = np.arange(n + len(pairs) + len(open_))
    span_ids = network.spans.ids
    names = np.array([f"{span_ids[i]}~{span_ids[j]}" for i, j in pairs], dtype=object)
    of_element = csr_of_pairs(rows, columns, len(elements))
    return RiskTable(
        of_element=_with_links_of_two_legs(network, of_element),
        ids=np.concatenate([elements.risk_ids, names, elements.risk_ids[open_]]),
        kinds=np.concatenate([elements.risk_kinds, kinds, elements.risk_kinds[open_]]),
        is_suspect=(number >= n) & (number < n + len(pairs)),
        is_possible=number >= n + len(pairs),
    )


def _with_links_of_two_legs(network: LayeredNetwork, of_element: Csr) -> Csr:
    """Add to the links with two legs the groups that both legs meet in different places.

    What both legs run through takes the link down as it stands, and its groups with it.
    """
    links, elements = network.links, network.elements
    two = np.flatnonzero(links.legs.counts > 1)
    if len(two) == 0 or len(of_element.indices) == 0:
        return of_element
    first, is_two = elements.offset["links"], np.zeros(len(links), dtype=bool)
    is_two[two] = True
    found: dict[int, set[int]] = {}  # groups of elements that are links of two legs
    for link in links.carriers_first[0]:
        if not is_two[link]:
            continue
        common = elements.of_link.row(link)
        groups = [
            _groups_of(np.setdiff1d(_of_leg(network, leg), common), of_element, found)
            for leg in links.legs.row(link).tolist()
        ]
        found[first + link] = set.intersection(*groups)
    more = [(element, group) for element, groups in found.items() for group in groups]
    rows, columns = np.array(more, dtype=np.int64).reshape(-1, 2).T
    return unique_rows(
        csr_of_pairs(
            np.concatenate([of_element.owners, rows]),
            np.concatenate([of_element.indices, columns]),
            len(of_element),
        )
    )


def _of_leg(network: LayeredNetwork, leg: int) -> Ints:
    """Elements each of which alone takes a leg down."""
    links, elements = network.links, network.elements
    parts = [elements.of_cable.row(cable) for cable in links.leg_cables.row(leg).tolist()]
    parts += [elements.of_link.row(carrier) for carrier in links.leg_carriers.row(leg).tolist()]
    return np.concatenate([np.empty(0, dtype=np.int64), *parts])


def _groups_of(some: Ints, of_element: Csr, found: dict[int, set[int]]) -> set[int]:
    groups, _ = gather(of_element, some)
    below = (found[element] for element in found.keys() & set(some.tolist()))
    return set(groups.tolist()).union(*below)


def _possible_members(network: LayeredNetwork, first: int) -> tuple[Ints, tuple[Ints, Ints]]:
    """Find the groups that something may belong to; their members, numbered from `first`."""
    elements = network.elements
    open_ = np.unique(elements.possible_risks.indices)
    number = np.full(len(elements.risk_ids), -1, dtype=np.int64)
    number[open_] = first + np.arange(len(open_))
    tables = (elements.risks, elements.possible_risks)
    owners = np.concatenate([table.owners for table in tables])
    groups = number[np.concatenate([table.indices for table in tables])]
    return open_, (owners[groups >= 0], groups[groups >= 0])


def find_suspected_trenches(network: LayeredNetwork, rules: Rules) -> Ints:
    """Pairs of spans that nothing shows to lie in two trenches.

    Returns
    -------
    ndarray of shape (pairs, 2)
        Span positions, ascending; spans of one recorded trench are left out.
    """
    spans = network.spans
    found = set(_between_the_same_points(network, rules))
    drawn = np.flatnonzero(~shapely.is_missing(spans.geometry))
    parallels = find_parallel_spans(
        spans.geometry[drawn], within_m=rules.trench_m, min_run_m=rules.trench_run_m,
        planar=network.inventory.crs == "",
    )  # fmt: skip
    for i, j in zip(drawn[parallels.first], drawn[parallels.second], strict=True):
        if not _is_one_trench(spans, int(i), int(j)):
            found.add((min(int(i), int(j)), max(int(i), int(j))))
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _between_the_same_points(network: LayeredNetwork, rules: Rules) -> list[tuple[int, int]]:
    spans, home = network.spans, network.places.padded_home
    low, high = np.minimum(spans.a, spans.b), np.maximum(spans.a, spans.b)
    usable = (low >= 0) & (low != high) & ~((home[low] >= 0) & (home[low] == home[high]))
    rows = np.flatnonzero(usable)
    key = low[rows] * (len(network.places) + 1) + high[rows]
    order = np.argsort(key, kind="stable")
    rows, key = rows[order], key[order]
    cuts = np.flatnonzero(np.diff(key)) + 1
    planar = network.inventory.crs == ""
    pairs = []
    low, high = np.append(0, cuts), np.append(cuts, len(rows))
    several = high - low > 1
    for start, stop in zip(low[several].tolist(), high[several].tolist(), strict=True):
        for i, j in combinations(sorted(rows[start:stop].tolist()), 2):
            apart = spans.trench[i] >= 0 and spans.trench[j] >= 0
            if not apart and spans.geometry[i] is not None and spans.geometry[j] is not None:
                apart = is_shown_apart(
                    spans.geometry[i], spans.geometry[j],
                    separation_m=rules.separation_m, end_exempt_m=rules.entry_tolerance_m,
                    planar=planar,
                )  # fmt: skip
            if not apart:
                pairs.append((i, j))
    return pairs


def _is_one_trench(spans: Spans, i: int, j: int) -> bool:
    return bool(spans.trench[i] >= 0 and spans.trench[i] == spans.trench[j])
