"""Circuits and their routes: the recorded link sequences, put end to end from A to B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.chains import join_chains
from netgraph.topology.csr import Csr, csr_of_lists
from netgraph.topology.ids import IdIndex
from netgraph.topology.plant import ordered_rows
from netgraph.topology.rings import RingSystems, derive_protection

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints
    from netgraph.topology.evidence import LinkEvidence
    from netgraph.topology.places import Places
    from netgraph.topology.transport import Links

WORKING, PROTECT = 0, 1


@dataclass(frozen=True)
class Routes:
    """Routes of all circuits; a circuit has segments, a segment one or two routes.

    Attributes
    ----------
    circuit, segment, role
        Owner of each route; role is WORKING or PROTECT; shape (routes,).
    links
        Route to links, from A to B.
    is_reversed
        Per entry of `links`: the link is passed from its second end to its first.
    entry, exit_
        Per entry of `links`: places where the link is entered and left.
    end_place
        Place that each route arrives at, -1 if unknown.
    is_known
        The links of the route are all known, in service, and join up from end to end.
    is_stale
        Something on the route is not in service: nothing is known of where it runs today.
    problem
        For a route that is not known, the record that is missing or stale.
    """

    circuit: Ints
    segment: Ints
    role: NDArray[np.int8]
    links: Csr
    is_reversed: NDArray[np.bool_]
    entry: Ints
    exit_: Ints
    end_place: Ints
    is_known: NDArray[np.bool_]
    is_stale: NDArray[np.bool_]
    problem: dict[int, str]

    def __len__(self) -> int:
        """Count the routes."""
        return len(self.circuit)


@dataclass(frozen=True)
class Circuits:
    """Circuits in service; arrays of shape (circuits,).

    Attributes
    ----------
    rows
        Row of each circuit in the table.
    a, b, b2
        Places of the A end, the B end and the second B end; -1 if unknown or none.
    is_group_assumed
        The group is not recorded but assumed.
    segments
        Circuit to segments; `segment_routes` segment to routes (working first).
    is_derived
        The protect route was derived from ring systems, not recorded.
    is_unconfirmed
        Neither a protection nor a protect route is recorded.
    """

    ids: NDArray[np.object_]
    index: IdIndex
    rows: Ints
    a: Ints
    b: Ints
    b2: Ints
    customer: NDArray[np.object_]
    group: NDArray[np.object_]
    is_group_assumed: NDArray[np.bool_]
    tier: NDArray[np.object_]
    protection: NDArray[np.object_]
    segments: Csr
    segment_routes: Csr
    is_derived: NDArray[np.bool_]
    is_unconfirmed: NDArray[np.bool_]
    routes: Routes

    def __len__(self) -> int:
        """Count the circuits."""
        return len(self.ids)

    def routes_of(self, circuit: int) -> Ints:
        """Routes of a circuit, segment by segment, working first."""
        segments = self.segments.row(circuit)
        return np.concatenate([self.segment_routes.row(int(s)) for s in segments])


@dataclass(frozen=True)
class _Draft:
    """A route before it is put end to end: circuit, segment, role, links, what is wrong."""

    circuit: int
    segment: int
    role: int
    links: tuple[int, ...]
    problem: str


def build_circuits(
    inventory: Inventory, places: Places, links: Links, rings: RingSystems, evidence: LinkEvidence
) -> Circuits:
    """Resolve the circuits and join their routes; O(rows of circuit_links)."""
    table = inventory.table("circuits")
    rows = np.flatnonzero(table["status"] == "in_service").astype(np.int64)
    ids = table["id"][rows]
    index = IdIndex(ids)
    a = places.index.positions(table["a_id"][rows])
    b = places.index.positions(table["b_id"][rows])
    b2 = places.index.positions(table["b2_id"][rows])
    recorded = _from_a_to_b(_recorded(inventory, index, links), places, links, a)
    drafts, segment_circuit, derived = _draft(
        ids, table["protection"][rows], recorded, links, rings
    )
    has_protect = np.zeros(len(ids), dtype=bool)
    has_protect[[d.circuit for d in drafts if d.role == PROTECT]] = True
    n_segments = len(segment_circuit)
    return Circuits(
        ids=ids,
        index=index,
        rows=rows,
        a=a,
        b=b,
        b2=b2,
        customer=table["customer_id"][rows],
        group=table["group_id"][rows],
        is_group_assumed=np.zeros(len(ids), dtype=bool),
        tier=table["tier"][rows],
        protection=table["protection"][rows],
        segments=_grouped(segment_circuit, len(ids)),
        segment_routes=_grouped([d.segment for d in drafts], n_segments),
        is_derived=derived,
        is_unconfirmed=(table["protection"][rows] == "") & ~has_protect,
        routes=_join_routes(drafts, places, links, evidence, (a, b, b2)),
    )


def _grouped(owners: list[int], n_rows: int) -> Csr:
    counts = np.bincount(np.asarray(owners, dtype=np.int64), minlength=n_rows)
    order = np.argsort(np.asarray(owners, dtype=np.int64), kind="stable")
    return Csr(np.concatenate([[0], np.cumsum(counts)]), order.astype(np.int64))


#: circuit -> segment name -> role -> (links, ids that no link has)
_Recorded = dict[int, dict[str, dict[int, tuple[list[int], list[str]]]]]


def _recorded(inventory: Inventory, circuits: IdIndex, links: Links) -> _Recorded:
    table = inventory.table("circuit_links")
    circuit = circuits.positions(table["circuit_id"])
    link = links.index.positions(table["link_id"])
    order = ordered_rows(circuit.astype(float), table["seq"])
    order = order[circuit[order] >= 0]
    result: _Recorded = {}
    columns = (circuit, table["segment"], table["role"], link, table["link_id"])
    # Lists of plain values: looking into arrays row by row takes several times as long.
    for owner, name, stated, position, link_id in zip(
        *(column[order].tolist() for column in columns), strict=True
    ):
        role = WORKING if stated == "working" else PROTECT
        by_role = result.setdefault(owner, {}).setdefault(name, {})
        known, unknown = by_role.setdefault(role, ([], []))
        if stated == "":  # on one of the two routes: the protect route is not known
            unknown.append(f"role of link {link_id or '(empty)'}")
        elif position >= 0:
            known.append(position)
        else:
            unknown.append(f"link {link_id or '(empty)'}")
    return result


def _from_a_to_b(recorded: _Recorded, places: Places, links: Links, a: Ints) -> _Recorded:
    """Turn circuits around whose segments are recorded from B to A.

    Within one route the order does not matter (see :func:`join_chains`), between segments it does.
    """
    whole = {
        circuit: [link for by_role in segments.values() for link in by_role.get(WORKING, ([],))[0]]
        for circuit, segments in recorded.items()
    }
    owners = np.array(list(whole), dtype=np.int64)
    chain = csr_of_lists(list(whole.values()))
    walk = join_chains(
        chain, links.a_place, links.b_place, a[owners], np.full(len(owners), -1), places.home
    )
    turned = set(owners[walk.is_backwards].tolist())
    return {
        circuit: {
            name: {role: (known[::-1], unknown) for role, (known, unknown) in by_role.items()}
            for name, by_role in reversed(segments.items())
        }
        if circuit in turned
        else segments
        for circuit, segments in recorded.items()
    }


def _draft(
    ids: NDArray[np.object_], protection: NDArray[np.object_], recorded: _Recorded,
    links: Links, rings: RingSystems,
) -> tuple[list[_Draft], list[int], NDArray[np.bool_]]:  # fmt: skip
    """Split each circuit into segments and say which routes each segment has."""
    drafts: list[_Draft] = []
    segment_circuit: list[int] = []
    derived = np.zeros(len(ids), dtype=bool)
    for circuit, circuit_id in enumerate(ids):
        segments = recorded.get(circuit, {})
        has_protect = any(PROTECT in by_role for by_role in segments.values())
        pieces: list[tuple[tuple[int, ...], tuple[int, ...] | None, str, str]] = []
        for by_role in segments.values():
            working, lost_w = by_role.get(WORKING, ([], []))
            protect, lost_p = by_role.get(PROTECT, (None, []))
            pieces.append((
                tuple(working),
                None if protect is None else tuple(protect),
                _lost(lost_w) or ("" if working else f"working route of circuit {circuit_id}"),
                _lost(lost_p),
            ))  # fmt: skip
        if not pieces:
            pieces = [((), None, f"working route of circuit {circuit_id}", "")]
        if not has_protect and protection[circuit] == "ring":
            arcs = derive_protection(rings, links, [link for p in pieces for link in p[0]])
            if any(rest for _, rest in arcs) and not any(p[2] for p in pieces):
                derived[circuit] = True
                pieces = [(arc, rest or None, "", "") for arc, rest in arcs]
        needs = protection[circuit] in {"path", "ring"} and not has_protect
        for working_links, protect_links, problem_w, problem_p in pieces:
            segment = len(segment_circuit)
            segment_circuit.append(circuit)
            drafts.append(_Draft(circuit, segment, WORKING, working_links, problem_w))
            if protect_links is not None:
                drafts.append(_Draft(circuit, segment, PROTECT, protect_links, problem_p))
            elif needs and not derived[circuit]:
                missing = f"protect route of circuit {circuit_id}"
                drafts.append(_Draft(circuit, segment, PROTECT, (), missing))
    return drafts, segment_circuit, derived


def _lost(unknown: list[str]) -> str:
    return ", ".join(unknown)


def _join_routes(
    drafts: list[_Draft], places: Places, links: Links, evidence: LinkEvidence,
    ends: tuple[Ints, Ints, Ints],
) -> Routes:  # fmt: skip
    a, b, b2 = ends
    circuit = np.array([d.circuit for d in drafts], dtype=np.int64)
    role = np.array([d.role for d in drafts], dtype=np.int8)
    segment = np.array([d.segment for d in drafts], dtype=np.int64)
    chain = csr_of_lists([d.links for d in drafts])
    start, goal = _segment_ends(drafts, chain, places, links, a, b)
    goal = _reached(chain, places, links, start, (goal, b[circuit], b2[circuit]))
    walk = join_chains(chain, links.a_place, links.b_place, start, goal, places.home)
    end_place = np.full(len(drafts), -1, dtype=np.int64)
    some = chain.counts > 0
    last = np.where(walk.is_backwards, chain.indptr[:-1], chain.indptr[1:] - 1)
    end_place[some] = walk.exit_[last[some]]
    breaks = walk.breaks(chain)
    problem = {
        i: text for i, draft in enumerate(drafts)
        if (text := _problem(draft, bool(breaks[i]), links, evidence))
    }  # fmt: skip
    known = np.ones(len(drafts), dtype=bool)
    known[list(problem)] = False
    stale = np.array([any(i in evidence.stale for i in d.links) for d in drafts], dtype=bool)
    links_csr, flags, entry, exit_ = _forwards(chain, walk.is_backwards, walk.is_reversed, walk)
    return Routes(
        circuit=circuit, segment=segment, role=role, links=links_csr, is_reversed=flags,
        entry=entry, exit_=exit_, end_place=end_place, is_known=known,
        is_stale=stale, problem=problem,
    )  # fmt: skip


def _reached(
    chain: Csr, places: Places, links: Links, start: Ints, ends: tuple[Ints, Ints, Ints]
) -> Ints:
    """Find the end that each route reaches: its goal, or the second home in place of the first."""
    goal, first_home, second_home = ends
    other = np.where((goal == first_home) & (second_home >= 0), second_home, goal)
    joins = [
        ~join_chains(chain, links.a_place, links.b_place, start, end, places.home).breaks(chain)
        for end in (goal, other)
    ]
    return np.where(joins[1] & ~joins[0], other, goal)


def _segment_ends(
    drafts: list[_Draft], chain: Csr, places: Places, links: Links, a: Ints, b: Ints
) -> tuple[Ints, Ints]:
    """Where each route starts and ends: A and B, or the ends of its segment's working links."""
    start = np.array([a[d.circuit] for d in drafts], dtype=np.int64)
    goal = np.array([b[d.circuit] for d in drafts], dtype=np.int64)
    working: dict[int, list[int]] = {}
    for i, draft in enumerate(drafts):
        if draft.role == WORKING:
            working.setdefault(draft.circuit, []).append(i)
    several = {circuit: rows for circuit, rows in working.items() if len(rows) > 1}
    if not several:
        return start, goal
    whole = csr_of_lists([
        np.concatenate([chain.row(i) for i in rows]) for rows in several.values()
    ])  # fmt: skip
    owners = np.array(list(several), dtype=np.int64)
    walk = join_chains(whole, links.a_place, links.b_place, a[owners], b[owners], places.home)
    by_segment: dict[int, tuple[int, int]] = {}
    for k, rows in enumerate(several.values()):
        at = int(whole.indptr[k])
        last = a[owners[k]]
        for position, i in enumerate(rows):
            # A segment starts where the one before ended: one without rows in between is a gap.
            first, size = last, len(drafts[i].links)
            at += size
            if size:
                last = b[owners[k]] if position == len(rows) - 1 else walk.exit_[at - 1]
            by_segment[drafts[i].segment] = (int(first), int(last))
    for i, draft in enumerate(drafts):
        if draft.segment in by_segment:
            start[i], goal[i] = by_segment[draft.segment]
    return start, goal


def _problem(draft: _Draft, breaks: bool, links: Links, evidence: LinkEvidence) -> str:  # noqa: FBT001
    if draft.problem:
        return draft.problem
    for link in draft.links:
        if link in evidence.stale:
            return f"a route in service: {evidence.stale[link]} is not"
    if breaks or not draft.links:
        names = ", ".join(str(links.ids[link]) for link in draft.links[:3])
        which = "working" if draft.role == WORKING else "protect"
        return f"contiguous circuit_links of the {which} route ({names} ...)"
    return ""


def _forwards(
    chain: Csr, is_backwards: NDArray[np.bool_], is_reversed: NDArray[np.bool_], walk: object
) -> tuple[Csr, NDArray[np.bool_], Ints, Ints]:
    """Turn the routes that are recorded from B to A around."""
    order = np.arange(len(chain.indices))
    for route in np.flatnonzero(is_backwards):
        low, high = chain.indptr[route], chain.indptr[route + 1]
        order[low:high] = order[low:high][::-1]
    turned = Csr(chain.indptr, chain.indices[order])
    return turned, is_reversed[order], walk.entry[order], walk.exit_[order]  # type: ignore[attr-defined]
