"""Compiled loops over pairs of risk classes: circuits that only both together take down."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netgraph.diversity.compiled import entry, inner
from netgraph.diversity.failures.kernels import IS_DOWN, Cells, Rows, UnitForms, is_met

if TYPE_CHECKING:
    from netgraph.diversity.failures.kernels import Ints


class Partners(NamedTuple):
    """Pairs of cells of one unit that together take it down, and neither alone; both ways round.

    Cell i has the partners ``cell[ptr[i]:ptr[i + 1]]``.
    """

    ptr: Ints
    cell: Ints


class Found(NamedTuple):
    """Pairs of classes, first < second, with the circuits that only both together take down.

    `histogram` counts all pairs by that number, from 1 on; `least` is the smallest one listed.
    """

    first: Ints
    second: Ints
    extra: Ints
    histogram: Ints
    least: int


class Sums(NamedTuple):
    """Circuits, sites and customers that each pair takes down, and the circuits beyond both."""

    circuits: Ints
    extra: Ints
    sites: Ints
    customers: Ints
    tier: Ints


@entry
def find_partners(forms: UnitForms, cells: Cells) -> Partners:
    """Find the pairs of cells that take a unit down together; O(pairs of cells of each unit)."""
    n_cells = len(cells.state)
    ptr = np.zeros(n_cells + 1, np.int64)
    cell, at = np.empty(0, np.int64), np.zeros(0, np.int64)
    for is_filling in (False, True):
        if is_filling:
            for i in range(n_cells):
                ptr[i + 1] += ptr[i]
            cell, at = np.empty(ptr[n_cells], np.int64), ptr.copy()
        for unit in range(len(cells.ptr) - 1):
            first, last = cells.ptr[unit] + 1, cells.ptr[unit + 1]
            for i in range(first, last):
                if cells.state[i] & IS_DOWN:
                    continue
                for j in range(i + 1, last):
                    if cells.state[j] & IS_DOWN or not is_met(
                        unit, cells.mask[i], cells.mask[j], forms.down
                    ):
                        continue
                    if is_filling:
                        cell[at[i]], cell[at[j]] = j, i
                        at[i] += 1
                        at[j] += 1
                    else:
                        ptr[i + 1] += 1
                        ptr[j + 1] += 1
    return Partners(ptr, cell)


@inner
def _first_above(rows: Rows, row: int, value: int) -> int:
    """Position of the first entry of a row that is larger; entries ascend."""
    low, high = rows.ptr[row], rows.ptr[row + 1]
    while low < high:
        middle = (low + high) // 2
        if rows.idx[middle] <= value:
            low = middle + 1
        else:
            high = middle
    return low


@inner
def _threshold(histogram: Ints, room: int, least: int) -> int:
    """Smallest number, `least` or more, such that no more than `room` pairs reach it.

    The pairs with the very largest number are never left out.
    """
    listed, number = 0, len(histogram) - 1
    while number >= least:
        if listed and listed + histogram[number] > room:
            return number + 1
        listed += histogram[number]
        number -= 1
    return least


@inner
def _keep(found: Found, used: int, least: int) -> int:
    kept = 0
    for i in range(used):
        if found.extra[i] >= least:
            found.first[kept], found.second[kept] = found.first[i], found.second[i]
            found.extra[kept] = found.extra[i]
            kept += 1
    return kept


@inner
def _larger(found: Found) -> Found:
    size = len(found.first)
    larger = Found(
        np.empty(2 * size, np.int64), np.empty(2 * size, np.int64), np.empty(2 * size, np.int64),
        found.histogram, found.least,
    )  # fmt: skip
    for i in range(size):
        larger.first[i], larger.second[i] = found.first[i], found.second[i]
        larger.extra[i] = found.extra[i]
    return larger


@entry
def add_pairs(
    cells: Cells, partners: Partners, of_class: Rows, weight: Ints, least: int, room: int
) -> Found:
    """Sum over the units what each pair of classes takes down beyond its two members.

    Parameters
    ----------
    of_class
        Class to cells.
    weight
        Circuits of each cell's unit.
    least, room
        List pairs with at least so many circuits, and about so many pairs: if there are more,
        the least number is raised until no more than `room` pairs reach it.

    Returns
    -------
    Found
        Exact; one row of the table of all pairs at a time, so memory stays O(classes + listed).
        O(sum over units of the products of the sizes of partner cells).
    """
    n_classes = len(of_class.ptr) - 1
    extra, touched = np.zeros(n_classes, np.int64), np.empty(n_classes, np.int64)
    histogram = np.zeros(weight.sum() + 2, np.int64)
    size = 1024
    found = Found(
        np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64),
        histogram, least,
    )  # fmt: skip
    used = 0
    for g in range(n_classes):
        count = 0
        for k in range(of_class.ptr[g], of_class.ptr[g + 1]):
            mine = of_class.idx[k]
            w = weight[mine]
            for p in range(partners.ptr[mine], partners.ptr[mine + 1]):
                other = partners.cell[p]
                start = _first_above(cells.classes, other, g)
                for j in range(start, cells.classes.ptr[other + 1]):
                    h = cells.classes.idx[j]
                    if extra[h] == 0:
                        touched[count] = h
                        count += 1
                    extra[h] += w
        for i in range(count):
            h = touched[i]
            value = extra[h]
            extra[h] = 0
            histogram[value] += 1
            if value < least:
                continue
            if used == len(found.first):
                least = _threshold(histogram, room, least)
                used = _keep(found, used, least)
                if 2 * used > len(found.first):
                    found = _larger(found)
            if value >= least:
                found.first[used], found.second[used], found.extra[used] = g, h, value
                used += 1
    least = _threshold(histogram, room, least)
    used = _keep(found, used, least)
    return Found(found.first[:used], found.second[:used], found.extra[:used], histogram, least)


class Owners(NamedTuple):
    """Unit to circuits; of each circuit its site and customer (-1: none) and the tier's rank.

    `site_size` and `customer_size` count the circuits of each.
    """

    circuits: Rows
    site: Ints
    customer: Ints
    tier: Ints
    site_size: Ints
    customer_size: Ints


@inner
def _count_down(
    unit: int, owners: Owners, pair: int, counts: tuple[Ints, Ints], sums: Sums
) -> None:
    """Add the circuits of a unit that is down to the sums of a pair."""
    for k in range(owners.circuits.ptr[unit], owners.circuits.ptr[unit + 1]):
        circuit = owners.circuits.idx[k]
        sums.circuits[pair] += 1
        sums.tier[pair] = min(sums.tier[pair], owners.tier[circuit])
        site, customer = owners.site[circuit], owners.customer[circuit]
        if site >= 0:
            counts[0][site] += 1
            if counts[0][site] == owners.site_size[site]:
                sums.sites[pair] += 1
        if customer >= 0:
            counts[1][customer] += 1
            if counts[1][customer] == owners.customer_size[customer]:
                sums.customers[pair] += 1


@inner
def _forget(unit: int, owners: Owners, counts: tuple[Ints, Ints]) -> None:
    for k in range(owners.circuits.ptr[unit], owners.circuits.ptr[unit + 1]):
        circuit = owners.circuits.idx[k]
        if owners.site[circuit] >= 0:
            counts[0][owners.site[circuit]] = 0
        if owners.customer[circuit] >= 0:
            counts[1][owners.customer[circuit]] = 0


@entry
def sum_pairs(
    first: Ints, second: Ints, forms: UnitForms, cells: Cells, of_class: Rows, owners: Owners
) -> Sums:
    """Count what each pair of classes takes down in all; O(cells of both classes) a pair."""
    n = len(first)
    sums = Sums(
        np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64),
        np.zeros(n, np.int64), np.full(n, 1 << 30, np.int64),
    )  # fmt: skip
    unit_of = np.empty(len(cells.state), np.int64)
    for unit in range(len(cells.ptr) - 1):
        for cell in range(cells.ptr[unit], cells.ptr[unit + 1]):
            unit_of[cell] = unit
    mine = np.full(len(cells.ptr), -1, np.int64)
    down = np.empty(len(cells.ptr), np.int64)
    counts = (
        np.zeros(len(owners.site_size), np.int64), np.zeros(len(owners.customer_size), np.int64)
    )  # fmt: skip
    for pair in range(n):
        n_down, g, h = 0, first[pair], second[pair]
        for k in range(of_class.ptr[g], of_class.ptr[g + 1]):
            cell = of_class.idx[k]
            mine[unit_of[cell]] = cell
            if cells.state[cell] & IS_DOWN:
                down[n_down] = unit_of[cell]
                n_down += 1
        for k in range(of_class.ptr[h], of_class.ptr[h + 1]):
            cell = of_class.idx[k]
            unit = unit_of[cell]
            other = mine[unit]
            if other >= 0 and cells.state[other] & IS_DOWN:
                continue
            is_extra = not cells.state[cell] & IS_DOWN
            if is_extra and (
                other < 0 or not is_met(unit, cells.mask[cell], cells.mask[other], forms.down)
            ):
                continue
            if is_extra:
                sums.extra[pair] += owners.circuits.ptr[unit + 1] - owners.circuits.ptr[unit]
            down[n_down] = unit
            n_down += 1
        for i in range(n_down):
            _count_down(down[i], owners, pair, counts, sums)
        for i in range(n_down):
            _forget(down[i], owners, counts)
        for k in range(of_class.ptr[g], of_class.ptr[g + 1]):
            mine[unit_of[of_class.idx[k]]] = -1
    return sums
