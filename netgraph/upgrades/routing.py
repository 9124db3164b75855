"""What a search or a ring-protection plan hands over: where the two routes of a site shall run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely import LineString


@dataclass(frozen=True)
class NewSpan:
    """One span to be built.

    Attributes
    ----------
    from_id, to_id
        Structure, office or site; existing, or one of the plan's own `new_structures`.
    corridor_id
        The corridor that it follows; "" if it was generated.
    cost_yuan
        Cost of the span without the cable in it; None if it has no price.
    is_generated
        No record offers this way: it must be surveyed.
    """

    id: str
    from_id: str
    to_id: str
    medium: str
    length_m: float
    corridor_id: str = ""
    trench_id: str = ""
    cost_yuan: float | None = None
    is_generated: bool = False
    geometry: LineString | None = field(default=None, repr=False)


@dataclass(frozen=True)
class NewEntrance:
    """One entrance to be built into a building.

    Attributes
    ----------
    place_id
        Office or site that it leads into.
    cost_yuan
        Cost of the entrance without its lead-in; None if it has no price.
    """

    id: str
    place_id: str
    lon: float
    lat: float
    cost_yuan: float | None = None


@dataclass(frozen=True)
class SiteRoutes:
    """Two routes of one site: span ids from the site to its centre, existing or new."""

    site_id: str
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class RiddenStep:
    """One link, cable or span that a route runs over, from its first end or from its second.

    `table` is links, cables or spans; a span is existing or new, and holds a new cable.
    """

    table: str
    id: str
    is_reversed: bool


@dataclass(frozen=True)
class GuideRoutes:
    """Two routes of a site to some B ends as they were planned, step by step from the site."""

    site_id: str
    b_ends: tuple[str, ...]
    first: tuple[RiddenStep, ...]
    second: tuple[RiddenStep, ...]


@dataclass(frozen=True)
class RingWork:
    """One ring (or several that share plant), built once and credited to all of its sites.

    Attributes
    ----------
    spans
        What must be built for these sites; several works may name the same span, which is built,
        and paid for, once.
    routes
        The routes of each site that it protects.
    ring
        Ids of the places around the ring, in order.
    notes
        Constraints and warnings in words, such as the size of the ring.
    entrances
        Entrances that its spans lead through.
    rings
        The same ring, divided into several in the same plant where it is larger than allowed.
    laid
        Ids of existing spans in which its sites need a new cable.
    guides
        Routes of its sites on links, cables and spans, where they were planned so.
    """

    spans: tuple[NewSpan, ...]
    routes: tuple[SiteRoutes, ...]
    ring: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    entrances: tuple[NewEntrance, ...] = ()
    rings: tuple[tuple[str, ...], ...] = ()
    laid: tuple[str, ...] = ()
    guides: tuple[GuideRoutes, ...] = ()
