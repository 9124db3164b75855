"""Rows of all cures of a plan, numbered: which actions meet each, which cure and site it is of.

Works on the equipment of an office stand in the cures of thousands of sites, and change few of
them. In flat arrays those sites are found without looking at the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import csr_of_pairs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netgraph.topology.csr import Csr, Ints
    from netgraph.upgrades.model import SiteModel


@dataclass(frozen=True, eq=False)
class CureRows:
    """Rows of cures; arrays of shape (rows,) and (cures,).

    Attributes
    ----------
    of_action
        Action to the rows that it meets.
    cure_of_row, n_rows
        Cure of each row, rows of each cure.
    site_of_cure, place_of_cure
        Site of each cure, and the place of its configuration among those of the site.
    sites_of_line
        Action to the sites whose routes it makes.
    """

    of_action: Csr
    cure_of_row: Ints
    n_rows: Ints
    site_of_cure: Ints
    place_of_cure: Ints
    sites_of_line: Csr


def number_cure_rows(sites: Sequence[SiteModel], n_actions: int) -> CureRows:
    """Give numbers to the rows of the cures of some sites; O(entries of all rows)."""
    lines: list[tuple[int, int]] = []
    actions: list[int] = []
    entries: list[int] = []
    site_of_cure: list[int] = []
    place_of_cure: list[int] = []
    cure_of_row: list[int] = []
    for number, site in enumerate(sites):
        for place, configuration in enumerate(site.configurations):
            if configuration.line >= 0:
                lines.append((configuration.line, number))
            for cure in configuration.cures:
                for row in cure.rows:
                    actions += row
                    entries += [len(cure_of_row)] * len(row)
                    cure_of_row.append(len(site_of_cure))
                site_of_cure.append(number)
                place_of_cure.append(place)
    of_row = np.array(cure_of_row, dtype=np.int64)
    ends = np.array(lines, dtype=np.int64).reshape(-1, 2)
    return CureRows(
        csr_of_pairs(
            np.array(actions, dtype=np.int64), np.array(entries, dtype=np.int64), n_actions
        ),
        of_row,
        np.bincount(of_row, minlength=len(site_of_cure)),
        np.array(site_of_cure, dtype=np.int64),
        np.array(place_of_cure, dtype=np.int64),
        csr_of_pairs(ends[:, 0], ends[:, 1], n_actions),
    )
