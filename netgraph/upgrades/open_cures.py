"""What the cures of every site still lack, kept up to date as works are chosen and dropped.

Works on the equipment of an office stand in the cures of thousands of sites, and change few of
them: a site gains only where the last row of a cure is met, or where its routes change; it loses
only where nothing else meets a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import entries_of
from netgraph.upgrades._completed import completed_cures, latest

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from typing import Self

    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.model import PlanModel


class OpenCures:
    """How often each row of a cure is met by what is chosen: by nothing at first.

    Memory: O(rows); building: that, once the rows of a model are numbered.
    """

    def __init__(self, model: PlanModel) -> None:
        self._model, self._rows = model, model.cure_rows
        self._times_met = np.zeros(len(self._rows.cure_of_row), dtype=np.int64)
        self._lacking = self._rows.n_rows.copy()
        self._place_of_site = np.zeros(len(model.sites), dtype=np.int64)
        self._is_seen = np.zeros(len(self._times_met), dtype=bool)
        self._n_met, self._found = np.zeros((2, len(self._lacking)), dtype=np.int64)

    def __copy__(self) -> Self:
        """Stand as this one does, and change by itself."""
        other = object.__new__(type(self))
        for name, value in vars(self).items():
            setattr(other, name, value if name in {"_model", "_rows"} else value.copy())
        return other

    def sites_of(self, actions: AbstractSet[int]) -> Ints:
        """Give the sites in whose cures or routes any of some actions stands; with repeats."""
        return _entries(self._model.sites_by_action, actions)

    def last_changed(self, actions: AbstractSet[int], stamp: Ints) -> int:
        """Give the greatest stamp of the sites in whose cures or routes some actions stand."""
        sites = self._model.sites_by_action
        return latest(sites.indptr, sites.indices, _numbers(actions), stamp)

    def changed_by(self, added: AbstractSet[int]) -> list[int]:
        """Sites whose outcome can change if actions that are not chosen yet are; ascending."""
        of_action = self._rows.of_action
        n_found = completed_cures(
            of_action.indptr, of_action.indices, self._rows.cure_of_row, self._times_met,
            self._lacking, _numbers(added), self._is_seen, self._n_met, self._found,
        )  # fmt: skip
        return self._sites_at(self._found[:n_found], added)

    def changed_without(self, dropped: AbstractSet[int]) -> list[int]:
        """Sites whose outcome can change if chosen actions no longer are; ascending."""
        rows, times = np.unique(_entries(self._rows.of_action, dropped), return_counts=True)
        cures, _ = self._cures_of(rows[times == self._times_met[rows]])
        return self._sites_at(cures[self._lacking[cures] == 0], dropped)

    def choose(self, added: AbstractSet[int], chosen: AbstractSet[int]) -> None:
        """Take note of more actions; `chosen` are all with them."""
        rows, times = np.unique(_entries(self._rows.of_action, added), return_counts=True)
        cures, counts = self._cures_of(rows[self._times_met[rows] == 0])
        self._times_met[rows] += times
        self._lacking[cures] -= counts
        self._reroute(added, chosen)

    def drop(self, dropped: AbstractSet[int], chosen: AbstractSet[int]) -> None:
        """Take note of actions that are chosen no longer; `chosen` are all without them."""
        rows, times = np.unique(_entries(self._rows.of_action, dropped), return_counts=True)
        self._times_met[rows] -= times
        cures, counts = self._cures_of(rows[self._times_met[rows] == 0])
        self._lacking[cures] += counts
        self._reroute(dropped, chosen)

    def _cures_of(self, rows: Ints) -> tuple[Ints, Ints]:
        """Give the cures of some rows, and how many of the rows are theirs."""
        return np.unique(self._rows.cure_of_row[rows], return_counts=True)

    def _sites_at(self, cures: Ints, actions: AbstractSet[int]) -> list[int]:
        """Sites of cures on the routes of now, and those whose routes some actions make."""
        sites = self._rows.site_of_cure[cures]
        sites = sites[self._rows.place_of_cure[cures] == self._place_of_site[sites]]
        return sorted({*sites.tolist(), *_entries(self._rows.sites_of_line, actions).tolist()})

    def _reroute(self, actions: AbstractSet[int], chosen: AbstractSet[int]) -> None:
        for site in _entries(self._rows.sites_of_line, actions).tolist():
            lines = (now.line for now in self._model.sites[site].configurations)
            places = (place for place, line in enumerate(lines) if line in chosen)
            self._place_of_site[site] = next(places, 0)


def _entries(table: Csr, rows: AbstractSet[int]) -> Ints:
    return entries_of(table, _numbers(rows))


def _numbers(rows: AbstractSet[int]) -> Ints:
    return np.fromiter(rows, np.int64, len(rows))
