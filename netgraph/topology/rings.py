"""Ring systems: their cycle of links, and the protect route that a ring implies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netgraph.inventory import Inventory
    from netgraph.topology.transport import Equipment, Links


@dataclass(frozen=True)
class RingSystems:
    """Ring systems whose links form one cycle.

    Attributes
    ----------
    cycles
        System code to its links in cyclic order, with the node (see :func:`_node`) before each.
    broken
        Codes of ring systems whose links do not form one cycle: they derive nothing.
    """

    cycles: Mapping[int, tuple[tuple[int, int], ...]]
    broken: tuple[int, ...]


def find_rings(inventory: Inventory, equipment: Equipment, links: Links) -> RingSystems:
    """Order the links of every ring system; a system that is no single cycle is broken."""
    table = inventory.table("systems")
    code_of = {name: code for code, name in enumerate(equipment.system_ids)}
    cycles: dict[int, tuple[tuple[int, int], ...]] = {}
    broken: list[int] = []
    for row in np.flatnonzero((table["kind"] == "ring") & (table["status"] == "in_service")):
        code = code_of.get(table["id"][row], -1)
        if code < 0:  # a system without an id names no links
            continue
        members = np.flatnonzero((links.system == code) & links.is_in_service)
        cycle = _cycle(links, members.tolist())
        if cycle:
            cycles[code] = cycle
        elif len(members):
            broken.append(code)
    return RingSystems(cycles, tuple(broken))


def derive_protection(
    rings: RingSystems, links: Links, working: Sequence[int]
) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Split a working route into arcs, each with the rest of its ring as its protect route.

    Parameters
    ----------
    working
        Links of the working route, from A to B.

    Returns
    -------
    list of (working links, protect links)
        Stretches outside ring systems, and a stretch that uses a whole ring, have no protect
        links: they stay unprotected.
    """
    arcs: list[list[int]] = []
    previous = -2
    for link in working:
        code = int(links.system[link])
        code = code if code in rings.cycles else -1
        if code != previous:
            arcs.append([])
        arcs[-1].append(link)
        previous = code
    return [(tuple(arc), _rest_of_ring(rings, links, arc)) for arc in arcs]


def _rest_of_ring(rings: RingSystems, links: Links, arc: list[int]) -> tuple[int, ...]:
    cycle = rings.cycles.get(int(links.system[arc[0]]))
    if cycle is None:
        return ()
    order = [link for _, link in cycle]
    size = len(order)
    if len(arc) >= size or len(set(arc)) != len(arc):
        return ()
    first = order.index(arc[0])
    for step in (1, -1):  # the arc may run either way round
        if [order[(first + step * i) % size] for i in range(len(arc))] == arc:
            return tuple(order[(first - step * (i + 1)) % size] for i in range(size - len(arc)))
    return ()


def _node(links: Links, link: int, end: int) -> int:
    """Node of a ring: the network element, or the place (as a negative number) without one."""
    device = (links.a_equipment, links.b_equipment)[end][link]
    return int(device) if device >= 0 else -2 - int((links.a_place, links.b_place)[end][link])


def _cycle(links: Links, members: list[int]) -> tuple[tuple[int, int], ...]:
    """Order links along the one cycle that they form, back from the first; empty if they do not."""
    ends = {link: (_node(links, link, 0), _node(links, link, 1)) for link in members}
    at: dict[int, list[int]] = defaultdict(list)
    for link, (a, b) in ends.items():
        at[a].append(link)
        at[b].append(link)
    if any(len(both) != 2 or both[0] == both[1] for both in at.values()):
        return ()
    cycle: list[tuple[int, int]] = []
    for link in members[:1]:
        node, way = ends[link][0], link
        while not cycle or way != link:
            near, far = ends[way]
            node = far if node == near else near
            cycle.append((node, way))
            first, second = at[node]
            way = second if first == way else first
    return tuple(reversed(cycle)) if len(cycle) == len(members) else ()
