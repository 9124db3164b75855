"""Which links each route takes, as recorded or as its ring implies; not yet put end to end."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import (
    Csr,
    csr_of_lists,
    csr_of_owners,
    flip_rows,
    gather,
    one_below_the_other,
)
from netgraph.topology.ids import IdIndex
from netgraph.topology.plant import ordered_rows
from netgraph.topology.rings import derive_protection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places
    from netgraph.topology.rings import RingSystems
    from netgraph.topology.transport import Links

WORKING, PROTECT = 0, 1
#: Links of a stretch of a working route, and of the rest of its ring.
_Arc = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Drafts:
    """Routes before they are put end to end, circuit by circuit, segment by segment, working first.

    Attributes
    ----------
    circuit, segment, role
        Owner of each route; role is WORKING or PROTECT; shape (routes,).
    links
        Route to links, as recorded.
    problem
        For some routes, the record that is missing.
    is_derived
        Per circuit: the protect routes were derived from ring systems.
    """

    circuit: Ints
    segment: Ints
    role: NDArray[np.int8]
    links: Csr
    problem: dict[int, str]
    is_derived: NDArray[np.bool_]


@dataclass(frozen=True)
class _Segments:
    """Recorded segments, circuit by circuit.

    Attributes
    ----------
    circuit
        Owner of each segment; shape (segments,).
    links
        Row ``2 * segment + role`` to its known links.
    is_given
        The same rows: anything is recorded of the route.
    lost
        For some of the rows, what is recorded and names nothing.
    """

    circuit: Ints
    links: Csr
    is_given: NDArray[np.bool_]
    lost: dict[int, str]


def draft_routes(
    inventory: Inventory, rows: Ints, a: Ints, places: Places, links: Links, rings: RingSystems
) -> Drafts:  # fmt: skip
    """Split each circuit into segments and say which routes each segment has.

    Parameters
    ----------
    rows
        The circuits in service: rows of their table; shape (circuits,).
    a
        Their A ends; shape (circuits,).
    """
    table = inventory.table("circuits")
    ids, protection = (table.coded(column).take(rows) for column in ("id", "protection"))
    recorded = _from_a_to_b(_recorded(inventory, IdIndex(ids), links), places, links, a)
    has_protect = np.zeros(len(a), dtype=bool)
    has_protect[recorded.circuit[recorded.is_given[PROTECT::2]]] = True
    is_ring = protection.equals("ring")
    arcs = _derive(recorded, rings, links, np.flatnonzero(is_ring & ~has_protect))
    is_derived = np.zeros(len(a), dtype=bool)
    is_derived[list(arcs)] = True
    needs = (is_ring | protection.equals("path")) & ~has_protect & ~is_derived
    return _drafted(recorded, arcs, needs, is_derived, ids.cells())


def _recorded(inventory: Inventory, circuits: IdIndex, links: Links) -> _Segments:
    table = inventory.table("circuit_links")
    circuit = circuits.positions(table.coded("circuit_id"))
    link = links.index.positions(table.coded("link_id"))
    names, roles = table.coded("segment"), table.coded("role")
    order = ordered_rows(circuit, table["seq"])
    order = order[circuit[order] >= 0]
    keys = circuit[order] * len(names.vocabulary) + names.codes[order]
    first, segment = _number_as_they_come(keys)
    role = np.where(roles.equals("working"), WORKING, PROTECT)[order]
    row = 2 * segment + role
    # A row on one of the two routes, nobody knows which: the protect route is not known.
    vague = roles.equals("")[order]
    known = (link[order] >= 0) & ~vague
    lost: dict[int, list[str]] = defaultdict(list)
    for place in np.flatnonzero(~known).tolist():
        name = table["link_id"][order[place]] or "(empty)"
        lost[int(row[place])].append(f"role of link {name}" if vague[place] else f"link {name}")
    given = np.zeros(2 * len(first), dtype=bool)
    given[row] = True
    by_row = csr_of_owners(row[known], len(given))
    return _Segments(
        circuit=circuit[order][first],
        links=Csr(by_row.indptr, link[order][known][by_row.indices]),
        is_given=given,
        lost={row: ", ".join(unknown) for row, unknown in lost.items()},
    )


def _number_as_they_come(keys: Ints) -> tuple[Ints, Ints]:
    """First position of each distinct key, ascending; and the number of each key by that."""
    if (keys[1:] >= keys[:-1]).all():  # no segments are recorded, or in their order
        starts = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
        return np.flatnonzero(starts), np.cumsum(starts) - 1
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.sort(first), rank[inverse]


def _from_a_to_b(recorded: _Segments, places: Places, links: Links, a: Ints) -> _Segments:
    """Turn circuits around whose segments are recorded from B to A.

    Those have the last of their working links at A, and not the first. Within one route the order
    does not matter (see :func:`join_chains`), between segments it does.
    """
    n = len(recorded.circuit)
    values, owners = gather(recorded.links, 2 * np.arange(n) + WORKING)
    first, behind = _bounds(recorded.circuit[owners], len(a))
    some = np.flatnonzero(behind > first)
    touches = [_touch(a[some], values[place[some]], links, places) for place in (first, behind - 1)]
    is_backwards = np.zeros(len(a), dtype=bool)
    is_backwards[some] = touches[1] & ~touches[0]
    if not is_backwards.any():
        return recorded
    is_turned = is_backwards[recorded.circuit]
    source = flip_rows(csr_of_owners(recorded.circuit, len(a)), is_backwards)
    rows = (2 * source[:, np.newaxis] + np.arange(2)).ravel()
    turned = Csr(recorded.links.indptr, recorded.links.indices[
        flip_rows(recorded.links, np.repeat(is_turned, 2))
    ])  # fmt: skip
    values, owners = gather(turned, rows)
    place_of = np.argsort(rows)
    return _Segments(
        circuit=recorded.circuit,
        links=Csr(csr_of_owners(owners, len(rows)).indptr, values),
        is_given=recorded.is_given[rows],
        lost={int(place_of[row]): text for row, text in recorded.lost.items()},
    )


def _bounds(owners: Ints, n: int) -> tuple[Ints, Ints]:
    """First position of each owner, and the one behind its last; owners ascend."""
    indptr = csr_of_owners(owners, n).indptr
    return indptr[:-1], indptr[1:]


def _touch(place: Ints, link: Ints, links: Links, places: Places) -> NDArray[np.bool_]:
    """Whether a link ends at a place, or in its building; shape (n,)."""
    home = places.padded_home
    meets = [
        (end >= 0) & ((place == end) | ((home[place] >= 0) & (home[place] == home[end])))
        for end in (links.a_place[link], links.b_place[link])
    ]
    return np.asarray((place >= 0) & (meets[0] | meets[1]))


def _derive(
    recorded: _Segments, rings: RingSystems, links: Links, circuits: Ints
) -> dict[int, list[_Arc]]:
    """Split some circuits into arcs with the rest of their rings, where their rings say so."""
    derived = {}
    first = np.searchsorted(recorded.circuit, circuits)
    behind = np.searchsorted(recorded.circuit, circuits, side="right")
    for circuit, low, high in zip(circuits.tolist(), first.tolist(), behind.tolist(), strict=True):
        rows = range(2 * low + WORKING, 2 * high, 2)
        if not rows or any(
            row in recorded.lost or not len(recorded.links.row(row)) for row in rows
        ):
            continue
        working = [link for row in rows for link in recorded.links.row(row).tolist()]
        arcs = derive_protection(rings, links, working)
        if any(rest for _, rest in arcs):
            derived[circuit] = arcs
    return derived


def _drafted(
    recorded: _Segments,
    arcs: dict[int, list[_Arc]],
    needs: NDArray[np.bool_],
    is_derived: NDArray[np.bool_],
    ids: NDArray[np.object_],
) -> Drafts:
    """Put recorded, derived and missing routes in the order of their circuits."""
    derived = [(circuit, *arc) for circuit, some in arcs.items() for arc in some]
    ways = csr_of_lists([way for _, *both in derived for way in both])
    no_links = Csr(np.zeros(2, dtype=np.int64), np.empty(0, dtype=np.int64))
    known = one_below_the_other([recorded.links, ways, no_links])
    nothing = len(known) - 1
    is_given = np.concatenate([recorded.is_given, ways.counts > 0, [False]])

    # Segments by their owner, and the row of `known` in which their working route stands.
    plain = np.flatnonzero(~is_derived[recorded.circuit])
    bare = np.setdiff1d(np.arange(len(ids)), recorded.circuit)
    owner = np.concatenate([
        recorded.circuit[plain], np.array([arc[0] for arc in derived], dtype=np.int64), bare
    ])  # fmt: skip
    working = np.concatenate([
        2 * plain, len(recorded.links) + 2 * np.arange(len(derived)), np.full(len(bare), nothing)
    ])  # fmt: skip
    order = np.argsort(owner, kind="stable")
    owner, working = owner[order], working[order]
    protect = np.minimum(working + 1, nothing)
    protect = np.where(is_given[protect], protect, np.where(needs[owner], nothing, -1))

    source = np.column_stack([working, protect]).ravel()
    taken = np.flatnonzero(source >= 0)
    source, segment, role = source[taken], taken // 2, (taken % 2).astype(np.int8)
    circuit = owner[segment]
    values, _ = gather(known, source)
    sizes = known.counts[source]
    return Drafts(
        circuit=circuit,
        segment=segment,
        role=role,
        links=Csr(np.append(0, np.cumsum(sizes)), values),
        problem=_find_missing(recorded, source, role, sizes, ids[circuit]),
        is_derived=is_derived,
    )


def _find_missing(
    recorded: _Segments, source: Ints, role: NDArray[np.int8], sizes: Ints, ids: NDArray[np.object_]
) -> dict[int, str]:
    """Name the records that routes lack; a protect route without links is there to be missed."""
    lost = np.isin(source, list(recorded.lost))
    is_absent = sizes == 0
    is_absent &= (role == WORKING) | (source >= len(recorded.links))
    missing = {}
    for route in np.flatnonzero(lost | is_absent).tolist():
        which = "working" if role[route] == WORKING else "protect"
        text = f"{which} route of circuit {ids[route]}"
        missing[route] = recorded.lost.get(int(source[route]), text)
    return missing
