"""Where new plant could be built: recorded corridors, or generated ones that need a survey."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from netgraph.inventory.rules import make_finding
from netgraph.messages import Message
from netgraph.topology.plant import straight_m
from netgraph.units import line_lengths_m
from netgraph.upgrades.protection.generated import DETOUR, find_near_pairs

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netgraph.inventory.findings import Finding
    from netgraph.topology import LayeredNetwork
    from netgraph.topology.csr import Ints
    from netgraph.upgrades.protection.prices import PlantPrices


@dataclass(frozen=True, eq=False)
class Builds:
    """Candidate builds; arrays of shape (builds,).

    Attributes
    ----------
    ids
        Id of the corridor, or one made of its two ends.
    a, b
        Places at the ends.
    length_m
        Recorded, else drawn, else straight (generated: straight and a detour); NaN if unknown.
    plant_yuan, cost_yuan
        Price of the new plant, and with the cable in it and the entrance that it leads through;
        NaN where there is no price.
    geometry
        As recorded, else a straight line; None without coordinates.
    is_drawn
        The geometry is recorded.
    is_generated
        Nobody recorded that this can be built: it needs a survey.
    is_lead_in
        It leads into the building at `a` through a new entrance.
    findings
        Corridors that were left out, and why.
    """

    ids: NDArray[np.object_]
    a: Ints
    b: Ints
    medium: NDArray[np.object_]
    length_m: NDArray[np.float64]
    plant_yuan: NDArray[np.float64]
    cost_yuan: NDArray[np.float64]
    geometry: NDArray[np.object_]
    is_drawn: NDArray[np.bool_]
    is_generated: NDArray[np.bool_]
    is_lead_in: NDArray[np.bool_]
    findings: tuple[Finding, ...] = ()

    def __len__(self) -> int:
        """Count the builds."""
        return len(self.ids)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Builds without a price: they are never chosen."""
        return tuple(self.ids[np.isnan(self.cost_yuan)].tolist())

    def take(self, rows: NDArray[np.bool_] | Ints) -> Builds:
        """Keep some builds."""
        return Builds(
            self.ids[rows], self.a[rows], self.b[rows], self.medium[rows], self.length_m[rows],
            self.plant_yuan[rows], self.cost_yuan[rows], self.geometry[rows], self.is_drawn[rows],
            self.is_generated[rows], self.is_lead_in[rows], self.findings,
        )  # fmt: skip

    def joined(self, more: Builds) -> Builds:
        """Put further builds after these."""
        names = [field.name for field in fields(self) if field.name != "findings"]
        pairs = {name: (getattr(self, name), getattr(more, name)) for name in names}
        return Builds(
            **{name: np.concatenate(pair) for name, pair in pairs.items()},
            findings=(*self.findings, *more.findings),
        )


def candidate_builds(
    network: LayeredNetwork,
    prices: PlantPrices,
    sites: Collection[int],
    *,
    max_corridor_m: float = 1000.0,
) -> Builds:
    """Read the corridors; where the inventory has none, generate them between near points.

    Parameters
    ----------
    sites
        Places that are to be protected: only these of all sites get generated builds.
    max_corridor_m
        Straight length that a generated build may have.

    Returns
    -------
    Builds
        Recorded corridors that end at an unknown point are left out with a finding. Generated ones
        are the Delaunay edges of structures, offices and the sites, and each site's nearest points.
    """
    if len(network.inventory.table("corridors")):
        return _recorded(network, prices)
    a, b = find_near_pairs(network, sites, max_corridor_m)
    return generated_builds(network, prices, a, b)


def _recorded(network: LayeredNetwork, prices: PlantPrices) -> Builds:
    table, index = network.inventory.table("corridors"), network.places.index
    a, b = index.positions(table["from_id"]), index.positions(table["to_id"])
    findings = tuple(
        make_finding(
            "ND920", table, row, Message("{0} {1!r} is no known point.", name, table[name][row]),
            Message("Correct the id or record the point; the corridor is left out."),
        )
        for name, ends in (("from_id", a), ("to_id", b))
        for row in np.flatnonzero(ends < 0).tolist()
    )  # fmt: skip
    rows = np.flatnonzero((a >= 0) & (b >= 0) & (a != b))
    a, b, geometry = a[rows], b[rows], table["geometry"][rows]
    planar = network.inventory.crs == ""
    length = table["length_m"][rows]
    length = np.where(np.isfinite(length), length, line_lengths_m(geometry, planar=planar))
    straight = straight_m(network.places, a, b, planar=planar)
    length = np.where(np.isfinite(length), length, straight)
    medium, yuan = table["medium"][rows], table["cost"][rows]
    return _priced(network, prices, (table["id"][rows], a, b, medium, length, yuan, geometry),
                   findings, is_generated=False)  # fmt: skip


def generated_builds(
    network: LayeredNetwork, prices: PlantPrices, a: Ints, b: Ints, *, is_lead_in: bool = False
) -> Builds:
    """Make builds between pairs of places that nobody has recorded as possible."""
    places = network.places
    length = straight_m(places, a, b, planar=network.inventory.crs == "") * DETOUR
    is_pole = places.structure_kind == "pole"
    medium = np.where(is_pole[a] & is_pole[b], "pole_line", "duct").astype(object)
    mark = "entrance-" if is_lead_in else ""
    ids = [f"{mark}{places.ids[i]}~{places.ids[j]}" for i, j in zip(a, b, strict=True)]
    nothing = np.full(len(a), None, dtype=object)
    yuan = np.full(len(a), np.nan)
    found = _priced(
        network, prices, (np.array(ids, object), a, b, medium, length, yuan, nothing), (),
        is_generated=True,
    )  # fmt: skip
    if not is_lead_in:
        return found
    cost = found.cost_yuan + prices.entrance_yuan
    return replace(found, cost_yuan=cost, is_lead_in=np.ones(len(found), dtype=bool))


def _priced(
    network: LayeredNetwork,
    prices: PlantPrices,
    columns: tuple[
        NDArray[np.object_], Ints, Ints, NDArray[np.object_], NDArray[np.float64],
        NDArray[np.float64], NDArray[np.object_],
    ],
    findings: tuple[Finding, ...],
    *,
    is_generated: bool,
) -> Builds:  # fmt: skip
    ids, a, b, medium, length, yuan, geometry = columns
    rows = list(zip(medium, length, yuan, strict=True))
    plant = np.array([prices.plant_yuan(m, metres, y) for m, metres, y in rows], dtype=float)
    cable = np.array([prices.cable_yuan(m, metres) for m, metres, _ in rows], dtype=float)
    is_drawn = ~shapely.is_missing(geometry)
    return Builds(
        ids, a, b, medium, length, plant, plant + cable,
        _or_straight(network, a, b, geometry), is_drawn, np.full(len(ids), is_generated),
        np.zeros(len(ids), dtype=bool), findings,
    )  # fmt: skip


def _or_straight(
    network: LayeredNetwork, a: Ints, b: Ints, geometry: NDArray[np.object_]
) -> NDArray[np.object_]:
    """Draw the missing lines straight, where both ends have coordinates."""
    places, result = network.places, geometry.copy()
    ends = np.stack([np.column_stack([places.lon[x], places.lat[x]]) for x in (a, b)], axis=1)
    bare = shapely.is_missing(geometry) & np.isfinite(ends).all(axis=(1, 2))
    if bare.any():
        result[bare] = shapely.linestrings(ends[bare])
    return result
