"""Circuits and their routes: the recorded link sequences, put end to end from A to B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.chains import join_chains
from netgraph.topology.csr import Csr, csr_of_owners, flip_rows, gather
from netgraph.topology.ids import IdIndex
from netgraph.topology.route_drafts import PROTECT, WORKING, draft_routes
from netgraph.topology.route_walks import walk_routes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.topology.csr import Ints
    from netgraph.topology.evidence import LinkEvidence
    from netgraph.topology.places import Places
    from netgraph.topology.rings import RingSystems
    from netgraph.topology.route_drafts import Drafts
    from netgraph.topology.transport import Links

__all__ = ["PROTECT", "WORKING", "Circuits", "Routes", "build_circuits"]


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


def build_circuits(
    inventory: Inventory, places: Places, links: Links, rings: RingSystems, evidence: LinkEvidence
) -> Circuits:
    """Resolve the circuits and join their routes; O(rows of circuit_links)."""
    table = inventory.table("circuits")
    rows = np.flatnonzero(table.coded("status").equals("in_service")).astype(np.int64)
    ids = table.coded("id").take(rows)
    a, b, b2 = (
        places.index.positions(table.coded(column).take(rows))
        for column in ("a_id", "b_id", "b2_id")
    )
    protection = table["protection"][rows]
    drafts = draft_routes(inventory, rows, a, places, links, rings)
    has_protect = np.zeros(len(ids), dtype=bool)
    has_protect[drafts.circuit[drafts.role == PROTECT]] = True
    segment_circuit = drafts.circuit[drafts.role == WORKING]
    return Circuits(
        ids=ids.cells(),
        index=IdIndex(ids),
        rows=rows,
        a=a,
        b=b,
        b2=b2,
        customer=table["customer_id"][rows],
        group=table["group_id"][rows],
        is_group_assumed=np.zeros(len(ids), dtype=bool),
        tier=table["tier"][rows],
        protection=protection,
        segments=csr_of_owners(segment_circuit, len(ids)),
        segment_routes=csr_of_owners(drafts.segment, len(segment_circuit)),
        is_derived=drafts.is_derived,
        is_unconfirmed=(protection == "") & ~has_protect,
        routes=_join_routes(drafts, places, links, evidence, (a, b, b2)),
    )


def _join_routes(
    drafts: Drafts, places: Places, links: Links, evidence: LinkEvidence,
    ends: tuple[Ints, Ints, Ints],
) -> Routes:  # fmt: skip
    a, b, b2 = ends
    circuit, chain = drafts.circuit, drafts.links
    start, goal = _segment_ends(drafts, places, links, a, b)
    goal = _reached(chain, places, links, start, (goal, b[circuit], b2[circuit]))
    walk = walk_routes(chain, links, start, goal, places)
    end_place = np.full(len(chain), -1, dtype=np.int64)
    some = chain.counts > 0
    last = np.where(walk.is_backwards, chain.indptr[:-1], chain.indptr[1:] - 1)
    end_place[some] = walk.exit_[last[some]]
    is_dead = np.zeros(len(links), dtype=bool)
    is_dead[list(evidence.stale)] = True
    stale = np.zeros(len(chain), dtype=bool)
    stale[chain.owners[is_dead[chain.indices]]] = True
    problem = _find_problems(drafts, stale, walk.breaks(chain) | ~some, links, evidence)
    known = np.ones(len(chain), dtype=bool)
    known[list(problem)] = False
    order = flip_rows(chain, walk.is_backwards)  # from A to B
    return Routes(
        circuit=circuit, segment=drafts.segment, role=drafts.role,
        links=Csr(chain.indptr, chain.indices[order]), is_reversed=walk.is_reversed[order],
        entry=walk.entry[order], exit_=walk.exit_[order], end_place=end_place, is_known=known,
        is_stale=stale, problem=problem,
    )  # fmt: skip


def _reached(
    chain: Csr, places: Places, links: Links, start: Ints, ends: tuple[Ints, Ints, Ints]
) -> Ints:
    """Find the end that each route reaches: its goal, or the second home in place of the first."""
    goal, first_home, second_home = ends
    two = np.flatnonzero((goal == first_home) & (second_home >= 0))
    values, _ = gather(chain, two)
    some = Csr(np.append(0, np.cumsum(chain.counts[two])), values)
    joins = [
        ~join_chains(some, links.a_place, links.b_place, start[two], end, places.home).breaks(some)
        for end in (goal[two], second_home[two])
    ]
    reached = goal.copy()
    reached[two[joins[1] & ~joins[0]]] = second_home[two[joins[1] & ~joins[0]]]
    return reached


def _segment_ends(
    drafts: Drafts, places: Places, links: Links, a: Ints, b: Ints
) -> tuple[Ints, Ints]:
    """Where each route starts and ends: A and B, or the ends of its segment's working links."""
    start, goal = a[drafts.circuit], b[drafts.circuit]
    working = np.flatnonzero(drafts.role == WORKING)
    several = np.flatnonzero(np.bincount(drafts.circuit[working], minlength=len(a)) > 1)
    working = working[np.isin(drafts.circuit[working], several)]
    if len(working) == 0:
        return start, goal
    values, owners = gather(drafts.links, working)
    row_of = np.zeros(len(a), dtype=np.int64)
    row_of[several] = np.arange(len(several))
    row = row_of[drafts.circuit[working]]
    whole = Csr(csr_of_owners(row[owners], len(several)).indptr, values)
    walk = walk_routes(whole, links, a[several], b[several], places)
    ends_of: dict[int, tuple[int, int]] = {}
    at, last, previous = 0, -1, -1
    for place, (draft, k) in enumerate(zip(working.tolist(), row.tolist(), strict=True)):
        circuit = several[k]
        # A segment starts where the one before ended: one without rows in between is a gap.
        first = last if k == previous else a[circuit]
        size = int(drafts.links.counts[draft])
        at, last, previous = at + size, first, k
        if place + 1 == len(working) or row[place + 1] != k:
            last = b[circuit]
        elif size:
            last = walk.exit_[at - 1]
        ends_of[int(drafts.segment[draft])] = (int(first), int(last))
    for draft in np.flatnonzero(np.isin(drafts.circuit, several)).tolist():
        start[draft], goal[draft] = ends_of[int(drafts.segment[draft])]
    return start, goal


def _find_problems(
    drafts: Drafts, stale: NDArray[np.bool_], breaks: NDArray[np.bool_], links: Links,
    evidence: LinkEvidence,
) -> dict[int, str]:  # fmt: skip
    """Name what is missing or stale of each route that is not known."""
    problem = {}
    wrong = stale | breaks
    wrong[list(drafts.problem)] = True
    for i in np.flatnonzero(wrong).tolist():
        way = drafts.links.row(i).tolist()
        dead = next((link for link in way if link in evidence.stale), None)
        if i in drafts.problem:
            problem[i] = drafts.problem[i]
        elif dead is not None:
            problem[i] = f"a route in service: {evidence.stale[dead]} is not"
        else:
            names = ", ".join(str(links.ids[link]) for link in way[:3])
            which = "working" if drafts.role[i] == WORKING else "protect"
            problem[i] = f"contiguous circuit_links of the {which} route ({names} ...)"
    return problem
