"""The outside plant in arrays: spans, the cables that run through them, and their lengths."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netgraph.topology.chains import Chains, join_chains
from netgraph.topology.csr import Csr, csr_of_pairs
from netgraph.topology.ids import IdIndex, codes_of
from netgraph.units import line_lengths_m, segment_lengths_m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netgraph.inventory import Inventory
    from netgraph.inventory.coded import Coded
    from netgraph.topology.csr import Ints
    from netgraph.topology.places import Places


@dataclass(frozen=True)
class Spans:
    """Spans; arrays of shape (spans,).

    Attributes
    ----------
    a, b
        Places at the ends, -1 if unknown.
    length_m
        Recorded length, else the drawn length, else the straight line; NaN if none is known.
    is_measured
        The length is recorded or drawn, not a straight line assumed for lack of both.
    trench
        Code into `trench_ids`, -1 where none is recorded (the span is its own trench).
    """

    ids: NDArray[np.object_]
    index: IdIndex
    a: Ints
    b: Ints
    length_m: NDArray[np.float64]
    is_measured: NDArray[np.bool_]
    trench: Ints
    trench_ids: NDArray[np.object_]
    medium: NDArray[np.object_]
    is_foreign: NDArray[np.bool_]
    is_in_service: NDArray[np.bool_]
    free_bores: NDArray[np.float64]
    geometry: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the spans."""
        return len(self.ids)


@dataclass(frozen=True)
class Cables:
    """Cables; arrays of shape (cables,).

    Attributes
    ----------
    spans
        Cable to spans, in recorded order; `walk` says which way each span is passed.
    is_complete
        Spans are recorded, known, contiguous, and join the cable's two ends.
    spare_cores
        total - used - bad, NaN unless all three are recorded.
    """

    ids: NDArray[np.object_]
    index: IdIndex
    a: Ints
    b: Ints
    spans: Csr
    walk: Chains
    is_complete: NDArray[np.bool_]
    has_unknown_span: NDArray[np.bool_]
    is_in_service: NDArray[np.bool_]
    is_foreign: NDArray[np.bool_]
    cores_total: NDArray[np.float64]
    cores_used: NDArray[np.float64]
    spare_cores: NDArray[np.float64]
    length_m: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the cables."""
        return len(self.ids)


def build_spans(inventory: Inventory, places: Places) -> Spans:
    """Resolve the spans' ends and lengths."""
    table = inventory.table("spans")
    a, b = (places.index.positions(table.coded(column)) for column in ("from_id", "to_id"))
    planar = inventory.crs == ""
    drawn = line_lengths_m(table["geometry"], planar=planar)
    length_m = np.where(np.isfinite(table["length_m"]), table["length_m"], drawn)
    is_measured = np.isfinite(length_m)
    bare = np.flatnonzero(~is_measured)
    length_m[bare] = straight_m(places, a[bare], b[bare], planar=planar)
    trench, trench_ids = codes_of(table.coded("trench_id"))
    return Spans(
        ids=table["id"],
        index=IdIndex(table.coded("id")),
        a=a,
        b=b,
        length_m=length_m,
        is_measured=is_measured,
        trench=trench,
        trench_ids=trench_ids,
        medium=table["medium"],
        is_foreign=is_foreign(table.coded("owner")),
        is_in_service=table.coded("status").equals("in_service"),
        free_bores=table["bores_total"] - table["bores_used"],
        geometry=table["geometry"],
    )


def build_cables(inventory: Inventory, places: Places, spans: Spans) -> Cables:
    """Resolve the cables' ends and walk each through its spans."""
    table = inventory.table("cables")
    index = IdIndex(table.coded("id"))
    a, b = (places.index.positions(table.coded(column)) for column in ("from_id", "to_id"))
    chain, has_unknown_span = _recorded_spans(inventory, index, spans)
    walk = join_chains(chain, spans.a, spans.b, a, b, places.home)
    length = np.bincount(
        chain.owners, weights=spans.length_m[chain.indices], minlength=len(table)
    ).astype(float)
    bare = chain.counts == 0
    length[bare] = straight_m(places, a[bare], b[bare], planar=inventory.crs == "")
    return Cables(
        ids=table["id"],
        index=index,
        a=a,
        b=b,
        spans=chain,
        walk=walk,
        is_complete=~walk.breaks(chain) & ~bare & ~has_unknown_span,
        has_unknown_span=has_unknown_span,
        is_in_service=table.coded("status").equals("in_service"),
        is_foreign=is_foreign(table.coded("owner")),
        cores_total=table["cores_total"],
        cores_used=table["cores_used"],
        spare_cores=table["cores_total"] - table["cores_used"] - table["cores_bad"],
        length_m=length,
    )


def straight_m(places: Places, a: Ints, b: Ints, *, planar: bool) -> NDArray[np.float64]:
    """Straight-line metres between places; NaN where an end or its coordinates are unknown."""
    metres = segment_lengths_m(
        places.lon[a], places.lat[a], places.lon[b], places.lat[b], planar=planar
    ) if len(places) else np.full(len(a), np.nan)  # fmt: skip
    metres[(a < 0) | (b < 0)] = np.nan
    return metres


def is_foreign(owner: Coded) -> NDArray[np.bool_]:
    """Plant that is recorded as somebody else's than the operator's."""
    return ~(owner.equals("") | owner.equals("operator"))


def ordered_rows(*keys: NDArray[np.float64] | Ints) -> Ints:
    """Row order by several keys, first key first; a missing number sorts last."""
    last = np.nan_to_num(keys[-1], nan=np.inf)
    grows = np.ones(max(len(last) - 1, 0), dtype=bool)
    same = grows.copy()
    for key in (*keys[:-1], last):
        grows &= ~same | (key[1:] >= key[:-1])
        same &= key[1:] == key[:-1]
    if grows.all():  # as tables mostly are
        return np.arange(len(last))
    return np.lexsort((last, *reversed(keys[:-1])))


def _recorded_spans(
    inventory: Inventory, cables: IdIndex, spans: Spans
) -> tuple[Csr, NDArray[np.bool_]]:
    table = inventory.table("cable_spans")
    cable = cables.positions(table.coded("cable_id"))
    span = spans.index.positions(table.coded("span_id"))
    order = ordered_rows(cable, table["seq"])
    known = order[(cable[order] >= 0) & (span[order] >= 0)]
    has_unknown = np.zeros(len(cables), dtype=bool)
    has_unknown[cable[(cable >= 0) & (span < 0)]] = True
    return csr_of_pairs(cable[known], span[known], len(cables)), has_unknown
