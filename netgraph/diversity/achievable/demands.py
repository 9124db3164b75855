"""What the circuits of a site ask of a search: routes to which B ends, and which both may reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.route_drafts import PROTECT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from numpy.typing import NDArray

    from netgraph.diversity.audit.basis import AuditBasis
    from netgraph.topology.csr import Ints

    #: B ends (places), and those of them that only one of two routes may reach.
    Ends = tuple[tuple[int, ...], tuple[int, ...]]


#: So many routes are asked for at most.
MOST_ROUTES = 4
_A_PAIR = 2


@dataclass(frozen=True)
class Demand:
    """Sites (places) that ask for two routes to the same B ends (places).

    Only one of the two may end at each of `parted`; both may end at one of the others.
    """

    b_ends: tuple[int, ...]
    parted: tuple[int, ...]
    sites: tuple[int, ...]


@dataclass(frozen=True)
class JointDemand:
    """A site (place) whose group of circuits has three or more routes, and asks for as many.

    Attributes
    ----------
    b_ends, parted
        As of :class:`Demand`; all routes may end at one of the ends that are not parted.
    routes_to
        Ends that each route may reach, of four at most: a protected circuit has two routes.
    replaces
        Whether nothing else at the site asks for two routes to these ends.
    """

    b_ends: tuple[int, ...]
    parted: tuple[int, ...]
    site: int
    routes_to: tuple[tuple[int, ...], ...]
    replaces: bool


def find_demands(audit: AuditBasis, wanted: Collection[int] | None) -> list[Demand]:
    """Sites (the wanted ones) by the B ends that their circuits and groups ask for."""
    sites: dict[Ends, dict[int, None]] = {}
    for members, place in _units(audit, wanted):
        for ends in _ends_of(audit, members):
            sites.setdefault(ends, {})[place] = None
    return [Demand(*ends, tuple(sorted(places))) for ends, places in sorted(sites.items())]


def find_joint_demands(audit: AuditBasis, wanted: Collection[int]) -> list[JointDemand]:
    """Sites (the wanted ones) whose groups have three routes or more, and ask for as many.

    Groups of several circuits; one that is protected has two routes, and all of them together say
    what takes the group down. Of more than four routes four are asked for, one with each choice of
    ends before another with the same: the others can only make less of what all share.
    """
    is_protected = _are_protected(audit)
    pairs: set[tuple[Ends, int]] = set()
    groups: set[tuple[Ends, int, tuple[tuple[int, ...], ...]]] = set()
    for members, place in _units(audit, wanted):
        ends, each = _ends_of(audit, members), _ends_by_circuit(audit, members)
        n_routes = (1 + is_protected[members]).tolist()
        if len(members) < 2 or sum(n_routes) <= _A_PAIR or not all(each):
            pairs.update((one, place) for one in ends)
        else:
            of_routes = [to for to, n in zip(each, n_routes, strict=True) for _ in range(n)]
            groups.add((ends[0], place, _few(of_routes, audit)))
    return [
        JointDemand(*ends, place, routes_to, (ends, place) not in pairs)
        for ends, place, routes_to in sorted(groups)
    ]


def find_sites_of_more(audit: AuditBasis) -> frozenset[int]:
    """Find the sites (places) that have a group of several circuits with three routes or more."""
    unit = audit.units.group_of_circuit
    n_circuits = np.bincount(unit)
    n_protected = np.bincount(unit[_are_protected(audit)], minlength=len(n_circuits))
    is_more = (n_circuits > 1) & (n_circuits + n_protected > _A_PAIR)
    return frozenset(audit.network.circuits.a[is_more[unit]].tolist()) - {-1}


def _are_protected(audit: AuditBasis) -> NDArray[np.bool_]:
    routes = audit.network.circuits.routes
    is_protected = np.zeros(len(audit.network.circuits), dtype=bool)
    is_protected[routes.circuit[routes.role == PROTECT]] = True
    return is_protected


def _units(audit: AuditBasis, wanted: Collection[int] | None) -> Iterator[tuple[Ints, int]]:
    """Yield the circuits of each unit with a known site that is wanted, and the site."""
    table, places = audit.units.circuits, audit.network.circuits.a
    units = np.unique(audit.units.group_of_circuit)
    at = places[table.indices[table.indptr[units]]]
    is_asked = at >= 0 if wanted is None else np.isin(at, np.array([*wanted, -2])) & (at >= 0)
    for unit, place in zip(units[is_asked].tolist(), at[is_asked].tolist(), strict=True):
        yield table.row(unit), place


def _few(each: list[tuple[int, ...]], audit: AuditBasis) -> tuple[tuple[int, ...], ...]:
    """Take the ends of four routes, as various as may be; in the order of their ids."""
    ids = audit.network.places.ids
    turns: dict[tuple[str, ...], int] = {}
    ordered = []
    for ends in each:
        names = tuple(sorted(str(ids[end]) for end in ends))
        turns[names] = turns.get(names, 0) + 1
        ordered.append((turns[names], names, ends))
    return tuple(ends for _, ends in sorted((n, e) for _, n, e in sorted(ordered)[:MOST_ROUTES]))


def _ends_by_circuit(audit: AuditBasis, members: Ints) -> list[tuple[int, ...]]:
    """Return the B ends of each circuit; none where one that is required is not known."""
    circuits = audit.network.circuits
    both = zip(circuits.b[members].tolist(), circuits.b2[members].tolist(), strict=True)
    ends = [tuple(sorted(set(each) - {-1})) for each in both]
    if not audit.rules.require_two_centres:
        return ends
    named = audit.network.inventory.table("circuits")["b2_id"][members]
    lost = (named != "") & (circuits.b2[members] < 0)  # one of two not known leaves it open
    return [() if is_lost else each for each, is_lost in zip(ends, lost.tolist(), strict=True)]


def _ends_of(audit: AuditBasis, members: Ints) -> list[Ends]:
    """B ends that a unit asks for.

    Two routes serve it that end at two different ones (each carries the circuits that may end
    there, and other routes take nothing away), or both at one that all its circuits may end at.
    If the rules require two centres, a unit that has them asks for two different ones. The site's
    own building is reached in any case. Where the end of a circuit is not known, each is judged
    for itself.
    """
    circuits, home = audit.network.circuits, audit.network.places.home
    if len(members) == 1 and not audit.rules.require_two_centres:  # most of a province
        only = {int(circuits.b[members[0]]), int(circuits.b2[members[0]])} - {-1}
        return [(tuple(sorted(only)), ())]
    ends = _ends_by_circuit(audit, members)
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
