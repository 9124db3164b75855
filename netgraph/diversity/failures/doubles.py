"""Every double failure: circuits that only two risks together take down.

The question is put to classes of risks, a row of the table of all pairs at a time, so that all
pairs of 290,000 risks of a province (4e10) take seconds and no more memory than what is listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.failures.kernels import Rows, turn
from netgraph.diversity.failures.pair_kernels import Owners, add_pairs, find_partners, sum_pairs
from netgraph.errors import UsageError
from netgraph.messages import Message
from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from netgraph.diversity.failures.singles import SingleFailures
    from netgraph.topology.csr import Ints

#: About how many pairs are listed when no threshold is given.
PAIRS_LISTED = 10_000


@dataclass(frozen=True, eq=False)
class DoubleFailures:
    """Pairs of risk classes that take down more than both do by themselves, worst first.

    Attributes
    ----------
    threshold
        Least number of extra circuits of a listed pair; every pair that reaches it is listed.
    pairs_in_all
        Pairs of classes with an extra circuit, listed or not.
    first, second
        Classes of the listed pairs.
    extra_circuits_down
        Circuits that are proven to drop when both fail, and for neither alone.
    circuits_down, sites_down, customers_down, tier_rank
        Of both failures together, as in :class:`SingleFailures`.
    """

    threshold: int
    pairs_in_all: int
    first: Ints = field(repr=False)
    second: Ints = field(repr=False)
    extra_circuits_down: Ints = field(repr=False)
    circuits_down: Ints = field(repr=False)
    sites_down: Ints = field(repr=False)
    customers_down: Ints = field(repr=False)
    tier_rank: Ints = field(repr=False)

    def __len__(self) -> int:
        """Count the listed pairs."""
        return len(self.first)


def find_double_failures(
    singles: SingleFailures, *, threshold: int | None = None, listed: int = PAIRS_LISTED
) -> DoubleFailures:
    """Simulate the failure of every two risks at once.

    Parameters
    ----------
    singles
        The single failures of the same catalogue.
    threshold
        List pairs with at least so many extra circuits; by default the least number that no more
        than `listed` pairs reach (those with the greatest number are always listed).
    listed
        About how many pairs to list without a threshold.

    Returns
    -------
    DoubleFailures
        Exact on the records, for circuits of any number of segments, routes and legs; circuits
        that are undecidable count only where they are proven down. Cost O(sum over distinct
        circuits of the products of the classes that hit one route only).

    Raises
    ------
    UsageError
        If `threshold` is below 1: a pair without an extra circuit says nothing new.
    """
    if threshold is not None and threshold < 1:
        message = Message(
            "The least number of extra circuits must be 1 or more, not {0}.", threshold
        )
        raise UsageError(message)
    forms, cells = singles.formulas.forms, singles.cells
    unit_of_circuit = singles.formulas.unit_of_circuit
    of_class = turn(cells.classes, singles.n_classes)
    cells = cells._replace(classes=turn(of_class, len(cells.state)))  # ascending now
    weight = np.bincount(unit_of_circuit, minlength=len(cells.ptr) - 1)
    room = listed if threshold is None else np.iinfo(np.int64).max
    found = add_pairs(
        cells, find_partners(forms, cells), of_class,
        np.repeat(weight, np.diff(cells.ptr)), threshold or 1, room,
    )  # fmt: skip
    owners = _owners(singles)
    sums = sum_pairs(found.first, found.second, forms, cells, of_class, owners)
    order = np.lexsort((
        found.second, found.first, singles.order[found.second], singles.order[found.first],
        -sums.circuits, -found.extra,
    ))  # fmt: skip
    return DoubleFailures(
        threshold=int(found.least),
        pairs_in_all=int(found.histogram.sum()),
        first=found.first[order],
        second=found.second[order],
        extra_circuits_down=found.extra[order],
        circuits_down=sums.circuits[order],
        sites_down=sums.sites[order],
        customers_down=sums.customers[order],
        tier_rank=sums.tier[order],
    )


def _owners(singles: SingleFailures) -> Owners:
    owners, unit = singles.owners, singles.formulas.unit_of_circuit
    circuits = csr_of_pairs(unit, np.arange(len(unit)), len(singles.cells.ptr) - 1)
    return Owners(
        circuits=Rows(circuits.indptr, circuits.indices),
        site=owners.site,
        customer=owners.customer,
        tier=owners.tier_rank,
        site_size=owners.of_site.counts,
        customer_size=owners.of_customer.counts,
    )
