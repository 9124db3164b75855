"""Outside plant of the invented bank network: structures, spans, cables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import shapely

from netgraph.datasets.bank.towns import shortest_path
from netgraph.datasets.draw import draw
from netgraph.datasets.rows import Rows, Value, line_wkt
from netgraph.units import line_lengths_m

LonLat = tuple[float, float]
# A route as places in order; between two places the first span that joins them is meant.
Route = Sequence[str]


def stretch(a: str, b: str) -> frozenset[str]:
    """Return the two ends of a span, whichever way round."""
    return frozenset((a, b))


# How many spans belong to somebody else, and how many ducts are full or not counted.
_FOREIGN = 0.01
_FULL = 0.04
_UNCOUNTED = 0.03


def _bores(span: str, medium: str) -> dict[str, Value]:
    """Return the bores of a span, all and used: only ducts have some."""
    if medium != "duct":
        return {}
    total = 4 if draw("bores", span) < 0.7 else 6
    state = draw("bores used", span)
    if state < _UNCOUNTED:
        return {"bores_total": total}
    used = total if state < _UNCOUNTED + _FULL else 1 + int(state * 3)
    return {"bores_total": total, "bores_used": used}


@dataclass
class Plant:
    """The plant under construction; everything ends up as rows."""

    rows: Rows
    position: dict[str, LonLat] = field(default_factory=dict)
    structure: dict[str, dict[str, Value]] = field(default_factory=dict)
    span: dict[str, dict[str, Value]] = field(default_factory=dict)
    spans_between: dict[frozenset[str], list[str]] = field(default_factory=dict)
    neighbours: dict[str, dict[str, float]] = field(default_factory=dict)
    route_of_cable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    spans_of_cable: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _lines: dict[str, list[LonLat]] = field(default_factory=dict)

    def add_structure(
        self, identity: str, kind: str, at: LonLat, *, building: str | None = None
    ) -> str:
        """Add a point of the plant and return its id."""
        self.position[identity] = at
        self.rows.add(
            "structures", id=identity, kind=kind, lon=at[0], lat=at[1], building_id=building
        )
        self.structure[identity] = self.rows["structures"][-1]
        return identity

    def add_span(
        self, a: str, b: str, medium: str = "duct", *, bends: Iterable[LonLat] = ()
    ) -> str:
        """Add a stretch between two places and return its id; its line is kept if it bends."""
        identity = f"D{len(self.span) + 1:05}"
        line = [self.position[a], *bends, self.position[b]]
        self.rows.add(
            "spans",
            id=identity,
            from_id=a,
            to_id=b,
            medium=medium,
            trench_id=None,
            length_m=None,
            **_bores(identity, medium),
            owner="other" if draw("owner", identity) < _FOREIGN else "operator",
            geometry=line_wkt(line) if len(line) > 2 else None,
        )
        self.span[identity] = self.rows["spans"][-1]
        self.spans_between.setdefault(stretch(a, b), []).append(identity)
        self._lines[identity] = line
        km = float(np.hypot((line[0][0] - line[-1][0]) * 0.79, line[0][1] - line[-1][1])) * 111.2
        self.neighbours.setdefault(a, {})[b] = km
        self.neighbours.setdefault(b, {})[a] = km
        return identity

    def path(self, start: str, end: str, *, avoid: Collection[str] = ()) -> list[str]:
        """Return the shortest way between two places, never through a building."""
        buildings = self.position.keys() - self.structure.keys()
        return shortest_path(self.neighbours, start, end, avoid=buildings | set(avoid))

    def add_cable(
        self,
        identity: str,
        route: Route,
        *,
        cores: int,
        used: int,
        instead: Mapping[str, str] | None = None,
        recorded: bool = True,
        **more: Value,
    ) -> str:
        """Lay a cable along a route and return its id.

        Parameters
        ----------
        identity, cores, used, more
            Columns of the cable.
        route
            The places that it runs through; its terminations are the first and the last.
        instead
            Spans to use in place of the first one between the same two places.
        recorded
            Whether the spans are on record.
        """
        self.rows.add(
            "cables",
            id=identity,
            from_id=route[0],
            to_id=route[-1],
            cores_total=cores,
            cores_used=used,
            cores_bad=int(draw("bad", identity) * 2.2),
            owner="operator",
            **more,
        )
        spans = [self.spans_between[stretch(a, b)][0] for a, b in pairwise(route)]
        spans = [(instead or {}).get(span, span) for span in spans]
        if recorded:
            for seq, span in enumerate(spans, start=1):
                self.rows.add("cable_spans", cable_id=identity, seq=seq, span_id=span)
        self.route_of_cable[identity] = tuple(route)
        self.spans_of_cable[identity] = tuple(spans)
        return identity

    def survey(self, cables: Iterable[str]) -> None:
        """Mark the route of cables as surveyed: every point, and every line even if straight."""
        for cable in cables:
            for place in self.route_of_cable[cable]:
                if place in self.structure:
                    self.structure[place]["surveyed"] = True
            for span in self.spans_of_cable[cable]:
                self.span[span]["geometry"] = line_wkt(self._lines[span])

    def measure(self) -> None:
        """Fill in the length of every span: geodesic metres along its line."""
        lines = np.array([shapely.LineString(self._lines[s]) for s in self.span], dtype=object)
        for row, metres in zip(self.span.values(), line_lengths_m(lines), strict=True):
            row["length_m"] = round(float(metres), 1)
