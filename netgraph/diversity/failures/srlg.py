"""Numbers for risks in 32 bits, as routing protocols carry them.

RFC 4202 (section 2.3) gives a shared risk link group a number of 32 bits that is unique within a
domain and says nothing of how it is chosen.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def srlg_numbers(ids: Sequence[str] | NDArray[np.object_]) -> NDArray[np.int64]:
    """Give every id a number from 1 to 2**32 - 1, no two the same.

    Parameters
    ----------
    ids
        Distinct ids.

    Returns
    -------
    ndarray of int64, shape (ids,)
        A hash of the id (BLAKE2s, 32 bits), so a risk keeps its number from run to run. Where two
        ids of a run have the same hash (about 7 pairs among 250,000), the one that comes first by
        name keeps it and the other is hashed again with a counter until its number is free: only
        such a number can change when risks come or go.
    """
    names = list(ids)
    hashes = b"".join(
        [
            hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
            for name in names
        ]
    )
    numbers = np.frombuffer(hashes, dtype=">u4").astype(np.int64)
    _, number, times = np.unique(numbers, return_inverse=True, return_counts=True)
    clashing = np.flatnonzero((times[number] > 1) | (numbers == 0)).tolist()
    if not clashing:
        return numbers
    taken = {0, *np.delete(numbers, clashing).tolist()}
    for row in sorted(clashing, key=names.__getitem__):
        turn, found = 0, int(numbers[row])
        while found in taken:
            turn += 1
            found = int.from_bytes(_digest(f"{names[row]}\x1f{turn}"), "big")
        taken.add(found)
        numbers[row] = found
    return numbers


def _digest(name: str) -> bytes:
    return hashlib.blake2s(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
