"""The way along each link and route, piece by piece, in the direction of travel.

A piece is a span; a cable without recorded spans, or a link without cables, stands as one piece
of its own so that positions and maps keep their order (it proves nothing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, compose, csr_of_lists, gather
from netgraph.topology.plant import straight_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.topology.chains import Chains
    from netgraph.topology.csr import Ints
    from netgraph.topology.network import LayeredNetwork


@dataclass(frozen=True)
class Paths:
    """Pieces of every link, both ways.

    A piece code is twice the number of the piece, plus one if it is passed from its second end
    to its first. Pieces are numbered: spans, then cables, then links.

    Attributes
    ----------
    of_link
        Row ``2 * link + is_reversed`` to piece codes, in the direction of travel.
    cable
        Cable of each entry of `of_link`, -1 for a link without cables.
    a, b, length_m, is_measured
        Ends and length of each piece (not of each entry); shape (pieces,).
    n_spans, n_cables
        Sizes of the first two blocks of pieces.
    """

    of_link: Csr
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
    start_m, end_m
        Distance from A along the route where the piece begins and ends, outside the A building.
    is_measured
        All lengths up to the end of the piece are recorded or drawn.
    """

    span: Ints
    cable: Ints
    link: Ints
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
    first = np.array(
        [row[0] if len(row := links.legs.row(i)) else -1 for i in range(len(links))],
        dtype=np.int64,
    )
    rows, cable = _link_rows(network, first, leg_pieces, leg_cable, n_spans + n_cables)
    both = _both_ways(rows)
    planar = network.inventory.crs == ""
    return Paths(
        of_link=both,
        cable=_mirrored(rows, cable),
        a=np.concatenate([spans.a, cables.a, links.a_place]),
        b=np.concatenate([spans.b, cables.b, links.b_place]),
        length_m=np.concatenate([
            spans.length_m,
            cables.length_m,
            straight_m(network.places, links.a_place, links.b_place, planar=planar),
        ]),  # fmt: skip
        is_measured=np.concatenate([
            spans.is_measured, np.zeros(n_cables + len(links), dtype=bool)
        ]),  # fmt: skip
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
    entries, owners = gather(Csr(paths.of_link.indptr, np.arange(len(paths.cable))), rows)
    codes = paths.of_link.indices[entries]
    piece, turned = codes // 2, codes % 2 == 1
    entry = np.where(turned, paths.b[piece], paths.a[piece])
    exit_ = np.where(turned, paths.a[piece], paths.b[piece])
    length = paths.length_m[piece]
    home = np.append(network.places.home, -1)
    indoors = (home[entry] == a_home) & (home[exit_] == a_home)
    outside = np.where(indoors | np.isnan(length), 0.0, length)
    end = np.cumsum(outside)
    return RouteWalk(
        span=np.where(piece < paths.n_spans, piece, -1),
        cable=paths.cable[entries],
        link=links[owners],
        entry=entry,
        exit_=exit_,
        length_m=length,
        start_m=end - outside,
        end_m=end,
        is_measured=np.logical_and.accumulate(paths.is_measured[piece] | indoors),
    )


def _travelled(table: Csr, walk: Chains, base: int) -> Csr:
    """Piece codes in the direction of travel."""
    codes = 2 * (table.indices + base) + walk.is_reversed
    order = np.arange(len(codes))
    for row in np.flatnonzero(walk.is_backwards):
        low, high = table.indptr[row], table.indptr[row + 1]
        order[low:high] = order[low:high][::-1]
    return Csr(table.indptr, codes[order].astype(np.int64))


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
    counts = np.repeat(rows.counts, 2)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    codes = np.empty(indptr[-1], dtype=np.int64)
    within = np.arange(len(rows.indices)) - rows.indptr[:-1][rows.owners]
    codes[indptr[2 * rows.owners] + within] = rows.indices
    mirror = indptr[2 * rows.owners + 2] - 1 - within
    codes[mirror] = rows.indices ^ 1
    return Csr(indptr, codes)


def _mirrored(rows: Csr, values: Ints) -> Ints:
    """Carry a value per entry through :func:`_both_ways`."""
    both = _both_ways(Csr(rows.indptr, 2 * np.arange(len(rows.indices))))
    return values[both.indices // 2]


def _expand(codes: Csr, rows: Csr) -> tuple[Csr, Ints]:
    """Replace each code by its row of piece codes; also say which code // 2 each came from."""
    _, owners = gather(rows, codes.indices)
    return compose(codes, rows), (codes.indices // 2)[owners]


def _link_rows(
    network: LayeredNetwork, first: Ints, leg_pieces: Csr, leg_cable: Ints, base: int
) -> tuple[Csr, Ints]:
    """Pieces of each link along its first leg, and the cable of each piece."""
    links = network.links
    plain = np.array([leg < 0 or len(links.leg_carriers.row(leg)) == 0 for leg in first], dtype=bool)
    if plain.all():
        at, owners = gather(
            Csr(leg_pieces.indptr, np.arange(len(leg_cable))), first[first >= 0]
        )
        rows = np.flatnonzero(first >= 0)[owners]
        counts = np.bincount(rows, minlength=len(links))
        table = Csr(np.concatenate([[0], np.cumsum(counts)]), leg_pieces.indices[at])
        whole = _or_itself(table, base)
        cable = np.full(len(whole.indices), -1, dtype=np.int64)
        cable[whole.indices < 2 * base] = leg_cable[at]
        return whole, cable
    return _link_rows_with_carriers(network, first, leg_pieces, leg_cable, base)


def _link_rows_with_carriers(
    network: LayeredNetwork, first: Ints, leg_pieces: Csr, leg_cable: Ints, base: int
) -> tuple[Csr, Ints]:
    links = network.links
    carriers = _travelled(links.leg_carriers, links.carrier_walk, 0)
    done: dict[int, list[tuple[int, int]]] = {}

    def pieces(link: int, above: frozenset[int]) -> list[tuple[int, int]]:
        if link not in done:
            leg = int(first[link])
            found: list[tuple[int, int]] = []
            if leg >= 0:
                low, high = leg_pieces.indptr[leg], leg_pieces.indptr[leg + 1]
                found += zip(
                    leg_pieces.indices[low:high].tolist(), leg_cable[low:high].tolist(), strict=True
                )
                for code in carriers.row(leg).tolist():
                    if code // 2 in above | {link}:
                        continue
                    lower = pieces(code // 2, above | {link})
                    found += [(p ^ 1, c) for p, c in reversed(lower)] if code % 2 else lower
            done[link] = found or [(2 * (base + link), -1)]
        return done[link]

    rows = [pieces(link, frozenset()) for link in range(len(links))]
    cable = np.array([c for row in rows for _, c in row], dtype=np.int64)
    return csr_of_lists([[p for p, _ in row] for row in rows]), cable
