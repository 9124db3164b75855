"""Some rows, or some entries, of ragged tables; and what is among some numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.csr import Csr, gather_positions

if TYPE_CHECKING:
    from netgraph.scoring.results import Flags
    from netgraph.topology.csr import Ints


def rows_of(table: Csr, rows: Ints) -> Csr:
    """Give some rows of a ragged table."""
    positions, _ = gather_positions(table, rows)
    ends = np.cumsum(table.indptr[rows + 1] - table.indptr[rows])
    return Csr(np.append(0, ends), table.indices[positions])


def kept(table: Csr, keep: Flags) -> Csr:
    """Rows with only those entries that are to be kept."""
    return Csr(np.append(0, np.cumsum(keep))[table.indptr], table.indices[keep])


def is_among(values: Ints, ascending: Ints) -> Flags:
    """Tell which values are among some in ascending order; faster than `isin` by its hashes."""
    at = np.searchsorted(ascending, values)
    at[at == len(ascending)] = 0
    found: Flags = ascending[at] == values if len(ascending) else np.zeros(len(values), dtype=bool)
    return found
