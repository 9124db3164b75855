"""The way along each link and route, piece by piece, in the direction of travel.

A piece is a span; a cable without recorded spans, or a link without cables, stands as one piece
of its own so that positions and maps keep their order (it proves nothing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, csr_of_lists, flip_rows, gather, gather_positions
from netgraph.topology.plant import straight_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.chains import Chains
    from netgraph.topology.csr import Ints
    from netgraph.topology.network import LayeredNetwork
    from netgraph.topology.plant import Cables
    from netgraph.topology.transport import Links


@dataclass(frozen=True)
class Paths:
    """Pieces of every link, both ways.

    A piece code is twice the number of the piece, plus one if it is passed from its second end
    to its first. Pieces are numbered: spans, then cables, then links.

    Attributes
    ----------
    of_link
        Row ``2 * link + is_reversed`` to piece codes, in the direction of travel.
    other_leg
        The same rows along the second leg of a link with two; empty for the others.
    is_opaque
        Per link: nothing can be measured along it (a part is not recorded, a link below has two
        legs, or a broken record may begin at either end).
    cable
        Cable of each entry of `of_link`, -1 for a link without cables.
    a, b, length_m, is_measured
        Ends and length of each piece (not of each entry); shape (pieces,). A link that consists of
        others has no length.
    n_spans, n_cables
        Sizes of the first two blocks of pieces.
    """

    of_link: Csr
    other_leg: Csr
    is_opaque: NDArray[np.bool_]
    cable: Ints
    a: Ints
    b: Ints
    length_m: NDArray[np.float64]
    is_measured: NDArray[np.bool_]
    n_spans: int
    n_cables: int


@dataclass(frozen=True)
class RouteWalk:
    """One route, piece by piece from A; arrays of shape (pieces on the route,).

    Attributes
    ----------
    span
        Span of each piece, -1 where only the cable or link is known.
    link_entry
        Entry of the routes' table that each piece belongs to.
    start_m, end_m
        Distance from A along the route where the piece begins and ends, outside the A building.
    is_measured
        All lengths up to the end of the piece are recorded or drawn.
    """

    span: Ints
    cable: Ints
    link: Ints
    link_entry: Ints
    entry: Ints
    exit_: Ints
    length_m: NDArray[np.float64]
    start_m: NDArray[np.float64]
    end_m: NDArray[np.float64]
    is_measured: NDArray[np.bool_]


def build_paths(network: LayeredNetwork) -> Paths:
    """Expand every link into pieces; O(total length of the links)."""
    spans, cables, links = network.spans, network.cables, network.links
    n_spans, n_cables = len(spans), len(cables)
    cable_rows = _both_ways(
        _or_itself(_travelled(cables.spans, cables.walk, 0), n_spans),
    )
    leg_codes = _travelled(links.leg_cables, links.cable_walk, 0)
    leg_pieces, leg_cable = _expand(leg_codes, cable_rows)
    first, second = (_entry_of(links.legs, n) for n in range(2))
    carriers = _travelled(links.leg_carriers, links.carrier_walk, 0)
    legs = _Legs(links, leg_pieces, leg_cable, carriers, n_spans + n_cables)
    rows, cable = _link_rows(legs, first)
    bare = rows.indices[rows.indices >= 2 * legs.base] // 2 - legs.base
    straight = np.full(len(links), np.nan)
    straight[bare] = straight_m(
        network.places, links.a_place[bare], links.b_place[bare],
        planar=network.inventory.crs == "",
    )  # fmt: skip
    return Paths(
        of_link=_both_ways(rows),
        other_leg=_both_ways(_other_legs(legs, first, second)),
        is_opaque=_opaque(links, cables),
        cable=_mirrored(rows, cable),
        a=np.concatenate([spans.a, cables.a, links.a_place]),
        b=np.concatenate([spans.b, cables.b, links.b_place]),
        length_m=np.concatenate([spans.length_m, cables.length_m, straight]),
        is_measured=np.concatenate(
            [spans.is_measured, np.zeros(n_cables + len(links), dtype=bool)]
        ),
        n_spans=n_spans,
        n_cables=n_cables,
    )


def walk_route(network: LayeredNetwork, paths: Paths, route: int, a_home: int) -> RouteWalk:
    """Walk one route from A.

    Parameters
    ----------
    a_home
        Home of the A end: pieces wholly inside it add no metres.

    Returns
    -------
    RouteWalk
        Unknown lengths count as 0 in positions and clear `is_measured` from there on.
    """
    routes = network.circuits.routes
    low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
    links = routes.links.indices[low:high]
    rows = 2 * links + routes.is_reversed[low:high]
    entries, owners = gather_positions(paths.of_link, rows)
    codes = paths.of_link.indices[entries]
    piece, turned = codes // 2, codes % 2 == 1
    entry = np.where(turned, paths.b[piece], paths.a[piece])
    exit_ = np.where(turned, paths.a[piece], paths.b[piece])
    length = paths.length_m[piece]
    home = network.places.padded_home
    indoors = (home[entry] == a_home) & (home[exit_] == a_home) & (a_home >= 0)
    outside = np.where(indoors | np.isnan(length), 0.0, length)
    end = np.cumsum(outside)
    return RouteWalk(
        span=np.where(piece < paths.n_spans, piece, -1),
        cable=paths.cable[entries],
        link=links[owners],
        link_entry=low + owners,
        entry=entry,
        exit_=exit_,
        length_m=length,
        start_m=end - outside,
        end_m=end,
        is_measured=np.logical_and.accumulate(paths.is_measured[piece] | indoors),
    )


def walk_pieces(network: LayeredNetwork, paths: Paths, route: int) -> tuple[Ints, Ints]:
    """Walk one route from A, without any lengths.

    Returns
    -------
    cable, exit_
        Of each piece, as :func:`walk_route` gives them.
    """
    routes = network.circuits.routes
    low, high = routes.links.indptr[route], routes.links.indptr[route + 1]
    rows = 2 * routes.links.indices[low:high] + routes.is_reversed[low:high]
    entries, _ = gather_positions(paths.of_link, rows)
    codes = paths.of_link.indices[entries]
    piece = codes // 2
    return paths.cable[entries], np.where(codes % 2 == 1, paths.a[piece], paths.b[piece])


def _entry_of(table: Csr, n: int) -> Ints:
    """Entry n of each row, -1 where there are fewer."""
    found = np.full(len(table), -1, dtype=np.int64)
    has = table.counts > n
    found[has] = table.indices[table.indptr[:-1][has] + n]
    return found


def _travelled(table: Csr, walk: Chains, base: int) -> Csr:
    """Piece codes in the direction of travel."""
    codes = 2 * (table.indices + base) + walk.is_reversed
    return Csr(table.indptr, codes[flip_rows(table, walk.is_backwards)].astype(np.int64))


def _or_itself(table: Csr, base: int) -> Csr:
    """Give a row without pieces itself as its only piece."""
    empty = table.counts == 0
    counts = np.where(empty, 1, table.counts)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    codes = np.empty(indptr[-1], dtype=np.int64)
    own = np.zeros(len(codes), dtype=bool)
    own[indptr[:-1][empty]] = True
    codes[own] = 2 * (np.flatnonzero(empty) + base)
    codes[~own] = table.indices
    return Csr(indptr, codes)


def _both_ways(rows: Csr) -> Csr:
    """Rows 2i as they are, rows 2i + 1 the other way round."""
    indptr, order = _there_and_back(rows)
    codes = rows.indices[order // 2]
    codes ^= order & 1
    return Csr(indptr, codes)


def _there_and_back(rows: Csr) -> tuple[Ints, Ints]:
    """Rows of :func:`_both_ways`: twice the position of each entry, plus one on the way back."""
    counts = np.repeat(rows.counts, 2)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    order = np.empty(indptr[-1], dtype=np.int64)
    every = np.arange(len(rows.indices))
    start = np.repeat(rows.indptr[:-1], rows.counts)  # a row begins at twice that in both
    order[start + every] = 2 * every
    order[2 * np.repeat(rows.indptr[1:], rows.counts) + start - 1 - every] = 2 * every + 1
    return indptr, order


def _mirrored(rows: Csr, values: Ints) -> Ints:
    """Carry a value per entry through :func:`_both_ways`."""
    return values[_there_and_back(rows)[1] // 2]


def _expand(codes: Csr, rows: Csr) -> tuple[Csr, Ints]:
    """Replace each code by its row of piece codes; also say which code // 2 each came from."""
    values, owners = gather(rows, codes.indices)
    ends = np.append(0, np.cumsum(rows.counts[codes.indices]))
    return Csr(ends[codes.indptr], values), (codes.indices // 2)[owners]


@dataclass(frozen=True)
class _Legs:
    """Pieces, their cables and the carriers (as codes) of every leg.

    `base` is the piece number of the first link.
    """

    links: Links
    pieces: Csr
    cable: Ints
    carriers: Csr
    base: int


def _link_rows(legs: _Legs, first: Ints) -> tuple[Csr, Ints]:
    """Pieces of each link along its first leg, and the cable of each piece."""
    if len(legs.links.leg_carriers.indices):
        pairs = _rows_with_carriers(legs, first)
        cable = np.array([c for row in pairs for _, c in row], dtype=np.int64)
        return csr_of_lists([[p for p, _ in row] for row in pairs]), cable
    at, owners = gather(Csr(legs.pieces.indptr, np.arange(len(legs.cable))), first[first >= 0])
    rows = np.flatnonzero(first >= 0)[owners]
    counts = np.bincount(rows, minlength=len(legs.links))
    table = Csr(np.concatenate([[0], np.cumsum(counts)]), legs.pieces.indices[at])
    whole = _or_itself(table, legs.base)
    cable = np.full(len(whole.indices), -1, dtype=np.int64)
    cable[whole.indices < 2 * legs.base] = legs.cable[at]
    return whole, cable


def _rows_with_carriers(legs: _Legs, first: Ints) -> list[list[tuple[int, int]]]:
    """(piece code, cable) along the first leg of each link; a carrier that is not known is none."""
    done = [[(2 * (legs.base + link), -1)] for link in range(len(legs.links))]
    for link in legs.links.carriers_first[0]:
        done[link] = _along_leg(legs, int(first[link]), done) or done[link]
    return done


def _along_leg(legs: _Legs, leg: int, done: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    if leg < 0:
        return []
    low, high = legs.pieces.indptr[leg], legs.pieces.indptr[leg + 1]
    found = list(
        zip(legs.pieces.indices[low:high].tolist(), legs.cable[low:high].tolist(), strict=True)
    )
    for code in legs.carriers.row(leg).tolist():
        lower = done[code // 2]
        found += [(p ^ 1, c) for p, c in reversed(lower)] if code % 2 else lower
    return found


def _other_legs(legs: _Legs, first: Ints, second: Ints) -> Csr:
    """Pieces of each link along its second leg."""
    two = np.flatnonzero(second >= 0).tolist()
    if not two:
        return Csr(np.zeros(len(second) + 1, dtype=np.int64), np.empty(0, dtype=np.int64))
    rows: list[list[int]] = [[] for _ in range(len(legs.links))]
    has_carriers = len(legs.carriers.indices) > 0
    done = _rows_with_carriers(legs, first) if has_carriers else []
    for link in two:
        rows[link] = [piece for piece, _ in _along_leg(legs, int(second[link]), done)]
    return csr_of_lists(rows)


def _opaque(links: Links, cables: Cables) -> NDArray[np.bool_]:
    """Find the links along which nothing can be measured.

    Somewhere on them, nobody knows where, lies a span or cable that is not recorded; a link
    below them has two legs (or carries itself); or nobody knows which end of a broken record is
    which.
    """
    lost = links.leg_has_unknown | links.cable_walk.is_undecided | links.carrier_walk.is_undecided
    no_distance = cables.has_unknown_span | cables.walk.is_undecided
    lost[links.leg_cables.owners[no_distance[links.leg_cables.indices]]] = True
    result = np.zeros(len(links), dtype=bool)
    result[links.legs.owners[lost[links.legs.indices]]] = True
    if len(links.leg_carriers.indices) == 0:
        return result
    order, circular = links.carriers_first
    has_two = links.legs.counts > 1
    result[list(circular)] = True
    for link in order:
        below = links.carriers.row(link)
        result[link] |= bool((result[below] | has_two[below]).any())
    return result
