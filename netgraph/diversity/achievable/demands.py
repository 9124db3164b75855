"""What the circuits of a site ask of a search: routes to which B ends, and which both may reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from netgraph.diversity.audit.run import Audit
    from netgraph.topology.csr import Ints

    #: B ends (places), and those of them that only one of two routes may reach.
    Ends = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Demand:
    """Sites (places) that ask for two routes to the same B ends (places).

    Only one of the two may end at each of `parted`; both may end at one of the others.
    """

    b_ends: tuple[int, ...]
    parted: tuple[int, ...]
    sites: tuple[int, ...]


def find_demands(audit: Audit, wanted: Collection[int] | None) -> list[Demand]:
    """Sites (the wanted ones) by the B ends that their circuits and groups ask for."""
    circuits = audit.network.circuits
    sites: dict[Ends, dict[int, None]] = {}
    for unit in sorted(set(audit.units.group_of_circuit.tolist())):
        members = audit.units.circuits.row(unit)
        place = int(circuits.a[members[0]])
        if place < 0 or (wanted is not None and place not in wanted):
            continue
        for ends in _ends_of(audit, members):
            sites.setdefault(ends, {})[place] = None
    return [Demand(*ends, tuple(sorted(places))) for ends, places in sorted(sites.items())]


def _ends_of(audit: Audit, members: Ints) -> list[Ends]:
    """B ends that a unit asks for.

    Two routes serve it that end at two different ones (each carries the circuits that may end
    there, and other routes take nothing away), or both at one that all its circuits may end at.
    If the rules require two centres, a unit that has them asks for two different ones. The site's
    own building is reached in any case. Where the end of a circuit is not known, each is judged
    for itself.
    """
    circuits, home = audit.network.circuits, audit.network.places.home
    both = zip(circuits.b[members].tolist(), circuits.b2[members].tolist(), strict=True)
    ends = [tuple(sorted(set(each) - {-1})) for each in both]
    if audit.rules.require_two_centres:  # one of two that is not known leaves it open
        named = audit.network.inventory.table("circuits")["b2_id"][members]
        lost = (named != "") & (circuits.b2[members] < 0)
        ends = [() if is_lost else each for each, is_lost in zip(ends, lost.tolist(), strict=True)]
    if not all(ends):
        return [(each, ()) for each in dict.fromkeys(ends)]
    together = tuple(sorted(set().union(*ends)))
    home_of = {place: int(home[place]) if home[place] >= 0 else ~place for place in together}
    homes = [{home_of[place] for place in each} for each in ends]
    common = set.intersection(*homes)
    if audit.rules.require_two_centres and any(len(each) > 1 for each in homes):
        common = set()
    if int(home[circuits.a[members[0]]]) in home_of.values():
        return [(together, ())]
    return [(together, tuple(place for place in together if home_of[place] not in common))]
