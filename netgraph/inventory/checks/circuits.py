"""Circuits, their routes, tiers and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.inventory.checks.chains import follow_chains, in_order
from netgraph.inventory.distinct import first_alike
from netgraph.inventory.rules import make_finding
from netgraph.inventory.schema import load_schema
from netgraph.messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory.checks.chains import Chains
    from netgraph.inventory.checks.lookup import Lookup
    from netgraph.inventory.findings import Finding

    Ints = NDArray[np.intp]

_ROUTES = ("working", "protect")


def check_routes_exist(lookup: Lookup) -> list[Finding]:
    """Find circuits in service without a working route, or without the protect route they claim.

    A ring may derive its protect route and needs no rows of its own.
    """
    circuits, rows = lookup.table("circuits"), lookup.table("circuit_links")
    if not rows.is_recorded:
        return []
    has = {}
    owner = lookup.references("circuit_links", "circuit_id", "circuits")
    for role in _ROUTES:
        marks = np.zeros(len(circuits) + 1, dtype=bool)
        marks[owner[rows.coded("role").equals(role)]] = True
        has[role] = marks[:-1]
    active = circuits.coded("status").equals("in_service")
    hint = Message("Enter its links in their order: until then its diversity is undecidable.")
    message = Message("no working route is recorded for the circuit")
    findings = [
        make_finding("ND927", circuits, row, message, hint)
        for row in np.flatnonzero(active & ~has["working"])
    ]
    message = Message("protection is 'path', but no protect route is recorded")
    claimed = active & circuits.coded("protection").equals("path")
    findings += [
        make_finding("ND930", circuits, row, message, hint)
        for row in np.flatnonzero(claimed & ~has["protect"])
    ]
    return findings


@dataclass(frozen=True, eq=False)
class _Routes:
    """Recorded routes: g runs of rows of ``circuit_links``, one a circuit, role and segment.

    Parameters
    ----------
    rows
        Rows in the order of the runs, shape (r,).
    starts
        First place of each run in `rows`, and r behind the last; shape (g+1,).
    circuit
        Row of the circuit of each run, shape (g,).
    segment
        Number of the segment of each run, shape (g,).
    is_whole
        The run has no segment: it leads from end to end; shape (g,).
    near, far
        Buildings at the ends of the link in each of `rows`, -1 for unknown; shape (r,).
    """

    rows: Ints
    starts: Ints
    circuit: Ints
    segment: NDArray[np.int32]
    is_whole: NDArray[np.bool_]
    near: Ints
    far: Ints

    @property
    def is_decidable(self) -> NDArray[np.bool_]:
        """Whether all ends of all links of a run are known; shape (g,)."""
        return np.logical_and.reduceat((self.near >= 0) & (self.far >= 0), self.starts[:-1])


def _find_routes(lookup: Lookup) -> _Routes | None:
    """Put the rows of known circuits in order; None if there are none."""
    table = lookup.table("circuit_links")
    circuit = lookup.references("circuit_links", "circuit_id", "circuits")
    segment, role = (table.coded(column) for column in ("segment", "role"))
    rows = np.flatnonzero((circuit >= 0) & ~role.equals("") & ~np.isnan(table["seq"]))
    if len(rows) == 0:
        return None
    run = circuit * len(role.vocabulary) + role.codes
    run = run * len(segment.vocabulary) + segment.codes
    rows = rows[in_order(run[rows], table["seq"][rows])]
    first = np.append(0, np.flatnonzero(np.diff(run[rows])) + 1)
    home = np.append(lookup.places.home, -1)
    used = lookup.references("circuit_links", "link_id", "links")[rows]
    near, far = (
        np.where(used < 0, -1, np.append(home[lookup.stops("links", column)], -1)[used])
        for column in ("from_id", "to_id")
    )
    return _Routes(
        rows=rows,
        starts=np.append(first, len(rows)),
        circuit=circuit[rows[first]],
        segment=segment.codes[rows[first]],
        is_whole=segment.take(rows[first]).equals(""),
        near=near,
        far=far,
    )


def check_route_ends(lookup: Lookup) -> list[Finding]:
    """Find routes whose links do not meet, or that miss the A or the B end of their circuit.

    Links meet in a building, devices count as their building. Routes with unknown ids are left to
    the check of references, the ends of segments are not judged.
    """
    circuits, table = lookup.table("circuits"), lookup.table("circuit_links")
    routes = lookup.once(_find_routes)
    if routes is None:
        return []
    chains = follow_chains(routes.starts, routes.near, routes.far)
    findings = []
    for route in np.flatnonzero(routes.is_decidable & (chains.broken_at >= 0)):
        at = chains.broken_at[route]
        before, after = (table["link_id"][routes.rows[place]] for place in (at - 1, at))
        role = table["role"][routes.rows[at]]
        message = Message(
            "the links {0!r} and {1!r} of the {2} route do not meet", before, after, role
        )
        hint = Message("Correct the order, or enter the links between the two.")
        findings.append(make_finding("ND928", circuits, routes.circuit[route], message, hint))
    for route in np.flatnonzero(routes.is_decidable & _misses_its_ends(lookup, routes, chains)):
        row = routes.circuit[route]
        role = table["role"][routes.rows[routes.starts[route]]]
        start, stop = circuits["a_id"][row], circuits["b_id"][row]
        message = Message("the {0} route does not lead from {1!r} to {2!r}", role, start, stop)
        hint = Message("Enter the links that are missing at the ends, or correct the ends.")
        findings.append(make_finding("ND928", circuits, row, message, hint))
    return findings


def _misses_its_ends(lookup: Lookup, routes: _Routes, chains: Chains) -> NDArray[np.bool_]:
    home = np.append(lookup.places.home, -1)
    a_end, b_end, b2_end = (
        home[lookup.ends("circuits", column)][routes.circuit]
        for column in ("a_id", "b_id", "b2_id")
    )
    joins = np.zeros(len(routes.circuit), dtype=bool)
    for way in range(2):
        for start, stop in (
            (chains.first[way], chains.last[way]),
            (chains.last[way], chains.first[way]),
        ):
            joins |= (start == a_end) & ((stop == b_end) | (stop == b2_end))
    known = (a_end >= 0) & (b_end >= 0)
    return routes.is_whole & known & (chains.broken_at < 0) & ~joins


def check_routes_differ(lookup: Lookup) -> list[Finding]:
    """Find circuits whose protect route is their working route, link by link."""
    circuits, table = lookup.table("circuits"), lookup.table("circuit_links")
    routes = lookup.once(_find_routes)
    if routes is None:
        return []
    order = np.lexsort((routes.segment, routes.circuit))
    alike = [key[order[1:]] == key[order[:-1]] for key in (routes.circuit, routes.segment)]
    pairs = np.flatnonzero(np.logical_and(*alike))
    first, second = order[pairs], order[pairs + 1]
    links = table.coded("link_id").codes[routes.rows]
    same = _are_same(links, routes.starts, first, second)
    hint = Message("Enter the protect route as it runs, or say that there is none.")
    message = Message("the protect route takes the same links as the working route")
    return [
        make_finding("ND929", circuits, circuit, message, hint)
        for circuit in routes.circuit[first[same]]
    ]


def _are_same(
    links: NDArray[np.int32], starts: Ints, first: Ints, second: Ints
) -> NDArray[np.bool_]:
    """Whether two runs take the same links, in one direction or the other; shape (pairs,)."""
    sizes = np.diff(starts)
    same = sizes[first] == sizes[second]
    pair = np.flatnonzero(same)
    counts = sizes[first[pair]]
    step = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    owner = np.repeat(pair, counts)
    ahead = links[starts[first[owner]] + step]
    ways = (starts[second[owner]] + step, starts[second[owner] + 1] - 1 - step)
    differing = [
        np.bincount(owner, weights=ahead != links[way], minlength=len(first)) for way in ways
    ]
    return np.asarray(same & ((differing[0] == 0) | (differing[1] == 0)))


def check_sites(lookup: Lookup) -> list[Finding]:
    """Find circuits in service that are judged, but that no count by site holds."""
    circuits, sites = lookup.table("circuits"), lookup.table("sites")
    if not sites.is_recorded:
        return []
    site, ids = lookup.references("circuits", "a_id", "sites"), circuits.coded("a_id")
    is_named = (site >= 0) & ~lookup.is_known(("offices", "structures"), ids)
    stands = np.append(sites.coded("status").equals("in_service"), False)[site]
    hint = Message("Correct a_id, or the site: no figure by site, tier or area holds the circuit.")
    return [
        make_finding(
            "ND993",
            circuits,
            row,
            Message(
                "it counts at no site, for its site {0!r} is not in service", circuits["a_id"][row]
            )
            if is_named[row]
            else Message("it counts at no site, for a_id {0!r} names none", circuits["a_id"][row]),
            hint,
        )
        for row in np.flatnonzero(
            circuits.coded("status").equals("in_service") & ~(is_named & stands)
        )
    ]


def check_tiers(lookup: Lookup) -> list[Finding]:
    """Find circuits without any tier, and sites whose tier is not the highest of their circuits."""
    circuits, sites = lookup.table("circuits"), lookup.table("sites")
    ranks = load_schema()["circuits"].columns["tier"].allowed[::-1]
    site = lookup.references("circuits", "a_id", "sites")
    rank, own = (table.coded("tier").place_in(ranks) for table in (circuits, sites))
    highest = np.full(len(sites) + 1, -1)
    np.maximum.at(highest, site, rank)
    message, hint = (
        Message("neither the circuit nor its site has a tier"),
        Message("Enter the tier."),
    )
    bare = (rank < 0) & (np.append(own, -1)[site] < 0)
    findings = [make_finding("ND935", circuits, row, message, hint) for row in np.flatnonzero(bare)]
    for row in np.flatnonzero((own >= 0) & (highest[:-1] >= 0) & (own != highest[:-1])):
        found = ranks[highest[row]]
        message = Message(
            "tier is {0}, but the highest of its circuits is {1}", sites["tier"][row], found
        )
        hint = Message("Correct one of the two; the tier of the circuits counts.")
        findings.append(make_finding("ND935", sites, row, message, hint))
    return findings


def check_groups(lookup: Lookup) -> list[Finding]:
    """Find groups of circuits that do not start at one site and cannot back each other up."""
    circuits = lookup.table("circuits")
    group, site = (circuits.coded(column).codes for column in ("group_id", "a_id"))
    grouped = np.flatnonzero(~circuits.coded("group_id").equals(""))
    joint = grouped[first_alike(group[grouped])]
    mixed = np.isin(group[grouped], group[grouped[site[grouped] != site[joint]]])
    rows_of: dict[str, list[int]] = {}
    for row in grouped[mixed].tolist():
        rows_of.setdefault(circuits["group_id"][row], []).append(row)
    findings = []
    for name, rows in rows_of.items():
        distinct = list(dict.fromkeys(circuits["a_id"][rows]))
        message = Message(
            "group_id {0!r} joins circuits of the sites {1}", name, ", ".join(distinct)
        )
        hint = Message("Give each site a group of its own.")
        findings.append(make_finding("ND940", circuits, rows[0], message, hint))
    return findings


def check_carriers(lookup: Lookup) -> list[Finding]:
    """Find links that, link over link, carry themselves."""
    links = lookup.table("links")
    upper, lower = (
        lookup.references("link_links", name, "links") for name in ("link_id", "carrier_id")
    )
    known = (upper >= 0) & (lower >= 0)
    upper, lower = upper[known], lower[known]
    if len(upper) == 0:
        return []
    from scipy import sparse

    graph = sparse.coo_array((np.ones(len(upper)), (upper, lower)), shape=(len(links), len(links)))
    _, component = sparse.csgraph.connected_components(graph, connection="strong")
    inside = component[upper] == component[lower]
    hint = Message("Correct link_links: a carrier must be a lower link.")
    return [
        make_finding(
            "ND941", links, row, Message("the link is carried by itself through others"), hint
        )
        for row in np.unique(upper[inside])
    ]
