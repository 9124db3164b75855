"""What the cures of every site still lack, kept up to date as works are chosen.

Works on the equipment of an office stand in the cures of thousands of sites, and change few of
them: a site gains only where the last row of a cure is met, or where its routes change. Rows of all
cures are numbered, so that those sites are found without looking at the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_lists, csr_of_pairs, gather
from netgraph.upgrades.model import AS_IS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.model import PlanModel


class OpenCures:
    """Rows of cures that no chosen action meets yet.

    Memory and building: O(entries of all rows).
    """

    def __init__(self, model: PlanModel) -> None:
        self._model = model
        n_actions = len(model.action_ids)
        self._sites = csr_of_lists(model.sites_of_action)
        lines: list[tuple[int, int]] = []
        rows: list[tuple[int, int]] = []
        site_of_cure: list[int] = []
        place_of_cure: list[int] = []  # of the configuration among those of its site
        cure_of_row: list[int] = []
        for number, site in enumerate(model.sites):
            for place, configuration in enumerate(site.configurations):
                if configuration.line != AS_IS:
                    lines.append((configuration.line, number))
                for cure in configuration.cures:
                    for row in cure.rows:
                        rows += [(action, len(cure_of_row)) for action in row]
                        cure_of_row.append(len(site_of_cure))
                    site_of_cure.append(number)
                    place_of_cure.append(place)
        self._sites_of_line = _csr(lines, n_actions)
        self._rows_of_action = _csr(rows, n_actions)
        self._cure_of_row = np.array(cure_of_row, dtype=np.int64)
        self._site_of_cure = np.array(site_of_cure, dtype=np.int64)
        self._place_of_cure = np.array(place_of_cure, dtype=np.int64)
        self._is_met = np.zeros(len(cure_of_row), dtype=bool)
        self._lacking = np.bincount(self._cure_of_row, minlength=len(site_of_cure))
        self._place_of_site = np.zeros(len(model.sites), dtype=np.int64)

    def sites_of(self, actions: AbstractSet[int]) -> Ints:
        """Give the sites in whose cures or routes any of some actions stands; with repeats."""
        return _entries(self._sites, actions)

    def changed_by(self, added: AbstractSet[int]) -> list[int]:
        """Sites whose outcome can change if actions that are not chosen yet are; ascending."""
        _, cures, counts = self._met_by(added)
        done = cures[counts == self._lacking[cures]]
        sites = self._site_of_cure[done]
        sites = sites[self._place_of_cure[done] == self._place_of_site[sites]]
        return sorted({*sites.tolist(), *_entries(self._sites_of_line, added).tolist()})

    def choose(self, added: AbstractSet[int], chosen: AbstractSet[int]) -> None:
        """Take note of more actions; `chosen` are all with them."""
        rows, cures, counts = self._met_by(added)
        self._is_met[rows] = True
        self._lacking[cures] -= counts
        for site in _entries(self._sites_of_line, added).tolist():
            lines = (now.line for now in self._model.sites[site].configurations)
            places = (place for place, line in enumerate(lines) if line in chosen)
            self._place_of_site[site] = next(places, 0)

    def _met_by(self, actions: AbstractSet[int]) -> tuple[Ints, Ints, Ints]:
        """Give rows that actions would meet, the cures of those, and how many rows of each."""
        rows = _entries(self._rows_of_action, actions)
        rows = np.unique(rows[~self._is_met[rows]])
        cures, counts = np.unique(self._cure_of_row[rows], return_counts=True)
        return rows, cures, counts


def _csr(pairs: Sequence[tuple[int, int]], n_rows: int) -> Csr:
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return csr_of_pairs(rows, columns, n_rows)


def _entries(table: Csr, rows: AbstractSet[int]) -> Ints:
    return gather(table, np.fromiter(rows, np.int64, len(rows)))[0]
