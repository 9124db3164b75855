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
        ids of a run have the same hash (about 7 among 250,000), the one that comes first by name
        keeps it and the other is hashed again with a counter: only such a number can change when
        risks come or go.
    """
    numbers: dict[str, int] = {}
    taken: set[int] = {0}
    for name in sorted(ids):
        turn, number = 0, _hash(name)
        while number in taken:
            turn += 1
            number = _hash(f"{name}\x1f{turn}")
        taken.add(number)
        numbers[name] = number
    return np.array([numbers[name] for name in ids], dtype=np.int64)


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2s(name.encode("utf-8"), digest_size=4).digest(), "big")
