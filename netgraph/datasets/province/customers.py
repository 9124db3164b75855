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
_TWIN = 0.8
_SECOND_HOME = 0.1
# A second route takes a link of the first one only to save so many times its length.
_DETOUR = 8.0
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
    angle, far = rng.random(count) * 2 * np.pi, 0.015 + 0.1 * rng.random(count) ** 2
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
    rng: Generator, offices: Offices, sites: Sites, site: Ints, b_ends: tuple[Ints, Ints, Ints]
) -> tuple[Walks, Walks]:
    office, head, second_home = b_ends
    n_links, n_cables = len(offices.links.ends), len(sites.of_cable)
    second = sites.second_cable[site]
    # Whoever has two cables is protected, and so many of the others that the share is right.
    two = float(np.mean(second >= 0))
    protected = (second >= 0) | (rng.random(len(site)) < (_PROTECTED - two) / (1 - two))
    chosen = np.flatnonzero(protected)
    other = np.where(second >= 0, second, site)
    goal = np.where(second_home >= 0, second_home, office)
    first = _first_ways(offices.links, sites.office[site], office)
    ends = np.stack([sites.office[site], office, sites.office[other], goal], axis=1)
    detours = _detours(offices.links, first.take(chosen), ends[chosen])
    # Without a second cable the protect route starts on the same link, or on one in its cable.
    twin = (second < 0) & (rng.random(len(site)) < _TWIN)
    twin[chosen] |= (second[chosen] < 0) & _are_equal(first.take(chosen), detours)
    start = n_links + np.where(twin, n_cables + site, other)
    tails = _tails(head, n_links)
    working = join(single(n_links + site), first, tails)
    protect = join(single(start[chosen]), detours, tails.take(chosen))
    nothing = Walks(np.empty(0, dtype=np.int64), np.zeros(2, dtype=np.int64))
    row = np.full(len(site), len(chosen))
    row[chosen] = np.arange(len(chosen))
    return working, stack(protect, nothing).take(row)


def _are_equal(a: Walks, b: Walks) -> Bools:
    """Tell of each row whether both have the same values (up to chance)."""
    sums = [
        np.bincount(rows.owners, weights=(rows.values + 1.0) ** power, minlength=len(rows))
        for rows in (a, b)
        for power in (0.5, 1.0)
    ]
    equal: Bools = np.isclose(sums[0], sums[2]) & (sums[1] == sums[3])
    return equal


def _tails(head: Ints, n_links: int) -> Walks:
    """Return the access link of the head site, where that is the B end."""
    counts = (head != NO_SITE).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(counts)])
    return Walks(n_links + head[head != NO_SITE], start)


def _first_ways(links: Net, start: Ints, office: Ints) -> Walks:
    """Return a shortest way over the links from each start to its office."""
    roots, which = np.unique(office, return_inverse=True)
    ways = [links.tree(int(root)).ways(np.arange(links.n)) for root in roots]
    return stack(*ways).take(which.reshape(-1) * links.n + start)


def _detours(links: Net, first: Walks, ends: Ints) -> Walks:
    """Return a way from each start to its goal that avoids its first way where it can.

    `ends` has shape (n, 4): where the first way starts and ends, where the second one is to start
    and end. One search for each distinct row.
    """
    asked, row, which = np.unique(ends, axis=0, return_index=True, return_inverse=True)
    ways = [
        links.detour(first.values[first.start[i] : first.start[i + 1]], start, goal, _DETOUR)
        for i, (_, _, start, goal) in zip(row.tolist(), asked.tolist(), strict=True)
    ]
    counts = np.array([len(way) for way in ways])
    found = Walks(np.concatenate(ways), np.concatenate([[0], np.cumsum(counts)]))
    return found.take(which.reshape(-1))
