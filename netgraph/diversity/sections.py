"""Sections of a route: access, uplink, intra- and inter-province, access at B."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from netgraph.diversity.levels import Section
from netgraph.topology.places import OFFICE, SITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology import LayeredNetwork

#: Bit of each section in a section mask.
SECTION_BIT = {section: bit for bit, section in enumerate(Section)}
_ACCESS_A, _UPLINK, _INTRA, _INTER, _ACCESS_B = range(5)
_RECORDED = {"access": 0, "uplink": 1, "intra_province": 2, "inter_province": 3}


def sections_of_entries(network: LayeredNetwork) -> NDArray[np.int64]:
    """Section of every link on every route; shape (entries of the routes,).

    A recorded section stands. Otherwise: access up to the first office building, uplink from
    there to the first aggregation or core office, intra-province above; the same from the B end
    where the centre is a site.
    """
    routes, links, places = network.circuits.routes, network.links, network.places
    recorded = np.full(len(links), -1, dtype=np.int64)
    for name, code in _RECORDED.items():
        recorded[links.section == name] = code
    is_office = np.append(places.kind == OFFICE, False)  # noqa: FBT003 - an unknown place is none
    is_upper = np.append(np.isin(places.role.astype(str), ["aggregation", "core"]), False)  # noqa: FBT003
    is_site = np.append(places.kind == SITE, False)  # noqa: FBT003
    result = np.zeros(len(routes.links.indices), dtype=np.int64)
    _walk(
        routes.links.indptr, routes.links.indices, routes.entry, routes.exit_,
        recorded, is_office, is_upper, is_site[routes.end_place], result,
    )  # fmt: skip
    return result


@njit(cache=True)
def _walk(  # type: ignore[no-untyped-def]  # noqa: ANN202, PLR0913 - compiled
    indptr, links, entry, exit_, recorded, is_office, is_upper, ends_at_site, result,  # noqa: ANN001
):  # fmt: skip
    for route in range(len(indptr) - 1):
        low, high = indptr[route], indptr[route + 1]
        offices, uppers = 0, 0
        for k in range(low, high):
            if offices == 0:
                result[k] = _ACCESS_A
            elif uppers == 0:
                result[k] = _UPLINK
            else:
                result[k] = _INTRA
            if is_office[exit_[k]]:
                offices += 1
                uppers += is_upper[exit_[k]]
        if ends_at_site[route]:
            seen_office, seen_upper = False, False
            for k in range(high - 1, low - 1, -1):
                if result[k] == _ACCESS_A:
                    break
                if not seen_office:
                    result[k] = _ACCESS_B
                elif not seen_upper:
                    result[k] = _UPLINK
                if is_office[entry[k]]:
                    seen_office = True
                    seen_upper = seen_upper or is_upper[entry[k]]
        for k in range(low, high):
            code = recorded[links[k]]
            if code > _ACCESS_A or (code == _ACCESS_A and result[k] != _ACCESS_B):
                result[k] = code
