"""Sections of a route: access, uplink, intra- and inter-province, access at B."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.levels import Section
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints

    Flags = NDArray[np.bool_]

#: Bit of each section in a section mask.
SECTION_BIT = {section: bit for bit, section in enumerate(Section)}
_ACCESS_A, _UPLINK, _INTRA, _INTER, _ACCESS_B = range(5)
_RECORDED = {"access": 0, "uplink": 1, "intra_province": 2, "inter_province": 3}
_UPPER = ("aggregation", "core")


def sections_of_entries(network: LayeredNetwork) -> Ints:
    """Find the section of every link on every route; shape (entries of the routes,).

    A recorded section stands. Otherwise: access up to the first office building, uplink from
    there to the first aggregation or core office, intra-province above; the same from the B end
    the centre is a site. An office without a role is taken for an access office.
    """
    return _found_with(network, _UPPER)


def rests_on_roles(network: LayeredNetwork, section: Ints) -> Flags:
    """Find the links on routes whose section another role of an office without one may change.

    The higher the offices, the fewer links of a route are uplink and the more are intra-province:
    so what is the same with all such offices as access and as upper ones is so whatever they are.
    """
    places = network.places
    if not np.any((places.kind == OFFICE) & (places.role.astype(str) == "")):
        return np.zeros(len(section), dtype=bool)
    return np.asarray(_found_with(network, (*_UPPER, "")) != section)


def _found_with(network: LayeredNetwork, upper: Sequence[str]) -> Ints:
    """Find the sections, where offices with some roles are upper ones."""
    routes, links, places = network.circuits.routes, network.links, network.places
    recorded = np.full(len(links), -1, dtype=np.int64)
    for name, code in _RECORDED.items():
        recorded[links.section == name] = code
    is_office = np.append(places.kind == OFFICE, False)
    is_upper = np.append(np.isin(places.role.astype(str), upper), False)
    is_site = np.append(places.kind == SITE, False)
    result = np.zeros(len(routes.links.indices), dtype=np.int64)
    walk = _Walk(
        routes.links.indptr,
        routes.entry,
        routes.exit_,
        recorded[routes.links.indices],
        is_office,
        is_upper,
        is_site[routes.end_place],
    )
    _sections(walk, result)
    return result


def section_homes(network: LayeredNetwork, section: Ints) -> Ints:
    """Find the buildings in which each section of each route begins and ends.

    Parameters
    ----------
    section
        Section of every link on every route.

    Returns
    -------
    ndarray of shape (routes, sections, 2)
        Homes (see :class:`netgraph.topology.places.Places`), -1 where a route has no such section
        or the end is outside a building.
    """
    routes = network.circuits.routes
    home = network.places.padded_home
    owner = routes.links.owners
    result = np.full((len(routes), len(Section), 2), -1, dtype=np.int64)
    # The last of repeated assignments stands: backwards for the first link of each section.
    result[owner[::-1], section[::-1], 0] = home[routes.entry[::-1]]
    result[owner, section, 1] = home[routes.exit_]
    return result


class _Walk(NamedTuple):
    """What the loop reads: routes, the recorded section of each entry, what places are."""

    indptr: Ints
    entry: Ints
    exit_: Ints
    recorded: Ints
    is_office: Flags
    is_upper: Flags
    ends_at_site: Flags


@inner
def _from_a(low: int, high: int, walk: _Walk, result: Ints) -> None:
    seen_office = low < high and walk.is_office[walk.entry[low]]
    seen_upper = seen_office and walk.is_upper[walk.entry[low]]
    for k in range(low, high):
        result[k] = _INTRA if seen_upper else _UPLINK if seen_office else _ACCESS_A
        if walk.is_office[walk.exit_[k]]:
            seen_office = True
            seen_upper = seen_upper or walk.is_upper[walk.exit_[k]]


@inner
def _from_b(low: int, high: int, walk: _Walk, result: Ints) -> None:
    seen_office, seen_upper = False, False
    for k in range(high - 1, low - 1, -1):
        if result[k] == _ACCESS_A:
            return
        if not seen_office:
            result[k] = _ACCESS_B
        elif not seen_upper:
            result[k] = _UPLINK
        if walk.is_office[walk.entry[k]]:
            seen_office = True
            seen_upper = seen_upper or walk.is_upper[walk.entry[k]]


@entry
def _sections(walk: _Walk, result: Ints) -> None:
    for route in range(len(walk.indptr) - 1):
        low, high = walk.indptr[route], walk.indptr[route + 1]
        _from_a(low, high, walk, result)
        if walk.ends_at_site[route]:
            _from_b(low, high, walk, result)
        for k in range(low, high):
            code = walk.recorded[k]
            if code > _ACCESS_A or (code == _ACCESS_A and result[k] != _ACCESS_B):
                result[k] = code
