"""What a certificate states: one frozen value a verdict, with ids only.

Everything is named ``table:id`` (``spans:D-17``, ``buildings:B-K``, ``suspected:D-17~D-18``), so
that a certificate can be held against the tables without any number of ours.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netgraph.diversity.achievable.proof import SearchProof

WAY = "way"
PAIR = "pair"
SINGLE_ROUTE = "single_route"
MISSING = "missing"
SEPARATING_RISK = "separating_risk"
PROVEN_BY_SEARCH = "proven_by_search"
UNPROVEN = "unproven"

#: A piece of a way: its name, and the places where it is entered and left ("" if not known).
Step = tuple[str, str, str]


@dataclass(frozen=True)
class Way:
    """How a link or cable runs: written once, used by every certificate whose routes pass it.

    Attributes
    ----------
    of, start, end
        Its name and its recorded ends.
    legs
        Each way in which it is carried (a link with two legs has two), as steps from start to
        end: cables or lower links of a link, spans of a cable.
    elements
        Everything that alone takes it down: trenches, places, buildings, devices, rooms.
    risk_groups
        Risk groups and suspicions that one of those belongs to.
    """

    of: str
    start: str
    end: str
    legs: tuple[tuple[Step, ...], ...]
    elements: tuple[str, ...]
    risk_groups: tuple[str, ...]
    kind: str = WAY


@dataclass(frozen=True)
class Claim:
    """What the routes of a certificate are said to share.

    Attributes
    ----------
    level
        Level that the shared elements give.
    shared, tolerated
        Elements that all routes use: those that count; and those at A that do not, with the metres
        from A at which they end along the route that has them farthest.
    own_ends
        Buildings that are ends of all routes: what stands in them does not count.
    complete
        No record is missing that could make the level worse (recorded routes only).
    disjoint_otherwise
        Each shared element alone parts A from B: no pair shares less. Of searched pairs only; None
        where that is not known.
    shortest
        The search proved that of the pairs which share as little none is shorter (not checkable).
    """

    level: str
    shared: tuple[str, ...]
    tolerated: tuple[tuple[str, float], ...]
    own_ends: tuple[str, ...]
    complete: bool | None = None
    disjoint_otherwise: bool | None = None
    shortest: bool | None = None


@dataclass(frozen=True)
class CertifiedRoute:
    """One route; with the ways of what it passes it names every record that it uses.

    Attributes
    ----------
    steps
        Links of a recorded route from A to B.
    circuit, segment, role
        Of a recorded route; role is working, protect or derived (the rest of a ring).
    passed
        Ids of the cables or spans of a searched route, from the site: each begins where the one
        before ends.
    """

    steps: tuple[Step, ...] = ()
    circuit: str = ""
    segment: str = ""
    role: str = ""
    passed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Certificate:
    """Evidence for one verdict, or part of it.

    Attributes
    ----------
    kind
        "pair" (routes with all that they use: proves what they share), "single_route" (the rows
        show no second route), "missing" (records that are missing), "separating_risk" (without it
        A does not reach B on the layer), "proven_by_search" and "unproven" (not checkable).
    question
        recorded, cables or spans.
    subject
        ``circuits:id``, ``groups:id`` or ``sites:id``; the risk of a separating risk.
    site
        The A end.
    verdict
        What the run says.
    ends, apart, routes_to
        B ends that a search asked for; `apart`: those that not all routes may reach; `routes_to`:
        if three or more circuits ask, the ends of each (of four at most).
    missing
        Records that are missing; `avoids` the risk that a route could avoid if they were there.
    search
        How a search ended that proved something, or did not: to be repeated, not to be checked.
    risk, sites
        The separating risk, and the sites that it parts from the ends.
    """

    kind: str
    question: str
    subject: str
    site: str = ""
    verdict: str = ""
    ends: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    routes_to: tuple[tuple[str, ...], ...] = ()
    claim: Claim | None = None
    missing: tuple[str, ...] = ()
    avoids: str = ""
    risk: str = ""
    sites: tuple[str, ...] = ()
    routes: tuple[CertifiedRoute, ...] = ()
    search: SearchProof | None = None


def as_plain(value: object) -> dict[str, object]:
    """Give a way or certificate as plain values; what it does not state is left out."""
    # A claim states empty sets, too: they are what it claims.
    states_all, stated = isinstance(value, Claim | Way), {}
    for name in _names(type(value)):  # type: ignore[arg-type]
        item = getattr(value, name)
        if isinstance(item, tuple):
            if item and isinstance(item[0], CertifiedRoute):
                item = [as_plain(each) for each in item]
        elif not isinstance(item, str | bool | int | float | None):
            item = as_plain(item)
        # Whose verdict it is, it says even where the circuit names no site.
        if item is not None and (states_all or name == "site" or item not in ("", ())):
            stated[name] = item
    return stated


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
