"""The rings of the links: recorded ring systems, and cycles that no system names."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netgraph.diversity.rings.layers import Layer
    from netgraph.topology import LayeredNetwork


@dataclass(frozen=True)
class Ring:
    """One ring: its system ("" without one), its places in order of their number, its links."""

    system: str
    places: tuple[int, ...]
    links: tuple[int, ...]

    @property
    def size(self) -> int:
        """Nodes of the ring; network elements where a system names them."""
        return len(self.links)


@dataclass(frozen=True)
class Meeting:
    """A place that alone joins rings.

    Attributes
    ----------
    place
        The place.
    systems
        Ring systems that meet the others in no other place; empty where links fall apart here
        that no such system names.
    parts
        How many rings, or blocks of links, come together here.
    """

    place: int
    systems: tuple[str, ...]
    parts: int


def find_ring_sets(network: LayeredNetwork, layer: Layer) -> tuple[Ring, ...]:
    """List recorded ring systems, and blocks of links that are one plain cycle.

    A mesh is no ring. Exact; O(nodes and links).
    """
    links = network.links
    rings = [
        Ring(
            str(network.equipment.system_ids[code]),
            _places(network, [link for _, link in cycle]),
            tuple(sorted(link for _, link in cycle)),
        )
        for code, cycle in sorted(network.rings.cycles.items())
    ]
    known = {ring.links for ring in rings}
    for block in layer.blocks:
        if len(block) < 3:  # parallel links, as most blocks are
            continue
        edges = list(block)
        members = tuple(sorted(layer.row[edges].tolist()))
        degree = Counter(np.concatenate([layer.u[edges], layer.v[edges]]).tolist())
        is_cycle = set(degree.values()) == {2}
        in_system = {int(links.system[row]) for row in members} & set(network.rings.cycles)
        if is_cycle and members not in known and not in_system:
            rings.append(Ring("", _places(network, members), members))
    return tuple(rings)


def _places(network: LayeredNetwork, members: list[int] | tuple[int, ...]) -> tuple[int, ...]:
    links, rows = network.links, list(members)
    ends = np.concatenate([links.a_place[rows], links.b_place[rows]])
    return tuple(int(place) for place in np.unique(ends[ends >= 0]))


def find_meetings(layer: Layer, rings: tuple[Ring, ...]) -> tuple[Meeting, ...]:
    """Find places in which rings meet, and nowhere else.

    First ring systems that have one place, and no more, in common with all the others; then places
    without which links on rings fall apart into blocks of three nodes and more. Parallel links
    between two places are no block: that both ends are the same two devices is seen elsewhere.
    """
    found = _meetings_of_systems([ring for ring in rings if ring.system])
    known = {meeting.place for meeting in found}
    blocks: Counter[int] = Counter()
    for block in layer.blocks:
        if len(block) < 3:
            continue
        edges = list(block)
        nodes = set(np.concatenate([layer.u[edges], layer.v[edges]]).tolist())
        if len(nodes) > 2:
            blocks.update(nodes)
    found += [
        Meeting(place, (), parts)
        for node, parts in sorted(blocks.items())
        if parts > 1 and (place := int(layer.place[node])) not in known
    ]
    return tuple(found)


def _meetings_of_systems(systems: list[Ring]) -> list[Meeting]:
    at_place: Counter[int] = Counter(place for ring in systems for place in ring.places)
    lone: dict[int, list[str]] = defaultdict(list)
    for ring in systems:
        common = [place for place in ring.places if at_place[place] > 1]
        if len(common) == 1:
            lone[common[0]].append(ring.system)
    return [
        Meeting(place, tuple(sorted(names)), at_place[place])
        for place, names in sorted(lone.items())
    ]
