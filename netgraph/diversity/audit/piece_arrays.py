"""What can be measured along links: their pieces on all legs, and where records leave a cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.sharing.places import PieceArrays
from netgraph.topology.csr import Csr, csr_of_lists, gather_positions, one_below_the_other

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.sharing.classes import ElementClasses
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.topology.paths import Paths

    Flags = NDArray[np.bool_]


def piece_arrays(network: LayeredNetwork, paths: Paths, classes: ElementClasses) -> PieceArrays:
    """Lay the pieces of all links out; O(pieces)."""
    offset, trench = network.elements.offset, network.spans.trench
    table = one_below_the_other([paths.of_link, _other_legs(network, paths)])
    numbered = classes.of_element
    of_trench = numbered[offset["trenches"] + np.maximum(trench, 0)] if len(trench) else trench
    is_cut, is_cut_at_end = _find_cuts(network, paths, table)
    return PieceArrays(
        ptr=table.indptr,
        idx=table.indices,
        n_rows=len(paths.of_link),
        is_opaque=paths.is_opaque,
        is_cut=is_cut,
        is_cut_at_end=is_cut_at_end,
        a=paths.a,
        b=paths.b,
        length_m=paths.length_m,
        is_measured=paths.is_measured,
        home=network.places.home,
        span=numbered[offset["spans"] : offset["spans"] + len(trench)],
        place=numbered[offset["places"] : offset["places"] + len(network.places)],
        trench=np.where(trench >= 0, of_trench, -1),
    )


def _other_legs(network: LayeredNetwork, paths: Paths) -> Csr:
    """Second legs of links, with those of the links below: what is near A may be met there again.

    Nothing is measured along a link whose carriers have two legs, so that their order is free.
    """
    links, below = network.links, dict[int, set[int]]()
    if not len(paths.other_leg.indices) or not len(links.leg_carriers.indices):
        return paths.other_leg
    for link in links.carriers_first[0]:
        codes = set[int]()
        for lower in links.carriers.row(link).tolist():
            codes.update(paths.other_leg.row(2 * lower).tolist(), below.get(lower, ()))
        if codes:
            below[link] = codes
    if not below:
        return paths.other_leg
    rows = [paths.other_leg.row(row).tolist() for row in range(len(paths.other_leg))]
    for link, codes in below.items():
        for row in (2 * link, 2 * link + 1):
            rows[row] += sorted(codes)
    return csr_of_lists(rows)


def _find_cuts(network: LayeredNetwork, paths: Paths, table: Csr) -> tuple[Flags, Flags]:
    """Find where the first legs of broken links do not join the ends of their cables, or their own.

    Two cables that both break off at one manhole seem to join there, and do not.
    """
    links, cables, first = network.links, network.cables, paths.of_link
    home = network.places.padded_home
    is_cut = np.zeros(len(table.indices), dtype=bool)
    is_cut_at_end = np.zeros(len(table), dtype=bool)
    rows = np.flatnonzero(np.repeat(_find_broken(network), 2))
    rows = rows[first.counts[rows] > 0]
    if not len(rows):
        return is_cut, is_cut_at_end
    at, _ = gather_positions(first, rows)
    ends = np.cumsum(first.counts[rows])
    begins_row, ends_row = np.zeros(len(at), dtype=bool), np.zeros(len(at), dtype=bool)
    begins_row[np.append(0, ends[:-1])] = ends_row[ends - 1] = True
    cable = paths.cable[at]
    changes = np.append(cable[1:] != cable[:-1], True)
    entry, exit_ = _turned(first.indices[at], paths.a, paths.b)
    start, stop = _turned(rows, links.a_place, links.b_place)
    a, b = (np.append(end, -1)[cable] for end in (cables.a, cables.b))  # -1 without a cable
    opens = (begins_row | np.append(True, changes[:-1])) & _are_apart(home, entry, a, b)
    closes = (ends_row | changes) & _are_apart(home, exit_, a, b)
    opens[begins_row] |= _are_apart(home, entry[begins_row], start)
    closes[ends_row] |= _are_apart(home, exit_[ends_row], stop)
    is_cut[at] = opens
    is_cut[at[1:]] |= closes[:-1] & ~begins_row[1:]
    is_cut_at_end[rows] = closes[ends_row]
    return is_cut, is_cut_at_end


def _find_broken(network: LayeredNetwork) -> Flags:
    """Find links of which something is not recorded, on any leg or below."""
    links, cables = network.links, network.cables
    of_leg = ~links.leg_is_complete
    of_leg[links.leg_cables.owners[~cables.is_complete[links.leg_cables.indices]]] = True
    result = np.zeros(len(links), dtype=bool)
    result[links.legs.owners[of_leg[links.legs.indices]]] = True
    for link in links.carriers_first[0] if len(links.leg_carriers.indices) else ():
        result[link] |= bool(result[links.carriers.row(link)].any())
    return result


def _turned(codes: Ints, a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Return the ends where some codes (twice a number, plus one if turned) begin and end."""
    number, is_turned = codes // 2, codes % 2 == 1
    return np.where(is_turned, b[number], a[number]), np.where(is_turned, a[number], b[number])


def _are_apart(home: Ints, place: Ints, *known: Ints) -> Flags:
    """Whether each place is none of some others, all of which are known, nor in their building."""
    apart = np.ones(len(place), dtype=bool)
    for other in known:
        joins = (place == other) | ((home[place] == home[other]) & (home[other] >= 0))
        apart &= (other >= 0) & ~joins
    return apart
