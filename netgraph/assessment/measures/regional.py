"""Regional failures: which routes that must not fail together one disk can hit, away from the ends.

An aspect of its own and no risk group of the levels: near its two ends every pair is in one disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netgraph.assessment.measures.pairs import (
    PointsOnRoutes,
    find_pairs,
    is_wholly_recorded,
    name_routes,
    profile_pairs,
)
from netgraph.assessment.measures.proximity import in_one_disk
from netgraph.errors import UsageError
from netgraph.messages import Message

if TYPE_CHECKING:
    from netgraph.diversity.audit.run import Audit

    Row = tuple[object, ...]

ONE_DISK, APART, WITHIN_ENDS, UNDECIDABLE = "one_disk", "apart", "within_ends", "undecidable"


def check_radius(radius_m: float | None) -> None:
    """Refuse a radius that is not positive and finite.

    Raises
    ------
    UsageError
        Says so.
    """
    if radius_m is not None and not 0 < radius_m < np.inf:
        message = Message(
            "The radius of a regional failure must be a number of metres above 0, not {0:g}.",
            radius_m,
        )
        raise UsageError(message)


def regional_rows(audit: Audit, radius_m: float) -> list[Row]:
    """Rows of regional.csv: one a pair of routes, as in separation.csv.

    Parameters
    ----------
    radius_m
        Radius of the disks, metres.

    Returns
    -------
    list
        Exact on the drawn geometry; a pair that is not wholly drawn and recorded is never apart,
        and one that ends before it leaves the surroundings of its ends is neither.
    """
    pairs, near = list(find_pairs(audit)), in_one_disk(radius_m)
    if not pairs:
        return []
    found = profile_pairs(audit, pairs, (near.within_m,), end_exempt_m=near.end_exempt_m)
    profiles, known = found.profiles, is_wholly_recorded(audit)
    length_m = profiles.run_end_m - profiles.run_start_m
    count = np.bincount(profiles.run_pair, minlength=len(profiles))
    metres = np.bincount(profiles.run_pair, weights=length_m, minlength=len(profiles))
    order = np.lexsort((length_m, profiles.run_pair))  # the longest of each pair comes last
    longest = dict(zip(profiles.run_pair[order].tolist(), order.tolist(), strict=True))
    where = PointsOnRoutes(found)
    rows: list[Row] = []
    names = name_routes(audit, [route for pair in pairs for route in (pair.first, pair.second)])
    for k, pair, first, second in zip(
        found.of_pair.tolist(), pairs, names[::2], names[1::2], strict=True
    ):
        is_whole = bool(profiles.is_complete[k] and known[pair.first] and known[pair.second])
        least_m = float(profiles.least_m[k])
        verdict = APART if np.isfinite(least_m) else WITHIN_ENDS
        lon: float | None = None
        lat: float | None = None
        if k in longest:
            run, verdict = longest[k], ONE_DISK
            middle_m = (profiles.run_start_m[run] + profiles.run_end_m[run]) / 2
            lon, lat = where.points(np.array([k]), np.array([middle_m]))[0].tolist()
        elif not is_whole:
            verdict = UNDECIDABLE
        is_told = np.isfinite(least_m) and (is_whole or verdict == ONE_DISK)
        rows.append((
            pair.unit_id, first, second, radius_m, verdict,
            int(count[k]), float(metres[k]), least_m if is_told else None, lon, lat,
        ))  # fmt: skip
    return rows
