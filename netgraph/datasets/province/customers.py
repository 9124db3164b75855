"""Customers of an invented province: their sites, access cables, circuits and routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.datasets.province.offices import AGGREGATION
from netgraph.datasets.province.walks import Net, Walks, join, single, stack

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from netgraph.datasets.province.offices import Offices
    from netgraph.datasets.province.plane import Plane

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

NO_SITE = -1
_IN_USE = 0.944
_TWO_CABLES = 0.15
_PROTECTED = 0.64
_SECOND_HOME = 0.1
# A second route avoids what the first ones use where the detour is less than so many times longer.
_DETOUR = 4.0
# Share of the customers whose circuits end at a city's aggregation office, or at their own head.
_CITY_HOMED, _HEAD_HOMED = 0.15, 0.15
_TIERS = (0.05, 0.15, 0.35, 0.45)


@dataclass(frozen=True)
class Sites:
    """Sites and their access cables; the first `len(customer)` cables are the sites' first ones.

    Attributes
    ----------
    xy
        Kilometres; shape (sites, 2).
    customer
        Customer of each site.
    manhole
        Where each cable enters the street; shape (cables,).
    of_cable, office
        Site and office at the ends of each cable; shape (cables,).
    paths
        The spans of each cable from the manhole to the one before the office.
    """

    xy: Floats
    customer: Ints
    manhole: Ints
    of_cable: Ints
    office: Ints
    paths: Walks

    def __len__(self) -> int:
        """Return the number of sites."""
        return len(self.customer)

    @property
    def second_cable(self) -> Ints:
        """Return the second cable of each site, negative where it has none."""
        second = np.full(len(self), -1)
        second[self.of_cable[len(self) :]] = np.arange(len(self), len(self.of_cable))
        return second


@dataclass(frozen=True)
class Circuits:
    """Circuits and their routes.

    Attributes
    ----------
    site, tier, is_grouped
        A end, tier (0 is Diamond), and whether the circuit backs up the site's other one.
    office, head, second_home
        B end: an office, or the head site where that is not negative; a second office or negative.
    working, protect
        Links of the routes from A to B, in one numbering: first the links between offices, then
        the access links as the access cables, then the second links on first cables. No links
        where there is no such route.
    """

    site: Ints
    tier: Ints
    is_grouped: Bools
    office: Ints
    head: Ints
    second_home: Ints
    working: Walks
    protect: Walks


def make_sites(rng: Generator, plane: Plane, offices: Offices, count: int, owners: int) -> Sites:
    """Place sites at random manholes and lay one or two cables to the nearest offices.

    Offices have one of two colours; a second cable leads to the nearest office of the other one.
    """
    ducts = Net(len(plane.xy), plane.spans, plane.span_km)
    manhole = rng.integers(ducts.n, size=count)
    angle, far = rng.random(count) * 2 * np.pi, 0.02 + 0.1 * rng.random(count)
    xy = plane.xy[manhole] + far[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    number = np.full(ducts.n, -1)
    number[offices.at] = np.arange(len(offices.at))
    colour = rng.integers(2, size=len(offices.at))
    colour[:2] = (0, 1)
    forests = [ducts.forest(offices.at[colour == c]) for c in (0, 1)]
    nearer = (forests[1].km[manhole] < forests[0].km[manhole]).astype(np.int64)
    two = np.flatnonzero(rng.random(count) < _TWO_CABLES)
    entry = np.concatenate([manhole, _beside(rng, ducts, manhole[two])])
    site = np.concatenate([np.arange(count), two])
    which = np.concatenate([nearer, 1 - nearer[two]])
    office = number[np.where(which == 0, forests[0].root[entry], forests[1].root[entry])]
    # Ways in both forests, one above the other, and of each cable the one in its own.
    both = stack(*(forest.ways(entry) for forest in forests))
    paths = both.take(which * len(entry) + np.arange(len(entry)))
    weight = 1.0 / (np.arange(owners) + 4.0) ** 0.9
    customer = rng.choice(owners, count, p=weight / weight.sum())
    customer[:owners] = np.arange(owners)[:count]
    return Sites(xy, customer, entry, site, office, paths)


def _beside(rng: Generator, ducts: Net, manhole: Ints) -> Ints:
    """Return a manhole next to each one, at random."""
    matrix = ducts.matrix()
    matrix = (matrix + matrix.T).tocsr()
    degree = np.diff(matrix.indptr)[manhole]
    chosen = matrix.indptr[manhole] + (rng.random(len(manhole)) * degree).astype(np.int64)
    return np.asarray(matrix.indices[chosen], dtype=np.int64)


def make_circuits(rng: Generator, offices: Offices, sites: Sites, count: int) -> Circuits:
    """Order circuits for most sites and route them over the links between offices."""
    used = np.sort(rng.permutation(len(sites))[: max(1, round(len(sites) * _IN_USE))])
    more = rng.choice(used, max(count - len(used), 0))
    site = np.sort(np.concatenate([used, more]))
    customer = sites.customer[site]
    office, head, second_home = _b_ends(rng, offices, sites)
    is_own_head = head[customer] == site
    circuit_head = np.where(is_own_head, NO_SITE, head[customer])
    circuit_office = np.where(is_own_head, 0, office[customer])
    tier = rng.choice(4, len(office), p=_TIERS)[customer]
    tier = np.minimum(tier + (rng.random(len(site)) < 0.1), 3)
    ends = (circuit_office, circuit_head, second_home[customer])
    working, protect = _routes(rng, offices, sites, site, ends)
    grouped = np.bincount(site, minlength=len(sites))[site] == 2
    return Circuits(site, tier, grouped, *ends, working, protect)


def _b_ends(rng: Generator, offices: Offices, sites: Sites) -> tuple[Ints, Ints, Ints]:
    """Return office, head site and second home of each customer; the first office is the centre."""
    owners = int(sites.customer.max()) + 1
    kind = rng.choice(3, owners, p=(1 - _CITY_HOMED - _HEAD_HOMED, _CITY_HOMED, _HEAD_HOMED))
    cities = np.flatnonzero(offices.role == AGGREGATION)[:11]
    office = np.where(kind == 1, rng.choice(cities, owners), 0)
    _, first = np.unique(sites.customer, return_index=True)
    head = np.where(kind == 2, first, NO_SITE)
    office[kind == 2] = sites.office[first[kind == 2]]
    second = np.where((kind == 0) & (rng.random(owners) < _SECOND_HOME), 1, -1)
    return office, head, second


def _routes(
    rng: Generator, offices: Offices, sites: Sites, site: Ints, ends: tuple[Ints, Ints, Ints]
) -> tuple[Walks, Walks]:
    office, head, second_home = ends
    protected = rng.random(len(site)) < _PROTECTED
    n_links, n_cables = len(offices.links.ends), len(sites.of_cable)
    second = sites.second_cable[site]
    other = np.where(second >= 0, second, site)
    ways = _ways_up(offices, (sites.office[site], sites.office[other]), office, second_home)
    # Without a second cable the protect route starts on the same link, or on one in its cable.
    twin = (second < 0) & (rng.random(len(site)) < 0.5)
    starts = (n_links + site, n_links + np.where(twin, n_cables + site, other))
    tails = _tails(head, n_links)
    working, protect = (
        join(single(start), way, tails) for start, way in zip(starts, ways, strict=True)
    )
    nothing = Walks(np.empty(0, dtype=np.int64), np.zeros(2, dtype=np.int64))
    rows = np.where(protected, np.arange(len(site)), len(site))
    return working, stack(protect, nothing).take(rows)


def _tails(head: Ints, n_links: int) -> Walks:
    """Return the access link of the head site, where that is the B end."""
    counts = (head != NO_SITE).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(counts)])
    return Walks(n_links + head[head != NO_SITE], start)


def _ways_up(
    offices: Offices, starts: tuple[Ints, Ints], office: Ints, second_home: Ints
) -> tuple[Walks, Walks]:
    """Return a shortest way over the links, and one that avoids the links of all such ways."""
    goal = np.where(second_home >= 0, second_home, office)
    pairs, which = np.unique(np.stack([office, goal], axis=1), axis=0, return_inverse=True)
    which = which.reshape(-1)
    rows: list[Ints] = []
    found: tuple[list[Walks], list[Walks]] = ([], [])
    for number, (root, second_root) in enumerate(pairs.tolist()):
        mine = np.flatnonzero(which == number)
        rows.append(mine)
        tree = offices.links.tree(root)
        length = offices.links.length.copy()
        length[tree.used_edges()] *= _DETOUR
        for list_, forest, start in zip(
            found, (tree, offices.links.tree(second_root, length)), starts, strict=True
        ):
            list_.append(forest.ways(start[mine]))
    order = np.argsort(np.concatenate(rows))
    return stack(*found[0]).take(order), stack(*found[1]).take(order)
