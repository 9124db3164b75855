"""Numbers for risks in 32 bits, as routing protocols carry them.

RFC 4202 (section 2.3) gives a shared risk link group a number of 32 bits that is unique within a
domain and says nothing of how it is chosen.
"""

from __future__ import annotations

from hashlib import blake2s
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

_BLOCK = 8192  # ids hashed before their hashes become numbers: a province has 290,000


def srlg_numbers(
    ids: Sequence[str] | NDArray[np.object_], taken: Iterable[int] = ()
) -> NDArray[np.int64]:
    """Give every id a number from 1 to 2**32 - 1, no two the same.

    Parameters
    ----------
    ids
        Distinct ids.
    taken
        Numbers that others have.

    Returns
    -------
    ndarray of int64, shape (ids,)
        A hash of the id (BLAKE2s, 32 bits), so a risk keeps its number from run to run. Where two
        ids of a run have the same hash (about 7 pairs among 250,000), the one that comes first by
        name keeps it and the other is hashed again with a counter until its number is free: only
        such a number can change when risks come or go.
    """
    numbers = np.empty(len(ids), dtype=np.int64)
    for first in range(0, len(ids), _BLOCK):
        hashes = b"".join(map(_digest, ids[first : first + _BLOCK]))
        numbers[first : first + _BLOCK] = np.frombuffer(hashes, dtype=">u4")
    _, number, times = np.unique(numbers, return_inverse=True, return_counts=True)
    others = {0, *taken}
    is_taken = np.isin(numbers, np.array(sorted(others), dtype=np.int64))
    clashing = np.flatnonzero((times[number] > 1) | is_taken).tolist()
    if not clashing:
        return numbers
    others.update(np.delete(numbers, clashing).tolist())
    for row in sorted(clashing, key=ids.__getitem__):
        turn, found = 0, int(numbers[row])
        while found in others:
            turn += 1
            found = int.from_bytes(_digest(f"{ids[row]}\x1f{turn}"), "big")
        others.add(found)
        numbers[row] = found
    return numbers


def _digest(name: str) -> bytes:
    return blake2s(name.encode("utf-8", "surrogatepass"), digest_size=4).digest()
