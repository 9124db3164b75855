"""Components that every way meets together, or not at all, taken as one.

Between two junctions hundreds of spans and manholes always appear together. Routes are compared in
such classes, of which a province has a few per link instead of hundreds; nothing is rounded, the
rates of the members are summed as each formula asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.diversity.availability.rates import HOURS_PER_YEAR
from netgraph.topology.csr import Csr, transpose, unique_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.diversity.availability.components import Components
    from netgraph.topology.csr import Ints

    Floats = NDArray[np.float64]

_SEED = 20251  # of the labels that sort components; the result does not depend on it


@dataclass(frozen=True, eq=False)
class RiskClasses:
    """Classes of components.

    Attributes
    ----------
    of_way
        Way to classes.
    of_component
        Class of each component that can fail and that some way meets; shape (components,).
    rate
        Failures a year of these components; shape (3, components), by kind of section.
    """

    of_way: Csr
    of_component: Ints
    rate: Floats

    def __len__(self) -> int:
        """Count the classes."""
        return int(self.of_component.max(initial=-1)) + 1

    def rated(self, level: int, is_asked: NDArray[np.bool_]) -> RatedClasses:
        """Give some of the classes, as they fail in one kind of section."""
        some = np.flatnonzero(is_asked[self.of_component])
        return RatedClasses(len(self), self.of_component[some], self.rate[level, some])


@dataclass(frozen=True, eq=False)
class RatedClasses:
    """Classes of components that have one rate; figures have shape (classes,), 0 for the others.

    Attributes
    ----------
    n_classes
        Classes in all.
    of_component, rate
        Class of each component, and its failures a year.
    """

    n_classes: int
    of_component: Ints
    rate: Floats

    def rates(self) -> Floats:
        """Failures a year."""
        return self._summed(self.rate)

    def log_up(self, hours: float) -> Floats:
        """Logarithm of the probability that all of a class is up.

        A component that fails `rate` times a year and is repaired in `hours` is down for
        u = x / (1 + x) of the time, x = rate * hours / 8760.
        """
        return self._summed(-np.log1p(self.rate * (hours / HOURS_PER_YEAR)))

    def log_up_at_first(self, hours: float, first_hours: float) -> Floats:
        """Return the same, down counting only during the first hours of each repair."""
        first = min(hours, first_hours)
        per_hour = self.rate / HOURS_PER_YEAR
        return self._summed(np.log1p(per_hour * (hours - first)) - np.log1p(per_hour * hours))

    def rates_at_first(self, hours: float, first_hours: float) -> Floats:
        """Return failures a year, each weighed with not being in the rest of a repair.

        That is the time after the first hours, given that it is not in the first hours.
        """
        rest = (hours - min(hours, first_hours)) / HOURS_PER_YEAR
        return self._summed(self.rate / (1.0 + self.rate * rest))

    def _summed(self, values: Floats) -> Floats:
        return np.bincount(self.of_component, weights=values, minlength=self.n_classes).astype(
            np.float64, copy=False
        )


def build_classes(components: Components) -> RiskClasses:
    """Put components that lie on the same ways into one class; exact.

    Random labels sort the components; every member is then compared with the first of its class
    way by way, and a class that does not hold together is split.
    """
    table = components.of_way
    ways_of = transpose(table, components.rate.shape[1])
    can_fail = ~(components.rate == 0).all(axis=0)
    members = np.flatnonzero(can_fail & (ways_of.counts > 0))
    sums = _label_sums(ways_of, members, len(table))
    _, first, of_member = np.unique(sums, return_index=True, return_inverse=True)
    of_member = of_member.reshape(-1)
    alike = _are_alike(ways_of, members, members[first][of_member])
    of_member[~alike] = len(first) + np.arange(np.count_nonzero(~alike))
    heads = np.concatenate([members[first], members[~alike]])
    of_class = Csr(*_rows(ways_of, heads))
    of_way = unique_rows(transpose(of_class, len(table)))
    number = _in_order_of_appearance(of_way.indices, len(heads))
    of_way = Csr(of_way.indptr, number[of_way.indices])
    return RiskClasses(of_way, number[of_member], components.rate[:, members])


def _in_order_of_appearance(values: Ints, n_values: int) -> Ints:
    """Give values numbers so that those that stand together lie together in memory."""
    first = np.full(n_values, len(values))
    first[values[::-1]] = np.arange(len(values))[::-1]  # the last of repeated assignments stands
    number = np.empty(n_values, dtype=np.int64)
    number[np.argsort(first, kind="stable")] = np.arange(n_values)
    return number


def _label_sums(ways_of: Csr, members: Ints, n_ways: int) -> NDArray[np.uint64]:
    """One number a component, equal for components on the same ways (sums wrap around)."""
    labels = np.random.default_rng(_SEED).integers(0, 2**64, n_ways, dtype=np.uint64)
    if len(members) == 0:
        return np.empty(0, dtype=np.uint64)
    sums = np.concatenate([[np.uint64(0)], np.cumsum(labels[ways_of.indices], dtype=np.uint64)])
    result: NDArray[np.uint64] = sums[ways_of.indptr[members + 1]] - sums[ways_of.indptr[members]]
    return result


def _are_alike(ways_of: Csr, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """Whether two components lie on the same ways, pair by pair."""
    alike = ways_of.counts[one] == ways_of.counts[other]
    pairs = np.flatnonzero(alike & (one != other))
    indptr, left = _rows(ways_of, one[pairs])
    _, right = _rows(ways_of, other[pairs])
    owner = np.repeat(pairs, np.diff(indptr))
    alike[owner[left != right]] = False
    return alike


def _rows(table: Csr, rows: Ints) -> tuple[Ints, Ints]:
    counts = table.counts[rows]
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    within = np.arange(indptr[-1]) - np.repeat(indptr[:-1], counts)
    return indptr, table.indices[np.repeat(table.indptr[rows], counts) + within]
