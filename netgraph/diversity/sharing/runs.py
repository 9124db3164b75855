"""What is shared where: stretches and points along a working route."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SharedRun:
    """One contiguous shared stretch of a working route, or one shared point.

    Attributes
    ----------
    kind
        link, cable, trench, structure, risk_group, equipment, office, single_route, radio_backup
        or undecidable.
    from_place, to_place
        First and last lasting point (office, site, cabinet, manhole) of the stretch; -1 unknown.
    elements
        Ids of the shared elements (of the missing records, when undecidable), in order.
    length_m, distance_from_a_m
        Length of the stretch, and where it begins along the working route.
    """

    kind: str
    from_place: int
    to_place: int
    elements: tuple[str, ...]
    length_m: float
    distance_from_a_m: float
    section: str


@dataclass(frozen=True, slots=True)
class SharedPositions:
    """Positions of all that a unit shares, along the working route of its first circuit."""

    runs: tuple[SharedRun, ...]
    shared_length_m: float
    single_route_m: float

    @property
    def first(self) -> SharedRun | None:
        """The shared stretch or point nearest to A."""
        return min(self.runs, key=lambda run: run.distance_from_a_m, default=None)
