"""Every single failure: what drops, what loses its protection, who is cut off.

Nothing is searched and no table of circuits by risks is built: the walk goes from link to parts,
risks with equal effect collapse into classes on the way, and circuits with equal routes into
units, so that a province of 15,000 circuits and 290,000 risks takes a third of a second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.cell_kernels import find_cells
from netgraph.diversity.failures.formulas import build_formulas
from netgraph.diversity.failures.kernels import (
    IS_DOWN,
    IS_HIT,
    IS_OPEN,
    N_EVIDENCE,
    Cells,
    Rows,
    gather_classes,
    split_into_classes,
)
from netgraph.diversity.failures.owners import CircuitOwners, find_owners
from netgraph.diversity.failures.parts import ANY_RECORD
from netgraph.diversity.failures.sum_kernels import add_up, count_whole
from netgraph.topology.csr import Csr, compose, csr_of_pairs, gather, unique_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.failures.catalogue import RiskCatalogue
    from netgraph.diversity.failures.formulas import Formulas
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints


@dataclass(frozen=True, eq=False)
class SingleFailures:
    """What every risk of a catalogue takes down by itself.

    Risks that hit exactly the same routes are one class; the counts stand by class.

    Attributes
    ----------
    class_of_risk
        Class of each risk, -1 where it hits no route of any circuit (or is exempt). A group that
        only what may belong to it makes hit one is a class by itself.
    circuits_down
        Circuits that are proven to drop: in some segment every route is hit.
    circuits_unprotected
        Circuits that stay up on their records, with some but not all routes of a segment hit.
        The loss of one leg of a link that has two is no hit of the route.
    circuits_undecidable
        By risk (not class): circuits that are not proven down, but may be for what is not
        recorded, or for what may belong to the group: nowhere counted as surviving. Shape (risks,).
    sites_down
        Sites of which every circuit (by its A end) is proven down.
    customers_down
        Customers of whom every circuit is proven down (the customer of the circuit, else of
        its A site).
    tier_rank
        Rank of the highest tier among the circuits down (0 diamond), `NO_TIER` or more if none.
    order
        Rank of each class, 0 the one that hurts most: by circuits, sites and customers down,
        then tier, then circuits unprotected.
    worst_of_customer, most_of_customer
        Class that takes down most circuits of each customer (the one first in `order` of equal
        ones, -1 if none takes down any), and how many.
    unrecorded
        Circuits of which no failure of anything unrecorded can be ruled out; for them every risk
        is undecidable that is not proven to take them down.
    """

    catalogue: RiskCatalogue
    owners: CircuitOwners = field(repr=False)
    formulas: Formulas = field(repr=False)
    cells: Cells = field(repr=False)
    class_of_risk: Ints = field(repr=False)
    circuits_down: Ints = field(repr=False)
    circuits_unprotected: Ints = field(repr=False)
    circuits_undecidable: Ints = field(repr=False)
    sites_down: Ints = field(repr=False)
    customers_down: Ints = field(repr=False)
    tier_rank: Ints = field(repr=False)
    order: Ints = field(repr=False)
    worst_of_customer: Ints = field(repr=False)
    most_of_customer: Ints = field(repr=False)
    unrecorded: int

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.circuits_down)

    @property
    def network(self) -> LayeredNetwork:
        """The network whose elements fail."""
        return self.catalogue.network

    def find_down(self, risk: int) -> NDArray[np.int64]:
        """Circuits (by number) that a risk takes down, ascending."""
        units = self._units(risk, down=True)
        return np.flatnonzero(units[self.formulas.unit_of_circuit])

    def find_unprotected(self, risk: int) -> NDArray[np.int64]:
        """Circuits (by number) that stay up with a route hit, ascending."""
        units = self._units(risk, down=False)
        return np.flatnonzero(units[self.formulas.unit_of_circuit])

    def _units(self, risk: int, *, down: bool) -> NDArray[np.bool_]:
        found = np.zeros(len(self.cells.ptr) - 1, dtype=bool)
        number = self.class_of_risk[risk]
        if number < 0:
            return found
        rows = Csr(self.cells.classes.ptr, self.cells.classes.idx)
        cells = np.unique(rows.owners[rows.indices == number])
        state = self.cells.state[cells]
        wanted = (state & IS_DOWN) > 0
        if not down:
            wanted = ~wanted & ((state & IS_HIT) > 0)
        found[np.searchsorted(self.cells.ptr, cells[wanted], side="right") - 1] = True
        return found


def find_single_failures(catalogue: RiskCatalogue) -> SingleFailures:
    """Simulate the failure of every risk of a catalogue, each by itself.

    A circuit drops if in one of its segments every route is hit; a link with two legs is cut by
    what both legs share, or by a group that hits both. Derived protect routes count. The ends of
    a circuit fail like everything else: a site or centre that fails takes its circuits down
    (exempt them to leave that out).

    Exact on the records. Cost: O(links on all routes) to find distinct circuits, then
    O(sum over distinct circuits of the classes that touch them).
    """
    network = catalogue.network
    formulas = build_formulas(network)
    owners = find_owners(network)
    class_of_risk, n_classes, atoms = _classes(
        _risks_of_parts(catalogue, formulas), formulas, len(catalogue)
    )
    cells = find_cells(formulas.forms, atoms, n_classes)
    n_units = len(cells.ptr) - 1
    weight = np.bincount(formulas.unit_of_circuit, minlength=n_units)
    tier = np.full(n_units, np.iinfo(np.int64).max)
    np.minimum.at(tier, formulas.unit_of_circuit, owners.tier_rank)
    at_most = find_most_down(catalogue, formulas, weight)
    alone = np.flatnonzero((class_of_risk < 0) & at_most.is_hit)
    class_of_risk[alone] = n_classes + np.arange(len(alone))
    n_classes += len(alone)
    sums = add_up(cells, weight, tier, n_classes)
    by_site, by_customer = (
        Rows(rows.indptr, formulas.unit_of_circuit[rows.indices])
        for rows in (owners.of_site, owners.of_customer)
    )
    anything = np.zeros(n_classes, dtype=np.int64)
    sites, _, _ = count_whole(by_site, cells, anything, n_classes)
    customers, _, _ = count_whole(by_customer, cells, anything, n_classes)
    order = np.empty(n_classes, dtype=np.int64)
    order[np.lexsort((-sums[1], sums[2], -customers, -sites, -sums[0]))] = np.arange(n_classes)
    _, worst, most = count_whole(by_customer, cells, order, n_classes)
    return SingleFailures(
        catalogue=catalogue,
        owners=owners,
        formulas=formulas,
        cells=cells,
        class_of_risk=class_of_risk,
        circuits_down=sums[0],
        circuits_unprotected=sums[1],
        circuits_undecidable=_undecidable(catalogue, class_of_risk, sums, cells, weight, at_most),
        sites_down=sites,
        customers_down=customers,
        tier_rank=sums[2],
        order=order,
        worst_of_customer=worst,
        most_of_customer=most,
        unrecorded=int(_open_for_nothing(cells, weight)[0]),
    )


def _classes(parts: Rows, formulas: Formulas, n_risks: int) -> tuple[Ints, int, Rows]:
    """Class of each risk, their number, and the classes of each atom, from the risks of parts."""
    used = np.unique(formulas.atoms.indices)
    one_by_one = Rows(np.arange(len(used) + 1), used)
    by_part, n_by_part = split_into_classes(one_by_one, parts, n_risks)
    each = Rows(np.arange(len(formulas.parts) + 1), np.arange(len(formulas.parts)))
    part_classes = gather_classes(each, parts, by_part, n_by_part)
    atoms = Rows(formulas.atoms.indptr, formulas.atoms.indices)
    merged, n_classes = split_into_classes(atoms, part_classes, n_by_part)
    found = np.where(by_part >= 0, np.append(merged, -1)[by_part], -1)
    return found, n_classes, gather_classes(atoms, part_classes, merged, n_classes)


def _parts_that_fail(catalogue: RiskCatalogue, formulas: Formulas) -> Csr:
    """Elements of each part, exempt ones left out."""
    parts = formulas.parts
    if not catalogue.is_exempt.any():
        return parts
    keep = ~catalogue.is_exempt[parts.indices]
    counts = np.bincount(parts.owners[keep], minlength=len(parts))
    return Csr(np.concatenate([[0], np.cumsum(counts)]), parts.indices[keep])


def _risks_of_parts(catalogue: RiskCatalogue, formulas: Formulas) -> Rows:
    """Elements of each part, and the groups that some of them belong to; exempt ones left out."""
    n_elements = len(catalogue.network.elements)
    parts = _parts_that_fail(catalogue, formulas)
    if len(catalogue.groups) == 0:
        return Rows(parts.indptr, parts.indices)
    groups = compose(parts, catalogue.groups_of_element)
    keep = ~catalogue.is_exempt[groups.indices + n_elements]
    rows = np.concatenate([parts.owners, groups.owners[keep]])
    risks = np.concatenate([parts.indices, groups.indices[keep] + n_elements])
    joined = csr_of_pairs(rows, risks, len(parts))
    if len(groups.indices) > len(parts.indices):  # many members of one group on one part
        joined = unique_rows(joined)
    return Rows(joined.indptr, joined.indices)


@dataclass(frozen=True, eq=False)
class MostDown:
    """What a group takes down at most: if all that may belong to it does; shape (risks,).

    Attributes
    ----------
    is_hit
        Something may belong to the group, and then it hits a route.
    circuits
        Circuits that are down then, or may be for what is not recorded of them.
    """

    is_hit: NDArray[np.bool_]
    circuits: Ints


def find_most_down(catalogue: RiskCatalogue, formulas: Formulas, weight: Ints) -> MostDown:
    """Fail every group together with all that may belong to it."""
    groups, n_elements = catalogue.groups, len(catalogue.network.elements)
    found = MostDown(np.zeros(len(catalogue), dtype=bool), np.zeros(len(catalogue), dtype=np.int64))
    is_open = (groups.possible.counts > 0) & ~catalogue.is_exempt[n_elements:]
    chosen = np.flatnonzero(is_open)
    if len(chosen) == 0:
        return found
    both = [gather(table, chosen) for table in (groups.members, groups.possible)]
    members, numbers = (np.concatenate(each) for each in zip(*both, strict=True))
    wide = csr_of_pairs(members, numbers, n_elements)
    parts = unique_rows(compose(_parts_that_fail(catalogue, formulas), wide))
    classes, n, atoms = _classes(Rows(parts.indptr, parts.indices), formulas, len(chosen))
    cells = find_cells(formulas.forms, atoms, n)
    sums = add_up(cells, weight, np.zeros_like(weight), n)
    most = np.append(sums[0] + sums[3 + ANY_RECORD], _open_for_nothing(cells, weight)[ANY_RECORD])
    found.is_hit[n_elements + chosen] = classes >= 0
    found.circuits[n_elements + chosen] = most[classes]
    return found


def _open_for_nothing(cells: Cells, weight: Ints) -> Ints:
    """By kind of evidence: circuits that may be down for all that is recorded, though not hit."""
    state = cells.state[cells.ptr[:-1]]
    return np.array([weight[(state & (IS_OPEN << e)) > 0].sum() for e in range(N_EVIDENCE)])


def _undecidable(
    catalogue: RiskCatalogue, class_of_risk: Ints, sums: Ints, cells: Cells, weight: Ints,
    at_most: MostDown,
) -> Ints:  # fmt: skip
    """Circuits that each risk may take down, by the evidence that its kind needs."""
    by_class = np.column_stack([sums[3:], _open_for_nothing(cells, weight)])
    open_: Ints = by_class[catalogue.evidence, class_of_risk]
    down = np.append(sums[0], 0)[class_of_risk]
    return np.maximum(open_, at_most.circuits - down)
