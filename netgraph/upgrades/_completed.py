"""Compiled: which cures some actions complete, of thousands in which they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netgraph.diversity.compiled import entry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netgraph.topology.csr import Ints


@entry
def completed_cures(  # noqa: PLR0913, PLR0917 -- compiled: tuples of arrays are slow to hand over
    indptr: Ints, rows: Ints, cure_of_row: Ints, times_met: Ints, lacking: Ints, actions: Ints,
    is_seen: NDArray[np.bool_], n_met: Ints, found: Ints,
) -> int:  # fmt: skip
    """Put the cures of which some actions meet the last rows into `found`: how many there are.

    Parameters
    ----------
    indptr, rows
        Action to the rows that it meets.
    cure_of_row, times_met, lacking
        Cure of each row, how often it is met already; rows that each cure lacks.
    is_seen, n_met, found
        Scratch: of shape (rows,), and twice (cures,); the first two are left as they come, clear.
    """
    n_found = 0
    for a in range(len(actions)):
        for k in range(indptr[actions[a]], indptr[actions[a] + 1]):
            row = rows[k]
            if times_met[row] > 0 or is_seen[row]:
                continue
            is_seen[row] = True
            cure = cure_of_row[row]
            n_met[cure] += 1
            if n_met[cure] == lacking[cure]:
                found[n_found] = cure
                n_found += 1
    for a in range(len(actions)):
        for k in range(indptr[actions[a]], indptr[actions[a] + 1]):
            is_seen[rows[k]] = False
            n_met[cure_of_row[rows[k]]] = 0
    return n_found


@entry
def latest(indptr: Ints, sites: Ints, actions: Ints, stamp: Ints) -> int:
    """Give the greatest stamp of the sites of some actions; 0 without any."""
    most = 0
    for a in range(len(actions)):
        for k in range(indptr[actions[a]], indptr[actions[a] + 1]):
            most = max(most, stamp[sites[k]])
    return most
