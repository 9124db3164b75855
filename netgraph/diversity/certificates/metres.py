"""How far from A what routes share reaches along each of them: evidence for the tolerance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netgraph.diversity.certificates.ways import travelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netgraph.diversity.audit.run import Audit
    from netgraph.diversity.certificates.names import Names

    #: Piece codes (see `Paths`) of the legs of one link, cable or span, in the direction of travel.
    Legs = tuple[Sequence[int], ...]
    Passed = Sequence[tuple[int, bool]]

DECIMALS = 3


class Metres:
    """Distances along routes as far as the tolerance, in the element numbers of an audit.

    A route is left where it passes the tolerance: nothing that it meets from there is tolerated.
    """

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._limit_m = audit.rules.entry_tolerance_m

    def of_recorded(self, route: int, *, is_first: bool) -> dict[int, float]:
        """Metres from A at which each element of a recorded route ends.

        Infinite in later segments, where the way from A is that of another route.
        """
        circuits = self._audit.network.circuits
        start = int(circuits.a[circuits.routes.circuit[route]])
        return self._along(self._legs(route), start, 0.0 if is_first else math.inf)

    def _legs(self, route: int) -> Iterator[Legs]:
        routes, paths = self._audit.network.circuits.routes, self._audit.paths
        for k in range(int(routes.links.indptr[route]), int(routes.links.indptr[route + 1])):
            row = int(2 * routes.links.indices[k] + routes.is_reversed[k])
            other = paths.other_leg.row(row).tolist()
            yield (paths.of_link.row(row).tolist(), *([other] if other else []))

    def of_searched(self, layer: str, passed: Passed, place: int) -> dict[int, float]:
        """Metres from a site at which each element of a searched route ends.

        Parameters
        ----------
        passed
            Cables or spans of the route, and whether each is passed backwards.
        """
        if layer == "spans":
            return self._along(
                [([2 * item + is_turned for item, is_turned in passed],)], place, 0.0
            )
        cables = self._audit.network.cables
        codes = (
            [2 * span + (is_back != is_turned) for span, is_back in _turned(spans, is_turned)]
            for cable, is_turned in passed
            for spans in [travelled(cables.spans, cables.walk, cable)]
        )
        return self._along(((each,) for each in codes), place, 0.0)

    def _along(self, way: Iterable[Legs], here: int, at: float) -> dict[int, float]:
        far: dict[int, float] = {}
        for legs in way:
            if at > self._limit_m:
                break
            ends = [self._along_leg(leg, here, at, far) for leg in legs]
            here, at = ends[0][0], max(metres for _, metres in ends)
        return far

    def _along_leg(
        self, codes: Sequence[int], here: int, at: float, far: dict[int, float]
    ) -> tuple[int, float]:
        paths, home = self._audit.paths, self._audit.network.places.padded_home
        first = self._audit.network.elements.offset["places"]
        for code in codes:
            if at > self._limit_m:
                break
            piece, is_turned = code // 2, code % 2
            a, b = (int(end[piece]) for end in (paths.a, paths.b)[:: -1 if is_turned else 1])
            is_free = at == 0 and home[a] == home[b] >= 0
            length = float(paths.length_m[piece]) if paths.is_measured[piece] else math.inf
            after = at if is_free else at + length
            places = [(first + place, m) for place, m in ((a, at), (b, after)) if place >= 0]
            for element, metres in (*places, *((e, after) for e in self._of(piece))):
                far[element] = max(far.get(element, 0.0), metres)
            here, at = b, after
        return here, at

    def _of(self, piece: int) -> list[int]:
        """Elements that run as far as a span: itself, its trench, its suspicions."""
        audit, network = self._audit, self._audit.network
        if piece >= len(network.spans):
            return []
        span = piece + network.elements.offset["spans"]
        groups = audit.risks.of_element.row(span) + len(network.elements)
        trench = network.elements.number("trenches", network.spans.trench[[piece]])
        return [span, *trench.tolist(), *groups.tolist()]


def _turned(passed: Iterable[tuple[int, bool]], is_turned: bool) -> list[tuple[int, bool]]:  # noqa: FBT001 - which way
    return list(passed)[:: -1 if is_turned else 1]


def claimed(
    tolerated: Iterable[int], routes: Iterable[dict[int, float]], names: Names, limit_m: float
) -> tuple[tuple[str, float], ...]:
    """Name what is tolerated, each with the farthest at which it ends along any route."""
    tolerated = list(tolerated)
    far = list(routes) if tolerated else []
    return tuple(sorted(
        (names.element(e), round(max(m[e] for m in far if m.get(e, math.inf) <= limit_m), DECIMALS))
        for e in tolerated
    ))  # fmt: skip
